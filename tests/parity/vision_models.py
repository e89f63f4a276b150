# SPDX-License-Identifier: Apache-2.0
"""Image encoders, IP-Adapters and pictures of the vision references; tests/parity/vision_models.cpp makes the same ones.

Encoders: "vision-l" quick GELU, "vision-h" GELU; tiny, with weights by synthetic.py under their transformers names behind "NAME/".
IP-Adapters: tensors under the names of the published files; values by synthetic.py from "NAME/TENSOR".
"""
import numpy
import torch
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

from synthetic import weight

ENCODERS = {
    "vision-l": dict(hidden_size=64, intermediate_size=256, num_hidden_layers=3, num_attention_heads=4, image_size=56, patch_size=14, projection_dim=48, hidden_act="quick_gelu"),
    "vision-h": dict(hidden_size=96, intermediate_size=192, num_hidden_layers=4, num_attention_heads=3, image_size=42, patch_size=7, projection_dim=80, hidden_act="gelu"),
}
ADAPTER_ENCODER = "vision-h"
RESAMPLER = dict(width=128, inner=128, depth=4, queries=5)


def encoder(name):
    model = CLIPVisionModelWithProjection(CLIPVisionConfig(**ENCODERS[name]))
    state = {key: weight(f"{name}/{key}", value.shape) for key, value in model.state_dict().items() if value.is_floating_point()}
    model.load_state_dict(state, strict=False)
    return model.eval()


def processor(side):
    return CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})


def noise_picture(name, width, height):
    """Bytes by rule: noise over a chequered ground. A fan-in of 12 leaves the rule's uniform numbers as they are."""
    count = width * height * 3
    noise = ((weight(f"picture/{name}", (-(-count // 12), 12)) + 0.5) * 128).to(torch.uint8).flatten()[:count].numpy().reshape(height, width, 3)
    y, x = numpy.mgrid[0:height, 0:width]
    return noise + (((x // 5 + y // 9) % 2)[..., None] * numpy.array([127, 76, 25])).astype(numpy.uint8)


def projection_shapes(kind, context):
    config = ENCODERS[ADAPTER_ENCODER]
    if kind == "plain":
        return {"proj.weight": (4 * context, config["projection_dim"]), "proj.bias": (4 * context,), "norm.weight": (context,), "norm.bias": (context,)}
    if kind == "full":
        inner = config["hidden_size"]
        return {"proj.0.weight": (inner, inner), "proj.0.bias": (inner,), "proj.2.weight": (context, inner), "proj.2.bias": (context,), "proj.3.weight": (context,), "proj.3.bias": (context,)}
    width, inner = RESAMPLER["width"], RESAMPLER["inner"]
    shapes = {"latents": (1, RESAMPLER["queries"], width), "proj_in.weight": (width, config["hidden_size"]), "proj_in.bias": (width,), "proj_out.weight": (context, width),
              "proj_out.bias": (context,), "norm_out.weight": (context,), "norm_out.bias": (context,)}
    for layer in range(RESAMPLER["depth"]):
        shapes |= {f"layers.{layer}.0.norm1.weight": (width,), f"layers.{layer}.0.norm1.bias": (width,), f"layers.{layer}.0.norm2.weight": (width,),
                   f"layers.{layer}.0.norm2.bias": (width,), f"layers.{layer}.0.to_q.weight": (inner, width), f"layers.{layer}.0.to_kv.weight": (2 * inner, width),
                   f"layers.{layer}.0.to_out.weight": (width, inner), f"layers.{layer}.1.0.weight": (width,), f"layers.{layer}.1.0.bias": (width,),
                   f"layers.{layer}.1.1.weight": (4 * width, width), f"layers.{layer}.1.3.weight": (width, 4 * width)}
    return shapes


def projection(name, kind, context):
    return {key: weight(f"{name}/image_proj.{key}", shape) for key, shape in projection_shapes(kind, context).items()}


def ip_adapter(name, kind, unet):
    """The two parts of a published file, for a UNet of diffusers: its attention processors are in the order that the numbers follow."""
    context = unet.config.cross_attention_dim
    layers = {}
    for number, key in enumerate(unet.attn_processors):
        if key.endswith("attn2.processor"):
            width = unet.get_submodule(key.removesuffix(".processor")).to_q.weight.shape[0]
            for part in ("to_k_ip", "to_v_ip"):
                tensor = f"{number}.{part}.weight"
                layers[tensor] = weight(f"{name}/ip_adapter.{tensor}", (width, context))
    return {"image_proj": projection(name, kind, context), "ip_adapter": layers}
