# SPDX-License-Identifier: Apache-2.0
"""Guidance beside classifier-free guidance for make_pipeline_references.py.

PAG is diffusers' own pipelines, FreeU version 1 diffusers' own option. What diffusers does not have is written here from its formulas, in float64, and put around
the UNet: FreeU version 2, sharpness, adaptive guidance, size emphasis.
"""
import contextlib

import diffusers
import numpy
import torch
from diffusers.models.unets import unet_2d_blocks

PAG_CLASSES = {
    diffusers.StableDiffusionXLPipeline: diffusers.StableDiffusionXLPAGPipeline,
    diffusers.StableDiffusionXLImg2ImgPipeline: diffusers.StableDiffusionXLPAGImg2ImgPipeline,
    diffusers.StableDiffusionXLInpaintPipeline: diffusers.StableDiffusionXLPAGInpaintPipeline,
    diffusers.StableDiffusionPipeline: diffusers.StableDiffusionPAGPipeline,
    diffusers.StableDiffusionImg2ImgPipeline: diffusers.StableDiffusionPAGImg2ImgPipeline,
    diffusers.StableDiffusionInpaintPipeline: diffusers.StableDiffusionPAGInpaintPipeline,
}


def with_pag(pipeline, case):
    """The pipeline's PAG form, and what it is called with."""
    if "pag" not in case:
        return pipeline, {}
    parts = dict(pipeline.components)
    more = dict(requires_safety_checker=False) if "safety_checker" in parts else dict(add_watermarker=False)
    for option in ("requires_aesthetics_score", "force_zeros_for_empty_prompt"):
        if option in pipeline.config and "tokenizer_2" in parts:
            more[option] = pipeline.config[option]
    layers = case.get("pag_layers", "mid").split(",")
    cls = PAG_CLASSES[type(pipeline)]
    if cls is diffusers.StableDiffusionXLPAGPipeline:
        more.pop("requires_aesthetics_score", None)
    perturbed = cls(**parts, pag_applied_layers=layers, **more)
    perturbed.set_progress_bar_config(disable=True)
    return perturbed, dict(pag_scale=case["pag"], pag_adaptive_scale=case.get("pag_adaptive", 0.0))


def bilateral(x, guide):
    """13 × 13 neighbours with mirrored borders; Gaussians of 3 over the distance and over the summed difference of the guide (mean 0, deviation 1)."""
    reach = 6
    guide = (guide - guide.mean()) / (guide.std(ddof=1) + 1e-5)
    rows, columns = x.shape[1:]
    border = ((0, 0), (reach, reach), (reach, reach))
    wide, wide_guide = numpy.pad(x, border, "reflect"), numpy.pad(guide, border, "reflect")
    total, weights = numpy.zeros_like(x), numpy.zeros((1, rows, columns))
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            window = (slice(None), slice(reach + dy, reach + dy + rows), slice(reach + dx, reach + dx + columns))
            difference = numpy.abs(wide_guide[window] - guide).sum(0, keepdims=True)
            weight = numpy.exp(-(dy * dy + dx * dx) / 18.0) * numpy.exp(-(difference**2) / 18.0)
            total += weight * wide[window]
            weights += weight
    return total / weights


def sigma_of(scheduler, t):
    if isinstance(scheduler, diffusers.EulerDiscreteScheduler):
        return float(scheduler.sigmas[scheduler.step_index])
    alpha = max(float(scheduler.alphas_cumprod[int(t)].double()), 2**-24)  # zero terminal SNR
    return ((1 - alpha) / alpha) ** 0.5


class FooocusUnet:
    """Changes what the UNet is given and gives, so that the pipeline's own u + s · (c − u) is Fooocus' guidance."""

    def __init__(self, pipeline, case):
        self.forward, self.scheduler, self.case = pipeline.unet.forward, pipeline.scheduler, case
        self.is_v = pipeline.scheduler.config.prediction_type == "v_prediction"

    def numbers(self, factor):
        nearest = lambda side: 64 * round(side / 64)
        height, width = self.case["height"], self.case["width"]
        return [nearest(int(height * factor)), nearest(int(width * factor)), 0, 0, nearest(height), nearest(width)]

    def __call__(self, sample, t, encoder_hidden_states, added_cond_kwargs=None, **more):
        case, rows = self.case, sample.shape[0]
        if case.get("adm") and added_cond_kwargs:
            emphasised = float(t) > 999 * (1 - 0.3)
            factors = ([0.8] if rows == 2 else []) + [1.5]
            ids = [self.numbers(factor if emphasised else 1.0) for factor in factors]
            added_cond_kwargs = dict(added_cond_kwargs, time_ids=torch.tensor(ids, dtype=torch.float32))
        output = self.forward(sample, t, encoder_hidden_states, added_cond_kwargs=added_cond_kwargs, **more)
        if rows == 1:
            return output
        u, c = output[0].double().numpy()
        seen, sigma, progress = sample[1, :4].double().numpy(), sigma_of(self.scheduler, t), 1 - float(t) / 999
        x = seen * (sigma**2 + 1) ** 0.5
        estimate = lambda m: x / (sigma**2 + 1) - m * sigma / (sigma**2 + 1) ** 0.5 if self.is_v else x - sigma * m
        guess, unguided = estimate(c), estimate(u)
        if case.get("sharpness"):
            mix = 0.001 * case["sharpness"] * progress
            guess = x - (mix * bilateral(x - guess, guess) + (1 - mix) * (x - guess))
        if 0 < case.get("adaptive", 0) < case["guidance"]:
            first, scale = case["adaptive"], case["guidance"]
            full, mimicked = unguided + scale * (guess - unguided), unguided + first * (guess - unguided)
            guess = unguided + (progress * full + (1 - progress) * mimicked - unguided) / scale
        back = (lambda d: (x / (sigma**2 + 1) - d) * (sigma**2 + 1) ** 0.5 / sigma) if self.is_v else (lambda d: (x - d) / sigma)
        return (torch.from_numpy(numpy.stack([u, back(guess)])).float(),)


def free_u_2(case, model_channels):
    factors = [float(value) for value in case["freeu"].split(",")]  # b1, b2, s1, s2

    def low_frequencies(x, scale):
        spectrum = numpy.fft.fftshift(numpy.fft.fft2(x), axes=(-2, -1))
        row, column = x.shape[2] // 2, x.shape[3] // 2
        spectrum[..., row - 1 : row + 1, column - 1 : column + 1] *= scale
        return numpy.fft.ifft2(numpy.fft.ifftshift(spectrum, axes=(-2, -1))).real

    def apply(resolution_idx, hidden, skip, **_):
        place = {4 * model_channels: 0, 2 * model_channels: 1}.get(hidden.shape[1])
        if place is None:
            return hidden, skip
        features, half = hidden.double().numpy().copy(), hidden.shape[1] // 2
        mean = features.mean(1, keepdims=True)
        low, high = mean.min((1, 2, 3), keepdims=True), mean.max((1, 2, 3), keepdims=True)
        features[:, :half] *= (factors[place] - 1) * (mean - low) / (high - low) + 1
        return torch.from_numpy(features).float(), torch.from_numpy(low_frequencies(skip.double().numpy(), factors[2 + place])).float()

    return apply


@contextlib.contextmanager
def guided(pipeline, case):
    """The UNet as the case has it, for as long as this holds."""
    plain_forward, plain_free_u = pipeline.unet.forward, unet_2d_blocks.apply_freeu
    if "freeu" in case:
        b1, b2, s1, s2 = (float(value) for value in case["freeu"].split(","))
        pipeline.enable_freeu(s1=s1, s2=s2, b1=b1, b2=b2)
        if case.get("freeu_version") == 2:
            unet_2d_blocks.apply_freeu = free_u_2(case, pipeline.unet.config.block_out_channels[0])
    if any(key in case for key in ("sharpness", "adaptive", "adm")):
        pipeline.unet.forward = FooocusUnet(pipeline, case)
    try:
        yield
    finally:
        unet_2d_blocks.apply_freeu = plain_free_u
        pipeline.unet.__dict__.pop("forward", None)
        if "freeu" in case:
            pipeline.disable_freeu()
    assert pipeline.unet.forward == plain_forward
