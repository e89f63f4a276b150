# SPDX-License-Identifier: Apache-2.0
"""Anti-aliased painting of simple shapes, given as signed distances, on a numpy canvas.

Coordinates are those of the world: x grows to the right, y grows downwards, and the whole picture spans 0..1 in both.
A View says which square of the world a canvas shows, so that one scene can be painted from afar or as a close-up.
"""
from dataclasses import dataclass
from typing import Callable

import numpy as np

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class View:
    """The square of the world that a picture shows."""
    left: float = 0.0
    top: float = 0.0
    span: float = 1.0

    def shows(self, x: float, y: float, margin: float = 0.0) -> bool:
        edge = margin * self.span
        return (self.left + edge <= x <= self.left + self.span - edge
                and self.top + edge <= y <= self.top + self.span - edge)


@dataclass(frozen=True)
class Shape:
    """A signed distance (negative inside) and a box that holds everything inside: left, top, right, bottom."""
    distance: Callable[[np.ndarray, np.ndarray], np.ndarray]
    bounds: tuple[float, float, float, float]


def circle(cx: float, cy: float, radius: float) -> Shape:
    return Shape(lambda x, y: np.hypot(x - cx, y - cy) - radius, (cx - radius, cy - radius, cx + radius, cy + radius))


def box(cx: float, cy: float, half_width: float, half_height: float) -> Shape:
    def distance(x, y):
        dx, dy = np.abs(x - cx) - half_width, np.abs(y - cy) - half_height
        return np.hypot(np.maximum(dx, 0), np.maximum(dy, 0)) + np.minimum(np.maximum(dx, dy), 0)
    return Shape(distance, (cx - half_width, cy - half_height, cx + half_width, cy + half_height))


def triangle(cx: float, base: float, half_width: float, height: float) -> Shape:
    """An isosceles triangle that stands on y = base with its tip upwards."""
    slope = np.hypot(half_width, height)

    def distance(x, y):
        flank = (np.abs(x - cx) * height - half_width * (y - (base - height))) / slope
        return np.maximum(flank, y - base)
    return Shape(distance, (cx - half_width, base - height, cx + half_width, base))


def intersection(first: Shape, second: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Shape:
    return Shape(lambda x, y: np.maximum(first.distance(x, y), second(x, y)), first.bounds)


class Canvas:
    """A square picture, float32 [size, size, 3] in 0..1, that shows one View of the world."""

    def __init__(self, size: int, view: View):
        self.size, self.view = size, view
        self.pixel = view.span / size
        steps = (np.arange(size, dtype=np.float32) + 0.5) * self.pixel
        self.x, self.y = steps[None, :] + view.left, steps[:, None] + view.top
        self.image = np.zeros((size, size, 3), np.float32)
        self.coverage = np.zeros((size, size), np.float32)

    def paint(self, shape: Shape, colour: Colour, shading: float = 0.0, counts: bool = False) -> None:
        """Paints a shape; shading brightens it towards the upper right. Shapes that count are noted in coverage."""
        left, top, right, bottom = shape.bounds
        rows, columns = self._range(top, bottom, self.view.top), self._range(left, right, self.view.left)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        x, y = self.x[:, columns], self.y[rows]
        alpha = np.clip(0.5 - shape.distance(x, y) / (1.5 * self.pixel), 0, 1)[..., None].astype(np.float32)
        fill = np.broadcast_to(np.asarray(colour, np.float32), alpha.shape[:2] + (3,))
        if shading:
            width, height = max(right - left, 1e-6), max(bottom - top, 1e-6)
            light = 0.5 * (x - left) / width - (y - top) / height + 0.25
            fill = np.clip(fill * (1 + shading * light[..., None]), 0, 1)
        region = self.image[rows, columns]
        region += alpha * (fill - region)
        if counts:
            note = self.coverage[rows, columns]
            np.maximum(note, alpha[..., 0], out=note)

    def gradient(self, top: Colour, bottom: Colour, start: float, end: float, mask: np.ndarray | None = None) -> None:
        """Fills with a vertical gradient between y = start and y = end, everywhere or where the mask (0..1) says."""
        t = np.clip((self.y - start) / (end - start), 0, 1)[..., None]
        fill = np.asarray(top, np.float32) * (1 - t) + np.asarray(bottom, np.float32) * t
        fill = np.broadcast_to(fill, self.image.shape)
        self.image = fill.copy() if mask is None else self.image + mask[..., None] * (fill - self.image)

    def below(self, edge: np.ndarray) -> np.ndarray:
        """Coverage of everything below a curve y = edge(x)."""
        return np.clip(0.5 + (self.y - edge) / (1.5 * self.pixel), 0, 1).astype(np.float32)

    def _range(self, low: float, high: float, origin: float) -> slice:
        first = int(np.floor((low - origin) / self.pixel)) - 2
        last = int(np.ceil((high - origin) / self.pixel)) + 2
        return slice(min(max(first, 0), self.size), min(max(last, 0), self.size))
