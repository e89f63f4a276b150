// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/prompt_chunks.h"

#include "tokenizer_support.h"

#include <QJsonArray>
#include <QTest>

#include <cmath>

using namespace sfumato;
using namespace sfumato::engine;

namespace {

std::string repeated(const std::string& word, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) text += word;
    return text;
}

// How many tokens of a chunk are the prompt's.
int usedTokens(const PromptChunk& chunk)
{
    return static_cast<int>(std::find(chunk.ids.begin(), chunk.ids.end(), ClipTokenizer::kEndToken) - chunk.ids.begin()) - 1;
}

std::vector<int> usedTokensOf(const std::string& prompt)
{
    std::vector<int> used;
    for (const PromptChunk& chunk : chunkPrompt(testing::tokenizer(), prompt)) used.push_back(usedTokens(chunk));
    return used;
}

} // namespace

class TstPromptChunks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void chunks_equalRecordedCases()
    {
        const auto cases = testing::jsonLines("chunk_vectors.jsonl");
        QCOMPARE(cases.size(), 10);
        for (const QJsonObject& recorded : cases) {
            const std::string prompt = recorded[QStringLiteral("input")].toString().toStdString();
            const QJsonArray ids = recorded[QStringLiteral("chunks")].toArray(), weights = recorded[QStringLiteral("weights")].toArray();
            const auto chunks = chunkPrompt(testing::tokenizer(), prompt);
            QCOMPARE(static_cast<qsizetype>(chunks.size()), ids.size());
            QCOMPARE(tokenCount(testing::tokenizer(), prompt), recorded[QStringLiteral("token_count")].toInt());
            for (qsizetype c = 0; c < ids.size(); ++c)
                for (qsizetype i = 0; i < kChunkLength; ++i) {
                    const auto place = static_cast<std::size_t>(i);
                    QCOMPARE(chunks[static_cast<std::size_t>(c)].ids[place], ids[c].toArray()[i].toInt());
                    QVERIFY(std::abs(double{ chunks[static_cast<std::size_t>(c)].weights[place] } - weights[c].toArray()[i].toDouble()) < 1e-6);
                }
        }
    }

    void commaWithinTwentyTokens_movesTheRest()
    {
        QCOMPARE(usedTokensOf(repeated("cat ", 54) + ", " + repeated("dog ", 30)), (std::vector<int>{ 75, 10 })); // the comma is the 21st from the end
        QCOMPARE(usedTokensOf(repeated("cat ", 55) + ", " + repeated("dog ", 30)), (std::vector<int>{ 56, 30 }));
        QCOMPARE(usedTokensOf(repeated("cat ", 75) + ", dog"), (std::vector<int>{ 75, 2 })); // a comma that does not fit opens the next chunk
    }

    void breakClosesTheChunk()
    {
        QCOMPARE(usedTokensOf("a BREAK b BREAK c"), (std::vector<int>{ 1, 1, 1 }));
        QCOMPARE(usedTokensOf("BREAK a"), (std::vector<int>{ 0, 1 }));
        QCOMPARE(usedTokensOf("a BREAK"), (std::vector<int>{ 1 }));
        QCOMPARE(tokenCount(testing::tokenizer(), "a BREAK"), 75);
    }

    void paddingForTheOtherEncoder_followsTheFirstEndToken()
    {
        const auto chunk = chunkPrompt(testing::tokenizer(), "a cat").front();
        const auto ids = withPadding(chunk, 0);
        QCOMPARE(ids[2], chunk.ids[2]);
        QCOMPARE(ids[3], ClipTokenizer::kEndToken);
        QVERIFY(std::all_of(ids.begin() + 4, ids.end(), [](int id) { return id == 0; }));
        const auto full = chunkPrompt(testing::tokenizer(), repeated("cat ", 75)).front();
        QVERIFY(withPadding(full, 0) == full.ids);
    }

    void counting_forThePromptEditor()
    {
        QCOMPARE(tokenCount(testing::tokenizer(), ""), 0);
        QCOMPARE(tokenCount(testing::tokenizer(), "a photo of a (cat:1.3)"), 5);
        QCOMPARE(tokenLimit(0), 75);
        QCOMPARE(tokenLimit(75), 75);
        QCOMPARE(tokenLimit(76), 150);
    }

    void weightsAreNoticed()
    {
        QVERIFY(!hasWeights(chunkPrompt(testing::tokenizer(), "a cat BREAK a dog")));
        QVERIFY(hasWeights(chunkPrompt(testing::tokenizer(), "a cat BREAK a (dog)")));
    }

    void emptyPrompt_isOneEmptyChunk()
    {
        QVERIFY(chunkPrompt(testing::tokenizer(), "") == std::vector{ emptyChunk() });
        QVERIFY(chunkPrompt(testing::tokenizer(), " \n ") == std::vector{ emptyChunk() });
    }

    void everyByteString_givesWellFormedChunks()
    {
        std::mt19937 random(13);
        for (int i = 0; i < 20'000; ++i) {
            std::string prompt;
            for (auto part = random() % 8; part > 0; --part) prompt += testing::randomBytes(random);
            const auto chunks = chunkPrompt(testing::tokenizer(), prompt);
            QVERIFY(!chunks.empty());
            for (const PromptChunk& chunk : chunks) {
                QVERIFY(chunk.ids.front() == ClipTokenizer::kStartToken && chunk.ids.back() == ClipTokenizer::kEndToken);
                QVERIFY(std::all_of(chunk.weights.begin(), chunk.weights.end(), [](float weight) { return std::isfinite(weight); }));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TstPromptChunks)
#include "tst_prompt_chunks.moc"
