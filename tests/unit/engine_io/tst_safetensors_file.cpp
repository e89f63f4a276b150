// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/safetensors_file.h"
#include "core/engine/io/safetensors_header.h"
#include "core/engine/io/safetensors_writer.h"
#include "tests/unit/engine_io/safetensors_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <random>
#include <thread>

using namespace sfumato;
using namespace sfumato::engine;
using namespace sfumato::engine::test;

namespace fs = std::filesystem;

namespace {

struct OwnedTensor {
    std::string name;
    Dtype dtype;
    std::vector<std::int64_t> shape;
    std::vector<std::byte> bytes;
};

std::vector<TensorToWrite> viewsOf(const std::vector<OwnedTensor>& tensors)
{
    std::vector<TensorToWrite> views;
    for (const OwnedTensor& tensor : tensors) views.push_back({ tensor.name, tensor.dtype, tensor.shape, tensor.bytes });
    return views;
}

std::vector<OwnedTensor> randomTensors(std::mt19937& random)
{
    const auto below = [&](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
    const std::vector<std::string> stems{ "w", "model.diffusion_model.x", "é", "日本", "q\"uote", "back\\slash", "line\nbreak", "\x01", "", "__metadata" };
    std::vector<OwnedTensor> tensors;
    for (int i = below(6); i > 0; --i) {
        OwnedTensor tensor{ stems[static_cast<std::size_t>(below(static_cast<int>(stems.size())))] + std::to_string(i), static_cast<Dtype>(below(22)), {}, {} };
        for (int rank = below(5); rank > 0; --rank) tensor.shape.push_back(below(5));
        if (!storedSize(tensor.dtype, tensor.shape)) tensor.shape.push_back(4);
        tensor.bytes.resize(storedSize(tensor.dtype, tensor.shape).value());
        for (std::byte& byte : tensor.bytes) byte = static_cast<std::byte>(random() & 0xFF);
        tensors.push_back(std::move(tensor));
    }
    return tensors;
}

} // namespace

class TstSafetensorsFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_root = m_folder.path().toStdString(); }
    void validVariants_areAccepted_data();
    void validVariants_areAccepted();
    void entries_haveAbsoluteOffsetsInFileOrder();
    void read_staysInsideTheTensor();
    void read_fromManyThreadsAgrees();
    void dtypes_roundTripTheirNames();
    void writer_producesTheReferenceBytes();
    void writer_roundTripsRandomFiles();
    void writer_refusesWhatReadersWouldRefuse_data();
    void writer_refusesWhatReadersWouldRefuse();
    void writer_leavesTheOldFileOnFailure();
    void mutatedFiles_neverCrash();

private:
    QTemporaryDir m_folder;
    fs::path m_root;
};

void TstSafetensorsFile::validVariants_areAccepted_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<int>("tensors");
    const auto row = [](const char* name, const char* header, const char* data, int tensors) { QTest::newRow(name) << QByteArray(header) << QByteArray(data) << tensors; };
    row("nothing", "{}", "", 0);
    row("padded at the end", "{}      ", "", 0);
    row("blanks in front", " \n\t{}\r\n", "", 0);
    row("metadata only", R"({"__metadata__":{"format":"pt"}})", "", 0);
    row("metadata null", R"({"__metadata__":null})", "", 0);
    row("metadata empty", R"({"__metadata__":{}})", "", 0);
    row("scalar", R"({"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})", "1234", 1);
    row("zero dimension", R"({"a":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]}})", "", 1);
    row("zero before a huge dimension", R"({"a":{"dtype":"F32","shape":[0,9223372036854775807,9],"data_offsets":[0,0]}})", "", 1);
    row("empty tensors at both ends",
        R"({"c":{"dtype":"U8","shape":[0],"data_offsets":[2,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}})",
        "12", 3);
    row("unsorted entries", R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "12", 2);
    row("fields in another order", R"({"a":{"data_offsets":[0,1],"shape":[1],"dtype":"U8"}})", "1", 1);
    row("unknown field", R"({"a":{"dtype":"U8","extra":[1,{"x":[null]}],"shape":[1],"data_offsets":[0,1]}})", "1", 1);
    row("4-bit with even count", R"({"a":{"dtype":"F4","shape":[3,2],"data_offsets":[0,3]}})", "123", 1);
    row("6-bit with four", R"({"a":{"dtype":"F6_E3M2","shape":[4],"data_offsets":[0,3]}})", "123", 1);
    row("64 dimensions", R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data_offsets":[0,1]}})", "1", 1);
    row("empty name", R"({"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "1", 1);
    row("odd name", R"({"\u0000\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "1", 1);
    row("escaped dtype", R"({"a":{"dtype":"U\u0038","shape":[1],"data_offsets":[0,1]}})", "1", 1);
    row("invalid numbers inside", R"({"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}})", "\xFF\x7F\xFF\xFF", 1);
}

void TstSafetensorsFile::validVariants_areAccepted()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, data);
    QFETCH(int, tensors);
    const fs::path path = m_root / "valid.safetensors";
    writeBytes(path, fileBytes(header.toStdString(), data.toStdString()));
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    QCOMPARE(file->tensors().size(), static_cast<std::size_t>(tensors));
}

void TstSafetensorsFile::entries_haveAbsoluteOffsetsInFileOrder()
{
    const fs::path path = m_root / "order.safetensors";
    const std::string header = R"({"__metadata__":{"format":"pt","note":"é"},"z":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},"a":{"dtype":"I8","shape":[3,1],"data_offsets":[0,3]}})";
    writeBytes(path, fileBytes(header, "abcde"));
    Result<SafetensorsFile> opened = SafetensorsFile::open(path);
    QVERIFY(opened);
    const TensorEntry* before = opened->find("z");
    const SafetensorsFile file = std::move(*opened);
    QCOMPARE(file.find("z"), before); // entries do not move with the object
    QCOMPARE(file.dataBegin(), std::uint64_t(8 + header.size()));
    QCOMPARE(file.sizeInBytes(), std::uint64_t(8 + header.size() + 5));
    QCOMPARE(file.tensors()[0].name, std::string("a"));
    QCOMPARE(file.tensors()[0].begin, file.dataBegin());
    QCOMPARE(file.tensors()[0].shape, (std::vector<std::int64_t>{ 3, 1 }));
    QVERIFY(file.tensors()[0].dtype == Dtype::I8);
    QCOMPARE(file.tensors()[1].begin, file.dataBegin() + 3);
    QCOMPARE(file.tensors()[1].end, file.dataBegin() + 5);
    QVERIFY(!file.find("y") && !file.find("") && !file.find("zz"));
    QCOMPARE(file.metadata().size(), std::size_t(2));
    QCOMPARE(file.metadata().at("note"), std::string("é"));
}

void TstSafetensorsFile::read_staysInsideTheTensor()
{
    const fs::path path = m_root / "read.safetensors";
    writeBytes(path, fileBytes(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[3],"data_offsets":[3,6]}})", "abcdef"));
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(file);
    const TensorEntry& b = *file->find("b");
    const auto readPart = [&](std::uint64_t offset, std::size_t size) {
        std::string text(size, '?');
        const Result<void> outcome = file->read(b, std::as_writable_bytes(std::span(text)), offset);
        return outcome ? text : "refused";
    };
    QCOMPARE(readPart(0, 3), std::string("def"));
    QCOMPARE(readPart(1, 2), std::string("ef"));
    QCOMPARE(readPart(3, 0), std::string());
    QCOMPARE(readPart(0, 4), std::string("refused"));
    QCOMPARE(readPart(1, 3), std::string("refused"));
    QCOMPARE(readPart(4, 0), std::string("refused"));
    QCOMPARE(readPart(~std::uint64_t{ 0 }, 2), std::string("refused"));
}

void TstSafetensorsFile::read_fromManyThreadsAgrees()
{
    std::mt19937 random(3);
    std::vector<OwnedTensor> tensors;
    for (int i = 0; i < 16; ++i) {
        OwnedTensor tensor{ "t" + std::to_string(i), Dtype::U8, { 100'000 }, std::vector<std::byte>(100'000) };
        std::generate(tensor.bytes.begin(), tensor.bytes.end(), [&] { return static_cast<std::byte>(random() & 0xFF); });
        tensors.push_back(std::move(tensor));
    }
    const fs::path path = m_root / "threads.safetensors";
    QVERIFY(writeSafetensors(path, viewsOf(tensors)));
    const Result<SafetensorsFile> file = SafetensorsFile::open(path);
    QVERIFY(file);
    std::array<int, 4> equal{};
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < equal.size(); ++t) {
        threads.emplace_back([&, t] {
            for (const OwnedTensor& tensor : tensors) {
                std::vector<std::byte> target(tensor.bytes.size());
                equal[t] += file->read(*file->find(tensor.name), target).has_value() && target == tensor.bytes;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    for (const int count : equal) QCOMPARE(count, 16);
}

void TstSafetensorsFile::dtypes_roundTripTheirNames()
{
    for (int i = 0; i < 22; ++i) {
        const Dtype dtype = static_cast<Dtype>(i);
        QVERIFY(dtypeFromName(dtypeName(dtype)) == dtype);
    }
    QVERIFY(!dtypeFromName("F128"));
    QCOMPARE(bitsPerElement(Dtype::F8E4M3), 8);
    QCOMPARE(bitsPerElement(Dtype::BF16), 16);
    QCOMPARE(bitsPerElement(Dtype::F4), 4);
    QCOMPARE(dtypeName(Dtype::U64), std::string_view("U64"));
}

void TstSafetensorsFile::writer_producesTheReferenceBytes()
{
    // What safetensors 0.8 writes for these tensors (torch.save_file with metadata {"format": "pt"}).
    const std::vector<OwnedTensor> tensors{
        { "b", Dtype::F16, { 1 }, { std::byte{ 0x00 }, std::byte{ 0x3C } } },
        { "a", Dtype::F16, {}, { std::byte{ 0x00 }, std::byte{ 0x40 } } },
        { "c", Dtype::I64, { 1, 1 }, std::vector<std::byte>(8, std::byte{ 7 }) },
    };
    const std::string header = R"({"__metadata__":{"format":"pt"},"c":{"dtype":"I64","shape":[1,1],"data_offsets":[0,8]},"a":{"dtype":"F16","shape":[],"data_offsets":[8,10]},)"
                               R"("b":{"dtype":"F16","shape":[1],"data_offsets":[10,12]}})";
    std::string padded = header;
    while (padded.size() % 8 != 0) padded += ' ';
    const fs::path path = m_root / "reference.safetensors";
    QVERIFY(writeSafetensors(path, viewsOf(tensors), { { "format", "pt" } }));
    QCOMPARE(QByteArray::fromStdString(readBytes(path)), QByteArray::fromStdString(fileBytes(padded, std::string(8, '\7') + std::string("\0\x40\0\x3C", 4))));
}

void TstSafetensorsFile::writer_roundTripsRandomFiles()
{
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        const std::vector<OwnedTensor> tensors = randomTensors(random);
        const std::map<std::string, std::string> metadata = round % 3 == 0 ? std::map<std::string, std::string>{} : std::map<std::string, std::string>{ { "k\"\\\n", "v\x02é" }, { "", "" } };
        const fs::path path = m_root / "round.safetensors";
        QVERIFY(writeSafetensors(path, viewsOf(tensors), metadata));
        const Result<SafetensorsFile> file = SafetensorsFile::open(path);
        QVERIFY2(file, file ? "" : file.error().message.c_str());
        QCOMPARE(file->tensors().size(), tensors.size());
        QVERIFY(file->metadata() == metadata);
        QCOMPARE(file->dataBegin() % 8, std::uint64_t(0));
        for (const OwnedTensor& tensor : tensors) {
            const TensorEntry* entry = file->find(tensor.name);
            QVERIFY(entry && entry->dtype == tensor.dtype && entry->shape == tensor.shape);
            std::vector<std::byte> bytes(entry->sizeInBytes());
            QVERIFY(file->read(*entry, bytes) && bytes == tensor.bytes);
        }
    }
    const auto leftOver = [](const fs::directory_entry& entry) { return entry.path().extension() == ".part"; };
    QVERIFY(std::none_of(fs::directory_iterator(m_root), fs::directory_iterator(), leftOver));
}

void TstSafetensorsFile::writer_refusesWhatReadersWouldRefuse_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("times");
    QTest::newRow("too few bytes") << QByteArray("a") << 3 << 1;
    QTest::newRow("too many bytes") << QByteArray("a") << 5 << 1;
    QTest::newRow("a name twice") << QByteArray("a") << 4 << 2;
    QTest::newRow("not UTF-8") << QByteArray("\xFF") << 4 << 1;
    QTest::newRow("name of metadata") << QByteArray("__metadata__") << 4 << 1;
    QTest::newRow("long name") << QByteArray(5000, 'n') << 4 << 1;
}

void TstSafetensorsFile::writer_refusesWhatReadersWouldRefuse()
{
    QFETCH(QByteArray, name);
    QFETCH(int, bytes);
    QFETCH(int, times);
    const std::vector<OwnedTensor> tensors(static_cast<std::size_t>(times), { name.toStdString(), Dtype::F32, { 1 }, std::vector<std::byte>(static_cast<std::size_t>(bytes)) });
    const fs::path path = m_root / "unwritten.safetensors";
    const Result<void> outcome = writeSafetensors(path, viewsOf(tensors));
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code == ErrorCode::InvalidRequest);
    QVERIFY(!fs::exists(path));
}

void TstSafetensorsFile::writer_leavesTheOldFileOnFailure()
{
    const fs::path path = m_root / "kept.safetensors";
    writeBytes(path, "old content");
    const std::vector<OwnedTensor> bad{ { "a", Dtype::F32, { 2 }, std::vector<std::byte>(4) } };
    QVERIFY(!writeSafetensors(path, viewsOf(bad)));
    QCOMPARE(readBytes(path), std::string("old content"));
    const std::vector<OwnedTensor> good{ { "a", Dtype::F32, { 1 }, std::vector<std::byte>(4) } };
    const Result<void> nowhere = writeSafetensors(m_root / "no such folder" / "x.safetensors", viewsOf(good));
    QVERIFY(!nowhere);
    QVERIFY2(nowhere.error().message.find("cannot be written") != std::string::npos, nowhere.error().message.c_str());
    fs::create_directory(m_root / "taken");
    QVERIFY(!writeSafetensors(m_root / "taken", viewsOf(good)));
    QVERIFY(fs::is_directory(m_root / "taken"));
    const auto leftOver = [](const fs::directory_entry& entry) { return entry.path().extension() == ".part"; };
    QVERIFY(std::none_of(fs::directory_iterator(m_root), fs::directory_iterator(), leftOver));
}

void TstSafetensorsFile::mutatedFiles_neverCrash()
{
    // Whatever bytes change, a file is refused, or every tensor it lists can be read and they tile its data.
    std::mt19937 random(5);
    const std::string splices[] = { "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0061", "-", "0", "1e9", "18446744073709551615", "null", "\xFF", std::string(1, '\0'), " " };
    int accepted = 0;
    for (int round = 0; round < 30'000; ++round) {
        std::vector<OwnedTensor> tensors = randomTensors(random);
        std::string header = "{";
        std::uint64_t offset = 0;
        for (const OwnedTensor& tensor : tensors) {
            header += (header.size() > 1 ? ",\"" : "\"") + std::to_string(offset) + tensor.name.substr(0, 1) + "\":{\"dtype\":\"" + std::string(dtypeName(tensor.dtype)) + "\",\"shape\":[";
            for (std::size_t i = 0; i < tensor.shape.size(); ++i) header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
            header += "],\"data_offsets\":[" + std::to_string(offset) + ',' + std::to_string(offset + tensor.bytes.size()) + "]}";
            offset += tensor.bytes.size();
        }
        header += '}';
        for (unsigned i = random() % 4; i > 0; --i) {
            const std::size_t at = random() % (header.size() + 1);
            const std::string& splice = splices[random() % std::size(splices)];
            if (random() % 2 == 0) header.insert(at, splice);
            else
                header.replace(at, 1 + random() % 3, random() % 2 == 0 ? splice : std::string());
        }
        const Result<SafetensorsHeader> parsed = parseSafetensorsHeader(header, 8 + header.size(), 8 + header.size() + offset, "mutated.safetensors");
        if (!parsed) {
            QVERIFY(parsed.error().message.starts_with("mutated.safetensors is "));
            continue;
        }
        ++accepted;
        std::uint64_t end = 8 + header.size();
        for (const TensorEntry& entry : parsed->tensors) {
            QCOMPARE(entry.begin, end);
            QVERIFY(storedSize(entry.dtype, entry.shape) == entry.sizeInBytes());
            end = entry.end;
        }
        QCOMPARE(end, 8 + header.size() + offset);
        QCOMPARE(parsed->byName.size(), parsed->tensors.size());
    }
    QVERIFY2(accepted > 3000 && accepted < 27'000, qPrintable(QString::number(accepted)));
}

QTEST_APPLESS_MAIN(TstSafetensorsFile)
#include "tst_safetensors_file.moc"
