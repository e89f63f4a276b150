#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The reference side of compare.py: one SDXL UNet step or VAE decode by diffusers, random weights, the protocol of `sfumato-bench --server`.

Prints "ready" after warming up, then one "seconds <time>" for each line read.
"""
import argparse
import math
import sys
import time

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel

UNET = dict(
    sample_size=128, in_channels=4, out_channels=4, block_out_channels=[320, 640, 1280], layers_per_block=2,
    down_block_types=["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"], up_block_types=["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    transformer_layers_per_block=[1, 2, 10], attention_head_dim=[5, 10, 20], cross_attention_dim=2048, use_linear_projection=True,
    addition_embed_type="text_time", addition_time_embed_dim=256, projection_class_embeddings_input_dim=2816)
VAE = dict(block_out_channels=[128, 256, 512, 512], layers_per_block=2, latent_channels=4, down_block_types=["DownEncoderBlock2D"] * 4,
           up_block_types=["UpDecoderBlock2D"] * 4)
DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32, "fp16": torch.float16}


def with_random_weights(network_class, config, dtype, device):
    with torch.device("meta"):
        network = network_class(**config).to(dtype)
    network.to_empty(device=device)
    for name, value in network.named_parameters():
        if value.dim() > 1:
            value.normal_(0.0, 1.0 / math.sqrt(math.prod(value.shape[1:])))
        else:
            value.normal_(1.0 if name.endswith(".weight") else 0.0, 0.05)
    return network.eval()


def work_of(options, dtype):
    side = options.size // 8

    def draw(*shape):
        return torch.randn(*shape).to(options.device, dtype)

    if options.what == "vae":
        vae = with_random_weights(AutoencoderKL, VAE, dtype, options.device)
        network, call = vae, lambda z: vae.decode(z).sample.cpu()
        arguments = [draw(options.batch, 4, side, side)]
    else:
        unet = with_random_weights(UNet2DConditionModel, UNET, dtype, options.device)
        added = {"text_embeds": draw(options.batch, 1280), "time_ids": torch.tensor([[1024.0, 1024, 0, 0, 1024, 1024]] * options.batch).to(options.device)}
        network, call = unet, lambda x, c: unet(x, 499.0, c, added_cond_kwargs=added).sample.cpu()
        arguments = [draw(options.batch, 4, side, side), draw(options.batch, 77, 2048)]
    if options.channels_last:
        network.to(memory_format=torch.channels_last)
        arguments[0] = arguments[0].to(memory_format=torch.channels_last)
    return lambda: call(*arguments)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["unet", "vae"])
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--dtype", choices=DTYPES, default="bf16")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--warm-up", type=int, default=2)
    parser.add_argument("--channels-last", action="store_true")
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    with torch.inference_mode():
        work = work_of(options, DTYPES[options.dtype])
        for _ in range(options.warm_up):
            work()
        print("ready", flush=True)
        for _ in sys.stdin:
            begin = time.perf_counter()
            work()
            print(f"seconds {time.perf_counter() - begin:.6f}", flush=True)


if __name__ == "__main__":
    main()
