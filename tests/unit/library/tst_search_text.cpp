// SPDX-License-Identifier: Apache-2.0
#include "core/library/library_query.h"
#include "core/library/search_text.h"
#include "tests/unit/library/library_files.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace sfumato;
using namespace sfumato::library;

namespace {

SearchText textOf(const char* name, const char* path = "", const char* triggers = "", const char* tags = "", const char* notes = "", const char* base = "")
{
    const auto folded = [](const char* text) { return foldedForSearch(QString::fromUtf8(text)); };
    return SearchText({ folded(name), folded(path), folded(triggers), folded(tags), folded(notes), folded(base) });
}

int rankOf(const char* query, const SearchText& text)
{
    return SearchPattern(QString::fromUtf8(query)).rank(text).value_or(-1);
}

LibraryEntryPointer entryNamed(const QString& name, const std::function<void(LibraryEntry&)>& change = {})
{
    auto entry = std::make_shared<LibraryEntry>();
    entry->name = name;
    entry->path = QStringLiteral("/loras/") + name + QStringLiteral(".safetensors");
    entry->kind = engine::FileKind::Lora;
    entry->sortKey = SortKey(naturalSortKey(name));
    entry->searchText = SearchText({ foldedForSearch(name), {}, {}, {}, {}, {} });
    if (change) change(*entry);
    return entry;
}

QStringList namesOf(const std::vector<LibraryEntryPointer>& entries, const LibraryQuery& query)
{
    QStringList names;
    for (const LibraryEntryPointer& entry : runQuery(entries, query, 1'000'000'000).entries) names << entry->name;
    return names;
}

} // namespace

class TstSearchText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void folding_dropsCaseAccentsAndWidth_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("folded");
        QTest::newRow("ascii") << "Ink  WASH\t2"
                               << "ink wash 2";
        QTest::newRow("accents") << QStringLiteral("Éclair Ångström") << "eclair angstrom";
        QTest::newRow("decomposed") << QStringLiteral("e\u0301") << "e";
        QTest::newRow("sharp s") << QStringLiteral("Straße") << "strasse";
        QTest::newRow("strokes") << QStringLiteral("Øł Æsir") << "ol aesir";
        QTest::newRow("wide letters") << QStringLiteral("ＡＢＣ") << "abc";
        QTest::newRow("ligature") << QStringLiteral("ﬁne") << "fine";
        QTest::newRow("turkish") << QStringLiteral("İstanbul ışık") << "istanbul isik";
        QTest::newRow("japanese") << QStringLiteral("水墨画") << QStringLiteral("水墨画");
    }

    void folding_dropsCaseAccentsAndWidth()
    {
        QFETCH(QString, text);
        QFETCH(QString, folded);
        QCOMPARE(QString::fromUtf8(foldedForSearch(text)), folded);
    }

    void words_matchInAnyOrderAndField()
    {
        const SearchText text = textOf("Ink Wash v3", "loras/styles", "sumi-e", "brush, paper", "my favourite", "SDXL");
        QVERIFY(rankOf("wash ink", text) >= 0);
        QVERIFY(rankOf("PAPER sumi styles favour sdxl", text) >= 0);
        QCOMPARE(rankOf("ink oil", text), -1);
        QCOMPARE(rankOf("", text), 0);
        QCOMPARE(rankOf("   ", text), 0);
    }

    void fieldsExclusionsAndPhrases()
    {
        const SearchText text = textOf("Ink Wash", "loras", "sumi-e", "brush", "", "SDXL");
        QVERIFY(rankOf("base:sdxl tag:brush", text) >= 0);
        QCOMPARE(rankOf("base:ink", text), -1);
        QCOMPARE(rankOf("-sumi", text), -1);
        QVERIFY(rankOf("ink -oil", text) >= 0);
        QVERIFY(rankOf("-tag:ink", text) >= 0);
        QVERIFY(rankOf("\"ink wash\"", text) >= 0);
        QCOMPARE(rankOf("\"wash ink\"", text), -1);
        QVERIFY(rankOf("name:\"ink w\"", text) >= 0);
        // While it is being typed, a query does not empty the list.
        for (const char* unfinished : { "tag:", "-", "\"", "-tag:", "\"ink" }) QVERIFY2(rankOf(unfinished, text) >= 0, unfinished);
        QCOMPARE(rankOf("unknown:word", text), -1);
    }

    void words_doNotReachAcrossFields()
    {
        QCOMPARE(rankOf("\"wash loras\"", textOf("ink wash", "loras")), -1);
    }

    void rank_prefersNamesThenTriggers()
    {
        QCOMPARE(rankOf("wash", textOf("ink-wash")), 0);
        QCOMPARE(rankOf("was", textOf("brainwash ink wash")), 0);
        QCOMPARE(rankOf("ash", textOf("wash")), 1);
        QCOMPARE(rankOf("sumi", textOf("wash", "", "sumi-e")), 2);
        QCOMPARE(rankOf("sumi", textOf("wash", "", "", "sumi-e")), 3);
        QCOMPARE(rankOf("wash sumi", textOf("wash", "", "sumi")), 2);
    }

    void stored_comesBackTheSame()
    {
        const SearchText text = textOf("a", "b c", "", "d", "", "e");
        const SearchText back = SearchText::fromStored(text.stored());
        for (const SearchField field : { SearchField::Name, SearchField::Path, SearchField::Triggers, SearchField::Tags, SearchField::Notes, SearchField::Base })
            QCOMPARE(QByteArray::fromStdString(std::string(back.field(field))), QByteArray::fromStdString(std::string(text.field(field))));
        // Anything else in its place is no harm.
        for (const char* stored : { "", "x", "\n", "a\nb", "\n\n\n\n\n\n\n\n\n" }) {
            const SearchText other = SearchText::fromStored(stored);
            QVERIFY(other.field(SearchField::Base).size() <= other.whole().size());
        }
        QVERIFY(SearchText().field(SearchField::Base).empty());
    }

    void hostileQueries_areHarmless()
    {
        const SearchText text = textOf("ink");
        for (const QString& query : test::hostileTexts()) {
            const std::optional<int> rank = SearchPattern(query).rank(text);
            QVERIFY(!rank || *rank >= 0);
        }
    }

    void naturalOrder_countsDigitsAsNumbers()
    {
        QStringList names{ QStringLiteral("ink 10"), QStringLiteral("ink 2"), QStringLiteral("Ink 1"), QStringLiteral("ink"), QStringLiteral("ink 02b"), QStringLiteral("éclair"),
            QStringLiteral("zebra"), QStringLiteral("2 inks"), QStringLiteral("12 inks") };
        std::ranges::sort(names, {}, naturalSortKey);
        QCOMPARE(names, QStringList({ QStringLiteral("2 inks"), QStringLiteral("12 inks"), QStringLiteral("éclair"), QStringLiteral("ink"), QStringLiteral("Ink 1"), QStringLiteral("ink 2"), QStringLiteral("ink 02b"), QStringLiteral("ink 10"), QStringLiteral("zebra") }));
    }

    void query_filtersAndSorts()
    {
        const std::int64_t now = 1'000'000'000;
        std::vector<LibraryEntryPointer> entries{
            entryNamed(QStringLiteral("b"), [](LibraryEntry& e) { e.addedAt = 3, e.sizeInBytes = 10, e.isStarred = true; }),
            entryNamed(QStringLiteral("a"), [=](LibraryEntry& e) { e.addedAt = 1, e.sizeInBytes = 30, e.lastUsedAt = now - 5; }),
            entryNamed(QStringLiteral("c"), [=](LibraryEntry& e) { e.addedAt = 2, e.sizeInBytes = 20, e.lastUsedAt = now - 90LL * 86'400; }),
            entryNamed(QStringLiteral("d"), [](LibraryEntry& e) { e.kind = engine::FileKind::Checkpoint; }),
            entryNamed(QStringLiteral("e"), [](LibraryEntry& e) { e.kind = engine::FileKind::Unknown, e.broken = QStringLiteral("It is damaged."); }),
        };
        LibraryQuery query;
        const auto l = [](const char* names) { return QString::fromLatin1(names).split(u' ', Qt::SkipEmptyParts); };
        QCOMPARE(namesOf(entries, query), l("a b c e"));
        query.withBroken = false;
        QCOMPARE(namesOf(entries, query), l("a b c"));
        query.isReversed = true;
        QCOMPARE(namesOf(entries, query), l("c b a"));
        query.isReversed = false;
        query.sort = LibrarySort::Added;
        QCOMPARE(namesOf(entries, query), l("b c a"));
        query.sort = LibrarySort::Size;
        QCOMPARE(namesOf(entries, query), l("a c b"));
        query.sort = LibrarySort::Used;
        QCOMPARE(namesOf(entries, query), l("a c b"));
        query.onlyRecent = true;
        QCOMPARE(namesOf(entries, query), l("a"));
        query = {};
        query.withBroken = false;
        query.onlyUnused = true;
        QCOMPARE(namesOf(entries, query), l("b"));
        query.onlyUnused = false;
        query.onlyStarred = true;
        QCOMPARE(namesOf(entries, query), l("b"));
        query = {};
        query.folder = QStringLiteral("/lor"); // a folder, not a beginning of letters
        QVERIFY(namesOf(entries, query).isEmpty());
        query.folder = QStringLiteral("/loras");
        QCOMPARE(namesOf(entries, query).size(), 4);
    }

    void query_countsWhatTheBaseHides()
    {
        std::vector<LibraryEntryPointer> entries{
            entryNamed(QStringLiteral("xl"), [](LibraryEntry& e) { e.family = engine::ModelFamily::Sdxl; }),
            entryNamed(QStringLiteral("old"), [](LibraryEntry& e) { e.family = engine::ModelFamily::Sd1; }),
            entryNamed(QStringLiteral("flux"), [](LibraryEntry& e) { e.baseLabel = QStringLiteral("Flux"); }),
            entryNamed(QStringLiteral("who knows")),
        };
        LibraryQuery query;
        query.family = engine::ModelFamily::Sdxl;
        const QueryAnswer answer = runQuery(entries, query, 0);
        QCOMPARE(answer.entries.size(), std::size_t{ 2 });
        QCOMPARE(answer.ofOtherFamilies, 2);
    }

    void query_putsBetterMatchesFirst()
    {
        const std::vector<LibraryEntryPointer> entries{ entryNamed(QStringLiteral("a brainwash")), entryNamed(QStringLiteral("z wash")), entryNamed(QStringLiteral("washed")) };
        LibraryQuery query;
        query.text = QStringLiteral("wash");
        QCOMPARE(namesOf(entries, query), QStringList({ QStringLiteral("washed"), QStringLiteral("z wash"), QStringLiteral("a brainwash") }));
    }

    void query_findsWhatIsAlike()
    {
        const auto tagged = [](const char* name, const char* tags) {
            return entryNamed(QString::fromLatin1(name), [=](LibraryEntry& e) { e.searchText = textOf("", "", "", tags); });
        };
        const std::vector<LibraryEntryPointer> entries{ tagged("model", "ink, wash, paper, common"), tagged("one rare", "ink, other, common"), tagged("two rare", "wash, ink"),
            tagged("only common", "common"), tagged("also common", "common, x"), tagged("part of a word", "inkwell, washer"), tagged("none", "") };
        LibraryQuery query;
        query.similarTo = entries.front()->path;
        QCOMPARE(namesOf(entries, query), QStringList({ QStringLiteral("model"), QStringLiteral("two rare"), QStringLiteral("one rare"), QStringLiteral("also common"), QStringLiteral("only common") }));
        query.similarTo = entries.back()->path;
        QVERIFY(namesOf(entries, query).isEmpty());
        query.similarTo = QStringLiteral("/gone");
        QVERIFY(namesOf(entries, query).isEmpty());
    }

    // What the fast search answers is what a plain one does.
    void query_agreesWithAPlainSearch()
    {
        std::mt19937 random(7);
        std::vector<LibraryEntryPointer> entries;
        const QStringList parts{ QStringLiteral("ink"), QStringLiteral("Wash"), QStringLiteral("paper"), QStringLiteral("sumi"), QStringLiteral("3"), QStringLiteral("xl") };
        const auto part = [&] { return parts[static_cast<qsizetype>(random() % static_cast<unsigned>(parts.size()))]; };
        for (int i = 0; i < 300; ++i) entries.push_back(entryNamed(part() + part() + QString::number(i)));
        for (int round = 0; round < 50; ++round) {
            LibraryQuery query;
            query.text = part() + u' ' + part().left(2);
            const QStringList words = query.text.toLower().split(u' ');
            QStringList expected;
            for (const LibraryEntryPointer& entry : entries) {
                if (std::ranges::all_of(words, [&](const QString& word) { return entry->name.toLower().contains(word); })) expected << entry->name;
            }
            QStringList found = namesOf(entries, query);
            std::ranges::sort(found);
            std::ranges::sort(expected);
            QCOMPARE(found, expected);
        }
    }
};

QTEST_APPLESS_MAIN(TstSearchText)
#include "tst_search_text.moc"
