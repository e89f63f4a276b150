// Malformed and foreign files: each is refused in one sentence that names the file and the fault, in under a second and 256 MiB.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"
#include "core/engine/io/safetensors_file.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>
#include <functional>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

using MakeFile = std::function<void(const fs::path&)>;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kSanitizerFactor = 20; // checked code is that much slower and larger
#else
constexpr int kSanitizerFactor = 1;
#endif

const std::string kByteTensor = R"({"dtype":"U8","shape":[1],"data_offsets":[0,1]})";

std::string oneTensor(const std::string& body) { return "{\"a\":{" + body + "}}"; }

MakeFile bytes(std::string content)
{
    return [content = std::move(content)](const fs::path& path) { writeBytes(path, content); };
}

MakeFile header(const std::string& text, std::string_view data = "x") { return bytes(fileBytes(text, data)); }

std::string repeated(std::string_view piece, std::size_t count)
{
    std::string text;
    text.reserve(piece.size() * count);
    for (std::size_t i = 0; i < count; ++i) text += piece;
    return text;
}

// A valid file of three tensors, 64 bytes of data and a header of 192.
std::string validFile()
{
    std::string text = R"({"first":{"dtype":"F16","shape":[4,4],"data_offsets":[0,32]},"second":{"dtype":"F32","shape":[7],"data_offsets":[32,60]},)"
                       R"("third":{"dtype":"U8","shape":[2,2],"data_offsets":[60,64]}})";
    text.resize(192, ' ');
    return fileBytes(text, std::string(64, 'w'));
}

// For large headers, which are made when they are needed.
MakeFile lazyHeader(std::function<std::string()> text)
{
    return [text = std::move(text)](const fs::path& path) { writeBytes(path, fileBytes(text(), "x")); };
}

MakeFile sparse(std::vector<NamedShape> tensors)
{
    return [tensors = std::move(tensors)](const fs::path& path) { writeSparse(path, tensors); };
}

std::vector<NamedShape> loraTensors()
{
    return { { "lora_unet_input_blocks_4_1_proj_in.lora_down.weight", { 8, 640 } }, { "lora_unet_input_blocks_4_1_proj_in.lora_up.weight", { 640, 8 } }, { "lora_unet_input_blocks_4_1_proj_in.alpha", {} } };
}

std::vector<NamedShape> withoutPrefix(std::vector<NamedShape> tensors, std::string_view prefix)
{
    for (NamedShape& tensor : tensors) {
        if (tensor.name.starts_with(prefix)) tensor.name.erase(0, prefix.size());
    }
    return tensors;
}

} // namespace

Q_DECLARE_METATYPE(MakeFile)

class TstBadModelFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void badFile_isRefusedInOneSentence_data();
    void badFile_isRefusedInOneSentence();
    void wrongKind_isRefusedAsModel_data();
    void wrongKind_isRefusedAsModel();
    void specialFile_isRefusedWithoutWaiting_data();
    void specialFile_isRefusedWithoutWaiting();
    void unreadableFile_saysSo();
    void shrunkFile_isAnErrorNotASignal();
    void hugeSparseFile_opensInstantly();
    void hostileName_staysOneLine();
    void cleanupTestCase();

private:
    void checkRefusal(const Error& error, const fs::path& path, const QByteArray& fault);
    void checkMemory(const fs::path& path);
    void addLengthRows();
    void addJsonRows();
    void addEntryRows();
    void addPlacementRows();
    void addLimitRows();
    void addTruncationRows();
    void addForeignRows();

    QTemporaryDir m_folder;
    fs::path m_root;
    int m_refused = 0;
};

void TstBadModelFiles::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_root = m_folder.path().toStdString();
    writeBytes(m_root / "valid.safetensors", validFile());
    QVERIFY(SafetensorsFile::open(m_root / "valid.safetensors"));
}

void TstBadModelFiles::checkRefusal(const Error& error, const fs::path& path, const QByteArray& fault)
{
    const std::string& message = error.message;
    QVERIFY2(message.starts_with(path.filename().string() + ' '), message.c_str());
    QVERIFY2(message.find(fault.toStdString()) != std::string::npos, message.c_str());
    QVERIFY2(message.ends_with('.') && message.find('\n') == std::string::npos && message.size() < 400, message.c_str());
    QVERIFY2(message.find(". ") == std::string::npos, message.c_str());
    QVERIFY2(error.detail.starts_with(m_root.string()), error.detail.c_str());
    QVERIFY(error.code == ErrorCode::FileUnreadable || error.code == ErrorCode::UnsupportedModel || error.code == ErrorCode::FileNotFound);
    ++m_refused;
}

// The memory that reading takes, in a process that does nothing else.
void TstBadModelFiles::checkMemory(const fs::path& path)
{
    QProcess verdict;
    verdict.start(QCoreApplication::applicationDirPath() + QStringLiteral("/safetensors_verdict"), QStringList());
    verdict.write(QByteArray::fromStdString(path.string() + '\n'));
    verdict.closeWriteChannel();
    QVERIFY(verdict.waitForFinished());
    const QList<QByteArray> lines = verdict.readAllStandardOutput().split('\n');
    QVERIFY(lines.size() >= 2 && lines[0].startsWith("refused ") && lines[1].startsWith("peak "));
    const int peakMebibytes = lines[1].mid(5).toInt() / 1024;
    QVERIFY2(peakMebibytes > 0 && peakMebibytes < 256 * kSanitizerFactor, lines[1].constData());
}

void TstBadModelFiles::addLengthRows()
{
    const auto row = [](const char* name, MakeFile make, const char* fault) { QTest::newRow(name) << make << QByteArray(fault); };
    row("empty file", bytes({}), "is empty");
    row("one byte", bytes("x"), "it has 1 bytes");
    row("seven bytes", bytes("1234567"), "it has 7 bytes");
    row("length 0", bytes(lengthField(0)), "no JSON object");
    row("length 0 with data", bytes(lengthField(0) + "{}"), "no JSON object");
    row("length 1", bytes(lengthField(1) + "{}"), "not valid JSON");
    row("length 7 of 6", bytes(lengthField(7) + "{}    "), "cut short: 14 of 15 bytes");
    row("length one too long", bytes(lengthField(3) + "{}"), "cut short");
    row("length 100,000,001", bytes(lengthField(100'000'001) + "{}"), "at most 100000000");
    row("length 100,000,000 of 3 bytes", bytes(lengthField(100'000'000) + "{}"), "cut short");
    row("length 2^31", bytes(lengthField(1ULL << 31) + "{}"), "2147483648");
    row("length 2^32 + 2", bytes(lengthField((1ULL << 32) + 2) + "{}"), "4294967298");
    row("length 2^63", bytes(lengthField(1ULL << 63) + "{}"), "9223372036854775808");
    row("length 2^64 - 1", bytes(lengthField(~0ULL) + "{}"), "18446744073709551615");
    row("length 2^64 - 8", bytes(lengthField(~7ULL) + "{}"), "18446744073709551608");
    row("only zeros", bytes(std::string(4096, '\0')), "no JSON object");
    row("big-endian length", bytes(std::string(7, '\0') + '\x02' + "{}"), "144115188075855872");
}

void TstBadModelFiles::addJsonRows()
{
    const auto row = [](const char* name, MakeFile make, const char* fault) { QTest::newRow(name) << make << QByteArray(fault); };
    row("not JSON", header("this is no header"), "no JSON object");
    row("array", header("[]"), "no JSON object");
    row("text", header("\"a\""), "no JSON object");
    row("blank header", header("        "), "no JSON object");
    row("byte-order mark", header("\xEF\xBB\xBF{}"), "no JSON object");
    row("open object", header("{"), "not valid JSON");
    row("two objects", header("{}{}"), "not valid JSON");
    row("nul after the object", header(std::string("{}\0", 3)), "not valid JSON");
    row("trailing comma", header("{\"a\":" + kByteTensor + ",}"), "not valid JSON");
    row("missing comma", header("{\"a\":" + kByteTensor + "\"b\":" + kByteTensor + "}"), "not valid JSON");
    row("unquoted name", header("{a:" + kByteTensor + "}"), "not valid JSON");
    row("comment", header("{/**/\"a\":" + kByteTensor + "}"), "not valid JSON");
    row("NaN", header(oneTensor(R"("dtype":"U8","shape":[NaN],"data_offsets":[0,1])")), "not valid JSON");
    row("depth 10,000", header(oneTensor("\"x\":" + repeated("[", 10'000) + repeated("]", 10'000))), "nesting deeper than");
    row("depth 10,000,000", header(oneTensor("\"x\":" + repeated("[", 10'000'000))), "nesting deeper than");
    row("depth of objects", header(repeated("{\"a\":", 200)), "");
    row("bad UTF-8 in a name", header("{\"\xFF\":" + kByteTensor + "}"), "not UTF-8");
    row("overlong UTF-8", header("{\"\xC0\x80\":" + kByteTensor + "}"), "not UTF-8");
    row("surrogate in UTF-8", header("{\"\xED\xA0\x80\":" + kByteTensor + "}"), "not UTF-8");
    row("cut UTF-8 at the end", header("{}\xE2\x82"), "not UTF-8");
    row("lone surrogate escape", header("{\"\\ud800\":" + kByteTensor + "}"), "half a surrogate pair");
    row("control character in a name", header("{\"a\nb\":" + kByteTensor + "}"), "control character");
    row("unknown escape", header("{\"\\x41\":" + kByteTensor + "}"), "unknown escape");
}

void TstBadModelFiles::addEntryRows()
{
    const auto row = [](const char* name, const std::string& body, const char* fault) { QTest::newRow(name) << header(oneTensor(body)) << QByteArray(fault); };
    const std::string dtype = R"("dtype":"U8",)", shape = R"("shape":[1],)", offsets = R"("data_offsets":[0,1])";
    row("no dtype", shape + offsets, "has no dtype");
    row("no shape", dtype + offsets, "has no shape");
    row("no offsets", dtype + R"("shape":[1])", "has no data_offsets");
    row("no fields", "", "has no dtype");
    row("dtype twice", dtype + dtype + shape + offsets, "its dtype twice");
    row("shape twice", dtype + shape + shape + offsets, "its shape twice");
    row("offsets twice", dtype + shape + offsets + "," + offsets, "its data_offsets twice");
    row("unknown dtype", R"("dtype":"F7",)" + shape + offsets, "unknown dtype \"F7\"");
    row("dtype in small letters", R"("dtype":"u8",)" + shape + offsets, "unknown dtype");
    row("empty dtype", R"("dtype":"",)" + shape + offsets, "unknown dtype");
    row("dtype number", R"("dtype":8,)" + shape + offsets, "dtype that is no text");
    row("dtype null", R"("dtype":null,)" + shape + offsets, "dtype that is no text");
    row("shape text", dtype + R"("shape":"1",)" + offsets, "shape that is no list");
    row("shape number", dtype + R"("shape":1,)" + offsets, "shape that is no list");
    row("shape null", dtype + R"("shape":null,)" + offsets, "shape that is no list");
    row("negative dimension", dtype + R"("shape":[-1],)" + offsets, "whole numbers from 0 on");
    row("negative zero dimension", dtype + R"("shape":[-0],)" + offsets, "whole numbers from 0 on");
    row("fractional dimension", dtype + R"("shape":[1.0],)" + offsets, "whole numbers from 0 on");
    row("dimension with exponent", dtype + R"("shape":[1e0],)" + offsets, "whole numbers from 0 on");
    row("dimension as text", dtype + R"("shape":["1"],)" + offsets, "whole numbers from 0 on");
    row("dimension null", dtype + R"("shape":[null],)" + offsets, "whole numbers from 0 on");
    row("nested shape", dtype + R"("shape":[[1]],)" + offsets, "whole numbers from 0 on");
    row("dimension beyond 2^63", dtype + R"("shape":[18446744073709551615,0],)" + offsets, "whole numbers from 0 on");
    row("offsets null", dtype + shape + R"("data_offsets":null)", "two whole numbers");
    row("no offset", dtype + shape + R"("data_offsets":[])", "two whole numbers");
    row("one offset", dtype + shape + R"("data_offsets":[0])", "two whole numbers");
    row("three offsets", dtype + shape + R"("data_offsets":[0,1,2])", "two whole numbers");
    row("negative offset", dtype + shape + R"("data_offsets":[-1,0])", "two whole numbers");
    row("fractional offset", dtype + shape + R"("data_offsets":[0,1.0])", "two whole numbers");
    row("offset as text", dtype + shape + R"("data_offsets":["0","1"])", "two whole numbers");
    row("offset beyond 2^64", dtype + shape + R"("data_offsets":[0,18446744073709551616])", "two whole numbers");
    const auto whole = [](const char* name, const std::string& text, const char* fault) { QTest::newRow(name) << header(text) << QByteArray(fault); };
    whole("tensor as list", R"({"a":["U8",[1],[0,1]]})", "not described by a JSON object");
    whole("tensor null", R"({"a":null})", "not described by a JSON object");
    whole("tensor number", R"({"a":1})", "not described by a JSON object");
    whole("metadata list", R"({"__metadata__":[],"a":)" + kByteTensor + "}", "no JSON object");
    whole("metadata with a number", R"({"__metadata__":{"format":1},"a":)" + kByteTensor + "}", "metadata other than text");
    whole("metadata with an object", R"({"__metadata__":{"format":{}},"a":)" + kByteTensor + "}", "metadata other than text");
    whole("metadata twice", R"({"__metadata__":{},"__metadata__":{},"a":)" + kByteTensor + "}", "two __metadata__ sections");
    whole("metadata key twice", R"({"__metadata__":{"k":"1","k":"2"},"a":)" + kByteTensor + "}", "same metadata key twice");
    whole("tensor twice", "{\"a\":" + kByteTensor + ",\"a\":" + kByteTensor + "}", "\"a\" is there twice");
    whole("tensor twice by escape", "{\"a\":" + kByteTensor + ",\"\\u0061\":" + kByteTensor + "}", "\"a\" is there twice");
}

void TstBadModelFiles::addPlacementRows()
{
    const auto row = [](const char* name, const std::string& text, std::string_view data, const char* fault) {
        QTest::newRow(name) << header(text, data) << QByteArray(fault);
    };
    const auto two = [](const char* first, const char* second) {
        return R"({"a":{"dtype":"U8","shape":[2],"data_offsets":)" + std::string(first) + R"(},"b":{"dtype":"U8","shape":[2],"data_offsets":)" + second + "}}";
    };
    row("hole at the beginning", two("[1,3]", "[3,5]"), "12345", "a hole of 1 bytes");
    row("hole in the middle", two("[0,2]", "[3,5]"), "12345", "a hole of 1 bytes");
    row("overlap", two("[0,2]", "[1,3]"), "123", "overlaps");
    row("same place", two("[0,2]", "[0,2]"), "12", "overlaps");
    row("end before begin", two("[2,0]", "[2,4]"), "1234", "");
    row("offset past the end", two("[0,2]", "[2,4]"), "123", "cut short");
    row("offset far past the end", two("[0,2]", "[9223372036854775805,9223372036854775807]"), "12", "hole");
    row("one byte of tail", two("[0,2]", "[2,4]"), "12345", "1 bytes after its last tensor");
    row("tail without tensors", "{}", "x", "1 bytes after its last tensor");
    row("empty tensor inside another", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}})", "12", "overlaps");
    row("size too small for shape", oneTensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,1])"), "x", "need 4");
    row("size too large for shape", oneTensor(R"("dtype":"U8","shape":[1],"data_offsets":[0,2])"), "xx", "need 1");
    row("zero dimension with bytes", oneTensor(R"("dtype":"U8","shape":[0,5],"data_offsets":[0,1])"), "x", "need 0");
    row("scalar without bytes", oneTensor(R"("dtype":"U8","shape":[],"data_offsets":[0,0])"), "", "need 1");
    row("product overflows", oneTensor(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0])"), "", "no number of bytes");
    row("product overflows to one", oneTensor(R"("dtype":"U8","shape":[9223372036854775807,9223372036854775807],"data_offsets":[0,1])"), "x", "no number of bytes");
    row("product overflows before a zero", oneTensor(R"("dtype":"U8","shape":[9223372036854775807,4,0],"data_offsets":[0,0])"), "", "no number of bytes");
    row("bits overflow", oneTensor(R"("dtype":"F64","shape":[1152921504606846976],"data_offsets":[0,0])"), "", "no number of bytes");
    row("4-bit with odd count", oneTensor(R"("dtype":"F4","shape":[3],"data_offsets":[0,2])"), "xx", "no number of bytes");
    row("6-bit with odd count", oneTensor(R"("dtype":"F6_E2M3","shape":[5],"data_offsets":[0,4])"), "xxxx", "no number of bytes");
    row("fp8 of wrong size", oneTensor(R"("dtype":"F8_E4M3","shape":[3],"data_offsets":[0,6])"), "xxxxxx", "need 3");
}

void TstBadModelFiles::addLimitRows()
{
    const auto row = [](const char* name, std::function<std::string()> text, const char* fault) { QTest::newRow(name) << lazyHeader(std::move(text)) << QByteArray(fault); };
    const auto ofDimensions = [](std::size_t count) { return oneTensor(R"("dtype":"U8","shape":[1)" + repeated(",1", count - 1) + R"(],"data_offsets":[0,1])"); };
    row(
        "65 dimensions", [=] { return ofDimensions(65); }, "more than 64 dimensions");
    row(
        "30,000,000 dimensions", [=] { return ofDimensions(30'000'000); }, "more than 64 dimensions");
    row(
        "name of 16 MiB", [] { return "{\"" + std::string(16 << 20, 'n') + "\":" + kByteTensor + "}"; }, "tensor name of 16777216 bytes");
    row(
        "name of 90 MB", [] { return "{\"" + std::string(90'000'000, 'n') + "\":" + kByteTensor + "}"; }, "a string of more than");
    row(
        "escapes of 90 MB", [] { return "{\"" + repeated("\\u0041", 15'000'000) + "\":" + kByteTensor + "}"; }, "a string of more than");
    row(
        "metadata of 80 MB", [] {
            const std::string quarter = "\":\"" + std::string(20'000'000, 'v') + '"';
            return "{\"__metadata__\":{\"a" + quarter + ",\"b" + quarter + ",\"c" + quarter + ",\"d" + quarter + "}}";
        },
        "more metadata");
    row(
        "1,000,000 names", [] {
            std::string text = "{";
            for (int i = 0; i < 1'000'000; ++i) {
                const std::string at = std::to_string(i);
                text += (i > 0 ? ",\"t" : "\"t") + at + R"(":{"dtype":"U8","shape":[1],"data_offsets":[)" + at + ',' + std::to_string(i + 1) + "]}";
            }
            return text + '}';
        },
        "more than 100000 tensors");
    row(
        "1,000,000 metadata keys", [] {
            std::string text = "{\"__metadata__\":{";
            for (int i = 0; i < 1'000'000; ++i) text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"\"";
            return text + "}}";
        },
        "more metadata");
    row(
        "unknown members without end", [] { return oneTensor("\"x\":[0" + repeated(",0", 40'000'000) + "]"); }, "does not define");
    row(
        "100,000 tensors of 64 dimensions", [] {
            const std::string body = R"(":{"dtype":"U8","shape":[1)" + repeated(",1", 63) + R"(],"data_offsets":[1,2]})";
            std::string text = "{\"";
            for (int i = 0; i < 100'000; ++i) text += (i > 0 ? ",\"" : "") + std::to_string(i) + body;
            return text + '}';
        },
        "hole");
    row(
        "99 MB of blanks", [] { return std::string(99'000'000, ' '); }, "not valid JSON");
    row(
        "99 MB of blanks in an object", [] { return "{" + std::string(99'000'000, ' '); }, "not valid JSON");
    row(
        "99 MB without an end", [] { return "{\"" + std::string(99'000'000, 'a'); }, "not valid JSON");
    row(
        "99 MB of zeros", [] { return "{" + std::string(99'000'000, '\0'); }, "not valid JSON");
    row(
        "90 MB of two-byte characters", [] { return "{\"" + repeated("\xC3\xA9", 45'000'000); }, "a string of more than");
}

void TstBadModelFiles::addTruncationRows()
{
    const std::string whole = validFile();
    for (std::size_t part = 0; part < 64; ++part) {
        const std::size_t size = whole.size() * part / 64;
        QTest::newRow(qPrintable(QStringLiteral("cut at %1 of 264").arg(size))) << bytes(whole.substr(0, size)) << QByteArray(size >= 16 ? "cut short" : "");
    }
    QTest::newRow("cut by one byte") << bytes(whole.substr(0, whole.size() - 1)) << QByteArray("cut short: 263 of 264 bytes are there");
    QTest::newRow("one byte too many") << bytes(whole + 'x') << QByteArray("1 bytes after its last tensor");
    QTest::newRow("twice the same") << bytes(whole + whole) << QByteArray("bytes after its last tensor");
}

void TstBadModelFiles::addForeignRows()
{
    using namespace std::string_literals;
    const auto row = [](const char* name, std::string content, const char* fault) { QTest::newRow(name) << bytes(std::move(content)) << QByteArray(fault); };
    const std::string filler(600, 'z');
    row("pickle protocol 2", "\x80\x02}q\x00."s + filler, "can hold programs");
    row("pickle protocol 5", "\x80\x05\x95"s + filler, "can hold programs");
    row("legacy torch pickle", "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19."s + filler, "can hold programs");
    row("zip renamed", "PK\x03\x04"s + filler, "zip archive");
    row("empty zip", "PK\x05\x06"s + std::string(18, '\0'), "zip archive");
    row("tar of a model", std::string(257, 'm') + "ustar" + filler, "can hold programs");
    row("web page", "<!DOCTYPE html><html><head><title>404</title>" + filler, "is a web page");
    row("web page in capitals", "\r\n<HTML>" + filler, "is a web page");
    row("XML error", "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "is a web page");
    row("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 6938078334\n", "Git LFS pointer");
    row("GGUF", "GGUF\x03\0\0\0"s + filler, "GGUF");
    row("HDF5", "\x89HDF\r\n\x1A\n" + filler, "HDF5");
    row("PNG", "\x89PNG\r\n\x1A\n" + filler, "is a picture");
    row("JPEG", "\xFF\xD8\xFF\xE0" + filler, "is a picture");
    row("WebP", "RIFF\x24\x10\0\0WEBPVP8 "s + filler, "is a picture");
    row("gzip", "\x1F\x8B\x08"s + filler, "compressed archive");
    row("7-Zip", "7z\xBC\xAF\x27\x1C"s + filler, "7-Zip archive");
    row("RAR", "Rar!\x1A\x07\x01"s + filler, "RAR archive");
    row("PDF", "%PDF-1.7" + filler, "PDF");
    row("plain text", "Please log in to download this model." + filler, "not a safetensors file");
    row("JSON without length", R"({"error":"Repository not found"})" + filler, "not a safetensors file");
}

void TstBadModelFiles::badFile_isRefusedInOneSentence_data()
{
    QTest::addColumn<MakeFile>("make");
    QTest::addColumn<QByteArray>("fault");
    addLengthRows();
    addJsonRows();
    addEntryRows();
    addPlacementRows();
    addLimitRows();
    addTruncationRows();
    addForeignRows();
}

void TstBadModelFiles::badFile_isRefusedInOneSentence()
{
    QFETCH(MakeFile, make);
    QFETCH(QByteArray, fault);
    const fs::path path = m_root / "bad model.safetensors";
    make(path);
    const std::clock_t begun = std::clock(); // processor time: other programs may be busy
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    QVERIFY(!file);
    QVERIFY2(seconds < kSanitizerFactor, qPrintable(QString::number(seconds)));
    checkRefusal(file.error(), path, fault);
    constexpr std::uintmax_t kLargeBytes = 1'000'000;
    if (fs::file_size(path) > kLargeBytes) checkMemory(path);
    fs::remove(path);
}

void TstBadModelFiles::wrongKind_isRefusedAsModel_data()
{
    QTest::addColumn<MakeFile>("make");
    QTest::addColumn<QByteArray>("fault");
    const auto row = [](const char* name, std::vector<NamedShape> tensors, const char* fault) { QTest::newRow(name) << sparse(std::move(tensors)) << QByteArray(fault); };
    row("LoRA", loraTensors(), "is a LoRA");
    row("VAE", withoutPrefix(tensorsOf("vae_kl_f8", 0, 2), "first_stage_model."), "is a VAE");
    row("VAE with prefix", tensorsOf("vae_kl_f8", 0, 2), "is a VAE");
    row("CLIP-L", tensorsOf("clip_l", 2, 3), "is a text encoder");
    row("OpenCLIP", withoutPrefix(tensorsOf("openclip_bigg", 0, 3), "conditioner.embedders.1.model."), "is a text encoder");
    row("ControlNet, diffusers", tensorsOf("controlnet_sdxl", 0, 2), "is a ControlNet");
    row("ControlNet, single file", tensorsOf("controlnet_sdxl", 1, 2), "is a ControlNet");
    row("ControlNet Union", tensorsOf("controlnet_union_promax_sdxl", 0, 1), "is a ControlNet Union");
    row("T2I-Adapter", tensorsOf("t2i_adapter_sdxl", 0, 1), "is a T2I-Adapter");
    row("IP-Adapter", tensorsOf("ip_adapter_sdxl", 0, 1), "is an IP-Adapter");
    row("TAESD", tensorsOf("taesd", 0, 2), "is a preview decoder");
    row("embedding", { { "clip_l", { 4, 768 } }, { "clip_g", { 4, 1280 } } }, "is an embedding");
    row("Flux", { { "double_blocks.0.img_attn.qkv.weight", { 9216, 3072 } } }, "is a model of the Flux family");
    row("SD 3", { { "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight", { 4608, 1536 } } }, "is a model of the SD 3 family");
    row("nothing known", { { "weight", { 3, 3 } } }, "unknown kind");
    row("no tensors", {}, "unknown kind");
    std::vector<NamedShape> cosxl = tensorsOf("unet_sdxl_base", 0, 2);
    cosxl.push_back({ "edm_vpred.sigma_max", {}, Dtype::F32 });
    row("CosXL", cosxl, "EDM noise levels");
}

void TstBadModelFiles::wrongKind_isRefusedAsModel()
{
    QFETCH(MakeFile, make);
    QFETCH(QByteArray, fault);
    const fs::path path = m_root / "chosen.safetensors";
    make(path);
    const Result<ModelFiles> files = ModelFiles::open({ path, {} });
    QVERIFY(!files);
    QCOMPARE(files.error().code, ErrorCode::UnsupportedModel);
    checkRefusal(files.error(), path, fault);
}

void TstBadModelFiles::specialFile_isRefusedWithoutWaiting_data()
{
    QTest::addColumn<MakeFile>("make");
    QTest::addColumn<QByteArray>("fault");
    const auto row = [](const char* name, MakeFile make, const char* fault) { QTest::newRow(name) << make << QByteArray(fault); };
    row(
        "missing", [](const fs::path&) {}, "does not exist");
    row(
        "pipe", [](const fs::path& path) { QCOMPARE(::mkfifo(path.c_str(), 0600), 0); }, "is a pipe");
    row(
        "folder", [](const fs::path& path) { fs::create_directory(path); }, "is a folder");
    row(
        "device by link", [](const fs::path& path) { fs::create_symlink("/dev/zero", path); }, "is a device");
    row(
        "terminal by link", [](const fs::path& path) { fs::create_symlink("/dev/tty", path); }, "");
    row(
        "link to itself", [](const fs::path& path) { fs::create_symlink(path, path); }, "leads back to itself");
    row(
        "dangling link", [](const fs::path& path) { fs::create_symlink("nowhere", path); }, "does not exist");
    row(
        "through a file", [](const fs::path& path) { fs::create_symlink("valid.safetensors/x", path); }, "does not exist");
    row(
        "socket", [](const fs::path& path) {
            const int descriptor = ::socket(AF_UNIX, SOCK_STREAM, 0);
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            QVERIFY(path.string().size() < sizeof address.sun_path);
            path.string().copy(address.sun_path, sizeof address.sun_path - 1);
            QCOMPARE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
            ::close(descriptor);
        },
        "is a socket");
}

void TstBadModelFiles::specialFile_isRefusedWithoutWaiting()
{
    QFETCH(MakeFile, make);
    QFETCH(QByteArray, fault);
    const fs::path path = m_root / "special.safetensors";
    std::error_code ignored;
    fs::remove(path, ignored);
    make(path);
    QElapsedTimer timer;
    timer.start();
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(timer.elapsed() < 1000);
    fs::remove(path, ignored);
    QVERIFY(!file);
    checkRefusal(file.error(), path, fault);
}

void TstBadModelFiles::unreadableFile_saysSo()
{
    const fs::path path = m_root / "secret.safetensors";
    writeBytes(path, validFile());
    fs::permissions(path, fs::perms::none);
    constexpr uid_t kNobody = 65534;
    const bool isSuperuser = ::geteuid() == 0; // who may read everything, and so steps down for the attempt
    if (isSuperuser) QCOMPARE(::seteuid(kNobody), 0);
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    if (isSuperuser) QCOMPARE(::seteuid(0), 0);
    QVERIFY(!file);
    checkRefusal(file.error(), path, "may not be read");
}

void TstBadModelFiles::shrunkFile_isAnErrorNotASignal()
{
    const fs::path path = m_root / "shrinking.safetensors";
    writeBytes(path, validFile());
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(file);
    const TensorEntry* entry = file->find("second");
    QVERIFY(entry);
    std::vector<std::byte> target(28);
    QVERIFY(file->read(*entry, target));
    fs::resize_file(path, 8 + 192 + 40);
    const Result<void> outcome = file->read(*entry, target);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::FileUnreadable);
    checkRefusal(outcome.error(), path, "became shorter");
    // A file replaced under its name goes on giving the bytes that were checked.
    writeBytes(path, validFile());
    const Result<SafetensorsFile> replaced = SafetensorsFile::open(path);
    QVERIFY(replaced);
    writeBytes(m_root / "other", std::string(264, '!'));
    fs::rename(m_root / "other", path);
    QVERIFY(replaced->read(*replaced->find("first"), std::span(target)));
    QCOMPARE(target.front(), std::byte{ 'w' });
}

void TstBadModelFiles::hugeSparseFile_opensInstantly()
{
    const fs::path path = m_root / "huge.safetensors";
    const std::int64_t side = 100'000;
    writeSparse(path, { { "big", { 10, side, side } } });
    QElapsedTimer timer;
    timer.start();
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(file);
    QVERIFY(timer.elapsed() < 1000);
    std::vector<std::byte> tail(16, std::byte{ 1 });
    const TensorEntry& big = file->tensors().front();
    QCOMPARE(big.sizeInBytes(), std::uint64_t(200'000'000'000));
    QVERIFY(file->read(big, tail, big.sizeInBytes() - 16));
    QCOMPARE(tail, std::vector<std::byte>(16));
    fs::resize_file(path, 150'000'000'000);
    const Result<SafetensorsFile> cut = SafetensorsFile::open(path);
    QVERIFY(!cut);
    checkRefusal(cut.error(), path, "is cut short: 150.0 of 200.0 GB are there; it may still be downloading");
    fs::remove(path);
}

void TstBadModelFiles::hostileName_staysOneLine()
{
    const fs::path path = m_root / "two\nlines\x1b[31m.safetensors";
    writeBytes(path, fileBytes(R"({"a\nb":{"dtype":"U8","shape":[2],"data_offsets":[0,1]}})", "x"));
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(!file);
    const std::string& message = file.error().message;
    QVERIFY2(message.starts_with("two?lines?[31m.safetensors is damaged: tensor \"a?b\" has 1 bytes"), message.c_str());
}

void TstBadModelFiles::cleanupTestCase()
{
    QVERIFY2(m_refused >= 230, qPrintable(QString::number(m_refused)));
}

QTEST_GUILESS_MAIN(TstBadModelFiles)
#include "tst_bad_model_files.moc"
