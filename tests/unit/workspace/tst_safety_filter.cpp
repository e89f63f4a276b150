// SPDX-License-Identifier: Apache-2.0
#include "core/document/mask_stroke.h"
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"
#include "tests/support/random_pictures.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sfumato;
using workspace::GalleryModel;
using workspace::Notice;
using workspace::SessionState;
using workspace::Workspace;

// A scripted engine that flags the first of two pictures, where it is given a checker.
class TstSafetyFilter : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<Workspace> m_space;
    int m_notices = 0; // of hidden results

    workspace::GenerationSession& session() { return m_space->session(); }
    bool isHidden(int row) { return session().gallery().index(row, 0).data(GalleryModel::HiddenRole).toBool(); }

    void run()
    {
        session().generate();
        QTRY_COMPARE(session().pendingRuns(), 0);
        QTRY_COMPARE(session().state(), SessionState::Reviewing);
    }

private Q_SLOTS:
    void init()
    {
        QFile model(m_folder.filePath(QStringLiteral("starter.safetensors")));
        QVERIFY(model.open(QIODevice::WriteOnly));
        sfumato::testing::FakeScript script;
        script.flagged = { 0 };
        script.modelInfo.nativeSize = { 128, 128 };
        workspace::AppSettings settings;
        settings.installedModelsFolder = m_folder.path();
        m_space = std::make_unique<Workspace>(sfumato::testing::fakeEngineSource(script), settings);
        m_space->setCompanions({ [] { return std::filesystem::path("checker.safetensors"); }, {} });
        m_notices = 0;
        connect(m_space.get(), &Workspace::noticed, this, [this](const Notice& notice) { m_notices += notice.topic == Notice::Topic::ResultHidden; });
        workflow::JobDescription job = session().job();
        job.prompt = "a boat";
        job.steps = 4;
        job.imageCount = 2;
        session().setJob(job);
        std::mt19937 random(1);
        m_space->setPicture(sfumato::testing::randomPicture(random, { 300, 200 }, PixelFormat::Rgba8), QStringLiteral("picture"));
    }

    void flaggedResult_isHiddenUntilShown()
    {
        run();
        QVERIFY(isHidden(0) && !isHidden(1));
        QCOMPARE(m_notices, 1);
        session().selectVariation(0);
        const QImage veil = session().overlay().image;
        const imaging::Raster before = m_space->document()->picture();
        session().keep(); // nothing unseen gets into the picture
        QVERIFY(m_space->document()->picture() == before);
        session().gallery().setHidden(0, false);
        QVERIFY(!isHidden(0) && session().overlay().image != veil);
        session().keep();
        QVERIFY(!(m_space->document()->picture() == before));
    }

    void veil_hasTheShapeOfThePaint()
    {
        document::MaskStroke stroke(*m_space->document(), { .sizePx = 80 });
        stroke.extendTo({ 150, 100, 1.0 });
        stroke.finish();
        run();
        session().selectVariation(0);
        const QImage veil = session().overlay().image;
        QVERIFY(isHidden(0) && !veil.isNull());
        const int right = veil.width() - 1, bottom = veil.height() - 1;
        for (const QPoint corner : { QPoint(0, 0), QPoint(right, 0), QPoint(0, bottom), QPoint(right, bottom) }) QCOMPARE(qAlpha(veil.pixel(corner)), 0);
        QCOMPARE(qAlpha(veil.pixel(right / 2, bottom / 2)), 255);
        QCOMPARE(veil.format(), QImage::Format_ARGB32_Premultiplied);
        for (int y = 0; y < veil.height(); ++y) {
            const auto* line = reinterpret_cast<const QRgb*>(veil.constScanLine(y));
            QVERIFY(std::all_of(line, line + veil.width(), [](QRgb pixel) { return std::max({ qRed(pixel), qGreen(pixel), qBlue(pixel) }) <= qAlpha(pixel); }));
        }
    }

    void onlyFlaggedResults_canBeHidden()
    {
        run();
        session().gallery().setHidden(1, true);
        QVERIFY(!isHidden(1));
    }

    void filterSwitchedOff_showsAll_andAsksNoMore()
    {
        run();
        workspace::AppSettings settings = m_space->appSettings();
        settings.hidesFlagged = false;
        m_space->setAppSettings(settings);
        QVERIFY(!isHidden(0));
        run();
        QVERIFY(!isHidden(2) && !session().gallery().at(2)->isFlagged);
        QCOMPARE(m_notices, 1);
        settings.hidesFlagged = true;
        m_space->setAppSettings(settings);
        QVERIFY(isHidden(0) && !isHidden(2));
    }
};

QTEST_GUILESS_MAIN(TstSafetyFilter)
#include "tst_safety_filter.moc"
