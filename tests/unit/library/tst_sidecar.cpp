// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/clean_text.h"
#include "core/library/model_folders.h"
#include "core/library/sidecar.h"
#include "tests/unit/library/library_files.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <random>

#include <sys/stat.h>

using namespace sfumato;
using namespace sfumato::library;

namespace {

QStringList words(const char* text)
{
    return QString::fromUtf8(text).split(u'|', Qt::SkipEmptyParts);
}

bool hasControls(const QString& text)
{
    return std::ranges::any_of(text, [](QChar c) { return (c.category() == QChar::Other_Control && c != u'\n') || (c.unicode() >= 0x202A && c.unicode() <= 0x202E); });
}

} // namespace

class TstSidecar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void a1111_isRead();
    void civitai_isRead();
    void otherPrograms_areRead();
    void theArtistsOwn_comesFirst();
    void siblings_decideWhatIsOpened();
    void textFiles_ofOldEncodings();
    void damage_isOneSentence_data();
    void damage_isOneSentence();
    void strangeValues_areLeftOut();
    void edit_isReadBack();
    void edit_keepsWhatItDoesNotKnow();
    void edit_ofNothing_touchesNothing();
    void edit_keepsTheFilesRights();
    void edit_withoutRights_saysSo();
    void hostileTexts_areShownLiterally();
    void mutatedSidecars_areReadOrRefused();
    void html_becomesText_data();
    void html_becomesText();
    void triggerWords_areSplitAtCommas_data();
    void triggerWords_areSplitAtCommas();
    void folders_ofOtherProgramsAreRecognised();

private:
    void write(const char* ending, const QByteArray& bytes) { test::writeFile(m_folder->filePath(QStringLiteral("ink") + QLatin1String(ending)), bytes); }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_model;
};

void TstSidecar::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_model = m_folder->filePath(QStringLiteral("ink.safetensors"));
}

void TstSidecar::a1111_isRead()
{
    write(".json", R"({"description": "A <b>style</b>", "sd version": "SDXL", "activation text": "ink wash, (sumi, dark:1.2), ink wash",
        "preferred weight": 0.75, "negative text": "photo", "notes": "line one\nline two", "extra": [1, {"x": null}]})");
    const SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.triggerWords, words("ink wash|(sumi, dark:1.2)"));
    QCOMPARE(texts.preferredWeight, 0.75);
    QCOMPARE(texts.negativeText, QStringLiteral("photo"));
    QCOMPARE(texts.notes, QStringLiteral("line one\nline two"));
    QCOMPARE(texts.description, QStringLiteral("A style"));
    QCOMPARE(texts.baseName, QStringLiteral("SDXL"));
    QVERIFY(texts.faults.isEmpty());
}

void TstSidecar::civitai_isRead()
{
    write(".civitai.info", R"({"id": 5, "name": "v2", "baseModel": "Pony", "trainedWords": ["sumi-e, ink", "paper"],
        "description": "<p>First</p><ul><li>one</li><li>two &amp; three</li></ul><script>bad()</script>",
        "model": {"name": "Ink Wash", "type": "LORA", "tags": ["style", "ink"]},
        "files": [{"name": "other.safetensors", "hashes": {"SHA256": "00"}},
                  {"name": "ink.safetensors", "hashes": {"AutoV2": "0123456789", "AutoV3": "0123456789AB",
                   "SHA256": "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"}}]})");
    const SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.title, QStringLiteral("Ink Wash"));
    QCOMPARE(texts.baseName, QStringLiteral("Pony"));
    QCOMPARE(texts.triggerWords, words("sumi-e|ink|paper"));
    QCOMPARE(texts.tags, words("style|ink"));
    QCOMPARE(texts.description, QStringLiteral("First\n• one\n• two & three"));
    QCOMPARE(texts.autoV2, QStringLiteral("0123456789"));
    QCOMPARE(texts.autoV3, QStringLiteral("0123456789ab"));
    QCOMPARE(texts.sha256.size(), 64);
}

void TstSidecar::otherPrograms_areRead()
{
    write(".metadata.json", R"({"model_name": "Ink", "notes": "good", "favorite": true, "usage_tips": "{\"strength\": 0.6}", "tags": ["a"],
        "base_model": "Illustrious", "civitai": {"trainedWords": ["sumi"]}})");
    write(".swarm.json", R"({"modelspec.usage_hint": "use it", "modelspec.tags": "b, c", "modelspec.trigger_phrase": "not first"})");
    write(".cm-info.json", R"({"ModelName": "other", "Tags": ["d"]})");
    write(".txt", "text file");
    const SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.title, QStringLiteral("Ink"));
    QCOMPARE(texts.notes, QStringLiteral("good"));
    QCOMPARE(texts.preferredWeight, 0.6);
    QCOMPARE(texts.triggerWords, words("sumi"));
    QCOMPARE(texts.usageHint, QStringLiteral("use it"));
    QCOMPARE(texts.tags, words("a|b|c|d"));
    QCOMPARE(texts.description, QStringLiteral("text file"));
}

void TstSidecar::theArtistsOwn_comesFirst()
{
    write(".civitai.info", R"({"trainedWords": ["theirs"]})");
    write(".json", R"({"activation text": "mine", "preferred weight": 0})");
    const SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.triggerWords, words("mine"));
    QVERIFY(!texts.preferredWeight); // 0 is A1111's "not set"
}

void TstSidecar::siblings_decideWhatIsOpened()
{
    write(".json", R"({"notes": "here"})");
    QVERIFY(readSidecars(m_model, QStringList()).notes.isEmpty());
    QCOMPARE(readSidecars(m_model, QStringList{ QStringLiteral("ink.json") }).notes, QStringLiteral("here"));
}

void TstSidecar::textFiles_ofOldEncodings()
{
    write(".txt", QByteArray("Aquarell f\xFCr alle"));
    QCOMPARE(readSidecars(m_model).description, QStringLiteral("Aquarell für alle"));
    write(".txt", QByteArray("\xFF\xFEh\0i\0", 6));
    QCOMPARE(readSidecars(m_model).description, QStringLiteral("hi"));
    write(".json", QByteArray("\xEF\xBB\xBF{\"notes\": \"marked\"}"));
    QCOMPARE(readSidecars(m_model).notes, QStringLiteral("marked"));
}

void TstSidecar::damage_isOneSentence_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut short") << QByteArray("{\"notes\": \"x");
    QTest::newRow("not JSON") << QByteArray("hello");
    QTest::newRow("web page") << QByteArray("<!doctype html><html>");
    QTest::newRow("deep") << QByteArray(100'000, '[');
    QTest::newRow("NaN") << QByteArray("{\"preferred weight\": NaN}");
    QTest::newRow("key twice") << QByteArray("{\"a\": 1, \"a\": 2}");
    QTest::newRow("bad UTF-8") << QByteArray("{\"notes\": \"\xFF\"}");
    QTest::newRow("too large") << QByteArray(static_cast<int>(kMaxSidecarBytes) + 1, ' ');
}

void TstSidecar::damage_isOneSentence()
{
    QFETCH(QByteArray, bytes);
    write(".json", bytes);
    write(".civitai.info", R"({"trainedWords": ["still read"]})");
    const SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.faults.size(), 1);
    QVERIFY2(texts.faults.first().contains(QLatin1String("ink.json")), qPrintable(texts.faults.first()));
    QVERIFY(texts.faults.first().endsWith(u'.'));
    QVERIFY(!texts.faults.first().contains(u'\n'));
    QCOMPARE(texts.triggerWords, words("still read"));
    // And it is not written over.
    SidecarEdit edit;
    edit.notes = QStringLiteral("mine");
    const Result<void> written = writeSidecar(m_model, edit);
    QVERIFY(!written);
    QCOMPARE(test::readFile(m_folder->filePath(QStringLiteral("ink.json"))), bytes);
}

void TstSidecar::strangeValues_areLeftOut()
{
    write(".json", R"({"activation text": 5, "preferred weight": 1e300, "notes": ["x"], "description": null, "sd version": {}})");
    write(".civitai.info", R"({"trainedWords": "no list", "files": {"a": 1}, "model": [1, 2], "images": 7})");
    write(".metadata.json", R"([1, 2, 3])");
    write(".swarm.json", R"("text")");
    const SidecarTexts texts = readSidecars(m_model);
    QVERIFY(texts.triggerWords.isEmpty());
    QVERIFY(!texts.preferredWeight);
    QVERIFY(texts.notes.isEmpty());
}

void TstSidecar::edit_isReadBack()
{
    SidecarEdit edit;
    edit.notes = QStringLiteral("two\nlines „ü“");
    edit.triggerWords = words("ink wash|(sumi, dark:1.2)");
    edit.negativeText = QStringLiteral("photo");
    edit.preferredWeight = std::optional<double>(-0.5);
    QVERIFY(writeSidecar(m_model, edit));
    SidecarTexts texts = readSidecars(m_model);
    QCOMPARE(texts.notes, *edit.notes);
    QCOMPARE(texts.triggerWords, *edit.triggerWords);
    QCOMPARE(texts.negativeText, *edit.negativeText);
    QCOMPARE(texts.preferredWeight, -0.5);
    SidecarEdit second;
    second.preferredWeight = std::optional<double>();
    QVERIFY(writeSidecar(m_model, second));
    texts = readSidecars(m_model);
    QVERIFY(!texts.preferredWeight);
    QCOMPARE(texts.notes, *edit.notes);
    QVERIFY(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size() == 1); // nothing temporary is left
}

void TstSidecar::edit_keepsWhatItDoesNotKnow()
{
    const QByteArray before = R"({"zeta": 18446744073709551615, "activation text": "old", "alpha": {"deep": [1, 2.5, -0.0, 1e-7, null, true, "ü\u0001"]},
        "preferred weight": 0.5, "notes": "keep", "": "empty", "sd version": "SDXL"})";
    write(".json", before);
    SidecarEdit edit;
    edit.triggerWords = words("new");
    QVERIFY(writeSidecar(m_model, edit));
    using Json = nlohmann::ordered_json;
    Json expected = Json::parse(before.toStdString());
    expected["activation text"] = "new";
    const QByteArray after = test::readFile(m_folder->filePath(QStringLiteral("ink.json")));
    QCOMPARE(after, QByteArray::fromStdString(expected.dump(4, ' ', false)));
    QVERIFY(after.indexOf("zeta") < after.indexOf("activation text") && after.indexOf("activation text") < after.indexOf("alpha"));
}

void TstSidecar::edit_ofNothing_touchesNothing()
{
    QVERIFY(writeSidecar(m_model, {}));
    QVERIFY(!QFileInfo::exists(m_folder->filePath(QStringLiteral("ink.json"))));
}

void TstSidecar::edit_keepsTheFilesRights()
{
    write(".json", "{}");
    const QByteArray path = m_folder->filePath(QStringLiteral("ink.json")).toUtf8();
    QCOMPARE(::chmod(path.constData(), 0640), 0);
    SidecarEdit edit;
    edit.notes = QStringLiteral("x");
    QVERIFY(writeSidecar(m_model, edit));
    struct stat status { };
    QCOMPARE(::stat(path.constData(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0640U);
}

void TstSidecar::edit_withoutRights_saysSo()
{
    QCOMPARE(::chmod(m_folder->path().toUtf8().constData(), 0555), 0);
    Result<void> written = [&] {
        const test::OrdinaryRights ordinary;
        SidecarEdit edit;
        edit.notes = QStringLiteral("x");
        return writeSidecar(m_model, edit);
    }();
    QCOMPARE(::chmod(m_folder->path().toUtf8().constData(), 0755), 0);
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::FileUnreadable);
}

void TstSidecar::hostileTexts_areShownLiterally()
{
    for (const QString& text : test::hostileTexts()) {
        nlohmann::json own, civitai;
        for (const char* key : { "activation text", "notes", "description" }) own[key] = text.toStdString();
        civitai["model"]["name"] = text.toStdString();
        write(".json", QByteArray::fromStdString(own.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
        write(".civitai.info", QByteArray::fromStdString(civitai.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace)));
        const SidecarTexts texts = readSidecars(m_model);
        QVERIFY2(texts.faults.isEmpty(), qPrintable(texts.faults.join(u' ')));
        for (const QString& shown : texts.triggerWords + QStringList{ texts.notes, texts.description, texts.title }) QVERIFY(!hasControls(shown));
        QVERIFY(texts.title.size() <= kMaxLineLength);
        QVERIFY(texts.notes.size() <= kMaxTextLength);
    }
    QCOMPARE(cleanLine(QStringLiteral("<b>bold</b>")), QStringLiteral("<b>bold</b>"));
    QCOMPARE(cleanLine(QStringLiteral("a\u202Eb")), QStringLiteral("a\uFFFDb"));
    QCOMPARE(cleanLine(QStringLiteral("  tab\tand\nline ")), QStringLiteral("tab and line"));
    QCOMPARE(cleanText(QStringLiteral("a\r\n\n\n\nb\t")).trimmed(), QStringLiteral("a\n\nb"));
}

// Bytes are changed, dropped, doubled and swapped between files: each result is read without harm, and an edit either keeps all it does not know or changes nothing.
void TstSidecar::mutatedSidecars_areReadOrRefused()
{
    constexpr int kRounds = 400;
    const std::array<QByteArray, 3> seeds{
        R"json({"activation text": "a, (b, c:1.2)", "preferred weight": 0.5, "notes": "n\u00e9", "sd version": "SDXL", "extra": {"x": [1, 2.5, null, true]}})json",
        R"json({"name": "v1", "trainedWords": ["a", "b"], "model": {"name": "m", "tags": ["t"]}, "files": [{"name": "ink.safetensors", "hashes": {"AutoV2": "0123456789"}}]})json",
        R"json({"model_name": "x", "usage_tips": "{\"strength\": 1}", "civitai": {"description": "<p>a</p><li>b"}, "favorite": true})json",
    };
    std::mt19937 random(5);
    int refused = 0, written = 0;
    for (int round = 0; round < kRounds; ++round) {
        QByteArray bytes = seeds.at(random() % seeds.size());
        for (unsigned change = 0; change < 1 + random() % 4; ++change) {
            const auto at = static_cast<qsizetype>(random() % static_cast<unsigned>(bytes.size()));
            switch (random() % 4) {
            case 0: bytes[at] = static_cast<char>(random() % 256); break;
            case 1: bytes.remove(at, static_cast<qsizetype>(random() % 6)); break;
            case 2: bytes.insert(at, bytes.mid(at, static_cast<qsizetype>(random() % 20))); break;
            default: bytes[at] = "{}[],:\"\\0"[random() % 9]; break;
            }
            if (bytes.isEmpty()) bytes = " ";
        }
        for (const char* ending : { ".json", ".civitai.info", ".metadata.json" }) write(ending, bytes);
        const SidecarTexts texts = readSidecars(m_model);
        for (const QString& text : texts.triggerWords + texts.tags + texts.faults + QStringList{ texts.title, texts.notes, texts.description, texts.baseName }) QVERIFY(!hasControls(text));
        SidecarEdit edit;
        edit.notes = QStringLiteral("mine");
        const bool isWritten = writeSidecar(m_model, edit).has_value();
        const QByteArray after = test::readFile(m_folder->filePath(QStringLiteral("ink.json")));
        (isWritten ? written : refused) += 1;
        if (!isWritten) {
            QCOMPARE(after, bytes);
            continue;
        }
        nlohmann::json before = bytes.trimmed().isEmpty() ? nlohmann::json::object() : nlohmann::json::parse(bytes.toStdString());
        before["notes"] = "mine";
        QVERIFY(nlohmann::json::parse(after.toStdString()) == before);
    }
    QVERIFY2(refused > 20 && written > 20, qPrintable(QStringLiteral("%1 refused, %2 written").arg(refused).arg(written)));
}

void TstSidecar::html_becomesText_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << "a < b, no tag"
                           << "a < b, no tag";
    QTest::newRow("paragraphs") << "<p>one</p><p>two<br/>three</p>"
                                << "one\ntwo\nthree";
    QTest::newRow("spaces") << "<div>  a \n  b </div>"
                            << "a b";
    QTest::newRow("references") << "&lt;lora:x:1&gt; &#x41;&#66; &unknown; &"
                                << "<lora:x:1> AB &unknown; &";
    QTest::newRow("attribute with >") << "<a title=\"a > b\" href='x'>link</a>"
                                      << "link";
    QTest::newRow("comment") << "a<!-- <p>b</p> -->c"
                             << "ac";
    QTest::newRow("script") << "a<script>if (1 < 2) {}</script>b<style>p{}</style>c"
                            << "abc";
    QTest::newRow("not closed") << "a<b"
                                << "a";
    QTest::newRow("reference to nothing") << "<p>&#0;&#xD800;&#x110000;</p>"
                                          << "&#0;&#xD800;&#x110000;";
    QTest::newRow("script not closed") << "a<script>b"
                                       << "a";
}

void TstSidecar::html_becomesText()
{
    QFETCH(QString, html);
    QFETCH(QString, text);
    QCOMPARE(plainTextOfHtml(html).trimmed(), text);
}

void TstSidecar::triggerWords_areSplitAtCommas_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("plain") << " a ,b,, a " << words("a|b");
    QTest::newRow("weights") << "(a, b:1.2), [c, d], <lora:x:1>" << words("(a, b:1.2)|[c, d]|<lora:x:1>");
    QTest::newRow("escaped") << "name \\(series\\), b" << words("name \\(series\\)|b");
    QTest::newRow("not closed") << "a (b, c" << words("a (b|c");
    QTest::newRow("closed twice") << "a), b" << words("a)|b");
    QTest::newRow("empty") << "" << QStringList();
}

void TstSidecar::triggerWords_areSplitAtCommas()
{
    QFETCH(QString, text);
    QFETCH(QStringList, expected);
    QCOMPARE(splitTriggerWords(text), expected);
}

void TstSidecar::folders_ofOtherProgramsAreRecognised()
{
    const auto pathsOf = [&](const QString& chosen) {
        QStringList paths;
        for (const ModelFolder& folder : recognisedModelFolders(m_folder->filePath(chosen))) paths << QDir(m_folder->path()).relativeFilePath(folder.path);
        return paths;
    };
    QDir root(m_folder->path());
    for (const char* folder : { "webui/models/Lora/styles", "webui/models/LyCORIS", "webui/embeddings", "webui/models/VAE", "comfy/models/loras", "comfy/models/embeddings", "plain/sub" })
        QVERIFY(root.mkpath(QString::fromLatin1(folder)));
    QCOMPARE(pathsOf(QStringLiteral("webui")), words("webui/models/Lora|webui/models/LyCORIS|webui/embeddings"));
    QCOMPARE(pathsOf(QStringLiteral("webui/models")), words("webui/models/Lora|webui/models/LyCORIS|webui/embeddings"));
    QCOMPARE(pathsOf(QStringLiteral("comfy")), words("comfy/models/loras|comfy/models/embeddings"));
    QCOMPARE(pathsOf(QStringLiteral("comfy/models")), words("comfy/models/loras|comfy/models/embeddings")); // "embeddings" is a folder of another program, too
    QCOMPARE(pathsOf(QStringLiteral("comfy/models/loras")), words("comfy/models/loras"));
    QCOMPARE(pathsOf(QStringLiteral("plain")), words("plain"));
    QVERIFY(pathsOf(QStringLiteral("nothing")).isEmpty());
    QCOMPARE(recognisedModelFolders(m_folder->filePath(QStringLiteral("comfy"))).front().layout, FolderLayout::ComfyUi);
}

QTEST_APPLESS_MAIN(TstSidecar)
#include "tst_sidecar.moc"
