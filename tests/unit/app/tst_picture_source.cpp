// SPDX-License-Identifier: Apache-2.0
#include "app/cli/picture_source.h"

#include "core/document/io/picture_writer.h"

#include <QTemporaryDir>
#include <QTest>

#include <cstring>

using namespace sfumato;
using namespace sfumato::app;

namespace {

ImageBuffer smallPicture()
{
    ImageBuffer image({ 5, 3 }, PixelFormat::Rgb8);
    for (std::size_t i = 0; i < image.sizeInBytes(); ++i) image.bytes()[i] = static_cast<std::byte>(i * 7);
    return image;
}

std::vector<std::byte> smallPng() { return document::encodePicture(smallPicture().view(), {}).value(); }

} // namespace

class TstPictureSource : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

private Q_SLOTS:
    void picture_isFoundUnderEachKindOfReference()
    {
        const std::filesystem::path base = m_folder.path().toStdString();
        const std::filesystem::path path = base / "a picture.png";
        QVERIFY(document::writePicture(path, smallPicture().view(), {}));
        const std::string uri = dataUriOf(smallPng(), "image/png");
        for (const std::string& reference : { std::string("a picture.png"), path.string(), "file://" + base.string() + "/a%20picture.png",
                 "FILE://localhost" + base.string() + "/a%20picture.png", uri, "data:;base64," + uri.substr(uri.find(',') + 1) }) {
            const auto picture = loadJobPicture(reference, "image_url", { {}, base });
            if (!picture) QFAIL(picture.error().message.c_str());
            QVERIFY(picture->image.extent() == (Extent{ 5, 3 }));
            QCOMPARE(std::memcmp(picture->image.row(0), smallPicture().row(0), 3), 0);
        }
    }

    void dataUri_isDecoded_data()
    {
        QTest::addColumn<QByteArray>("uri");
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("base64") << QByteArray("data:text/plain;base64,aGVsbG8=") << QByteArray("hello");
        QTest::newRow("base64 without padding") << QByteArray("data:;base64,aGVsbG8") << QByteArray("hello");
        QTest::newRow("base64 over lines") << QByteArray("data:image/png;BASE64,aGVs\r\nbG8=") << QByteArray("hello");
        QTest::newRow("percent escapes") << QByteArray("data:,a%20b%2Cc") << QByteArray("a b,c");
        QTest::newRow("escaped base64") << QByteArray("data:;base64,aGVsbG8%3D") << QByteArray("hello");
    }

    void dataUri_isDecoded()
    {
        QFETCH(QByteArray, uri);
        QFETCH(QByteArray, content);
        const auto bytes = decodeDataUri(uri.toStdString(), "image_url");
        QVERIFY(bytes);
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size())), content);
    }

    void badReference_isOneSentence_data()
    {
        QTest::addColumn<QString>("reference");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("malformed base64") << QStringLiteral("data:image/png;base64,****") << QStringLiteral("image_url is a data: URI whose base64 content is malformed.");
        QTest::newRow("no content") << QStringLiteral("data:image/png;base64,") << QStringLiteral("image_url is a data: URI without content.");
        QTest::newRow("missing file") << QStringLiteral("none.png") << QStringLiteral("image_url was given as \"none.png\"; there is no such file.");
        QTest::newRow("another machine's file") << QStringLiteral("file://server/a.png")
                                                << QStringLiteral("image_url was given as \"file://server/a.png\"; a file: URL must name a file of this machine, as in file:///home/me/picture.png.");
    }

    void badReference_isOneSentence()
    {
        QFETCH(QString, reference);
        QFETCH(QString, sentence);
        const auto picture = loadJobPicture(reference.toStdString(), "image_url", { {} });
        QVERIFY(!picture);
        QCOMPARE(QString::fromStdString(picture.error().message), sentence);
    }
};

QTEST_APPLESS_MAIN(TstPictureSource)
#include "tst_picture_source.moc"
