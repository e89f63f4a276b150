// SPDX-License-Identifier: Apache-2.0
#include "core/library/lora_list_model.h"
#include "tests/unit/library/library_files.h"

#include <QAbstractItemModelTester>
#include <QDateTime>
#include <QFile>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <random>

using namespace sfumato;
using namespace sfumato::library;

class TstLoraListModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void rows_followTheIndex();
    void roles_sayWhatTheEntrySays();
    void rows_areFetchedPageByPage();
    void query_resetsAndCounts();
    void changes_keepSelectionAndPlace();
    void star_isSetThroughTheModel();
    void broken_cannotBeDragged();
    void thumbnail_arrivesLater();
    void randomChanges_keepTheModelWhole();

private:
    [[nodiscard]] QString at(const QString& name) const { return m_folder->filePath(QStringLiteral("loras/") + name); }
    void scan();
    [[nodiscard]] QStringList names() const;
    [[nodiscard]] QVariant field(int row, LoraRole role) const { return m_model->index(row).data(static_cast<int>(role)); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LibraryIndex> m_index;
    std::unique_ptr<ThumbnailCache> m_thumbnails;
    std::unique_ptr<LoraListModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TstLoraListModel::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    test::writeFile(at(QStringLiteral("readme.txt")), "x");
    m_index = std::make_unique<LibraryIndex>(LibraryOptions{ m_folder->filePath(QStringLiteral("index.sqlite")) });
    m_thumbnails = std::make_unique<ThumbnailCache>();
    m_model = std::make_unique<LoraListModel>(*m_index, *m_thumbnails);
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    m_tester->setUseFetchMore(false); // pages are fetched by the tests
    m_index->setFolders({ at(QString()) });
}

void TstLoraListModel::cleanup()
{
    m_tester.reset();
    m_model.reset();
    m_thumbnails.reset();
    m_index.reset();
}

void TstLoraListModel::scan()
{
    QTRY_VERIFY(m_index->isLoaded() && !m_index->isScanning());
    QSignalSpy finished(m_index.get(), &LibraryIndex::scanFinished);
    m_index->rescan();
    QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() && !m_index->isScanning(), 20'000);
}

QStringList TstLoraListModel::names() const
{
    QStringList names;
    for (int row = 0; row < m_model->rowCount(); ++row) names << m_model->index(row).data().toString();
    return names;
}

void TstLoraListModel::rows_followTheIndex()
{
    QCOMPARE(m_model->rowCount(), 0);
    for (const char* name : { "ink 10", "ink 2", "brush" }) test::writeLora(at(QString::fromLatin1(name) + QStringLiteral(".safetensors")));
    scan();
    QCOMPARE(names(), QStringList({ QStringLiteral("brush"), QStringLiteral("ink 2"), QStringLiteral("ink 10") }));
    QVERIFY(QFile::remove(at(QStringLiteral("ink 2.safetensors"))));
    scan();
    QCOMPARE(names(), QStringList({ QStringLiteral("brush"), QStringLiteral("ink 10") }));
}

void TstLoraListModel::roles_sayWhatTheEntrySays()
{
    test::LoraFile file;
    file.rank = 4;
    file.textWidth = 768;
    file.metadata = { { "modelspec.title", "<b>Ink</b>" }, { "modelspec.trigger_phrase", "a, b" } };
    test::writeLora(at(QStringLiteral("ink.safetensors")), file);
    scan();
    QCOMPARE(field(0, LoraRole::Path).toString(), at(QStringLiteral("ink.safetensors")));
    QCOMPARE(field(0, LoraRole::Title).toString(), QStringLiteral("<b>Ink</b>"));
    QCOMPARE(field(0, LoraRole::BaseLabel).toString(), QStringLiteral("SD 1.x"));
    QCOMPARE(field(0, LoraRole::TriggerWords).toStringList(), QStringList({ QStringLiteral("a"), QStringLiteral("b") }));
    QVERIFY(!field(0, LoraRole::PreferredWeight).isValid());
    QCOMPARE(field(0, LoraRole::Rank).toInt(), 4);
    QVERIFY(field(0, LoraRole::Algorithm).toString().contains(QLatin1String("lora")));
    QVERIFY(field(0, LoraRole::SizeInBytes).toLongLong() > 1000);
    QVERIFY(field(0, LoraRole::AddedAt).toDateTime().isValid());
    QVERIFY(!field(0, LoraRole::LastUsedAt).toDateTime().isValid());
    QVERIFY(field(0, LoraRole::FitsModel).toBool());
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->setModelFamily(engine::ModelFamily::Sdxl);
    QCOMPARE(changed.size(), 1);
    QVERIFY(!field(0, LoraRole::FitsModel).toBool());
    m_model->setModelFamily(engine::ModelFamily::Sd1);
    QVERIFY(field(0, LoraRole::FitsModel).toBool());
    QVERIFY(!m_model->index(0).data(Qt::ToolTipRole).isValid()); // nothing that Qt would take for markup
    QVERIFY(!m_model->index(0).data(Qt::UserRole + 100).isValid());
    QVERIFY(!m_model->data(QModelIndex()).isValid());
}

void TstLoraListModel::rows_areFetchedPageByPage()
{
    constexpr int kFiles = LoraListModel::kPageRows + 30;
    test::writeLora(at(QStringLiteral("l000.safetensors")));
    for (int i = 1; i < kFiles; ++i) QVERIFY(QFile::link(at(QStringLiteral("l000.safetensors")), at(QStringLiteral("l%1.safetensors").arg(i, 3, 10, QLatin1Char('0')))));
    scan();
    QCOMPARE(m_model->matchCount(), kFiles);
    QCOMPARE(m_model->rowCount(), LoraListModel::kPageRows);
    QVERIFY(m_model->canFetchMore({}));
    m_model->fetchMore({});
    QCOMPARE(m_model->rowCount(), kFiles);
    QVERIFY(!m_model->canFetchMore({}));
    m_model->setQuery({});
    QCOMPARE(m_model->rowCount(), LoraListModel::kPageRows);
    QCOMPARE(m_model->indexOf(at(QStringLiteral("l215.safetensors"))).row(), 215);
    QVERIFY(!m_model->indexOf(QStringLiteral("/nothing")).isValid());
}

void TstLoraListModel::query_resetsAndCounts()
{
    test::LoraFile old;
    old.textWidth = 768;
    test::writeLora(at(QStringLiteral("a/ink.safetensors")));
    test::writeLora(at(QStringLiteral("b/ink old.safetensors")), old);
    test::writeLora(at(QStringLiteral("b/paper.safetensors")));
    scan();
    QSignalSpy counted(m_model.get(), &LoraListModel::matchCountChanged);
    LibraryQuery query;
    query.text = QStringLiteral("ink");
    query.family = engine::ModelFamily::Sdxl;
    m_model->setQuery(query);
    QCOMPARE(counted.size(), 1);
    QCOMPARE(names(), QStringList{ QStringLiteral("ink") });
    QCOMPARE(m_model->ofOtherFamilies(), 1);
    query = {};
    query.folder = at(QStringLiteral("b"));
    m_model->setQuery(query);
    QCOMPARE(names(), QStringList({ QStringLiteral("ink old"), QStringLiteral("paper") }));
}

void TstLoraListModel::changes_keepSelectionAndPlace()
{
    for (const char* name : { "b", "d", "f" }) test::writeLora(at(QString::fromLatin1(name) + QStringLiteral(".safetensors")));
    scan();
    const QPersistentModelIndex d = m_model->index(1), b = m_model->index(0);
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    test::writeLora(at(QStringLiteral("a.safetensors")));
    test::writeLora(at(QStringLiteral("e.safetensors")));
    QVERIFY(QFile::remove(at(QStringLiteral("b.safetensors"))));
    scan();
    QCOMPARE(names().join(QString()), QStringLiteral("adef"));
    QCOMPARE(d.row(), 1);
    QVERIFY(!b.isValid());
    LibraryQuery query;
    query.sort = LibrarySort::Used;
    m_model->setQuery(query);
    QCOMPARE(reset.size(), 1);
    const QPersistentModelIndex e = m_model->indexOf(at(QStringLiteral("e.safetensors")));
    m_index->noteUse(at(QStringLiteral("e.safetensors"))); // it moves to the front
    QCOMPARE(e.row(), 0);
    QCOMPARE(e.data().toString(), QStringLiteral("e"));
    QCOMPARE(reset.size(), 1);
}

void TstLoraListModel::star_isSetThroughTheModel()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    scan();
    QVERIFY(m_model->setData(m_model->index(0), true, static_cast<int>(LoraRole::IsStarred)));
    QVERIFY(field(0, LoraRole::IsStarred).toBool());
    QVERIFY(!m_model->setData(m_model->index(0), QStringLiteral("x"), Qt::EditRole));
    LibraryQuery query;
    query.onlyStarred = true;
    m_model->setQuery(query);
    QCOMPARE(m_model->rowCount(), 1);
    m_index->setStarred(at(QStringLiteral("a.safetensors")), false);
    QCOMPARE(m_model->rowCount(), 0);
}

void TstLoraListModel::broken_cannotBeDragged()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    test::writeFile(at(QStringLiteral("b.safetensors")), "damaged");
    scan();
    QVERIFY(m_model->index(0).flags().testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(!m_model->index(1).flags().testFlag(Qt::ItemIsDragEnabled));
    QVERIFY(field(1, LoraRole::Broken).toString().endsWith(u'.'));
    const std::unique_ptr<QMimeData> content(m_model->mimeData({ m_model->index(0) }));
    QCOMPARE(content->urls(), QList<QUrl>{ QUrl::fromLocalFile(at(QStringLiteral("a.safetensors"))) });
}

void TstLoraListModel::thumbnail_arrivesLater()
{
    test::writeLora(at(QStringLiteral("a.safetensors")));
    test::writeFile(at(QStringLiteral("a.png")), test::pngOf(40, 40, 0x00FF00));
    scan();
    m_model->setThumbnailSize({ 20, 30 });
    QVERIFY(m_model->index(0).data(Qt::DecorationRole).value<QImage>().isNull());
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    QTRY_VERIFY(!changed.isEmpty());
    const QImage image = m_model->index(0).data(Qt::DecorationRole).value<QImage>();
    QCOMPARE(image.size(), QSize(20, 30));
    QCOMPARE(image.pixelColor(10, 15), QColor(0, 255, 0));
}

void TstLoraListModel::randomChanges_keepTheModelWhole()
{
    std::mt19937 random(3);
    const auto path = [&] { return at(QStringLiteral("l%1.safetensors").arg(random() % 40)); };
    LibraryQuery query;
    for (int round = 0; round < 25; ++round) {
        for (int change = 0; change < 8; ++change) {
            if (random() % 3 != 0) test::writeLora(path());
            else
                QFile::remove(path());
        }
        query.sort = random() % 2 == 0 ? LibrarySort::Used : LibrarySort::Name;
        if (random() % 4 == 0) m_model->setQuery(query);
        m_index->noteUse(path());
        m_index->setStarred(path(), random() % 2 == 0);
        scan(); // QAbstractItemModelTester looks at every signal
        const QueryAnswer expected = runQuery(m_index->entries(), m_model->query(), QDateTime::currentSecsSinceEpoch());
        QCOMPARE(m_model->rowCount(), static_cast<int>(expected.entries.size()));
        for (int row = 0; row < m_model->rowCount(); ++row) QCOMPARE(m_model->entryAt(m_model->index(row)), expected.entries[static_cast<std::size_t>(row)]);
    }
}

QTEST_GUILESS_MAIN(TstLoraListModel)
#include "tst_lora_list_model.moc"
