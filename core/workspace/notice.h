// Notice: something the artist should hear about, for the message bar. The window words it in the artist's language; nothing here is shown as it is but `error.message` as detail.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace sfumato::workspace {

struct Notice {
    enum class Topic {
        OpenPicture,     // failed: error, path
        PictureWarning,  // opened, with error.message as the warning, path
        Export,          // failed: error, path
        Exported,        // path
        SaveJob,         // failed: error, path
        JobSaved,        // path
        Model,           // cannot be used: error, path
        Generate,        // failed: error; path = the LoRA, embedding or control that could not be used, empty for anything else
        GenerateWarning, // finished, with error.message as the warning
        Stopped,         // count = finished steps of the picture it was at; nothing was changed
        ResultHidden,    // the safety checker flagged it; the filter is on
        ResultsDropped,  // count of variations that left the strip for want of memory
        Expansion,       // of the prompt failed: error
        NothingToAdd,    // the prompt fills its last 75 tokens already
        LoraEdit,        // note or picture of a LoRA could not be kept: error
        SealBroken,      // count of pixels a result changed outside the mask; the result is not offered
    };
    enum class Severity { Information,
        Warning,
        Error };

    Topic topic = Topic::Generate;
    Severity severity = Severity::Error;
    std::optional<Error> error;
    QString path;
    std::int64_t count = 0;
};

} // namespace sfumato::workspace
