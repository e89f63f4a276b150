# SPDX-License-Identifier: Apache-2.0
"""Prompts that diffusers alone cannot read, and their embeddings by the rule of A1111: chunks of 75 tokens, each encoded by itself, token
rows multiplied by their weights, the chunk's mean restored.

Each prompt is its text and, written out by hand, what the grammar makes of it: chunks of (text, weight). _LONG ends at the last comma before token 75.
"""
import torch

START, END, ROWS = 49406, 49407, 77

_LONG = ("a red house with a blue roof on grass, a blue sky, a sun, a tree in the snow, a lake with a boat, a stone bridge, a wooden fence, a field of "
         "yellow flowers, mountains far away, clouds in the evening light, birds over the water, a path of gravel, a garden with roses, "
         "a well, ")
_TAIL = "a cat on the wall, an old lamp beside the door"
PROMPTS = {
    "weighted": ("a (red:1.4) house, [blue] roof on ((grass)), a sun", [[("a ", 1.0), ("red", 1.4), (" house, ", 1.0), ("blue", 1 / 1.1), (" roof on ", 1.0),
                                                                        ("grass", 1.1 * 1.1), (", a sun", 1.0)]]),
    "long": (_LONG + _TAIL, [[(_LONG, 1.0)], [(_TAIL, 1.0)]]),
    "long-weighted": (_LONG + "(" + _TAIL + ":0.7)", [[(_LONG, 1.0)], [(_TAIL, 0.7)]]),
    "break": ("a red house BREAK a blue sky, a sun", [[("a red house ", 1.0)], [(" a blue sky, a sun", 1.0)]]),
}


def _chunks(tokenizer, prompt):
    chunks = []
    for pieces in PROMPTS[prompt][1] if prompt in PROMPTS else [[(prompt, 1.0)]]:
        ids, weights = [], []
        for text, weight in pieces:
            tokens = tokenizer(text, add_special_tokens=False).input_ids
            ids += tokens
            weights += [weight] * len(tokens)
        assert len(ids) <= ROWS - 2, (prompt, len(ids))
        chunks.append(([START] + ids + [END] * (ROWS - 1 - len(ids)), [1.0] + weights + [1.0] * (ROWS - 1 - len(ids))))
    return chunks


def _weighted(states, weights):
    if all(weight == 1.0 for weight in weights):
        return states
    scaled = states * torch.tensor(weights).reshape(1, ROWS, 1)
    return scaled * (states.mean() / scaled.mean())


def _encode(pipeline, chunk, skip):
    """Context and pooled vector of one chunk: the last layer with its final norm on SD 1.5, the penultimate ones side by side on SDXL."""
    ids, weights = chunk
    second = getattr(pipeline, "text_encoder_2", None)
    if second is None:
        encoder = pipeline.text_encoder
        final_norm = getattr(encoder, "text_model", encoder).final_layer_norm
        return _weighted(final_norm(encoder(torch.tensor([ids]), output_hidden_states=True).hidden_states[-(skip + 1)]), weights), None
    end = ids.index(END) + 1
    padded = ids[:end] + [0] * (ROWS - end)
    parts = []
    if pipeline.text_encoder is not None:
        parts.append(_weighted(pipeline.text_encoder(torch.tensor([ids]), output_hidden_states=True).hidden_states[-(skip + 2)], weights))
    output = second(torch.tensor([padded]), output_hidden_states=True)
    parts.append(_weighted(output.hidden_states[-(skip + 2)], weights))
    return torch.cat(parts, -1), output.text_embeds


def embed(pipeline, prompt, negative, skip):
    """The embeddings a pipeline takes for both prompts, with the same number of chunks; clip skip is the positive prompt's alone, as in the reference.
    The pooled vector is the first chunk's. An empty negative prompt of SDXL base is left to the pipeline, which makes it zeros."""
    tokenizer = getattr(pipeline, "tokenizer", None) or pipeline.tokenizer_2
    zeros = not negative and getattr(pipeline.config, "force_zeros_for_empty_prompt", False)
    sides = {"": (prompt, skip)} if zeros else {"": (prompt, skip), "negative_": (negative, 0)}
    chunks = {side: _chunks(tokenizer, text) for side, (text, _) in sides.items()}
    count = max(len(side) for side in chunks.values())
    options = {}
    with torch.inference_mode():
        for side, (_, layers) in sides.items():
            encoded = [_encode(pipeline, chunk, layers) for chunk in chunks[side] + _chunks(tokenizer, "") * (count - len(chunks[side]))]
            options[side + "prompt_embeds"] = torch.cat([context for context, _ in encoded], 1)
            if encoded[0][1] is not None:
                options[side + "pooled_prompt_embeds"] = encoded[0][1]
    return options
