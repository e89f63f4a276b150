#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes references/blocks_*.safetensors: what diffusers and transformers compute for tiny networks with synthetic weights.

Weights and inputs come from their names (synthetic.py), so that only outputs are stored; large outputs are stored every n-th value (n in the metadata).
Run in an environment with torch 2.11, diffusers 0.42, transformers 5 and safetensors; float32 on the CPU.
"""
import pathlib

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, AutoencoderTiny, StableDiffusionXLPipeline, UNet2DConditionModel
from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.embeddings import get_timestep_embedding
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.transformers.transformer_2d import Transformer2DModel
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from synthetic import fill, input_tensor

REFERENCES = pathlib.Path(__file__).resolve().parent / "references"
MOST_VALUES = 1024  # stored of an intermediate output
GUIDANCE = 7.5  # the scale, of latent consistency models

CROSS_DOWN, PLAIN_DOWN, CROSS_UP, PLAIN_UP = "CrossAttnDownBlock2D", "DownBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"
SDXL = dict(
    sample_size=16, in_channels=4, out_channels=4, block_out_channels=[64, 128, 192], layers_per_block=2,
    down_block_types=[PLAIN_DOWN, CROSS_DOWN, CROSS_DOWN], up_block_types=[CROSS_UP, CROSS_UP, PLAIN_UP], transformer_layers_per_block=[1, 1, 2],
    attention_head_dim=[1, 2, 3], cross_attention_dim=96, use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=32,
    projection_class_embeddings_input_dim=256)
UNETS = {
    "sdxl": (SDXL, (2, 16, 24)),
    "inpaint_odd": ({**SDXL, "in_channels": 9}, (1, 13, 19)),
    "ssd": ({**SDXL, "mid_block_type": "UNetMidBlock2D", "transformer_layers_per_block": [1, 1, 2],
             "reverse_transformer_layers_per_block": [[1, 1, 3], [2, 1, 1], 1]}, (1, 12, 8)),
    "refiner": ({**SDXL, "block_out_channels": [64, 128, 128, 64], "down_block_types": [PLAIN_DOWN, CROSS_DOWN, CROSS_DOWN, PLAIN_DOWN],
                 "up_block_types": [PLAIN_UP, CROSS_UP, CROSS_UP, PLAIN_UP], "transformer_layers_per_block": 1, "attention_head_dim": [1, 2, 2, 1]}, (1, 9, 16)),
    "sd15": (dict(sample_size=16, in_channels=4, out_channels=4, block_out_channels=[64, 128, 192, 192], layers_per_block=2,
                  down_block_types=[CROSS_DOWN] * 3 + [PLAIN_DOWN], up_block_types=[PLAIN_UP] + [CROSS_UP] * 3, attention_head_dim=8,
                  cross_attention_dim=96), (1, 16, 8)),
    "lcm": ({**SDXL, "time_cond_proj_dim": 256}, (1, 8, 10)),
    "no_middle": ({**SDXL, "layers_per_block": 1, "mid_block_type": None, "attention_head_dim": [2, 4, 6]}, (1, 8, 11)),
}


def sampled(value):
    flat = value.detach().float().flatten()
    return flat[::max(1, flat.numel() // MOST_VALUES)].clone()


def save(name, tensors):
    metadata = {"diffusers": diffusers.__version__, "transformers": transformers.__version__, "torch": torch.__version__}
    save_file({key: value.detach().float().contiguous() for key, value in tensors.items()}, REFERENCES / f"blocks_{name}.safetensors", metadata)


def block_references():
    time = input_tensor("input.time", (2, 256))
    resnet = fill(ResnetBlock2D(in_channels=64, out_channels=96, temb_channels=256, groups=32, eps=1e-5), "resnet.")
    block = fill(BasicTransformerBlock(128, 2, 64, cross_attention_dim=96, activation_fn="geglu"), "transformer.transformer_blocks.0.")
    transformer = fill(Transformer2DModel(2, 64, in_channels=128, num_layers=2, cross_attention_dim=96, use_linear_projection=True, norm_num_groups=32), "transformer.")
    tokens, context = input_tensor("input.tokens", (2, 35, 128)), input_tensor("input.context", (2, 77, 96))
    save("single", {
        "timestep_embedding": get_timestep_embedding(torch.tensor([0.0, 1.0, 499.25, 999.0, 1536.0]), 320, flip_sin_to_cos=True, downscale_freq_shift=0),
        "resnet": resnet(input_tensor("input.x", (2, 64, 7, 5)), time),
        "attention1": sampled(block.attn1(tokens)),
        "attention2": sampled(block.attn2(tokens, encoder_hidden_states=context)),
        "feed_forward": sampled(block.ff(tokens)),
        "transformer_block": sampled(block(tokens, encoder_hidden_states=context)),
        "transformer": sampled(transformer(input_tensor("input.map", (2, 128, 7, 5)), encoder_hidden_states=context).sample),
    })


def unet_references():
    for name, (config, (batch, height, width)) in UNETS.items():
        unet = fill(UNet2DConditionModel(**config))
        taps = {}
        for block, module in unet.named_modules():
            if block in ("conv_in", "mid_block") or (block.startswith(("down_blocks.", "up_blocks.")) and block.count(".") == 1):
                module.register_forward_hook(lambda _m, _i, out, block=block: taps.__setitem__(block, sampled(out[0] if isinstance(out, tuple) else out)))
        added = None
        if unet.config.addition_embed_type:
            added = {"text_embeds": input_tensor("input.pooled", (batch, 64)), "time_ids": torch.tensor([[96.0, 128.0, 8.0, 16.0, 96.0, 144.0]] * batch)}
        guidance = None
        if unet.config.time_cond_proj_dim:
            guidance = StableDiffusionXLPipeline.get_guidance_scale_embedding(None, torch.tensor([GUIDANCE - 1] * batch), unet.config.time_cond_proj_dim)
        output = unet(input_tensor("input.x", (batch, unet.config.in_channels, height, width)), 499.25, input_tensor("input.context", (batch, 77, 96)),
                      timestep_cond=guidance, added_cond_kwargs=added).sample
        save("unet_" + name, {**taps, "output": output})


def autoencoder_references():
    levels = dict(down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4, latent_channels=4)
    vae = fill(AutoencoderKL(block_out_channels=[32, 64, 64, 96], layers_per_block=1, **levels))
    encoded = vae.encode(input_tensor("input.pixels", (1, 3, 61, 83))).latent_dist
    save("vae", {
        "decode": sampled(vae.decode(input_tensor("input.z", (2, 4, 5, 7))).sample),
        "encode_mean": encoded.mean,
        "encode_logvar": encoded.logvar,
    })


def tiny_autoencoder_references():
    """At its full size, which is small."""
    vae = fill(AutoencoderTiny())
    save("tiny", {
        "decode": sampled(vae.decode(input_tensor("input.z", (2, 4, 5, 7))).sample),
        "encode": vae.encode(input_tensor("input.pixels", (1, 3, 48, 64)).clamp(-1, 1)).latents,
    })


def text_references():
    ids = torch.full((3, 77), 49407)
    ids[:, 0] = 49406
    ids[0, 1:7] = torch.tensor([320, 1125, 539, 320, 2368, 267])
    ids[1, 1:76] = (torch.arange(75) * 613 + 7) % 49000
    ids[2, 1:4] = torch.tensor([320, 1125, 49407])
    ids[2, 4:] = 0
    common = dict(vocab_size=49408, max_position_embeddings=77, eos_token_id=2)
    small = fill(CLIPTextModel(CLIPTextConfig(hidden_size=64, intermediate_size=256, num_hidden_layers=3, num_attention_heads=1, hidden_act="quick_gelu", **common)),
                 "text_model.")
    large = fill(CLIPTextModelWithProjection(CLIPTextConfig(hidden_size=128, intermediate_size=512, num_hidden_layers=4, num_attention_heads=2, hidden_act="gelu",
                                                            projection_dim=80, **common)))
    a, b = small(ids, output_hidden_states=True), large(ids, output_hidden_states=True)
    save("text", {
        **{f"clip_l_skip{k}": sampled(a.hidden_states[-1 - k]) for k in range(3)}, "clip_l_final": sampled(a.last_hidden_state),
        **{f"bigg_skip{k}": sampled(b.hidden_states[-1 - k]) for k in range(3)}, "bigg_pooled": b.text_embeds,
    })


if __name__ == "__main__":
    REFERENCES.mkdir(exist_ok=True)
    with torch.inference_mode():
        block_references()
        unet_references()
        autoencoder_references()
        tiny_autoencoder_references()
        text_references()
