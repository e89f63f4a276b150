# SPDX-License-Identifier: Apache-2.0
"""The diffusers scheduler behind each scheduler name of core/engine/api/scheduler_names.h."""
import diffusers

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
    "dpmpp_2m": (diffusers.DPMSolverMultistepScheduler, {}),
    "dpmpp_2m_sde": (diffusers.DPMSolverMultistepScheduler, {"algorithm_type": "sde-dpmsolver++"}),
    "ddim": (diffusers.DDIMScheduler, {"set_alpha_to_one": False, "clip_sample": False}),
    "unipc": (diffusers.UniPCMultistepScheduler, {}),
    "lcm": (diffusers.LCMScheduler, {"set_alpha_to_one": False}),
}

SUFFIXES = {
    "": {},
    "_karras": {"use_karras_sigmas": True},
    "_exponential": {"use_exponential_sigmas": True},
    "_beta": {"use_beta_sigmas": True},
    "_trailing": {"timestep_spacing": "trailing"},
}

WITH_SIGMA_RULES = ("euler", "dpmpp_2m", "dpmpp_2m_sde", "unipc")

NAMES = (
    [base + suffix for base in WITH_SIGMA_RULES for suffix in SUFFIXES]
    + [base + suffix for base in ("euler_a", "ddim") for suffix in ("", "_trailing")]
    + ["lcm"]
)


def make_scheduler(name, prediction_type="epsilon", zero_snr=False):
    for base in sorted(CLASSES, key=len, reverse=True):
        if name.startswith(base) and name[len(base):] in SUFFIXES:
            cls, options = CLASSES[base]
            config = {**SDXL_BASE, **options, **SUFFIXES[name[len(base):]]}
            return cls(**config, prediction_type=prediction_type, rescale_betas_zero_snr=zero_snr)
    raise ValueError(name)
