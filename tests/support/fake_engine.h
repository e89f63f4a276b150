// FakeEngine: an Engine whose speed, failures and pauses are scripted, with pictures painted from the request alone.
// Thread: the engine's methods on one thread, as any Engine; FakeEngineProbe from any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace sfumato::testing {

struct FakeScript {
    std::chrono::milliseconds stepTime{ 0 };
    std::optional<engine::Stage> holdAt = {}; // waits there until released or stopped
    std::optional<Error> failure = {};        // returned instead of a result …
    int failureAfterImages = 0;               // … after this many images
    std::optional<Error> modelFailure = {};   // describeModel's answer
    engine::ModelInfo modelInfo = {};
    std::vector<std::string> warnings = {};
    std::vector<int> flagged = {};              // images that the request's safety checker flags, where it has one
    std::vector<engine::LoraReport> loras = {}; // what the result says of them
    std::string addition = "soft light";        // what prompts are expanded by; the seed follows it
    std::optional<Error> expansionFailure = {};
    bool holdsExpansion = false; // waits until released or stopped
};

// What a test sees of an engine that lives on another thread.
class FakeEngineProbe {
public:
    std::atomic<int> enginesMade = 0;
    std::atomic<int> enginesAlive = 0;
    std::atomic<int> generations = 0;
    std::atomic<int> expansions = 0;
    std::atomic<int> stopsSeen = 0;
    std::atomic<int> calledFromWrongThread = 0;

    // The controls of the newest generation.
    [[nodiscard]] std::vector<engine::ControlReference> lastControls();
    void setLastControls(const std::vector<engine::ControlReference>& controls);

    // Lets a held engine go on, now and from now on.
    void release();
    // Waits until released or stopped.
    void hold(std::stop_token stop);

private:
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_isReleased = false;
    std::vector<engine::ControlReference> m_lastControls;
};

class FakeEngine final : public engine::Engine {
public:
    FakeEngine(FakeScript script, std::shared_ptr<FakeEngineProbe> probe);
    ~FakeEngine() override;

    Result<engine::ModelInfo> describeModel(const engine::ModelSource& source) override;
    std::vector<engine::DeviceInfo> devices() const override;
    engine::GenerationOutcome generate(const engine::GenerationRequest& request, engine::GenerationObserver& observer, std::stop_token stop) override;
    // "PROMPT, ADDITION SEED".
    engine::ExpansionOutcome expandPrompt(const engine::ExpansionRequest& request, std::stop_token stop) override;
    void releaseModels() override { }

private:
    void checkThread() const;
    bool enterStage(engine::Stage stage, engine::GenerationObserver& observer, const std::stop_token& stop) const;
    bool runSteps(int imageIndex, const engine::GenerationRequest& request, engine::GenerationObserver& observer, const std::stop_token& stop) const;

    FakeScript m_script;
    std::shared_ptr<FakeEngineProbe> m_probe;
    std::thread::id m_thread;
};

// A factory for jobs::EngineWorker and workspace::Workspace.
[[nodiscard]] std::function<Result<std::unique_ptr<engine::Engine>>()> fakeEngineSource(FakeScript script = {},
    std::shared_ptr<FakeEngineProbe> probe = std::make_shared<FakeEngineProbe>());

// What FakeEngine paints for image `index`: a pattern of prompt, seed and controls; in inpainting laid over the request's image by its mask.
[[nodiscard]] ImageBuffer fakePicture(const engine::GenerationRequest& request, int index);

} // namespace sfumato::testing
