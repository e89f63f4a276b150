// ComfyUI's prompt grammar and chunks against what it made of the same texts.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/comfy_prompt.h"

#include "tokenizer_support.h"

#include <QJsonArray>
#include <QTest>

#include <cmath>

using namespace sfumato;
using namespace sfumato::engine;

class TstComfyPrompt : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void weights_equalRecordedCases()
    {
        const auto cases = testing::jsonLines("comfy_weight_vectors.jsonl");
        QCOMPARE(cases.size(), 31);
        for (const QJsonObject& recorded : cases) {
            const std::string prompt = recorded[QStringLiteral("input")].toString().toStdString();
            const QJsonArray expected = recorded[QStringLiteral("output")].toArray();
            const auto runs = parseComfyPrompt(prompt);
            QVERIFY2(static_cast<qsizetype>(runs.size()) == expected.size(), prompt.c_str());
            for (qsizetype i = 0; i < expected.size(); ++i) {
                QCOMPARE(QString::fromStdString(runs[static_cast<std::size_t>(i)].text), expected[i].toArray()[0].toString());
                QVERIFY2(std::abs(runs[static_cast<std::size_t>(i)].weight - expected[i].toArray()[1].toDouble()) < 1e-6, prompt.c_str());
            }
        }
    }

    void chunks_equalRecordedCases()
    {
        const auto cases = testing::jsonLines("comfy_chunk_vectors.jsonl");
        QCOMPARE(cases.size(), 20);
        for (const QJsonObject& recorded : cases) {
            const std::string prompt = recorded[QStringLiteral("input")].toString().toStdString();
            const bool isSecond = recorded[QStringLiteral("rule")].toString().endsWith(QStringLiteral("_g"));
            const QJsonArray ids = recorded[QStringLiteral("chunks")].toArray(), weights = recorded[QStringLiteral("weights")].toArray();
            const auto chunks = chunkComfyPrompt(testing::tokenizer(), prompt, isSecond ? PadToken::ExclamationMark : PadToken::EndOfText);
            QVERIFY2(static_cast<qsizetype>(chunks.size()) == ids.size(), prompt.c_str());
            for (qsizetype c = 0; c < ids.size(); ++c) {
                const PromptChunk& chunk = chunks[static_cast<std::size_t>(c)];
                const auto shown = withPadding(chunk, isSecond ? ClipTokenizer::kExclamationToken : ClipTokenizer::kEndToken);
                for (qsizetype i = 0; i < kChunkLength; ++i) {
                    const auto place = static_cast<std::size_t>(i);
                    QVERIFY2(shown[place] == ids[c].toArray()[i].toInt(), prompt.c_str());
                    QVERIFY2(std::abs(double{ chunk.weights[place] } - weights[c].toArray()[i].toDouble()) < 1e-6, prompt.c_str());
                }
            }
        }
    }

    void everyByteString_givesWellFormedChunks()
    {
        std::mt19937 random(29);
        for (int i = 0; i < 10'000; ++i) {
            std::string prompt;
            for (auto part = random() % 8; part > 0; --part) prompt += testing::randomBytes(random);
            const auto chunks = chunkComfyPrompt(testing::tokenizer(), prompt);
            QVERIFY(!chunks.empty());
            for (const PromptChunk& chunk : chunks) {
                QVERIFY(chunk.ids.front() == ClipTokenizer::kStartToken && chunk.ids.back() == ClipTokenizer::kEndToken);
                QVERIFY(std::all_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return std::isfinite(weight); }));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TstComfyPrompt)
#include "tst_comfy_prompt.moc"
