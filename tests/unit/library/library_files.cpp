// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/library/library_files.h"

#include "core/engine/io/safetensors_writer.h"

#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QTest>

#include <vector>

#include <unistd.h>

namespace sfumato::test {

namespace {

constexpr uid_t kNobody = 65534;
constexpr int kBytesPerSample = 2;

std::vector<std::byte> bytesFor(int rows, int columns, std::byte seed)
{
    return std::vector<std::byte>(static_cast<std::size_t>(rows * columns * kBytesPerSample), seed);
}

} // namespace

void writeFile(const QString& path, const QByteArray& bytes)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
    QFile file(path);
    QVERIFY2(file.open(QIODevice::WriteOnly), qPrintable(path));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray readFile(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void writeLora(const QString& path, const LoraFile& file)
{
    constexpr int kOutputs = 640;
    QVERIFY(QDir().mkpath(QFileInfo(path).absolutePath()));
    const std::string layer = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.";
    const std::vector<std::byte> down = bytesFor(file.rank, file.textWidth, file.seed), up = bytesFor(kOutputs, file.rank, file.seed), alpha = bytesFor(1, 1, file.seed);
    const std::vector<engine::TensorToWrite> tensors{
        { layer + "lora_down.weight", engine::Dtype::F16, { file.rank, file.textWidth }, down },
        { layer + "lora_up.weight", engine::Dtype::F16, { kOutputs, file.rank }, up },
        { layer + "alpha", engine::Dtype::F16, {}, alpha },
    };
    const Result<void> written = engine::writeSafetensors(path.toStdString(), tensors, file.metadata);
    QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
}

QByteArray pngOf(int width, int height, unsigned rgb)
{
    QImage picture(width, height, QImage::Format_RGB32);
    picture.fill(QColor::fromRgb(rgb));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, "PNG");
    return bytes;
}

QStringList hostileTexts()
{
    QStringList texts{
        QStringLiteral("<b>bold</b>"),
        QStringLiteral("<img src=\"file:///etc/passwd\">"),
        QStringLiteral("<a href='http://example.org'>here</a>"),
        QStringLiteral("<script>alert(1)</script>"),
        QStringLiteral("<!-- hidden -->"),
        QStringLiteral("&lt;b&gt; &amp; &#60;"),
        QStringLiteral("%1 %s %n {0}"),
        QStringLiteral("safe\u202Esgnihton\u202C"),
        QStringLiteral("a\u2066b\u2069"),
        QStringLiteral("tab\tand\nline"),
        QString(QStringLiteral("nul") + QChar(0) + QStringLiteral("inside")),
        QString(QChar(0x1B)) + QStringLiteral("[31mred"),
        QString(QChar(0xD800)) + QStringLiteral("half"),
        QStringLiteral("../../../etc/passwd"),
        QStringLiteral("'; DROP TABLE files; --"),
        QStringLiteral("a,b,(c,d:1.2),\\(e\\)"),
        QString(1'000'000, u'x'),
        QString(100'000, u'('),
        QStringLiteral("日本語 ✨ 🖌️ עברית"),
    };
    // The short ones also in other letters, inside other texts, behind marks and many times over.
    const QStringList plain = texts;
    for (const QString& text : plain) {
        if (text.size() > 100) continue;
        texts << text.toUpper() << QStringLiteral("name: \"%1\", (%1:1.2)").arg(text) << QChar(0x202E) + text << text.repeated(20);
    }
    return texts;
}

OrdinaryRights::OrdinaryRights() : m_wasRoot(::geteuid() == 0)
{
    if (m_wasRoot && ::seteuid(kNobody) != 0) m_wasRoot = false;
}

OrdinaryRights::~OrdinaryRights()
{
    if (m_wasRoot && ::seteuid(0) != 0) qFatal("the rights of root could not be taken back");
}

} // namespace sfumato::test
