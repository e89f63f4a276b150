# SPDX-License-Identifier: Apache-2.0
"""The control models of make_control_references.py as diffusers modules; tests/parity/control_models.cpp writes the same ones as files.

cn-xl               ControlNet for the model "folder", as a folder; cn-xl-single: as one file with lllyasviel's names
cn-xl-mid, -small   the variants with one transformer in the deepest level, and with none
cn-xl-lora          Control-LoRA: the encoder of "folder" changed by up·down
cn-sd1              ControlNet for the model "sd1-folder", as a folder; cn-sd1-single: as one file with "control_model." before each name
cn-sd1-difference   the same, told as what is to be added to the model
cn-sd1-shuffle      the same with pooled residuals
union, union-promax ControlNet Union for "folder" with 6 and 8 tasks
t2i-xl, t2i-xl-original    T2I-Adapter for "folder", in both namings
t2i-sd1, t2i-sd1-original  for "sd1-folder", grey; t2i-light, t2i-light-original: the light form, in colour
"""
import functools

import torch
from diffusers import ControlNetModel, ControlNetUnionModel, T2IAdapter, UNet2DConditionModel

from pipeline_models import CROSS_DOWN, FOLDER_UNET, PLAIN_DOWN, SD1_UNET
from synthetic import fill as fill_base
from synthetic import weight

HINT = [16, 24, 32, 48]
LORA_RANK = 4
SHARED = ("block_out_channels", "layers_per_block", "down_block_types", "transformer_layers_per_block", "attention_head_dim", "cross_attention_dim",
          "use_linear_projection", "addition_embed_type", "addition_time_embed_dim", "projection_class_embeddings_input_dim")
ENCODER = ("conv_in.", "time_embedding.", "add_embedding.", "down_blocks.", "mid_block.")


def fill(module):
    """Weights of their own, not those of the UNet that has layers of the same names."""
    return fill_base(module, "control.")


def control_net(unet, kind=ControlNetModel, **changes):
    config = {key: unet[key] for key in SHARED if key in unet}
    return kind(**{**config, "conditioning_embedding_out_channels": HINT, **changes})


def control_lora():
    """What tests/parity/control_models.cpp stores: low-rank changes of all matrices of the encoder, and everything else whole."""
    net, base = fill(control_net(FOLDER_UNET)), fill_base(UNet2DConditionModel(**FOLDER_UNET)).state_dict()
    state = net.state_dict()
    for name, value in state.items():
        if not name.startswith(ENCODER) or value.dim() < 2:
            continue
        stem = name.removesuffix(".weight")
        up = weight(stem + ".up", (value.shape[0], LORA_RANK))
        down = weight(stem + ".down", (LORA_RANK, *value.shape[1:]))
        state[name] = base[name] + (up @ down.flatten(1)).reshape(value.shape)
    net.load_state_dict(state)
    return net.eval()


@functools.cache
def make_control(name):
    name = name.removesuffix("-single").removesuffix("-original")
    if name == "cn-xl":
        return fill(control_net(FOLDER_UNET))
    if name == "cn-xl-mid":
        return fill(control_net(FOLDER_UNET, down_block_types=[PLAIN_DOWN, PLAIN_DOWN, CROSS_DOWN], transformer_layers_per_block=[1, 1, 1]))
    if name == "cn-xl-small":
        return fill(control_net(FOLDER_UNET, down_block_types=[PLAIN_DOWN] * 3, mid_block_type="UNetMidBlock2D"))
    if name == "cn-xl-lora":
        return control_lora()
    if name in ("cn-sd1", "cn-sd1-difference"):
        return fill(control_net(SD1_UNET))
    if name == "cn-sd1-shuffle":
        return fill(control_net(SD1_UNET, global_pool_conditions=True))
    if name.startswith("union"):
        return fill(control_net(FOLDER_UNET, ControlNetUnionModel, num_control_type=8 if name.endswith("promax") else 6, num_trans_channel=32, num_trans_head=8,
                                num_proj_channel=32))
    if name == "t2i-xl":
        return fill(T2IAdapter(in_channels=3, channels=[32, 64, 96, 96], num_res_blocks=2, downscale_factor=16, adapter_type="full_adapter_xl"))
    if name == "t2i-sd1":
        return fill(T2IAdapter(in_channels=1, channels=[32, 64, 96, 96], num_res_blocks=2, downscale_factor=8, adapter_type="full_adapter"))
    if name == "t2i-light":
        return fill(T2IAdapter(in_channels=3, channels=[32, 64, 96], num_res_blocks=4, downscale_factor=8, adapter_type="light_adapter"))
    raise ValueError(name)


def is_union(name):
    return name.startswith("union")


def is_adapter(name):
    return name.startswith("t2i")
