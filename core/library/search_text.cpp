// SPDX-License-Identifier: Apache-2.0
#include "core/library/search_text.h"

#include <QStringList>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <utility>

namespace sfumato::library {

namespace {

constexpr char kDivider = '\n';

// Letters with a stroke or joined letters, which Unicode does not take apart.
QLatin1String undecomposed(char16_t c) noexcept
{
    switch (c) {
    case 0x00F8: return QLatin1String("o");
    case 0x0142: return QLatin1String("l");
    case 0x0111: return QLatin1String("d");
    case 0x0131: return QLatin1String("i");
    case 0x00DF: return QLatin1String("ss");
    case 0x00E6: return QLatin1String("ae");
    case 0x0153: return QLatin1String("oe");
    default: return {};
    }
}

bool contains(std::string_view text, std::string_view word) noexcept
{
    return ::memmem(text.data(), text.size(), word.data(), word.size()) != nullptr;
}

bool isWordByte(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0;
}

bool beginsWord(std::string_view text, std::string_view word) noexcept
{
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        if (at == 0 || !isWordByte(text[at - 1])) return true;
    }
    return false;
}

std::optional<SearchField> fieldNamed(const QString& name)
{
    static constexpr std::pair<QLatin1String, SearchField> kNames[] = {
        { QLatin1String("name"), SearchField::Name },
        { QLatin1String("path"), SearchField::Path },
        { QLatin1String("folder"), SearchField::Path },
        { QLatin1String("trigger"), SearchField::Triggers },
        { QLatin1String("tag"), SearchField::Tags },
        { QLatin1String("note"), SearchField::Notes },
        { QLatin1String("base"), SearchField::Base },
    };
    for (const auto& [known, field] : kNames) {
        if (name.compare(known, Qt::CaseInsensitive) == 0) return field;
    }
    return std::nullopt;
}

// Divides at spaces that are not inside double quotes; the quotes stay.
QStringList tokens(const QString& query)
{
    QStringList found;
    QString token;
    bool isQuoted = false;
    for (const QChar c : query) {
        if (c == u'"') isQuoted = !isQuoted;
        if (!c.isSpace() || isQuoted) {
            token += c;
            continue;
        }
        if (!token.isEmpty()) found << std::exchange(token, QString());
    }
    if (!token.isEmpty()) found << token;
    return found;
}

} // namespace

QByteArray foldedForSearch(const QString& text)
{
    const bool isAscii = std::ranges::all_of(text, [](QChar c) { return c.unicode() < 0x80; });
    if (isAscii) return text.simplified().toLower().toLatin1();
    const QString folded = text.normalized(QString::NormalizationForm_KD).toCaseFolded().normalized(QString::NormalizationForm_KD);
    QString kept;
    kept.reserve(folded.size());
    for (const QChar c : folded) {
        if (c.isMark() || c.category() == QChar::Other_Format) continue;
        if (const QLatin1String letters = undecomposed(c.unicode()); !letters.isEmpty()) kept += letters;
        else
            kept += c;
    }
    return kept.simplified().toUtf8();
}

QByteArray naturalSortKey(const QString& name)
{
    const QByteArray folded = foldedForSearch(name);
    QByteArray key;
    key.reserve(folded.size() + 8);
    for (qsizetype at = 0; at < folded.size();) {
        if (std::isdigit(static_cast<unsigned char>(folded[at])) == 0) {
            key += folded[at++];
            continue;
        }
        const auto* const first = std::find_if(folded.begin() + at, folded.end(), [](char c) { return c != '0'; });
        const auto* const last = std::find_if(first, folded.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) == 0; });
        const auto length = std::min<qsizetype>(last - first, 255);
        key += '0'; // numbers stand together, before letters; then the one with fewer digits is smaller
        key += static_cast<char>(length);
        key.append(first, length);
        at = last - folded.begin();
    }
    return key;
}

SortKey::SortKey(QByteArray bytes) : m_bytes(std::move(bytes))
{
    for (qsizetype i = 0; i < 8; ++i) m_prefix = m_prefix << 8U | (i < m_bytes.size() ? static_cast<unsigned char>(m_bytes[i]) : 0U);
}

SearchText::SearchText(const std::array<QByteArray, kSearchFieldCount>& folded)
{
    std::string stored;
    for (const QByteArray& field : folded) {
        stored.append(field.constData(), static_cast<std::size_t>(field.size()));
        stored += kDivider;
    }
    *this = fromStored(stored);
}

SearchText SearchText::fromStored(std::string_view stored)
{
    SearchText text;
    text.m_text = stored;
    std::size_t from = 0;
    for (std::uint32_t& end : text.m_ends) {
        end = static_cast<std::uint32_t>(std::min(text.m_text.find(kDivider, from), text.m_text.size()));
        from = std::min<std::size_t>(end + std::size_t{ 1 }, text.m_text.size());
    }
    return text;
}

std::string_view SearchText::field(SearchField field) const noexcept
{
    const auto index = static_cast<std::size_t>(field);
    const std::size_t end = m_ends[index];
    const std::size_t begin = index == 0 ? 0 : std::min<std::size_t>(m_ends[index - 1] + std::size_t{ 1 }, end);
    return std::string_view(m_text).substr(begin, end - begin);
}

SearchPattern::SearchPattern(const QString& query)
{
    constexpr qsizetype kMaxQueryLength = 1000;
    for (QString token : tokens(query.left(kMaxQueryLength))) {
        Word word;
        word.isExcluded = token.startsWith(u'-');
        if (word.isExcluded) token.remove(0, 1);
        const qsizetype colon = token.indexOf(u':');
        if (colon > 0) word.field = fieldNamed(token.left(colon));
        if (word.field) token.remove(0, colon + 1);
        token.remove(u'"');
        word.folded = foldedForSearch(token).toStdString();
        if (word.folded.empty()) continue; // still being typed
        if (m_words.size() < kMaxWords) m_words.push_back(std::move(word));
    }
}

std::optional<int> SearchPattern::rank(const SearchText& text) const noexcept
{
    for (const Word& word : m_words) {
        if (contains(word.field ? text.field(*word.field) : text.whole(), word.folded) == word.isExcluded) return std::nullopt;
    }
    const std::string_view name = text.field(SearchField::Name);
    int worst = 0;
    for (const Word& word : m_words) {
        if (word.isExcluded || word.field) continue;
        int rank = 3;
        if (contains(name, word.folded)) rank = beginsWord(name, word.folded) ? 0 : 1;
        else if (contains(text.field(SearchField::Triggers), word.folded))
            rank = 2;
        worst = std::max(worst, rank);
    }
    return worst;
}

} // namespace sfumato::library
