// The names that jobs use in JSON: fields with their aliases, and the values of each choice. Shared by reader, validator and writer.
// Thread: any, constant data.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/workflow/job_description.h"
#include "core/workflow/look.h"

#include <span>
#include <string>
#include <string_view>

namespace sfumato::workflow {

struct FieldName {
    std::string_view name;
    std::string_view alias = {}; // a second name that is read, never written
    bool isText = false;         // any text is a value
};

[[nodiscard]] std::span<const FieldName> jobFields() noexcept; // in the order they are written

// The field's own name; `name` itself when it is no alias.
[[nodiscard]] std::string_view canonicalFieldName(std::string_view name) noexcept;

// The known name with the smallest edit distance. Names are not empty.
[[nodiscard]] std::string_view nearestName(std::string_view name, std::span<const std::string_view> known);

template <typename Value>
struct ChoiceName {
    std::string_view name; // the first entry of a value is the one that is written
    Value value;
};

[[nodiscard]] std::span<const ChoiceName<engine::GenerationMode>> modeNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<SizePreset>> sizePresetNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<InpaintArea>> inpaintAreaNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<InpaintFill>> inpaintFillNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<ControlType>> controlTypeNames() noexcept; // the public names of each type after its own
[[nodiscard]] std::span<const ChoiceName<OutputFormat>> outputFormatNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<engine::Precision>> precisionNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<Look>> lookNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<engine::PredictionType>> predictionTypeNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<engine::Compatibility>> compatibilityNames() noexcept;
[[nodiscard]] std::span<const ChoiceName<engine::NoiseOrigin>> noiseOriginNames() noexcept;

template <typename Value>
[[nodiscard]] std::string_view nameOf(std::span<const ChoiceName<Value>> names, Value value) noexcept
{
    for (const auto& entry : names)
        if (entry.value == value) return entry.name;
    return {};
}

} // namespace sfumato::workflow
