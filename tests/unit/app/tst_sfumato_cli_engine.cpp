// sfumato-cli with the engine and the starter model.
// SPDX-License-Identifier: Apache-2.0
#include "cli_process.h"

#include "core/document/io/picture_reader.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using sfumato::testing::kCli;
using sfumato::testing::runCli;

class TstSfumatoCliEngine : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QStringList outputs(const char* folder) const { return QDir(m_folder.filePath(QString::fromLatin1(folder))).entryList(QDir::Files | QDir::Hidden, QDir::Name); }

private Q_SLOTS:
    void job_givesOneJsonObject_andAPicture()
    {
        const auto result = runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("a"), QStringLiteral("--set"), QStringLiteral("seed=5") },
            m_folder.path(), R"({"prompt": "a red house in a meadow", "steps": "3", "format": "png", "image_size": "square_hd"})");
        QCOMPARE(result.exitCode, 0);
        const auto json = result.json();
        QCOMPARE(json["status"].get<std::string>(), std::string("success"));
        QCOMPARE(json["images"][0]["url"].get<std::string>(), std::string("a/1.png"));
        QCOMPARE(json["seed"].get<int>(), 5);
        QCOMPARE(outputs("a"), QStringList{ QStringLiteral("1.png") });
        QVERIFY(result.messages.contains("step 3/3"));
        const auto picture = sfumato::document::readPicture(m_folder.filePath(QStringLiteral("a/1.png")).toStdString());
        QVERIFY(picture && picture->image.width() == json["images"][0]["width"].get<int>());
    }

    void refiner_takesOver_andIsEchoed()
    {
        const auto run = [this](const char* folder, const char* job) {
            return runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QString::fromLatin1(folder) }, m_folder.path(), job);
        };
        const auto result = run("r", R"({"prompt": "a tree", "steps": 4, "seed": 1, "scheduler": "dpmpp_2m", "format": "png", "refiner": {"model": "starter", "switch_at": 0.5}})");
        const auto json = result.json();
        QCOMPARE(json["status"].get<std::string>(), std::string("success"));
        QCOMPARE(json["job"]["refiner"].dump(), std::string(R"({"model":"starter","switch_at":0.5})"));
        QVERIFY(result.messages.contains("step 4/4"));
        const auto refined = sfumato::document::readPicture(m_folder.filePath(QStringLiteral("r/1.png")).toStdString());
        static_cast<void>(run("p", R"({"prompt": "a tree", "steps": 4, "seed": 1, "scheduler": "dpmpp_2m", "format": "png"})"));
        const auto plain = sfumato::document::readPicture(m_folder.filePath(QStringLiteral("p/1.png")).toStdString());
        QVERIFY(refined && plain && !(refined->image == plain->image)); // the second solver begins without a history

        const auto early = run("q", R"({"prompt": "a tree", "refiner": {"model": "starter", "switch_at": 1}})").json();
        QCOMPARE(early["error"]["field"].get<std::string>(), std::string("refiner.switch_at"));
    }

    void linesOfJobs_areEqualToSingleOnes()
    {
        QFile jobs(m_folder.filePath(QStringLiteral("jobs.jsonl")));
        QVERIFY(jobs.open(QIODevice::WriteOnly));
        jobs.write("{\"prompt\": \"a tree\", \"steps\": 2, \"seed\": 1, \"num_images\": 2, \"format\": \"png\"}\n{\"prompt\": \"a tree\", \"steps\": 2, \"seed\": 2, \"format\": \"png\"}\n");
        jobs.close();
        const auto result = runCli({ QStringLiteral("run"), jobs.fileName(), QStringLiteral("--out"), QStringLiteral("b"), QStringLiteral("--quiet") }, m_folder.path());
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.messages, QByteArray());
        QCOMPARE(result.output.count('\n'), 2);
        const auto second = sfumato::document::readPicture(m_folder.filePath(QStringLiteral("b/2.png")).toStdString());
        const auto third = sfumato::document::readPicture(m_folder.filePath(QStringLiteral("b/3.png")).toStdString());
        QVERIFY(second && third && second->image == third->image);
    }

    void interrupt_endsWith130_andLeavesNoFile()
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(kCli, { QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("c") });
        process.write(R"({"prompt": "a tree", "steps": 150, "num_images": 8, "scheduler": "euler"})");
        process.closeWriteChannel();
        QVERIFY(process.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT((process.waitForReadyRead(100), process.setReadChannel(QProcess::StandardError), process.peek(100'000).contains("step 2/")), 120'000);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(60'000));
        QCOMPARE(process.exitCode(), 130);
        QCOMPARE(process.readAllStandardOutput(), QByteArray("{\"status\":\"cancelled\"}\n"));
        QVERIFY(outputs("c").isEmpty());
    }

    void devices_nameTheProcessor()
    {
        const auto json = runCli({ QStringLiteral("devices"), QStringLiteral("--json") }).json();
        QCOMPARE(json[0]["name"].get<std::string>(), std::string("cpu"));
    }
};

QTEST_GUILESS_MAIN(TstSfumatoCliEngine)
#include "tst_sfumato_cli_engine.moc"
