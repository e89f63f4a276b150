// SfumatoStyle: how every standard control is drawn, from theme tokens alone.
// Thread: GUI. Owner: the application. Geometry comes from Fusion; what the eye sees is drawn here.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProxyStyle>

namespace sfumato::ui {

class SfumatoStyle final : public QProxyStyle {
    Q_OBJECT

public:
    SfumatoStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const override;
    QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const override;
};

} // namespace sfumato::ui
