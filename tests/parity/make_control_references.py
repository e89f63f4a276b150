#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes references/blocks_controls.safetensors and references/pipelines_controls.safetensors: control networks alone, and whole diffusers pipelines with them.

A control of a case is written "model:type:weight:start:end:picture", several are joined by "|"; control pictures are stored once per size.

Usage: make_control_references.py bpe_simple_vocab_16e6.txt.gz [blocks|pictures …]
(torch 2.11, diffusers 0.42, transformers 5, safetensors, pillow)
"""
import importlib
import sys
import warnings

import diffusers
import numpy
import torch
from diffusers import MultiControlNetModel
from PIL import Image

import make_pipeline_references as pictures
from control_models import is_adapter, is_union, make_control
from make_block_references import sampled, save
from pipeline_models import make_pipeline, quiet
from scheduler_reference import draw_sde_noise_from, pipeline_options
from synthetic import input_tensor

TASKS = ("pose", "depth", "soft_edge", "line", "normal", "segment", "tile", "inpaint")
FORM = {"text-to-image": "", "image-to-image": "Img2Img", "inpaint": "Inpaint"}


def hint(name, batch, height, width):
    """Uniform in 0..1, the same in every row of the batch, as under guidance."""
    return (input_tensor(name, (1, 3, height, width)) / numpy.float32(12 ** 0.5) + 0.5).repeat(batch, 1, 1, 1)


def block_references():
    tensors = {}

    def keep(name, output):
        for index, residual in enumerate(output[0]):
            tensors[f"{name}/skip {index}"] = sampled(residual)
        tensors[f"{name}/middle"] = sampled(output[1])

    for name, height, width in (("cn-xl", 16, 24), ("cn-xl-mid", 9, 13), ("cn-xl-small", 9, 13), ("cn-sd1", 13, 8), ("cn-sd1-shuffle", 13, 8), ("cn-xl-lora", 8, 8)):
        keep(name, make_control(name)(input_tensor("input.x", (2, 4, height, width)), 499.25, input_tensor("input.context", (2, 77, 64 if "sd1" in name else 192)),
                                      hint("input.hint", 2, 8 * height, 8 * width), added_cond_kwargs=added("xl" in name), return_dict=False))
    for case, name, tasks, scales in (("union-1", "union", [3], [0.7]), ("union-2", "union", [1, 3], [0.7, 0.5]), ("promax-3", "union-promax", [0, 6, 7], [1.0, 0.25, 1.5])):
        net = make_control(name)
        types = torch.zeros(2, net.config.num_control_type)
        types[:, tasks] = 1
        hints = [hint(f"input.hint{k}", 2, 72, 104) for k in range(len(tasks))]
        keep(case, net(input_tensor("input.x", (2, 4, 9, 13)), 499.25, input_tensor("input.context", (2, 77, 192)), hints, types, tasks, scales,
                       added_cond_kwargs=added(True), return_dict=False))
    for name, height, width in (("t2i-xl", 96, 160), ("t2i-sd1", 72, 104), ("t2i-light", 72, 104)):
        picture = hint("input.hint", 1, height, width)
        if make_control(name).config.in_channels == 1:
            picture = picture[:, :1].repeat(1, 3, 1, 1)
            picture = (picture * 255).round() / 255
        for index, feature in enumerate(make_control(name)(picture[:, :make_control(name).config.in_channels])):
            tensors[f"{name}/feature {index}"] = sampled(feature)
    save("controls", tensors)


def added(is_xl):
    return {"text_embeds": input_tensor("input.pooled", (2, 64)), "time_ids": torch.tensor([[96.0, 128.0, 8.0, 16.0, 96.0, 144.0]] * 2)} if is_xl else None


def cases():
    xl, sd1 = dict(model="folder", width=72, height=88, steps=8, scheduler="dpmpp_2m_karras"), dict(model="sd1-folder", width=72, height=88, steps=8)
    one = "cn-xl:line:0.6:0:1:lines"
    for mode in FORM:
        part = dict(mode=mode, strength=0.6, steps=10)
        yield f"control/{mode}", dict(xl, **part, controls=one)
        yield f"control-sd1/{mode}", dict(sd1, **part, controls="cn-sd1:depth:0.8:0:1:depth")
        yield f"control-two/{mode}", dict(xl, **part, controls="cn-xl:line:0.4:0:1:lines|cn-xl-mid:depth:0.3:0:1:depth")
        yield f"control-union/{mode}", dict(xl, **part, controls="union:line:0.6:0:1:lines")
        yield f"control-union-two/{mode}", dict(xl, **part, controls="union-promax:depth:0.5:0:1:depth|union-promax:line:0.7:0:1:lines")
    yield "control/inpaint-9", dict(xl, model="folder-inpaint", mode="inpaint", controls=one)
    yield "control-sd1/inpaint-9", dict(sd1, model="sd1-folder-inpaint", mode="inpaint", strength=0.8, controls="cn-sd1:line:0.5:0:1:lines")
    yield "control-sd1/inpaint-type", dict(sd1, mode="inpaint", strength=0.8, controls="cn-sd1:inpaint:0.7:0:1:depth")
    yield "control-union/inpaint-type", dict(xl, mode="inpaint", strength=0.8, controls="union-promax:inpaint:0.7:0:1:depth")
    yield "control/single-file", dict(xl, controls="cn-xl-single:line:0.6:0:1:lines")
    yield "control-sd1/single-file", dict(sd1, model="sd1-single", controls="cn-sd1-single:line:0.6:0:1:lines")
    yield "control-sd1/difference", dict(sd1, controls="cn-sd1-difference:line:0.6:0:1:lines")
    yield "control-sd1/difference-single", dict(sd1, model="sd1-single", controls="cn-sd1-difference:line:0.6:0:1:lines")
    yield "control-sd1/shuffle", dict(sd1, controls="cn-sd1-shuffle:tile:0.6:0:1:depth")
    yield "control/lora", dict(xl, controls="cn-xl-lora:line:0.5:0:1:lines")
    yield "control/mid", dict(xl, controls="cn-xl-mid:depth:0.5:0:1:depth")
    yield "control/small", dict(xl, controls="cn-xl-small:depth:0.5:0:1:depth")
    yield "control/start-end", dict(xl, steps=10, controls="cn-xl:line:0.6:0.2:0.7:lines")
    yield "control/start-end-two", dict(xl, steps=10, controls="cn-xl:line:0.6:0:0.5:lines|cn-xl-small:depth:0.5:0.4:1:depth")
    yield "control/same-twice", dict(xl, controls="cn-xl:line:0.3:0:1:lines|cn-xl:depth:0.4:0:1:depth")
    yield "control/weight-0", dict(xl, controls="cn-xl:line:0:0:1:lines")
    yield "control/weight-1.4", dict(xl, controls="cn-xl:line:1.4:0:1:lines")
    yield "control/heun", dict(xl, scheduler="heun", controls="cn-xl:line:0.6:0.3:0.8:lines")
    yield "control/guidance-1", dict(xl, guidance=1.0, controls=one)
    yield "control/batch", dict(xl, images=2, scheduler="euler_a", negative=pictures.NEGATIVE, controls=one)
    for task in range(8):
        yield f"control-union-task/{TASKS[task]}", dict(xl, controls=f"union-promax:{TASKS[task]}:0.6:0:1:lines")
    yield "control-union/start-end", dict(xl, steps=10, controls="union:line:0.6:0.2:0.7:lines")
    yield "adapter/text-to-image", dict(xl, width=64, height=96, controls="t2i-xl:line:0.6:0:1:lines")
    yield "adapter/original", dict(xl, width=64, height=96, controls="t2i-xl-original:line:0.6:0:1:lines")
    yield "adapter/end", dict(xl, width=64, height=96, controls="t2i-xl:line:0.6:0:0.5:lines")
    yield "adapter-sd1/grey", dict(sd1, controls="t2i-sd1:line:0.6:0:1:lines")
    yield "adapter-sd1/original", dict(sd1, controls="t2i-sd1-original:line:0.6:0:1:lines")
    yield "adapter-sd1/light", dict(sd1, controls="t2i-light:depth:0.6:0:1:depth")
    yield "adapter-sd1/light-original", dict(sd1, controls="t2i-light-original:depth:0.6:0:1:depth")


def control_picture(name, width, height):
    y, x = numpy.mgrid[0:height, 0:width]
    if name == "lines":
        circle = abs(numpy.hypot(x - 0.45 * width, y - 0.55 * height) - 0.25 * width) < 1.2
        return (255 * (circle | (abs(y - 0.6 * height - 0.1 * x) < 1.0))[..., None].repeat(3, 2)).astype(numpy.uint8)
    shades = [255 * y / height, 255 * x / width, 127 + 120 * numpy.sin((x + y) / 9.0)]
    return numpy.stack(shades, 2).clip(0, 255).astype(numpy.uint8)


def parse(case):
    for text in case["controls"].split("|"):
        model, kind, weight, start, end, picture = text.split(":")
        yield model, kind, float(weight), float(start), float(end), picture


def picture_of(case, kind, name, hole):
    """An image, or with a hole where the type is inpaint: a tensor in the reference's range."""
    size = (case["width"], case["height"])
    array = control_picture(name, *size)
    if kind != "inpaint" or case["mode"] != "inpaint":
        return Image.fromarray(array)
    values = array.astype(numpy.float32) / 255
    values[pictures.mask(*size) >= 128] = hole
    return torch.from_numpy(values.transpose(2, 0, 1))[None]


def pipeline_with(case, controls, base):
    is_xl = not case["model"].startswith("sd1")
    parts = {key: value for key, value in base.components.items() if value is not None and key not in ("image_encoder", "feature_extractor")}
    more = dict(add_watermarker=False) if is_xl else dict(safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    if is_adapter(controls[0][0]):
        kind = diffusers.StableDiffusionXLAdapterPipeline if is_xl else diffusers.StableDiffusionAdapterPipeline
        more.pop("add_watermarker", None)
        return quiet(kind(**parts, adapter=make_control(controls[0][0]), **more))
    nets = [make_control(name) for name, *_ in controls]
    union = "Union" if is_union(controls[0][0]) else ""
    name = f"StableDiffusion{'XL' if is_xl else ''}ControlNet{union}{FORM[case['mode']]}Pipeline"
    net = nets[0] if union or len(nets) == 1 else MultiControlNetModel(nets)
    return quiet(getattr(diffusers, name)(**parts, controlnet=net, **more))


def control_options(case, controls):
    images = [picture_of(case, kind, name, 0.0 if is_union(model) else -1.0) for model, kind, _, _, _, name in controls]
    weights, starts, ends = ([control[k] for control in controls] for k in (2, 3, 4))
    image_key = "image" if case["mode"] == "text-to-image" else "control_image"
    if is_adapter(controls[0][0]):
        grey = make_control(controls[0][0]).config.in_channels == 1
        return dict(image=images[0].convert("L") if grey else images[0], adapter_conditioning_scale=weights[0], **(
            dict(adapter_conditioning_factor=ends[0]) if ends[0] < 1 else {}))
    if is_union(controls[0][0]):
        if len(controls) == 1:
            image_key = "control_image"
            return {image_key: images, "control_mode": [TASKS.index(controls[0][1])], "controlnet_conditioning_scale": weights[0],
                    "control_guidance_start": starts[0], "control_guidance_end": ends[0]}
        return {"control_image": images, "control_mode": [TASKS.index(control[1]) for control in controls], "controlnet_conditioning_scale": weights}
    if len(controls) == 1:
        return {image_key: images[0], "controlnet_conditioning_scale": weights[0], "control_guidance_start": starts[0], "control_guidance_end": ends[0]}
    return {image_key: images, "controlnet_conditioning_scale": weights, "control_guidance_start": starts, "control_guidance_end": ends}


def run(case, merges_path):
    generators = [torch.Generator().manual_seed(case["seed"] + k) for k in range(case["images"])]
    controls, size = list(parse(case)), (case["width"], case["height"])
    base = make_pipeline(case["model"], case["mode"], case["scheduler"], merges_path)
    pipeline = pipeline_with(case, controls, base)
    options = dict(pictures.prompt_options(case, base), num_inference_steps=case["steps"], guidance_scale=case["guidance"], num_images_per_prompt=case["images"],
                   generator=generators, output_type="np", **pipeline_options(case["scheduler"], case["steps"]), **control_options(case, controls))
    if is_adapter(controls[0][0]):
        options.pop("clip_skip", None)
    draw_sde_noise_from(generators[0])
    options |= dict(width=size[0], height=size[1])
    if case["mode"] != "text-to-image":
        options |= dict(image=Image.fromarray(pictures.picture(*size)), strength=case["strength"])
    if case["mode"] == "inpaint":
        options |= dict(mask_image=Image.fromarray(pictures.mask(*size)))
    with torch.inference_mode():
        images = pipeline(**options).images
    return torch.from_numpy(numpy.ascontiguousarray((images * 255).round().astype(numpy.uint8)))


def use_posterior_mean():
    pictures.use_posterior_mean()
    def retrieve_latents(encoder_output, generator=None, sample_mode="sample"):
        return encoder_output.latent_dist.mode()

    for family in ("", "_sd_xl"):
        for form in ("_img2img", "_inpaint"):
            name = f"pipeline_controlnet{family}{form}" if form == "_img2img" or not family else "pipeline_controlnet_inpaint_sd_xl"
            importlib.import_module("diffusers.pipelines.controlnet." + name).retrieve_latents = retrieve_latents
    for name in ("pipeline_controlnet_union_sd_xl_img2img", "pipeline_controlnet_union_inpaint_sd_xl"):
        importlib.import_module("diffusers.pipelines.controlnet." + name).retrieve_latents = retrieve_latents


def control_tensors(case):
    size = (case["width"], case["height"])
    return {f"control/{name}/{size[0]}x{size[1]}": torch.from_numpy(control_picture(name, *size)) for *_, name in parse(case)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    wanted = sys.argv[2:] or ["blocks", "pictures"]
    if "blocks" in wanted:
        with torch.inference_mode():
            block_references()
    if "pictures" in wanted:
        use_posterior_mean()
        pictures.write_references("pipelines_controls", cases, run, sys.argv[1], control_tensors)
