// SPDX-License-Identifier: Apache-2.0
#include "ui/files/file_card_dialog.h"

#include "ui/files/fault_text.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/plain_text.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kWidth = 680;
constexpr int kHeight = 560;
constexpr int kProgressSteps = 1000;
constexpr int kProgressMs = 100;

} // namespace

FileCardDialog::FileCardDialog(const QString& path, const CardModel& model, QWidget* parent) : QDialog(parent), m_path(path), m_model(model)
{
    setObjectName(QStringLiteral("fileCard"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("About %1").arg(QFileInfo(path).fileName()));
    resize(kWidth, kHeight);
    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* sheet = new QWidget(scroll);
    auto* sheetColumn = new QVBoxLayout(sheet);
    sheetColumn->setContentsMargins(0, 0, metrics::kBetween, 0);
    m_rows = new QGridLayout;
    m_rows->setHorizontalSpacing(metrics::kGroup);
    m_rows->setVerticalSpacing(metrics::kInside);
    m_rows->setColumnStretch(1, 1);
    sheetColumn->addLayout(m_rows);
    sheetColumn->addStretch(1);
    scroll->setWidget(sheet);
    m_progress = new QProgressBar(this);
    m_progress->setRange(0, kProgressSteps);
    m_progress->setFormat(tr("Computing the hashes: %p %"));
    describe(*m_progress, tr("Computing the hashes"));
    m_progress->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGroup, metrics::kGroup, metrics::kGroup, metrics::kGroup);
    column->setSpacing(metrics::kBetween);
    column->addWidget(scroll, 1);
    column->addWidget(m_progress);
    column->addWidget(createButtons());
    m_progressTimer.setInterval(kProgressMs);
    connect(&m_progressTimer, &QTimer::timeout, this, [this] { m_progress->setValue(static_cast<int>(std::lround(m_hashed->load() * kProgressSteps))); });
    readCard();
}

FileCardDialog::~FileCardDialog() { m_stop.request_stop(); }

QWidget* FileCardDialog::createButtons()
{
    auto* buttons = new QWidget(this);
    m_copy = new QPushButton(tr("Copy"), buttons);
    auto* folder = new QPushButton(tr("Show its folder"), buttons);
    auto* close = new QPushButton(tr("Close"), buttons);
    describe(*m_copy, m_copy->text(), tr("Put everything shown here on the clipboard as text."));
    describe(*folder, folder->text(), tr("Open the folder the file lies in."));
    describe(*close, close->text());
    close->setDefault(true);
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_copy);
    row->addWidget(folder);
    row->addStretch(1);
    row->addWidget(close);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    connect(folder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_path).absolutePath())); });
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    return buttons;
}

void FileCardDialog::readCard()
{
    m_tasks.run([path = m_path, model = m_model.path] { return library::readFileCard(path, model); }, [this](const Result<library::FileCard>& card) { showCard(card); });
}

void FileCardDialog::showCard(const Result<library::FileCard>& card)
{
    if (!card) {
        addFact({ tr("Cannot be read"), faultText(card.error()) });
        finish();
        return;
    }
    for (const CardFact& fact : cardFacts(*card, m_model.name)) addFact(fact);
    if (QFileInfo(m_path).isFile()) hash();
    else
        finish();
}

void FileCardDialog::hash()
{
    m_progress->show();
    m_progressTimer.start();
    m_tasks.run([path = m_path, hashed = m_hashed, stop = m_stop.get_token()] { return library::hashModelFile(
                                                                                    path, [hashed](double share) { hashed->store(share); }, stop); },
        [this](const Result<library::FileHashes>& hashes) { showHashes(hashes); });
}

void FileCardDialog::showHashes(const Result<library::FileHashes>& hashes)
{
    if (hashes) {
        addFact({ QStringLiteral("SHA-256"), hashes->sha256 });
        addFact({ QStringLiteral("AutoV2"), hashes->autoV2 });
        addFact({ QStringLiteral("AutoV3"), hashes->autoV3 });
    } else {
        addFact({ tr("Hashes"), faultText(hashes.error()) });
    }
    finish();
}

void FileCardDialog::addFact(const CardFact& fact)
{
    const int row = static_cast<int>(m_facts.size());
    m_facts.push_back(fact);
    QLabel* label = createLabel(fact.label, LabelRole::Secondary, this);
    QLabel* value = createParagraph(fact.value, LabelRole::Body, this);
    value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    value->setAccessibleName(QStringLiteral("%1: %2").arg(fact.label, fact.value));
    m_rows->addWidget(label, row, 0, Qt::AlignTop);
    m_rows->addWidget(value, row, 1);
}

void FileCardDialog::finish()
{
    m_progressTimer.stop();
    m_progress->hide();
    m_isComplete = true;
}

QString FileCardDialog::text() const { return factsAsText(m_facts); }

} // namespace sfumato::ui
