// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampling/run_noise.h"

#include "core/engine/sampling/brownian_noise.h"
#include "core/engine/sampling/philox_noise.h"
#include "core/engine/sampling/scheduler.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

namespace sfumato::engine {

namespace {

// Draws of one stream for two owners.
class SharedStream final : public NoiseSource {
public:
    explicit SharedStream(std::shared_ptr<NoiseSource> stream) : m_stream(std::move(stream)) { }
    [[nodiscard]] at::Tensor draw(at::IntArrayRef shape) override { return m_stream->draw(shape); }

private:
    std::shared_ptr<NoiseSource> m_stream;
};

std::shared_ptr<NoiseSource> stream(NoiseOrigin origin, std::uint64_t seed)
{
    if (origin == NoiseOrigin::Gpu) return std::make_shared<PhiloxNoise>(seed);
    return std::make_shared<SeededNoise>(seed);
}

bool isSde(SamplerKind sampler)
{
    return sampler == SamplerKind::DpmSolverPlusPlusSde || sampler == SamplerKind::DpmSolverPlusPlus2MSde || sampler == SamplerKind::DpmSolverPlusPlus3MSde;
}

// The lowest and the highest level above 0 of the calls from `first` on.
std::pair<double, double> rangeOf(const Scheduler& scheduler, int first)
{
    double lowest = std::numeric_limits<double>::infinity(), highest = 0.0;
    for (const double sigma : std::span(scheduler.sigmas()).subspan(static_cast<std::size_t>(first))) {
        if (sigma <= 0.0) continue;
        lowest = std::min(lowest, sigma);
        highest = std::max(highest, sigma);
    }
    return { lowest, highest };
}

} // namespace

RunNoise::RunNoise(const RunNoiseSettings& settings, std::uint64_t seed, const Scheduler& scheduler)
{
    const bool isA1111 = settings.compatibility == Compatibility::A1111, isComfyUi = settings.compatibility == Compatibility::ComfyUi;
    const NoiseOrigin byDefault = isA1111 ? NoiseOrigin::Gpu : NoiseOrigin::Cpu;
    const NoiseOrigin origin = settings.origin == NoiseOrigin::Auto ? byDefault : settings.origin;
    m_start = stream(isComfyUi ? NoiseOrigin::Cpu : origin, seed);
    m_steps = m_start;
    if (isA1111 && settings.etaNoiseSeedDelta != 0) m_steps = stream(origin, seed + settings.etaNoiseSeedDelta);
    if (isComfyUi) m_steps = settings.origin == NoiseOrigin::Cpu ? stream(NoiseOrigin::Cpu, seed + 1) : stream(NoiseOrigin::Gpu, seed);
    if (settings.compatibility == Compatibility::Diffusers || !isSde(settings.sampler)) return;
    const auto [lowest, highest] = rangeOf(scheduler, isComfyUi ? scheduler.firstCall() : 0);
    if (lowest >= highest) return; // a single level: nothing is drawn that counts
    const NoiseOrigin nodes = isA1111 || settings.origin == NoiseOrigin::Gpu ? origin : NoiseOrigin::Cpu;
    m_steps = std::make_shared<BrownianNoise>(std::span(&seed, 1), lowest, highest, std::make_unique<SharedStream>(m_steps), nodes);
}

} // namespace sfumato::engine
