// Which one of its kind a file is, from shapes: the text encoder, the task list, the inpainting UNet.
// Thread: any, pure. Cost: one pass over the names.
// Source: huggingface/diffusers and transformers (names and published sizes), xinsir6/ControlNetPlus, tencent-ailab/IP-Adapter, TencentARC/T2I-Adapter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/io/file_description.h"
#include "core/engine/io/safetensors_file.h"

#include <string>

namespace sfumato::engine {

// "inpainting", "CLIP-L", "8 tasks (ProMax)", "plus, for ViT-H", …; empty where a kind has one form only or none is recognised. Names of models, not to be translated.
[[nodiscard]] std::string variantOf(const SafetensorsFile& file, FileKind kind);

} // namespace sfumato::engine
