// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/generate_texts.h"
#include "ui/window/notice_text.h"

#include <QLocale>
#include <QTest>

using namespace sfumato;
using engine::GenerationMode;
using workspace::GenerateBlocker;
using workspace::Notice;
using workspace::SessionState;

class TstUiTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void button_saysWhatItWillDo()
    {
        QCOMPARE(ui::intentText(GenerationMode::TextToImage, 1), QStringLiteral("Create picture"));
        QCOMPARE(ui::intentText(GenerationMode::ImageToImage, 0.55), QStringLiteral("Rework picture"));
        QCOMPARE(ui::intentText(GenerationMode::Inpainting, 0.95), QStringLiteral("Replace area"));
        QCOMPARE(ui::intentText(GenerationMode::Inpainting, 0.45), QStringLiteral("Refine area"));
    }

    void blocker_isNamedUnlessThereIsNone()
    {
        QVERIFY(ui::blockerText(GenerateBlocker::None).isEmpty());
        for (const GenerateBlocker blocker : { GenerateBlocker::NoModel, GenerateBlocker::NoPicture, GenerateBlocker::MaskEmpty, GenerateBlocker::NoStepsRun }) QVERIFY(!ui::blockerText(blocker).isEmpty());
    }

    void strength_countsTheStepsThatRun()
    {
        workflow::JobDescription job;
        job.steps = 25;
        job.strength = 0.95;
        QVERIFY(ui::strengthText(GenerationMode::Inpainting, job).startsWith(QStringLiteral("runs 23 of 25")));
        QVERIFY(ui::strengthText(GenerationMode::Inpainting, job).endsWith(QStringLiteral("start fresh")));
        job.steps = 20;
        job.strength = 0.2;
        QVERIFY(ui::strengthText(GenerationMode::ImageToImage, job).endsWith(QStringLiteral("touch up")));
        job.strength = 0.5;
        job.compatibility = engine::Compatibility::A1111;
        QVERIFY(ui::strengthText(GenerationMode::ImageToImage, job).startsWith(QStringLiteral("runs 11 of 20")));
        job.compatibility = engine::Compatibility::ComfyUi;
        QVERIFY(ui::strengthText(GenerationMode::ImageToImage, job).startsWith(QStringLiteral("runs 20 of 40")));
    }

    void frame_tellsSizesAndScale()
    {
        const workflow::ContextArea area{ .crop = { 0, 0, 776, 685 }, .workSize = { 1088, 960 } };
        QCOMPARE(ui::frameText(area), QStringLiteral("776\u00A0×\u00A0685 works at 1088\u00A0×\u00A0960 (140 %)"));
    }

    void progress_namesStageStepAndTime()
    {
        ui::RunProgress run{ SessionState::Sampling, { .stage = engine::Stage::Sampling, .imageIndex = 0, .step = 14, .stepCount = 25, .secondsPerStep = 0.35 }, 1 };
        QCOMPARE(ui::progressText(run), QStringLiteral("Step 14 of 25 – 4 s left"));
        QCOMPARE(*ui::progressFraction(run), 14.0 / 25);
        run.imageCount = 2;
        run.progress.secondsPerStep = 0;
        QCOMPARE(ui::progressText(run), QStringLiteral("1/2: step 14 of 25"));
        QCOMPARE(*ui::progressFraction(run), 14.0 / 50);
        run.state = SessionState::LoadingModel;
        run.progress.stageFraction = 0.42;
        QCOMPARE(ui::progressText(run), QStringLiteral("Loading model – 42 %"));
        QCOMPARE(*ui::progressFraction(run), 0.42);
        QVERIFY(!ui::progressFraction({ SessionState::Queued, {}, 3 }));
    }

    void duration_isRoundedAsPeopleSayIt_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QString>("expected");
        QTest::newRow("below one") << 0.2 << QStringLiteral("1 s");
        QTest::newRow("to the second") << 7.2 << QStringLiteral("8 s");
        QTest::newRow("to five seconds") << 41.0 << QStringLiteral("45 s");
        QTest::newRow("minutes") << 130.0 << QStringLiteral("3 min");
    }

    void duration_isRoundedAsPeopleSayIt()
    {
        QFETCH(double, seconds);
        QFETCH(QString, expected);
        QCOMPARE(ui::durationText(seconds), expected);
    }

    void notices_allHaveAPlainSentence()
    {
        using Topic = Notice::Topic;
        for (const Topic topic : { Topic::OpenPicture, Topic::PictureWarning, Topic::Export, Topic::Exported, Topic::SaveJob, Topic::JobSaved, Topic::Model, Topic::Generate, Topic::GenerateWarning, Topic::Stopped,
                 Topic::ResultsDropped, Topic::SealBroken }) {
            for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) checkSentence(topic, static_cast<ErrorCode>(code));
        }
    }

private:
    static void checkSentence(Notice::Topic topic, ErrorCode code)
    {
        const ui::Message message = ui::messageFor({ topic, Notice::Severity::Error, Error{ code, "the <b>technical</b> reason", {} }, QStringLiteral("/tmp/a <b>.png"), 3 });
        QVERIFY(message.text.endsWith(QLatin1Char('.')));
        QVERIFY(!message.text.contains(QLatin1Char('%')) && !message.text.contains(QLatin1Char('!')));
        QVERIFY(!message.text.contains(QStringLiteral("technical")));
        QCOMPARE(message.details, QStringLiteral("the <b>technical</b> reason"));
    }

private Q_SLOTS:
    void notice_ofAFailureSaysWhatIsSafe()
    {
        const ui::Message message = ui::messageFor({ Notice::Topic::Generate, Notice::Severity::Error, Error{ ErrorCode::OutOfDeviceMemory, "x", {} }, {}, 0 });
        QVERIFY(message.text.contains(QStringLiteral("untouched")));
        QVERIFY(message.severity == ui::Severity::Error);
    }
};

QTEST_GUILESS_MAIN(TstUiTexts)
#include "tst_ui_texts.moc"
