# SPDX-License-Identifier: Apache-2.0
"""Trains the starter model on rendered scenes, on CPU or one GPU. Every stage can be cut off and taken up again.

    python train.py vae  WORK --minutes 30 [--size 128] [--batch 8] [--decoder-only]
    python train.py unet WORK --minutes 60 [--size 128] [--batch 64] --merges bpe_simple_vocab_16e6.txt.gz

WORK is a diffusers folder of the networks; it is created on the first call, with --wide the larger networks meant for a
GPU. A copy of the present model's folder as WORK continues from there. `unet` trains the UNet and both text encoders on
the latents of WORK's autoencoder, so that a change of the autoencoder calls for another `unet` stage; --decoder-only
keeps the latents as they are and can follow at any time.
On a machine that others use too, --threads 1 is faster than more: no thread then waits for another that is not running.
"""
import argparse
import math
import os
import time
from multiprocessing import get_context

import numpy as np
import torch
import torch.nn.functional as functional

import scenes
from networks import NOISE, Networks, token_ids, tokenizers

SAVE_EVERY = 200  # seconds
EMA_DECAY = 0.995
NO_TEXT_SHARE = 0.10       # zero conditioning, what SDXL pipelines use for an empty negative prompt
EMPTY_PROMPT_SHARE = 0.04  # the empty prompt's encoding
OTHER_SIZE_SHARE = 0.20    # an original size unlike the picture's
SNR_LIMIT = 5.0            # min-SNR loss weighting


# ---- pictures -------------------------------------------------------------------------------------------------------

def render_many(count: int, size: int, first_seed: int, render=scenes.render) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """Pictures [n, 3, size, size] uint8, the coverage of their objects [n, 1, size, size] uint8, captions."""
    with get_context("fork").Pool(os.cpu_count()) as pool:
        rows = pool.starmap(render, [(size, first_seed + index) for index in range(count)], chunksize=64)
    pictures = torch.from_numpy(np.stack([row[0] for row in rows]))
    coverage = torch.from_numpy(np.stack([row[1] for row in rows]))[:, None]
    return pictures, coverage, [row[2] for row in rows]


def to_signed(pictures: torch.Tensor, device: str) -> torch.Tensor:
    return pictures.to(device).float() / 127.5 - 1


class Clock:
    """Training time: what share of it is over, and whether it is time to save."""

    def __init__(self, minutes: float):
        self.start = self.saved = time.time()
        self.length = minutes * 60

    def share(self) -> float:
        return min(1.0, (time.time() - self.start) / self.length)

    def save_due(self) -> bool:
        due = time.time() - self.saved > SAVE_EVERY
        if due:
            self.saved = time.time()
        return due


def set_learning_rate(optimizer, base: float, step: int, share: float) -> None:
    rate = base * min(1.0, (step + 1) / 40) * (0.5 + 0.5 * math.cos(math.pi * share)) + 8e-6
    for group in optimizer.param_groups:
        group["lr"] = rate


# ---- autoencoder ----------------------------------------------------------------------------------------------------

def vae_loss(picture, restored, weight, mean, log_variance):
    """Errors of objects count three times, and errors of edges and of coarse colours are added."""
    error = restored - picture
    edges = (error.diff(dim=-1).abs() * weight[..., 1:]).mean() + (error.diff(dim=-2).abs() * weight[..., 1:, :]).mean()
    coarse = functional.avg_pool2d(error, 4).abs().mean()
    prior = (mean ** 2 + log_variance.exp() - 1 - log_variance).mean()
    return (error.abs() * weight).mean() + 0.5 * (error ** 2 * weight).mean() + 0.5 * edges + coarse + 2e-4 * prior


def train_vae(networks: Networks, options, device: str) -> None:
    pictures, coverage, _ = render_many(options.scenes, options.size, 50_000_000)
    vae = networks.vae.train()
    for part in (vae.encoder, vae.quant_conv):
        part.requires_grad_(not options.decoder_only)
    parameters = [parameter for parameter in vae.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=options.rate, betas=(0.9, 0.99), weight_decay=1e-4)
    clock, step = Clock(options.minutes), 0
    while clock.share() < 1:
        set_learning_rate(optimizer, options.rate, step, clock.share())
        chosen = torch.randint(0, len(pictures), (options.batch,))
        picture, weight = to_signed(pictures[chosen], device), 1 + 2 * coverage[chosen].to(device).float() / 255
        with torch.autocast(device, dtype=torch.bfloat16):
            latent = vae.encode(picture).latent_dist
            restored = vae.decode(latent.mean + 0.5 * latent.std * torch.randn_like(latent.mean)).sample
        loss = vae_loss(picture, restored.float(), weight, latent.mean.float(), latent.logvar.float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            print(f"vae step {step}, {clock.share():.0%} of the time, loss {loss.item():.4f}", flush=True)
        if clock.save_due():
            networks.save(options.work)
    measure_vae(networks, to_signed(pictures[:64], device), rescale=not options.decoder_only)
    networks.save(options.work)


@torch.no_grad()
def measure_vae(networks: Networks, pictures: torch.Tensor, rescale: bool) -> None:
    mean = networks.vae.encode(pictures).latent_dist.mean
    error = ((networks.vae.decode(mean).sample - pictures) ** 2).mean()
    if rescale:
        networks.vae.register_to_config(scaling_factor=1 / mean.std().item())
    print(f"PSNR {10 * math.log10(4 / error.item()):.2f} dB, latent deviation {mean.std().item():.3f}")


# ---- UNet and text encoders -----------------------------------------------------------------------------------------

class CompactVocabulary:
    """Swaps the token tables for small ones of the tokens that captions use: the full ones are most of the model.
    Tokens never met in training end up as zeros."""

    def __init__(self, encoders, ids: list[torch.Tensor]):
        self.encoders = encoders
        self.used = torch.unique(torch.cat([part.flatten() for part in ids]))
        self.full = [encoder.get_input_embeddings() for encoder in encoders]
        for encoder, table in zip(encoders, self.full):
            rows = table.weight.data[self.used]
            unknown = rows.norm(dim=1) == 0
            rows[unknown] = torch.randn_like(rows[unknown]) * rows[~unknown].std()
            small = torch.nn.Embedding(*rows.shape).to(rows.device)
            small.weight.data.copy_(rows)
            encoder.set_input_embeddings(small)

    def indices(self, ids: torch.Tensor) -> torch.Tensor:
        """Order is kept, so the end token stays the highest, which is how the encoders find it."""
        return torch.searchsorted(self.used, ids)

    def restore(self) -> None:
        for encoder, table in zip(self.encoders, self.full):
            rows = encoder.get_input_embeddings().weight.data
            table.weight.data.zero_()
            table.weight.data[self.used] = rows
            encoder.set_input_embeddings(table)


@torch.no_grad()
def encode_all(vae, pictures: torch.Tensor, device: str) -> torch.Tensor:
    parts = []
    for start in range(0, len(pictures), 64):
        with torch.autocast(device, dtype=torch.bfloat16):
            mean = vae.encode(to_signed(pictures[start:start + 64], device)).latent_dist.mean
        parts.append((mean.float() * vae.config.scaling_factor).half())
    return torch.cat(parts)


def size_condition(batch: int, size: int, device: str) -> torch.Tensor:
    ids = torch.tensor([[size, size, 0, 0, size, size]], dtype=torch.float32).repeat(batch, 1)
    other = torch.rand(batch) < OTHER_SIZE_SHARE
    ids[other, :2] = torch.randint(size // 16, 5 * size // 8, (int(other.sum()), 1)).float() * 8
    return ids.to(device)


class DenoisingLoss:
    """What the UNet is trained for, on the latents of captioned pictures."""

    def __init__(self, networks: Networks, options, device: str, pictures: torch.Tensor, captions: list[str]):
        self.networks, self.batch, self.size, self.device = networks, options.batch, options.size, device
        self.latents = encode_all(networks.vae.eval(), pictures, device)
        unique = [""] + sorted(set(captions))
        where = {caption: index for index, caption in enumerate(unique)}
        self.caption_of = torch.tensor([where[caption] for caption in captions])
        self.ids = [token_ids(tokenizer, unique).to(device) for tokenizer in tokenizers(options.merges)]
        betas = torch.linspace(NOISE["beta_start"] ** 0.5, NOISE["beta_end"] ** 0.5, 1000) ** 2
        self.signal = torch.cumprod(1 - betas, 0).to(device)

    def conditioning(self, captions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        draw = torch.rand(len(captions))
        captions = torch.where(draw < EMPTY_PROMPT_SHARE, 0, captions)
        dropped = (draw >= EMPTY_PROMPT_SHARE) & (draw < EMPTY_PROMPT_SHARE + NO_TEXT_SHARE)
        kept = (~dropped).float().to(self.device)
        captions = captions.to(self.device)
        first = self.networks.text_encoder(self.ids[0][captions], output_hidden_states=True)
        second = self.networks.text_encoder_2(self.ids[1][captions], output_hidden_states=True)
        context = torch.cat([first.hidden_states[-2], second.hidden_states[-2]], -1)
        return context * kept[:, None, None], second.text_embeds * kept[:, None]

    def draw(self) -> torch.Tensor:
        batch = self.batch
        chosen = torch.randint(0, len(self.latents), (batch,))
        clean = self.latents[chosen.to(self.latents.device)].float()
        noise, steps = torch.randn_like(clean), torch.randint(0, 1000, (batch,), device=self.device)
        signal = self.signal[steps]
        noisy = signal.sqrt()[:, None, None, None] * clean + (1 - signal).sqrt()[:, None, None, None] * noise
        with torch.autocast(self.device, dtype=torch.bfloat16):
            context, pooled = self.conditioning(self.caption_of[chosen])
            added = {"text_embeds": pooled, "time_ids": size_condition(batch, self.size, self.device)}
            predicted = self.networks.unet(noisy, steps, context, added_cond_kwargs=added).sample
        ratio = signal / (1 - signal)
        weight = (ratio.clamp(max=SNR_LIMIT) / ratio).clamp(min=0.05)
        return 2 * (((predicted.float() - noise) ** 2).mean((1, 2, 3)) * weight).mean()


class UnetTrainer:
    def __init__(self, networks: Networks, options, device: str):
        self.networks, self.options = networks, options
        networks.size = options.size
        pictures, _, captions = render_many(options.scenes, options.size, 60_000_000)
        self.loss = DenoisingLoss(networks, options, device, pictures, captions)
        encoders = (networks.text_encoder, networks.text_encoder_2)
        self.vocabulary = CompactVocabulary(encoders, [part.cpu() for part in self.loss.ids])
        self.loss.ids = [self.vocabulary.indices(part.cpu()).to(device) for part in self.loss.ids]
        self.modules = torch.nn.ModuleList([networks.unet, *encoders]).to(device).train()
        self.parameters = list(self.modules.parameters())
        self.averages = [parameter.detach().clone() for parameter in self.parameters]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=options.rate, betas=(0.9, 0.99), weight_decay=1e-2)

    def run(self) -> None:
        clock, step = Clock(self.options.minutes), 0
        while clock.share() < 1:
            set_learning_rate(self.optimizer, self.options.rate, step, clock.share())
            loss = self.loss.draw()
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimizer.step()
            step += 1
            with torch.no_grad():
                decay = min(EMA_DECAY, (1 + step) / (10 + step))
                torch._foreach_lerp_(self.averages, [parameter.detach() for parameter in self.parameters], 1 - decay)
            if step % 50 == 0:
                print(f"unet step {step}, {clock.share():.0%} of the time, loss {loss.item():.4f}", flush=True)
            if clock.save_due():
                self.save()
        self.save()

    @torch.no_grad()
    def save(self) -> None:
        """Saves the averaged weights and trains on with the present ones."""
        present = [parameter.detach().clone() for parameter in self.parameters]
        small = [encoder.get_input_embeddings() for encoder in self.vocabulary.encoders]
        for parameter, average in zip(self.parameters, self.averages):
            parameter.copy_(average)
        self.vocabulary.restore()
        self.networks.save(self.options.work)
        for encoder, table in zip(self.vocabulary.encoders, small):
            encoder.set_input_embeddings(table)
        for parameter, value in zip(self.parameters, present):
            parameter.copy_(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=["vae", "unet"])
    parser.add_argument("work")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--scenes", type=int, default=8000)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--threads", type=int, default=0, help="of the CPU; 0: all")
    parser.add_argument("--decoder-only", action="store_true", help="train the decoder on the present latents (vae)")
    parser.add_argument("--wide", action="store_true", help="create the larger networks")
    parser.add_argument("--merges", help="bpe_simple_vocab_16e6.txt.gz (unet)")
    options = parser.parse_args()
    options.batch = options.batch or (8 if options.stage == "vae" else 64)
    if options.stage == "unet" and not options.merges:
        parser.error("unet needs --merges")
    if options.threads:
        torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    known = os.path.exists(f"{options.work}/unet/config.json")
    networks = (Networks.load(options.work) if known else Networks.create(options.wide)).to(device)
    if options.stage == "vae":
        train_vae(networks, options, device)
    else:
        UnetTrainer(networks, options, device).run()


if __name__ == "__main__":
    main()
