// SPDX-License-Identifier: Apache-2.0
#include "cli_process.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using sfumato::testing::runCli;

class TstSfumatoCli : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    QString write(const char* name, const QByteArray& content)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() ? file.fileName() : QString();
    }

private Q_SLOTS:
    void badUsage_exitsWith2_andPrintsNothing_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no command") << QStringList{};
        QTest::newRow("unknown command") << QStringList{ QStringLiteral("paint") };
        QTest::newRow("run without a job") << QStringList{ QStringLiteral("run") };
        QTest::newRow("unknown option") << QStringList{ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--fast") };
        QTest::newRow("option without its value") << QStringList{ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out") };
        QTest::newRow("assignment without a value") << QStringList{ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--set"), QStringLiteral("steps") };
        QTest::newRow("inspect without a file") << QStringList{ QStringLiteral("inspect") };
    }

    void badUsage_exitsWith2_andPrintsNothing()
    {
        QFETCH(QStringList, arguments);
        const auto result = runCli(arguments);
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(result.output, QByteArray());
        QVERIFY(!result.messages.isEmpty());
    }

    void helpAndVersion_succeed()
    {
        QCOMPARE(runCli({ QStringLiteral("--help") }).exitCode, 0);
        QCOMPARE(runCli({ QStringLiteral("run"), QStringLiteral("--help") }).exitCode, 0);
        QVERIFY(runCli({ QStringLiteral("--version") }).output.startsWith("sfumato-cli "));
    }

    void schedulers_areListed()
    {
        const auto text = runCli({ QStringLiteral("schedulers") });
        QCOMPARE(text.exitCode, 0);
        QVERIFY(text.output.contains("\ndpmpp_2m_karras "));
        const auto json = runCli({ QStringLiteral("schedulers"), QStringLiteral("--json") }).json();
        QCOMPARE(json[0]["name"].get<std::string>(), std::string("euler"));
    }

    void badJob_isOneJsonObject_andExitCode1()
    {
        const auto fromInput = runCli({ QStringLiteral("run"), QStringLiteral("-") }, {}, R"({"steps": 500})");
        QCOMPARE(fromInput.exitCode, 1);
        QCOMPARE(fromInput.output, QByteArray("{\"status\":\"failure\",\"error\":{\"code\":\"invalid_request\",\"message\":\"steps was given as 500; it must be a whole number from 1 "
                                              "to 150.\",\"field\":\"steps\"}}\n"));
        const auto missing = runCli({ QStringLiteral("run"), QStringLiteral("none.json") }, m_folder.path());
        QCOMPARE(missing.exitCode, 1);
        QCOMPARE(missing.json()["error"]["code"].get<std::string>(), std::string("file_not_found"));
        QCOMPARE(missing.json()["error"]["path"].get<std::string>(), std::string("none.json"));
    }

    void set_replacesFields()
    {
        const QString job = write("job.json", R"({"steps": 4, "prompt": "x"})");
        const auto result = runCli({ QStringLiteral("run"), job, QStringLiteral("--set"), QStringLiteral("num_inference_steps=0"), QStringLiteral("--set"), QStringLiteral("seed=1") });
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.json()["error"]["field"].get<std::string>(), std::string("num_inference_steps"));
    }

    void jsonLines_giveOneObjectEach()
    {
        const QString jobs = write("jobs.jsonl", "{\"steps\": 0}\n\n{\"seed\": -1, \"track_id\": \"b\"}\r\nnonsense\n");
        const auto result = runCli({ QStringLiteral("run"), jobs });
        QCOMPARE(result.exitCode, 1);
        const QList<QByteArray> lines = result.output.trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains("\"field\":\"steps\""));
        QVERIFY(lines[1].contains("\"track_id\":\"b\""));
        QVERIFY(lines[2].contains("jobs.jsonl line 4 could not be read as JSON"));
    }

    void inspect_saysWhatFilesAre()
    {
        QByteArray tensors = R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
        tensors = QByteArray(1, static_cast<char>(tensors.size())) + QByteArray(7, '\0') + tensors + QByteArray(4, '\0');
        const QString unknown = write("unknown.safetensors", tensors), malformed = write("malformed.safetensors", "not a model");
        const auto result = runCli({ QStringLiteral("inspect"), QStringLiteral("--json"), unknown });
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.json()["kind"].get<std::string>(), std::string("unknown"));
        QCOMPARE(result.json()["sha256"].get<std::string>().size(), std::size_t{ 64 });
        const auto text = runCli({ QStringLiteral("inspect"), QStringLiteral("--no-hash"), unknown });
        QVERIFY(text.output.contains("kind: unknown\n") && !text.output.contains("sha256"));
        const auto bad = runCli({ QStringLiteral("inspect"), malformed, unknown });
        QCOMPARE(bad.exitCode, 1);
        QVERIFY(bad.messages.contains("malformed.safetensors"));
        QVERIFY(bad.output.contains("kind: unknown\n"));
    }

    void inspect_readsThePicturesOfTheProject()
    {
        const auto result = runCli({ QStringLiteral("inspect"), QStringLiteral("--json"), QStringLiteral(SFUMATO_SOURCE_DIR "/resources/samples/meadow.png") });
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.json()["kind"].get<std::string>(), std::string("picture"));
        QVERIFY(result.json()["width"].get<int>() > 0);
    }
};

QTEST_GUILESS_MAIN(TstSfumatoCli)
#include "tst_sfumato_cli.moc"
