#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes references/vision.safetensors: what transformers and diffusers make of pictures.

  "encoder/NAME/embedding", "…/hidden"   CLIPVisionModelWithProjection on "input.vision" (2 pictures): image_embeds, hidden_states[-2]
  "pixels/WxH/S"                         uint8 [S, S, 3]: the square that CLIPImageProcessor cuts, before it is normalised (of 224 every 8th row)
  "normalised/WxH/S"                     the same, normalised, float32 [3, S, S]
  "safety/CASE/scores", "…/flags"        [6 pictures, 3 + 17]: the rounded scores of StableDiffusionSafetyChecker on "input.safety", and its verdicts, with the
                                         "…/thresholds" [3 + 17] of the case
  "projection/KIND"                      tokens of an IP-Adapter's image_proj, made by diffusers' own classes

Run in an environment with torch 2.11, diffusers 0.42, transformers 5 and Pillow; float32 on the CPU.
"""
import builtins
import pathlib

import diffusers
import PIL
import torch
import transformers
from diffusers import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion import safety_checker
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig

from synthetic import input_tensor, weight
from vision_models import ADAPTER_ENCODER, ENCODERS, encoder, noise_picture, processor, projection

SIZES = [((97, 61), 56), ((61, 97), 56), ((40, 33), 56), ((56, 56), 56), ((300, 57), 42), ((1, 1), 28), ((7, 500), 28), ((640, 427), 224)]
CONTEXT = 96
ROW_STEP = 8  # of large squares only some rows are stored
PICTURES = 6


def encoder_references(tensors):
    for name, config in ENCODERS.items():
        pixels = input_tensor("input.vision", (2, 3, config["image_size"], config["image_size"]))
        output = encoder(name)(pixels, output_hidden_states=True)
        tensors[f"encoder/{name}/embedding"] = output.image_embeds
        tensors[f"encoder/{name}/hidden"] = output.hidden_states[-2]


def pixel_references(tensors):
    for (width, height), side in SIZES:
        picture = Image.fromarray(noise_picture(f"{width}x{height}", width, height))
        normalised = torch.from_numpy(processor(side)(picture, return_tensors="np")["pixel_values"][0])
        mean, deviation = torch.tensor(processor(side).image_mean), torch.tensor(processor(side).image_std)
        square = ((normalised.double() * deviation[:, None, None] + mean[:, None, None]) * 255).round().to(torch.uint8)
        key = f"{width}x{height}/{side}"
        tensors["pixels/" + key] = square.permute(1, 2, 0)[:: ROW_STEP if side > 56 else 1].contiguous()
        if side <= 56:
            tensors["normalised/" + key] = normalised.float().contiguous()


class RecordedChecker:
    """The reference's checker, with the scores that it rounds written down."""

    def __init__(self):
        config = CLIPConfig(vision_config=ENCODERS["vision-l"], projection_dim=ENCODERS["vision-l"]["projection_dim"])
        self.model = safety_checker.StableDiffusionSafetyChecker(config).eval()
        names = {name: name.removeprefix("vision_model.") for name in self.model.state_dict() if name.startswith("vision_model.")}
        state = {}
        for name, value in self.model.state_dict().items():
            if name.startswith("vision_model."):
                inner = names[name].removeprefix("vision_model.")
                state[name] = weight(f"vision-l/vision_model.{inner}", value.shape)
            elif name == "visual_projection.weight":
                state[name] = weight(f"vision-l/{name}", value.shape)
            elif name.endswith("_embeds"):
                state[name] = input_tensor(f"safety/{name}", value.shape)
        self.model.load_state_dict(state, strict=False)

    def run(self, pixels, special, ordinary):
        self.model.special_care_embeds_weights.copy_(special)
        self.model.concept_embeds_weights.copy_(ordinary)
        scores, self.exact = [], []

        def record(number, digits):
            self.exact.append(number)
            scores.append(builtins.round(number, digits))
            return scores[-1]

        safety_checker.round = record
        images, flags = self.model(clip_input=pixels, images=torch.zeros(pixels.shape[0], 1))
        return torch.tensor(scores, dtype=torch.float32).reshape(pixels.shape[0], -1), torch.tensor(flags, dtype=torch.uint8)


def safety_references(tensors):
    checker = RecordedChecker()
    pixels = input_tensor("input.safety", (PICTURES, 3, 56, 56))
    checker.run(pixels, torch.full((3,), 9.0), torch.zeros(17))
    cosines = torch.tensor(checker.exact).reshape(PICTURES, -1)
    ordinary = cosines[:, 3:].max(dim=0).values
    special = (cosines[:, :3] + 9.0).max(dim=0).values
    rounds = {
        "plain": (special + 0.5, ordinary + torch.tensor([-0.01, *[0.02] * 7, -0.05, *[0.02] * 8])),
        "nothing": (special + 0.5, ordinary + 0.02),
        "by-special-care": (special - 0.004, ordinary + 0.006),  # only the adjustment brings them over
        "one-special-after-another": (special + torch.tensor([-0.004, 0.006, 0.006]), ordinary + 0.004),
        "rounded-to-nothing": (special + 0.5, ordinary - 0.0004),
        "rounded-to-something": (special + 0.5, ordinary + torch.tensor([0.0004] * 8 + [-0.0006] + [0.0004] * 8)),
    }
    for name, (special_thresholds, thresholds) in rounds.items():
        scores, flags = checker.run(pixels, special_thresholds, thresholds)
        tensors[f"safety/{name}/thresholds"] = torch.cat([special_thresholds, thresholds]).contiguous()
        tensors[f"safety/{name}/scores"] = scores
        tensors[f"safety/{name}/flags"] = flags
        print(name, flags.tolist(), "special over:", (scores[:, :3] > 0).sum().item())


def projection_references(tensors):
    unet = UNet2DConditionModel(block_out_channels=[32], down_block_types=["DownBlock2D"], up_block_types=["UpBlock2D"], cross_attention_dim=CONTEXT, layers_per_block=1)
    config = ENCODERS[ADAPTER_ENCODER]
    for kind in ("plain", "plus", "full"):
        module = unet._convert_ip_adapter_image_proj_to_diffusers(projection(f"ip-{kind}", kind, CONTEXT), low_cpu_mem_usage=False).eval()
        tokens = 1 + (config["image_size"] // config["patch_size"]) ** 2
        features = input_tensor("input.features", (2, config["projection_dim"]) if kind == "plain" else (2, tokens, config["hidden_size"]))
        tensors["projection/" + kind] = module(features)


def main():
    tensors = {}
    with torch.no_grad():
        encoder_references(tensors)
        pixel_references(tensors)
        safety_references(tensors)
        projection_references(tensors)
    metadata = {"torch": torch.__version__.split("+")[0], "diffusers": diffusers.__version__, "transformers": transformers.__version__, "pillow": PIL.__version__}
    path = pathlib.Path(__file__).resolve().parent / "references" / "vision.safetensors"
    save_file({name: value.detach().contiguous() for name, value in tensors.items()}, path, metadata)
    print(path, path.stat().st_size // 1024, "KiB")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main()
