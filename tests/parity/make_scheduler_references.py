# SPDX-License-Identifier: Apache-2.0
"""Writes references/schedulers.safetensors: grids and whole trajectories of every scheduler on an analytic model.

Rule (repeated in tests/unit/engine/tst_scheduler_parity.cpp): the state is [1, 4, 1, 1]. With j = 1..4 and strength 1 it starts as
init_noise_sigma * sin(j); with less strength as add_noise(cos(j), sin(j), first timestep). The model is
m(x_in, t) = 0.7 * tanh(x_in) + 0.1 * sin(0.01 * t) of the scaled input; request k for noise returns cos(1.7 * k + j - 1).
For each name and prediction: "<name>/<prediction>/timesteps" and "/sigmas" hold the grids of STEP_COUNTS one after another, "/states" [n, 4] the
states after each step for each step count and strength. A count that the reference refuses leaves nothing.

Usage: make_scheduler_references.py   (torch 2.11, diffusers 0.42, scipy, safetensors)
"""
import math
import pathlib
import warnings

import diffusers
import diffusers.schedulers as schedulers
import numpy
import torch
from safetensors.torch import save_file

from scheduler_reference import NAMES, make_scheduler

STEP_COUNTS = (1, 2, 3, 4, 10, 20, 25, 30, 50, 100)
STRENGTHS = (1.0, 0.6, 0.3)
PREDICTIONS = {"epsilon": ("epsilon", False), "v": ("v_prediction", False), "v_zero_snr": ("v_prediction", True)}
J = torch.arange(1, 5, dtype=torch.float64)


def column(values):
    return values.to(torch.float32).reshape(1, 4, 1, 1)


class ScriptedNoise:
    def __init__(self):
        self.requests = 0

    def __call__(self, shape, generator=None, device=None, dtype=None, layout=None):
        self.requests += 1
        return column(torch.cos(1.7 * (self.requests - 1) + J - 1))


def model(x, t):
    return 0.7 * torch.tanh(x) + 0.1 * math.sin(0.01 * float(t))


def patch_noise(noise):
    for name in ("euler_discrete", "euler_ancestral_discrete", "dpmsolver_multistep", "ddim", "lcm"):
        module = getattr(schedulers, "scheduling_" + name)
        module.randn_tensor = noise


def trajectory(scheduler, steps, strength):
    patch_noise(ScriptedNoise())
    scheduler.set_timesteps(steps)
    running = min(int(steps * strength), steps)
    timesteps = scheduler.timesteps[steps - running:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(steps - running)
    if strength == 1.0:
        x = column(torch.sin(J)) * scheduler.init_noise_sigma
    else:
        if running == 0:
            return []
        x = scheduler.add_noise(column(torch.cos(J)), column(torch.sin(J)), timesteps[:1])
    states = []
    for t in timesteps:
        x = scheduler.step(model(scheduler.scale_model_input(x, t), t), t, x).prev_sample
        states.append(x.flatten().clone())
    return states


def sigmas_of(scheduler):
    if hasattr(scheduler, "sigmas"):
        return scheduler.sigmas.to(torch.float32)
    alphas = scheduler.alphas_cumprod.clone()
    if alphas[-1] == 0:
        alphas[-1] = 2**-24
    table = ((1 - alphas) / alphas) ** 0.5
    return torch.cat([table[scheduler.timesteps], torch.zeros(1)])


def main():
    warnings.simplefilter("ignore")
    tensors = {}
    for name in NAMES:
        for label, (prediction, zero_snr) in PREDICTIONS.items():
            timesteps, sigmas, states = [], [], []
            for steps in STEP_COUNTS:
                scheduler = make_scheduler(name, prediction, zero_snr)
                try:
                    scheduler.set_timesteps(steps)
                except ValueError as refused:
                    print(f"{name} {label} {steps}: {refused}")
                    continue
                timesteps.append(scheduler.timesteps.to(torch.float32))
                sigmas.append(sigmas_of(scheduler))
                for strength in STRENGTHS:
                    run = trajectory(make_scheduler(name, prediction, zero_snr), steps, strength)
                    states += run
                    if run and not torch.isfinite(torch.stack(run)).all():
                        print(f"{name} {label} {steps} strength {strength}: not finite")
            key = f"{name}/{label}"
            tensors[key + "/states"] = torch.stack(states)
            if label != "v":  # the grid does not depend on the prediction
                tensors[key + "/timesteps"] = torch.cat(timesteps)
                tensors[key + "/sigmas"] = torch.cat(sigmas)
    path = pathlib.Path(__file__).parent / "references" / "schedulers.safetensors"
    versions = {"torch": torch.__version__.split("+")[0], "diffusers": diffusers.__version__, "numpy": numpy.__version__}
    save_file(tensors, path, versions)
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
