// SPDX-License-Identifier: Apache-2.0
#include "tokenizer_support.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sfumato;

namespace {

constexpr double kPromptsPerSecond = 10'000;

} // namespace

class TstClipTokenizerSpeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void encode_keepsUpWithTyping_onTheRecordedPrompts()
    {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__OPTIMIZE__)
        QSKIP("speed is measured in optimised builds");
#endif
        const auto recorded = testing::recordedPrompts();
        QVERIFY(!recorded.empty());
        double best = 0; // of three runs, so that another program's load does not decide
        for (int run = 0; run < 3; ++run) {
            QElapsedTimer timer;
            timer.start();
            std::size_t ids = 0;
            for (const auto& record : recorded) ids += testing::tokenizer().encode(testing::viewOf(record.prompt)).size();
            QVERIFY(ids > recorded.size());
            best = std::max(best, static_cast<double>(recorded.size()) / (static_cast<double>(timer.nsecsElapsed()) * 1e-9));
        }
        qInfo() << best << "prompts a second";
        QVERIFY(best >= kPromptsPerSecond);
    }
};

QTEST_APPLESS_MAIN(TstClipTokenizerSpeed)
#include "tst_clip_tokenizer_speed.moc"
