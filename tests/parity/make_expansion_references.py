#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes references/expansion.safetensors: what transformers' GPT2LMHeadModel computes and writes with small random networks.

The networks are those of expander_cases() in tests/support/expander_folder.cpp: weights come from the names they have in the file (synthetic.py), the vocabulary and
the word list are tests/data/tokenizer/byte_level. Texts are stored as UTF-8 bytes. Run with torch 2.11 and transformers 5; float32 on the CPU.
"""
import math
import pathlib
import re

import torch
import transformers
from safetensors.torch import save_file
from transformers import GPT2Config, GPT2LMHeadModel, GPT2Tokenizer, LogitsProcessor, LogitsProcessorList

from synthetic import input_tensor, weight

HERE = pathlib.Path(__file__).resolve().parent
VOCABULARY = HERE.parent / "data/tokenizer/byte_level"
END = 1200
CASES = {
    "prefixed": dict(n_embd=96, n_head=3, n_layer=3, n_positions=160, prefix="transformer.", words=False),
    "untied": dict(n_embd=64, n_head=4, n_layer=2, n_inner=200, n_positions=96, activation_function="gelu", layer_norm_epsilon=1e-6, tie_word_embeddings=False,
                   prefix="transformer.", words=False),
    "worded": dict(n_embd=128, n_head=2, n_layer=2, n_positions=200, prefix="", words=True),
}
PROMPTS = ("a lighthouse", "  two red foxes,,  in the   snow. ", "Zürich at night, 8k uhd, (detailed:1.2)", "日本語の城 😀", "a\nb", "x " * 60, "a cat, " * 24)
RULES = {"": {}, "_warped": dict(temperature=0.7, top_k=20, top_p=0.9), "_open": dict(top_k=0, top_p=0.5), "_greedy": dict(top_k=1)}
SEEDS = (0, 7, 4294967296 + 12345)
UNWANTED = -8192.0


def file_name(name, prefix):
    return name.replace("transformer.", prefix, 1)


def network(case):
    options = {key: value for key, value in case.items() if key not in ("prefix", "words")}
    model = GPT2LMHeadModel(GPT2Config(vocab_size=END + 1, bos_token_id=END, eos_token_id=END, **options)).eval()
    state = {name: weight(file_name(name, case["prefix"]), value.shape) for name, value in model.state_dict().items()
             if name != "lm_head.weight" or not case.get("tie_word_embeddings", True)}
    model.load_state_dict(state, strict=False)
    return model


def cleaned(text):
    return re.sub(" +", " ", text).strip(",. \r\n")


class WordList(LogitsProcessor):
    def __init__(self, tokenizer, comma):
        vocabulary = tokenizer.get_vocab()
        words = [line.strip() for line in (VOCABULARY / "positive.txt").read_text(encoding="utf-8").splitlines()]
        known = [vocabulary["Ġ" + word] for word in words if word and "Ġ" + word in vocabulary]
        print(len(known), "of", len(words), "words are one token")
        self.bias = torch.full((END + 1,), UNWANTED)
        self.bias[known] = 0.0
        self.comma = comma

    def __call__(self, input_ids, scores):
        bias = self.bias.clone()
        bias[input_ids[0]] = UNWANTED
        bias[self.comma] = 0.0
        return scores + bias


def expanded(model, tokenizer, processors, prompt, seed, rules):
    clean = cleaned(prompt)
    if not clean:
        return ""
    ids = tokenizer(clean + ",", return_tensors="pt").input_ids
    room = min(75 * math.ceil(ids.shape[1] / 75), model.config.n_positions) - ids.shape[1]
    if room <= 0:
        return clean
    torch.manual_seed(seed % 2**32)
    made = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=room, do_sample=True, pad_token_id=END, logits_processor=processors,
                          **{"top_k": 100, "top_p": 1.0, "temperature": 1.0, **rules})
    return cleaned(tokenizer.decode(made[0], skip_special_tokens=True))


def drawn(rules, count):
    """Tokens drawn from fixed logits, by the steps of generate."""
    logits = input_tensor("input.logits", (1, END + 1)) * 2
    model = network(CASES["prefixed"])
    config = transformers.GenerationConfig(do_sample=True, **{"top_k": 100, "top_p": 1.0, "temperature": 1.0, **rules})
    processors = model._get_logits_processor(config, input_ids_seq_length=1)
    kept = processors(torch.zeros(1, 1, dtype=torch.long), logits)
    torch.manual_seed(99)
    return torch.stack([torch.multinomial(torch.softmax(kept, dim=-1), num_samples=1)[0, 0] for _ in range(count)])


def main():
    tokenizer = GPT2Tokenizer(vocab=str(VOCABULARY / "vocab.json"), merges=str(VOCABULARY / "merges.txt"))
    comma = tokenizer(",")["input_ids"][0]
    tensors = {f"drawn{name}": drawn(rules, 200) for name, rules in RULES.items()}
    longest = 0
    for name, case in CASES.items():
        model = network(case)
        ids = (torch.arange(60) * 37 + 5) % END
        tensors[name + ".logits"] = model(ids[None]).logits[0, ::6].clone()
        processors = LogitsProcessorList([WordList(tokenizer, comma)]) if case["words"] else LogitsProcessorList()
        for rule, settings in RULES.items():
            for index, prompt in enumerate(PROMPTS):
                text = expanded(model, tokenizer, processors, prompt, SEEDS[index % len(SEEDS)], settings).encode("utf-8")
                longest = max(longest, len(text))
                tensors[f"{name}.text{rule}.{index}"] = torch.tensor(list(text), dtype=torch.uint8)
                if index < 2:
                    print(name, rule, text[:100])
    metadata = {"transformers": transformers.__version__, "torch": torch.__version__}
    save_file(tensors, HERE / "references/expansion.safetensors", metadata)
    print(len(tensors), "tensors, the longest text has", longest, "bytes")


if __name__ == "__main__":
    with torch.inference_mode():
        main()
