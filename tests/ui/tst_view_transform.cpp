// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/view_transform.h"

#include <QTest>

using sfumato::Bounds;
using sfumato::Extent;
using sfumato::ui::ViewTransform;

class TstViewTransform : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void coordinates_goThereAndBack_data();
    void coordinates_goThereAndBack();
    void zoom_keepsWhatLiesUnderThePointer();
    void zoom_staysWithinItsLimits();
    void steps_climbTheLadderAndComeBack();
    void fit_centresTheWholePicture();
    void fit_neverEnlargesAboveTheLimit();
    void scale_atOneHundredPercentIsOneDevicePixel();
    void picture_cannotLeaveTheView();
    void canvasBounds_holdEveryTouchedPixel();
};

void TstViewTransform::coordinates_goThereAndBack_data()
{
    QTest::addColumn<double>("zoom");
    QTest::addColumn<double>("ratio");
    for (const double zoom : { 0.013, 0.5, 1.0, 3.7, 64.0 }) {
        for (const double ratio : { 1.0, 1.25, 2.0 }) QTest::addRow("zoom %g at ratio %g", zoom, ratio) << zoom << ratio;
    }
}

void TstViewTransform::coordinates_goThereAndBack()
{
    QFETCH(double, zoom);
    QFETCH(double, ratio);
    const ViewTransform transform(zoom, { 13.25, -7.5 }, ratio);
    const QPointF place(123.4, 56.7);
    const QPointF back = transform.toCanvas(transform.toView(place));
    QVERIFY(qAbs(back.x() - place.x()) < 1e-9 && qAbs(back.y() - place.y()) < 1e-9);
}

void TstViewTransform::zoom_keepsWhatLiesUnderThePointer()
{
    const ViewTransform before(0.7, { 40, 25 });
    const QPointF pointer(312, 200);
    const ViewTransform after = before.zoomedTo(5.3, pointer);
    const QPointF moved = after.toView(before.toCanvas(pointer)) - pointer;
    QVERIFY(qAbs(moved.x()) < 1e-9 && qAbs(moved.y()) < 1e-9);
}

void TstViewTransform::zoom_staysWithinItsLimits()
{
    const ViewTransform transform;
    QCOMPARE(transform.zoomedTo(1e9, {}).zoom(), ViewTransform::kLargestZoom);
    QCOMPARE(transform.zoomedTo(1e-9, {}).zoom(), ViewTransform::kSmallestZoom);
}

void TstViewTransform::steps_climbTheLadderAndComeBack()
{
    ViewTransform transform;
    QCOMPARE(transform.stepped(1, {}).zoom(), 1.5);
    QCOMPARE(transform.stepped(-1, {}).zoom(), 0.6667);
    QCOMPARE(transform.stepped(1, {}).stepped(-1, {}).zoom(), 1.0);
    for (int i = 0; i < 50; ++i) transform = transform.stepped(1, {});
    QCOMPARE(transform.zoom(), ViewTransform::kLargestZoom);
    for (int i = 0; i < 50; ++i) transform = transform.stepped(-1, {});
    QCOMPARE(transform.zoom(), ViewTransform::kSmallestZoom);
}

void TstViewTransform::fit_centresTheWholePicture()
{
    const Bounds picture{ 0, 0, 3000, 1000 };
    const ViewTransform transform = ViewTransform().fitted(picture, { 800, 600 }, 20, 1.0);
    const QRectF shown = transform.toView(picture);
    QVERIFY(qAbs(shown.center().x() - 400) < 0.01 && qAbs(shown.center().y() - 300) < 0.01);
    QVERIFY(qAbs(shown.width() - 760) < 0.01);
    QVERIFY(shown.height() <= 560);
}

void TstViewTransform::fit_neverEnlargesAboveTheLimit()
{
    QCOMPARE(ViewTransform().fitted({ 0, 0, 64, 64 }, { 800, 600 }, 20, 1.0).zoom(), 1.0);
    QCOMPARE(ViewTransform().fitted({ 0, 0, 64, 64 }, { 800, 600 }, 20, 4.0).zoom(), 4.0);
}

void TstViewTransform::scale_atOneHundredPercentIsOneDevicePixel()
{
    QCOMPARE(ViewTransform(1.0, {}, 2.0).scale(), 0.5);
    QCOMPARE(ViewTransform(1.0, {}, 1.0).scale(), 1.0);
}

void TstViewTransform::picture_cannotLeaveTheView()
{
    const Extent picture{ 500, 400 };
    for (const QPointF& origin : { QPointF(-9000, 0), QPointF(9000, 0), QPointF(0, 9000), QPointF(0, -9000) }) {
        const ViewTransform kept = ViewTransform(1.0, origin).keptInView(picture, { 800, 600 }, 48);
        const QRectF shown = kept.toView(Bounds::ofExtent(picture)).intersected(QRectF(0, 0, 800, 600));
        QVERIFY2(shown.width() >= 48 && shown.height() >= 48, qPrintable(QStringLiteral("%1 x %2").arg(shown.width()).arg(shown.height())));
    }
    const ViewTransform inside(1.0, { 100, 100 });
    QCOMPARE(inside.keptInView(picture, { 800, 600 }, 48), inside);
}

void TstViewTransform::canvasBounds_holdEveryTouchedPixel()
{
    const ViewTransform transform(2.0, { 10, 10 });
    const Bounds bounds = transform.toCanvas(QRectF(11, 11, 2, 2));
    QCOMPARE(bounds, (Bounds{ 0, 0, 2, 2 }));
}

QTEST_GUILESS_MAIN(TstViewTransform)
#include "tst_view_transform.moc"
