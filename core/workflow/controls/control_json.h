// One entry of a job's `controls`, in JSON. Internal to the job's reader and writer.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>
#include <vector>

namespace sfumato::workflow {

class ObjectReader;

[[nodiscard]] const std::vector<std::string_view>& controlFields();

// Throws FieldFault. A public name of the type that is also a preprocessor's ("scribble", "lineart") chooses that preprocessor, unless `preprocess` says otherwise.
[[nodiscard]] ControlReference readControl(const ObjectReader& object);

// `preprocess` is written as true (by type), false, a name, or {"name", parameters} where a parameter is not at its default.
[[nodiscard]] nlohmann::ordered_json controlsToJson(const std::vector<ControlReference>& controls);

} // namespace sfumato::workflow
