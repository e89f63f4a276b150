// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/model_override.h"

#include <QFileInfo>

namespace sfumato::workspace {

namespace {

std::int64_t sizeOf(const QString& path)
{
    const QFileInfo file(path);
    return file.isDir() ? 0 : file.size();
}

} // namespace

std::optional<engine::ParametrisationOverride> modelOverride(const AppSettings& settings, const QString& path)
{
    const auto found = settings.modelOverrides.constFind(path);
    if (found == settings.modelOverrides.constEnd() || found->sizeInBytes != sizeOf(path)) return std::nullopt;
    return found->parametrisation;
}

AppSettings withModelOverride(AppSettings settings, const QString& path, const engine::ParametrisationOverride& told)
{
    if (told == engine::ParametrisationOverride{}) settings.modelOverrides.remove(path);
    else
        settings.modelOverrides.insert(path, { sizeOf(path), told });
    return settings;
}

void applyModelOverride(workflow::JobDescription& job, const AppSettings& settings, const QString& path)
{
    const auto told = modelOverride(settings, path);
    if (!told) return;
    if (!job.predictionType) job.predictionType = told->prediction;
    if (!job.zeroTerminalSnr) job.zeroTerminalSnr = told->zeroTerminalSnr;
}

} // namespace sfumato::workspace
