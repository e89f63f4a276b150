// What a control model is shown: the control's picture at the size the engine works at, cut where the work area is cut, and preprocessed.
// Thread: any, pure: the same input gives the same bytes. Window, its preview and command line all call it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/image.h"
#include "core/base/result.h"
#include "core/imaging/control_preprocess.h"
#include "core/workflow/job_description.h"

namespace sfumato::workflow {

// The preprocessor that `preprocess: true` means for an ordinary picture: SoftEdge, Canny for lines, Segments, Tile; None for depth, pose and normal, which are made elsewhere,
// for reference pictures and for inpainting, where the mask does the work.
[[nodiscard]] imaging::ControlPreprocessor preprocessorFor(ControlType type) noexcept;

// As the control says, else by type.
[[nodiscard]] imaging::ControlPreprocessing effectivePreprocessing(const ControlReference& control) noexcept;

// Where the engine works, as prepareGeneration decided it.
struct ControlArea {
    Extent output; // the finished picture's size; the control's picture is stretched to it, as the reference pipelines stretch theirs
    Bounds crop;   // the part of it that is worked on
    Extent work;   // the size it is worked on at

    friend bool operator==(const ControlArea&, const ControlArea&) = default;
};

// Rgb8 of area.work. A reference picture (IP-Adapter) keeps its own size and is not cut: its encoder sees all of it.
//   in   picture  any format, not empty
//   in   mask     Gray8 of area.work or empty; for the type Inpaint what is masked (from 128) becomes black, as the repaint task of a ControlNet Union expects
//   errors  InvalidRequest for an empty picture or area; Internal when memory runs out
[[nodiscard]] Result<ImageBuffer> controlPicture(const ControlReference& control, ImageView picture, const ControlArea& area, const ImageBuffer& mask = {});

} // namespace sfumato::workflow
