// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/variations_dock.h"

#include "ui/docks/dock_heading.h"
#include "ui/docks/generate_texts.h"
#include "ui/docks/variation_delegate.h"
#include "ui/theme/application_theme.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style_painting.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/plain_text.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace sfumato::ui {

namespace {

constexpr int kDecisionsWidth = 320;
constexpr int kSealSize = 16;

// The first tile: the picture without a variation.
class OriginalTile final : public QToolButton {
public:
    using QToolButton::QToolButton;

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        constexpr int kGap = 6;
        const ThemeTokens& tokens = tokensOf(*this);
        QPainter painter(this);
        drawBox(painter, QRectF(rect()).adjusted(3, 3, -3, -3), { .fill = underMouse() ? tokens.surfaceRaised : tokens.surfacePanel, .outline = tokens.lineSubtle });
        painter.setFont(secondaryFont());
        const int lineHeight = painter.fontMetrics().height();
        const int top = (height() - metrics::kIconSize - kGap - lineHeight) / 2;
        icon().paint(&painter, QRect((width() - metrics::kIconSize) / 2, top, metrics::kIconSize, metrics::kIconSize), Qt::AlignCenter, QIcon::Normal, isChecked() ? QIcon::On : QIcon::Off);
        painter.setPen(isChecked() ? tokens.text : tokens.textSecondary);
        painter.drawText(QRect(0, top + metrics::kIconSize + kGap, width(), lineHeight), Qt::AlignCenter, text());
        if (isChecked() || hasFocus()) drawFocusRing(painter, rect(), tokens, metrics::kCardRadius);
    }
};

} // namespace

VariationsDock::VariationsDock(workspace::GenerationSession& session, const QList<QAction*>& decisions, QAction& reveal, QWidget* parent)
    : QDockWidget(tr("Variations"), parent), m_session(session)
{
    setObjectName(QStringLiteral("variationsDock"));
    setAccessibleName(tr("Variations"));
    setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    auto* panel = new DockPanel(this);
    auto* heading = new QWidget(this);
    heading->setFixedHeight(0);
    setTitleBarWidget(heading);
    createOriginal(panel);
    createStrip(panel);
    auto* row = new QHBoxLayout(panel);
    row->setContentsMargins(metrics::kDockMargin, metrics::kBetween, metrics::kDockMargin, metrics::kBetween);
    row->setSpacing(metrics::kBetween);
    row->addWidget(m_original, 0, Qt::AlignTop);
    row->addWidget(m_strip, 1);
    row->addWidget(createDecisions(decisions, reveal, panel));
    setWidget(panel);
    connectSession();
    refreshSelection();
}

void VariationsDock::leaveKeyboard(QAbstractButton& button)
{
    button.setFocusPolicy(Qt::TabFocus);
    connect(&button, &QAbstractButton::clicked, this, [this, &button] {
        if (!button.hasFocus()) Q_EMIT clickedAside();
    });
}

// A push button that does what an action does and is allowed when it is.
QPushButton* VariationsDock::createActionButton(QAction& action, QWidget* parent)
{
    auto* button = new QPushButton(action.icon(), action.text(), parent);
    button->setEnabled(action.isEnabled());
    describe(*button, action.text(), action.statusTip());
    connect(button, &QPushButton::clicked, &action, &QAction::trigger);
    connect(&action, &QAction::changed, button, [button, &action] {
        button->setEnabled(action.isEnabled());
        setHelp(*button, action.statusTip());
    });
    leaveKeyboard(*button);
    return button;
}

void VariationsDock::createOriginal(QWidget* parent)
{
    m_original = new OriginalTile(parent);
    m_original->setText(tr("Original"));
    m_original->setIcon(themedIcon(QStringLiteral("actions/image")));
    m_original->setCheckable(true);
    leaveKeyboard(*m_original);
    m_original->setFixedSize(std::max(80, m_original->fontMetrics().horizontalAdvance(m_original->text()) + metrics::kGroup), metrics::kTileSize);
    describe(*m_original, tr("Original"), tr("Show the picture as it is, without a variation."));
    connect(m_original, &QToolButton::clicked, this, [this] {
        m_session.selectVariation(-1);
        refreshSelection();
    });
}

void VariationsDock::createStrip(QWidget* parent)
{
    m_strip = new QListView(parent);
    m_strip->setModel(&m_session.gallery());
    m_strip->setItemDelegate(new VariationDelegate(m_strip));
    m_strip->setFlow(QListView::LeftToRight);
    m_strip->setWrapping(false);
    m_strip->setUniformItemSizes(true);
    m_strip->setSpacing(0);
    m_strip->setFrameShape(QFrame::NoFrame);
    m_strip->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_strip->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_strip->setSelectionMode(QAbstractItemView::SingleSelection);
    m_strip->viewport()->setAutoFillBackground(false);
    m_strip->setFixedHeight(metrics::kTileSize + metrics::kGroup); // room for a scroll bar
    describe(*m_strip, tr("Variations"), tr("Arrow keys flip through them, Enter keeps the shown one, Delete drops it."));
    connect(m_strip, &QListView::clicked, this, [this](const QModelIndex& index) { m_session.selectVariation(index.row()); });
    connect(m_strip, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        m_session.selectVariation(index.row());
        m_session.keep();
    });
}

QWidget* VariationsDock::createDecisions(const QList<QAction*>& actions, QAction& reveal, QWidget* parent)
{
    auto* decisions = new QWidget(parent);
    m_caption = createParagraph({}, LabelRole::Secondary, decisions);
    m_caption->setObjectName(QStringLiteral("caption"));
    m_sealSign = createLabel({}, LabelRole::Secondary, decisions);
    m_sealSign->setFixedSize(kSealSize, kSealSize);
    m_seal = createParagraph({}, LabelRole::Secondary, decisions);
    auto* sealRow = new QHBoxLayout;
    sealRow->setSpacing(metrics::kInside);
    sealRow->addWidget(m_sealSign);
    sealRow->addWidget(m_seal, 1);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::kInside);
    int widest = 0;
    for (QAction* action : actions) {
        QPushButton* button = createActionButton(*action, decisions);
        widest = std::max(widest, button->sizeHint().width());
        buttons->addWidget(button, 1);
    }
    const int count = static_cast<int>(actions.size());
    decisions->setFixedWidth(std::max(kDecisionsWidth, count * widest + (count - 1) * metrics::kInside + metrics::kBetween));
    auto* column = new QVBoxLayout(decisions);
    column->setContentsMargins(metrics::kBetween, metrics::kInside, 0, metrics::kInside);
    column->setSpacing(6);
    column->addStretch(1);
    column->addWidget(m_caption);
    column->addLayout(sealRow);
    m_reveal = createActionButton(reveal, decisions);
    m_reveal->setObjectName(QStringLiteral("reveal"));
    column->addWidget(m_reveal);
    column->addSpacing(metrics::kInside);
    column->addLayout(buttons);
    column->addStretch(1);
    return decisions;
}

void VariationsDock::connectSession()
{
    connect(&m_session, &workspace::GenerationSession::selectionChanged, this, &VariationsDock::refreshSelection);
    workspace::GalleryModel& gallery = m_session.gallery();
    connect(&gallery, &QAbstractItemModel::dataChanged, this, &VariationsDock::refreshTexts);
    connect(&gallery, &QAbstractItemModel::rowsRemoved, this, [this] {
        setVisible(m_session.gallery().rowCount() > 0);
        refreshSelection();
    });
    connect(&gallery, &QAbstractItemModel::modelReset, this, [this] { hide(); });
    connect(&gallery, &QAbstractItemModel::rowsInserted, this, [this] {
        show();
        refreshSelection();
        m_strip->scrollToBottom();
    });
}

void VariationsDock::refreshSelection()
{
    const int row = m_session.selectedRow();
    const QModelIndex index = m_session.gallery().index(row, 0);
    m_original->setChecked(row < 0);
    if (index.isValid()) {
        m_strip->setCurrentIndex(index);
        m_strip->scrollTo(index);
    } else {
        m_strip->setCurrentIndex({});
        m_strip->clearSelection();
    }
    refreshTexts();
}

void VariationsDock::refreshTexts()
{
    const QModelIndex index = m_session.gallery().index(m_session.selectedRow(), 0);
    const QString caption = index.isValid() ? VariationDelegate::tileText(index) : tr("The picture as it is");
    setLabelText(*m_caption, caption);
    setHelp(*m_caption, caption);
    const std::optional<qlonglong> outside = VariationDelegate::sealOf(index);
    setLabelText(*m_seal, outside ? sealText(*outside) : QString());
    m_sealSign->setVisible(outside.has_value());
    m_reveal->setVisible(index.isValid() && index.data(workspace::GalleryModel::HiddenRole).toBool());
    if (!outside) return;
    const ThemeTokens& tokens = tokensOf(*this);
    const bool isIntact = *outside == 0;
    m_sealSign->setPixmap(tintedIcon(isIntact ? QStringLiteral("status/seal") : QStringLiteral("status/warning"), isIntact ? tokens.success : tokens.danger, kSealSize, devicePixelRatioF()));
}

void VariationsDock::changeEvent(QEvent* event)
{
    QDockWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_sealSign) refreshTexts();
}

} // namespace sfumato::ui
