// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_writer.h"
#include "core/library/cards/file_card.h"
#include "core/library/cards/handed_file.h"
#include "tests/unit/library/library_files.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace sfumato;
using namespace sfumato::library;

class TstFileCards : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void content_decidesWhatAFileIs()
    {
        test::writeFile(at("a.safetensors"), test::pngOf(8, 8, 0xFF112233));
        QVERIFY(lookAtHandedFile(at("a.safetensors")).kind == HandedKind::Picture);
        test::writeLora(at("lora.png"));
        const HandedFile lora = lookAtHandedFile(at("lora.png"));
        QVERIFY(lora.kind == HandedKind::Model);
        QVERIFY(lora.description.kind == engine::FileKind::Lora && lora.description.family == engine::ModelFamily::Sdxl);
        test::writeFile(at("torn.png"), "not a picture");
        QVERIFY(lookAtHandedFile(at("torn.png")).kind == HandedKind::Picture);
        QDir().mkpath(at("plain"));
        QVERIFY(lookAtHandedFile(at("plain")).kind == HandedKind::Folder);
    }

    void whatCannotBeUsed_isRefusedWithASentence()
    {
        test::writeFile(at("old.ckpt"), "PK\x03\x04 and more");
        const HandedFile pickle = lookAtHandedFile(at("old.ckpt"));
        QVERIFY(pickle.kind == HandedKind::Refused);
        QVERIFY(pickle.refusal && pickle.refusal->message.starts_with("old.ckpt is a zip archive"));
        QVERIFY(lookAtHandedFile(at("absent.safetensors")).refusal->code == ErrorCode::FileNotFound);
        QCOMPARE(::mkfifo(at("pipe.png").toUtf8().constData(), 0600), 0);
        QVERIFY(lookAtHandedFile(at("pipe.png")).kind != HandedKind::Model); // and it comes back at all
    }

    void card_joinsFileAndSidecar()
    {
        test::writeLora(at("ink.safetensors"), { .rank = 4, .metadata = { { "modelspec.title", "Ink" }, { "ss_tag_frequency", R"({"1_a":{"river":3,"fog":9}})" } } });
        test::writeFile(at("ink.json"), R"({"activation text": "ink wash", "preferred weight": 0.6, "notes": "good at 0.6"})");
        const Result<FileCard> card = readFileCard(at("ink.safetensors"), {});
        QVERIFY2(card, card ? "" : card.error().message.c_str());
        QVERIFY(card->file.kind == engine::FileKind::Lora);
        QCOMPARE(card->file.rankMax, 4);
        QCOMPARE(card->entry.title, QStringLiteral("Ink"));
        QCOMPARE(card->entry.triggerWords, QStringList{ QStringLiteral("ink wash") });
        QCOMPARE(card->entry.preferredWeight, 0.6);
        QCOMPARE(card->details.notes, QStringLiteral("good at 0.6"));
        QCOMPARE(card->details.tags, (QStringList{ QStringLiteral("fog"), QStringLiteral("river") }));
        QVERIFY(!card->match);
        QVERIFY(!readFileCard(at("absent.safetensors"), {}));
    }

    void card_countsTheLayersThatFitAModel()
    {
        const QString models = QStringLiteral(SFUMATO_SOURCE_DIR "/resources/models/starter/");
        const Result<FileCard> starter = readFileCard(models + QStringLiteral("loras/starter_balloon.safetensors"), models + QStringLiteral("starter.safetensors"));
        QVERIFY(starter && starter->match);
        QVERIFY(starter->match->total > 0);
        QCOMPARE(starter->match->applied, starter->match->total);
        QVERIFY(starter->match->unmatched.isEmpty());
        test::writeLora(at("strange.safetensors"));
        const Result<FileCard> strange = readFileCard(at("strange.safetensors"), models + QStringLiteral("starter.safetensors"));
        QVERIFY(strange && strange->match);
        QCOMPARE(strange->match->applied, 0);
        QCOMPARE(strange->match->unmatched.size(), strange->match->total);
    }

    void hashes_areThoseOfTheFile()
    {
        test::writeLora(at("hashed.safetensors"));
        const QByteArray bytes = test::readFile(at("hashed.safetensors"));
        double last = 0;
        const Result<FileHashes> hashes = hashModelFile(at("hashed.safetensors"), [&last](double share) { last = share; }, {});
        QVERIFY(hashes);
        QCOMPARE(last, 1.0);
        const QString whole = QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
        QCOMPARE(hashes->sha256, whole);
        QCOMPARE(hashes->autoV2, whole.left(10));
        quint64 header = 0;
        for (int i = 7; i >= 0; --i) header = header << 8 | static_cast<quint8>(bytes[i]);
        QCOMPARE(hashes->autoV3, QString::fromLatin1(QCryptographicHash::hash(bytes.mid(8 + static_cast<qsizetype>(header)), QCryptographicHash::Sha256).toHex()).left(12));
        std::stop_source stop;
        stop.request_stop();
        const Result<FileHashes> stopped = hashModelFile(at("hashed.safetensors"), {}, stop.get_token());
        QVERIFY(stopped && stopped->sha256.isEmpty());
    }

private:
    [[nodiscard]] QString at(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TstFileCards)
#include "tst_file_cards.moc"
