#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Renders the sample picture meadow.png (512 x 384) and the sample mask meadow_mask.png beside this script.

An empty meadow under a blue sky with clouds and two rows of hills, in the flat style that the starter model knows. Every shape is a signed distance in
pixels, turned into coverage over one pixel. Needs numpy; the PNG files are written with zlib alone. The same script gives the same bytes on every run.
"""
import pathlib
import struct
import zlib

import numpy as np

WIDTH, HEIGHT = 512, 384
SKY_TOP, SKY_HORIZON = (0.30, 0.58, 0.95), (0.78, 0.90, 1.00)
FAR_HILLS, NEAR_HILLS = (0.55, 0.74, 0.72), (0.42, 0.68, 0.44)
GRASS_TOP, GRASS_BOTTOM = (0.45, 0.74, 0.30), (0.20, 0.48, 0.16)
CLOUD, CLOUD_SHADE = (0.98, 0.98, 0.99), (0.90, 0.94, 0.98)
HORIZON = 224.0
BALL_CENTRE, BALL_RADIUS = (256, 292), 58  # where the sample job paints

Y, X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64) + 0.5


def coverage(distance):
    """How much of each pixel lies inside, from the signed distance to the edge (negative inside)."""
    return np.clip(0.5 - distance, 0.0, 1.0)


def mix(under, over, amount):
    return under * (1.0 - amount[..., None]) + over * amount[..., None]


def vertical_gradient(top, bottom, y0, y1):
    t = np.clip((Y - y0) / (y1 - y0), 0.0, 1.0)[..., None]
    return np.array(top) * (1.0 - t) + np.array(bottom) * t


def flat(color):
    return np.broadcast_to(np.array(color), (HEIGHT, WIDTH, 3))


def circle(cx, cy, radius):
    return np.hypot(X - cx, Y - cy) - radius


def cloud(picture, cx, cy, scale):
    """Three puffs on a flat foot, with a faint shade below."""
    puffs = [(-36, 4, 18), (0, -6, 26), (34, 3, 20)]
    body = np.minimum.reduce([circle(cx + dx * scale, cy + dy * scale, r * scale) for dx, dy, r in puffs])
    foot = np.maximum(np.abs(X - cx) - 46 * scale, np.abs(Y - cy - 12 * scale) - 10 * scale)
    shape = np.minimum(body, foot)
    picture = mix(picture, flat(CLOUD), coverage(shape))
    return mix(picture, flat(CLOUD_SHADE), coverage(np.maximum(shape, cy + 14 * scale - Y)))


def ridge(height, waves):
    """Distance above a skyline of sines: (amplitude, wavelength, phase) each."""
    line = np.full_like(X, height)
    for amplitude, wavelength, phase in waves:
        line -= amplitude * np.sin(2.0 * np.pi * X / wavelength + phase)
    return line - Y


def tufts(picture, seed, count):
    """Short slanting strokes in the grass, larger towards the viewer."""
    random = np.random.RandomState(seed)
    for _ in range(count):
        depth = random.uniform(0.08, 1.0) ** 0.7
        x, y = random.uniform(0, WIDTH), HORIZON + 14 + depth * (HEIGHT - HORIZON - 18)
        size = 2.0 + 5.0 * depth
        stroke = np.maximum(np.abs((X - x) - 0.35 * (Y - y)) - 0.35 * size * (0.6 + (Y - y) / (2 * size)), np.abs(Y - y) - size)
        shade = flat((0.36, 0.66, 0.24) if random.uniform() < 0.5 else (0.24, 0.54, 0.18))
        picture = mix(picture, shade, 0.5 * coverage(stroke))
    return picture


def meadow():
    picture = vertical_gradient(SKY_TOP, SKY_HORIZON, 0.0, HORIZON)
    for cx, cy, scale in ((112, 72, 1.05), (300, 48, 0.75), (428, 104, 0.9)):
        picture = cloud(picture, cx, cy, scale)
    picture = mix(picture, flat(FAR_HILLS), coverage(ridge(206.0, [(16, 330, 0.6), (7, 140, 2.0)])))
    picture = mix(picture, flat(NEAR_HILLS), coverage(ridge(222.0, [(12, 420, 2.6), (4, 170, 0.4)])))
    grass = vertical_gradient(GRASS_TOP, GRASS_BOTTOM, HORIZON, HEIGHT)
    picture = mix(picture, grass, coverage(ridge(HORIZON + 10.0, [(4, 600, 1.0)])))
    return tufts(picture, seed=7, count=90)


def write_png(path, samples):
    height, width = samples.shape[:2]
    color_type = 2 if samples.ndim == 3 else 0

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = samples.reshape(height, -1)
    upper = np.vstack([np.zeros_like(rows[:1]), rows[:-1]])
    filtered = (rows.astype(np.int16) - upper).astype(np.uint8)  # filter 2: difference to the row above
    lines = b"".join(b"\x02" + row.tobytes() for row in filtered)
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"sRGB", b"\0") + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def main():
    folder = pathlib.Path(__file__).resolve().parent
    write_png(folder / "meadow.png", np.round(np.clip(meadow(), 0.0, 1.0) * 255.0).astype(np.uint8))
    mask = coverage(circle(*BALL_CENTRE, BALL_RADIUS))
    write_png(folder / "meadow_mask.png", np.round(mask * 255.0).astype(np.uint8))


if __name__ == "__main__":
    main()
