// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/prompt/known_embedding.h"

#include <QStringList>
#include <QTest>

using namespace sfumato;
using engine::ModelFamily;
using workspace::KnownEmbedding;

class TstKnownEmbedding : public QObject {
    Q_OBJECT

    const std::vector<KnownEmbedding> m_known{
        { QStringLiteral("softlight"), "/e/softlight.safetensors", ModelFamily::Sdxl, 4 },
        { QStringLiteral("softlight"), "/f/softlight.safetensors", ModelFamily::Sdxl, 2 },
        { QStringLiteral("badhands"), "/e/badhands.safetensors", ModelFamily::Sd1, 1 },
        { QStringLiteral("any-style"), "/e/any-style.safetensors", ModelFamily::Unknown, 1 },
    };

    static QStringList pathsOf(const workflow::JobDescription& job)
    {
        QStringList paths;
        for (const workflow::EmbeddingReference& embedding : job.embeddings) paths.append(QString::fromStdString(embedding.path + '=' + embedding.token));
        return paths;
    }

private Q_SLOTS:
    void words_ofThePromptsAreUsed_data()
    {
        QTest::addColumn<QString>("prompt");
        QTest::addColumn<QString>("negative");
        QTest::addColumn<int>("family");
        QTest::addColumn<QStringList>("used");
        const auto sdxl = static_cast<int>(ModelFamily::Sdxl), sd1 = static_cast<int>(ModelFamily::Sd1), unknown = static_cast<int>(ModelFamily::Unknown);
        const QString soft = QStringLiteral("/e/softlight.safetensors=softlight"), bad = QStringLiteral("/e/badhands.safetensors=badhands"), any = QStringLiteral("/e/any-style.safetensors=any-style");
        QTest::newRow("in the prompt, in any case") << QStringLiteral("a house, SoftLight, trees") << QString() << sdxl << QStringList{ soft };
        QTest::newRow("inside a weight") << QStringLiteral("(softlight:1.2)") << QString() << sdxl << QStringList{ soft };
        QTest::newRow("in the negative prompt") << QStringLiteral("a hand") << QStringLiteral("badhands") << sd1 << QStringList{ bad };
        QTest::newRow("part of a word") << QStringLiteral("softlights, mysoftlight") << QString() << sdxl << QStringList();
        QTest::newRow("for another base") << QStringLiteral("softlight") << QStringLiteral("badhands") << sdxl << QStringList{ soft };
        QTest::newRow("nobody knows for which base") << QStringLiteral("any-style") << QString() << sd1 << QStringList{ any };
        QTest::newRow("the model is not known yet") << QStringLiteral("softlight, badhands") << QString() << unknown << QStringList{ soft, bad };
        QTest::newRow("none") << QStringLiteral("a house") << QString() << sdxl << QStringList();
    }

    void words_ofThePromptsAreUsed()
    {
        QFETCH(QString, prompt);
        QFETCH(QString, negative);
        QFETCH(int, family);
        QFETCH(QStringList, used);
        workflow::JobDescription job;
        job.prompt = prompt.toStdString();
        job.negativePrompt = negative.toStdString();
        QCOMPARE(pathsOf(workspace::withUsedEmbeddings(job, m_known, static_cast<ModelFamily>(family))), used);
    }

    void embeddings_thatTheJobNames_stayAndWin()
    {
        workflow::JobDescription job;
        job.prompt = "softlight, any-style";
        job.embeddings = { { "mine/softlight.safetensors", {} }, { "other.safetensors", "Any-Style" } };
        QCOMPARE(workspace::withUsedEmbeddings(job, m_known, ModelFamily::Sdxl).embeddings, job.embeddings);
    }
};

QTEST_APPLESS_MAIN(TstKnownEmbedding)
#include "tst_known_embedding.moc"
