// Control: what one picture of a run does to the UNet, and LoadedControl: the model in memory that reads such pictures.
// Thread: engine. Owner: ControlSet owns the Controls of a run; ControlResidency owns the LoadedControls, which outlive it.
//
// A new kind of control model is a new LoadedControl (see loadControl) and, where it reaches into the UNet in a new way, a new member of UnetAdditions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"
#include "core/engine/models/unet_2d_condition_model.h"
#include "core/engine/models/unet_additions.h"

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace sfumato::engine {

// One call of the UNet, as it reads it.
struct ControlPass {
    const at::Tensor& sample; // [batch, 4, h, w]: scaled latents, without the mask channels of an inpainting model
    double timestep = 0;
    const at::Tensor& context;          // [batch, tokens, width]
    const at::Tensor& addedCondition;   // [batch, width]; undefined for families without one
    std::int64_t unconditionalRows = 0; // the batch begins with so many; the others are conditional
    int call = 0;                       // of the callCount calls that run
    int callCount = 1;
};

// When a control acts, and how much. Source: diffusers control_guidance_start and control_guidance_end.
struct ControlWindow {
    explicit ControlWindow(const ControlReference& reference) : weight(reference.weight), start(reference.start), end(reference.end) { }

    // The weight, or 0 outside: acts at call i of n when i / n >= start and (i + 1) / n <= end.
    [[nodiscard]] double weightAt(const ControlPass& pass) const noexcept
    {
        const double count = pass.callCount;
        return pass.call / count < start || (pass.call + 1) / count > end ? 0.0 : weight;
    }

    double weight;
    double start;
    double end;
};

class Control {
public:
    Control() = default;
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;
    virtual ~Control() = default;

    // Adds what it does in this pass; nothing outside its window.
    //   errors  CancelledException within one block of a stop request
    virtual void addTo(UnetAdditions& additions, const ControlPass& pass, const std::stop_token& stop) const = 0;
};

// What a control sees of a run before its first step.
struct ControlRun {
    const GenerationRequest& request;
    const UnetConfig& unet;
    std::stop_token stop;
};

class LoadedControl {
public:
    LoadedControl() = default;
    LoadedControl(const LoadedControl&) = delete;
    LoadedControl& operator=(const LoadedControl&) = delete;
    virtual ~LoadedControl() = default;

    // Reads the pictures: all references of the request to this model, in order. Several may become one Control.
    //   errors  EngineException, CancelledException
    [[nodiscard]] virtual std::vector<std::unique_ptr<Control>> begin(std::span<const ControlReference* const> references, const ControlRun& run) const = 0;
};

} // namespace sfumato::engine
