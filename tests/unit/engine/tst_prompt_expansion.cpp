// The engine on small language models as users have them in folders: the same words again, cancelling, files that changed, broken folders.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/create_engine.h"
#include "tests/support/expander_folder.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <functional>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

namespace fs = std::filesystem;

const fs::path kTexts = SFUMATO_SOURCE_DIR "/tests/data/tokenizer/byte_level";

void write(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

} // namespace

Q_DECLARE_METATYPE(std::function<void(const std::filesystem::path&)>)

class TstPromptExpansion : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Engine> m_engine;

    fs::path folder() const { return fs::path(m_folder->path().toStdString()) / "mine"; }

    ExpansionOutcome expand(const std::string& prompt, std::uint64_t seed = 7)
    {
        ExpansionRequest request;
        request.model = folder();
        request.prompt = prompt;
        request.seed = seed;
        return m_engine->expandPrompt(request, {});
    }

    std::string textOf(const std::string& prompt, std::uint64_t seed = 7)
    {
        const ExpansionOutcome outcome = expand(prompt, seed);
        if (const auto* error = std::get_if<Error>(&outcome)) return "error: " + error->message;
        return std::get<PromptExpansion>(outcome).prompt;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto engine = createEngine({ SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt", 1, 0 });
        QVERIFY(engine);
        m_engine = std::move(*engine);
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        test::writeExpander(folder(), test::expanderCases().at("worded"), kTexts);
    }

    void theSameSeed_writesTheSameWords()
    {
        const std::string first = textOf("a lighthouse");
        QVERIFY2(first.starts_with("a lighthouse, "), first.c_str());
        QVERIFY(textOf("a lighthouse", 8) != first);
        QCOMPARE(textOf("a lighthouse", 7 + 4294967296ULL), first); // the lower 32 bits count
        m_engine->releaseModels();
        QCOMPARE(textOf(" a  lighthouse. "), first);
    }

    void noWord_isAddedTwice_orThatIsThereAlready()
    {
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            const QStringList words = QString::fromStdString(textOf("a golden lighthouse", seed)).remove(u',').split(u' ', Qt::SkipEmptyParts);
            QCOMPARE(QSet<QString>(words.begin(), words.end()).size(), words.size());
        }
    }

    void nothingIsAdded_toNothing()
    {
        const ExpansionOutcome outcome = expand(" ,. \n");
        QVERIFY(std::holds_alternative<PromptExpansion>(outcome));
        QVERIFY(std::get<PromptExpansion>(outcome).prompt.empty() && std::get<PromptExpansion>(outcome).addition.empty());
    }

    void aLongPrompt_isContinuedToItsLastPosition()
    {
        std::string prompt;
        for (int i = 0; i < 80; ++i) prompt += "golden forest ";
        const std::string text = textOf(prompt); // more tokens than the model has positions for
        QVERIFY2(text.starts_with("golden forest golden"), text.c_str());
    }

    void aStop_endsIt()
    {
        std::stop_source stop;
        stop.request_stop();
        ExpansionRequest request;
        request.model = folder();
        request.prompt = "a cat";
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->expandPrompt(request, stop.get_token()))); // while it is read
        QVERIFY(std::holds_alternative<PromptExpansion>(m_engine->expandPrompt(request, {})));
        QVERIFY(std::holds_alternative<Cancelled>(m_engine->expandPrompt(request, stop.get_token()))); // while it writes
    }

    void filesThatChanged_areReadAgain()
    {
        const std::string first = textOf("a lighthouse");
        write(folder() / "positive.txt", "teapot\nmeadow\n");
        const std::string second = textOf("a lighthouse");
        QVERIFY(second != first);
    }

    void brokenFolders_areNamed_data()
    {
        using Break = std::function<void(const fs::path&)>;
        QTest::addColumn<Break>("spoil");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char* name, const Break& spoil, const char* sentence) { QTest::newRow(name) << spoil << QString::fromUtf8(sentence); };
        row(
            "no folder", [](const fs::path& at) { fs::remove_all(at); }, "There is no folder ");
        row(
            "no config", [](const fs::path& at) { fs::remove(at / "config.json"); }, "mine holds no config.json");
        row(
            "another kind", [](const fs::path& at) { write(at / "config.json", R"({"model_type": "llama"})"); }, "config.json describes a model of the kind \"llama\"");
        row(
            "an unknown setting", [](const fs::path& at) { write(at / "config.json", R"({"n_head": 2, "scale_attn_weights": false})"); }, "config.json sets scale_attn_weights to false; only true is known.");
        row(
            "an unknown activation", [](const fs::path& at) { write(at / "config.json", R"({"n_head": 2, "activation_function": "relu6"})"); }, "The language model's activation is \"relu6\"");
        row(
            "heads that do not divide", [](const fs::path& at) { write(at / "config.json", R"({"n_head": 7})"); }, "The weights hold no usable language model");
        row(
            "no tokenizer", [](const fs::path& at) { fs::remove(at / "merges.txt"); }, "mine holds no tokenizer");
        row(
            "a broken vocabulary", [](const fs::path& at) { write(at / "vocab.json", "{}"); }, "mine/vocab.json is no vocabulary");
        row(
            "no weights", [](const fs::path& at) { fs::remove(at / "model.safetensors"); }, "mine holds no model.safetensors");
        row(
            "a pickle alone", [](const fs::path& at) { fs::rename(at / "model.safetensors", at / "pytorch_model.bin"); }, "pytorch_model.bin can hold programs");
        row(
            "words that are no tokens", [](const fs::path& at) { write(at / "positive.txt", "unheardofword\n"); }, "The word list ");
        row(
            "a layer too few", [](const fs::path& at) {
            auto shapes = test::expanderShapes(test::expanderCases().at("worded"));
            std::erase_if(shapes, [](const test::NamedShape& shape) { return shape.name == "h.1.mlp.c_fc.bias"; });
            test::writeSyntheticModel(at / "model.safetensors", shapes, at::kFloat); }, "The weights in mine/model.safetensors do not fit the network: 1 tensor is missing: h.1.mlp.c_fc.bias");
    }
    void brokenFolders_areNamed()
    {
        QFETCH(std::function<void(const fs::path&)>, spoil);
        QFETCH(QString, sentence);
        spoil(folder());
        const QString found = QString::fromStdString(textOf("a cat"));
        QVERIFY2(found.startsWith(QStringLiteral("error: ")) && found.contains(sentence), qPrintable(found));
    }

    void rulesOutOfRange_areRefused()
    {
        ExpansionRequest request;
        request.model = folder();
        request.prompt = "a cat";
        request.topP = 0;
        const ExpansionOutcome outcome = m_engine->expandPrompt(request, {});
        QVERIFY(std::holds_alternative<Error>(outcome));
        QCOMPARE(std::get<Error>(outcome).code, ErrorCode::InvalidRequest);
    }
};

QTEST_GUILESS_MAIN(TstPromptExpansion)
#include "tst_prompt_expansion.moc"
