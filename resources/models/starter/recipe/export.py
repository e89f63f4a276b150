# SPDX-License-Identifier: Apache-2.0
"""Writes the networks as one SDXL checkpoint under the original (sgm) names, fp16, with ModelSpec metadata.

    python export.py WORK OUT.safetensors      WORK: the folder that train.py keeps
"""
import math
import re
import sys

import torch
from safetensors.torch import save_file

from networks import Networks

SDXL_LATENT_SCALE = 0.13025
RESNET_NAMES = {"norm1": "in_layers.0", "conv1": "in_layers.2", "norm2": "out_layers.0", "conv2": "out_layers.3",
                "time_emb_proj": "emb_layers.1", "conv_shortcut": "skip_connection"}
State = dict[str, torch.Tensor]


def _resnet(name: str) -> str:
    part, rest = name.split(".", 1)
    return f"{RESNET_NAMES[part]}.{rest}"


def _block_part(kind: str, rest: str) -> str:
    return f"0.{_resnet(rest)}" if kind == "resnets" else f"1.{rest}"


def _unet_name(name: str, layers: int, attention_levels: set[str]) -> str:
    """`layers` is the number of resnets of a down block; every up block has one more."""
    heads = {"time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
             "add_embedding.linear_1": "label_emb.0.0", "add_embedding.linear_2": "label_emb.0.2",
             "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2"}
    prefix, _, leaf = name.rpartition(".")
    if prefix in heads:
        return f"{heads[prefix]}.{leaf}"
    if match := re.fullmatch(r"down_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", name):
        level, kind, layer, rest = int(match[1]), match[2], int(match[3]), match[4]
        return f"input_blocks.{1 + level * (layers + 1) + layer}.{_block_part(kind, rest)}"
    if match := re.fullmatch(r"down_blocks\.(\d+)\.downsamplers\.0\.conv\.(.*)", name):
        return f"input_blocks.{(int(match[1]) + 1) * (layers + 1)}.0.op.{match[2]}"
    if match := re.fullmatch(r"mid_block\.resnets\.(\d)\.(.*)", name):
        return f"middle_block.{int(match[1]) * 2}.{_resnet(match[2])}"
    if match := re.fullmatch(r"mid_block\.attentions\.0\.(.*)", name):
        return f"middle_block.1.{match[1]}"
    if match := re.fullmatch(r"up_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.*)", name):
        level, kind, layer, rest = int(match[1]), match[2], int(match[3]), match[4]
        return f"output_blocks.{level * (layers + 1) + layer}.{_block_part(kind, rest)}"
    if match := re.fullmatch(r"up_blocks\.(\d+)\.upsamplers\.0\.conv\.(.*)", name):
        place = 2 if match[1] in attention_levels else 1
        return f"output_blocks.{int(match[1]) * (layers + 1) + layers}.{place}.conv.{match[2]}"
    raise KeyError(name)


def unet_state(networks: Networks) -> State:
    state = networks.unet.state_dict()
    attention_levels = {name.split(".")[1] for name in state if re.match(r"up_blocks\.\d+\.attentions\.", name)}
    layers = networks.unet.config.layers_per_block
    return {"model.diffusion_model." + _unet_name(name, layers, attention_levels): tensor for name, tensor in state.items()}


def vae_state(networks: Networks) -> State:
    """The autoencoder, with the latent scale folded in so that SDXL's own factor holds."""
    state = {name: tensor.clone() for name, tensor in networks.vae.state_dict().items()}
    factor = networks.vae.config.scaling_factor / SDXL_LATENT_SCALE
    state["quant_conv.weight"][:4] *= factor
    state["quant_conv.bias"][:4] *= factor
    state["quant_conv.bias"][4:] += 2 * math.log(factor)
    state["post_quant_conv.weight"] /= factor
    last = len(networks.vae.config.block_out_channels) - 1
    attention = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}
    result: State = {}
    for name, tensor in state.items():
        name = re.sub(r"encoder\.down_blocks\.(\d+)\.resnets\.(\d+)", r"encoder.down.\1.block.\2", name)
        name = re.sub(r"encoder\.down_blocks\.(\d+)\.downsamplers\.0", r"encoder.down.\1.downsample", name)
        name = re.sub(r"decoder\.up_blocks\.(\d+)\.resnets\.(\d+)",
                      lambda match: f"decoder.up.{last - int(match[1])}.block.{match[2]}", name)
        name = re.sub(r"decoder\.up_blocks\.(\d+)\.upsamplers\.0",
                      lambda match: f"decoder.up.{last - int(match[1])}.upsample", name)
        name = re.sub(r"mid_block\.resnets\.(\d)", lambda match: f"mid.block_{int(match[1]) + 1}", name)
        if match := re.search(r"mid_block\.attentions\.0\.(group_norm|to_q|to_k|to_v|to_out\.0)\.", name):
            name = name.replace(f"mid_block.attentions.0.{match[1]}", f"mid.attn_1.{attention[match[1]]}")
            if tensor.dim() == 2:
                tensor = tensor[:, :, None, None]
        name = name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")
        result["first_stage_model." + name] = tensor
    return result


def _text_names(state: State) -> State:
    return {name if name.startswith(("text_model.", "text_projection")) else "text_model." + name: tensor
            for name, tensor in state.items() if "position_ids" not in name}


def text_encoder_state(networks: Networks) -> State:
    return {"conditioner.embedders.0.transformer." + name: tensor
            for name, tensor in _text_names(networks.text_encoder.state_dict()).items()}


def text_encoder_2_state(networks: Networks) -> State:
    """OpenCLIP's names: query, key and value in one matrix, the projection transposed."""
    whole = {"text_model.embeddings.token_embedding.weight": "token_embedding.weight",
             "text_model.embeddings.position_embedding.weight": "positional_embedding",
             "text_model.final_layer_norm.weight": "ln_final.weight", "text_model.final_layer_norm.bias": "ln_final.bias"}
    parts = {"self_attn.out_proj": "attn.out_proj", "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc",
             "mlp.fc2": "mlp.c_proj"}
    state = _text_names(networks.text_encoder_2.state_dict())
    result: State = {}
    for name, tensor in state.items():
        if name == "text_projection.weight":
            result["text_projection"] = tensor.t()
        elif name in whole:
            result[whole[name]] = tensor
        elif match := re.fullmatch(r"text_model\.encoder\.layers\.(\d+)\.(.*)\.(weight|bias)", name):
            block = f"transformer.resblocks.{match[1]}"
            if match[2] in parts:
                result[f"{block}.{parts[match[2]]}.{match[3]}"] = tensor
            elif match[2] == "self_attn.q_proj":
                fused = [state[name.replace("q_proj", f"{letter}_proj")] for letter in "qkv"]
                result[f"{block}.attn.in_proj_{match[3]}"] = torch.cat(fused)
            elif match[2] not in ("self_attn.k_proj", "self_attn.v_proj"):
                raise KeyError(name)
        else:
            raise KeyError(name)
    return {"conditioner.embedders.1.model." + name: tensor for name, tensor in result.items()}


def export(networks: Networks, path: str) -> None:
    state = unet_state(networks) | vae_state(networks) | text_encoder_state(networks) | text_encoder_2_state(networks)
    metadata = {"format": "pt", "modelspec.sai_model_spec": "1.0.0", "modelspec.architecture": "stable-diffusion-xl-v1-base",
                "modelspec.title": "Sfumato starter", "modelspec.resolution": f"{networks.size}x{networks.size}",
                "modelspec.prediction_type": "epsilon", "modelspec.license": "Apache-2.0",
                "modelspec.description": "Tiny model in SDXL's structure, trained on procedural landscapes."}
    save_file({name: tensor.half().cpu().contiguous() for name, tensor in state.items()}, path, metadata=metadata)


if __name__ == "__main__":
    export(Networks.load(sys.argv[1]), sys.argv[2])
