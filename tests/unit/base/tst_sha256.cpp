// SPDX-License-Identifier: Apache-2.0
#include "core/base/sha256.h"

#include <QCryptographicHash>
#include <QTest>

using namespace sfumato;

class TstSha256 : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sha256_equalsTheStandard_data();
    void sha256_equalsTheStandard();
};

void TstSha256::sha256_equalsTheStandard_data()
{
    QTest::addColumn<bool>("portable");
    QTest::newRow("fastest") << false;
    QTest::newRow("portable") << true;
}

void TstSha256::sha256_equalsTheStandard()
{
    QFETCH(bool, portable);
    const Sha256::Code code = portable ? Sha256::Code::Portable : Sha256::Code::Fastest;
    Sha256 abc(code);
    abc.add(std::as_bytes(std::span("abc", 3)));
    QCOMPARE(abc.hex(), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    std::string text;
    for (std::size_t size = 0; size < 300; ++size) {
        Sha256 whole(code), pieces(code);
        whole.add(std::as_bytes(std::span(text)));
        for (std::size_t at = 0; at < size; at += 7) pieces.add(std::as_bytes(std::span(text).subspan(at, std::min<std::size_t>(7, size - at))));
        QCOMPARE(whole.hex(), QCryptographicHash::hash(QByteArray::fromStdString(text), QCryptographicHash::Sha256).toHex().toStdString());
        QCOMPARE(pieces.hex(), whole.hex());
        text += static_cast<char>('a' + size % 26);
    }
}

QTEST_APPLESS_MAIN(TstSha256)
#include "tst_sha256.moc"
