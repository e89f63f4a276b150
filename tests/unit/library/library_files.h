// Small model files, sidecars and pictures for the tests of the library, and texts that try to be more than text.
// Thread: any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <map>
#include <string>

namespace sfumato::test {

struct LoraFile {
    int rank = 2;
    int textWidth = 2048;   // of the cross attention: 2048 SDXL, 768 SD 1.x
    std::byte seed{ 0x2C }; // of the weights' bytes
    std::map<std::string, std::string> metadata;
};

// Makes the folder too.
void writeLora(const QString& path, const LoraFile& file = {});
void writeFile(const QString& path, const QByteArray& bytes);
[[nodiscard]] QByteArray readFile(const QString& path);
// A picture of one colour, as PNG bytes.
[[nodiscard]] QByteArray pngOf(int width, int height, unsigned rgb);

// Markup, control characters, direction marks, very long lines: what files of strangers may hold where a name is expected.
[[nodiscard]] QStringList hostileTexts();

// Does the file system's rights count for this process while the object lives, even where it runs as root.
class OrdinaryRights {
public:
    OrdinaryRights();
    OrdinaryRights(const OrdinaryRights&) = delete;
    OrdinaryRights& operator=(const OrdinaryRights&) = delete;
    ~OrdinaryRights();

private:
    bool m_wasRoot = false;
};

} // namespace sfumato::test
