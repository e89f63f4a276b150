// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/seed_field.h"

#include "core/workflow/job_description.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QToolButton>

#include <algorithm>
#include <limits>

namespace sfumato::ui {

namespace {

constexpr std::uint64_t kLargestSeed = std::numeric_limits<std::int64_t>::max();

QToolButton* createButton(const QString& icon, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

SeedField::SeedField(QWidget* parent) : QWidget(parent)
{
    m_number = new QLineEdit(this);
    m_number->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{0,19}")), m_number));
    m_number->setPlaceholderText(tr("random"));
    m_number->setAlignment(Qt::AlignRight);
    m_number->setTextMargins(metrics::kInside, 0, metrics::kInside, 0);
    describe(*m_number, tr("Seed"), tr("The same seed with the same settings gives the same picture. Variation n uses seed + n − 1."));
    QToolButton* dice = createButton(QStringLiteral("actions/dice"), this);
    describe(*dice, tr("New seed"), tr("Roll a new seed and keep it."));
    m_lock = createButton(QStringLiteral("status/lock-open"), this);
    m_lock->setCheckable(true);
    describe(*m_lock, tr("Keep the seed"), tr("Use the same seed for each run, or a new one each time."));

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kInside);
    row->addWidget(m_number, 1);
    row->addWidget(dice);
    row->addWidget(m_lock);
    m_number->setMinimumWidth(72);

    connect(dice, &QToolButton::clicked, this, &SeedField::roll);
    connect(m_number, &QLineEdit::textEdited, this, [this] {
        m_lock->setChecked(!m_number->text().isEmpty());
        Q_EMIT edited();
    });
    connect(m_lock, &QToolButton::toggled, this, [this](bool isLocked) {
        m_lock->setIcon(themedIcon(isLocked ? QStringLiteral("status/lock") : QStringLiteral("status/lock-open")));
    });
    connect(m_lock, &QToolButton::clicked, this, [this](bool isLocked) {
        if (isLocked && m_number->text().isEmpty()) m_number->setText(QString::number(m_last.value_or(workflow::randomSeed())));
        if (!isLocked) m_number->clear();
        Q_EMIT edited();
    });
}

std::optional<std::uint64_t> SeedField::seed() const
{
    bool isNumber = false;
    const std::uint64_t number = m_number->text().toULongLong(&isNumber);
    if (!m_lock->isChecked() || !isNumber) return std::nullopt;
    return std::min(number, kLargestSeed);
}

void SeedField::setSeed(const std::optional<std::uint64_t>& wanted)
{
    if (wanted == seed()) return;
    const QSignalBlocker blocker(m_number);
    m_number->setText(wanted ? QString::number(*wanted) : QString());
    m_lock->setChecked(wanted.has_value());
}

void SeedField::showLastSeed(std::uint64_t seed)
{
    m_last = seed;
    m_number->setPlaceholderText(QString::number(seed));
}

void SeedField::roll()
{
    m_number->setText(QString::number(workflow::randomSeed()));
    m_lock->setChecked(true);
    Q_EMIT edited();
}

void SeedField::setLocked(bool isLocked)
{
    if (isLocked != m_lock->isChecked()) m_lock->click();
}

} // namespace sfumato::ui
