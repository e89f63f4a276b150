# SPDX-License-Identifier: Apache-2.0
"""Weights and inputs made from their names alone; the same rule as tests/support/synthetic_weights.h."""
import math
import zlib

import numpy
import torch


def _uniform(name, shape):
    count = int(numpy.prod(shape)) if len(shape) else 1
    x = numpy.arange(count, dtype=numpy.uint32) + numpy.uint32(zlib.crc32(name.encode("utf-8")))
    x ^= x >> 16
    x *= numpy.uint32(0x7FEB352D)
    x ^= x >> 15
    x *= numpy.uint32(0x846CA68B)
    x ^= x >> 16
    return torch.from_numpy((x / 4294967296.0 - 0.5).astype(numpy.float32).reshape(shape))


def weight(name, shape):
    u = _uniform(name, tuple(shape))
    if len(shape) < 2:
        return 1.0 + 0.2 * u if name.endswith(".weight") else 0.2 * u
    if "embedding" in name and "time_embed" not in name:
        return 0.05 * u
    return u * numpy.float32(math.sqrt(12.0 / math.prod(shape[1:])))


def input_tensor(name, shape):
    return _uniform(name, tuple(shape)) * numpy.float32(math.sqrt(12.0))


def fill(module, prefix=""):
    """Gives every parameter of a module its synthetic value, under its own name behind the prefix."""
    state = {name: weight(prefix + name, value.shape) for name, value in module.state_dict().items() if value.is_floating_point()}
    module.load_state_dict(state, strict=False)
    return module.eval()
