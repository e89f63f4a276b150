// SPDX-License-Identifier: Apache-2.0
#include "tests/architecture/source_scan.h"

#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace {

// Comments, strings and characters blanked, newlines kept, so that braces can be counted.
QString stripped(const QString& text)
{
    static const QRegularExpression noise(QStringLiteral(R"re(R"(\w*)\((?:.|\n)*?\)\1"|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')re"));
    QString result = text;
    auto matches = noise.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        for (auto i = match.capturedStart(); i < match.capturedEnd(); ++i)
            if (result[i] != u'\n') result[i] = u' ';
    }
    static const QRegularExpression directive(QStringLiteral("^[ \\t]*#(?:[^\\n]*\\\\\\n)*[^\\n]*"), QRegularExpression::MultilineOption);
    return result.replace(directive, QString());
}

enum class Scope { Namespace,
    Type,
    Function,
    Block };

struct OpenScope {
    Scope kind;
    QString name;
    int line;
    int deepest = 0;
    bool isPublic = true;
    int publicMethods = 0;
};

Scope classify(const QString& head, const std::vector<OpenScope>& open)
{
    const bool insideFunction = std::any_of(open.begin(), open.end(), [](const OpenScope& scope) { return scope.kind == Scope::Function; });
    static const QRegularExpression type(QStringLiteral("\\b(class|struct|union|enum)\\b[^()=]*$"));
    static const QRegularExpression space(QStringLiteral("\\bnamespace\\b|\\bextern\\s*$"));
    if (insideFunction) return Scope::Block;
    if (head.contains(space)) return Scope::Namespace;
    if (head.contains(type)) return Scope::Type;
    static const QRegularExpression initialised(QStringLiteral("=\\s*$|\\breturn\\b"));
    return head.contains(u'(') && !head.contains(initialised) ? Scope::Function : Scope::Block;
}

QString nameOf(const QString& head, Scope kind)
{
    static const QRegularExpression typeName(QStringLiteral("\\b(?:class|struct|union|enum(?:\\s+class)?)\\s+(?:\\[\\[[^\\]]*\\]\\]\\s*)?(\\w+)"));
    static const QRegularExpression functionName(QStringLiteral("([~\\w:]+|operator[^(]*)\\s*\\("));
    return (kind == Scope::Type ? typeName : functionName).match(head).captured(1);
}

bool isMethod(const QString& declaration)
{
    static const QRegularExpression other(QStringLiteral("=\\s*(delete|default)|\\busing\\b|\\bfriend\\b|\\btypedef\\b|\\bQ_\\w+|static_assert|\\boperator\\b"));
    return declaration.contains(u'(') && !declaration.contains(other);
}

class BraceReader {
public:
    explicit BraceReader(SourceScan& scan) : m_scan(scan) { }

    void read(const QString& text)
    {
        for (const QChar c : text) {
            if (c == u'\n') ++m_line;
            if (c == u'{') open();
            else if (c == u'}')
                close();
            else if (c == u';')
                endStatement();
            else
                m_head += c;
            if (c == u':') noteAccess();
        }
    }

private:
    void open()
    {
        const Scope kind = classify(m_head, m_open);
        if (kind == Scope::Function) countMethod();
        m_open.push_back({ kind, nameOf(m_head, kind), m_line, 0, !m_head.contains(QLatin1String("class ")) });
        if (kind == Scope::Block) noteDepth();
        m_head.clear();
    }

    void close()
    {
        m_head.clear();
        if (m_open.empty()) return;
        const OpenScope scope = m_open.back();
        m_open.pop_back();
        if (scope.kind == Scope::Function) m_scan.functions.push_back({ scope.name, scope.line, m_line - scope.line - 1, scope.deepest });
        if (scope.kind == Scope::Type) m_scan.classes.push_back({ scope.name, scope.publicMethods });
    }

    void endStatement()
    {
        countMethod();
        m_head.clear();
    }

    void countMethod()
    {
        if (!m_open.empty() && m_open.back().kind == Scope::Type && m_open.back().isPublic && isMethod(m_head)) ++m_open.back().publicMethods;
    }

    void noteAccess()
    {
        if (m_open.empty() || m_open.back().kind != Scope::Type) return;
        static const QRegularExpression access(QStringLiteral("\\b(public|protected|private|Q_SIGNALS)\\b[^:]*:$"));
        const auto match = access.match(m_head);
        if (!match.hasMatch()) return;
        m_open.back().isPublic = match.captured(1) == QLatin1String("public");
        m_head.clear();
    }

    void noteDepth()
    {
        const auto function = std::find_if(m_open.begin(), m_open.end(), [](const OpenScope& scope) { return scope.kind == Scope::Function; });
        if (function == m_open.end()) return;
        function->deepest = std::max(function->deepest, static_cast<int>(m_open.end() - function) - 1);
    }

    SourceScan& m_scan;
    std::vector<OpenScope> m_open;
    QString m_head;
    int m_line = 1;
};

} // namespace

SourceScan scanSource(const QString& root, const QString& path)
{
    SourceScan scan;
    scan.path = path;
    QFile file(root + u'/' + path);
    if (!file.open(QIODevice::ReadOnly)) return scan;
    const QString text = QString::fromUtf8(file.readAll());
    scan.lines = static_cast<int>(text.count(u'\n'));
    const QString top = text.left(600);
    scan.isGenerated = top.contains(QLatin1String("Generated by"));
    scan.hasLicence = text.left(4000).contains(QLatin1String("SPDX-License-Identifier: Apache-2.0"));
    scan.hasPragmaOnce = text.contains(QLatin1String("#pragma once"));
    static const QRegularExpression include(QStringLiteral("^#include (?:\"([^\"]+)\"|<([^>]+)>)"), QRegularExpression::MultilineOption);
    auto includes = include.globalMatch(text);
    while (includes.hasNext()) {
        const auto match = includes.next();
        if (match.capturedLength(1) > 0) scan.projectIncludes << match.captured(1);
        else
            scan.systemIncludes << match.captured(2);
    }
    BraceReader(scan).read(stripped(text));
    return scan;
}
