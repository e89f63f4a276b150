// SPDX-License-Identifier: Apache-2.0
#include "core/library/files/clean_text.h"

#include "core/base/utf8.h"

#include <QStringDecoder>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace sfumato::library {

namespace {

constexpr QChar kReplacement = QChar(QChar::ReplacementCharacter);

bool overridesDirection(char16_t c) noexcept
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool isControl(char16_t c) noexcept
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Control characters other than line ends, and halves of characters.
QString withoutControls(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (c == u'\n') continue;
        if (c.isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate()) ++i;
        else if (isControl(c.unicode()) || overridesDirection(c.unicode()) || c.isSurrogate())
            text[i] = kReplacement;
    }
    return text;
}

QString cut(QString text, int maxLength)
{
    if (text.size() <= maxLength) return text;
    qsizetype length = maxLength - 1;
    if (text.at(length - 1).isHighSurrogate()) --length;
    text.truncate(length);
    return text + QChar(0x2026);
}

struct Reference {
    QLatin1String name;
    char16_t character;
};

constexpr std::array kReferences = {
    Reference{ QLatin1String("amp"), u'&' },
    Reference{ QLatin1String("lt"), u'<' },
    Reference{ QLatin1String("gt"), u'>' },
    Reference{ QLatin1String("quot"), u'"' },
    Reference{ QLatin1String("apos"), u'\'' },
    Reference{ QLatin1String("nbsp"), u' ' },
    Reference{ QLatin1String("ndash"), u'\x2013' },
    Reference{ QLatin1String("mdash"), u'\x2014' },
    Reference{ QLatin1String("hellip"), u'\x2026' },
    Reference{ QLatin1String("lsquo"), u'\x2018' },
    Reference{ QLatin1String("rsquo"), u'\x2019' },
    Reference{ QLatin1String("ldquo"), u'\x201C' },
    Reference{ QLatin1String("rdquo"), u'\x201D' },
    Reference{ QLatin1String("bull"), u'\x2022' },
    Reference{ QLatin1String("middot"), u'\xB7' },
    Reference{ QLatin1String("times"), u'\xD7' },
    Reference{ QLatin1String("deg"), u'\xB0' },
    Reference{ QLatin1String("copy"), u'\xA9' },
    Reference{ QLatin1String("reg"), u'\xAE' },
    Reference{ QLatin1String("trade"), u'\x2122' },
};

// Walks once over a piece of HTML and collects its text.
class HtmlReader {
public:
    explicit HtmlReader(const QString& html) : m_html(html) { }

    QString text()
    {
        while (m_at < m_html.size()) {
            const QChar c = m_html.at(m_at);
            if (c == u'<' && beginsMarkup()) markup();
            else if (c == u'&')
                reference();
            else
                character(c);
        }
        return m_text;
    }

private:
    [[nodiscard]] bool beginsMarkup() const
    {
        if (m_at + 1 >= m_html.size()) return false;
        const QChar next = m_html.at(m_at + 1);
        return next == u'/' || next == u'!' || next == u'?' || (next.unicode() < 0x80 && next.isLetter());
    }

    void markup()
    {
        if (m_html.mid(m_at, 4) == QLatin1String("<!--")) {
            skipBehind(QLatin1String("-->"));
            return;
        }
        qsizetype from = m_at + 1;
        const bool isEnd = m_html.at(from) == u'/';
        if (isEnd) ++from;
        qsizetype to = from;
        while (to < m_html.size() && m_html.at(to).isLetterOrNumber()) ++to;
        const QString name = m_html.mid(from, to - from).toLower();
        m_at = endOfTag(to);
        if (!isEnd && (name == QLatin1String("script") || name == QLatin1String("style"))) skipBehind(QLatin1String("</") + name);
        else
            breakLine(name, isEnd);
    }

    // Behind the '>' that is not inside an attribute's quotes.
    [[nodiscard]] qsizetype endOfTag(qsizetype at) const
    {
        QChar quote;
        for (; at < m_html.size(); ++at) {
            const QChar c = m_html.at(at);
            if (!quote.isNull()) quote = c == quote ? QChar() : quote;
            else if (c == u'"' || c == u'\'')
                quote = c;
            else if (c == u'>')
                return at + 1;
        }
        return m_html.size();
    }

    void skipBehind(const QString& end)
    {
        const qsizetype found = m_html.indexOf(end, m_at, Qt::CaseInsensitive);
        m_at = found < 0 ? m_html.size() : found + end.size();
        if (found >= 0 && end.startsWith(QLatin1String("</"))) m_at = endOfTag(m_at);
    }

    void breakLine(const QString& name, bool isEnd)
    {
        const bool isHeading = name.size() == 2 && name.at(0) == u'h' && name.at(1).isDigit();
        const bool isBlock = isHeading || name == QLatin1String("p") || name == QLatin1String("div") || name == QLatin1String("ul") || name == QLatin1String("ol") || name == QLatin1String("pre") || name == QLatin1String("table") || name == QLatin1String("tr") || name == QLatin1String("blockquote") || name == QLatin1String("hr");
        if (name == QLatin1String("br") || (isBlock && !m_text.isEmpty() && !m_text.endsWith(u'\n'))) m_text += u'\n';
        if (name == QLatin1String("li") && !isEnd) {
            if (!m_text.isEmpty() && !m_text.endsWith(u'\n')) m_text += u'\n';
            m_text += QChar(0x2022);
            m_text += u' ';
        }
    }

    void reference()
    {
        constexpr qsizetype kMaxLength = 10;
        const qsizetype end = m_html.indexOf(u';', m_at);
        const QString name = end < 0 || end - m_at > kMaxLength ? QString() : m_html.mid(m_at + 1, end - m_at - 1);
        const QString meant = name.startsWith(u'#') ? numbered(name.mid(1)) : named(name);
        if (meant.isEmpty()) {
            character(u'&');
            return;
        }
        m_text += meant;
        m_at = end + 1;
    }

    [[nodiscard]] static QString named(const QString& name)
    {
        const auto found = std::ranges::find_if(kReferences, [&](const Reference& entry) { return name == entry.name; });
        return found == kReferences.end() ? QString() : QString(QChar(found->character));
    }

    [[nodiscard]] static QString numbered(const QString& digits)
    {
        bool isNumber = false;
        const bool isHex = digits.startsWith(u'x', Qt::CaseInsensitive);
        const char32_t code = isHex ? digits.mid(1).toUInt(&isNumber, 16) : digits.toUInt(&isNumber, 10);
        if (!isNumber || code == 0 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
        return QString::fromUcs4(&code, 1);
    }

    void character(QChar c)
    {
        ++m_at;
        if (!c.isSpace()) m_text += c;
        else if (!m_text.isEmpty() && !m_text.back().isSpace())
            m_text += u' ';
    }

    const QString& m_html;
    qsizetype m_at = 0;
    QString m_text;
};

} // namespace

QString cleanLine(const QString& text, int maxLength)
{
    // Only as much as can be kept is looked at, so that a line of a megabyte costs nothing.
    return cut(withoutControls(text.left(qsizetype{ 4 } * maxLength).simplified()), maxLength);
}

QString cleanText(const QString& text, int maxLength)
{
    QString lines = text.left(qsizetype{ 2 } * maxLength);
    lines.replace(QLatin1String("\r\n"), QLatin1String("\n")).replace(u'\r', u'\n').replace(u'\t', u' ');
    lines = withoutControls(std::move(lines));
    QStringList kept;
    for (const QString& line : lines.split(u'\n')) {
        const bool isEmpty = line.trimmed().isEmpty();
        if (isEmpty && (kept.isEmpty() || kept.last().isEmpty())) continue;
        kept.append(isEmpty ? QString() : line);
    }
    while (!kept.isEmpty() && kept.last().isEmpty()) kept.removeLast();
    return cut(kept.join(u'\n'), maxLength);
}

QString plainTextOfHtml(const QString& html)
{
    const QString bounded = html.left(qsizetype{ 16 } * kMaxTextLength);
    if (!bounded.contains(u'<') && !bounded.contains(u'&')) return cleanText(bounded);
    return cleanText(HtmlReader(bounded).text());
}

QString decodedText(std::string_view bytes)
{
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    if (const auto marked = QStringConverter::encodingForData(view)) return QStringDecoder(*marked)(view);
    return isValidUtf8(bytes) ? QString::fromUtf8(view) : QString::fromLatin1(view);
}

} // namespace sfumato::library
