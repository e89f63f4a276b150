# SPDX-License-Identifier: Apache-2.0
"""Captioned procedural landscapes, the only pictures that the starter model ever sees.

    render(size, seed) -> picture [3, size, size] uint8, coverage of its objects [size, size] uint8, caption

Half of the pictures are close-ups of one object in its surroundings with short captions ("a blue ball"), the way an
editor crops around a painted mask; the others are whole landscapes with full captions and empty grounds.
    python scenes.py OUT.png     draws a sheet of examples and prints their captions
"""
import random
import sys
from dataclasses import dataclass, field

import numpy as np

from shapes import Canvas, Colour, View, box, circle, intersection, triangle

COLOURS: dict[str, Colour] = {
    "red": (.86, .16, .15), "orange": (.96, .55, .12), "yellow": (.98, .84, .18), "green": (.20, .62, .24),
    "blue": (.15, .38, .85), "purple": (.52, .24, .70), "pink": (.96, .50, .70), "white": (.96, .96, .96),
    "black": (.10, .10, .12), "brown": (.48, .29, .15), "grey": (.55, .57, .60)}
SKIES: dict[str, tuple[Colour, Colour]] = {
    "blue": ((.30, .58, .95), (.78, .90, 1.)), "sunset": ((.35, .20, .50), (1., .58, .25)),
    "night": ((.03, .04, .12), (.12, .15, .32)), "cloudy": ((.55, .60, .66), (.80, .83, .86)),
    "morning": ((.55, .75, .95), (1., .88, .75))}
GROUNDS: dict[str, tuple[Colour, Colour]] = {
    "grass": ((.45, .74, .30), (.20, .48, .16)), "sand": ((.95, .86, .60), (.83, .68, .40)),
    "snow": ((.97, .98, 1.), (.80, .86, .94)), "sea": ((.20, .55, .80), (.05, .25, .50)),
    "desert": ((.90, .62, .35), (.72, .42, .20))}
GROUND_WEIGHTS = {"grass": .46, "sand": .14, "snow": .14, "sea": .13, "desert": .13}
PLACES = {"grass": ["on grass", "on grass", "in a meadow"], "sand": ["on a beach"], "snow": ["in the snow"],
          "sea": ["on the sea"], "desert": ["in the desert"]}
EMPTY = {"grass": ["a meadow", "a meadow", "an empty meadow", "grass"], "sand": ["a beach", "an empty beach", "sand"],
         "snow": ["a snowy field", "snow"], "sea": ["the sea", "the sea", "water"], "desert": ["a desert"]}
LAND_OBJECTS = ["house", "house", "ball", "ball", "flower", "flower", "pine tree", "tree"]
TREE_COLOURS = ["green", "green", "orange", "pink", "red", "yellow"]
STYLES = {"flat illustration": .76, "pencil sketch": .08, "watercolor painting": .08, "pixel art": .08}


@dataclass
class Thing:
    """An object that stands on the ground: its kind, colour, foot point, size, and the roof colour of a house."""
    kind: str
    colour: str
    x: float
    foot: float
    scale: float
    roof: str = ""

    @property
    def height(self) -> float:
        return {"house": .30, "pine tree": .28, "tree": .245, "flower": .235, "ball": .15, "boat": .22}[self.kind] * self.scale

    @property
    def middle(self) -> float:
        return self.foot - self.height / 2


@dataclass
class Scene:
    ground: str
    sky: str
    horizon: float
    style: str
    things: list[Thing] = field(default_factory=list)
    sun: tuple[float, float, float] | None = None
    clouds: list[tuple[float, float, float]] = field(default_factory=list)
    mountains: list[tuple[float, float, float, bool]] = field(default_factory=list)
    mountain_colour: str = ""


# ---- composing ------------------------------------------------------------------------------------------------------

def _thing(rng: random.Random, ground: str, x: float, foot: float, scale: float) -> Thing:
    kind = "boat" if ground == "sea" else rng.choice(LAND_OBJECTS)
    colour = rng.choice(list(COLOURS) + ["red", "blue", "yellow"])
    if kind == "tree":
        colour = rng.choice(TREE_COLOURS)
    roof = rng.choice([name for name in COLOURS if name != colour]) if kind == "house" and rng.random() < .4 else ""
    return Thing(kind, colour, x, foot, scale, roof)


def landscape(rng: random.Random) -> Scene:
    ground = rng.choices(list(GROUND_WEIGHTS), list(GROUND_WEIGHTS.values()))[0]
    sky = rng.choices(list(SKIES), [.36, .14, .16, .17, .17])[0]
    style = rng.choices(list(STYLES), list(STYLES.values()))[0]
    scene = Scene(ground, sky, rng.uniform(.38, .66), style)
    if rng.random() < .5:
        scene.sun = (rng.uniform(.15, .85), rng.uniform(.10, scene.horizon - .16), rng.uniform(.07, .12))
    if rng.random() < .35:
        scene.clouds = [(rng.uniform(.1, .9), rng.uniform(.08, scene.horizon * .55), rng.uniform(.7, 1.3))
                        for _ in range(rng.randint(1, 3))]
    if rng.random() < .35:
        scene.mountain_colour = rng.choice(["grey", "purple", "blue", "brown"])
        scene.mountains = [(rng.uniform(.1, .9), rng.uniform(.18, .34), rng.uniform(.18, .34), rng.random() < .7)
                           for _ in range(rng.randint(1, 3))]
    return scene


def _compose_wide(rng: random.Random) -> tuple[Scene, View]:
    scene = landscape(rng)
    for _ in range(rng.choice([1, 1, 1, 2, 2])):
        foot = rng.uniform(scene.horizon + .08, .95)
        scale = rng.uniform(1.5, 2.1) * (.75 + .8 * (foot - scene.horizon))
        x = rng.uniform(.18, .82)
        if all(abs(x - other.x) >= .36 for other in scene.things):
            scene.things.append(_thing(rng, scene.ground, x, foot, scale))
    scene.things.sort(key=lambda thing: thing.foot)
    return scene, View()


def _compose_close(rng: random.Random) -> tuple[Scene, View]:
    """One object in the middle of the frame, mostly 30-50 % of the frame high: an editor's frame is about twice as wide as
    the mask. Often there is nothing but ground behind it."""
    scene = landscape(rng)
    foot = rng.uniform(scene.horizon + .06, 1.25 if rng.random() < .6 else .9)
    thing = _thing(rng, scene.ground, rng.uniform(.2, .8), foot, rng.uniform(.9, 1.9))
    scene.things.append(thing)
    share = rng.uniform(.30, .50) if rng.random() < .7 else rng.uniform(.50, .65)
    span = thing.height / share
    spread = .06 if rng.random() < .8 else .15
    x = thing.x + rng.gauss(0, spread) * span
    y = thing.middle + rng.gauss(0, spread) * span
    return scene, View(x - span / 2, y - span / 2, span)


def _compose_empty(rng: random.Random) -> tuple[Scene, View]:
    scene = landscape(rng)
    if rng.random() < .4:
        return scene, View()
    span = rng.uniform(.3, .9)
    return scene, View(rng.uniform(0, 1 - span), rng.uniform(0, 1.1 - span), span)


# ---- painting -------------------------------------------------------------------------------------------------------

def _tint(colour: Colour, factor: float) -> Colour:
    return tuple(min(1., value * factor) for value in colour)


def _blend(first: Colour, second: Colour, share: float) -> Colour:
    return tuple(a * (1 - share) + b * share for a, b in zip(first, second))


def _paint_house(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    walls = COLOURS[thing.colour]
    roof = COLOURS[thing.roof] if thing.roof else _blend(_tint(walls, .55), (.30, .22, .18), .35)
    canvas.paint(box(x, foot - .09 * k, .11 * k, .09 * k), walls, .3, counts=True)
    canvas.paint(triangle(x, foot - .18 * k, .14 * k, .12 * k), roof, .3, counts=True)
    canvas.paint(box(x, foot - .04 * k, .02 * k, .04 * k), (.30, .18, .10))
    for side in (-1, 1):
        canvas.paint(box(x + side * .062 * k, foot - .115 * k, .02 * k, .02 * k), (.99, .93, .60))


def _paint_pine(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    canvas.paint(box(x, foot - .03 * k, .014 * k, .03 * k), (.36, .22, .12), counts=True)
    for level in range(3):
        green = _tint((.12, .42, .22), .75 + .12 * level)
        canvas.paint(triangle(x, foot - (.05 + .06 * level) * k, (.095 - .02 * level) * k, .11 * k), green, .3, counts=True)


def _paint_tree(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    canvas.paint(box(x, foot - .06 * k, .016 * k, .06 * k), (.40, .25, .13), counts=True)
    for dx, dy, radius in ((0, -.165, .08), (-.06, -.13, .06), (.06, -.13, .06)):
        canvas.paint(circle(x + dx * k, foot + dy * k, radius * k), COLOURS[thing.colour], .35, counts=True)


def _paint_flower(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    head = foot - .155 * k
    canvas.paint(box(x, foot - .05 * k, .009 * k, .05 * k), (.18, .50, .18), counts=True)
    for petal in range(6):
        angle = petal * np.pi / 3
        canvas.paint(circle(x + .046 * k * np.cos(angle), head + .046 * k * np.sin(angle), .033 * k),
                     COLOURS[thing.colour], counts=True)
    heart = (.99, .85, .20) if thing.colour not in ("yellow", "orange", "white") else (.55, .30, .10)
    canvas.paint(circle(x, head, .024 * k), heart, counts=True)


def _paint_ball(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    canvas.paint(circle(x, foot - .075 * k, .075 * k), COLOURS[thing.colour], .5, counts=True)
    canvas.paint(circle(x - .024 * k, foot - .103 * k, .014 * k), (1., 1., 1.))


def _paint_boat(canvas: Canvas, thing: Thing) -> None:
    x, foot, k = thing.x, thing.foot, thing.scale
    canvas.paint(box(x, foot - .13 * k, .006 * k, .09 * k), (.35, .22, .12), counts=True)
    sail = intersection(triangle(x, foot - .055 * k, .09 * k, .16 * k), lambda px, py: x + .008 * k - px)
    canvas.paint(sail, (.97, .96, .92), .2, counts=True)
    hull = intersection(box(x, foot - .02 * k, .12 * k, .03 * k),
                        lambda px, py: (np.abs(px - x) - .12 * k + (py - (foot - .05 * k)) * 1.2) / 1.5)
    canvas.paint(hull, COLOURS[thing.colour], .3, counts=True)


PAINTERS = {"house": _paint_house, "pine tree": _paint_pine, "tree": _paint_tree, "flower": _paint_flower,
            "ball": _paint_ball, "boat": _paint_boat}


def _paint_sky(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    upper, lower = SKIES[scene.sky]
    canvas.gradient(upper, lower, 0, scene.horizon)
    if scene.sky == "night":
        for _ in range(rng.randint(6, 14)):
            canvas.paint(circle(rng.random(), rng.random() * scene.horizon * .9, rng.uniform(.004, .008)), (.95, .95, .85))
    if scene.sun:
        x, y, radius = scene.sun
        if scene.sky == "night":
            canvas.paint(circle(x, y, radius), (.95, .94, .82), counts=True)
            shadow = _blend(upper, lower, min(1., y / scene.horizon))
            canvas.paint(circle(x + radius * .45, y - radius * .15, radius * .85), shadow)
        else:
            canvas.paint(circle(x, y, radius), (1., .72, .25) if scene.sky == "sunset" else (.99, .85, .25), counts=True)
    for x, y, k in scene.clouds:
        white = (.30, .33, .45) if scene.sky == "night" else (.97, .97, .98)
        for dx, dy, radius in ((-.07, .01, .035), (0, -.01, .05), (.065, .008, .038)):
            canvas.paint(circle(x + dx * k, y + dy * k, radius * k), white)
        canvas.paint(box(x, y + .025 * k, .085 * k, .018 * k), white)
    for x, width, height, snowy in scene.mountains:
        rock = _blend(COLOURS[scene.mountain_colour], lower, .35)
        canvas.paint(triangle(x, scene.horizon + .02, width, height), rock, .3)
        if snowy:
            canvas.paint(triangle(x, scene.horizon + .02 - height * .72, width * .28, height * .28), (.97, .98, 1.))


def _paint_ground(canvas: Canvas, scene: Scene, rng: random.Random) -> None:
    dim = {"night": .45, "sunset": .85}.get(scene.sky, 1.) * rng.uniform(.92, 1.06)
    upper, lower = (_tint(colour, dim) for colour in GROUNDS[scene.ground])
    edge = np.full_like(canvas.x, scene.horizon)
    if scene.ground != "sea":
        edge = edge + rng.uniform(0, .03) * np.sin(canvas.x * rng.uniform(3, 8) + rng.uniform(0, 6))
    canvas.gradient(upper, lower, scene.horizon, 1., canvas.below(edge))
    if scene.ground == "sea":
        for _ in range(10):
            y = rng.uniform(scene.horizon + .03, 1.3)
            canvas.paint(box(rng.random(), y, rng.uniform(.03, .09), .003), tuple(min(1., v + .15) for v in upper))


def _smooth_noise(size: int, cells: int, rng: random.Random) -> np.ndarray:
    """Bilinear noise in 0..1."""
    grid = np.random.default_rng(rng.getrandbits(32)).random((cells + 1, cells + 1), np.float32)
    at = np.linspace(0, cells - 1e-3, size)
    low, t = at.astype(int), (at % 1).astype(np.float32)
    rows = grid[low] * (1 - t)[:, None] + grid[low + 1] * t[:, None]
    return rows[:, low] * (1 - t) + rows[:, low + 1] * t


def _stylise(image: np.ndarray, style: str, rng: random.Random) -> np.ndarray:
    size = image.shape[0]
    if style == "pencil sketch":
        grey = image @ np.float32([.3, .6, .1])
        around = np.pad(grey, 1, mode="edge")
        shifted = np.stack([around[dy:dy + size, dx:dx + size] for dy in range(3) for dx in range(3)])
        lines = np.clip((shifted.max(0) - shifted.min(0)) * 3, 0, 1)
        return np.repeat(np.clip(.95 - .70 * lines - .22 * (1 - grey), 0, 1)[..., None], 3, -1)
    if style == "watercolor painting":
        around = np.pad(image, ((2, 2), (2, 2), (0, 0)), mode="edge")
        soft = sum(around[dy:dy + size, dx:dx + size] for dy in range(5) for dx in range(5)) / 25
        wash = (_smooth_noise(size, 10, rng) * .6 + _smooth_noise(size, 28, rng) * .4)[..., None]
        return np.clip(soft * (.80 + .35 * wash) + .12 * (1 - wash) + .05, 0, 1)
    if style == "pixel art":
        block = max(1, size // 32)
        coarse = image[:size // block * block, :size // block * block]
        coarse = coarse.reshape(size // block, block, size // block, block, 3).mean((1, 3))
        coarse = np.round(coarse * 7) / 7
        tall = np.repeat(np.repeat(coarse, block, 0), block, 1)
        missing = size - tall.shape[0]
        return np.pad(tall, ((0, missing), (0, missing), (0, 0)), mode="edge")
    return image


def paint_surroundings(scene: Scene, view: View, size: int, rng: random.Random) -> Canvas:
    canvas = Canvas(size, view)
    _paint_sky(canvas, scene, rng)
    _paint_ground(canvas, scene, rng)
    return canvas


def paint(scene: Scene, view: View, size: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """The picture [size, size, 3] and the coverage of its objects [size, size], both 0..1."""
    canvas = paint_surroundings(scene, view, size, rng)
    for thing in scene.things:
        PAINTERS[thing.kind](canvas, thing)
    return np.clip(_stylise(canvas.image, scene.style, rng), 0, 1), canvas.coverage


# ---- describing -----------------------------------------------------------------------------------------------------

def _article(phrase: str) -> str:
    return ("an " if phrase[0] in "aeiou" else "a ") + phrase


def _name(thing: Thing) -> str:
    if thing.kind == "pine tree":
        return "a pine tree"
    name = _article(f"{thing.colour} {thing.kind}")
    return f"{name} with {_article(thing.roof)} roof" if thing.roof else name


def _where(x: float) -> str:
    return "on the left" if x < .38 else "on the right" if x > .62 else "in the middle"


def surroundings(scene: Scene, view: View, rng: random.Random) -> list[str]:
    details = []
    if view.top < scene.horizon - .06 and rng.random() < .8:
        details.append(f"a {scene.sky} sky")
    if scene.sun and view.shows(scene.sun[0], scene.sun[1]) and rng.random() < .9:
        details.append("a moon" if scene.sky == "night" else "a sun")
    if any(view.shows(x, y) for x, y, _ in scene.clouds) and rng.random() < .9:
        details.append("clouds")
    if any(view.shows(x, scene.horizon - height / 2) for x, _, height, _ in scene.mountains) and rng.random() < .9:
        details.append(f"{scene.mountain_colour} mountains")
    return details


def describe(scene: Scene, view: View, rng: random.Random, close: bool) -> str:
    """A caption that names only what the view shows and leaves out parts at random."""
    names = []
    for thing in scene.things:
        name = _name(thing)
        if not close and rng.random() < .5:
            name += " " + _where(thing.x)
        names.append(name)
    if close and rng.random() < .45:
        return names[0]
    subject = " and ".join(names)
    if not names:
        subject = rng.choice(EMPTY[scene.ground]) if view.top + view.span > scene.horizon + .05 else f"a {scene.sky} sky"
    elif rng.random() < .85:
        subject += " " + rng.choice(PLACES[scene.ground])
    details = surroundings(scene, view, rng)
    if scene.style != "flat illustration" or rng.random() < .3:
        details.append(scene.style)
    if rng.random() < .3:
        rng.shuffle(details)
    return ", ".join([subject] + details)


def compose(rng: random.Random) -> tuple[Scene, View, str]:
    """A scene, what the picture shows of it, and the kind of picture: close, wide or empty."""
    kind = rng.choices(["close", "wide", "empty"], [.55, .36, .09])[0]
    return *{"close": _compose_close, "wide": _compose_wide, "empty": _compose_empty}[kind](rng), kind


def to_bytes(image: np.ndarray, coverage: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture [3, size, size] and the coverage [size, size], uint8."""
    picture = np.round(np.clip(image, 0, 1) * 255).astype(np.uint8).transpose(2, 0, 1)
    return picture, np.round(coverage * 255).astype(np.uint8)


def render(size: int, seed: int) -> tuple[np.ndarray, np.ndarray, str]:
    rng = random.Random(seed)
    scene, view, kind = compose(rng)
    image, coverage = paint(scene, view, size, rng)
    caption = describe(scene, view, rng, kind == "close")
    return *to_bytes(image, coverage), caption


def draw_sheet(renderer, path: str) -> None:
    from PIL import Image
    rendered = [renderer(128, seed) for seed in range(32)]
    rows = [np.concatenate([picture for picture, _, _ in rendered[i:i + 8]], -1) for i in range(0, 32, 8)]
    Image.fromarray(np.concatenate(rows, -2).transpose(1, 2, 0)).save(path)
    print("\n".join(caption for _, _, caption in rendered))


if __name__ == "__main__":
    draw_sheet(render, sys.argv[1])
