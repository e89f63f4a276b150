# SPDX-License-Identifier: Apache-2.0
"""The models of make_pipeline_references.py as diffusers pipelines; tests/parity/pipeline_models.cpp writes the same ones as files.

starter          resources/models/starter/starter.safetensors, a single file, converted by diffusers' own functions
starter-v        the same file, marked as v-prediction with zero terminal SNR
starter-inpaint  the same file with conv_in widened to 9 channels by synthetic weights
starter-fp8, …-e5m2, …-scaled      the starter in 8-bit floats: every matrix and convolution, or its UNet's matrices with a scale each
taesd                              synthetic weights of a small autoencoder, as one file with ComfyUI's names
folder, folder-v, folder-inpaint   synthetic weights (synthetic.py) in the diffusers folder layout
sd1-folder, …-v, …-inpaint         the same of the shape of SD 1.5
sd1-single, …-v, …-inpaint         those weights as one file with ldm names; v-prediction is told by a sidecar .yaml
folder-lcm, sd1-folder-lcm         the folders with a guidance embedding, as latent consistency models have it
refiner, refiner-single            of the shape of the SDXL refiner, as a folder and as one file
"""
import functools
import gzip
import pathlib

import torch
from diffusers import (AutoencoderKL, AutoencoderTiny, StableDiffusionImg2ImgPipeline, StableDiffusionInpaintPipeline, StableDiffusionPipeline,
                       StableDiffusionXLImg2ImgPipeline, StableDiffusionXLInpaintPipeline, StableDiffusionXLPipeline, UNet2DConditionModel)
from diffusers.loaders import single_file_utils as single_file
from safetensors.torch import load_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from scheduler_reference import make_scheduler
from synthetic import fill, weight

STARTER = pathlib.Path(__file__).resolve().parents[2] / "resources/models/starter/starter.safetensors"
UNET_PREFIX, VAE_PREFIX = "model.diffusion_model.", "first_stage_model."
CLIP_L_PREFIX, CLIP_G_PREFIX = "conditioner.embedders.0.transformer.", "conditioner.embedders.1.model."
CONV_IN = UNET_PREFIX + "input_blocks.0.0.weight"
GUIDANCE_WIDTH = 256
LATENT_SCALE, SD1_LATENT_SCALE = 0.13025, 0.18215
CROSS_DOWN, PLAIN_DOWN, CROSS_UP, PLAIN_UP = "CrossAttnDownBlock2D", "DownBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"
TEXT = dict(vocab_size=49408, max_position_embeddings=77, eos_token_id=2, bos_token_id=49406, pad_token_id=1)
FOLDER_UNET = dict(
    sample_size=16, in_channels=4, out_channels=4, block_out_channels=[32, 64, 96], layers_per_block=2,
    down_block_types=[PLAIN_DOWN, CROSS_DOWN, CROSS_DOWN], up_block_types=[CROSS_UP, CROSS_UP, PLAIN_UP], transformer_layers_per_block=[1, 1, 2],
    attention_head_dim=[1, 2, 3], cross_attention_dim=192, use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=32,
    projection_class_embeddings_input_dim=256)
SD1_UNET = dict(
    sample_size=8, in_channels=4, out_channels=4, block_out_channels=[32, 64, 96, 96], layers_per_block=2,
    down_block_types=[CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, PLAIN_DOWN], up_block_types=[PLAIN_UP, CROSS_UP, CROSS_UP, CROSS_UP],
    attention_head_dim=8, cross_attention_dim=64)
REFINER_UNET = dict(
    sample_size=16, in_channels=4, out_channels=4, block_out_channels=[32, 64, 64, 128], layers_per_block=2,
    down_block_types=[PLAIN_DOWN, CROSS_DOWN, CROSS_DOWN, PLAIN_DOWN], up_block_types=[PLAIN_UP, CROSS_UP, CROSS_UP, PLAIN_UP],
    transformer_layers_per_block=[1, 2, 2, 2], attention_head_dim=[1, 1, 1, 2], cross_attention_dim=128, use_linear_projection=True,
    addition_embed_type="text_time", addition_time_embed_dim=32, projection_class_embeddings_input_dim=64 + 5 * 32)


def autoencoder(channels, layers, scaling_factor):
    return AutoencoderKL(block_out_channels=channels, layers_per_block=layers, down_block_types=["DownEncoderBlock2D"] * 4,
                         up_block_types=["UpDecoderBlock2D"] * 4, latent_channels=4, scaling_factor=scaling_factor)


def text_config(width, layers, activation, projection):
    return CLIPTextConfig(hidden_size=width, intermediate_size=4 * width, num_hidden_layers=layers, num_attention_heads=max(1, width // 64),
                          hidden_act=activation, projection_dim=projection, **TEXT)


def load_text(model, state):
    """Newer transformers leave the text_model prefix out of CLIPTextModel."""
    if not any(name.startswith("text_model.") for name in model.state_dict()):
        state = {name.removeprefix("text_model."): value for name, value in state.items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all("position_ids" in name for name in missing), (missing, unexpected)
    return model.eval()


def levels_of(state):
    """Widths, blocks per level and transformer depths of a single-file UNet with three levels."""
    blocks = 1 + max(int(name.split(".")[3]) for name in state if name.startswith(UNET_PREFIX + "input_blocks."))
    layers = blocks // 3 - 1
    firsts = [f"{UNET_PREFIX}input_blocks.{1 + level * (layers + 1)}." for level in range(3)]
    widths = [state[first + "0.out_layers.3.weight"].shape[0] for first in firsts]
    depths = [len({name.split(".")[6] for name in state if name.startswith(first + "1.transformer_blocks.")}) for first in firsts]
    return widths, layers, depths


def starter_unet(state):
    widths, layers, depths = levels_of(state)
    config = {**FOLDER_UNET, "block_out_channels": widths, "layers_per_block": layers, "transformer_layers_per_block": [max(1, depth) for depth in depths],
              "down_block_types": [CROSS_DOWN if depth else PLAIN_DOWN for depth in depths],
              "up_block_types": [CROSS_UP if depth else PLAIN_UP for depth in reversed(depths)], "attention_head_dim": [width // 64 for width in widths],
              "in_channels": state[CONV_IN].shape[1],
              "cross_attention_dim": state[CLIP_L_PREFIX + "text_model.embeddings.token_embedding.weight"].shape[1] + state[CLIP_G_PREFIX + "token_embedding.weight"].shape[1],
              "addition_time_embed_dim": (state[UNET_PREFIX + "label_emb.0.0.weight"].shape[1] - state[CLIP_G_PREFIX + "text_projection"].shape[1]) // 6,
              "projection_class_embeddings_input_dim": state[UNET_PREFIX + "label_emb.0.0.weight"].shape[1]}
    unet = UNet2DConditionModel(**config)
    unet.load_state_dict(single_file.convert_ldm_unet_checkpoint(dict(state), {**unet.config, "layers_per_block": layers}))
    return unet.eval()


def starter_vae(state):
    channels = [state[f"{VAE_PREFIX}encoder.down.{level}.block.0.conv1.weight"].shape[0] for level in range(4)]
    layers = len({name.split(".")[5] for name in state if name.startswith(VAE_PREFIX + "encoder.down.0.block.")})
    vae = autoencoder(channels, layers, LATENT_SCALE)
    vae.load_state_dict(single_file.convert_ldm_vae_checkpoint({n: v for n, v in state.items() if n.startswith(VAE_PREFIX)}, dict(vae.config)))
    return vae.eval()


def starter_texts(state):
    first = single_file.convert_ldm_clip_checkpoint(dict(state), remove_prefix=CLIP_L_PREFIX)
    first = {name: value for name, value in first.items() if name.startswith("text_model.")}
    width = first["text_model.embeddings.token_embedding.weight"].shape[1]
    layers = len({name.split(".")[3] for name in first if ".layers." in name})
    clip_l = load_text(CLIPTextModel(text_config(width, layers, "quick_gelu", width)), first)
    width, projection = state[CLIP_G_PREFIX + "text_projection"].shape
    layers = len({name.split(".")[6] for name in state if name.startswith(CLIP_G_PREFIX + "transformer.resblocks.")})
    clip_g = CLIPTextModelWithProjection(text_config(width, layers, "gelu", projection))
    return clip_l, load_text(clip_g, single_file.convert_open_clip_checkpoint(clip_g, dict(state), CLIP_G_PREFIX))


def in_float8(name, value, kind):
    """A weight as it comes out of the file."""
    dtype = torch.float8_e5m2 if kind == "e5m2" else torch.float8_e4m3fn
    if kind != "scaled":
        return value.to(dtype).float() if value.dim() > 1 else value
    if value.dim() != 2 or not name.startswith(UNET_PREFIX):
        return value
    scale = value.abs().max() / 448.0
    return (value / scale).to(dtype).float() * scale


@functools.cache
def tiny_vae():
    return fill(AutoencoderTiny())


@functools.cache
def starter_networks(inpaint, float8=None):
    state = {name: value.float() for name, value in load_file(STARTER).items()}
    if float8:
        state = {name: in_float8(name, value, float8) for name, value in state.items()}
    if inpaint:
        shape = state[CONV_IN].shape
        state[CONV_IN] = torch.cat([state[CONV_IN], 0.5 * weight("inpaint." + CONV_IN, (shape[0], 5, *shape[2:]))], 1)
    return (starter_vae(state), *starter_texts(state), starter_unet(state))


@functools.cache
def folder_networks(inpaint, guidance=None):
    clip_l = CLIPTextModel(text_config(64, 3, "quick_gelu", 64))
    has_prefix = any(name.startswith("text_model.") for name in clip_l.state_dict())
    return (fill(autoencoder([32, 64, 64, 96], 1, LATENT_SCALE)), fill(clip_l, "" if has_prefix else "text_model."),
            fill(CLIPTextModelWithProjection(text_config(128, 4, "gelu", 64))),
            fill(UNet2DConditionModel(**{**FOLDER_UNET, "in_channels": 9 if inpaint else 4, "time_cond_proj_dim": guidance})))


@functools.cache
def sd1_networks(inpaint, guidance=None):
    clip_l = CLIPTextModel(text_config(64, 3, "quick_gelu", 64))
    has_prefix = any(name.startswith("text_model.") for name in clip_l.state_dict())
    return (fill(autoencoder([32, 64, 64, 96], 1, SD1_LATENT_SCALE)), fill(clip_l, "" if has_prefix else "text_model."),
            fill(UNet2DConditionModel(**{**SD1_UNET, "in_channels": 9 if inpaint else 4, "time_cond_proj_dim": guidance})))


@functools.cache
def refiner_networks():
    return (fill(autoencoder([32, 32, 64, 64], 1, LATENT_SCALE)), fill(CLIPTextModelWithProjection(text_config(128, 3, "gelu", 64))),
            fill(UNet2DConditionModel(**REFINER_UNET)))


@functools.cache
def tokenizers(merges_path):
    """The two SDXL tokenizers from bpe_simple_vocab_16e6.txt.gz; they differ in the padding token alone."""
    merges = gzip.open(merges_path).read().decode("utf-8").split("\n")[1:49152 - 256 - 2 + 1]
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    characters = [chr(code) for code in visible] + [chr(256 + i) for i in range(256 - len(visible))]
    vocabulary = characters + [c + "</w>" for c in characters] + ["".join(merge.split()) for merge in merges] + ["<|startoftext|>", "<|endoftext|>"]
    ids = {token: i for i, token in enumerate(vocabulary)}
    return [CLIPTokenizer(vocab=ids, merges=[tuple(merge.split()) for merge in merges], pad_token=pad, model_max_length=77) for pad in ("<|endoftext|>", "!")]


def quiet(pipeline):
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def make_sd1_pipeline(model, mode, scheduler, merges_path, prediction):
    vae, clip_l, unet = sd1_networks(model.endswith("-inpaint"), GUIDANCE_WIDTH if model.endswith("-lcm") else None)
    if not hasattr(clip_l, "text_model"):
        object.__setattr__(clip_l, "text_model", clip_l)  # where diffusers' clip skip looks for the final norm
    classes = {"text-to-image": StableDiffusionPipeline, "image-to-image": StableDiffusionImg2ImgPipeline, "inpaint": StableDiffusionInpaintPipeline}
    return quiet(classes[mode](vae, clip_l, tokenizers(merges_path)[0], unet, make_scheduler(scheduler, prediction or ("v_prediction" if model.endswith("-v") else "epsilon")),
                               None, None, requires_safety_checker=False))


def make_refiner_pipeline(mode, scheduler, merges_path, vae=None):
    """`vae`: the base model's, which decodes what it began; None: the refiner's own."""
    own_vae, clip_g, unet = refiner_networks()
    classes = {"image-to-image": StableDiffusionXLImg2ImgPipeline, "inpaint": StableDiffusionXLInpaintPipeline}
    return quiet(classes[mode](vae or own_vae, None, clip_g, None, tokenizers(merges_path)[1], unet, make_scheduler(scheduler),
                               requires_aesthetics_score=True, force_zeros_for_empty_prompt=False, add_watermarker=False))


def make_pipeline(model, mode, scheduler, merges_path, prediction=None, zero_snr=None):
    """`prediction`, `zero_snr`: what a job says of the model instead of its file."""
    if model.startswith("sd1"):
        return make_sd1_pipeline(model, mode, scheduler, merges_path, prediction)
    if model.startswith("refiner"):
        return make_refiner_pipeline(mode, scheduler, merges_path)
    is_v = model.endswith("-v")
    float8 = model.removeprefix("starter-fp8").removeprefix("-") or "e4m3fn" if model.startswith("starter-fp8") else None
    networks = starter_networks(model.endswith("-inpaint"), float8) if model.startswith("starter") else folder_networks(model.endswith("-inpaint"), GUIDANCE_WIDTH if model.endswith("-lcm") else None)
    vae, clip_l, clip_g, unet = networks
    noise = make_scheduler(scheduler, prediction or ("v_prediction" if is_v else "epsilon"), is_v if zero_snr is None else zero_snr)
    parts = (vae, clip_l, clip_g, *tokenizers(merges_path), unet, noise)
    classes = {"text-to-image": StableDiffusionXLPipeline, "image-to-image": StableDiffusionXLImg2ImgPipeline, "inpaint": StableDiffusionXLInpaintPipeline}
    return quiet(classes[mode](*parts, add_watermarker=False))
