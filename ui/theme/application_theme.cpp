// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/application_theme.h"

#include "ui/theme/metrics.h"
#include "ui/theme/sfumato_style.h"

#include <QApplication>
#include <QPalette>

#include <memory>

namespace sfumato::ui {

namespace {

QFont sized(int pixels, QFont::Weight weight)
{
    QFont font = QApplication::font();
    font.setPixelSize(pixels);
    font.setWeight(weight);
    return font;
}

} // namespace

void applyTheme(QApplication& application, ColorScheme scheme)
{
    // The application takes the style over.
    application.setStyle(std::make_unique<SfumatoStyle>().release());
    application.setPalette(paletteFor(tokensFor(scheme)));
    application.setFont(bodyFont());
}

QFont bodyFont() { return sized(metrics::kBodyPx, QFont::Normal); }

QFont secondaryFont() { return sized(metrics::kSecondaryPx, QFont::Normal); }

QFont headingFont() { return sized(metrics::kHeadingPx, QFont::DemiBold); }

} // namespace sfumato::ui
