// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipes/foreign_values.h"

#include "core/workflow/job_values.h"
#include "core/workflow/resolution_plan.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sfumato::workflow {

double within(double value, double smallest, double largest) noexcept
{
    return std::isnan(value) ? smallest : std::clamp(value, smallest, largest);
}

int wholeWithin(double value, int smallest, int largest) noexcept
{
    return static_cast<int>(within(value, smallest, largest));
}

Extent sizeOf(double width, double height) noexcept
{
    const auto side = [](double value) { return wholeWithin(std::round(value / 8) * 8, kSmallestWorkSide, kLargestWorkSide); };
    return { side(width), side(height) };
}

std::string fileNamed(std::string name)
{
    std::erase(name, '\0');
    return name;
}

void addLora(ParsedJob& parsed, LoraReference lora)
{
    std::vector<LoraReference>& loras = parsed.job.loras;
    if (loras.size() >= kMostEntries) {
        std::string warning = "The recipe has more than " + std::to_string(kMostEntries) + " LoRAs; the others were left out.";
        if (parsed.warnings.empty() || parsed.warnings.back() != warning) parsed.warnings.push_back(std::move(warning));
        return;
    }
    if (lora.path.empty()) {
        parsed.warnings.emplace_back("A LoRA of the recipe has no name and was left out.");
        return;
    }
    const auto limit = [&](double weight) {
        const double allowed = within(weight, -kLargestScale, kLargestScale);
        if (allowed != weight) parsed.warnings.push_back("The weight " + shownNumber(weight) + " of " + lora.path + " was made " + shownNumber(allowed) + "; from " + shownNumber(-kLargestScale) + " to " + shownNumber(kLargestScale) + " are allowed.");
        return allowed;
    };
    lora.scale = limit(lora.scale);
    if (lora.textEncoderScale) lora.textEncoderScale = limit(*lora.textEncoderScale);
    loras.push_back(std::move(lora));
}

} // namespace sfumato::workflow
