#SPDX - License - Identifier : Apache - 2.0
"""Pictures as prompts in the reference's pipelines; image_prompts.cpp gives the engine the same ones.

A case's "references" is a list divided by "|" of KIND,WEIGHT,START,END,WxH: an IP-Adapter of that kind ("plain", "plus", "full") with the synthetic weights of
"ip-KIND-I" (I counted from 0) and the encoder "vision-h", and the picture noise_picture("WxH").
"""
import copy

from PIL import Image

from vision_models import ADAPTER_ENCODER, ENCODERS, encoder, ip_adapter, noise_picture, processor


def parse(field):
    for entry in field.split("|"):
        kind, weight, start, end, size = entry.split(",")
        yield kind, float(weight), float(start), float(end), tuple(map(int, size.split("x")))


def load_image_prompts(pipeline, field, steps_that_run):
    """Loads the adapters and returns the options of the call."""
    entries = list(parse(field))
    side = ENCODERS[ADAPTER_ENCODER]["image_size"]
    pipeline.register_modules(unet=copy.deepcopy(pipeline.unet), image_encoder=encoder(ADAPTER_ENCODER), feature_extractor=processor(side))
    adapters = [ip_adapter(f"ip-{kind}-{index}", kind, pipeline.unet) for index, (kind, *_) in enumerate(entries)]
    pipeline.load_ip_adapter(adapters, subfolder=[""] * len(adapters), weight_name=[""] * len(adapters), image_encoder_folder=None, low_cpu_mem_usage=False)

    def scales(step):
        return [weight if step / steps_that_run >= start and (step + 1) / steps_that_run <= end else 0.0 for _, weight, start, end, _ in entries]

    def after_step(pipe, step, timestep, values):
        pipe.set_ip_adapter_scale(scales(step + 1))
        return values

    pipeline.set_ip_adapter_scale(scales(0))
    pictures = [Image.fromarray(noise_picture(f"{width}x{height}", width, height)) for *_, (width, height) in entries]
    return dict(ip_adapter_image=pictures, callback_on_step_end=after_step)
