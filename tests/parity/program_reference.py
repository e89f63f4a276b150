# SPDX-License-Identifier: Apache-2.0
"""Pictures by the rules of A1111 and ComfyUI, for make_pipeline_references.py: their noise, schedules, samplers, prompt weights, blending and rounding written from their
formulas around the networks of diffusers and transformers. Brownian noise is torchsde's.
"""
import math

import numpy
import torch
import torchsde
from PIL import Image
from torchsde._brownian import brownian_interval

from long_prompts import END, ROWS, START, _chunks, _encode

ALPHAS = numpy.cumprod(1 - numpy.linspace(0.00085**0.5, 0.012**0.5, 1000) ** 2)
# The levels of the 1000 timesteps: A1111 subtracts in float32 (its lowest is 0.0291675385), ComfyUI in float64 (0.0291671772).
TABLES = {"a1111": (((1 - torch.from_numpy(ALPHAS).float()) / torch.from_numpy(ALPHAS).float()) ** 0.5).double().numpy(), "comfyui": numpy.sqrt((1 - ALPHAS) / ALPHAS)}
LOG_TABLES = {program: numpy.log(table) for program, table in TABLES.items()}
# ComfyUI's grammar: what it makes of these texts, written out by hand.
COMFY_PROMPTS = {
    "comfy-weighted": ("a (red:1.4) house, (blue) roof on ((grass:0.6) and trees)",
                       [("a ", 1.0), ("red", 1.4), (" house, ", 1.0), ("blue", 1.1), (" roof on ", 1.0), ("grass", 0.6), (" and trees", 1.1)]),
    "comfy-break": ("a red house BREAK a [blue] sky", [("a red house BREAK a [blue] sky", 1.0)]),
}


def philox(seed, call, count):
    """CUDA's normal numbers (Philox4x32-10, Box and Muller) for one call."""
    counter = [numpy.full(count, call, numpy.uint32), numpy.zeros(count, numpy.uint32), numpy.arange(count, dtype=numpy.uint32), numpy.zeros(count, numpy.uint32)]
    key = [numpy.uint32(seed & 0xFFFFFFFF), numpy.uint32(seed >> 32)]
    with numpy.errstate(over="ignore"):
        for _ in range(10):
            first, second = counter[0].astype(numpy.uint64) * 0xD2511F53, counter[2].astype(numpy.uint64) * 0xCD9E8D57
            high = lambda value: (value >> numpy.uint64(32)).astype(numpy.uint32)
            low = lambda value: (value & numpy.uint64(0xFFFFFFFF)).astype(numpy.uint32)
            counter = [high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1], low(first)]
            key = [key[0] + numpy.uint32(0x9E3779B9), key[1] + numpy.uint32(0xBB67AE85)]
    u = counter[0] * numpy.float32(2.3283064e-10) + numpy.float32(2.3283064e-10 / 2)
    v = counter[1] * numpy.float32(2.3283064e-10 * 6.2831855) + numpy.float32(2.3283064e-10 * 6.2831855 / 2)
    return numpy.sqrt(-2.0 * numpy.log(u)) * numpy.sin(v)


class Stream:
    def __init__(self, seed, on_card):
        self.seed, self.on_card, self.calls = seed, on_card, 0
        self.generator = torch.Generator().manual_seed(seed)

    def draw(self, shape):
        if not self.on_card:
            return torch.randn(shape, generator=self.generator)
        self.calls += 1
        return torch.from_numpy(philox(self.seed, self.calls - 1, math.prod(shape)).astype(numpy.float32).reshape(shape))


def brownian(seed, sigmas, shape, on_card):
    plain = brownian_interval._randn
    if on_card:
        brownian_interval._randn = lambda size, dtype, device, seed: Stream(int(seed), True).draw(tuple(size)).to(dtype)
    levels = sigmas[sigmas > 0]
    low, high = torch.tensor(float(levels.min())), torch.tensor(float(levels.max()))
    tree = torchsde.BrownianTree(low, torch.zeros(shape), high, entropy=seed)

    def noise(start, end):
        try:
            a, b = torch.tensor(float(start)), torch.tensor(float(end))
            return -tree(torch.minimum(a, b), torch.maximum(a, b)) / (b - a).abs().sqrt()
        finally:
            pass

    return noise, lambda: setattr(brownian_interval, "_randn", plain)


def sigmas_of(case):
    program, name, steps = case["compatibility"], case["scheduler"], case["steps"]
    strength = case["strength"] if case["mode"] != "text-to-image" else 1.0
    total = int(steps / strength) if program == "comfyui" and strength <= 0.9999 else steps
    count = total + (1 if name.startswith("dpm2") else 0)
    if name.endswith("_karras"):
        low, high = (float(numpy.float32(TABLES[program][end])) ** (1 / 7) for end in (0, -1))
        levels = ((high + torch.linspace(0, 1, count) * (low - high)) ** 7).double().numpy()  # float32, as k-diffusion has them
    elif name.endswith("_simple"):
        levels = numpy.array([TABLES[program][999 - int(i * 1000 / count)] for i in range(count)])
    else:
        levels = numpy.exp(numpy.interp(numpy.linspace(999, 0, count), numpy.arange(1000), LOG_TABLES[program]))
    levels = levels[:total]
    first = steps - int(min(strength, 0.999) * steps) - 1 if program == "a1111" else total - steps
    return numpy.append(levels, 0.0).astype(numpy.float32).astype(numpy.float64), first


def timestep_of(program, sigma):
    t = numpy.interp(math.log(sigma), LOG_TABLES[program], numpy.arange(1000))
    return float(round(t)) if program == "comfyui" else float(t)


def comfy_encode(pipeline, prompt, skip):
    tokenizer = getattr(pipeline, "tokenizer", None) or pipeline.tokenizer_2
    pieces = COMFY_PROMPTS[prompt][1] if prompt in COMFY_PROMPTS else [(prompt, 1.0)]
    ids, weights = [START], [1.0]
    for text, weight in pieces:
        tokens = tokenizer(text, add_special_tokens=False).input_ids
        ids += tokens
        weights += [weight] * len(tokens)
    ids, weights = ids + [END] * (ROWS - len(ids)), weights + [1.0] * (ROWS - len(weights))
    ones = [1.0] * ROWS
    context, pooled = _encode(pipeline, (ids, ones), skip)
    empty, _ = _encode(pipeline, ([START] + [END] * (ROWS - 1), ones), skip)
    return empty + (context - empty) * torch.tensor(weights).reshape(1, ROWS, 1), pooled


def a1111_encode(pipeline, prompt, skip):
    tokenizer = getattr(pipeline, "tokenizer", None) or pipeline.tokenizer_2
    parts = [_encode(pipeline, chunk, skip) for chunk in _chunks(tokenizer, prompt)]
    return torch.cat([context for context, _ in parts], 1), parts[0][1]


def conditions(case, pipeline):
    is_sdxl = hasattr(pipeline, "tokenizer_2")
    if case["compatibility"] == "comfyui":
        skip = max(case["skip"] - 1, 0) if is_sdxl else case["skip"]
        return comfy_encode(pipeline, case["prompt"], skip), comfy_encode(pipeline, case["negative"], skip)
    skip = 0 if is_sdxl else case["skip"]
    positive = a1111_encode(pipeline, case["prompt"], skip)
    if is_sdxl and not case["negative"]:
        return positive, (torch.zeros(1, ROWS, positive[0].shape[2]), torch.zeros_like(positive[1]))
    return positive, a1111_encode(pipeline, case["negative"], skip)


def latent_mask(case, pixels):
    height, width = case["height"] // 8, case["width"] // 8
    if case["compatibility"] == "comfyui":
        return torch.nn.functional.interpolate(torch.from_numpy(pixels)[None, None].float() / 255, size=(height, width), mode="bilinear")
    shrunk = Image.fromarray(pixels).resize((width, height), Image.BICUBIC)
    return torch.from_numpy(numpy.around(numpy.array(shrunk).astype(numpy.float32) / 255))[None, None]


class Model:
    """D(x, sigma): guided, with known latents blended in as the program does."""

    def __init__(self, case, pipeline, known, paint, start_noise):
        self.case, self.pipeline, self.known, self.paint, self.noise = case, pipeline, known, paint, start_noise
        self.positive, self.negative = conditions(case, pipeline)

    def estimate(self, x, sigma, t, condition):
        context, pooled = condition
        size = [float(self.case["height"]), float(self.case["width"])]
        added = {} if pooled is None else dict(added_cond_kwargs=dict(text_embeds=pooled, time_ids=torch.tensor([size + [0.0, 0.0] + size])))
        output = self.pipeline.unet((x / (sigma**2 + 1) ** 0.5).float(), t, context, return_dict=False, **added)[0]
        return x - sigma * output.double()

    def __call__(self, x, sigma):
        program = self.case["compatibility"]
        if self.paint is not None and program == "comfyui":
            x = x * self.paint + (self.known + self.noise * sigma) * (1 - self.paint)
        t = timestep_of(program, sigma)
        d = self.estimate(x, sigma, t, self.positive)
        if self.case["guidance"] > 1:
            u = self.estimate(x, sigma, t, self.negative)
            d = u + self.case["guidance"] * (d - u)
        return d if self.paint is None else d * self.paint + self.known * (1 - self.paint)


def ancestral(a, b):
    up = min(b, (b**2 * (a**2 - b**2) / a**2) ** 0.5)
    return (b**2 - up**2) ** 0.5, up


def sample(name, model, x, sigmas, draw, between):
    old, last_h = None, None
    for a, b in zip(sigmas[:-1], sigmas[1:]):
        d = model(x, a)
        if name.startswith("euler_a"):
            down, up = ancestral(a, b)
            x = x + (x - d) / a * (down - a)
            x = x + draw() * up if b > 0 else x
        elif name.startswith("dpm2"):
            if b == 0:
                x = x + (x - d) / a * (b - a)
            else:
                middle = math.exp((math.log(a) + math.log(b)) / 2)
                half = x + (x - d) / a * (middle - a)
                x = x + (half - model(half, middle)) / middle * (b - a)
        elif name.startswith("dpmpp_2m_sde"):
            if b == 0:
                x = d
            else:
                h = math.log(a / b)
                x = b / a * math.exp(-h) * x + (1 - math.exp(-2 * h)) * d
                if old is not None:
                    x = x + 0.5 * (1 - math.exp(-2 * h)) * h / last_h * (d - old)
                x = x + between(a, b) * b * (1 - math.exp(-2 * h)) ** 0.5
                last_h = h
        elif name.startswith("dpmpp_2m"):
            h = math.log(a / b) if b > 0 else math.inf
            blend = d if old is None or b == 0 else d + (d - old) * h / (2 * last_h)
            x = b / a * x - (math.exp(-h) - 1) * blend
            last_h = h
        else:
            x = x + (x - d) / a * (b - a)
        old = d
    return x


def run_program(case, pipeline, picture, mask_pixels):
    program, seed = case["compatibility"], case["seed"]
    shape = (1, 4, case["height"] // 8, case["width"] // 8)
    origin = case.get("noise", "auto")
    on_card = origin == "gpu" or (program == "a1111" and origin == "auto")
    start = Stream(seed, on_card and program == "a1111")
    if program == "comfyui":
        steps = Stream(seed + 1, False) if origin == "cpu" else Stream(seed, True)
    else:
        steps = Stream(seed + case["ensd"], on_card) if case.get("ensd") else start
    sigmas, first = sigmas_of(case)
    noise = start.draw(shape).double()
    known = paint = None
    scale = pipeline.vae.config.scaling_factor
    if case["mode"] != "text-to-image":
        image = torch.from_numpy(picture).float().permute(2, 0, 1)[None] / 255 * 2 - 1
        known = (pipeline.vae.encode(image).latent_dist.mode() * scale).double()
    if case["mode"] == "inpaint":
        paint = latent_mask(case, mask_pixels).double()
    running = sigmas[first:]
    whole = program == "comfyui" and first == 0
    x = noise * ((running[0] ** 2 + 1) ** 0.5 if whole else running[0]) + (0 if known is None else known)
    between, restore = brownian(seed, running if program == "comfyui" else sigmas, shape, program == "a1111" and on_card)
    try:
        x = sample(case["scheduler"], Model(case, pipeline, known, paint, noise), x, running, lambda: steps.draw(shape).double(), lambda a, b: between(a, b).double())
    finally:
        restore()
    if paint is not None and program == "a1111":
        x = x * paint + known * (1 - paint)
    decoded = pipeline.vae.decode((x / scale).float(), return_dict=False)[0]
    return (decoded / 2 + 0.5).clamp(0, 1).mul(255).to(torch.uint8)[0].permute(1, 2, 0)[None].contiguous()
