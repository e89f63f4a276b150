// SPDX-License-Identifier: Apache-2.0
#include "core/engine/text/unicode_text.h"

#include <QTest>

#include <random>

using namespace sfumato::engine::unicode;

class TstUnicodeText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nfc_composesAndOrders_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("composed");
        const auto row = [](const char* name, const char32_t* text, const char32_t* composed) {
            QTest::newRow(name) << QString::fromUcs4(text) << QString::fromUcs4(composed);
        };
        row("letter and accent", U"e\u0301", U"\u00E9");
        row("marks out of order", U"a\u0301\u0323", U"\u1EA1\u0301");
        row("blocked by an equal class", U"a\u0308\u0301", U"\u00E4\u0301");
        row("composition exclusion", U"\u0958", U"\u0915\u093C");
        row("singleton", U"\u212B\u2126", U"\u00C5\u03A9");
        row("three jamo", U"\u1112\u1161\u11AB", U"\uD55C");
        row("syllable and trailing jamo", U"\uAC00\u11A8", U"\uAC01");
        row("syllable with a trail takes no other", U"\uAC01\u11A8", U"\uAC01\u11A8");
        row("the base of trails is none", U"\uAC00\u11A7", U"\uAC00\u11A7");
        row("mark without a letter", U"\u0301a", U"\u0301a");
        row("four steps", U"\u03B1\u0313\u0300\u0345", U"\u1F82");
        row("compatibility ideograph", U"\uF900", U"\u8C48");
        row("kana and voiced mark", U"\u304B\u3099", U"\u304C");
    }

    void nfc_composesAndOrders()
    {
        QFETCH(QString, text);
        QFETCH(QString, composed);
        QCOMPARE(QString::fromStdU32String(toNfc(text.toStdU32String())), composed);
    }

    void nfc_isStable()
    {
        std::mt19937 random(3);
        for (int i = 0; i < 20'000; ++i) {
            std::u32string text;
            for (int k = 0; k < 12; ++k) text.push_back(random() % 2 ? static_cast<char32_t>(0x20 + random() % 0x3400) : static_cast<char32_t>(0x300 + random() % 0x70));
            const std::u32string once = toNfc(text);
            QVERIFY(toNfc(once) == once);
        }
    }

    void lower_mapsEachCharacterAlone()
    {
        QVERIFY(toLower(U"AZ[\u00C9\u0130\u03A3\u1E9E\U00010400") == U"az[\u00E9i\u0307\u03C3\u00DF\U00010428");
    }

    void classes_matchTheReference()
    {
        QVERIFY(isLetter(U'a') && isLetter(0xE9) && isLetter(0x65E5) && !isLetter(U'_') && !isLetter(0x301));
        QVERIFY(isNumber(U'7') && isNumber(0xBD) && isNumber(0x2460) && isNumber(0x663) && !isNumber(0x4E00));
        QVERIFY(isSpace(0x0B) && isSpace(0x85) && isSpace(0xA0) && isSpace(0x3000) && !isSpace(0x200B) && !isSpace(0x1C));
    }

    void decode_replacesMaximalParts()
    {
        QVERIFY(decodeUtf8("\xE2\x82\xF0\x9F\x98!\xC3") == U"\uFFFD\uFFFD!\uFFFD");
        QVERIFY(decodeUtf8("\xF0\x9F\x98\x80\xC3\xA9") == U"\U0001F600\u00E9");
    }
};

QTEST_APPLESS_MAIN(TstUnicodeText)
#include "tst_unicode_text.moc"
