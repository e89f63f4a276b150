// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/model_path.h"

namespace sfumato::library {

namespace {

constexpr QLatin1String kEnding(".safetensors");

} // namespace

bool isModelFileName(const QString& fileName)
{
    return fileName.size() > kEnding.size() && fileName.endsWith(kEnding, Qt::CaseInsensitive);
}

QString modelStem(const QString& path)
{
    return path.endsWith(kEnding, Qt::CaseInsensitive) ? path.chopped(kEnding.size()) : path;
}

QString modelBaseName(const QString& pathOrName)
{
    return modelStem(pathOrName.mid(pathOrName.lastIndexOf(u'/') + 1));
}

} // namespace sfumato::library
