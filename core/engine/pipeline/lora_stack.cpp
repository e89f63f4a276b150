// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/lora_stack.h"

#include "core/engine/io/adapters/adapter_match.h"
#include "core/engine/io/adapters/adapter_summary.h"
#include "core/engine/io/file_description.h"
#include "core/engine/io/message_text.h"
#include "core/engine/nn/adapters/adapter_math.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/finite.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/tensor_reading.h"

#include <algorithm>
#include <numeric>

namespace sfumato::engine {

namespace {

constexpr std::string_view kBias = ".bias";

// Broken files are found before they spoil a picture: a not-a-number in one weight makes every pixel one.
at::Tensor readPart(const AdapterFile& adapter, const TensorEntry& entry, at::Device device)
{
    const at::Tensor values = readTensor(adapter.file(), entry).to(device, at::kFloat).contiguous();
    if (!isFinite(values))
        throw EngineException(ErrorCode::UnsupportedModel,
            displayName(adapter.file().path()) + " is damaged: the tensor " + quotedName(entry.name) + " holds values that are not numbers.", entry.name);
    return values;
}

AdapterTensors readLayer(const AdapterFile& adapter, const AdapterLayer& layer, at::Device device)
{
    AdapterTensors tensors{ layer.kind, {}, std::nullopt, layer.scale };
    for (const auto& [role, entry] : layer.tensors) {
        if (role == AdapterRole::Alpha) tensors.alpha = readScalar(adapter.file(), *entry);
        else if (role == AdapterRole::OnInput)
            tensors.parts.emplace(role, at::full({}, readScalar(adapter.file(), *entry), at::kFloat));
        else
            tensors.parts.emplace(role, readPart(adapter, *entry, device));
    }
    return tensors;
}

bool isLowRankProduct(const AdapterLayer& layer)
{
    return layer.kind == AdapterKind::Lora && !layer.has(AdapterRole::Mid) && !layer.has(AdapterRole::DoraScale) && !layer.has(AdapterRole::Magnitude);
}

} // namespace

// Applies the plan to the weights it is asked for and keeps the account of what they hold.
class LoraStack::Merge : public WeightChange {
public:
    Merge(LoraStack& stack, const Plan& plan, Component component, std::function<void()> onWeight) : m_stack(stack), m_plan(plan), m_component(component), m_onWeight(std::move(onWeight)) { }

    [[nodiscard]] bool touches(const std::string& name) const override { return m_plan.contains({ m_component, name }); }

    [[nodiscard]] at::Tensor apply(const std::string& name, at::Tensor original) override
    {
        const bool isBias = name.ends_with(kBias);
        for (const LoraStack::Change& change : m_plan.at({ m_component, name })) {
            const AdapterTensors tensors = readLayer(*change.adapter, change.adapter->layers()[change.layer], original.device());
            original = isBias ? adaptedBias(std::move(original), tensors, change.strength) : adaptedWeight(std::move(original), tensors, change.strength);
        }
        return original;
    }

    [[nodiscard]] RowChange rowChange(const std::string& name) override
    {
        if (name.ends_with(kBias)) return {};
        const std::vector<LoraStack::Change>& changes = m_plan.at({ m_component, name });
        if (!std::ranges::all_of(changes, [](const LoraStack::Change& change) { return isLowRankProduct(change.adapter->layers()[change.layer]); })) return {};
        std::vector<LowRankProduct> products;
        for (const LoraStack::Change& change : changes) products.push_back(lowRankProduct(readLayer(*change.adapter, change.adapter->layers()[change.layer], at::kCPU), change.strength));
        return [products = std::move(products)](std::int64_t first, const at::Tensor& rows) {
            const at::Tensor matrix = rows.flatten(1);
            for (const LowRankProduct& product : products) matrix.addmm_(product.left.narrow(0, first, matrix.size(0)), product.right, 1.0, product.amount);
        };
    }

    void onRemade(const std::vector<std::string>& names) override
    {
        for (const std::string& name : names) {
            const WeightName key{ m_component, name };
            const auto planned = m_plan.find(key);
            if (planned == m_plan.end()) m_stack.m_current.erase(key);
            else
                m_stack.m_current.insert_or_assign(key, planned->second);
        }
        m_onWeight();
    }

private:
    LoraStack& m_stack;
    const Plan& m_plan;
    Component m_component;
    std::function<void()> m_onWeight;
};

LoraStack::LoraStack(const ModelFiles& files) : m_family(files.info().family), m_modelName(files.fileName(Component::Unet)), m_targets(files) { }

void LoraStack::setWeights(Component component, std::unique_ptr<AdaptableWeights> weights)
{
    m_weights[static_cast<std::size_t>(component)] = std::move(weights);
}

const LoraStack::OpenFile& LoraStack::open(const std::filesystem::path& path)
{
    std::error_code ignored;
    const auto modified = std::filesystem::last_write_time(path, ignored);
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    if (const auto known = m_files.find(path); known != m_files.end() && known->second.modified == modified && known->second.sizeInBytes == size) return known->second;
    Result<AdapterFile> opened = AdapterFile::open(path);
    if (!opened) throw EngineException(std::move(opened).error());
    OpenFile file{ modified, size, ++m_lastSerial, std::make_shared<const AdapterFile>(std::move(opened).value()) };
    return m_files.insert_or_assign(path, std::move(file)).first->second;
}

void LoraStack::requireFamily(const AdapterFile& adapter) const
{
    const AdapterSummary summary = summariseAdapter(adapter.file());
    const std::string made = summary.foreignFamily.empty() ? std::string(modelFamilyName(summary.family)) : summary.foreignFamily;
    const bool isKnown = !summary.foreignFamily.empty() || (summary.family != ModelFamily::Unknown && m_family != ModelFamily::Unknown);
    if (!isKnown || (summary.foreignFamily.empty() && summary.family == m_family)) return;
    throw EngineException(ErrorCode::UnsupportedModel,
        displayName(adapter.file().path()) + " is a LoRA for " + made + "; the model " + m_modelName + " is " + std::string(modelFamilyName(m_family)) + ".", displayName(adapter.file().path()));
}

std::string LoraStack::planLayer(const OpenFile& file, std::size_t index, const LoraReference& lora, Plan& plan) const
{
    const AdapterLayer& layer = file.adapter->layers()[index];
    const AdapterTarget* const target = m_targets.find(layer.name);
    const WeightShapes shapes = [this](Component component, const std::string& name) {
        const AdaptableWeights* const weights = this->weights(component);
        return weights ? weights->shapeOf(name) : nullptr;
    };
    if (std::string misfit = layerMisfit(layer, target, shapes); !misfit.empty()) return misfit;

    const double strength = target->component == Component::Unet ? lora.scale : lora.textEncoderScale;
    if (strength == 0) return {};
    const Change change{ file.serial, index, strength, file.adapter };
    if (layer.kind != AdapterKind::None) plan[{ target->component, weightNameOf(*target) }].push_back(change);
    if (layer.has(AdapterRole::DiffBias)) plan[{ target->component, biasNameOf(*target) }].push_back(change);
    return {};
}

LoraReport LoraStack::planLora(const LoraReference& lora, Plan& plan)
{
    const OpenFile& file = open(lora.path);
    requireFamily(*file.adapter);
    LoraReport report{ lora.path, 0, static_cast<int>(file.adapter->layers().size()), {}, fewStepsOfAdapter(file.adapter->file()) };
    std::string firstReason;
    for (std::size_t index = 0; index < file.adapter->layers().size(); ++index) {
        const std::string reason = planLayer(file, index, lora, plan);
        if (reason.empty()) {
            ++report.appliedLayers;
            continue;
        }
        const std::string& name = file.adapter->layers()[index].name;
        if (report.unmatched.empty()) firstReason = quotedName(name) + ": " + reason;
        report.unmatched.push_back(name);
    }
    if (report.appliedLayers > 0) return report;
    throw EngineException(ErrorCode::WeightShapeMismatch,
        displayName(lora.path) + " does not fit " + m_modelName + ": none of its " + std::to_string(report.totalLayers) + " layers can be applied (" + firstReason + ").", displayName(lora.path));
}

std::map<Component, std::set<std::string>> LoraStack::difference(const Plan& wanted) const
{
    std::map<Component, std::set<std::string>> names;
    for (const auto& [key, changes] : wanted) {
        const auto held = m_current.find(key);
        if (held == m_current.end() || held->second != changes) names[key.first].insert(key.second);
    }
    for (const auto& [key, changes] : m_current) {
        if (!wanted.contains(key)) names[key.first].insert(key.second);
    }
    return names;
}

std::vector<LoraReport> LoraStack::apply(std::span<const LoraReference> loras, const LoraCallbacks& callbacks, const std::stop_token& stop)
{
    Plan wanted;
    std::vector<LoraReport> reports;
    for (const LoraReference& lora : loras) reports.push_back(planLora(lora, wanted));
    std::erase_if(m_files, [&](const auto& entry) { return std::ranges::none_of(loras, [&](const LoraReference& lora) { return lora.path == entry.first; }); });

    const auto names = difference(wanted);
    const std::size_t total = std::accumulate(names.begin(), names.end(), std::size_t{ 0 }, [](std::size_t sum, const auto& one) { return sum + one.second.size(); });
    std::size_t done = 0;
    const auto onWeight = [&] {
        ++done; // slots of several weights count once: the bar ends a little early at worst
        if (callbacks.progress) callbacks.progress(std::min(1.0, static_cast<double>(done) / static_cast<double>(total)));
    };
    const bool changesText = names.contains(Component::TextEncoder) || names.contains(Component::TextEncoder2);
    if (changesText && callbacks.onTextEncodersChange) callbacks.onTextEncodersChange();
    for (const auto& [component, changed] : names) {
        Merge merge(*this, wanted, component, onWeight);
        m_weights[static_cast<std::size_t>(component)]->remake(changed, merge, stop);
    }
    return reports;
}

std::vector<EmbeddingFile> LoraStack::bundledEmbeddings() const
{
    std::vector<EmbeddingFile> embeddings;
    for (const auto& [path, file] : m_files) {
        std::vector<EmbeddingFile> bundled = EmbeddingFile::bundledWith(*file.adapter);
        std::move(bundled.begin(), bundled.end(), std::back_inserter(embeddings));
    }
    return embeddings;
}

} // namespace sfumato::engine
