# SPDX-License-Identifier: Apache-2.0
"""Writes references/control_preprocess.safetensors: what OpenCV's Python module makes of one picture by the recipe of each exact preprocessor.

Rule of the picture (repeated in tests/unit/imaging/tst_control_preprocess.cpp): 72 x 56, integers. Channel c of pixel (x, y) is
(3 x + 2 y + 50 c) mod 200 + ((73 x + 151 y + 31 c) xor (x y)) mod 23; in the disc (x - 24)^2 + (y - 30)^2 < 196 it is (220, 60, 40)[c];
where 44 <= x < 62 and 10 <= y < 34 it is (30, 30, 60)[c]; on the line x - y == 20 it is 10.
Grey results are stored with one channel. Where the extension's script wraps round in 8 bits, whole numbers are used instead.

Usage: make_control_preprocess_references.py   (opencv-python-headless, numpy, safetensors)
"""
import pathlib

import cv2
import numpy
from safetensors.numpy import save_file

WIDTH, HEIGHT = 72, 56


def picture():
    result = numpy.zeros((HEIGHT, WIDTH, 3), numpy.uint8)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            for c in range(3):
                value = (3 * x + 2 * y + 50 * c) % 200 + ((73 * x + 151 * y + 31 * c) ^ (x * y)) % 23
                if (x - 24) ** 2 + (y - 30) ** 2 < 196:
                    value = (220, 60, 40)[c]
                if 44 <= x < 62 and 10 <= y < 34:
                    value = (30, 30, 60)[c]
                if x - y == 20:
                    value = 10
                result[y, x, c] = value
    return result


def lineart(rgb, sigma, threshold):
    x = rgb.astype(numpy.float32)
    intensity = numpy.min(cv2.GaussianBlur(x, (0, 0), sigma) - x, axis=2).clip(0, 255)
    above = intensity[intensity > threshold]
    intensity /= max(16, numpy.median(above)) if above.size else 16
    intensity *= 127
    return intensity.clip(0, 255).astype(numpy.uint8)


def scribble(rgb, threshold):
    x = rgb.astype(numpy.float32)
    difference = cv2.GaussianBlur(x, (0, 0), 5.0) - cv2.GaussianBlur(x, (0, 0), 0.5)
    inverse = (255 - numpy.min(difference, axis=2)).clip(0, 255).astype(numpy.uint8).astype(int)
    return numpy.where(2 * (255 - inverse) > threshold, 255, 0).astype(numpy.uint8)


def lightness(plane, gamma):
    return numpy.rint((plane / 255.0) ** gamma * 255.0).astype(numpy.uint8)


def resized(rgb, factor, reduce_by, enlarge_by):
    small = cv2.resize(rgb, (round(WIDTH / factor), round(HEIGHT / factor)), interpolation=reduce_by)
    return cv2.resize(small, (WIDTH, HEIGHT), interpolation=enlarge_by)


def white_where(condition):
    return numpy.where(condition, 255, 0).astype(numpy.uint8)


rgb = picture()
darkest = numpy.min(rgb, axis=2)
lab, hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB), cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV)
references = {
    "canny/100/200": cv2.Canny(rgb, 100, 200),
    "canny/30/90": cv2.Canny(rgb, 30, 90),
    "lineart/6/8": lineart(rgb, 6.0, 8),
    "lineart/2/20": lineart(rgb, 2.0, 20),
    "scribble/32": scribble(rgb, 32),
    "scribble_threshold/127": white_where(darkest < 127),
    "tile/4": resized(rgb, 4, cv2.INTER_AREA, cv2.INTER_CUBIC),
    "blur/9": cv2.GaussianBlur(rgb, (0, 0), 9.0),
    "blur/2.5": cv2.GaussianBlur(rgb, (0, 0), 2.5),
    "luminance/1": lightness(lab[:, :, 0], 1.0),
    "luminance/0.6": lightness(lab[:, :, 0], 0.6),
    "intensity/1.8": lightness(hsv[:, :, 2], 1.8),
    "color_grid/8": resized(rgb, 8, cv2.INTER_CUBIC, cv2.INTER_NEAREST),
    "invert": 255 - rgb,
    "threshold/127": white_where(darkest > 127),
}
metadata = {"opencv": cv2.__version__, "numpy": numpy.__version__}
save_file({name: numpy.ascontiguousarray(value) for name, value in references.items()},
          pathlib.Path(__file__).parent / "references" / "control_preprocess.safetensors", metadata)
print(metadata)
