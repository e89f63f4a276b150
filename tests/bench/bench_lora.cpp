// What LoRAs cost: changing the stack on a full-size SDXL UNet, and a step with three of them against one with none, measured in turn.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/io/safetensors_writer.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/weights.h"
#include "core/engine/pipeline/lora_stack.h"
#include "tests/bench/bench_cases.h"
#include "tests/support/network_shapes.h"
#include "tests/bench/timing.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace sfumato::bench {

namespace {

namespace fs = std::filesystem;

constexpr int kLoras = 3;
constexpr double kTimestep = 499.0;

// A folder that is gone afterwards.
class WorkFolder {
public:
    WorkFolder() : m_path(fs::temp_directory_path() / ("sfumato-bench-" + std::to_string(::getpid()))) { fs::create_directories(m_path); }
    ~WorkFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;

    [[nodiscard]] fs::path operator/(const std::string& name) const { return m_path / name; }

private:
    fs::path m_path;
};

void write(const fs::path& path, const std::vector<test::NamedShape>& shapes, const std::function<at::Tensor(const test::NamedShape&)>& values)
{
    std::vector<at::Tensor> tensors;
    std::vector<engine::TensorToWrite> entries;
    for (const test::NamedShape& entry : shapes) {
        tensors.push_back(values(entry).to(at::kHalf).contiguous());
        entries.push_back({ entry.name, engine::Dtype::F16, entry.shape, { static_cast<const std::byte*>(tensors.back().const_data_ptr()), tensors.back().nbytes() } });
    }
    if (const Result<void> written = engine::writeSafetensors(path, entries); !written)
        throw engine::EngineException(written.error());
}

void writeUnet(const fs::path& path, const engine::UnetConfig& config)
{
    write(path, test::unetShapes(config), [](const test::NamedShape& entry) {
        double fanIn = 1;
        for (std::size_t i = 1; i < entry.shape.size(); ++i)
            fanIn *= static_cast<double>(entry.shape[i]);
        const bool isGain = entry.shape.size() == 1 && entry.name.ends_with(".weight");
        return at::randn(entry.shape, at::TensorOptions().dtype(at::kFloat)).mul_(entry.shape.size() > 1 ? 1.0 / std::sqrt(fanIn) : 0.05).add_(isGain ? 1.0 : 0.0);
    });
}

// Every matrix of every transformer, as kohya's trainer does by default: 722 layers in SDXL. Returns how many.
std::size_t writeLora(const fs::path& path, const engine::UnetConfig& config, std::int64_t rank)
{
    std::vector<test::NamedShape> shapes;
    for (const test::NamedShape& entry : test::unetShapes(config)) {
        const bool isMatrix = entry.shape.size() == 2 && entry.name.ends_with(".weight") && entry.name.find(".attentions.") != std::string::npos;
        if (!isMatrix)
            continue;
        const std::string layer = "unet." + entry.name.substr(0, entry.name.size() - std::string_view(".weight").size());
        shapes.push_back({ layer + ".lora_A.weight", { rank, entry.shape[1] } });
        shapes.push_back({ layer + ".lora_B.weight", { entry.shape[0], rank } });
    }
    write(path, shapes, [](const test::NamedShape& entry) { return at::randn(entry.shape, at::TensorOptions().dtype(at::kFloat)).mul_(0.01); });
    return shapes.size() / 2;
}

} // namespace

void benchLora(const BenchOptions& options)
{
    const WorkFolder folder;
    const engine::UnetConfig config = test::sdxlBaseConfig();
    writeUnet(folder / "unet.safetensors", config);
    std::vector<engine::LoraReference> loras;
    std::size_t layers = 0;
    for (int i = 0; i < kLoras; ++i) {
        loras.push_back({ folder / ("lora" + std::to_string(i) + ".safetensors"), 0.8, 0.0 });
        layers = writeLora(loras.back().path, config, options.rank);
    }

    const auto files = engine::ModelFiles::open({ folder / "unet.safetensors", {} });
    if (!files)
        throw engine::EngineException(files.error());
    const engine::Weights weights(files->tensors(engine::Component::Unet), "random weights", engine::LoadOptions{ options.dtype, options.device, {}, {}, true });
    const engine::Unet2dConditionModel unet(weights, config);
    weights.finish();
    engine::LoraStack stack(*files);
    stack.setWeights(engine::Component::Unet, weights.adaptable());
    const auto apply = [&](const std::vector<engine::LoraReference>& wanted) { return secondsOf([&] { static_cast<void>(stack.apply(wanted, {}, {})); }); };

    std::vector<double> add, weigh, remove;
    engine::LoraReference lora = loras.front();
    for (int run = -options.warmUps; run < options.repeats; ++run) {
        const double added = apply({ lora });
        lora.scale = lora.scale == 0.8 ? 0.7 : 0.8;
        const double weighed = apply({ lora }), removed = apply({});
        if (run < 0)
            continue;
        add.push_back(added);
        weigh.push_back(weighed);
        remove.push_back(removed);
    }
    std::printf("lora rank %lld layers %zu add seconds %.4f re-weight seconds %.4f remove seconds %.4f\n", static_cast<long long>(options.rank), layers, median(add), median(weigh), median(remove));

    const at::TensorOptions kind = at::TensorOptions().dtype(at::kFloat);
    const std::int64_t side = options.size / 8;
    const at::Tensor sample = at::randn({ options.batch, 4, side, side }, kind).to(options.device, options.dtype);
    const at::Tensor context = at::randn({ options.batch, 77, config.contextWidth }, kind).to(options.device, options.dtype);
    const at::Tensor added = at::randn({ options.batch, config.addedWidth }, kind).to(options.device, options.dtype);
    const auto step = [&] { static_cast<void>(unet.forward(sample, kTimestep, context, added, {}).to(at::kCPU)); };
    std::vector<double> none, three;
    for (int run = -1; run < options.repeats; ++run) { // in turn, so that a noisy machine disturbs both alike
        static_cast<void>(apply({}));
        step();
        const double plain = secondsOf(step);
        static_cast<void>(apply(loras));
        step();
        const double merged = secondsOf(step);
        if (run < 0)
            continue;
        none.push_back(plain);
        three.push_back(merged);
    }
    std::printf("unet %lld step seconds %.4f with %d LoRAs %.4f ratio %.3f\n", static_cast<long long>(options.size), median(none), kLoras, median(three), median(three) / median(none));
    std::fflush(stdout);
}

} // namespace sfumato::bench
