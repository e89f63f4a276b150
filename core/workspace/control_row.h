// ControlRow: one control as the artist set it up, complete or not.
// Thread: any, plain value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <QString>

#include <filesystem>
#include <string>

namespace sfumato::workspace {

// Why a control is not used, or that it is.
enum class ControlState { Used,
    Off,
    NoModel,        // none chosen
    UnknownModel,   // the file is not there
    NotAControl,    // the file is something else
    OtherBase,      // made for another family than the model in use
    TypeNotOffered, // the model does not know this type
    NoPicture,      // none chosen
    MissingPicture, // the file is not there
    NoCanvas,       // from the canvas, but no picture is open
};

struct ControlRow {
    workflow::ControlReference control; // model empty: none chosen
    bool isOn = true;
    bool isFromCanvas = true; // the picture is the document's; else the file in control.imageUrl
    ControlState state = ControlState::NoModel;
};

// The file that a picture reference names: a path or a file: URL.
[[nodiscard]] std::filesystem::path picturePath(const std::string& reference);

} // namespace sfumato::workspace
