#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes references/float8.safetensors: every 8-bit float as a file stores it and as torch reads it, and a scaled weight in each precision (torch 2.11)."""
import pathlib

import torch
from safetensors.torch import save_file

from synthetic import weight

TYPES = {"e4m3fn": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}
PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def main():
    tensors = {}
    for name, dtype in TYPES.items():
        codes = torch.arange(256, dtype=torch.uint8).view(dtype)
        tensors[f"{name}.weight"] = codes
        for precision, wanted in PRECISIONS.items():
            tensors[f"{name}/{precision}"] = codes.to(wanted).float()
        exact = 0.37 * weight(f"scaled.{name}", (24, 16))
        scale = exact.abs().max() / torch.finfo(dtype).max
        stored = (exact / scale).to(dtype)
        tensors[f"scaled_{name}.weight"] = stored
        tensors[f"scaled_{name}.scale_weight"] = scale
        for precision, wanted in PRECISIONS.items():
            tensors[f"scaled_{name}/{precision}"] = (stored.float() * scale).to(wanted).float()
    save_file(tensors, pathlib.Path(__file__).resolve().parent / "references/float8.safetensors", {"torch": torch.__version__})


if __name__ == "__main__":
    main()
