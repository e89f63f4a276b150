# SPDX-License-Identifier: Apache-2.0
"""Prompts that diffusers alone cannot read, and their embeddings for SD 1.5 by the rule of A1111: chunks of 75 tokens, each encoded by itself, token
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


def _encode(pipeline, chunk, skip):
    ids, weights = chunk
    encoder = pipeline.text_encoder
    inner = getattr(encoder, "text_model", encoder)
    states = inner.final_layer_norm(encoder(torch.tensor([ids]), output_hidden_states=True).hidden_states[-(skip + 1)])
    if all(weight == 1.0 for weight in weights):
        return states
    weighted = states * torch.tensor(weights).reshape(1, ROWS, 1)
    return weighted * (states.mean() / weighted.mean())


def embed(pipeline, prompt, negative, skip):
    """Context of both prompts with the same number of chunks; clip skip is the positive prompt's alone, as in the reference."""
    sides = [_chunks(pipeline.tokenizer, text) for text in (prompt, negative)]
    count = max(len(side) for side in sides)
    empty = _chunks(pipeline.tokenizer, "")
    with torch.inference_mode():
        return [torch.cat([_encode(pipeline, chunk, layers) for chunk in side + empty * (count - len(side))], 1) for side, layers in zip(sides, (skip, 0))]
