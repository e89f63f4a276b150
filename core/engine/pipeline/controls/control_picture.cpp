// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pipeline/controls/control_picture.h"

#include "core/engine/nn/ops.h"
#include "core/engine/pipeline/image_tensors.h"

namespace sfumato::engine {

at::Tensor controlPicture(const ControlReference& reference, const GenerationRequest& request, double hole)
{
    const at::Tensor picture = toUnitTensor(reference.image);
    if (reference.type != ControlType::Inpaint || request.mode != GenerationMode::Inpainting) return picture;
    return at::where(toMaskTensor(request.mask).ge(0.5), at::full({ 1 }, hole, picture.options()), picture);
}

} // namespace sfumato::engine
