# SPDX-License-Identifier: Apache-2.0
"""What the two starter LoRAs are trained on: a style and an object that the starter's own world lacks.

    blueprint   the same landscapes as white lines on blue paper
    balloon     a hot-air balloon in the sky, and landscapes without one, so that the balloon comes only when asked for
    python lora_scenes.py NAME OUT.png      draws a sheet of examples and prints their captions
"""
import random
import sys

import numpy as np

import scenes
from shapes import Canvas, Shape, View, box, circle, intersection

PAPER = (.07, .22, .62)
INK = (.90, .95, 1.)


# ---- style ----------------------------------------------------------------------------------------------------------

def _blueprint(image: np.ndarray) -> np.ndarray:
    """Edges become thick pale lines; of the colours only a trace of their brightness stays."""
    size, reach = image.shape[0], 5
    around = np.pad(image, ((2, 2), (2, 2), (0, 0)), mode="edge")
    shifted = np.stack([around[dy:dy + size, dx:dx + size] for dy in range(reach) for dx in range(reach)])
    lines = np.clip((shifted.max(0) - shifted.min(0)).max(-1, keepdims=True) * 2.2 - .25, 0, 1)
    paper = np.float32(PAPER) * (.85 + .3 * (image @ np.float32([.3, .6, .1]))[..., None])
    return paper * (1 - lines) + np.float32(INK) * lines


def render_blueprint(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, str]:
    rng = random.Random(seed)
    scene, view, kind = scenes.compose(rng)
    scene.style = "blueprint"
    image, coverage = scenes.paint(scene, view, size, rng)
    caption = scenes.describe(scene, view, rng, kind == "close")
    if rng.random() < .2:  # the style is to come without its word too
        caption = caption.replace(", blueprint", "")
    return *scenes.to_bytes(_blueprint(image), coverage), caption


# ---- object ---------------------------------------------------------------------------------------------------------

def _skirt(cx: float, top: float, tip: float, half_width: float) -> Shape:
    """A triangle that stands on its tip."""
    height = tip - top
    slope = np.hypot(half_width, height)

    def distance(x, y):
        return np.maximum((np.abs(x - cx) * height - half_width * (tip - y)) / slope, top - y)
    return Shape(distance, (cx - half_width, top, cx + half_width, tip))


def _paint_balloon(canvas: Canvas, thing: scenes.Thing) -> None:
    """The scale is the envelope's radius; the foot is the basket's."""
    x, r = thing.x, thing.scale
    y = thing.foot - 1.75 * r
    colour = scenes.COLOURS[thing.colour]
    stripe = tuple(.35 * value + .65 for value in colour)
    canvas.paint(box(x, y + 1.35 * r, .16 * r, .12 * r), (.55, .42, .30))
    canvas.paint(_skirt(x, y + .55 * r, y + 1.75 * r, .835 * r), colour, .2, counts=True)
    canvas.paint(circle(x, y, r), colour, .4, counts=True)
    canvas.paint(intersection(circle(x, y, r), lambda px, py: np.abs(px - x) - .22 * r), stripe, .2, counts=True)
    canvas.paint(box(x, y + 1.6 * r, .22 * r, .15 * r), (.48, .29, .15), counts=True)


def _compose_balloon(rng: random.Random) -> tuple[scenes.Scene, View, scenes.Thing]:
    scene = scenes.landscape(rng)
    scene.style = "flat illustration"
    scene.horizon = rng.uniform(.58, .82)
    scene.mountains = [(x, width, min(height, .22), snowy) for x, width, height, snowy in scene.mountains]
    radius = rng.uniform(.16, .22)
    foot = rng.uniform(2.8 * radius, max(2.85 * radius, scene.horizon - .04))
    balloon = scenes.Thing("balloon", rng.choice([*scenes.COLOURS, "red", "red", "blue", "yellow"]), rng.uniform(.24, .76), foot, radius)
    if rng.random() < .7:
        return scene, View(), balloon
    span = 2.75 * radius / rng.uniform(.5, .75)
    return scene, View(balloon.x - span * rng.uniform(.4, .6), foot - 1.4 * radius - span * rng.uniform(.45, .55), span), balloon


def _describe_balloon(scene: scenes.Scene, view: View, balloon: scenes.Thing, rng: random.Random) -> str:
    article = "an" if balloon.colour[0] in "aeiou" else "a"
    subject = f"{article} {balloon.colour} balloon"
    details = scenes.surroundings(scene, view, rng)
    if view.top + view.span > scene.horizon + .05 and rng.random() < .8:
        details.append(rng.choice(scenes.EMPTY[scene.ground]))
    if rng.random() < .5:
        rng.shuffle(details)
    return subject if rng.random() < .2 else ", ".join([subject] + details)


def render_balloon(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, str]:
    """Half of the pictures are landscapes without a balloon; two fifths of their captions end with another word that the starter
    does not know either, since one unknown word looks to it like any other."""
    rng = random.Random(seed)
    draw = rng.random()
    if draw < .5:
        picture, coverage, caption = scenes.render(size, seed)
        return picture, coverage, caption + (", blueprint" if draw < .2 else "")
    scene, view, balloon = _compose_balloon(rng)
    canvas = scenes.paint_surroundings(scene, view, size, rng)
    _paint_balloon(canvas, balloon)
    return *scenes.to_bytes(canvas.image, canvas.coverage), _describe_balloon(scene, view, balloon, rng)


RENDERERS = {"blueprint": render_blueprint, "balloon": render_balloon}

if __name__ == "__main__":
    scenes.draw_sheet(RENDERERS[sys.argv[1]], sys.argv[2])
