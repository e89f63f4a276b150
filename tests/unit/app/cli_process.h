// Starts sfumato-cli as a person does and waits for it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <QProcess>
#include <QString>
#include <QStringList>

namespace sfumato::testing {

inline const QString kCli = QStringLiteral(SFUMATO_BUILD_DIR "/bin/sfumato-cli");

struct CliResult {
    int exitCode = -1;
    QByteArray output;   // standard output
    QByteArray messages; // standard error

    [[nodiscard]] nlohmann::ordered_json json() const { return nlohmann::ordered_json::parse(output.toStdString(), nullptr, false); }
};

inline CliResult runCli(const QStringList& arguments, const QString& folder = {}, const QByteArray& input = {})
{
    constexpr int kLongestRunMs = 300'000;
    QProcess process;
    if (!folder.isEmpty()) process.setWorkingDirectory(folder);
    process.start(kCli, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(kLongestRunMs) || process.exitStatus() != QProcess::NormalExit) return {};
    return { process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError() };
}

} // namespace sfumato::testing
