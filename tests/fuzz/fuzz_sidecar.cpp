// The small files beside a model, and the texts in them. Input: a sidecar's ending in the first line (".json", ".civitai.info", …), then its content.
// SPDX-License-Identifier: Apache-2.0
#include "core/library/sidecar.h"
#include "tests/fuzz/fuzz_target.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <array>
#include <cmath>

using namespace sfumato;
using namespace sfumato::library;

namespace {

constexpr std::array<std::string_view, 8> kEndings{ ".json", ".civitai.info", ".metadata.json", ".swarm.json", ".cm-info.json", ".txt", ".description.txt", ".yaml" };

class Folder {
public:
    Folder() : m_folder((QDir(QStringLiteral("/dev/shm")).exists() ? QStringLiteral("/dev/shm") : QDir::tempPath()) + QStringLiteral("/sfumato-fuzz-XXXXXX")) { FUZZ_CHECK(m_folder.isValid()); }

    [[nodiscard]] QString model() const { return m_folder.filePath(QStringLiteral("ink.safetensors")); }

    // The folder's only file.
    void write(std::string_view ending, std::string_view bytes)
    {
        const QString path = m_folder.filePath(QStringLiteral("ink") + QString::fromLatin1(ending.data(), static_cast<qsizetype>(ending.size())));
        if (!m_present.isEmpty() && path != m_present) QFile::remove(m_present);
        m_present = path;
        QFile file(path);
        FUZZ_CHECK(file.open(QIODevice::WriteOnly));
        file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    }

private:
    QTemporaryDir m_folder;
    QString m_present;
};

bool hasControls(const QString& text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return (c.category() == QChar::Other_Control && c != u'\n') || (c.unicode() >= 0x202A && c.unicode() <= 0x202E); });
}

void checkTexts(const SidecarTexts& texts)
{
    for (const QString* text : { &texts.title, &texts.notes, &texts.negativeText, &texts.description, &texts.usageHint, &texts.baseName }) FUZZ_CHECK(!hasControls(*text));
    for (const QStringList* list : { &texts.triggerWords, &texts.tags, &texts.faults })
        for (const QString& text : *list) FUZZ_CHECK(!hasControls(text) && !text.isEmpty());
    FUZZ_CHECK(!texts.preferredWeight || std::isfinite(*texts.preferredWeight));
}

// What an artist writes stands there afterwards, whatever stood there before; a file that cannot be understood stays.
void checkEdit(const QString& model)
{
    SidecarEdit edit;
    edit.notes = QStringLiteral("mine");
    edit.preferredWeight = std::optional<double>(0.75);
    if (!writeSidecar(model, edit)) return;
    const SidecarTexts texts = readSidecars(model);
    FUZZ_CHECK(texts.notes == *edit.notes && texts.preferredWeight == 0.75);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Folder folder;
    const std::string_view text = fuzz::asText(data, size);
    const std::string_view asked = text.substr(0, text.find('\n'));
    const std::string_view content = text.substr(std::min(asked.size() + 1, text.size()));
    const auto* const ending = std::find(kEndings.begin(), kEndings.end(), asked);
    const std::string_view used = ending == kEndings.end() ? kEndings.front() : *ending;
    folder.write(used, content);
    checkTexts(readSidecars(folder.model()));
    const QStringList words = splitTriggerWords(QString::fromUtf8(content.data(), static_cast<qsizetype>(content.size())));
    FUZZ_CHECK(std::none_of(words.begin(), words.end(), [](const QString& word) { return word.isEmpty(); }));
    if (used == ".json") checkEdit(folder.model());
    return 0;
}
