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

std::unique_ptr<Scheduler> makeScheduler(const GenerationRequest& request, const LoadedModel& model, const ParametrisationOverride& parametrisation)
{
    const auto name = findScheduler(request.sampling.scheduler);
    if (!name) throw EngineException(ErrorCode::InvalidRequest, "There is no scheduler called \"" + request.sampling.scheduler + "\".", "scheduler");
    auto scheduler = createScheduler(*name,
        { parametrisation.prediction.value_or(model.info().prediction), parametrisation.zeroTerminalSnr.value_or(model.info().zeroTerminalSnr), model.info().family, request.sampling.compatibility });
    const double strength = request.mode == GenerationMode::TextToImage ? 1.0 : request.sampling.strength;
    if (const auto ready = scheduler->setTimesteps(request.sampling.steps, strength, request.sampling.compatibility); !ready) throw EngineException(ready.error());
    return scheduler;
}

// A model that was given the scale to learn from needs no unconditional branch.
GuidanceSettings guidanceOf(const SamplingSettings& sampling, const LoadedModel& model)
{
    if (model.unet().config().guidanceWidth > 0) return { .perturbationScale = sampling.perturbed.scale, .perturbationFall = sampling.perturbed.adaptiveScale };
    return { .scale = sampling.guidanceScale,
        .rescale = sampling.guidanceRescale,
        .lowestSigma = sampling.guidanceLowest,
        .highestSigma = sampling.guidanceHighest,
        .adaptiveScale = sampling.adaptiveGuidance,
        .perturbationScale = sampling.perturbed.scale,
        .perturbationFall = sampling.perturbed.adaptiveScale };
}

} // namespace

Denoiser::Denoiser(LoadedModel& model, const GenerationRequest& request, const ParametrisationOverride& parametrisation, std::stop_token stop)
    : m_model(model), m_request(request), m_parametrisation(parametrisation), m_stop(std::move(stop)), m_guidance(guidanceOf(request.sampling, model)),
      m_scheduler(makeScheduler(request, model, parametrisation))
{
}

void Denoiser::restart()
{
    m_scheduler = makeScheduler(m_request, m_model, m_parametrisation);
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

at::Tensor Denoiser::pass(const Branches& branches, std::size_t first, std::size_t count, const ControlSet& controls) const
{
    const SamplingSettings& sampling = m_request.sampling;
    const double timestep = m_scheduler->timesteps()[static_cast<std::size_t>(branches.call)];
    const bool isEmphasised = sampling.sizeEmphasis && timestep > (kTrainTimesteps - 1) * (1.0 - sampling.sizeEmphasis->end);
    std::vector<at::Tensor> contexts, addedRows;
    for (std::size_t i = first; i < first + count; ++i) {
        const Condition& condition = *branches.conditions[i];
        contexts.push_back(condition.context);
        addedRows.push_back(isEmphasised && condition.emphasised.defined() ? condition.emphasised : condition.added);
    }
    const auto rows = [count](const at::Tensor& one) { return count == 1 ? one : one.expand({ static_cast<std::int64_t>(count), -1, -1, -1 }); };
    const auto joined = [](const std::vector<at::Tensor>& parts) { return parts.size() == 1 || !parts.front().defined() ? parts.front() : at::cat(parts); };
    const at::Tensor sample = rows(branches.latents.to(m_model.dtype())), context = joined(contexts), added = joined(addedRows);
    const int firstCall = m_scheduler->firstCall();
    const bool hasUnconditional = branches.isGuided && first == 0;
    const UnetAdditions additions = controls.additionsFor({ sample, timestep, context, added, hasUnconditional ? 1 : 0, branches.call - firstCall, m_scheduler->callCount() - firstCall }, m_stop);
    const bool hasPerturbed = branches.isPerturbed && first + count == branches.conditions.size();
    const UnetPass unetPass{ hasPerturbed ? 1 : 0, sampling.perturbed.layers, sampling.freeU ? &*sampling.freeU : nullptr };
    const at::Tensor input = readsMask() ? rows(at::cat({ branches.latents, branches.extraChannels }, 1).to(m_model.dtype())) : sample;
    return m_model.unet().forward(input, UnetTime(timestep, sampling.guidanceScale - 1.0), context, added, m_stop, additions, {}, unetPass);
}

std::vector<at::Tensor> Denoiser::predictBranches(const Branches& branches, const ControlSet& controls) const
{
    const std::vector<const Condition*>& conditions = branches.conditions;
    const bool together = std::ranges::all_of(conditions, [&](const Condition* condition) { return condition->context.size(1) == conditions.front()->context.size(1); });
    if (together) {
        const at::Tensor rows = pass(branches, 0, conditions.size(), controls);
        return conditions.size() == 1 ? std::vector{ rows } : rows.split(1);
    }
    std::vector<at::Tensor> predictions;
    for (std::size_t i = 0; i < conditions.size(); ++i) predictions.push_back(pass(branches, i, 1, controls));
    return predictions;
}

Prediction Denoiser::predict(const at::Tensor& latents, int call, const at::Tensor& extraChannels, const ControlSet& controls, const std::optional<KnownLatents>& known) const
{
    const at::Tensor seen = m_scheduler->scaleModelInput(latents, call);
    const auto index = static_cast<std::size_t>(call);
    const double sigma = m_scheduler->sigmas()[index], timestep = m_scheduler->timesteps()[index];
    GuidanceBranches results;
    results.perturbation = m_guidance.perturbationAt(sigma, timestep);
    Branches branches{ .latents = seen, .extraChannels = extraChannels, .call = call, .conditions = {}, .isGuided = m_guidance.isActiveAt(sigma), .isPerturbed = results.perturbation > 0.0 };
    if (branches.isGuided) branches.conditions.push_back(&m_unconditional);
    branches.conditions.push_back(&m_conditional);
    if (branches.isPerturbed) branches.conditions.push_back(&m_conditional);
    const std::vector<at::Tensor> predictions = predictBranches(branches, controls);
    const SeenLatents latentsSeen{ seen, sigma, prediction() };
    results.conditional = predictions[branches.isGuided ? 1 : 0];
    if (branches.isGuided) results.unconditional = predictions.front();
    if (branches.isPerturbed) results.perturbed = predictions.back();
    if (branches.isGuided && m_request.sampling.sharpness > 0.0)
        results.sharpened = sharpened(results.conditional, latentsSeen, m_request.sampling.sharpness, 1.0 - timestep / (kTrainTimesteps - 1));
    at::Tensor guided = m_guidance.combine(results, timestep);
    if (known) {
        const at::Tensor estimate = estimateOf(guided, latentsSeen) * known->paint + known->latents * (1.0 - known->paint);
        guided = predictionOf(estimate, { m_scheduler->scaleModelInput(known->state, call), sigma, prediction() });
    }
    return { guided, results.unconditional };
}

} // namespace sfumato::engine
