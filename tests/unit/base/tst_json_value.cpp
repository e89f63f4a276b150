// SPDX-License-Identifier: Apache-2.0
#include "core/base/json_reader.h"
#include "core/base/json_value.h"
#include "core/base/utf8.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace sfumato;

namespace {

Result<JsonValue> parsed(std::string_view text) { return JsonValue::parse(text, "test.json"); }

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

} // namespace

class TstJsonValue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void scalar_keepsKindAndValue();
    void integer_isExactAtTheLimits();
    void number_isTheNearestDouble_data();
    void number_isTheNearestDouble();
    void string_isUnescaped_data();
    void string_isUnescaped();
    void document_keepsOrderAndStructure();
    void malformed_isRefusedWithPlace_data();
    void malformed_isRefusedWithPlace();
    void depth_isLimited();
    void everyPrefixOfADocument_isRefused();
    void utf8_acceptsExactlyWhatTheStandardDoes();
};

void TstJsonValue::scalar_keepsKindAndValue()
{
    QVERIFY(parsed("null")->isNull());
    QCOMPARE(parsed(" true ")->toBool(), std::optional(true));
    QCOMPARE(parsed("false")->toBool(), std::optional(false));
    QCOMPARE(*parsed("\"\"")->toString(), std::string());
    const Result<JsonValue> number = parsed("1.0");
    QVERIFY(!number->toInteger());
    QCOMPARE(number->toNumber(), std::optional(1.0));
    QVERIFY(!parsed("1")->toBool());
    QVERIFY(parsed("\"1\"")->toString());
    QVERIFY(!parsed("\"1\"")->toNumber());
}

void TstJsonValue::integer_isExactAtTheLimits()
{
    QCOMPARE(parsed("9223372036854775807")->toInteger(), std::optional(std::numeric_limits<std::int64_t>::max()));
    QCOMPARE(parsed("-9223372036854775808")->toInteger(), std::optional(std::numeric_limits<std::int64_t>::min()));
    QCOMPARE(parsed("9007199254740993")->toInteger(), std::optional<std::int64_t>(9007199254740993));
    QVERIFY(!parsed("9223372036854775808")->toInteger());
    QCOMPARE(parsed("9223372036854775808")->toNumber(), std::optional(9223372036854775808.0));
    const std::optional<double> zero = parsed("-0")->toNumber();
    QVERIFY(zero && std::signbit(*zero));
}

void TstJsonValue::number_isTheNearestDouble_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<double>("value");
    QTest::newRow("fraction") << QByteArray("0.13025") << 0.13025;
    QTest::newRow("exponent") << QByteArray("1E-2") << 0.01;
    QTest::newRow("positive exponent") << QByteArray("-2.5e+3") << -2500.0;
    QTest::newRow("largest") << QByteArray("1.7976931348623157e308") << std::numeric_limits<double>::max();
    QTest::newRow("denormal") << QByteArray("4.9406564584124654e-324") << std::numeric_limits<double>::denorm_min();
    QTest::newRow("underflow") << QByteArray("1e-999") << 0.0;
    QTest::newRow("small by its digits") << QByteArray("0." + QByteArray(400, '0') + "1") << 0.0;
    QTest::newRow("digits against exponent") << QByteArray("1" + QByteArray(400, '0') + "e-400") << 1.0;
}

void TstJsonValue::number_isTheNearestDouble()
{
    QFETCH(QByteArray, text);
    QFETCH(double, value);
    const Result<JsonValue> json = parsed(text.toStdString());
    QVERIFY(json);
    QCOMPARE(json->toNumber().value_or(std::nan("")), value);
}

void TstJsonValue::string_isUnescaped_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("plain") << QByteArray(R"("abc")") << QByteArray("abc");
    QTest::newRow("letters") << QByteArray(R"("\"\\\/\b\f\n\r\t")") << QByteArray("\"\\/\b\f\n\r\t");
    QTest::newRow("unicode") << QByteArray(R"("\u00e9\u20AC")") << QByteArray("é€");
    QTest::newRow("pair") << QByteArray(R"("a\ud83d\ude00b")") << QByteArray("a😀b");
    QTest::newRow("raw") << QByteArray("\"日本\"") << QByteArray("日本");
    QTest::newRow("nul") << QByteArray(R"("a\u0000b")") << QByteArray("a\0b", 3);
    QTest::newRow("delete") << QByteArray("\"\x7f\"") << QByteArray("\x7f");
}

void TstJsonValue::string_isUnescaped()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, value);
    const Result<JsonValue> json = parsed(text.toStdString());
    QVERIFY(json);
    QVERIFY(json->toString());
    QCOMPARE(QByteArray::fromStdString(*json->toString()), value);
}

void TstJsonValue::document_keepsOrderAndStructure()
{
    const Result<JsonValue> json = parsed(R"( {"b":[1,[],{}], "a":{"x":null,"y":[true]}, "":"empty"} )");
    QVERIFY(json);
    QCOMPARE(json->members().size(), std::size_t(3));
    QCOMPARE(json->members()[0].first, std::string("b"));
    QCOMPARE(json->members()[2].first, std::string());
    QCOMPARE((*json)["b"].elements().size(), std::size_t(3));
    QVERIFY((*json)["b"].elements()[1].isArray());
    QVERIFY((*json)["b"].elements()[2].isObject());
    QVERIFY((*json)["a"]["x"].isNull());
    QCOMPARE((*json)["a"]["y"].elements()[0].toBool(), std::optional(true));
    QVERIFY((*json)["absent"]["further"].isNull());
    QCOMPARE(*json, *parsed(R"({"b":[1,[],{}],"a":{"x":null,"y":[true]},"":"empty"})"));
}

void TstJsonValue::malformed_isRefusedWithPlace_data()
{
    QTest::addColumn<QByteArray>("text");
    const std::pair<const char*, QByteArray> cases[] = {
        { "empty", "" },
        { "blank", " \n\t" },
        { "two values", "1 2" },
        { "trailing comma in object", R"({"a":1,})" },
        { "trailing comma in array", "[1,]" },
        { "leading comma", "[,1]" },
        { "missing comma", "[1 2]" },
        { "missing colon", R"({"a" 1})" },
        { "unquoted name", "{a:1}" },
        { "single quotes", "{'a':1}" },
        { "number as name", "{1:1}" },
        { "wrong bracket", "[1}" },
        { "wrong brace", R"({"a":1])" },
        { "unclosed", "[[1]" },
        { "closed twice", "[]]" },
        { "comment", "[1/*x*/]" },
        { "byte-order mark", "\xEF\xBB\xBF{}" },
        { "leading zero", "01" },
        { "leading plus", "+1" },
        { "lone minus", "-" },
        { "no digit before the point", ".5" },
        { "no digit after the point", "1." },
        { "no digit in the exponent", "1e" },
        { "not a number", "NaN" },
        { "infinity", "Infinity" },
        { "too large", "1e999" },
        { "too large by its digits", QByteArray(400, '9') },
        { "hexadecimal", "0x10" },
        { "half a literal", "tru" },
        { "literal in capitals", "True" },
        { "duplicate name", R"({"a":1,"b":2,"a":3})" },
        { "duplicate name by escape", R"({"a":1,"\u0061":3})" },
        { "duplicate name deep", R"([[{"x":{"a":1,"a":1}}]])" },
        { "open string", R"("abc)" },
        { "open escape", R"("abc\)" },
        { "unknown escape", R"("\x41")" },
        { "short unicode escape", R"("\u12")" },
        { "bad unicode escape", R"("\u12g4")" },
        { "lone high surrogate", R"("\ud800")" },
        { "lone low surrogate", R"("\udc00")" },
        { "two high surrogates", R"("\ud800\ud800")" },
        { "raw newline in string", "\"a\nb\"" },
        { "raw nul in string", QByteArray("\"a\0b\"", 5) },
        { "nul after the end", QByteArray("{}\0", 3) },
        { "invalid UTF-8", "\"\xFF\"" },
        { "overlong UTF-8", "\"\xC0\xAF\"" },
        { "surrogate in UTF-8", "\"\xED\xA0\x80\"" },
        { "cut UTF-8", "\"\xE2\x82\"" },
        { "beyond Unicode", "\"\xF4\x90\x80\x80\"" },
    };
    for (const auto& [name, text] : cases) QTest::newRow(name) << text;
}

void TstJsonValue::malformed_isRefusedWithPlace()
{
    QFETCH(QByteArray, text);
    const Result<JsonValue> json = parsed(text.toStdString());
    QVERIFY(!json);
    QCOMPARE(json.error().code, ErrorCode::FileUnreadable);
    const std::string& message = json.error().message;
    QVERIFY2(message.starts_with("test.json is not valid JSON: it has "), message.c_str());
    QVERIFY2(message.find(" at byte ") != std::string::npos || message.find(" given twice") != std::string::npos, message.c_str());
    QVERIFY(message.ends_with('.'));
}

void TstJsonValue::depth_isLimited()
{
    QVERIFY(parsed(nested(JsonReader::kMaxDepth)));
    QVERIFY(!parsed(nested(JsonReader::kMaxDepth + 1)));
    QVERIFY(!parsed(std::string(1'000'000, '[')));
}

void TstJsonValue::everyPrefixOfADocument_isRefused()
{
    const std::string text = R"({"name":{"dtype":"F16","shape":[1,-2.5e3],"x":[null,true,false,"\u00e9"]}})";
    QVERIFY(parsed(text));
    for (std::size_t size = 0; size < text.size(); ++size) QVERIFY2(!parsed(text.substr(0, size)), text.substr(0, size).c_str());
}

void TstJsonValue::utf8_acceptsExactlyWhatTheStandardDoes()
{
    for (std::uint32_t codePoint = 0; codePoint <= 0x10FFFF; codePoint += codePoint < 0x3000 ? 1 : 37) {
        if (codePoint >= 0xD800 && codePoint <= 0xDFFF) continue;
        std::string text = "12345";
        appendUtf8(text, codePoint);
        QVERIFY(isValidUtf8(text + "tail"));
        if (codePoint >= 0x80) QCOMPARE(findInvalidUtf8(text.substr(0, text.size() - 1)), std::size_t(5));
    }
    // Against Qt's decoder, on every sequence of two bytes and a sample of longer ones.
    for (int first = 0; first < 256; ++first) {
        for (int second = 0; second < 256; ++second) {
            for (const char* tail : { "", "\x80", "\xBF\x80", "a" }) {
                const std::string text = std::string{ static_cast<char>(first), static_cast<char>(second) } + tail;
                const bool qtAccepts = QString::fromStdString(text).toStdString() == text;
                QCOMPARE(isValidUtf8(text), qtAccepts);
            }
        }
    }
}

QTEST_APPLESS_MAIN(TstJsonValue)
#include "tst_json_value.moc"
