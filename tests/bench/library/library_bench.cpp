// sfumato-bench-library: how long the library takes with many files: filling the index, the first cards at a start, the answer to a keystroke, the rows of a frame.
//   sfumato-bench-library [FILES] [FOLDER]    10,000 generated files in a temporary folder, unless said otherwise
// SPDX-License-Identifier: Apache-2.0
#include "core/library/lora_list_model.h"
#include "tests/bench/library/generated_library.h"
#include "tests/bench/timing.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QGuiApplication>
#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <vector>

using namespace sfumato;
using namespace sfumato::library;

namespace {

struct Open {
    explicit Open(const QString& folder) : index({ folder + QStringLiteral("/index.sqlite") }), thumbnails({ std::int64_t{ 96 } << 20, folder + QStringLiteral("/thumbnails.sqlite") }), model(index, thumbnails) { }

    LibraryIndex index;
    ThumbnailCache thumbnails;
    LoraListModel model;
};

class Times {
public:
    void add(double ms) { m_seconds.push_back(ms / 1e3); }
    void print(const char* what) const { bench::printTimes(what, m_seconds); }

private:
    std::vector<double> m_seconds;
};

double elapsedMs(const QElapsedTimer& clock)
{
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

// Notes how long each event keeps the thread of the window busy.
class TimedApplication : public QGuiApplication {
public:
    using QGuiApplication::QGuiApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        QElapsedTimer clock;
        clock.start();
        const bool isTaken = QGuiApplication::notify(receiver, event);
        events.add(elapsedMs(clock));
        return isTaken;
    }

    Times events;
};

template <typename Condition>
void waitFor(Condition condition)
{
    while (!condition()) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
}

// From nothing, and again when nothing has changed.
void fill(TimedApplication& application, Open& open, const QString& loras)
{
    for (const char* what : { "fill the index", "look through it again, nothing changed" }) {
        QElapsedTimer clock;
        clock.start();
        application.events = Times();
        bool isFinished = false;
        const auto finished = QObject::connect(&open.index, &LibraryIndex::scanFinished, [&](const ScanReport& report) { isFinished = report.isComplete; });
        if (open.index.folders().isEmpty()) open.index.setFolders({ loras });
        else
            open.index.rescan();
        while (!isFinished) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QObject::disconnect(finished);
        std::printf("%-44s %.2f s for %zu files\n", what, elapsedMs(clock) / 1000, open.index.entries().size());
        application.events.print("  one event of the window meanwhile");
    }
}

void firstCards(const QString& folder)
{
    constexpr int kStarts = 15;
    Times times;
    for (int i = 0; i < kStarts; ++i) {
        QElapsedTimer clock;
        clock.start();
        Open open(folder);
        waitFor([&] { return open.model.rowCount() > 0; });
        for (int row = 0; row < std::min(40, open.model.rowCount()); ++row) open.model.index(row).data(Qt::DisplayRole);
        times.add(elapsedMs(clock));
    }
    times.print("first cards from the index");
}

void keystrokes(Open& open)
{
    constexpr std::array kTyped = { "ink wash paper", "dragon style", "base:sdxl neon", "a e i", "portrait -anime", "zzzz", "v9999", "tag:castle river" };
    Times times;
    for (const char* typed : kTyped) {
        LibraryQuery query;
        for (const char* letter = typed; *letter; ++letter) {
            query.text += QLatin1Char(*letter);
            QElapsedTimer clock;
            clock.start();
            open.model.setQuery(query);
            times.add(elapsedMs(clock));
        }
    }
    times.print("search, each keystroke");
    Times sorts;
    for (const LibrarySort sort : { LibrarySort::Name, LibrarySort::Added, LibrarySort::Used, LibrarySort::Size }) {
        LibraryQuery query;
        query.sort = sort;
        QElapsedTimer clock;
        clock.start();
        open.model.setQuery(query);
        sorts.add(elapsedMs(clock));
    }
    sorts.print("everything in another order");
}

// What a view asks for while it scrolls: pages of rows and the pictures of what is seen.
void scroll(Open& open)
{
    constexpr int kVisible = 24;
    constexpr std::array kRoles = { int{ Qt::DisplayRole }, int{ Qt::DecorationRole }, static_cast<int>(LoraRole::BaseLabel), static_cast<int>(LoraRole::TriggerWords),
        static_cast<int>(LoraRole::IsStarred), static_cast<int>(LoraRole::Broken), static_cast<int>(LoraRole::FitsModel) };
    for (const char* what : { "a frame of 24 cards, pictures not yet read", "a frame of 24 cards, pictures kept" }) {
        open.model.setQuery({});
        Times times;
        for (int top = 0; top + kVisible < 2000; top += kVisible) {
            QElapsedTimer clock;
            clock.start();
            while (open.model.rowCount() < top + kVisible && open.model.canFetchMore({})) open.model.fetchMore({});
            for (int row = top; row < top + kVisible; ++row) {
                for (const int role : kRoles) open.model.index(row).data(role);
            }
            QCoreApplication::processEvents();
            times.add(elapsedMs(clock));
        }
        times.print(what);
    }
    QElapsedTimer clock;
    clock.start();
    const auto hasAll = [&] {
        bool all = true;
        for (int row = 0; row < kVisible; ++row) {
            const LibraryEntryPointer entry = open.model.entryAt(open.model.index(row));
            const bool isExpected = entry && entry->preview.source != PreviewSource::None;
            all &= !isExpected || !open.model.index(row).data(Qt::DecorationRole).value<QImage>().isNull();
        }
        return all;
    };
    open.model.setThumbnailSize({ 200, 300 });
    waitFor(hasAll);
    std::printf("%-44s %.0f ms\n", "all pictures of the first screen are there", elapsedMs(clock));
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    TimedApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const QTemporaryDir temporary;
    const QString folder = arguments.size() > 2 ? arguments[2] : temporary.path();
    bench::GeneratedLibrary wanted;
    if (arguments.size() > 1) wanted.files = arguments[1].toInt();
    bench::generateLibrary(folder, wanted);
    {
        Open open(folder);
        fill(application, open, folder + QStringLiteral("/loras"));
    }
    std::printf("%-44s %.1f MB\n", "size of the index", static_cast<double>(QFileInfo(folder + QStringLiteral("/index.sqlite")).size()) / 1e6);
    firstCards(folder);
    Open open(folder);
    waitFor([&] { return open.index.isLoaded() && !open.index.entries().empty() && !open.index.entries().back()->searchText.whole().empty(); });
    keystrokes(open);
    scroll(open);
    return 0;
}
