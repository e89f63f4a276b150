// Prompt expansion through the program, with the engine, the starter model and a small language model as the user would install it.
// SPDX-License-Identifier: Apache-2.0
#include "cli_process.h"

#include "core/document/io/picture_reader.h"
#include "tests/support/expander_folder.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sfumato;
using testing::CliResult;
using testing::runCli;

class TstCliExpansion : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path place() const { return m_folder.filePath(QStringLiteral("data/sfumato/prompt_expansion")).toStdString(); }

    CliResult run(const QByteArray& fields)
    {
        return runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("out"), QStringLiteral("--overwrite") }, m_folder.path(),
            R"({"prompt": "a lighthouse", "steps": 2, "seed": 3, "format": "png", "image_size": "square_hd")" + fields + '}');
    }
    ImageBuffer picture() const
    {
        const auto read = document::readPicture(m_folder.filePath(QStringLiteral("out/1.png")).toStdString());
        return read ? read->image : ImageBuffer();
    }

private Q_SLOTS:
    void initTestCase() { qputenv("XDG_DATA_HOME", m_folder.filePath(QStringLiteral("data")).toLocal8Bit()); }

    void withoutAModel_theSentenceSaysWhereItIsLookedFor()
    {
        const CliResult result = run(R"(, "expand_prompt": true)");
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.json()["error"]["field"].get<std::string>(), std::string("expand_prompt"));
        const std::string message = result.json()["error"]["message"].get<std::string>();
        QVERIFY2(message.find(place().string()) != std::string::npos, message.c_str());
    }

    void expandedPrompts_areEchoed_andTheirJobsGiveTheSamePixels()
    {
        test::writeExpander(place() / "mine", test::expanderCases().at("worded"), SFUMATO_SOURCE_DIR "/tests/data/tokenizer/byte_level");
        const CliResult result = run(R"(, "expand_prompt": true)");
        QVERIFY2(result.exitCode == 0, result.output.constData());
        const auto json = result.json();
        const std::string prompt = json["prompt"].get<std::string>();
        QVERIFY2(prompt.starts_with("a lighthouse, ") && prompt.size() > 40, prompt.c_str());
        QCOMPARE(json["original_prompt"].get<std::string>(), std::string("a lighthouse"));
        QCOMPARE(json["job"]["prompt"].get<std::string>(), prompt);
        const ImageBuffer expanded = picture();
        QCOMPARE(run(R"(, "expand_prompt": "yes")").json()["prompt"].get<std::string>(), prompt);
        QVERIFY(picture() == expanded);

        const QByteArray echoed = QByteArray::fromStdString(json["job"].dump());
        QCOMPARE(runCli({ QStringLiteral("run"), QStringLiteral("-"), QStringLiteral("--out"), QStringLiteral("out"), QStringLiteral("--overwrite") }, m_folder.path(), echoed).exitCode, 0);
        QVERIFY(picture() == expanded);
        QCOMPARE(run({}).exitCode, 0);
        QVERIFY(!(picture() == expanded));
    }

    void aBrokenModel_isNamed()
    {
        QFile weights(QString::fromStdString((place() / "mine" / "model.safetensors").string()));
        QVERIFY(weights.resize(1000));
        const CliResult result = run(R"(, "expand_prompt": true)");
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.json()["error"]["field"].get<std::string>(), std::string("expand_prompt"));
        const std::string message = result.json()["error"]["message"].get<std::string>();
        QVERIFY2(message.find("model.safetensors") != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TstCliExpansion)
#include "tst_cli_expansion.moc"
