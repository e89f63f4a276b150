// SourceScan: what the architecture test knows of one source file: includes, lengths of functions, nesting, public methods.
// A heuristic reader of braces, good enough for this code base's own style; it does not preprocess.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

struct FunctionScan {
    QString name;
    int line = 0;    // 1-based line of the opening brace
    int lines = 0;   // of the body
    int nesting = 0; // deepest block inside the body
};

struct ClassScan {
    QString name;
    int publicMethods = 0; // declarations, overloads counted once each; signals and defaulted or deleted members left out
};

struct SourceScan {
    QString path; // relative to the repository, with slashes
    int lines = 0;
    bool isGenerated = false;
    bool hasLicence = false;
    bool hasPragmaOnce = false;
    QStringList projectIncludes; // "core/…"
    QStringList systemIncludes;  // <…>
    std::vector<FunctionScan> functions;
    std::vector<ClassScan> classes;
};

[[nodiscard]] SourceScan scanSource(const QString& root, const QString& path);
