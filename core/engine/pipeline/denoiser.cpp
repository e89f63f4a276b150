// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/denoiser.h"

#include "core/engine/api/scheduler_names.h"
#include "core/engine/io/message_text.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/added_condition.h"
#include "core/engine/sampling/sharpness.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kInpaintChannels = 9;

std::unique_ptr<Scheduler> makeScheduler(const GenerationRequest& request, const LoadedModel& model)
{
    const auto name = findScheduler(request.sampling.scheduler);
    if (!name) throw EngineException(ErrorCode::InvalidRequest, "There is no scheduler called \"" + request.sampling.scheduler + "\".", "scheduler");
    auto scheduler = createScheduler(*name, { model.info().prediction, model.info().zeroTerminalSnr, model.info().family, request.sampling.compatibility });
    const double strength = request.mode == GenerationMode::TextToImage ? 1.0 : request.sampling.strength;
    if (const auto ready = scheduler->setTimesteps(request.sampling.steps, strength, request.sampling.compatibility); !ready) throw EngineException(ready.error());
    return scheduler;
}

GuidanceSettings guidanceOf(const SamplingSettings& sampling)
{
    return { .scale = sampling.guidanceScale,
        .rescale = sampling.guidanceRescale,
        .lowestSigma = sampling.guidanceLowest,
        .highestSigma = sampling.guidanceHighest,
        .adaptiveScale = sampling.adaptiveGuidance,
        .perturbationScale = sampling.perturbed.scale,
        .perturbationFall = sampling.perturbed.adaptiveScale };
}

} // namespace

Denoiser::Denoiser(LoadedModel& model, const GenerationRequest& request, std::stop_token stop)
    : m_model(model), m_request(request), m_stop(std::move(stop)), m_guidance(guidanceOf(request.sampling)), m_scheduler(makeScheduler(request, model))
{
}

void Denoiser::restart()
{
    m_scheduler = makeScheduler(m_request, m_model);
}

void Denoiser::encodePrompts()
{
    checkPerturbedLayers();
    const PromptPair prompts = m_model.prompts().encode({ m_request.prompt, m_request.negativePrompt, m_guidance.isActive(), m_request.clipSkip, m_request.sampling.compatibility }, m_stop);
    const SizeEmphasis emphasis = m_request.sampling.sizeEmphasis.value_or(SizeEmphasis{});
    m_conditional = conditionOf(prompts.positive, m_request.aestheticScore, emphasis.positive);
    if (m_guidance.isActive()) m_unconditional = conditionOf(prompts.negative, m_request.negativeAestheticScore, emphasis.negative);
}

Denoiser::Condition Denoiser::conditionOf(const PromptEmbedding& prompt, double aestheticScore, double sizeFactor) const
{
    Condition condition{ prompt.context, {}, {} };
    const std::int64_t width = m_model.unet().config().addedWidth;
    if (width == 0) return condition;
    const SizeConditioning sizes = m_request.sizeConditioning.value_or(SizeConditioning{ m_request.size, 0, 0, m_request.size });
    if (m_model.hints().requiresAestheticsScore) {
        condition.added = addedCondition(prompt.pooled, scoredSizeNumbers(sizes, aestheticScore), width);
    } else if (m_request.sampling.sizeEmphasis) {
        condition.added = addedCondition(prompt.pooled, emphasisedNumbers(m_request.size, 1.0), width);
        condition.emphasised = addedCondition(prompt.pooled, emphasisedNumbers(m_request.size, sizeFactor), width);
    } else {
        condition.added = addedCondition(prompt.pooled, sizeNumbers(sizes), width);
    }
    return condition;
}

void Denoiser::checkPerturbedLayers() const
{
    if (m_request.sampling.perturbed.scale <= 0.0) return;
    const std::vector<std::string> names = m_model.unet().attentionNames();
    for (const std::string& layer : m_request.sampling.perturbed.layers) {
        if (std::ranges::any_of(names, [&](const std::string& name) { return name.starts_with(layer); })) continue;
        throw EngineException(ErrorCode::InvalidRequest, "pag_layers names " + quotedName(layer) + ", but no attention of \"" + m_model.info().title + "\" begins with that; it has " + (names.empty() ? std::string("none") : names.front() + " to " + names.back()) + ".", "pag_layers");
    }
}

int Denoiser::firstCallBelow(double switchAt) const
{
    const double cutoff = std::nearbyint(kTrainTimesteps - switchAt * kTrainTimesteps);
    int call = 0;
    while (call < m_scheduler->callCount() && !(m_scheduler->beginsStep(call) && m_scheduler->timesteps()[static_cast<std::size_t>(call)] < cutoff)) ++call;
    return call;
}

bool Denoiser::readsMask() const
{
    return m_model.unet().config().inputChannels == kInpaintChannels;
}

at::Tensor Denoiser::pass(const Seen& seen, std::span<const Condition* const> branches, std::int64_t perturbedRows) const
{
    const double timestep = m_scheduler->timesteps()[static_cast<std::size_t>(seen.call)];
    const SamplingSettings& sampling = m_request.sampling;
    const bool isEmphasised = sampling.sizeEmphasis && timestep > (kTrainTimesteps - 1) * (1.0 - sampling.sizeEmphasis->end);
    std::vector<at::Tensor> contexts, adds;
    for (const Condition* branch : branches) {
        contexts.push_back(branch->context);
        adds.push_back(isEmphasised && branch->emphasised.defined() ? branch->emphasised : branch->added);
    }
    const auto joined = [](const std::vector<at::Tensor>& rows) { return rows.size() == 1 || !rows.front().defined() ? rows.front() : at::cat(rows); };
    const auto batched = [&](const at::Tensor& row) { return joined(std::vector(branches.size(), row)).to(m_model.dtype()); };
    const at::Tensor context = joined(contexts), added = joined(adds), sample = batched(seen.input);
    const int first = m_scheduler->firstCall();
    const UnetAdditions additions = seen.controls->additionsFor({ sample, timestep, context, added, branches.size() > 1, seen.call - first, m_scheduler->callCount() - first }, m_stop);
    const UnetPass options{ perturbedRows, sampling.perturbed.layers, sampling.freeU ? &*sampling.freeU : nullptr };
    return m_model.unet().forward(readsMask() ? batched(at::cat({ seen.input, seen.extraChannels }, 1)) : sample, timestep, context, added, m_stop, additions, {}, options);
}

std::vector<at::Tensor> Denoiser::predictBranches(const Seen& seen, std::span<const Condition* const> branches, std::int64_t perturbedRows) const
{
    const std::size_t count = branches.size();
    if (std::ranges::all_of(branches, [&](const Condition* branch) { return branch->context.size(1) == branches.front()->context.size(1); })) {
        const at::Tensor rows = pass(seen, branches, perturbedRows);
        return count == 1 ? std::vector{ rows } : rows.split(1);
    }
    std::vector<at::Tensor> predictions;
    for (std::size_t i = 0; i < count; ++i) predictions.push_back(pass(seen, branches.subspan(i, 1), static_cast<std::int64_t>(i + static_cast<std::size_t>(perturbedRows) >= count)));
    return predictions;
}

Prediction Denoiser::predict(const at::Tensor& latents, int call, const at::Tensor& extraChannels, const ControlSet& controls, const std::optional<KnownLatents>& known) const
{
    const at::Tensor seen = m_scheduler->scaleModelInput(latents, call);
    const auto index = static_cast<std::size_t>(call);
    const double sigma = m_scheduler->sigmas()[index], timestep = m_scheduler->timesteps()[index];
    GuidanceBranches branches;
    branches.perturbation = m_guidance.perturbationAt(sigma, timestep);
    const bool isGuided = m_guidance.isActiveAt(sigma), isPerturbed = branches.perturbation > 0.0;

    std::vector<const Condition*> conditions;
    if (isGuided) conditions.push_back(&m_unconditional);
    conditions.push_back(&m_conditional);
    if (isPerturbed) conditions.push_back(&m_conditional);
    const std::vector<at::Tensor> predictions = predictBranches({ seen, call, extraChannels, &controls }, conditions, isPerturbed ? 1 : 0);
    const SeenLatents latentsSeen{ seen, sigma, m_model.info().prediction };
    branches.conditional = predictions[isGuided ? 1 : 0];
    if (isGuided) branches.unconditional = predictions.front();
    if (isPerturbed) branches.perturbed = predictions.back();
    if (isGuided && m_request.sampling.sharpness > 0.0)
        branches.sharpened = sharpened(branches.conditional, latentsSeen, m_request.sampling.sharpness, 1.0 - timestep / (kTrainTimesteps - 1));
    at::Tensor guided = m_guidance.combine(branches, timestep);
    if (known) {
        const at::Tensor estimate = estimateOf(guided, latentsSeen) * known->paint + known->latents * (1.0 - known->paint);
        guided = predictionOf(estimate, { m_scheduler->scaleModelInput(known->state, call), sigma, m_model.info().prediction });
    }
    return { guided, branches.unconditional };
}

} // namespace sfumato::engine
