// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/context_area.h"
#include "core/workflow/resolution_plan.h"
#include "tests/support/random_pictures.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace sfumato;
using namespace sfumato::workflow;
using sfumato::testing::randomInt;

Q_DECLARE_METATYPE(sfumato::workflow::ContextReach)

namespace {

bool isWorkSize(Extent size)
{
    const auto isSide = [](int side) { return side % kSizeStep == 0 && side >= kSmallestWorkSide && side <= kLargestWorkSide; };
    return isSide(size.width) && isSide(size.height);
}

ContextQuery randomQuery(std::mt19937& random)
{
    ContextQuery query;
    query.nativeSize = std::vector<Extent>{ { 1024, 1024 }, { 1024, 1024 }, { 512, 512 }, { 256, 256 }, { 128, 128 } }[random() % 5];
    query.picture = { randomInt(random, 64, 5000), randomInt(random, 64, 5000) };
    query.mask.width = randomInt(random, 1, query.picture.width);
    query.mask.height = randomInt(random, 1, query.picture.height);
    // A third of the masks touch a border.
    query.mask.x = random() % 3 == 0 ? 0 : randomInt(random, 0, query.picture.width - query.mask.width);
    query.mask.y = random() % 3 == 0 ? query.picture.height - query.mask.height : randomInt(random, 0, query.picture.height - query.mask.height);
    query.strength = randomInt(random, 1, 100) / 100.0;
    query.reach = static_cast<ContextReach>(random() % 3);
    return query;
}

} // namespace

class TstContextArea : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void designTable_data();
    void designTable();
    void randomCases_followTheRule();
    void smallNativeSize_scalesTheRule();
    void givenValues_replaceTheRule();
    void decidedValuesGivenBack_changeNothing();
    void automaticReach_bySizeAndStrength();
    void steadyFrame_growsAtOnceShrinksLate();
    void buckets_areMultiplesNearTheNativeArea();
};

void TstContextArea::designTable_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<double>("strength");
    QTest::addColumn<ContextReach>("reach");
    QTest::addColumn<int>("feather");
    QTest::addColumn<int>("grow");
    QTest::addColumn<int>("padding");
    QTest::addColumn<QSize>("crop");
    QTest::addColumn<QSize>("work");
    QTest::addColumn<int>("percent");
    QTest::newRow("hat") << 400 << 300 << 1.0 << ContextReach::Wide << 50 << 29 << 188 << QSize(776, 685) << QSize(1088, 960) << 140;
    QTest::newRow("eye") << 60 << 40 << 0.5 << ContextReach::CloseUp << 16 << 12 << 33 << QSize(256, 256) << QSize(1024, 1024) << 400;
    QTest::newRow("coat") << 1800 << 1500 << 0.95 << ContextReach::Wide << 223 << 115 << 825 << QSize(2990, 2000) << QSize(1256, 840) << 42;
}

void TstContextArea::designTable()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(double, strength);
    QFETCH(ContextReach, reach);
    QFETCH(QSize, crop);
    QFETCH(QSize, work);
    const ContextArea area = contextArea({ { 3000, 2000 }, { 600, 250, width, height }, strength, { 1024, 1024 }, reach, {}, {}, {} });
    QTEST(area.feather, "feather");
    QTEST(area.grow, "grow");
    QTEST(area.padding, "padding");
    QCOMPARE(QSize(area.crop.width, area.crop.height), crop);
    QCOMPARE(QSize(area.workSize.width, area.workSize.height), work);
    QTEST(static_cast<int>(std::lround(area.scale() * 100)), "percent");
}

void TstContextArea::randomCases_followTheRule()
{
    std::mt19937 random(96);
    for (int i = 0; i < 2000; ++i) {
        const ContextQuery query = randomQuery(random);
        const ContextArea area = contextArea(query);
        const auto told = QStringLiteral("case %1: picture %2x%3 mask %4,%5 %6x%7 native %8 reach %9")
                              .arg(i)
                              .arg(query.picture.width)
                              .arg(query.picture.height)
                              .arg(query.mask.x)
                              .arg(query.mask.y)
                              .arg(query.mask.width)
                              .arg(query.mask.height)
                              .arg(query.nativeSize.width)
                              .arg(static_cast<int>(query.reach))
                              .toUtf8();
        QVERIFY2(Bounds::ofExtent(query.picture).contains(area.crop), told.constData());
        QVERIFY2(area.crop.contains(query.mask), told.constData());
        QVERIFY2(isWorkSize(area.workSize), told.constData());

        const double side = query.nativeSize.width;
        const double limit = query.reach == ContextReach::CloseUp ? 4.0 : 2.0;
        const double scaleX = static_cast<double>(area.workSize.width) / area.crop.width;
        const double scaleY = static_cast<double>(area.workSize.height) / area.crop.height;
        // Half a size step of rounding at most, unless the work size is at the smallest side.
        const bool isAtSmallest = std::min(area.workSize.width, area.workSize.height) == kSmallestWorkSide;
        QVERIFY2(isAtSmallest || std::max(scaleX, scaleY) <= limit * (1.0 + 8.0 / std::min(area.workSize.width, area.workSize.height)), told.constData());
        const double part = static_cast<double>(area.workSize.area()) / (side * side);
        const bool isAtLimit = scaleX >= limit * 0.9 || scaleY >= limit * 0.9;
        const bool isAtLargest = std::max(area.workSize.width, area.workSize.height) == kLargestWorkSide;
        QVERIFY2(isAtLimit || isAtSmallest || isAtLargest || (part > 0.88 && part < 1.15), told.constData());
        if (isAtSmallest || isAtLargest) continue;
        // Proportions are kept to within the rounding to sizes of 8, except where the crop had to keep the whole mask.
        const double distortion = std::abs(std::log(scaleX / scaleY));
        QVERIFY2(distortion <= 8.5 / std::min(area.workSize.width, area.workSize.height) + 2.0 / std::min(area.crop.width, area.crop.height), told.constData());
    }
}

void TstContextArea::smallNativeSize_scalesTheRule()
{
    const ContextArea area = contextArea({ { 384, 256 }, { 200, 150, 40, 30 }, 1.0, { 128, 128 }, ContextReach::Wide, {}, {}, {} });
    QVERIFY(area.usesBucket);
    QVERIFY(area.crop.width >= 64 && area.crop.height >= 64);
    QVERIFY(area.crop.width < 200);
    const double part = static_cast<double>(area.workSize.area()) / (128.0 * 128.0);
    QVERIFY(part > 0.88 && part < 1.1);
    QVERIFY(area.feather <= 8);
}

void TstContextArea::givenValues_replaceTheRule()
{
    const ContextArea area = contextArea({ { 3000, 2000 }, { 1000, 800, 400, 300 }, 1.0, { 1024, 1024 }, ContextReach::Wide, 7, 0, 300 });
    QCOMPARE(area.grow, 7);
    QCOMPARE(area.feather, 0);
    QCOMPARE(area.padding, 300);
    QVERIFY(area.crop.width >= 1000 && area.crop.height >= 900);
}

void TstContextArea::decidedValuesGivenBack_changeNothing()
{
    std::mt19937 random(5);
    for (int i = 0; i < 500; ++i) {
        ContextQuery query = randomQuery(random);
        const ContextArea decided = contextArea(query);
        query.grow = decided.grow;
        query.feather = decided.feather;
        QVERIFY(contextArea(query) == decided);
    }
}

void TstContextArea::automaticReach_bySizeAndStrength()
{
    const Extent picture{ 1000, 1000 };
    QCOMPARE(automaticReach(picture, { 0, 0, 100, 100 }, 0.95), ContextReach::Wide);
    QCOMPARE(automaticReach(picture, { 0, 0, 100, 100 }, 0.5), ContextReach::CloseUp);
    QCOMPARE(automaticReach(picture, { 0, 0, 500, 500 }, 0.5), ContextReach::Near);
    QCOMPARE(automaticReach(picture, { 0, 0, 500, 500 }, 0.7), ContextReach::Wide);
}

void TstContextArea::steadyFrame_growsAtOnceShrinksLate()
{
    ContextQuery query{ { 3000, 2000 }, { 1000, 800, 600, 600 }, 1.0, { 1024, 1024 }, ContextReach::Wide, {}, {}, {} };
    const ContextFrame first = steadyFrame(std::nullopt, query);
    query.mask = { 1000, 800, 580, 560 }; // 10 % less: stays
    QVERIFY(steadyFrame(first, query).area == first.area);
    query.mask = { 1000, 800, 400, 400 }; // much less: shrinks
    QVERIFY(steadyFrame(first, query).area.crop.extent().area() < first.area.crop.extent().area());
    query.mask = { 1000, 800, 1200, 600 }; // more: grows
    const ContextFrame grown = steadyFrame(first, query);
    QVERIFY(grown.area.crop.width > first.area.crop.width);
    QVERIFY(grown.area == contextArea(query));
}

void TstContextArea::buckets_areMultiplesNearTheNativeArea()
{
    for (const int side : { 1024, 768, 512, 256, 128 }) {
        const auto buckets = workBuckets({ side, side });
        QVERIFY(std::ranges::find(buckets, Extent{ side, side }) != buckets.end());
        for (const Extent& bucket : buckets) {
            QVERIFY(isWorkSize(bucket));
            const double part = static_cast<double>(bucket.area()) / (static_cast<double>(side) * side);
            QVERIFY(part > 0.85 && part < 1.1);
            QVERIFY(std::ranges::find(buckets, Extent{ bucket.height, bucket.width }) != buckets.end());
        }
    }
    QCOMPARE(workBuckets({ 1024, 1024 }).size(), std::size_t{ 41 });
    QCOMPARE(nearestBucket({ 1920, 1080 }, { 1024, 1024 }).width, 1344);
}

QTEST_GUILESS_MAIN(TstContextArea)
#include "tst_context_area.moc"
