#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Packs a folder of inputs into a corpus file of fuzz_driver, or unpacks one: corpus.py pack FOLDER FILE, corpus.py unpack FILE FOLDER.

A corpus file is a run of records: four bytes of length, the lowest first, and the input. Inputs are sorted by length and content, so that the same inputs make the same file.
"""
import hashlib
import os
import struct
import sys


def pack(folder, path):
    inputs = {open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}
    with open(path, "wb") as file:
        for data in sorted(inputs, key=lambda data: (len(data), data)):
            file.write(struct.pack("<I", len(data)) + data)


def unpack(path, folder):
    os.makedirs(folder, exist_ok=True)
    with open(path, "rb") as file:
        while head := file.read(4):
            data = file.read(struct.unpack("<I", head)[0])
            with open(os.path.join(folder, hashlib.sha1(data).hexdigest()), "wb") as out:
                out.write(data)


if __name__ == "__main__":
    {"pack": pack, "unpack": unpack}[sys.argv[1]](sys.argv[2], sys.argv[3])
