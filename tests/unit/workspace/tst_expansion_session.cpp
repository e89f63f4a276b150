// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/workspace.h"
#include "tests/support/fake_engine.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using sfumato::testing::FakeEngineProbe;
using sfumato::testing::FakeScript;
using workspace::ExpansionSession;
using State = ExpansionSession::State;

namespace {

struct Bench {
    explicit Bench(FakeScript script = {}, bool isInstalled = true) : probe(std::make_shared<FakeEngineProbe>())
    {
        if (isInstalled) install(QStringLiteral("expansion/mine"));
        workspace::AppSettings settings;
        settings.installedModelsFolder = folder.path();
        settings.installedExpansionFolder = folder.filePath(QStringLiteral("expansion"));
        space = std::make_unique<workspace::Workspace>(sfumato::testing::fakeEngineSource(std::move(script), probe), settings);
        QObject::connect(space.get(), &workspace::Workspace::noticed, [this](const workspace::Notice& notice) { notices.append(notice); });
    }

    void install(const QString& name)
    {
        QDir().mkpath(folder.filePath(name));
        QFile config(folder.filePath(name) + QStringLiteral("/config.json"));
        if (!config.open(QIODevice::WriteOnly)) qFatal("The temporary folder cannot be written.");
    }

    void setPrompt(const char* prompt, std::optional<std::uint64_t> seed = 7)
    {
        workflow::JobDescription job = space->session().job();
        job.prompt = prompt;
        job.seed = seed;
        space->session().setJob(job);
    }

    QString prompt() { return QString::fromStdString(space->session().job().prompt); }
    ExpansionSession& expansion() { return space->expansion(); }

    QTemporaryDir folder;
    std::shared_ptr<FakeEngineProbe> probe;
    QList<workspace::Notice> notices;
    std::unique_ptr<workspace::Workspace> space;
};

} // namespace

class TstExpansionSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsOffered_isUsedOnceItIsTaken()
    {
        Bench bench;
        bench.setPrompt("a cat, ");
        QCOMPARE(bench.expansion().state(), State::Ready);
        bench.expansion().expand();
        QCOMPARE(bench.expansion().state(), State::Working);
        QTRY_COMPARE(bench.expansion().state(), State::Offered);
        QCOMPARE(bench.expansion().addition(), QStringLiteral("soft light 7"));
        QCOMPARE(bench.prompt(), QStringLiteral("a cat, ")); // nothing is used yet
        bench.expansion().setAddition(QStringLiteral(" hard light "));
        bench.expansion().take();
        QCOMPARE(bench.prompt(), QStringLiteral("a cat, hard light"));
        QCOMPARE(bench.expansion().state(), State::Ready);
        QVERIFY(bench.expansion().addition().isEmpty());
        bench.expansion().take(); // there is nothing any more
        QCOMPARE(bench.prompt(), QStringLiteral("a cat, hard light"));
    }

    void anotherOne_hasTheNextSeed_andCanBeDropped()
    {
        Bench bench;
        bench.setPrompt("a cat");
        bench.expansion().expand();
        QTRY_COMPARE(bench.expansion().state(), State::Offered);
        bench.expansion().expandAgain();
        QTRY_COMPARE(bench.expansion().state(), State::Offered);
        QCOMPARE(bench.expansion().addition(), QStringLiteral("soft light 8"));
        QCOMPARE(bench.expansion().seed(), std::uint64_t{ 8 });
        bench.expansion().drop();
        QCOMPARE(bench.expansion().state(), State::Ready);
        QCOMPARE(bench.prompt(), QStringLiteral("a cat"));
    }

    void stopping_offersNothing()
    {
        Bench bench({ .holdsExpansion = true });
        bench.setPrompt("a cat");
        bench.expansion().expand();
        QTRY_COMPARE(bench.probe->expansions.load(), 1);
        bench.expansion().stop();
        QCOMPARE(bench.expansion().state(), State::Ready);
        QTRY_COMPARE(bench.probe->stopsSeen.load(), 1);
        QCoreApplication::processEvents();
        QCOMPARE(bench.expansion().state(), State::Ready);
        QVERIFY(bench.notices.isEmpty());
    }

    void whileARunIsOn_itWaits()
    {
        Bench bench({ .holdAt = engine::Stage::Sampling });
        QFile model(bench.folder.filePath(QStringLiteral("starter.safetensors")));
        QVERIFY(model.open(QIODevice::WriteOnly));
        model.close();
        workspace::AppSettings settings = bench.space->appSettings();
        settings.chosenModels = { model.fileName() };
        settings.model = model.fileName();
        bench.space->setAppSettings(settings);
        bench.setPrompt("a cat");
        bench.space->session().generate();
        QTRY_COMPARE(bench.probe->generations.load(), 1);
        bench.expansion().expand();
        QTest::qWait(20);
        QCOMPARE(bench.expansion().state(), State::Working);
        QCOMPARE(bench.probe->expansions.load(), 0);
        bench.probe->release();
        QTRY_COMPARE(bench.expansion().state(), State::Offered);
        QCOMPARE(bench.probe->calledFromWrongThread.load(), 0);
    }

    void aFailure_isTold_andThePromptStays()
    {
        Bench bench({ .expansionFailure = Error{ ErrorCode::FileUnreadable, "mine/model.safetensors is cut short.", {} } });
        bench.setPrompt("a cat");
        bench.expansion().expand();
        QTRY_COMPARE(bench.notices.size(), 1);
        QCOMPARE(bench.notices.first().topic, workspace::Notice::Topic::Expansion);
        QCOMPARE(bench.expansion().state(), State::Ready);
        QCOMPARE(bench.prompt(), QStringLiteral("a cat"));
    }

    void withoutAModel_nothingIsAsked_untilOneIsThere()
    {
        Bench bench({}, false);
        bench.setPrompt("a cat");
        QCOMPARE(bench.expansion().state(), State::NotInstalled);
        bench.expansion().expand();
        QCOMPARE(bench.expansion().state(), State::NotInstalled);
        bench.install(QStringLiteral("expansion"));
        bench.expansion().refreshModel();
        QCOMPARE(bench.expansion().state(), State::Ready);
        bench.install(QStringLiteral("elsewhere"));
        workspace::AppSettings settings = bench.space->appSettings();
        settings.expansionFolder = bench.folder.filePath(QStringLiteral("elsewhere"));
        bench.space->setAppSettings(settings);
        QCOMPARE(bench.expansion().folders().first(), settings.expansionFolder);
    }

    void anEmptyPrompt_isNotAsked()
    {
        Bench bench;
        bench.setPrompt(" ,, ");
        QVERIFY(!bench.expansion().hasPrompt());
        bench.expansion().expand();
        QCOMPARE(bench.expansion().state(), State::Ready);
        QCOMPARE(bench.probe->expansions.load(), 0);
    }
};

QTEST_GUILESS_MAIN(TstExpansionSession)
#include "tst_expansion_session.moc"
