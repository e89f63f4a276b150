// SPDX-License-Identifier: Apache-2.0
#include "ui/theme/icons.h"

#include "ui/theme/theme_tokens.h"

#include <QFile>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QSvgRenderer>

#include <cmath>
#include <memory>

namespace sfumato::ui {

namespace {

QByteArray svgSource(const QString& name)
{
    QFile file(QStringLiteral(":/sfumato/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QPixmap rendered(QByteArray source, const QColor& color, QSize devicePx)
{
    QPixmap pixmap(devicePx);
    pixmap.fill(Qt::transparent);
    source.replace("currentColor", color.name(QColor::HexRgb).toLatin1());
    QSvgRenderer renderer(source);
    if (renderer.isValid()) {
        QPainter painter(&pixmap);
        renderer.render(&painter, QRectF(QPointF(), QSizeF(devicePx)));
    }
    return pixmap;
}

class ThemedIconEngine final : public QIconEngine {
public:
    explicit ThemedIconEngine(const QString& name) : m_name(name), m_source(svgSource(name)) { }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
        painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal /*scale*/) override
    {
        const QColor color = colorOf(mode, state);
        const quint64 key = (quint64{ color.rgb() } << 32U) | (static_cast<quint64>(size.width()) << 16U) | static_cast<quint64>(size.height());
        const auto found = m_pixmaps.constFind(key);
        if (found != m_pixmaps.constEnd()) return *found;
        const QPixmap pixmap = rendered(m_source, color, size);
        m_pixmaps.insert(key, pixmap);
        return pixmap;
    }

    [[nodiscard]] QIconEngine* clone() const override { return std::make_unique<ThemedIconEngine>(m_name).release(); }
    QString key() const override { return QStringLiteral("sfumato-themed"); }
    QString iconName() override { return m_name; }
    bool isNull() override { return m_source.isEmpty(); }

private:
    static QColor colorOf(QIcon::Mode mode, QIcon::State state)
    {
        const ThemeTokens& tokens = tokensOf(QGuiApplication::palette());
        if (mode == QIcon::Disabled) return tokens.textDisabled;
        return state == QIcon::On ? tokens.accent : tokens.text;
    }

    QString m_name;
    QByteArray m_source;
    QHash<quint64, QPixmap> m_pixmaps;
};

} // namespace

QIcon themedIcon(const QString& name)
{
    return QIcon(std::make_unique<ThemedIconEngine>(name).release());
}

QPixmap tintedIcon(const QString& name, const QColor& color, int sizePx, qreal scale)
{
    const int side = static_cast<int>(std::lround(sizePx * scale));
    QPixmap pixmap = rendered(svgSource(name), color, QSize(side, side));
    pixmap.setDevicePixelRatio(scale);
    return pixmap;
}

QIcon applicationIcon()
{
    QIcon icon;
    for (const int side : { 16, 24, 32, 48, 64, 128, 256 }) {
        icon.addPixmap(rendered(svgSource(QStringLiteral("app/sfumato")), QColor(), QSize(side, side)));
    }
    return icon;
}

} // namespace sfumato::ui
