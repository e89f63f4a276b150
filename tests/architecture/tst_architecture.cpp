// Who may know whom, and how big things may grow.
// SPDX-License-Identifier: Apache-2.0
#include "tests/architecture/source_scan.h"

#include <QDir>
#include <QDirIterator>
#include <QMap>
#include <QTest>

namespace {

// A module is the folder it lives in; its includes may come from itself and from these. Longer prefixes come first.
struct Module {
    QLatin1String folder;
    QList<QLatin1String> mayInclude;
};

const QList<Module>& modules()
{
    static const auto l = [](const char* text) { return QLatin1String(text); };
    static const QLatin1String network[] = { l("core/engine/nn/"), l("core/engine/models/"), l("core/engine/sampling/"), l("core/engine/pipeline/"), l("core/engine/runtime/") };
    static const QLatin1String base = l("core/base/"), api = l("core/engine/api/"), io = l("core/engine/io/"), text = l("core/engine/text/");
    static const QList<Module> table{
        { base, {} },
        { api, { base } },
        { io, { base, api } },
        { text, { base, api } },
        { network[0], { base, api, io } },
        { network[1], { base, api, io, network[0] } },
        { network[2], { base, api, network[0] } },
        { network[3], { base, api, io, text, network[0], network[1], network[2], l("core/engine/runtime/memory.h") } },
        { network[4], { base, api, io, text, network[0], network[1], network[2], network[3] } },
        { l("core/imaging/"), { base } },
        { l("core/document/"), { base, l("core/imaging/") } },
        { l("core/workflow/"), { base, api, l("core/imaging/"), l("core/document/") } },
        { l("core/jobs/"), { base, api } },
        { l("core/library/"), { base, api, io, l("core/document/io/"), l("core/jobs/") } },
        { l("core/workspace/"), { base, api, l("core/imaging/"), l("core/document/"), l("core/workflow/"), l("core/jobs/"), l("core/library/") } },
        { l("ui/"), { base, api, l("core/imaging/"), l("core/document/"), l("core/workflow/"), l("core/jobs/"), l("core/library/"), l("core/workspace/") } },
        { l("app/"), { l("core/"), l("ui/") } },
    };
    return table;
}

// Third-party headers that only the named folders may include.
struct Restricted {
    QLatin1String header; // a prefix
    QList<QLatin1String> folders;
};

const QList<Restricted>& restricted()
{
    static const auto l = [](const char* text) { return QLatin1String(text); };
    static const QList<QLatin1String> network{ l("core/engine/nn/"), l("core/engine/models/"), l("core/engine/sampling/"), l("core/engine/pipeline/"), l("core/engine/runtime/"), l("tests/") };
    static const QList<Restricted> table{
        { l("ATen/"), network },
        { l("c10/"), network },
        { l("torch/"), network },
        { l("opencv2/"), { l("core/imaging/"), l("tests/") } },
        { l("sqlite3.h"), { l("core/library/store/") } },
        { l("torch/torch.h"), {} },
        { l("torch/nn"), {} },
        { l("ATen/ATen.h"), {} },
        { l("opencv2/highgui"), {} },
        { l("opencv2/imgcodecs"), {} },
        { l("QtWidgets"), {} },
        { l("QtCore"), {} },
        { l("QtGui"), {} },
        { l("QWidget"), { l("ui/"), l("app/"), l("tests/") } },
        { l("QApplication"), { l("ui/"), l("app/"), l("tests/") } },
        { l("QLabel"), { l("ui/"), l("tests/") } },
    };
    return table;
}

constexpr int kHeaderLook = 150, kHeaderStop = 250, kSourceLook = 350, kSourceStop = 600;
constexpr int kFunctionStop = 60, kForwardStop = 80, kNestingStop = 4, kPublicMethodsStop = 20, kFolderStop = 35;

QList<SourceScan> scanAll()
{
    QList<SourceScan> scans;
    const QString root = QStringLiteral(SFUMATO_SOURCE_DIR);
    for (const auto* top : { "app", "core", "ui", "tests" }) {
        QDirIterator files(root + u'/' + QLatin1String(top), { QStringLiteral("*.h"), QStringLiteral("*.cpp") }, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) scans << scanSource(root, QDir(root).relativeFilePath(files.next()));
    }
    return scans;
}

bool startsWithAny(const QString& path, const QList<QLatin1String>& prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&](QLatin1String prefix) { return path.startsWith(prefix); });
}

} // namespace

class TstArchitecture : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_scans = scanAll();
        QVERIFY(m_scans.size() > 100);
    }

    void arrows_pointOneWay()
    {
        QStringList faults;
        for (const SourceScan& scan : m_scans) {
            const auto module = std::find_if(modules().begin(), modules().end(), [&](const Module& entry) { return scan.path.startsWith(entry.folder); });
            if (module == modules().end()) continue;
            for (const QString& include : scan.projectIncludes)
                if (!include.startsWith(module->folder) && !startsWithAny(include, module->mayInclude)) faults << scan.path + QLatin1String(" includes ") + include;
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void libraries_stayInTheirModules()
    {
        QStringList faults;
        for (const SourceScan& scan : m_scans)
            for (const QString& include : scan.systemIncludes)
                for (const Restricted& rule : restricted())
                    if (include.startsWith(rule.header) && !startsWithAny(scan.path, rule.folders)) faults << scan.path + QLatin1String(" includes ") + include;
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void files_stayUnderTheStopLines()
    {
        QStringList faults, look;
        for (const SourceScan& scan : m_scans) {
            if (scan.isGenerated) continue;
            const bool header = scan.path.endsWith(QLatin1String(".h"));
            const QString line = scan.path + QLatin1String(": ") + QString::number(scan.lines) + QLatin1String(" lines");
            if (scan.lines > (header ? kHeaderStop : kSourceStop)) faults << line;
            else if (scan.lines > (header ? kHeaderLook : kSourceLook))
                look << line;
        }
        if (!look.isEmpty()) qInfo("Look again:\n%s", qPrintable(look.join(u'\n')));
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void functions_stayUnderTheStopLines()
    {
        QStringList faults;
        for (const SourceScan& scan : m_scans) {
            for (const FunctionScan& function : scan.functions) {
                const int stop = function.name.contains(QLatin1String("forward")) ? kForwardStop : kFunctionStop;
                const QString where = scan.path + u':' + QString::number(function.line) + u' ' + function.name;
                if (!scan.isGenerated && function.lines > stop) faults << where + QLatin1String(" has ") + QString::number(function.lines) + QLatin1String(" lines");
                if (function.nesting > kNestingStop) faults << where + QLatin1String(" nests ") + QString::number(function.nesting) + QLatin1String(" deep");
            }
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void classes_stayUnderTheStopLines()
    {
        QStringList faults;
        for (const SourceScan& scan : m_scans)
            for (const ClassScan& type : scan.classes)
                if (type.publicMethods > kPublicMethodsStop && !scan.path.startsWith(QLatin1String("tests/")))
                    faults << scan.path + u' ' + type.name + QLatin1String(" has ") + QString::number(type.publicMethods) + QLatin1String(" public methods");
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void folders_stayUnderTheStopLine()
    {
        QMap<QString, int> entries;
        for (const SourceScan& scan : m_scans) ++entries[scan.path.left(scan.path.lastIndexOf(u'/'))];
        QStringList faults;
        for (auto entry = entries.begin(); entry != entries.end(); ++entry)
            if (entry.value() > kFolderStop) faults << entry.key() + QLatin1String(" holds ") + QString::number(entry.value()) + QLatin1String(" files");
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

    void files_carryLicenceAndGuard()
    {
        QStringList faults;
        for (const SourceScan& scan : m_scans) {
            if (!scan.hasLicence) faults << scan.path + QLatin1String(" has no SPDX line");
            if (scan.path.endsWith(QLatin1String(".h")) && !scan.hasPragmaOnce) faults << scan.path + QLatin1String(" has no #pragma once");
        }
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
    }

private:
    QList<SourceScan> m_scans;
};

QTEST_APPLESS_MAIN(TstArchitecture)
#include "tst_architecture.moc"
