// StableDiffusionPipeline: text-to-image, image-to-image and inpainting with four- and nine-channel models of SDXL and SD 1.x, alone or finished by a refiner.
// Thread: engine. Owner: made for one request; borrows the models.
// Source: diffusers StableDiffusionPipeline, StableDiffusionXLPipeline and their Img2Img and Inpaint forms (0.42); the hand-off is their denoising_end and
// denoising_start with one noise generator an image for both models.
//
// Each image has its own generator, so that image k equals a request of one with seed + k bit for bit. Images run one after the other; where base and refiner
// do not fit into memory together, all of them run to the hand-off before the models change places, with the same result.
// With another compatibility than Diffusers the start, the blending of known latents and the rounding of the picture are that program's (docs/job.md).
// Differs from the reference: an image is encoded to the mean of the posterior, without a draw; previews never touch the state; grey mask values delay the
// start of their cell (inpaint_mask.h); strength holds for both models of a hand-off: where it begins below `switchAt`, the refiner begins there too.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/engine.h"
#include "core/engine/pipeline/controls/control_set.h"
#include "core/engine/pipeline/denoiser.h"
#include "core/engine/pipeline/inpaint_mask.h"
#include "core/engine/pipeline/loaded_model.h"
#include "core/engine/sampling/run_noise.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

namespace sfumato::engine {

// How a run gets at the request's refiner.
struct RefinerAccess {
    bool besideBase = false;            // both models stay in memory
    std::function<LoadedModel&()> load; // unless besideBase this ends the life of the base model and of the controls, but not its autoencoder's
};

class StableDiffusionPipeline {
public:
    // Throws EngineException when the request's schedule cannot be made.
    StableDiffusionPipeline(LoadedModel& model, const GenerationRequest& request, GenerationObserver& observer, std::stop_token stop);

    // Looks at each finished picture; true flags it. Before run().
    using PictureCheck = std::function<bool(const ImageBuffer& picture)>;
    void setPictureCheck(PictureCheck check) { m_check = std::move(check); }

    // Runs the whole request, once. Fills images, warnings and the timings of encode, denoise and decode.
    //   in  refiner   given exactly when the request has one
    //   in  controls  the model of each of the request's controls, in order; they act on the base model alone
    // Throws EngineException and CancelledException.
    [[nodiscard]] GenerationResult run(const std::optional<RefinerAccess>& refiner = {}, std::span<const LoadedControl* const> controls = {});

private:
    // What inpainting and image-to-image start from.
    struct Source {
        at::Tensor latents; // [1, 4, h, w] scaled, float32; undefined for text-to-image
        std::optional<InpaintMask> mask;
        at::Tensor paint;         // [1, 1, h, w], 0..1: the mask as A1111 and ComfyUI blend with it; undefined without
        at::Tensor extraChannels; // [1, 5, h, w]: mask and masked latents of nine-channel models; undefined for four
    };
    // One of the request's images on its way.
    struct ImageInProgress {
        int index = 0;
        std::optional<RunNoise> random{};
        at::Tensor noise{};   // [1, 4, h, w]: what the unpainted area is noised with
        at::Tensor latents{}; // [1, 4, h, w]
        int stepsDone = 0;
    };
    struct CallRange {
        int begin = 0;
        int end = 0;
    };

    [[nodiscard]] Source encodeSource();
    void encodePrompts(Denoiser& denoiser);
    // The images [first, end) from noise to pictures: base model for each, then refiner for each.
    void runImages(int first, int end, const std::optional<RefinerAccess>& refiner);
    void begin(ImageInProgress& image);
    void refine(ImageInProgress& image);
    void finish(const ImageInProgress& image);
    // The calls of one model's schedule; totalSteps counts the steps of both models.
    void takeSteps(Denoiser& denoiser, ImageInProgress& image, CallRange calls, int totalSteps, const ControlSet& controls);
    [[nodiscard]] at::Tensor drawNoise(ImageInProgress& image) const;
    [[nodiscard]] at::Tensor startLatents(const at::Tensor& noise);
    void requireFinite(const ImageInProgress& image) const;
    // Whether known latents are put back after each call, as diffusers does; other programs blend the estimate in each prediction.
    [[nodiscard]] bool blends() const noexcept { return m_source.mask && !m_source.extraChannels.defined() && isOfDiffusers(); }
    [[nodiscard]] bool isOfDiffusers() const noexcept { return m_request.sampling.compatibility == Compatibility::Diffusers; }
    [[nodiscard]] at::Tensor takeCall(Denoiser& denoiser, ImageInProgress& image, int call, const ControlSet& controls);

    const GenerationRequest& m_request;
    GenerationObserver& m_observer;
    std::stop_token m_stop;
    at::Device m_device;
    std::shared_ptr<VaeCoder> m_vae;    // the base model's; decodes for both
    std::optional<Denoiser> m_denoiser; // of the base model; empty once a refiner has taken its place
    std::optional<Denoiser> m_refiner;
    ControlSet m_controls; // of the base model
    Source m_source;
    PictureCheck m_check; // may be empty
    GenerationResult m_result;
};

} // namespace sfumato::engine
