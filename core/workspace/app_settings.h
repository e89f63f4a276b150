// AppSettings: what the program remembers between runs, as a plain value. The app reads and writes it; the workspace is given it and announces changes.
// Thread: any, pure value.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/generation_request.h"

#include <QMap>
#include <QString>
#include <QStringList>

#include <cstdint>

namespace sfumato::workspace {

// How the LoRA browser was left.
struct LoraBrowserLook {
    int cardWidth = 0; // device-independent pixels; 0: the default
    bool isList = false;
    int sort = 0; // a library::LibrarySort
    bool isReversed = false;

    friend bool operator==(const LoraBrowserLook&, const LoraBrowserLook&) = default;
};

// What the artist said of a model file that the file does not say itself. A file that was replaced by another is another file.
struct ModelOverride {
    std::int64_t sizeInBytes = 0; // of the file when it was said; 0 for folders
    engine::ParametrisationOverride parametrisation;

    friend bool operator==(const ModelOverride&, const ModelOverride&) = default;
};

struct AppSettings {
    QString installedModelsFolder;               // models that came with the program; each file or folder in it is one
    QString userModelsFolder;                    // models the artist put beside them; its sub-folders are searched too
    QStringList chosenModels;                    // files and folders the artist chose
    QString model;                               // the one in use: a name or path of the list; empty: the first installed one
    QMap<QString, ModelOverride> modelOverrides; // by path
    QStringList loraFolders;                     // watched for LoRAs, with their sub-folders
    LoraBrowserLook loraBrowser;
    QStringList controlModels;        // ControlNets and their like that were chosen by hand; others are found beside the models
    QString installedExpansionFolder; // where a model that expands prompts is looked for …
    QString expansionFolder;          // … after this one, if the artist chose one
    QString pictureFolder;            // where the file dialogs open
    QString exportFolder;
    QString device = QStringLiteral("auto");
    bool showsPreviews = true;
    bool hidesFlagged = true; // what the safety checker flags, where one is installed
    bool writesRecipe = true; // into exported pictures
    std::int64_t undoBudgetInBytes = std::int64_t{ 1 } << 30;
    std::int64_t resultBudgetInBytes = std::int64_t{ 1 } << 30; // variations not kept

    friend bool operator==(const AppSettings&, const AppSettings&) = default;
};

} // namespace sfumato::workspace
