// SPDX-License-Identifier: Apache-2.0
#include "core/library/thumbnail_cache.h"
#include "tests/unit/library/library_files.h"

#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using namespace sfumato::library;

class TstThumbnailCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void picture_isScaledAndCut();
    void changedPicture_isReadAgain();
    void pictureInTheHeader_isRead_data();
    void pictureInTheHeader_isRead();
    void hostilePictures_areNone_data();
    void hostilePictures_areNone();
    void memory_isBounded();
    void store_answersWithoutThePicture();
    void forgottenWishes_doNotArrive();
    void destruction_whileReading();

private:
    [[nodiscard]] LibraryEntry entryFor(const QString& picture, std::int64_t stamp = 1) const;
    static QImage await(ThumbnailCache& cache, const LibraryEntry& entry, const QSize& size);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TstThumbnailCache::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

LibraryEntry TstThumbnailCache::entryFor(const QString& picture, std::int64_t stamp) const
{
    LibraryEntry entry;
    entry.path = picture + QStringLiteral(".safetensors");
    entry.preview = { PreviewSource::File, m_folder->filePath(picture), stamp };
    return entry;
}

QImage TstThumbnailCache::await(ThumbnailCache& cache, const LibraryEntry& entry, const QSize& size)
{
    QSignalSpy arrived(&cache, &ThumbnailCache::arrived);
    const QImage first = cache.thumbnail(entry, size);
    if (!first.isNull()) return first;
    [&] { QTRY_VERIFY(!arrived.isEmpty()); }();
    return cache.thumbnail(entry, size);
}

void TstThumbnailCache::picture_isScaledAndCut()
{
    QImage picture(300, 100, QImage::Format_RGB32); // red, green and blue thirds
    picture.fill(Qt::green);
    for (int y = 0; y < 100; ++y) {
        for (int x = 0; x < 100; ++x) {
            picture.setPixelColor(x, y, Qt::red);
            picture.setPixelColor(x + 200, y, Qt::blue);
        }
    }
    QVERIFY(picture.save(m_folder->filePath(QStringLiteral("wide.png"))));
    ThumbnailCache cache;
    const QImage image = await(cache, entryFor(QStringLiteral("wide.png")), { 40, 60 });
    QCOMPARE(image.size(), QSize(40, 60));
    for (const QPoint& corner : { QPoint(1, 1), QPoint(38, 58) }) QCOMPARE(image.pixelColor(corner), QColor(Qt::green));
    QCOMPARE(await(cache, entryFor(QStringLiteral("wide.png")), { 5000, 5000 }).size(), QSize(40, 60)); // the old one until the new one is there
    QTRY_COMPARE(cache.thumbnail(entryFor(QStringLiteral("wide.png")), { 5000, 5000 }).size(), QSize(ThumbnailCache::kMaxSide, ThumbnailCache::kMaxSide));
    QVERIFY(cache.thumbnail(LibraryEntry(), { 10, 10 }).isNull());
    QVERIFY(cache.thumbnail(entryFor(QStringLiteral("wide.png")), {}).isNull());
    QCOMPARE(ThumbnailCache::readPreview(entryFor(QStringLiteral("wide.png")).preview, 150).size(), QSize(150, 50));
}

void TstThumbnailCache::changedPicture_isReadAgain()
{
    test::writeFile(m_folder->filePath(QStringLiteral("a.png")), test::pngOf(8, 8, 0xFF0000));
    ThumbnailCache cache({ 1 << 20, m_folder->filePath(QStringLiteral("thumbs.sqlite")) });
    QCOMPARE(await(cache, entryFor(QStringLiteral("a.png"), 1), { 8, 8 }).pixelColor(4, 4), QColor(255, 0, 0));
    test::writeFile(m_folder->filePath(QStringLiteral("a.png")), test::pngOf(8, 8, 0x0000FF));
    const QColor after = await(cache, entryFor(QStringLiteral("a.png"), 2), { 8, 8 }).pixelColor(4, 4);
    QVERIFY(after.blue() > 240 && after.red() < 15);
}

void TstThumbnailCache::pictureInTheHeader_isRead_data()
{
    const std::string png = test::pngOf(8, 8, 0xFF0000).toBase64().toStdString();
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("isThere");
    const auto row = [](const char* name, const char* key, const std::string& value, bool isThere) { QTest::newRow(name) << QByteArray(key) << QByteArray::fromStdString(value) << isThere; };
    row("data URL", "modelspec.thumbnail", "data:image/jpeg;base64," + png, true);
    row("bare", "modelspec.thumbnail", png, true);
    row("cover list", "ssmd_cover_images", "[\"" + png + "\"]", true);
    row("address", "modelspec.thumbnail", "file:///etc/passwd", false);
    row("web address", "modelspec.thumbnail", "https://example.org/a.png", false);
    row("list of other things", "ssmd_cover_images", "[1, {\"a\": []}]", false);
    row("no list", "ssmd_cover_images", std::string(50'000, '['), false);
    row("cut short", "modelspec.thumbnail", png.substr(0, png.size() / 2), false);
}

void TstThumbnailCache::pictureInTheHeader_isRead()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QFETCH(bool, isThere);
    const QString path = m_folder->filePath(QStringLiteral("ink.safetensors"));
    test::LoraFile file;
    file.metadata = { { key.toStdString(), value.toStdString() } };
    test::writeLora(path, file);
    LibraryEntry entry;
    entry.path = path;
    entry.preview = { PreviewSource::Header, path, 1 };
    ThumbnailCache cache;
    const QImage image = await(cache, entry, { 4, 4 });
    QCOMPARE(!image.isNull(), isThere);
    if (isThere) QCOMPARE(image.pixelColor(2, 2), QColor(255, 0, 0));
}

void TstThumbnailCache::hostilePictures_areNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QByteArray bomb = test::pngOf(4, 4, 0);
    bomb.replace(16, 8, QByteArray::fromHex("7fffffff7fffffff")); // width and height
    QTest::newRow("enormous") << bomb;
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("<svg onload='alert(1)'/>");
    QTest::newRow("cut short") << test::pngOf(400, 400, 0x123456).left(60);
    QTest::newRow("only a mark") << QByteArray("\x89PNG\r\n\x1a\n");
}

void TstThumbnailCache::hostilePictures_areNone()
{
    QFETCH(QByteArray, bytes);
    test::writeFile(m_folder->filePath(QStringLiteral("a.png")), bytes);
    ThumbnailCache cache;
    const LibraryEntry entry = entryFor(QStringLiteral("a.png"));
    QVERIFY(await(cache, entry, { 10, 10 }).isNull());
    QSignalSpy arrived(&cache, &ThumbnailCache::arrived);
    for (int i = 0; i < 5; ++i) QVERIFY(cache.thumbnail(entry, { 10, 10 }).isNull());
    QTest::qWait(50);
    QVERIFY(arrived.isEmpty()); // it is not tried again and again
}

void TstThumbnailCache::memory_isBounded()
{
    constexpr int kPictures = 40, kSide = 50;
    constexpr std::int64_t kBudget = 20LL * kSide * kSide * 4;
    ThumbnailCache cache({ kBudget, {} });
    for (int i = 0; i < kPictures; ++i) {
        test::writeFile(m_folder->filePath(QStringLiteral("%1.png").arg(i)), test::pngOf(kSide, kSide, 0x80));
        QVERIFY(!await(cache, entryFor(QStringLiteral("%1.png").arg(i)), { kSide, kSide }).isNull());
    }
    int kept = 0;
    for (int i = 0; i < kPictures; ++i) kept += cache.thumbnail(entryFor(QStringLiteral("%1.png").arg(i)), { kSide, kSide }).isNull() ? 0 : 1;
    QVERIFY2(kept > 10 && kept < 20, qPrintable(QString::number(kept)));
}

void TstThumbnailCache::store_answersWithoutThePicture()
{
    const QString path = m_folder->filePath(QStringLiteral("a.png"));
    const ThumbnailOptions options{ 1 << 20, m_folder->filePath(QStringLiteral("sub/thumbs.sqlite")) };
    test::writeFile(path, test::pngOf(2000, 3000, 0x4080C0));
    {
        ThumbnailCache cache(options);
        QVERIFY(!await(cache, entryFor(QStringLiteral("a.png")), { 200, 300 }).isNull());
    }
    QVERIFY(QFileInfo(options.storePath).size() > 0);
    QVERIFY(QFile::remove(path));
    ThumbnailCache cache(options);
    const QImage image = await(cache, entryFor(QStringLiteral("a.png")), { 200, 300 });
    QCOMPARE(image.size(), QSize(200, 300));
    QVERIFY(std::abs(image.pixelColor(100, 150).green() - 0x80) < 6);
    // A damaged store is no store.
    test::writeFile(m_folder->filePath(QStringLiteral("bad.sqlite")), QByteArray(5000, 'x'));
    test::writeFile(path, test::pngOf(20, 30, 0));
    ThumbnailCache other({ 1 << 20, m_folder->filePath(QStringLiteral("bad.sqlite")) });
    QVERIFY(!await(other, entryFor(QStringLiteral("a.png"), 5), { 20, 30 }).isNull());
}

void TstThumbnailCache::forgottenWishes_doNotArrive()
{
    ThumbnailCache cache;
    QSignalSpy arrived(&cache, &ThumbnailCache::arrived);
    for (int i = 0; i < 50; ++i) {
        test::writeFile(m_folder->filePath(QStringLiteral("%1.png").arg(i)), test::pngOf(64, 64, 0x80));
        QVERIFY(cache.thumbnail(entryFor(QStringLiteral("%1.png").arg(i)), { 16, 16 }).isNull());
    }
    cache.forgetWaiting();
    QTRY_VERIFY(!arrived.isEmpty());
    QTest::qWait(100);
    QVERIFY2(arrived.size() <= 2, qPrintable(QString::number(arrived.size()))); // those that had begun
}

void TstThumbnailCache::destruction_whileReading()
{
    for (int i = 0; i < 20; ++i) test::writeFile(m_folder->filePath(QStringLiteral("%1.png").arg(i)), test::pngOf(500, 500, 0x80));
    for (int round = 0; round < 10; ++round) {
        ThumbnailCache cache;
        for (int i = 0; i < 20; ++i) QVERIFY(cache.thumbnail(entryFor(QStringLiteral("%1.png").arg(i)), { 16, 16 }).isNull());
        QCoreApplication::processEvents(QEventLoop::AllEvents, round);
    }
}

QTEST_GUILESS_MAIN(TstThumbnailCache)
#include "tst_thumbnail_cache.moc"
