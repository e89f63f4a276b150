// SPDX-License-Identifier: Apache-2.0
#include "app/settings_store.h"

#include "core/workflow/job_names.h"

#include <QSettings>

#include <algorithm>

namespace sfumato::app {

namespace {

constexpr char kModels[] = "models/chosen";
constexpr char kModel[] = "models/inUse";
constexpr char kControlModels[] = "controls/models";
constexpr char kModelOverrides[] = "models/overrides";
constexpr char kLoraFolders[] = "loras/folders";
constexpr char kLoraCardWidth[] = "loras/cardWidth";
constexpr char kLoraList[] = "loras/list";
constexpr char kLoraSort[] = "loras/sort";
constexpr char kLoraReversed[] = "loras/reversed";
constexpr char kExpansionFolder[] = "prompt/expansionFolder";
constexpr char kPictureFolder[] = "folders/pictures";
constexpr char kExportFolder[] = "folders/export";
constexpr char kPreviews[] = "generate/previews";
constexpr char kSafetyFilter[] = "generate/safetyFilter";
constexpr char kRecipe[] = "export/recipe";
constexpr char kGeometry[] = "window/geometry";
constexpr char kLayout[] = "window/layout";
constexpr char kScheme[] = "window/scheme";

QString key(const char* name) { return QLatin1String(name); }

// Of each file: its path, its size when it was said, how its prediction is meant, whether its noise ends at zero SNR.
QMap<QString, workspace::ModelOverride> loadOverrides(const QSettings& store)
{
    QMap<QString, workspace::ModelOverride> overrides;
    const QVariantList entries = store.value(key(kModelOverrides)).toList();
    for (const QVariant& entry : entries) {
        const QVariantMap fields = entry.toMap();
        const std::string prediction = fields.value(QStringLiteral("prediction")).toString().toStdString();
        const auto names = workflow::predictionTypeNames();
        const auto named = std::ranges::find(names, prediction, &workflow::ChoiceName<engine::PredictionType>::name);
        const QString path = fields.value(QStringLiteral("path")).toString();
        if (path.isEmpty() || named == names.end()) continue;
        overrides.insert(path, { fields.value(QStringLiteral("size")).toLongLong(), { named->value, fields.value(QStringLiteral("zeroTerminalSnr")).toBool() } });
    }
    return overrides;
}

QVariantList overridesToList(const QMap<QString, workspace::ModelOverride>& overrides)
{
    QVariantList entries;
    for (auto entry = overrides.begin(); entry != overrides.end(); ++entry) {
        const std::string_view prediction = workflow::nameOf(workflow::predictionTypeNames(), entry->parametrisation.prediction.value_or(engine::PredictionType::Epsilon));
        entries.append(QVariantMap{ { QStringLiteral("path"), entry.key() }, { QStringLiteral("size"), static_cast<qlonglong>(entry->sizeInBytes) },
            { QStringLiteral("prediction"), QString::fromUtf8(prediction.data(), static_cast<qsizetype>(prediction.size())) },
            { QStringLiteral("zeroTerminalSnr"), entry->parametrisation.zeroTerminalSnr.value_or(false) } });
    }
    return entries;
}

imaging::BrushSettings loadBrush(const QSettings& store, const QString& group, imaging::BrushSettings brush)
{
    brush.sizePx = store.value(group + QStringLiteral("/size"), brush.sizePx).toDouble();
    brush.hardness = store.value(group + QStringLiteral("/hardness"), brush.hardness).toDouble();
    brush.strength = store.value(group + QStringLiteral("/strength"), brush.strength).toDouble();
    brush.pressureToSize = store.value(group + QStringLiteral("/pressure"), brush.pressureToSize).toBool();
    return brush;
}

void saveBrush(QSettings& store, const QString& group, const imaging::BrushSettings& brush)
{
    store.setValue(group + QStringLiteral("/size"), brush.sizePx);
    store.setValue(group + QStringLiteral("/hardness"), brush.hardness);
    store.setValue(group + QStringLiteral("/strength"), brush.strength);
    store.setValue(group + QStringLiteral("/pressure"), brush.pressureToSize);
}

} // namespace

workspace::AppSettings loadAppSettings(const QSettings& store)
{
    workspace::AppSettings settings;
    settings.chosenModels = store.value(key(kModels)).toStringList();
    settings.model = store.value(key(kModel)).toString();
    settings.modelOverrides = loadOverrides(store);
    settings.loraFolders = store.value(key(kLoraFolders)).toStringList();
    settings.loraBrowser.cardWidth = store.value(key(kLoraCardWidth)).toInt();
    settings.loraBrowser.isList = store.value(key(kLoraList)).toBool();
    settings.loraBrowser.sort = store.value(key(kLoraSort)).toInt();
    settings.loraBrowser.isReversed = store.value(key(kLoraReversed)).toBool();
    settings.controlModels = store.value(key(kControlModels)).toStringList();
    settings.expansionFolder = store.value(key(kExpansionFolder)).toString();
    settings.pictureFolder = store.value(key(kPictureFolder)).toString();
    settings.exportFolder = store.value(key(kExportFolder)).toString();
    settings.showsPreviews = store.value(key(kPreviews), settings.showsPreviews).toBool();
    settings.hidesFlagged = store.value(key(kSafetyFilter), settings.hidesFlagged).toBool();
    settings.writesRecipe = store.value(key(kRecipe), settings.writesRecipe).toBool();
    return settings;
}

void saveAppSettings(QSettings& store, const workspace::AppSettings& settings)
{
    store.setValue(key(kModels), settings.chosenModels);
    store.setValue(key(kModel), settings.model);
    store.setValue(key(kModelOverrides), overridesToList(settings.modelOverrides));
    store.setValue(key(kLoraFolders), settings.loraFolders);
    store.setValue(key(kLoraCardWidth), settings.loraBrowser.cardWidth);
    store.setValue(key(kLoraList), settings.loraBrowser.isList);
    store.setValue(key(kLoraSort), settings.loraBrowser.sort);
    store.setValue(key(kLoraReversed), settings.loraBrowser.isReversed);
    store.setValue(key(kControlModels), settings.controlModels);
    store.setValue(key(kExpansionFolder), settings.expansionFolder);
    store.setValue(key(kPictureFolder), settings.pictureFolder);
    store.setValue(key(kExportFolder), settings.exportFolder);
    store.setValue(key(kPreviews), settings.showsPreviews);
    store.setValue(key(kSafetyFilter), settings.hidesFlagged);
    store.setValue(key(kRecipe), settings.writesRecipe);
}

ui::WindowState loadWindowState(const QSettings& store)
{
    ui::WindowState state;
    state.geometry = store.value(key(kGeometry)).toByteArray();
    state.layout = store.value(key(kLayout)).toByteArray();
    state.paintBrush = loadBrush(store, QStringLiteral("maskBrush"), state.paintBrush);
    state.eraseBrush = loadBrush(store, QStringLiteral("maskEraser"), state.eraseBrush);
    return state;
}

void saveWindowState(QSettings& store, const ui::WindowState& state)
{
    store.setValue(key(kGeometry), state.geometry);
    store.setValue(key(kLayout), state.layout);
    saveBrush(store, QStringLiteral("maskBrush"), state.paintBrush);
    saveBrush(store, QStringLiteral("maskEraser"), state.eraseBrush);
}

ui::ColorScheme loadColorScheme(const QSettings& store)
{
    return store.value(key(kScheme)).toString() == QLatin1String("light") ? ui::ColorScheme::Light : ui::ColorScheme::Dark;
}

void saveColorScheme(QSettings& store, ui::ColorScheme scheme)
{
    store.setValue(key(kScheme), scheme == ui::ColorScheme::Light ? QStringLiteral("light") : QStringLiteral("dark"));
}

} // namespace sfumato::app
