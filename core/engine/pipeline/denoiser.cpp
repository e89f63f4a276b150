// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/denoiser.h"

#include "core/engine/api/scheduler_names.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/added_condition.h"

#include <cmath>
#include <utility>

namespace sfumato::engine {

namespace {

constexpr int kInpaintChannels = 9;

std::unique_ptr<Scheduler> makeScheduler(const GenerationRequest& request, const LoadedModel& model, const ParametrisationOverride& parametrisation)
{
    const auto name = findScheduler(request.sampling.scheduler);
    if (!name) throw EngineException(ErrorCode::InvalidRequest, "There is no scheduler called \"" + request.sampling.scheduler + "\".", "scheduler");
    auto scheduler = createScheduler(*name,
        { parametrisation.prediction.value_or(model.info().prediction), parametrisation.zeroTerminalSnr.value_or(model.info().zeroTerminalSnr), model.info().family });
    const double strength = request.mode == GenerationMode::TextToImage ? 1.0 : request.sampling.strength;
    if (const auto ready = scheduler->setTimesteps(request.sampling.steps, strength); !ready) throw EngineException(ready.error());
    return scheduler;
}

// A model that was given the scale to learn from needs no unconditional branch.
GuidanceSettings guidanceOf(const SamplingSettings& sampling, const LoadedModel& model)
{
    if (model.unet().config().guidanceWidth > 0) return {};
    return { sampling.guidanceScale, sampling.guidanceRescale, sampling.guidanceLowest, sampling.guidanceHighest };
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
    const PromptPair prompts = m_model.prompts().encode(m_request.prompt, m_request.negativePrompt, m_guidance.isActive(), m_request.clipSkip, m_stop);
    m_context = m_guidance.isActive() ? at::cat({ prompts.negative.context, prompts.positive.context }) : prompts.positive.context;
    if (m_model.unet().config().addedWidth > 0) m_added = addedConditions(prompts.positive.pooled, prompts.negative.pooled);
}

at::Tensor Denoiser::addedConditions(const at::Tensor& pooled, const at::Tensor& negativePooled) const
{
    const SizeConditioning sizes = m_request.sizeConditioning.value_or(SizeConditioning{ m_request.size, 0, 0, m_request.size });
    const bool scored = m_model.hints().requiresAestheticsScore;
    const auto added = [&](const at::Tensor& text, double score) {
        return addedCondition(text, scored ? scoredSizeNumbers(sizes, score) : sizeNumbers(sizes), m_model.unet().config().addedWidth);
    };
    const at::Tensor positive = added(pooled, m_request.aestheticScore);
    return m_guidance.isActive() ? at::cat({ added(negativePooled, m_request.negativeAestheticScore), positive }) : positive;
}

int Denoiser::firstCallBelow(double switchAt) const
{
    const double cutoff = std::nearbyint(kTrainTimesteps - switchAt * kTrainTimesteps);
    int call = 0;
    while (call < m_scheduler->callCount() && !(m_scheduler->beginsStep(call) && m_scheduler->timesteps()[static_cast<std::size_t>(call)] < cutoff)) ++call;
    return call;
}

at::Tensor Denoiser::conditional(const at::Tensor& condition) const
{
    return m_guidance.isActive() && condition.defined() ? condition.narrow(0, condition.size(0) / 2, condition.size(0) / 2) : condition;
}

bool Denoiser::readsMask() const
{
    return m_model.unet().config().inputChannels == kInpaintChannels;
}

at::Tensor Denoiser::pass(const at::Tensor& input, int call, const at::Tensor& extraChannels, const ControlSet& controls, bool isGuided) const
{
    const auto batched = [&](const at::Tensor& sample) { return (isGuided ? m_guidance.expand(sample) : sample).to(m_model.dtype()); };
    const double timestep = m_scheduler->timesteps()[static_cast<std::size_t>(call)];
    const at::Tensor context = isGuided ? m_context : conditional(m_context), added = isGuided ? m_added : conditional(m_added);
    const at::Tensor sample = batched(input);
    const int first = m_scheduler->firstCall();
    const UnetAdditions additions = controls.additionsFor({ sample, timestep, context, added, isGuided, call - first, m_scheduler->callCount() - first }, m_stop);
    return m_model.unet().forward(readsMask() ? batched(at::cat({ input, extraChannels }, 1)) : sample, UnetTime(timestep, m_request.sampling.guidanceScale - 1.0), context, added, m_stop, additions);
}

Prediction Denoiser::predict(const at::Tensor& latents, int call, const at::Tensor& extraChannels, const ControlSet& controls) const
{
    const at::Tensor input = m_scheduler->scaleModelInput(latents, call);
    const bool isGuided = m_guidance.isActiveAt(m_scheduler->sigmas()[static_cast<std::size_t>(call)]);
    const at::Tensor predicted = pass(input, call, extraChannels, controls, isGuided);
    if (!isGuided) return predicted;
    return { m_guidance.combine(predicted), m_guidance.unconditionalOf(predicted) };
}

} // namespace sfumato::engine
