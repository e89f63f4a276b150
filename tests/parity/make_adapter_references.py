# SPDX-License-Identifier: Apache-2.0
"""Writes references/adapters.safetensors: what LoRAs of every layout and kind do to a model's weights and to a picture.

The model is "folder" of pipeline_models.py. A LoRA file is not stored: it is a list of tensors whose values follow from their names (synthetic.py), so that
adapter_parity.cpp writes the same file. One case gives
  metadata "lora/CASE"     a line a tensor: name|shape|rule|gain, rule "weight" (synthetic weight × gain), "one" (1 + u·gain) or "constant" (gain)
  metadata "header/CASE"   the LoRA file's own header metadata as JSON, where there is any
  metadata "case/CASE"     "reference=…;scale=…;text=…"
  metadata "weights/CASE"  the changed weights, a line each: component|name
  "merged/CASE"            [weights, 10] float32: eight numbers of each merged weight at n·i/8, the norm of the weight, the norm of its change
  "image/CASE"             uint8 [64, 64, 3], the picture of the merged model
An embedding (textual inversion) gives "embedding/CASE" (the tensors of its file), "prompts/CASE" (prompt and negative prompt, a line each) and "image/CASE".

Layouts that diffusers loads are loaded and fused by it (through peft); the kinds of LyCORIS are merged by lycoris-lora.

Usage: make_adapter_references.py bpe_simple_vocab_16e6.txt.gz   (torch 2.11, diffusers 0.42, transformers 5, peft, lycoris-lora 4.1)
"""
import copy
import importlib.metadata
import json
import pathlib
import sys
import warnings

import diffusers
import numpy
import torch
from lycoris.functional.general import factorization, power2factorization
from lycoris.modules import get_module, make_module
from lycoris.modules.ia3 import IA3Module
from lycoris.modules.loha import LohaModule
from safetensors.torch import save_file

from pipeline_models import make_pipeline
from synthetic import _uniform, weight

RANK, ALPHA, GAIN = 4, 2.0, 0.5
PROMPT = "a red house on grass"
TEXTS = [("text_encoder", "text_model.encoder.layers.0.self_attn.q_proj"), ("text_encoder", "text_model.encoder.layers.0.self_attn.out_proj"),
         ("text_encoder_2", "text_model.encoder.layers.1.self_attn.v_proj"), ("text_encoder_2", "text_model.encoder.layers.1.self_attn.out_proj")]
MLPS = [("text_encoder", "text_model.encoder.layers.1.mlp.fc1"), ("text_encoder_2", "text_model.encoder.layers.2.mlp.fc2")]
LINEARS = ["down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k",
           "down_blocks.1.attentions.1.transformer_blocks.0.attn1.to_out.0", "down_blocks.2.attentions.0.transformer_blocks.1.ff.net.0.proj",
           "mid_block.attentions.0.transformer_blocks.0.ff.net.2", "mid_block.attentions.0.proj_in", "up_blocks.0.attentions.2.transformer_blocks.0.attn1.to_v",
           "up_blocks.1.attentions.0.proj_out"]
CONVS = ["down_blocks.1.resnets.0.conv1", "down_blocks.1.resnets.0.conv_shortcut", "up_blocks.0.upsamplers.0.conv", "up_blocks.1.upsamplers.0.conv",
         "down_blocks.0.downsamplers.0.conv", "mid_block.resnets.1.conv2"]
SGM = {"down_blocks.1.attentions.0": "input_blocks.4.1", "down_blocks.1.attentions.1": "input_blocks.5.1", "down_blocks.2.attentions.0": "input_blocks.7.1",
       "mid_block.attentions.0": "middle_block.1", "up_blocks.0.attentions.2": "output_blocks.2.1", "up_blocks.1.attentions.0": "output_blocks.3.1"}


class Model:
    """The pipeline with its own copies of the networks, and their weights by component and name."""

    def __init__(self, merges_path):
        self.pipeline = make_pipeline("folder", "text-to-image", "euler", merges_path)
        for part in ("unet", "text_encoder", "text_encoder_2"):
            self.pipeline.register_modules(**{part: copy.deepcopy(getattr(self.pipeline, part))})
        self.modules = {"unet": self.pipeline.unet, "text_encoder": self.pipeline.text_encoder, "text_encoder_2": self.pipeline.text_encoder_2}
        self.before = {key: value.clone() for key, value in self.parameters().items()}

    def parameters(self):
        found = {}
        for component, module in self.modules.items():
            for name, value in module.state_dict().items():
                is_text = component != "unet" and not name.startswith(("text_model.", "text_projection"))
                found[component, "text_model." + name if is_text else name] = value
        return found

    def module(self, component, name):
        root = self.modules[component]
        if component != "unet" and not any(key.startswith("text_model.") for key in root.state_dict()):
            name = name.removeprefix("text_model.")
        return root.get_submodule(name)

    def shape(self, component, name):
        return tuple(self.before[component, name + ".weight"].shape)


def kohya(component, name):
    return {"unet": "lora_unet_", "text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_"}[component] + name.replace(".", "_")


def sgm(component, name):
    place = next((place for place in SGM if name.startswith(place)), None)
    return kohya(component, name.replace(place, SGM[place]) if place else name)


def dotted(component, name):
    return f"{component}.{name}"


def processor(component, name):
    for part in ("to_q", "to_k", "to_v"):
        name = name.replace("." + part, ".processor." + part)
    return "unet." + name.replace(".to_out.0", ".processor.to_out")


def lora(shape, down, up, rank=RANK):
    """A down and an up for a linear or a convolution."""
    return {down: ((rank, *shape[1:]), "weight", 1.0), up: ((shape[0], rank, *([1, 1] if len(shape) == 4 else [])), "weight", GAIN)}


def kohya_lora(shape):
    return lora(shape, "lora_down.weight", "lora_up.weight") | {"alpha": ((), "constant", ALPHA)}


def layers(model, places, naming, parts):
    tensors = {}
    for component, name in places:
        for suffix, value in parts(model.shape(component, name)).items():
            separator = "" if suffix.startswith("_") else "."
            tensors[naming(component, name) + separator + suffix] = value
    return tensors


def loha(shape):
    inputs = int(numpy.prod(shape[1:]))
    return {"hada_w1_a": ((shape[0], RANK), "weight", GAIN), "hada_w1_b": ((RANK, inputs), "weight", 4.0), "hada_w2_a": ((shape[0], RANK), "weight", GAIN),
            "hada_w2_b": ((RANK, inputs), "weight", 4.0), "alpha": ((), "constant", ALPHA)}


def loha_tucker(shape):
    core, a, b = ((RANK, RANK, *shape[2:]), "weight", 2.0), ((RANK, shape[0]), "weight", 2.0), ((RANK, shape[1]), "weight", 2.0)
    return {"hada_t1": core, "hada_w1_a": a, "hada_w1_b": b, "hada_t2": core, "hada_w2_a": a, "hada_w2_b": b, "alpha": ((), "constant", ALPHA)}


def lokr(left, right):
    side, rank = 8 if left == "product" else 4, 2  # LyCORIS splits a factor only when that makes it smaller

    def parts(shape):
        rows, columns = shape[0] // side, shape[1] // side
        tensors = {"lokr_w1": ((side, side), "weight", GAIN)} if left == "whole" else {"lokr_w1_a": ((side, rank), "weight", GAIN), "lokr_w1_b": ((rank, side), "weight", 1.0)}
        if right == "whole":
            tensors["lokr_w2"] = ((rows, columns, *shape[2:]), "weight", 1.0)
        elif right == "core":
            tensors |= {"lokr_t2": ((rank, rank, *shape[2:]), "weight", 1.0), "lokr_w2_a": ((rank, rows), "weight", 1.0), "lokr_w2_b": ((rank, columns), "weight", 1.0)}
        else:
            inputs = columns * int(numpy.prod(shape[2:]))
            tensors |= {"lokr_w2_a": ((rows, rank), "weight", 1.0), "lokr_w2_b": ((rank, inputs), "weight", 1.0)}
        return tensors | {"alpha": ((), "constant", ALPHA)}
    return parts


def tucker(shape):
    return {"lora_down.weight": ((RANK, shape[1], 1, 1), "weight", 1.0), "lora_mid.weight": ((RANK, RANK, *shape[2:]), "weight", 1.0),
            "lora_up.weight": ((shape[0], RANK, 1, 1), "weight", GAIN), "alpha": ((), "constant", ALPHA)}


def dora(parts, axis="out"):
    def with_magnitude(shape):
        ones = [1] * (len(shape) - 1)
        return parts(shape) | {"dora_scale": ((shape[0], *ones) if axis == "out" else (1, shape[1], *ones[1:]), "one", 0.3)}
    return with_magnitude


def glora(shape):
    kernel = list(shape[2:])
    ones = [1] * len(kernel)
    return {"a1.weight": ((shape[1], RANK, *ones), "weight", GAIN), "a2.weight": ((RANK, shape[1], *ones), "weight", GAIN), "b1.weight": ((shape[0], RANK, *ones), "weight", GAIN),
            "b2.weight": ((RANK, shape[1], *kernel), "weight", GAIN), "alpha": ((), "constant", ALPHA)}


def rescale(shape):
    return {"rescale": ((shape[0], *[1] * (len(shape) - 1)), "one", 0.2)}


def oft(alpha=0.0, rescaled=False):
    def parts(shape):
        size, count = factorization(shape[0], 8)
        return {"oft_blocks": ((count, size, size), "weight", 0.3), "alpha": ((), "constant", alpha)} | (rescale(shape) if rescaled else {})
    return parts


def boft(shape):
    size, count = power2factorization(shape[0], 8)
    stages = sum(int(bit) for bit in f"{count - 1:b}") + 1
    return {"oft_blocks": ((stages, count, size, size), "weight", 0.3), "alpha": ((), "constant", 0.0)} | rescale(shape)


def ia3(on_input):
    return lambda shape: {"weight": ((shape[1 if on_input else 0],) if len(shape) == 2 else (1, shape[1 if on_input else 0], 1, 1), "one", 0.4),
                          "on_input": ((), "constant", float(on_input))}


def full(shape):
    return {"diff": (shape, "weight", 0.2), "diff_b": ((shape[0],), "weight", 0.5)}


def norm(shape):
    return {"w_norm": (shape, "one", 0.3), "b_norm": (shape, "weight", 0.5)}


def peft_metadata(rank_stabilised=False):
    values = {"unet.r": RANK, "unet.lora_alpha": 6, "unet.use_rslora": rank_stabilised, "unet.target_modules": sorted({name.split(".")[-1] for name in LINEARS}),
              "unet.lora_bias": False, "unet.use_dora": False}
    return {"lora_adapter_metadata": json.dumps(values)}


def cases(model):
    unet, text = [("unet", name) for name in LINEARS], TEXTS
    convs, attention = [("unet", name) for name in CONVS], [("unet", name) for name in LINEARS if ".attn" in name]
    kernels = [place for place in convs if model.shape(*place)[-1] == 3]

    def peft(shape):
        return lora(shape, "lora_A.weight", "lora_B.weight")

    yield "kohya-sgm", "diffusers", layers(model, unet + text, sgm, kohya_lora), {}
    yield "kohya-diffusers", "diffusers", layers(model, unet + text, kohya, kohya_lora), {}
    yield "kohya-convolutions", "diffusers", layers(model, unet + convs, kohya, kohya_lora), {}
    yield "kohya-dora", "lycoris", layers(model, unet + kernels, kohya, dora(kohya_lora)), {}  # diffusers leaves the magnitude out
    yield "peft", "diffusers", layers(model, unet + text, dotted, peft), {}
    yield "peft-alpha", "diffusers", layers(model, unet, dotted, peft), peft_metadata()
    yield "peft-rank-stabilised", "diffusers", layers(model, unet, dotted, peft), peft_metadata(True)
    yield "peft-dora", "diffusers", layers(model, attention, dotted, lambda shape: peft(shape) | {"lora_magnitude_vector": ((shape[0],), "one", 0.3)}), {}
    yield "diffusers-old", "diffusers", layers(model, attention, processor, lambda shape: lora(shape, "_lora.down.weight", "_lora.up.weight")), {}
    yield "locon-tucker", "lycoris", layers(model, kernels, kohya, tucker), {}
    yield "locon-dora-input", "lycoris", layers(model, unet + kernels, kohya, dora(kohya_lora, "in")), {}
    yield "loha", "lycoris", layers(model, unet + convs + text + MLPS, kohya, loha), {}
    yield "loha-tucker", "lycoris", layers(model, kernels, kohya, loha_tucker), {}
    yield "loha-dora", "lycoris", layers(model, unet, kohya, dora(loha)), {}
    yield "lokr", "lycoris", layers(model, unet + kernels, kohya, lokr("whole", "product")), {}
    yield "lokr-products", "lycoris", layers(model, unet, kohya, lokr("product", "product")), {}
    yield "lokr-whole", "lycoris", layers(model, unet + convs, kohya, lokr("whole", "whole")), {}
    yield "lokr-tucker", "lycoris", layers(model, kernels, kohya, lokr("whole", "core")), {}
    yield "lokr-dora", "lycoris", layers(model, unet, kohya, dora(lokr("whole", "product"))), {}
    yield "glora", "lycoris", layers(model, unet, kohya, glora), {}
    yield "ia3-output", "lycoris", layers(model, unet + convs, kohya, ia3(False)), {}
    yield "ia3-input", "lycoris", layers(model, unet, kohya, ia3(True)), {}
    yield "oft", "lycoris", layers(model, unet + convs, kohya, oft()), {}
    yield "oft-bounded", "lycoris", layers(model, unet, kohya, oft(0.001, True)), {}
    yield "boft", "lycoris", layers(model, unet + convs, kohya, boft), {}
    yield "full", "lycoris", layers(model, [place for place in unet + convs if "to_q" not in place[1] and "to_k" not in place[1] and "to_v" not in place[1]], kohya, full), {}
    yield "norm", "lycoris", layers(model, [("unet", "down_blocks.1.resnets.0.norm1"), ("unet", "mid_block.attentions.0.transformer_blocks.0.norm2")], kohya, norm), {}


def value(case, name, shape, rule, gain):
    if rule == "constant":
        return torch.full(shape, gain)
    if rule == "one":
        return 1.0 + gain * _uniform(f"{case}/{name}", shape)
    return gain * weight(f"{case}/{name}", shape)


def merge_with_diffusers(model, state, header, scale, text_scale):
    path = pathlib.Path("/tmp/sfumato_adapter.safetensors")
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, path, {"format": "pt"} | header)
    model.pipeline.load_lora_weights(str(path.parent), weight_name=path.name, adapter_name="case")
    model.pipeline.fuse_lora(components=["unet"], lora_scale=scale, adapter_names=["case"])
    if any(name.startswith(("lora_te", "text_encoder")) for name in state):
        model.pipeline.fuse_lora(components=["text_encoder", "text_encoder_2"], lora_scale=text_scale, adapter_names=["case"])
    model.pipeline.unload_lora_weights()
    path.unlink()


def lycoris_module(state, key, child):
    """The module of one layer, or None. Built by hand where make_module_from_state_dict takes the shapes for another configuration."""
    kind, parameters = get_module(state, key)
    parts = {name.removeprefix(key + "."): tensor for name, tensor in state.items() if name.startswith(key + ".")}
    magnitude = parts.get("dora_scale")
    if "on_input" in parts:
        module = IA3Module(key, child, 1, train_on_input=bool(parts.pop("on_input")))
    elif "lokr_w1" in parts or "lokr_w1_a" in parts:
        left = parts.get("lokr_w1", parts.get("lokr_w1_a"))
        whole = "lokr_w1" in parts and "lokr_w2" in parts
        module = kind(key, child, 1, 1 if whole else 2, ALPHA, use_tucker="lokr_t2" in parts, decompose_both="lokr_w1_a" in parts, factor=left.shape[0],
                      weight_decompose=magnitude is not None, full_matrix=whole)
    elif magnitude is not None and magnitude.shape[0] == 1:
        module = kind(key, child, 1, RANK, ALPHA, weight_decompose=True, wd_on_out=False)
    else:
        return make_module(kind, parameters, key, child) if kind else None
    own = dict(module.named_parameters())
    for name, tensor in parts.items():
        if name != "alpha":
            own[name].copy_(tensor)
    return module


def merge_with_lycoris(model, state, scale, text_scale):
    for component, root in model.modules.items():
        for name, child in list(root.named_modules()):
            is_text = component != "unet" and not name.startswith("text_model.")
            module = lycoris_module(state, kohya(component, "text_model." + name if is_text else name), child)
            if isinstance(module, LohaModule):  # its merge multiplies by alpha / rank twice; what it was trained with, its forward pass, does once
                module.get_diff_weight = lambda multiplier=1, shape=None, device=None, module=module: (module.get_weight(shape) * multiplier, None)
            if module:
                module.merge_to(scale if component == "unet" else text_scale)


def embedding_cases():
    def pair(first, second, count, shape=lambda count, width: (count, width)):
        return {first: (shape(count, 64), "weight", 0.4), second: (shape(count, 128), "weight", 0.4)}

    yield "two-vectors", pair("clip_l", "clip_g", 2), "a red sfumo on grass", ""
    yield "one-vector", pair("clip_l", "clip_g", 1, lambda count, width: (width,)), "sfumo, a house, sfumo", ""
    yield "pivotal", pair("text_encoders_0", "text_encoders_1", 3), "a house", "sfumo, a tree"


def picture_with_embedding(model, state, prompt, negative):
    pipeline = model.pipeline
    for part in ("tokenizer", "tokenizer_2"):
        pipeline.register_modules(**{part: copy.deepcopy(getattr(pipeline, part))})
    for module in (*pipeline.text_encoder.modules(), *pipeline.text_encoder_2.modules()):
        if hasattr(module, "eos_token_id"):
            module.eos_token_id = 49407  # with the old value 2 the pooled row is that of the largest id, which is a learned one
    first, second = (next(value for name, value in state.items() if name.endswith(ends)) for ends in (("_l", "_0"), ("_g", "_1")))
    pipeline.load_textual_inversion(first, token="sfumo", text_encoder=pipeline.text_encoder, tokenizer=pipeline.tokenizer)
    pipeline.load_textual_inversion(second, token="sfumo", text_encoder=pipeline.text_encoder_2, tokenizer=pipeline.tokenizer_2)
    return pipeline(prompt=prompt, negative_prompt=negative or None, num_inference_steps=4, guidance_scale=3.0, width=64, height=64, output_type="np",
                    generator=torch.Generator().manual_seed(5)).images[0]


def main(merges_path):
    warnings.simplefilter("ignore")
    diffusers.utils.logging.set_verbosity_error()
    torch.set_num_threads(1)
    packages = ("torch", "diffusers", "transformers", "peft", "lycoris-lora")
    metadata = {package: importlib.metadata.version(package).split("+")[0] for package in packages}
    tensors = {}
    names = [name for name, *_ in cases(Model(merges_path))]
    for wanted in names:
        model = Model(merges_path)
        case, reference, parts, header = next(entry for entry in cases(model) if entry[0] == wanted)
        scale, text_scale = (0.8, 0.6) if "dora" not in case else (1.0, 1.0)  # the libraries agree on DoRA at full strength alone
        state = {name: value(case, name, *part) for name, part in parts.items()}
        with torch.no_grad():
            if reference == "diffusers":
                merge_with_diffusers(model, dict(state), header, scale, text_scale)
            else:
                merge_with_lycoris(model, state, scale, text_scale)
            after = model.parameters()
            changed = [key for key in sorted(model.before) if not torch.equal(after[key], model.before[key])]
            rows = []
            for key in changed:
                flat, count = after[key].double().flatten(), after[key].numel()
                rows.append([*(flat[count * i // 8].item() for i in range(8)), flat.norm().item(), (flat - model.before[key].double().flatten()).norm().item()])
            image = model.pipeline(prompt=PROMPT, num_inference_steps=4, guidance_scale=3.0, width=64, height=64, output_type="np", generator=torch.Generator().manual_seed(5)).images[0]
        layer_count = len({name.rsplit(".", 2 if name.endswith(".weight") and ("lora" in name) else 1)[0] for name in parts})
        metadata["lora/" + case] = "\n".join(f"{name}|{','.join(map(str, part[0]))}|{part[1]}|{part[2]}" for name, part in parts.items())
        metadata["case/" + case] = f"reference={reference};scale={scale};text={text_scale}"
        if header:
            metadata["header/" + case] = json.dumps(header)
        metadata["weights/" + case] = "\n".join("|".join(key) for key in changed)
        tensors["merged/" + case] = torch.tensor(rows, dtype=torch.float32)
        tensors["image/" + case] = torch.from_numpy(numpy.ascontiguousarray((image * 255).round().astype(numpy.uint8)))
        print(f"{case}: {reference}, {layer_count} layers in the file, {len(changed)} weights changed, largest change {max(row[9] / row[8] for row in rows):.3f}, "
              f"picture mean {image.mean():.3f}", flush=True)
    for case, parts, prompt, negative in embedding_cases():
        with torch.no_grad():
            image = picture_with_embedding(Model(merges_path), {name: value(case, name, *part) for name, part in parts.items()}, prompt, negative)
        metadata["embedding/" + case] = "\n".join(f"{name}|{','.join(map(str, part[0]))}|{part[1]}|{part[2]}" for name, part in parts.items())
        metadata["prompts/" + case] = f"{prompt}\n{negative}"
        tensors["image/" + case] = torch.from_numpy(numpy.ascontiguousarray((image * 255).round().astype(numpy.uint8)))
        print(f"{case}: picture mean {image.mean():.3f}", flush=True)
    path = pathlib.Path(__file__).resolve().parent / "references" / "adapters.safetensors"
    save_file(tensors, path, metadata)
    print(path, path.stat().st_size // 1024, "KiB")


if __name__ == "__main__":
    main(sys.argv[1])
