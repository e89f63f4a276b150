// SPDX-License-Identifier: Apache-2.0
#include "tests/support/fake_engine.h"

#include <algorithm>
#include <utility>

namespace sfumato::testing {

namespace {

constexpr int kLatentFactor = 8;

// FNV-1a.
std::uint32_t hashOf(const std::string& text)
{
    std::uint32_t hash = 2166136261u;
    for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619u;
    return hash;
}

int stepsOf(const engine::GenerationRequest& request)
{
    if (request.mode == engine::GenerationMode::TextToImage) return request.sampling.steps;
    return std::min(static_cast<int>(request.sampling.steps * request.sampling.strength), request.sampling.steps);
}

} // namespace

std::vector<engine::ControlReference> FakeEngineProbe::lastControls()
{
    const std::scoped_lock lock(m_mutex);
    return m_lastControls;
}

void FakeEngineProbe::setLastControls(const std::vector<engine::ControlReference>& controls)
{
    const std::scoped_lock lock(m_mutex);
    m_lastControls = controls;
}

void FakeEngineProbe::release()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isReleased = true;
    }
    m_changed.notify_all();
}

void FakeEngineProbe::hold(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, std::move(stop), [this] { return m_isReleased; });
}

FakeEngine::FakeEngine(FakeScript script, std::shared_ptr<FakeEngineProbe> probe)
    : m_script(std::move(script)), m_probe(std::move(probe)), m_thread(std::this_thread::get_id())
{
    ++m_probe->enginesMade;
    ++m_probe->enginesAlive;
}

FakeEngine::~FakeEngine()
{
    checkThread();
    --m_probe->enginesAlive;
}

Result<engine::ModelInfo> FakeEngine::describeModel(const engine::ModelSource&)
{
    checkThread();
    if (m_script.modelFailure) return *m_script.modelFailure;
    return m_script.modelInfo;
}

std::vector<engine::DeviceInfo> FakeEngine::devices() const
{
    return { { "cpu", "A scripted engine", 0, false } };
}

engine::GenerationOutcome FakeEngine::generate(const engine::GenerationRequest& request, engine::GenerationObserver& observer, std::stop_token stop)
{
    checkThread();
    ++m_probe->generations;
    m_probe->setLastControls(request.controls);
    const auto stopped = [this] {
        ++m_probe->stopsSeen;
        return engine::Cancelled{};
    };
    if (!enterStage(engine::Stage::Loading, observer, stop) || !enterStage(engine::Stage::Encoding, observer, stop)) return stopped();
    engine::GenerationResult result;
    for (int i = 0; i < request.sampling.imageCount; ++i) {
        if (m_script.failure && i == m_script.failureAfterImages) return *m_script.failure;
        if (!enterStage(engine::Stage::Sampling, observer, stop) || !runSteps(i, request, observer, stop)) return stopped();
        if (!enterStage(engine::Stage::Decoding, observer, stop)) return stopped();
        result.images.push_back({ i, request.sampling.seed + static_cast<std::uint64_t>(i), fakePicture(request, i), request.safetyChecker && std::ranges::find(m_script.flagged, i) != m_script.flagged.end() });
        observer.onImage(result.images.back());
    }
    result.device = "cpu";
    result.precision = "float32";
    result.safetyCheckerRan = request.safetyChecker.has_value();
    result.warnings = m_script.warnings;
    result.loras = m_script.loras;
    return result;
}

engine::ExpansionOutcome FakeEngine::expandPrompt(const engine::ExpansionRequest& request, std::stop_token stop)
{
    checkThread();
    ++m_probe->expansions;
    if (m_script.expansionFailure) return *m_script.expansionFailure;
    if (m_script.holdsExpansion) m_probe->hold(stop);
    if (stop.stop_requested()) {
        ++m_probe->stopsSeen;
        return engine::Cancelled{};
    }
    if (request.prompt.empty()) return engine::PromptExpansion{};
    const std::string addition = m_script.addition + ' ' + std::to_string(request.seed);
    return engine::PromptExpansion{ request.prompt + ", " + addition, addition };
}

void FakeEngine::checkThread() const
{
    if (std::this_thread::get_id() != m_thread) ++m_probe->calledFromWrongThread;
}

// False when a stop was requested.
bool FakeEngine::enterStage(engine::Stage stage, engine::GenerationObserver& observer, const std::stop_token& stop) const
{
    observer.onStage(stage, 0.0);
    if (m_script.holdAt == stage) m_probe->hold(stop);
    return !stop.stop_requested();
}

bool FakeEngine::runSteps(int imageIndex, const engine::GenerationRequest& request, engine::GenerationObserver& observer, const std::stop_token& stop) const
{
    const int count = stepsOf(request);
    const Extent previewSize{ request.size.width / kLatentFactor, request.size.height / kLatentFactor };
    for (int step = 1; step <= count; ++step) {
        if (m_script.stepTime.count() > 0) std::this_thread::sleep_for(m_script.stepTime);
        if (stop.stop_requested()) return false;
        observer.onStep({ imageIndex, step, count, static_cast<double>(m_script.stepTime.count()) / 1000.0 });
        if (request.previews) observer.onPreview(imageIndex, ImageBuffer(previewSize, PixelFormat::Rgb8));
    }
    return true;
}

std::function<Result<std::unique_ptr<engine::Engine>>()> fakeEngineSource(FakeScript script, std::shared_ptr<FakeEngineProbe> probe)
{
    return [script = std::move(script), probe = std::move(probe)]() -> Result<std::unique_ptr<engine::Engine>> {
        return std::unique_ptr<engine::Engine>(std::make_unique<FakeEngine>(script, probe));
    };
}

ImageBuffer fakePicture(const engine::GenerationRequest& request, int index)
{
    std::string words = request.prompt + '#' + std::to_string(request.sampling.seed + static_cast<std::uint64_t>(index));
    for (const engine::ControlReference& control : request.controls) {
        words += '#' + control.model.filename().string() + std::to_string(static_cast<int>(control.type)) + std::to_string(control.weight) + std::to_string(control.start) + std::to_string(control.end);
        words.append(reinterpret_cast<const char*>(control.image.bytes()), control.image.sizeInBytes());
    }
    const std::uint32_t hash = hashOf(words);
    ImageBuffer picture(request.size, PixelFormat::Rgb8);
    for (int y = 0; y < picture.height(); ++y) {
        auto* row = picture.row(y);
        for (int x = 0; x < picture.width() * 3; ++x) {
            const int made = static_cast<int>((hash >> (8 * (x % 3))) + static_cast<std::uint32_t>(x / 3 + 2 * y)) & 0xff;
            const int mask = request.mask.isEmpty() ? 255 : request.mask.row(y)[x / 3];
            const int original = request.mask.isEmpty() ? 0 : request.image.row(y)[x];
            row[x] = static_cast<std::uint8_t>((made * mask + original * (255 - mask) + 127) / 255);
        }
    }
    return picture;
}

} // namespace sfumato::testing
