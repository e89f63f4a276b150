# SPDX-License-Identifier: Apache-2.0
"""Writes references/pipelines.safetensors: final 8-bit pictures of whole diffusers pipelines in float32 on the CPU.

Each case is a line of metadata ("key=value;…", read by pipeline_parity.cpp) and a uint8 tensor [images, height, width, 3]; source pictures and
masks are stored once per size. Encoding takes the mean of the posterior, so that no draw is spent on it; each image of a batch has its own
generator, seeded with the job's seed plus its index. To be run again whenever the starter model changes.

Usage: make_pipeline_references.py bpe_simple_vocab_16e6.txt.gz   (torch 2.11, diffusers 0.42, transformers 5, safetensors, pillow)
"""
import math
import pathlib
import sys
import warnings
import zlib

import diffusers
import numpy
import torch
import transformers
from diffusers.pipelines.stable_diffusion_xl import pipeline_stable_diffusion_xl_img2img, pipeline_stable_diffusion_xl_inpaint
from PIL import Image
from safetensors.torch import save_file

from pipeline_models import STARTER, make_pipeline
from scheduler_reference import NAMES

PROMPT = "a red house with a blue roof on grass, a blue sky, a sun"
NEGATIVE = "a tree in the snow, night"
DEFAULTS = dict(model="starter", mode="text-to-image", width=64, height=64, scheduler="euler", steps=8, guidance=5.0, strength=1.0, seed=11, images=1,
                prompt=PROMPT, negative="")


def cases():
    for index, name in enumerate(NAMES):
        yield f"scheduler/{name}", dict(scheduler=name, seed=100 + index)
        yield f"scheduler-inpaint/{name}", dict(model="folder", mode="inpaint", scheduler=name, strength=0.6, steps=10, seed=200 + index)
    for name in ("euler", "euler_trailing", "euler_a_trailing", "dpmpp_2m_karras", "dpmpp_2m_sde_trailing", "ddim_trailing", "unipc_trailing", "lcm"):
        yield f"v-zero-snr/{name}", dict(model="starter-v", scheduler=name, seed=31)
    for model in ("starter", "folder"):
        odd = dict(model=model, width=104, height=136, scheduler="dpmpp_2m_karras", steps=10)
        yield f"{model}/text-to-image", odd
        yield f"{model}/image-to-image", dict(odd, mode="image-to-image", strength=0.6)
        yield f"{model}/inpaint", dict(odd, mode="inpaint", strength=0.6)
        yield f"{model}/inpaint-9", dict(odd, model=model + "-inpaint", mode="inpaint")
        yield f"{model}/inpaint-9-partly", dict(odd, model=model + "-inpaint", mode="inpaint", strength=0.6)
    yield "folder/v-zero-snr", dict(model="folder-v", scheduler="ddim_trailing", width=72, height=88)
    yield "native-size", dict(width=128, height=128, steps=20, seed=3)
    yield "guidance-1", dict(guidance=1.0)
    yield "guidance-1-negative", dict(guidance=1.0, negative=NEGATIVE)
    yield "negative", dict(negative=NEGATIVE)
    yield "empty-prompt", dict(prompt="")
    yield "one-step", dict(scheduler="euler_trailing", steps=1, guidance=1.0)
    yield "large-seed", dict(seed=2**63 - 1)
    for mode in ("image-to-image", "inpaint"):
        for strength in (0.3, 1.0):
            yield f"{mode}/strength-{strength}", dict(mode=mode, strength=strength, steps=10, width=72, height=64)
    for mode in ("text-to-image", "image-to-image", "inpaint"):
        yield f"batch/{mode}", dict(mode=mode, images=3, strength=0.6, steps=10, scheduler="euler_a", negative=NEGATIVE)
    yield "batch/inpaint-9", dict(model="starter-inpaint", mode="inpaint", images=3, scheduler="dpmpp_2m_sde_karras")


def picture(width, height):
    """A meadow under a sky with a ball, as far as formulas go."""
    y, x = numpy.mgrid[0:height, 0:width]
    sky = (y < 0.55 * height)[..., None]
    image = numpy.where(sky, [120, 170, 230], [70, 150, 60]) + (20 * numpy.sin(x / 7.0) * numpy.cos(y / 5.0))[..., None]
    ball = ((x - 0.4 * width) ** 2 + (y - 0.6 * height) ** 2 < (0.18 * width) ** 2)[..., None]
    return numpy.where(ball, [220, 60, 50], image).clip(0, 255).astype(numpy.uint8)


def mask(width, height):
    y, x = numpy.mgrid[0:height, 0:width]
    inside = ((x - 0.55 * width) / (0.3 * width)) ** 2 + ((y - 0.5 * height) / (0.35 * height)) ** 2 < 1
    return (255 * inside).astype(numpy.uint8)


def use_posterior_mean():
    def retrieve_latents(encoder_output, generator=None, sample_mode="sample"):
        return encoder_output.latent_dist.mode()

    for module in (pipeline_stable_diffusion_xl_img2img, pipeline_stable_diffusion_xl_inpaint):
        module.retrieve_latents = retrieve_latents


def run(case, merges_path):
    pipeline = make_pipeline(case["model"], case["mode"], case["scheduler"], merges_path)
    size = (case["width"], case["height"])
    options = dict(prompt=case["prompt"], negative_prompt=case["negative"] or None, num_inference_steps=case["steps"], guidance_scale=case["guidance"],
                   num_images_per_prompt=case["images"], output_type="np",
                   generator=[torch.Generator().manual_seed(case["seed"] + k) for k in range(case["images"])])
    if case["mode"] != "image-to-image":
        options |= dict(width=size[0], height=size[1])
    if case["mode"] != "text-to-image":
        options |= dict(image=Image.fromarray(picture(*size)), strength=case["strength"])
    if case["mode"] == "inpaint":
        options |= dict(mask_image=Image.fromarray(mask(*size)))
    with torch.inference_mode():
        images = pipeline(**options).images
    return torch.from_numpy(numpy.ascontiguousarray((images * 255).round().astype(numpy.uint8)))


def main(merges_path):
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    use_posterior_mean()
    metadata = {"torch": torch.__version__.split("+")[0], "diffusers": diffusers.__version__, "transformers": transformers.__version__,
                "starter-crc32": str(zlib.crc32(STARTER.read_bytes()))}
    tensors = {}
    for name, options in cases():
        case = DEFAULTS | options
        metadata["case/" + name] = ";".join(f"{key}={value}" for key, value in case.items())
        tensors["images/" + name] = run(case, merges_path)
        size = (case["width"], case["height"])
        if case["mode"] != "text-to-image":
            tensors[f"picture/{size[0]}x{size[1]}"] = torch.from_numpy(picture(*size))
            tensors[f"mask/{size[0]}x{size[1]}"] = torch.from_numpy(mask(*size))
        values = tensors["images/" + name].float()
        print(f"{name}: mean {values.mean():.1f} deviation {values.std():.1f} clipped {((values == 0) | (values == 255)).float().mean():.1%}", flush=True)
    path = pathlib.Path(__file__).resolve().parent / "references" / "pipelines.safetensors"
    save_file(tensors, path, metadata)
    print(path, math.ceil(path.stat().st_size / 1024), "KiB")


if __name__ == "__main__":
    main(sys.argv[1])
