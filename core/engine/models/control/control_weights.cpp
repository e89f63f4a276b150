// SPDX-License-Identifier: Apache-2.0
#include "core/engine/models/control/control_weights.h"

#include "core/engine/io/model_files.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace sfumato::engine {

namespace {

constexpr std::int64_t kLatentChannels = 4;
constexpr std::array<std::string_view, 5> kEncoderHeads{ "conv_in.", "time_embedding.", "add_embedding.", "down_blocks.", "mid_block." };

bool isOfEncoder(std::string_view name)
{
    return std::any_of(kEncoderHeads.begin(), kEncoderHeads.end(), [&](std::string_view head) { return name.starts_with(head); });
}

// "a.b.weight" → "a.b"; empty for other endings.
std::string_view stemOf(std::string_view name, std::string_view ending)
{
    return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : std::string_view();
}

// The UNet's encoder half by name, with scaled 8-bit weights multiplied out.
std::map<std::string, WeightSource> encoderOf(const std::vector<MappedTensor>& unet)
{
    std::map<std::string, WeightSource> sources;
    std::map<std::string, WeightSource> scales;
    for (const MappedTensor& tensor : unet) {
        if (!isOfEncoder(tensor.name) || tensor.name.ends_with(".scale_input")) continue;
        if (const std::string_view stem = stemOf(tensor.name, ".scale_weight"); !stem.empty()) scales.emplace(std::string(stem) + ".weight", weightSource(tensor));
        else
            sources.emplace(tensor.name, weightSource(tensor));
    }
    for (auto& [name, scale] : scales) {
        const auto found = sources.find(name);
        if (found == sources.end()) continue;
        found->second.read = [read = std::move(found->second.read), readScale = std::move(scale.read)] { return read().to(at::kFloat).mul_(readScale().to(at::kDouble).item<double>()); };
    }
    // Controls never see the mask channels of an inpainting model.
    if (const auto input = sources.find("conv_in.weight"); input != sources.end() && input->second.shape.size() == 4 && input->second.shape[1] > kLatentChannels) {
        input->second.shape[1] = kLatentChannels;
        input->second.read = [read = std::move(input->second.read)] { return read().narrow(1, 0, kLatentChannels); };
    }
    return sources;
}

// base + up·down, where the product has as many numbers.
at::Tensor withProduct(const at::Tensor& base, const at::Tensor& up, const at::Tensor& down, const std::string& name)
{
    const at::Tensor left = up.to(at::kFloat).flatten(1), right = down.to(at::kFloat).flatten(1);
    if (left.size(1) != right.size(0) || left.size(0) * right.size(1) != base.numel())
        throw EngineException(ErrorCode::WeightShapeMismatch, "The Control-LoRA was made for another model: its change of " + name + " has another shape than the model's weight.", name);
    return base.to(at::kFloat) + at::matmul(left, right).reshape(base.sizes());
}

std::vector<WeightSource> listOf(std::map<std::string, WeightSource> sources)
{
    std::vector<WeightSource> list;
    list.reserve(sources.size());
    for (auto& [name, source] : sources) list.push_back(std::move(source));
    return list;
}

} // namespace

std::vector<WeightSource> weightsWithDifference(const std::vector<MappedTensor>& difference, const std::vector<MappedTensor>& unet)
{
    const std::map<std::string, WeightSource> base = encoderOf(unet);
    std::vector<WeightSource> sources;
    for (const MappedTensor& tensor : difference) {
        WeightSource source = weightSource(tensor);
        if (const auto found = base.find(tensor.name); found != base.end() && found->second.shape == source.shape)
            source.read = [read = std::move(source.read), readBase = found->second.read] { return readBase().to(at::kFloat) + read().to(at::kFloat); };
        sources.push_back(std::move(source));
    }
    return sources;
}

std::vector<WeightSource> weightsWithControlLora(const std::vector<MappedTensor>& lora, const std::vector<MappedTensor>& unet)
{
    std::map<std::string, WeightSource> sources = encoderOf(unet);
    std::map<std::string, WeightSource> downs;
    for (const MappedTensor& tensor : lora) {
        if (const std::string_view stem = stemOf(tensor.name, ".down"); !stem.empty()) downs.emplace(stem, weightSource(tensor));
    }
    for (const MappedTensor& tensor : lora) {
        if (tensor.name.ends_with(".down")) continue;
        WeightSource source = weightSource(tensor);
        const std::string stem(stemOf(tensor.name, ".up"));
        const auto down = downs.find(stem);
        const auto base = sources.find(stem + ".weight");
        if (stem.empty() || down == downs.end() || base == sources.end()) {
            sources.insert_or_assign(tensor.name, std::move(source));
            continue;
        }
        WeightSource& target = base->second;
        target.byteCount += source.byteCount + down->second.byteCount;
        target.read = [readBase = std::move(target.read), readUp = std::move(source.read), readDown = std::move(down->second.read), name = target.name] {
            return withProduct(readBase(), readUp(), readDown(), name);
        };
    }
    return listOf(std::move(sources));
}

} // namespace sfumato::engine
