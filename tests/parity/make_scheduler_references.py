# SPDX-License-Identifier: Apache-2.0
"""Writes references/schedulers*.safetensors: grids and whole trajectories of every scheduler on an analytic model.

Rule (repeated in tests/unit/engine/tst_scheduler_parity.cpp): the state is [1, 4, 1, 1]. With j = 1..4 and strength 1 it starts as
init_noise_sigma * sin(j); with less strength as add_noise(cos(j), sin(j), first timestep). The model is
m(x_in, t) = 0.7 * tanh(x_in) + 0.1 * sin(0.01 * t) of the scaled input; request k for noise returns cos(1.7 * k + j - 1).
For each name and prediction: "<name>/<prediction>/timesteps" and "/sigmas" hold the grids of the step counts one after another, "/states" [n, 4] the
states after each call for each step count and strength. A count that the reference refuses leaves nothing.

Usage: make_scheduler_references.py   (torch 2.11, diffusers 0.42, scipy, torchsde, safetensors)
"""
import math
import pathlib
import warnings

import diffusers
import diffusers.schedulers as schedulers
import numpy
import torch
from safetensors.torch import save_file

from scheduler_reference import FEW_STEP_NAMES, MORE_NAMES, NAMES, begin_at, make_scheduler, set_timesteps, sigmas_of, step_options

STEP_COUNTS = (1, 2, 3, 4, 10, 20, 25, 30, 50, 100)
MORE_STEP_COUNTS = (1, 2, 3, 10, 25)
STRENGTHS = (1.0, 0.6, 0.3)
FEW_STEP_COUNTS = (1, 2, 4, 8)
MORE_PREDICTIONS = {"epsilon": ("epsilon", False), "v": ("v_prediction", False)}
PREDICTIONS = {"epsilon": ("epsilon", False), "v": ("v_prediction", False), "v_zero_snr": ("v_prediction", True)}
FEW_STEP_PREDICTIONS = {**PREDICTIONS, "sample": ("sample", False)}
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
    for name in ("euler_discrete", "euler_ancestral_discrete", "k_dpm_2_ancestral_discrete", "dpmsolver_multistep", "ddim", "lcm", "tcd"):
        module = getattr(schedulers, "scheduling_" + name)
        module.randn_tensor = noise


def trajectory(scheduler, name, steps, strength):
    noise = ScriptedNoise()
    patch_noise(noise)
    set_timesteps(scheduler, name, steps)
    if hasattr(scheduler, "noise_sampler"):
        scheduler.noise_sampler = lambda sigma, sigma_next: noise(None)
    running = min(int(steps * strength), steps)
    if running == 0:
        return []
    timesteps = begin_at(scheduler, name, steps - running)
    if strength == 1.0:
        x = column(torch.sin(J)) * scheduler.init_noise_sigma
    else:
        x = scheduler.add_noise(column(torch.cos(J)), column(torch.sin(J)), timesteps[:1])
    states = []
    for call, t in enumerate(timesteps):
        x = scheduler.step(model(scheduler.scale_model_input(x, t), t), t, x, **step_options(name, call)).prev_sample
        states.append(x.flatten().to(torch.float32).clone())
    return states


def references_of(name, label, prediction, zero_snr, step_counts):
    timesteps, sigmas, states = [], [], []
    for steps in step_counts:
        scheduler = make_scheduler(name, prediction, zero_snr)
        try:
            set_timesteps(scheduler, name, steps)
        except ValueError as refused:
            print(f"{name} {label} {steps}: {refused}")
            continue
        timesteps.append(scheduler.timesteps.to(torch.float32))
        sigmas.append(sigmas_of(scheduler, name))
        for strength in STRENGTHS:
            run = trajectory(make_scheduler(name, prediction, zero_snr), name, steps, strength)
            states += run
            if run and not torch.isfinite(torch.stack(run)).all():
                print(f"{name} {label} {steps} strength {strength}: not finite")
    return timesteps, sigmas, states


def write(file_name, names, predictions, step_counts):
    tensors = {}
    for name in names:
        for label, (prediction, zero_snr) in predictions.items():
            timesteps, sigmas, states = references_of(name, label, prediction, zero_snr, step_counts)
            key = f"{name}/{label}"
            tensors[key + "/states"] = torch.stack(states)
            if label not in ("v", "sample"):  # the grid does not depend on the prediction
                tensors[key + "/timesteps"] = torch.cat(timesteps)
                tensors[key + "/sigmas"] = torch.cat(sigmas)
    path = pathlib.Path(__file__).parent / "references" / file_name
    versions = {"torch": torch.__version__.split("+")[0], "diffusers": diffusers.__version__, "numpy": numpy.__version__}
    save_file(tensors, path, versions)
    print(path, path.stat().st_size)


def main():
    warnings.simplefilter("ignore")
    write("schedulers.safetensors", NAMES, PREDICTIONS, STEP_COUNTS)
    write("schedulers_more.safetensors", MORE_NAMES, MORE_PREDICTIONS, MORE_STEP_COUNTS)
    write("schedulers_few_steps.safetensors", FEW_STEP_NAMES, FEW_STEP_PREDICTIONS, FEW_STEP_COUNTS)


if __name__ == "__main__":
    main()
