// HandedFile: what a file or folder is that an artist hands over by a drop, a dialog or the command line; found out from content, never from the name.
// Thread: any, pure (reads the file's header). Cost: milliseconds.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/engine/io/file_description.h"

#include <QString>

#include <optional>

namespace sfumato::library {

enum class HandedKind {
    Picture, // also a damaged one, and what only its name calls a picture: the reader of pictures says what is wrong
    Model,   // a file or diffusers folder that `description` describes, of any kind, unknown ones included
    Folder,  // that is no model
    Refused, // `refusal` says why
};

struct HandedFile {
    QString path;
    HandedKind kind = HandedKind::Refused;
    engine::FileDescription description;
    std::optional<Error> refusal;
};

[[nodiscard]] HandedFile lookAtHandedFile(const QString& path);

} // namespace sfumato::library
