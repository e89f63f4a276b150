// SPDX-License-Identifier: Apache-2.0
#include "core/library/sidecar.h"

#include "core/base/json_value.h"
#include "core/engine/io/regular_file.h"
#include "core/library/files/clean_text.h"
#include "core/library/library_entry.h"
#include "core/library/files/model_path.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace sfumato::library {

namespace {

constexpr double kMaxWeight = 100;
constexpr int kMaxTags = 200;
constexpr int kMaxWordLength = 1000; // captions of whole sentences are trigger words too

QString lineOf(const JsonValue& value)
{
    const std::string* text = value.toString();
    return text ? cleanLine(QString::fromStdString(*text)) : QString();
}

QString textOf(const JsonValue& value)
{
    const std::string* text = value.toString();
    return text ? cleanText(QString::fromStdString(*text)) : QString();
}

QString htmlOf(const JsonValue& value)
{
    const std::string* text = value.toString();
    return text ? plainTextOfHtml(QString::fromStdString(*text)) : QString();
}

// A weight that somebody set: programs write 0 where none was.
std::optional<double> weightOf(const JsonValue& value)
{
    std::optional<double> weight = value.toNumber();
    if (const std::string* text = value.toString()) {
        bool isNumber = false;
        const double parsed = QString::fromStdString(*text).toDouble(&isNumber);
        if (isNumber) weight = parsed;
    }
    const bool isSet = weight && std::isfinite(*weight) && *weight != 0 && std::abs(*weight) <= kMaxWeight;
    return isSet ? weight : std::nullopt;
}

QString hashOf(const JsonValue& value, qsizetype digits)
{
    const QString hash = lineOf(value).toLower();
    const bool isHash = hash.size() == digits && std::ranges::all_of(hash, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
    return isHash ? hash : QString();
}

void fill(QString& target, QString value)
{
    if (target.isEmpty()) target = std::move(value);
}

void addWords(QStringList& target, const QStringList& words, int limit)
{
    for (const QString& word : words) {
        if (target.size() >= limit) return;
        if (!word.isEmpty() && !target.contains(word)) target.append(word);
    }
}

// Entries of a list of texts, each of which may be a list with commas.
QStringList wordsOf(const JsonValue& list)
{
    QStringList words;
    for (const JsonValue& element : list.elements()) {
        if (const std::string* text = element.toString()) addWords(words, splitTriggerWords(QString::fromStdString(*text)), LibraryEntry::kMaxTriggerWords);
    }
    return words;
}

QStringList tagsOf(const JsonValue& list)
{
    QStringList tags;
    for (const JsonValue& element : list.elements()) addWords(tags, { lineOf(element) }, kMaxTags);
    return tags;
}

void fillWords(SidecarTexts& texts, const QStringList& words)
{
    if (texts.triggerWords.isEmpty()) texts.triggerWords = words;
}

void fillHashes(SidecarTexts& texts, const JsonValue& hashes)
{
    fill(texts.sha256, hashOf(hashes["SHA256"], 64));
    fill(texts.autoV2, hashOf(hashes["AutoV2"], 10));
    fill(texts.autoV3, hashOf(hashes["AutoV3"], 12));
}

// A1111's own keys; the same file is written by others with Civitai's keys.
void readA1111(const JsonValue& json, SidecarTexts& texts)
{
    if (const std::string* activation = json["activation text"].toString()) fillWords(texts, splitTriggerWords(QString::fromStdString(*activation)));
    fill(texts.notes, textOf(json["notes"]));
    fill(texts.negativeText, textOf(json["negative text"]));
    fill(texts.description, htmlOf(json["description"]));
    if (const QString version = lineOf(json["sd version"]); version != QLatin1String("Unknown")) fill(texts.baseName, version);
    if (!texts.preferredWeight) texts.preferredWeight = weightOf(json["preferred weight"]);
}

// One version of a model as Civitai describes it.
void readCivitai(const JsonValue& json, SidecarTexts& texts, const QString& modelName)
{
    const JsonValue& model = json["model"];
    fill(texts.title, lineOf(model["name"]));
    fillWords(texts, wordsOf(json["trainedWords"]));
    fill(texts.baseName, lineOf(json["baseModel"]));
    fill(texts.description, htmlOf(json["description"]));
    fill(texts.description, htmlOf(model["description"]));
    addWords(texts.tags, tagsOf(model["tags"]), kMaxTags);
    const JsonValue::Array& files = json["files"].elements();
    for (const JsonValue& file : files) {
        const bool isOurs = modelBaseName(lineOf(file["name"])) == modelName;
        if (isOurs || files.size() == 1) fillHashes(texts, file["hashes"]);
    }
}

void readLoraManager(const JsonValue& json, SidecarTexts& texts, const QString& modelName)
{
    fill(texts.title, lineOf(json["model_name"]));
    fill(texts.notes, textOf(json["notes"]));
    fill(texts.baseName, lineOf(json["base_model"]));
    fill(texts.description, htmlOf(json["modelDescription"]));
    fill(texts.sha256, hashOf(json["sha256"], 64));
    addWords(texts.tags, tagsOf(json["tags"]), kMaxTags);
    if (const std::string* tips = json["usage_tips"].toString(); tips && !texts.preferredWeight) {
        if (const Result<JsonValue> parsed = JsonValue::parse(*tips, "usage_tips")) texts.preferredWeight = weightOf((*parsed)["strength"]);
    }
    readCivitai(json["civitai"], texts, modelName);
}

void readSwarm(const JsonValue& json, SidecarTexts& texts)
{
    fill(texts.title, lineOf(json["modelspec.title"]));
    fill(texts.description, htmlOf(json["modelspec.description"]));
    fill(texts.usageHint, textOf(json["modelspec.usage_hint"]));
    if (const std::string* phrase = json["modelspec.trigger_phrase"].toString()) fillWords(texts, splitTriggerWords(QString::fromStdString(*phrase)));
    if (const std::string* tags = json["modelspec.tags"].toString()) addWords(texts.tags, splitTriggerWords(QString::fromStdString(*tags)), kMaxTags);
}

void readStabilityMatrix(const JsonValue& json, SidecarTexts& texts)
{
    fill(texts.title, lineOf(json["UserTitle"]));
    fill(texts.title, lineOf(json["ModelName"]));
    fillWords(texts, wordsOf(json["TrainedWords"]));
    fill(texts.baseName, lineOf(json["BaseModel"]));
    fill(texts.description, htmlOf(json["ModelDescription"]));
    addWords(texts.tags, tagsOf(json["Tags"]), kMaxTags);
    fillHashes(texts, json["Hashes"]);
}

using JsonSidecarReader = std::function<void(const JsonValue&, SidecarTexts&)>;

struct JsonSidecar {
    QLatin1String ending;
    JsonSidecarReader read;
};

// In the order of precedence.
std::array<JsonSidecar, 5> jsonSidecars(const QString& modelName)
{
    return { {
        { QLatin1String(".json"), [=](const JsonValue& json, SidecarTexts& texts) { readA1111(json, texts), readCivitai(json, texts, modelName); } },
        { QLatin1String(".metadata.json"), [=](const JsonValue& json, SidecarTexts& texts) { readLoraManager(json, texts, modelName); } },
        { QLatin1String(".civitai.info"), [=](const JsonValue& json, SidecarTexts& texts) { readCivitai(json, texts, modelName); } },
        { QLatin1String(".swarm.json"), readSwarm },
        { QLatin1String(".cm-info.json"), readStabilityMatrix },
    } };
}

constexpr std::array kTextSidecars = { QLatin1String(".description.txt"), QLatin1String(".txt") };

// The bytes of a sidecar; nothing when it is not there. A fault is noted.
std::optional<std::string> readIfThere(const QString& path, const std::optional<QStringList>& siblings, SidecarTexts& texts)
{
    if (siblings && !siblings->contains(path.mid(path.lastIndexOf(u'/') + 1))) return std::nullopt;
    Result<std::string> bytes = engine::readTextFile(toFilePath(path), kMaxSidecarBytes);
    if (bytes) return std::move(*bytes);
    if (bytes.error().code != ErrorCode::FileNotFound) texts.faults.append(cleanLine(QString::fromStdString(bytes.error().message)));
    return std::nullopt;
}

bool hasOpenBracket(const QString& text)
{
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\\') ++i;
        else if (c == u'(' || c == u'[' || c == u'{' || c == u'<')
            ++depth;
        else if (c == u')' || c == u']' || c == u'}' || c == u'>')
            depth = std::max(depth - 1, 0);
    }
    return depth > 0;
}

// The end of the word that begins at `from`: a comma outside brackets, or the end.
qsizetype endOfWord(const QString& text, qsizetype from, bool withBrackets)
{
    int depth = 0;
    for (qsizetype i = from; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\\') ++i;
        else if (c == u'(' || c == u'[' || c == u'{' || c == u'<')
            ++depth;
        else if (c == u')' || c == u']' || c == u'}' || c == u'>')
            depth = std::max(depth - 1, 0);
        else if (c == u',' && (depth == 0 || !withBrackets))
            return i;
    }
    return text.size();
}

} // namespace

QStringList splitTriggerWords(const QString& text)
{
    const QString bounded = text.left(kMaxTextLength);
    const bool withBrackets = !hasOpenBracket(bounded);
    QStringList words;
    for (qsizetype from = 0; from < bounded.size() && words.size() < LibraryEntry::kMaxTriggerWords;) {
        const qsizetype end = endOfWord(bounded, from, withBrackets);
        addWords(words, { cleanLine(bounded.mid(from, end - from), kMaxWordLength) }, LibraryEntry::kMaxTriggerWords);
        from = end + 1;
    }
    return words;
}

SidecarTexts readSidecars(const QString& modelPath, const std::optional<QStringList>& siblings)
{
    const QString stem = modelStem(modelPath);
    SidecarTexts texts;
    for (const JsonSidecar& sidecar : jsonSidecars(stem.mid(stem.lastIndexOf(u'/') + 1))) {
        const QString path = stem + sidecar.ending;
        const std::optional<std::string> bytes = readIfThere(path, siblings, texts);
        if (!bytes || bytes->empty()) continue;
        const std::string name = path.mid(path.lastIndexOf(u'/') + 1).toStdString();
        const Result<JsonValue> json = JsonValue::parse(withoutByteOrderMark(*bytes), name);
        if (json) sidecar.read(*json, texts);
        else
            texts.faults.append(cleanLine(QString::fromStdString(json.error().message)));
    }
    for (const QLatin1String ending : kTextSidecars) {
        if (const std::optional<std::string> bytes = readIfThere(stem + ending, siblings, texts)) fill(texts.description, plainTextOfHtml(decodedText(*bytes)));
    }
    return texts;
}

} // namespace sfumato::library
