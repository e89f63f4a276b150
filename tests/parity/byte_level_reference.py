#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/tokenizer/byte_level/: a small GPT-2 vocabulary and the token ids that transformers' GPT2Tokenizer gives several thousand texts.

    python tests/parity/byte_level_reference.py        (needs transformers 5 and tokenizers)

The vocabulary is trained here, on the same made-up prompts, so that nothing published has to be stored: vocab.json and merges.txt are in the form of a
transformers folder. reference.bin has the form of tokenizer_reference.py, and behind the ids of each text uint32 byte count and the text that they decode to.
"""

import json
import pathlib
import random
import struct
import sys
import zlib

import tokenizers
import transformers
from tokenizers import decoders, models, pre_tokenizers, trainers

from tokenizer_reference import COUNTS, FIXED, KINDS, Prompts, unusual_characters

SEED = 20261128
VOCABULARY_SIZE = 1200
FOLDER = pathlib.Path(__file__).resolve().parents[1] / "data/tokenizer/byte_level"
END = "<|endoftext|>"
MORE = ("  two spaces", "ends in a space ", "ends in three   ", "\n\n a\n b", "\t\tTabs", " \n", "a \n b", "a  \u3000 b", "\u00a0\u00a0x", "1 2  3   4", "don't   'll", "'S 'LL 'Re", " 's", "''s",
        "x<|endoftext|>y", "<|endoftext|>", " <|endoftext|> ", "<|ENDOFTEXT|>", "a,b , c", "!!! ???", "…—  –", "abc123def", "Ⅷ½ ²", "e\u0301 é", "٣٤٥ مرحبا", "😀 👍🏽", "\r\n\r\nx", "\x00\x01a")


def train(texts):
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY_SIZE, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), special_tokens=[], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = dict(sorted(model["vocab"].items(), key=lambda item: item[1]))
    return {**vocabulary, END: len(vocabulary)}, [tuple(merge) for merge in model["merges"]]


def texts():
    source = Prompts(random.Random(SEED))
    found = dict.fromkeys((*FIXED, *MORE, *unusual_characters()))
    for kind in (*KINDS, "long_word", "mixed"):
        for _ in range(COUNTS.get(kind, 620) // 3):
            found[getattr(source, kind)()] = None
    for _ in range(600):  # white space of every kind between words of every kind
        found["".join(source.spaces() if i % 2 else source.mixed() for i in range(4))] = None
    return list(found)


def main():
    source = Prompts(random.Random(SEED + 1))
    vocabulary, merges = train([source.ordinary() for _ in range(3000)] + [source.scripts() for _ in range(300)])
    tokenizer = transformers.GPT2Tokenizer(vocab=vocabulary, merges=merges)
    records = bytearray()
    all_texts = texts()
    for text in all_texts:
        given = text.encode("utf-8")
        ids = tokenizer(text)["input_ids"]
        decoded = tokenizer.decode(ids, skip_special_tokens=True).encode("utf-8")
        records += struct.pack("<I", len(given)) + given + struct.pack("<H", len(ids)) + struct.pack(f"<{len(ids)}H", *ids) + struct.pack("<I", len(decoded)) + decoded
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    (FOLDER / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in merges), encoding="utf-8")
    (FOLDER / "reference.bin").write_bytes(struct.pack(">I", len(records)) + zlib.compress(bytes(records), 9))
    print(f"{len(all_texts)} texts, {len(vocabulary)} tokens, {len(records)} bytes, transformers {transformers.__version__}, tokenizers {tokenizers.__version__}")


if __name__ == "__main__":
    sys.exit(main())
