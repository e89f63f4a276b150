# SPDX-License-Identifier: Apache-2.0
"""Writes references/pipelines*.safetensors: final 8-bit pictures of whole diffusers pipelines in float32 on the CPU.

Each case is a line of metadata ("key=value;…", read by pipeline_parity.cpp) and a uint8 tensor [images, height, width, 3]; source pictures and
masks are stored once per size; of equal results one is stored, and "pictures" names the case that has it. Encoding takes the mean of the posterior, so that no draw is spent on it; each image of a batch has its own
generator, seeded with the job's seed plus its index; a refiner goes on with it. To be run again whenever the starter model changes.

Usage: make_pipeline_references.py bpe_simple_vocab_16e6.txt.gz [files|few-steps|samplers|sdxl|sd1|refiner|guidance|programs|image-prompts …]
(torch 2.11, diffusers 0.42, transformers 5, safetensors, pillow)
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
from diffusers.pipelines.stable_diffusion import pipeline_stable_diffusion_img2img, pipeline_stable_diffusion_inpaint
from diffusers.pipelines.stable_diffusion_xl import pipeline_stable_diffusion_xl_img2img, pipeline_stable_diffusion_xl_inpaint
from diffusers.pipelines.pag import pipeline_pag_sd_img2img, pipeline_pag_sd_inpaint, pipeline_pag_sd_xl_img2img, pipeline_pag_sd_xl_inpaint
from PIL import Image
from safetensors.torch import save_file

from guidance_reference import guided, with_pag
from image_prompts import load_image_prompts
from long_prompts import PROMPTS, embed
from pipeline_models import STARTER, make_pipeline, make_refiner_pipeline, refiner_networks, tiny_vae
from program_reference import COMFY_PROMPTS, run_program
from scheduler_reference import NAMES, draw_sde_noise_from, pipeline_options

PROMPT = "a red house with a blue roof on grass, a blue sky, a sun"
NEGATIVE = "a tree in the snow, night"
DEFAULTS = dict(model="starter", mode="text-to-image", width=64, height=64, scheduler="euler", steps=8, guidance=5.0, strength=1.0, seed=11, images=1,
                prompt=PROMPT, negative="", skip=0)


def sdxl_cases():
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


def sd1_cases():
    odd = dict(width=72, height=88, scheduler="dpmpp_2m_karras", steps=10)
    for model in ("sd1-single", "sd1-folder"):
        yield f"{model}/text-to-image", dict(odd, model=model)
        yield f"{model}/image-to-image", dict(odd, model=model, mode="image-to-image", strength=0.6)
        yield f"{model}/inpaint", dict(odd, model=model, mode="inpaint", strength=0.6)
        yield f"{model}/inpaint-9", dict(odd, model=model + "-inpaint", mode="inpaint")
        yield f"{model}/inpaint-9-partly", dict(odd, model=model + "-inpaint", mode="inpaint", strength=0.6)
        yield f"{model}/v-prediction", dict(model=model + "-v", scheduler="ddim")
    for index, name in enumerate(("euler_a", "dpmpp_2m_sde_karras", "ddim", "unipc", "lcm", "euler_trailing", "pndm", "heun", "lms_karras", "deis")):
        yield f"sd1-scheduler/{name}", dict(model="sd1-single", scheduler=name, seed=300 + index)
    single = dict(model="sd1-single", negative=NEGATIVE)
    for skip in (0, 1, 2):
        yield f"sd1-clip-skip/{skip}", dict(single, skip=skip)
        yield f"sd1-prompt/weighted-skip-{skip}", dict(single, prompt="weighted", skip=skip)
    yield "sd1-clip-skip/image-to-image", dict(single, mode="image-to-image", strength=0.7, skip=1)
    yield "sd1-prompt/long", dict(single, prompt="long")
    yield "sd1-prompt/long-weighted", dict(single, prompt="long-weighted")
    yield "sd1-prompt/long-negative", dict(single, negative="long-weighted")
    yield "sd1-prompt/break", dict(single, prompt="break", negative="")
    yield "sd1-negative/empty", dict(single, negative="")
    yield "sd1-empty-prompt", dict(single, prompt="", negative="")
    yield "sd1-guidance-1", dict(single, guidance=1.0)
    for mode in ("image-to-image", "inpaint"):
        for strength in (0.3, 1.0):
            yield f"sd1-{mode}/strength-{strength}", dict(single, mode=mode, strength=strength, steps=10)
    for mode in ("text-to-image", "image-to-image", "inpaint"):
        yield f"sd1-batch/{mode}", dict(single, mode=mode, images=2, strength=0.6, steps=10, scheduler="euler_a")
    yield "sd1-batch/inpaint-9", dict(single, model="sd1-single-inpaint", mode="inpaint", images=2, scheduler="dpmpp_2m_sde_karras")


def refiner_cases():
    odd = dict(width=72, height=88, scheduler="dpmpp_2m_karras", steps=10)
    for model in ("refiner", "refiner-single"):
        yield f"{model}/image-to-image", dict(odd, model=model, mode="image-to-image", strength=0.6)
    alone = dict(model="refiner", mode="image-to-image", strength=0.6)
    yield "refiner/scores", dict(alone, score=8.5, negative_score=1.25, negative=NEGATIVE)
    yield "refiner/guidance-1", dict(alone, guidance=1.0)
    yield "refiner/clip-skip", dict(alone, skip=1, negative=NEGATIVE)
    yield "refiner/strength-1", dict(alone, strength=1.0, scheduler="euler_a")
    yield "refiner/batch", dict(alone, images=2, scheduler="dpmpp_2m_sde_karras")
    yield "refiner/inpaint", dict(alone, mode="inpaint", strength=0.8)
    for index, name in enumerate(("euler", "euler_a", "euler_karras", "dpmpp_2m", "dpmpp_2m_karras", "dpmpp_2m_sde_karras", "ddim", "ddim_trailing", "unipc", "lcm", "deis")):
        yield f"hand-off/{name}", dict(refiner="refiner", switch=0.8, scheduler=name, steps=12, seed=400 + index)
    for switch in (0.1, 0.35, 0.6, 0.95):
        yield f"hand-off-at/{switch}", dict(odd, model="folder", refiner="refiner", switch=switch)
    euler = dict(model="folder", refiner="refiner", switch=0.7, steps=10)
    yield "hand-off/image-to-image", dict(euler, mode="image-to-image", strength=0.6, width=72, height=88)
    yield "hand-off/image-to-image-full", dict(euler, mode="image-to-image", strength=1.0, scheduler="dpmpp_2m_karras")
    yield "hand-off/inpaint", dict(euler, mode="inpaint", strength=0.6, width=72, height=88)
    yield "hand-off/inpaint-full", dict(euler, mode="inpaint", scheduler="dpmpp_2m_sde_karras")
    yield "hand-off/inpaint-9", dict(euler, model="folder-inpaint", mode="inpaint", strength=0.8)
    yield "hand-off/inpaint-9-full", dict(euler, model="folder-inpaint", mode="inpaint", scheduler="euler_a")
    yield "hand-off/negative", dict(euler, negative=NEGATIVE)
    yield "hand-off/guidance-1", dict(euler, guidance=1.0)
    yield "hand-off/clip-skip", dict(euler, skip=1)
    yield "hand-off/scores", dict(euler, score=8.5, negative_score=1.25)
    yield "hand-off/no-step-left", dict(euler, switch=0.9, steps=4, scheduler="euler_trailing")
    yield "hand-off/v-zero-snr", dict(euler, model="starter-v", scheduler="euler_trailing")
    yield "hand-off/to-base-model", dict(euler, model="starter", refiner="folder")
    yield "hand-off-prompt/weighted", dict(euler, prompt="weighted", negative=NEGATIVE)
    yield "hand-off-prompt/long-weighted", dict(euler, prompt="long-weighted", skip=1)
    yield "hand-off-prompt/long-negative", dict(euler, negative="long")
    yield "refiner/long-weighted", dict(alone, prompt="long-weighted")
    for mode in ("text-to-image", "inpaint"):
        yield f"hand-off-batch/{mode}", dict(euler, mode=mode, images=2, scheduler="euler_a", strength=0.8)


def sampler_cases():
    """Samplers and spacings that sdxl_cases leaves out. LMS and PNDM are compared at full strength only, DPM2 and DPM++ SDE without blending: see our
    headers. Plain DPM2 has 20 steps: its picture of 8 changes by 1 of 255 when the reference's own timesteps move by 4e-5."""
    for index, name in enumerate(("heun", "heun_karras", "dpm2", "dpm2_karras", "dpm2_a", "dpmpp_sde", "dpmpp_sde_karras", "lms", "lms_karras", "deis", "pndm", "tcd",
                                  "lcm_trailing", "euler_linspace", "dpmpp_2m_linspace", "unipc_linspace")):
        yield f"sampler/{name}", dict(scheduler=name, seed=500 + index, steps=20 if name == "dpm2" else 8)
    for name in ("euler_ays", "dpmpp_2m_ays"):
        yield f"sampler/{name}", dict(scheduler=name, steps=10, seed=530)
    partly = dict(model="folder", strength=0.6, steps=10)
    for index, name in enumerate(("heun", "dpm2", "dpm2_a", "dpmpp_sde_karras", "deis", "tcd")):
        yield f"sampler-image-to-image/{name}", dict(partly, mode="image-to-image", scheduler=name, seed=540 + index)
    for index, name in enumerate(("heun", "heun_karras", "deis", "tcd")):
        yield f"sampler-inpaint/{name}", dict(partly, mode="inpaint", scheduler=name, seed=560 + index)
    yield "guidance-rescale/v-zero-snr", dict(model="starter-v", scheduler="euler_trailing", rescale=0.7, negative=NEGATIVE, seed=570)
    yield "guidance-rescale/epsilon", dict(model="folder", scheduler="dpmpp_2m", rescale=1.0, seed=571)
    yield "sampler-batch/dpm2_a", dict(images=2, scheduler="dpm2_a", seed=580)
    yield "sampler-inpaint-9/heun", dict(model="starter-inpaint", mode="inpaint", scheduler="heun", seed=581)


def few_step_cases():
    """Distilled models and LoRAs differ from others in their weights alone; what is compared is what they ask of the pipeline."""
    for steps in (2, 4, 8):
        yield f"lightning/{steps}-steps", dict(scheduler="euler_trailing", steps=steps, guidance=1.0, width=104, height=136, seed=600 + steps)
    yield "lightning/1-step", dict(scheduler="euler_trailing", steps=1, guidance=1.0, prediction="sample", seed=609)
    yield "lightning/batch", dict(scheduler="euler_trailing", steps=4, guidance=1.0, images=2, seed=610)
    yield "lightning/image-to-image", dict(mode="image-to-image", scheduler="euler_trailing", steps=8, guidance=1.0, strength=0.6, seed=611)
    yield "lightning/inpaint", dict(mode="inpaint", scheduler="euler_trailing", steps=4, guidance=1.0, seed=612)
    yield "lightning/inpaint-9", dict(model="starter-inpaint", mode="inpaint", scheduler="euler_trailing", steps=4, guidance=1.0, seed=613)
    for steps in (1, 4):
        yield f"turbo/{steps}-steps", dict(scheduler="euler_a_trailing", steps=steps, guidance=1.0, seed=620 + steps)
    for steps in (2, 4, 8):
        yield f"lcm/{steps}-steps", dict(scheduler="lcm", steps=steps, guidance=1.5, seed=630 + steps)
    for guidance in (1.0, 8.0):
        yield f"lcm-embedded/guidance-{guidance:g}", dict(model="folder-lcm", scheduler="lcm", steps=4, guidance=guidance, width=72, height=88, seed=640)
    yield "lcm-embedded/negative", dict(model="folder-lcm", scheduler="lcm", steps=4, guidance=8.0, negative=NEGATIVE, seed=641)
    yield "lcm-embedded/image-to-image", dict(model="folder-lcm", mode="image-to-image", scheduler="lcm", steps=8, guidance=8.0, strength=0.6, seed=642)
    yield "lcm-embedded/inpaint", dict(model="folder-lcm", mode="inpaint", scheduler="lcm", steps=4, guidance=5.5, seed=643)
    yield "lcm-embedded/sd1", dict(model="sd1-folder-lcm", scheduler="lcm", steps=4, guidance=8.5, seed=644)
    yield "lcm-embedded/sd1-image-to-image", dict(model="sd1-folder-lcm", mode="image-to-image", scheduler="lcm", steps=8, guidance=8.5, strength=0.6, seed=645)
    for steps in (2, 4, 8):
        yield f"hyper/{steps}-steps", dict(scheduler="ddim_trailing", steps=steps, guidance=1.0, seed=650 + steps)
    yield "hyper/cfg-8-steps", dict(scheduler="ddim_trailing", steps=8, guidance=5.0, negative=NEGATIVE, seed=660)
    yield "hyper/1-step-unet", dict(scheduler="lcm_hyper", steps=1, guidance=1.0, seed=661)
    for steps in (1, 4):
        yield f"hyper/unified-{steps}-steps", dict(scheduler="tcd_eta1", steps=steps, guidance=1.0, seed=662 + steps)
    yield "tcd/4-steps", dict(scheduler="tcd", steps=4, guidance=1.0, seed=670)
    yield "dmd2/4-steps", dict(scheduler="lcm_trailing", steps=4, guidance=1.0, seed=671)
    yield "told/v-prediction", dict(scheduler="euler_trailing", prediction="v_prediction", zero_snr=False, seed=680)
    yield "told/v-zero-snr", dict(scheduler="ddim_trailing", prediction="v_prediction", zero_snr=True, seed=681)
    yield "told/epsilon", dict(model="folder-v", scheduler="euler", prediction="epsilon", zero_snr=False, seed=682)


def file_cases():
    """Other ways in which a model's parts are stored, and other VAEs in the place of its own."""
    for model in ("starter-fp8", "starter-fp8-e5m2", "starter-fp8-scaled"):
        yield f"{model}/text-to-image", dict(model=model, scheduler="dpmpp_2m_karras", width=104, height=136, seed=700)
        yield f"{model}/inpaint", dict(model=model, mode="inpaint", strength=0.8, negative=NEGATIVE, seed=701)
    odd = dict(width=72, height=88, scheduler="dpmpp_2m_karras", steps=6)
    for model in ("folder", "sd1-folder"):
        yield f"taesd/{model}", dict(odd, model=model, vae="taesd")
        yield f"taesd/{model}-image-to-image", dict(odd, model=model, vae="taesd", mode="image-to-image", strength=0.6)
        yield f"taesd/{model}-inpaint", dict(odd, model=model, vae="taesd", mode="inpaint", strength=0.8)
    yield "vae/folder", dict(odd, model="folder", vae="refiner")
    yield "vae/image-to-image", dict(odd, model="folder", vae="refiner", mode="image-to-image", strength=0.6)
    yield "vae/inpaint-9", dict(odd, model="folder-inpaint", vae="refiner", mode="inpaint")


def guidance_cases():
    odd = dict(model="folder", width=72, height=88, scheduler="dpmpp_2m_karras")
    yield "pag/text-to-image", dict(pag=3.0)
    yield "pag/negative", dict(pag=2.0, negative=NEGATIVE, scheduler="euler_a")
    yield "pag/guidance-1", dict(pag=3.0, guidance=1.0)
    yield "pag/adaptive", dict(pag=3.0, pag_adaptive=0.006)
    yield "pag/batch", dict(pag=3.0, images=2)
    yield "pag/odd-size", dict(odd, pag=3.0)
    yield "pag/layers", dict(odd, pag=2.0, pag_layers="down_blocks.1.attentions.0,up_blocks.0")
    yield "pag/rescale", dict(pag=3.0, rescale=0.7)
    yield "pag/two-calls", dict(pag=3.0, scheduler="heun")
    for mode in ("image-to-image", "inpaint"):
        yield f"pag/{mode}", dict(odd, pag=3.0, mode=mode, strength=0.6, steps=10)
    yield "pag/inpaint-9", dict(model="starter-inpaint", mode="inpaint", pag=3.0)
    for mode in ("text-to-image", "image-to-image", "inpaint"):
        yield f"pag/sd1-{mode}", dict(model="sd1-single", mode=mode, pag=3.0, strength=0.6, steps=10)
    yield "pag/sd1-inpaint-9", dict(model="sd1-single-inpaint", mode="inpaint", pag=3.0)
    yield "pag/sd1-guidance-1", dict(model="sd1-single", pag=3.0, guidance=1.0)
    yield "pag/hand-off", dict(model="folder", refiner="refiner", switch=0.7, steps=10, pag=2.0)
    free = dict(freeu="1.3,1.4,0.9,0.2")
    yield "freeu/text-to-image", free
    yield "freeu/odd-size", dict(odd, **free)
    yield "freeu/guidance-1", dict(free, guidance=1.0)
    yield "freeu/inpaint", dict(odd, **free, mode="inpaint", strength=0.6, steps=10)
    yield "freeu/inpaint-9", dict(free, model="starter-inpaint", mode="inpaint")
    yield "freeu/sd1", dict(model="sd1-single", freeu="1.5,1.6,0.9,0.2")
    yield "freeu/pag", dict(free, pag=3.0)
    yield "freeu/hand-off", dict(free, model="folder", refiner="refiner", switch=0.7, steps=10)
    for model in ("starter", "folder", "sd1-single"):
        yield f"freeu-2/{model}", dict(free, model=model, freeu_version=2)
    yield "freeu-2/odd-size", dict(odd, **free, freeu_version=2)
    sharp = dict(sharpness=20.0, guidance=7.0)
    yield "fooocus/sharpness", sharp
    yield "fooocus/sharpness-odd-size", dict(sharp, **odd)
    yield "fooocus/sharpness-v", dict(sharp, model="starter-v", scheduler="ddim_trailing")
    yield "fooocus/sharpness-sd1", dict(sharp, model="sd1-single")
    yield "fooocus/adaptive", dict(guidance=12.0, adaptive=7.0)
    yield "fooocus/adaptive-below", dict(guidance=5.0, adaptive=7.0)
    yield "fooocus/adm", dict(adm=1, width=128, height=192, steps=6)
    yield "fooocus/adm-guidance-1", dict(adm=1, guidance=1.0)
    whole = dict(sharpness=30.0, adaptive=3.0, adm=1, guidance=6.0, negative=NEGATIVE)
    yield "fooocus/text-to-image", dict(whole, width=136, height=104)
    yield "fooocus/image-to-image", dict(whole, **odd, mode="image-to-image", strength=0.6, steps=10)
    yield "fooocus/inpaint", dict(whole, **odd, mode="inpaint", strength=0.6, steps=10)
    yield "fooocus/inpaint-9", dict(whole, model="starter-inpaint", mode="inpaint", scheduler="ddim")


def program_cases():
    """With SDE samplers also the last digit of a level shows: a Brownian tree moves by the root of what it is off by."""
    for program in ("a1111", "comfyui"):
        for index, name in enumerate(("euler", "euler_a", "dpmpp_2m_karras", "dpm2", "euler_a_karras", "dpmpp_2m_simple")):
            yield f"{program}/{name}", dict(compatibility=program, scheduler=name, seed=600 + index, negative=NEGATIVE if index % 2 else "")
        for index, name in enumerate(("dpmpp_2m_sde_karras", "dpmpp_2m_sde_simple", "dpmpp_2m_sde")):
            yield f"{program}/{name}", dict(compatibility=program, scheduler=name, seed=700 + index)
        yield f"{program}/{name}-cpu-noise", dict(compatibility=program, scheduler=name, noise="cpu", seed=710)
        yield f"{program}/cpu-noise", dict(compatibility=program, scheduler="euler_a", noise="cpu", seed=620)
        part = dict(compatibility=program, model="folder", width=72, height=88, steps=10, strength=0.6)
        for name in ("euler_a", "dpmpp_2m_karras", "dpmpp_2m_sde_karras"):
            yield f"{program}/image-to-image-{name}", dict(part, mode="image-to-image", scheduler=name, seed=630)
            yield f"{program}/inpaint-{name}", dict(part, mode="inpaint", scheduler=name, seed=640)
        yield f"{program}/image-to-image-full", dict(part, mode="image-to-image", strength=1.0, seed=650)
        yield f"{program}/clip-skip", dict(compatibility=program, skip=2, scheduler="euler", seed=660)
        single = dict(compatibility=program, model="sd1-single", seed=670)
        yield f"{program}/sd1", single
        yield f"{program}/sd1-clip-skip", dict(single, skip=1, negative=NEGATIVE, scheduler="dpmpp_2m_karras")
        yield f"{program}/guidance-1", dict(single, guidance=1.0)
    yield "a1111/eta-noise-seed-delta", dict(compatibility="a1111", scheduler="euler_a", ensd=31337, seed=680)
    yield "a1111/long-prompt", dict(compatibility="a1111", prompt="long-weighted", negative=NEGATIVE, seed=681)
    yield "a1111/weighted", dict(compatibility="a1111", prompt="weighted", seed=682)
    for prompt in COMFY_PROMPTS:
        yield f"comfyui/{prompt}", dict(compatibility="comfyui", prompt=prompt, negative=NEGATIVE, seed=690)
        yield f"comfyui/sd1-{prompt}", dict(compatibility="comfyui", model="sd1-single", prompt=prompt, negative=NEGATIVE, seed=691)


def image_prompt_cases():
    plain, plus, full = "plain,0.8,0,1,96x64", "plus,0.7,0,1,50x80", "full,0.6,0,1,64x64"
    for model in ("folder", "sd1-folder"):
        for kind, field in (("plain", plain), ("plus", plus), ("full", full)):
            yield f"{model}-reference/{kind}", dict(model=model, references=field, negative=NEGATIVE)
        yield f"{model}-reference/two", dict(model=model, references=f"{plain}|plus,0.5,0,1,80x60", width=72, height=88)
        yield f"{model}-reference/two-of-a-kind", dict(model=model, references="plain,0.5,0,1,96x64|plain,0.9,0,1,31x77", scheduler="dpmpp_2m_karras")
        yield f"{model}-reference/strong", dict(model=model, references="plus,1.5,0,1,120x40")
        yield f"{model}-reference/image-to-image", dict(model=model, references=plain, mode="image-to-image", strength=0.6, steps=10)
        yield f"{model}-reference/inpaint", dict(model=model, references=plus, mode="inpaint", strength=0.8, steps=10)
        yield f"{model}-reference/inpaint-9", dict(model=model + "-inpaint", references=plain, mode="inpaint")
    yield "reference/guidance-1", dict(model="folder", references=plus, guidance=1.0)
    yield "reference/first-half", dict(model="folder", references="plain,0.8,0,0.5,96x64", steps=8)
    yield "reference/last-half", dict(model="sd1-folder", references="plus,0.8,0.5,1,96x64", steps=8)
    yield "reference/first-half-of-image-to-image", dict(model="folder", references="plus,0.8,0,0.5,96x64", mode="image-to-image", strength=0.6, steps=10)
    yield "reference/one-after-another", dict(model="folder", references="plain,0.8,0,0.5,96x64|plus,0.8,0.5,1,96x64", steps=8)
    yield "reference/batch", dict(model="folder", references=plain, images=2, scheduler="euler_a")
    yield "reference/starter", dict(references=plain)


GROUPS = {"files": ("pipelines_files", file_cases), "few-steps": ("pipelines_few_steps", few_step_cases), "samplers": ("pipelines_samplers", sampler_cases), "sdxl": ("pipelines", sdxl_cases),
          "sd1": ("pipelines_sd1", sd1_cases), "refiner": ("pipelines_refiner", refiner_cases), "guidance": ("pipelines_guidance", guidance_cases), "programs": ("pipelines_programs", program_cases),
          "image-prompts": ("pipelines_image_prompts", image_prompt_cases)}


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
        return encoder_output.latents if hasattr(encoder_output, "latents") else encoder_output.latent_dist.mode()

    for module in (pipeline_stable_diffusion_img2img, pipeline_stable_diffusion_inpaint, pipeline_stable_diffusion_xl_img2img,
                   pipeline_stable_diffusion_xl_inpaint, pipeline_pag_sd_img2img, pipeline_pag_sd_inpaint, pipeline_pag_sd_xl_img2img,
                   pipeline_pag_sd_xl_inpaint):
        module.retrieve_latents = retrieve_latents


def prompt_options(case, pipeline):
    """Prompts by their text, or as embeddings where the reference pipeline cannot read them: weights, BREAK and more than 75 tokens."""
    skip = case["skip"] or None
    if case["prompt"] not in PROMPTS and case["negative"] not in PROMPTS:
        return dict(prompt=case["prompt"], negative_prompt=case["negative"] or None, clip_skip=skip)
    return embed(pipeline, case["prompt"], case["negative"], case["skip"])


def run_base(case, merges_path, generators, **more):
    pipeline = make_pipeline(case["model"], case["mode"], case["scheduler"], merges_path, case.get("prediction"), case.get("zero_snr"))
    if "vae" in case:
        pipeline.register_modules(vae=tiny_vae() if case["vae"] == "taesd" else refiner_networks()[0])
    pipeline, perturbation = with_pag(pipeline, case)
    more |= perturbation
    size = (case["width"], case["height"])
    options = dict(prompt_options(case, pipeline), num_inference_steps=case["steps"], guidance_scale=case["guidance"], num_images_per_prompt=case["images"],
                   generator=generators, **pipeline_options(case["scheduler"], case["steps"]), **more)
    if "rescale" in case:
        options |= dict(guidance_rescale=case["rescale"])
    draw_sde_noise_from(generators[0])
    if case["mode"] != "image-to-image":
        options |= dict(width=size[0], height=size[1])
    if case["mode"] != "text-to-image":
        options |= dict(image=Image.fromarray(picture(*size)), strength=case["strength"])
    if case["mode"] == "inpaint":
        options |= dict(mask_image=Image.fromarray(mask(*size)))
    if case["model"].startswith("refiner"):
        options |= scores(case)
    if "references" in case:
        options |= load_image_prompts(pipeline, case["references"], case["steps"] if case["mode"] == "text-to-image" else int(case["steps"] * case["strength"]))
    with guided(pipeline, case):
        return pipeline, pipeline(**options).images


def scores(case):
    return {key: case[name] for key, name in (("aesthetic_score", "score"), ("negative_aesthetic_score", "negative_score")) if name in case}


def run_handoff(case, merges_path, generators):
    """denoising_end and denoising_start with the same generators. A model of four channels is finished by the inpaint pipeline, as the reference's
    documentation shows; one of nine by image-to-image, since it was not blended either."""
    base, latents = run_base(case, merges_path, generators, denoising_end=case["switch"], output_type="latent")
    mode = "inpaint" if case["mode"] == "inpaint" and base.unet.config.in_channels == 4 else "image-to-image"
    if case["refiner"].startswith("refiner"):
        refiner = make_refiner_pipeline(mode, case["scheduler"], merges_path, base.vae)
    else:
        refiner = make_pipeline(case["refiner"], mode, case["scheduler"], merges_path)
        refiner.register_modules(vae=base.vae)
    refiner, perturbation = with_pag(refiner, case)
    options = dict(prompt_options(case, refiner), image=latents, num_inference_steps=case["steps"], guidance_scale=case["guidance"],
                   num_images_per_prompt=case["images"], denoising_start=case["switch"], output_type="np", generator=generators, **scores(case), **perturbation)
    if mode == "inpaint":
        options |= dict(mask_image=Image.fromarray(mask(case["width"], case["height"])), width=case["width"], height=case["height"])
    with guided(refiner, case):
        return refiner(**options).images


def run(case, merges_path):
    generators = [torch.Generator().manual_seed(case["seed"] + k) for k in range(case["images"])]
    with torch.inference_mode():
        if "compatibility" in case:
            size = (case["width"], case["height"])
            return run_program(case, make_pipeline(case["model"], case["mode"], "euler", merges_path), picture(*size), mask(*size))
        images = run_handoff(case, merges_path, generators) if "refiner" in case else run_base(case, merges_path, generators, output_type="np")[1]
    return torch.from_numpy(numpy.ascontiguousarray((images * 255).round().astype(numpy.uint8)))


def write_references(file_name, cases, run_case, merges_path, more_tensors=lambda case: {}):
    metadata = {"torch": torch.__version__.split("+")[0], "diffusers": diffusers.__version__, "transformers": transformers.__version__,
                "starter-crc32": str(zlib.crc32(STARTER.read_bytes()))}
    tensors, stored = {}, {}
    for name, options in cases():
        case = DEFAULTS | options
        texts = PROMPTS | COMFY_PROMPTS
        shown = case | {key: texts[case[key]][0] for key in ("prompt", "negative") if case[key] in texts}
        images = run(case, merges_path)
        tensors |= more_tensors(case)
        shown["pictures"] = stored.setdefault(images.numpy().tobytes(), name)
        tensors["images/" + shown["pictures"]] = images
        metadata["case/" + name] = ";".join(f"{key}={value}" for key, value in shown.items())
        size = (case["width"], case["height"])
        if case["mode"] != "text-to-image":
            tensors[f"picture/{size[0]}x{size[1]}"] = torch.from_numpy(picture(*size))
            tensors[f"mask/{size[0]}x{size[1]}"] = torch.from_numpy(mask(*size))
        values = images.float()
        print(f"{name}: mean {values.mean():.1f} deviation {values.std():.1f} clipped {((values == 0) | (values == 255)).float().mean():.1%}", flush=True)
    path = pathlib.Path(__file__).resolve().parent / "references" / (file_name + ".safetensors")
    save_file(tensors, path, metadata)
    print(path, math.ceil(path.stat().st_size / 1024), "KiB")


def main(merges_path, groups):
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    use_posterior_mean()
    for group in groups or GROUPS:
        file_name, cases = GROUPS[group]
        write_references(file_name, cases, run, merges_path)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
