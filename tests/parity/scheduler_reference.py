# SPDX-License-Identifier: Apache-2.0
"""The diffusers scheduler behind each scheduler name of core/engine/api/scheduler_names.h, and how it is run.

Where diffusers has no option for a name's timesteps they are handed to it: the trailing grid of LCM and TCD, Align-Your-Steps. Three of its
schedulers are kept from mistakes that only show in image-to-image (see the headers of our PndmScheduler and LmsScheduler) or given plain noise
where they would grow a Brownian tree (DPMSolverSDEScheduler).
"""
import diffusers
import numpy
import torch
from diffusers.schedulers import scheduling_dpmsolver_sde
from diffusers.schedulers.scheduling_utils import AysSchedules

# scheduler_config.json of stabilityai/stable-diffusion-xl-base-1.0, without the options that only its own class reads.
SDXL_BASE = dict(
    num_train_timesteps=1000,
    beta_start=0.00085,
    beta_end=0.012,
    beta_schedule="scaled_linear",
    timestep_spacing="leading",
    steps_offset=1,
)

CLASSES = {
    "euler": (diffusers.EulerDiscreteScheduler, {}),
    "euler_a": (diffusers.EulerAncestralDiscreteScheduler, {}),
    "heun": (diffusers.HeunDiscreteScheduler, {}),
    "dpm2": (diffusers.KDPM2DiscreteScheduler, {}),
    "dpm2_a": (diffusers.KDPM2AncestralDiscreteScheduler, {}),
    "dpmpp_2m": (diffusers.DPMSolverMultistepScheduler, {}),
    "dpmpp_2m_sde": (diffusers.DPMSolverMultistepScheduler, {"algorithm_type": "sde-dpmsolver++"}),
    "dpmpp_sde": (diffusers.DPMSolverSDEScheduler, {}),
    "lms": (diffusers.LMSDiscreteScheduler, {}),
    "ddim": (diffusers.DDIMScheduler, {"set_alpha_to_one": False, "clip_sample": False}),
    "unipc": (diffusers.UniPCMultistepScheduler, {}),
    "deis": (diffusers.DEISMultistepScheduler, {}),
    "pndm": (diffusers.PNDMScheduler, {"set_alpha_to_one": False, "skip_prk_steps": True}),
    "lcm": (diffusers.LCMScheduler, {"set_alpha_to_one": False}),
    "lcm_hyper": (diffusers.LCMScheduler, {"set_alpha_to_one": False}),
    "tcd": (diffusers.TCDScheduler, {"set_alpha_to_one": False}),
    "tcd_eta1": (diffusers.TCDScheduler, {"set_alpha_to_one": False}),
}

RULES = {
    "": {},
    "_karras": {"use_karras_sigmas": True},
    "_exponential": {"use_exponential_sigmas": True},
    "_beta": {"use_beta_sigmas": True},
}
SPACINGS = {
    "": {},
    "_trailing": {"timestep_spacing": "trailing"},
    "_linspace": {"timestep_spacing": "linspace"},
    "_ays": {},
}
TCD_ETAS = {"tcd": 0.3, "tcd_eta1": 1.0}

MULTISTEP = ("dpmpp_2m", "dpmpp_2m_sde", "unipc")
SUFFIXES = tuple(RULES) + ("_trailing",)

NAMES = (
    [base + suffix for base in ("euler",) + MULTISTEP for suffix in SUFFIXES]
    + [base + suffix for base in ("euler_a", "ddim") for suffix in ("", "_trailing")]
    + ["lcm"]
)

MORE_NAMES = (
    [base + spacing + rule for base in ("heun", "dpm2", "dpm2_a", "dpmpp_sde", "lms") for spacing in ("", "_trailing", "_linspace") for rule in RULES]
    + ["deis" + suffix for suffix in SUFFIXES + ("_linspace",)]
    + ["euler" + spacing + rule for spacing in ("_trailing", "_linspace") for rule in RULES if spacing + rule != "_trailing"]
    + [base + "_linspace" for base in ("euler_a", "ddim") + MULTISTEP]
    + ["pndm", "pndm_trailing", "pndm_linspace", "tcd", "tcd_trailing", "lcm_trailing", "euler_ays", "dpmpp_2m_ays"]
)


FEW_STEP_NAMES = ["euler_trailing", "ddim_trailing", "dpmpp_2m_trailing", "unipc_trailing", "lcm", "lcm_hyper", "tcd", "tcd_eta1", "tcd_eta1_trailing"]


def parse(name):
    for base in sorted(CLASSES, key=len, reverse=True):
        for spacing in SPACINGS:
            for rule in RULES:
                if name == base + spacing + rule:
                    return base, spacing, rule
    raise ValueError(name)


def make_scheduler(name, prediction_type="epsilon", zero_snr=False):
    base, spacing, rule = parse(name)
    cls, options = CLASSES[base]
    config = {**SDXL_BASE, **options, **SPACINGS[spacing], **RULES[rule]}
    return cls(**config, prediction_type=prediction_type, **({"rescale_betas_zero_snr": True} if zero_snr else {}))


def trailing_timesteps(steps):
    return [int(t) - 1 for t in numpy.arange(1000, 0, -1000 / steps).round()]


def hyper_timesteps(steps):
    """The one-step Hyper-SD UNet visits 800; more steps are spread below it."""
    return [round(800 * (1 - i / steps)) for i in range(steps)]


def own_timesteps(name, steps):
    """The timesteps that a scheduler's class has no option for."""
    base, spacing, _ = parse(name)
    if base == "lcm_hyper":
        return hyper_timesteps(steps)
    return trailing_timesteps(steps) if spacing == "_trailing" and base in ("lcm", *TCD_ETAS) else None


def set_timesteps(scheduler, name, steps):
    """Raises ValueError for a count that the reference refuses or has no timesteps for."""
    base, spacing, _ = parse(name)
    if spacing == "_ays":
        if steps != 10:
            raise ValueError("published for 10 steps")
        scheduler.set_timesteps(timesteps=list(AysSchedules["StableDiffusionXLTimesteps"]))
    elif own_timesteps(name, steps):
        scheduler.set_timesteps(timesteps=own_timesteps(name, steps))
    elif spacing == "_linspace" and steps == 1 and base not in MULTISTEP + ("deis",):
        raise ValueError("begins at timestep 0")
    else:
        scheduler.set_timesteps(steps)


def pipeline_options(name, steps):
    """What a pipeline is called with beside its scheduler."""
    base, spacing, _ = parse(name)
    options = {"eta": TCD_ETAS[base]} if base in TCD_ETAS else {}
    if spacing == "_ays":
        options["timesteps"] = list(AysSchedules["StableDiffusionXLTimesteps"])
    elif own_timesteps(name, steps):
        options["timesteps"] = own_timesteps(name, steps)
    return options


def draw_sde_noise_from(generator):
    """DPMSolverSDEScheduler draws from this generator instead of a Brownian tree."""
    scheduling_dpmsolver_sde.BrownianTreeNoiseSampler = lambda x, *_: lambda *_: torch.randn(x.shape, generator=generator)


def begin_at(scheduler, name, first_step):
    """The timesteps of the calls that run when `first_step` is the first step."""
    if parse(name)[0] == "pndm":
        whole = scheduler.timesteps
        distinct = torch.cat([whole[:1], whole[2:]]) if len(whole) > 1 else whole
        rest = distinct[first_step:]
        return torch.cat([rest[:2], rest[1:]]) if len(rest) > 1 else rest
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(first_step * scheduler.order)
    return scheduler.timesteps[first_step * scheduler.order :]


def step_options(name, calls_done):
    base = parse(name)[0]
    if base == "lms":
        return {"order": min(calls_done + 1, 4)}
    return {"eta": TCD_ETAS[base]} if base in TCD_ETAS else {}


def sigmas_of(scheduler, name):
    """The noise level of each call of a whole run, and that of the end."""
    base = parse(name)[0]
    if base == "pndm":
        table = ((1 - scheduler.alphas_cumprod) / scheduler.alphas_cumprod) ** 0.5
        return torch.cat([table[scheduler.timesteps], torch.zeros(1)])
    if not hasattr(scheduler, "sigmas"):
        alphas = scheduler.alphas_cumprod.clone()
        if alphas[-1] == 0:
            alphas[-1] = 2**-24
        table = ((1 - alphas) / alphas) ** 0.5
        return torch.cat([table[scheduler.timesteps], torch.zeros(1)])
    sigmas = scheduler.sigmas.to(torch.float32).clone()
    for call in range(1, len(scheduler.timesteps), 2):
        if base == "dpm2":
            sigmas[call] = scheduler.sigmas_interpol[call]
        elif base == "dpm2_a":
            sigmas[call] = scheduler.sigmas_interpol[call - 1]
        elif base == "dpmpp_sde":
            sigmas[call] = (scheduler.sigmas[call - 1] * scheduler.sigmas[call]) ** 0.5
    return sigmas[: len(scheduler.timesteps) + 1] if base in ("dpm2", "dpm2_a") else sigmas
