// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/control/control_row_view.h"

#include "core/workflow/controls/control_picture.h"
#include "ui/docks/control/control_texts.h"
#include "ui/docks/control/control_thumbnail.h"
#include "ui/theme/icons.h"
#include "ui/theme/metrics.h"
#include "ui/theme/theme_tokens.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_text.h"
#include "ui/widgets/slider_row.h"

#include <QDragEnterEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QPainter>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace sfumato::ui {

namespace {

constexpr int kGripWidth = 16;
constexpr double kPercent = 100.0;

// What the last entries of the combo boxes stand for.
enum PictureChoice { FromCanvas,
    PresentFile,
    AnotherFile };
constexpr QLatin1String kAnotherModel("another"); // no absolute path looks like it

QToolButton* createTool(const QString& icon, QWidget* parent)
{
    auto* button = new QToolButton(parent);
    button->setIcon(themedIcon(icon));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

QComboBox* createChoice(QWidget* parent)
{
    auto* box = new ChoiceBox(parent);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

// The first picture file in a drag; empty when there is none. What a file holds is found out when it is read.
QString draggedPicture(const QMimeData& mime)
{
    for (const QUrl& url : mime.urls()) {
        const bool isModel = url.fileName().endsWith(QLatin1String(".safetensors"), Qt::CaseInsensitive);
        if (url.isLocalFile() && !isModel && QFileInfo(url.toLocalFile()).isFile()) return url.toLocalFile();
    }
    return {};
}

int decimalsOf(double step)
{
    return step >= 1 ? 0 : step >= 0.1 ? 1
                                       : 2;
}

} // namespace

ControlRowView::ControlRowView(QWidget* parent) : QWidget(parent)
{
    setAcceptDrops(true);
    auto* head = new QHBoxLayout;
    head->setSpacing(2);
    createHeadLine(*head);
    m_note = createParagraph({}, LabelRole::Secondary, this);
    m_note->setObjectName(QStringLiteral("controlNote"));
    m_note->setMinimumHeight(1); // its height is that of its width, not the guess of a label
    m_weight = new SliderRow({ .label = tr("Weight"), .help = tr("How strongly the picture leads. 1 is what the model was made for."), .minimum = 0, .maximum = workspace::kLargestControlWeight, .step = 0.05, .defaultValue = 1, .decimals = 2 }, this);
    auto* body = new QVBoxLayout;
    body->setContentsMargins(kGripWidth + 2, 0, 0, 0);
    body->setSpacing(metrics::kInside);
    body->addLayout(createPictureLine());
    body->addWidget(m_note);
    body->addWidget(m_weight);
    body->addWidget(createDetails());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, metrics::kInside, 0, metrics::kBetween);
    column->setSpacing(metrics::kInside);
    column->addLayout(head);
    column->addLayout(body);
    connectParts();
}

void ControlRowView::createHeadLine(QHBoxLayout& line)
{
    m_grip = createTool(QStringLiteral("status/grip"), this);
    m_grip->setFixedWidth(kGripWidth);
    m_grip->setCursor(Qt::SizeVerCursor);
    m_grip->installEventFilter(this);
    m_eye = createTool(QStringLiteral("status/eye"), this);
    m_model = createChoice(this);
    m_model->setObjectName(QStringLiteral("controlModel"));
    m_unfold = createTool(QStringLiteral("status/chevron-right"), this);
    m_remove = createTool(QStringLiteral("actions/discard"), this);
    line.addWidget(m_grip);
    line.addWidget(m_eye);
    line.addWidget(m_model, 1);
    line.addWidget(m_unfold);
    line.addWidget(m_remove);
}

QHBoxLayout* ControlRowView::createPictureLine()
{
    m_thumbnail = new ControlThumbnail(this);
    m_type = createChoice(this);
    m_type->setObjectName(QStringLiteral("controlType"));
    m_picture = createChoice(this);
    m_picture->setObjectName(QStringLiteral("controlPictureSource"));
    m_preprocessor = createChoice(this);
    m_preprocessor->setObjectName(QStringLiteral("controlPreprocessor"));
    for (const imaging::PreprocessorDescription& entry : imaging::controlPreprocessors()) {
        m_preprocessor->addItem(preprocessorText(entry.preprocessor), static_cast<int>(entry.preprocessor));
        m_preprocessor->setItemData(m_preprocessor->count() - 1, preprocessorHelp(entry.preprocessor), Qt::AccessibleDescriptionRole);
    }
    auto* choices = new QVBoxLayout;
    choices->setSpacing(metrics::kInside);
    for (QComboBox* box : { m_picture, m_type, m_preprocessor }) choices->addWidget(box);
    auto* line = new QHBoxLayout;
    line->setSpacing(metrics::kBetween);
    line->addWidget(m_thumbnail, 0, Qt::AlignTop);
    line->addLayout(choices, 1);
    return line;
}

QWidget* ControlRowView::createDetails()
{
    m_details = new QWidget(this);
    m_start = new SliderRow({ .label = tr("From"), .help = tr("The part of the steps after which the picture begins to lead."), .minimum = 0, .maximum = 99, .step = 1, .defaultValue = 0, .suffix = QStringLiteral("\u202F%") }, m_details);
    m_end = new SliderRow({ .label = tr("Until"), .help = tr("The part of the steps after which the picture leaves the rest to the prompt."), .minimum = 1, .maximum = 100, .step = 1, .defaultValue = 100, .suffix = QStringLiteral("\u202F%") }, m_details);
    m_parameterColumn = new QVBoxLayout;
    m_parameterColumn->setSpacing(metrics::kInside);
    auto* column = new QVBoxLayout(m_details);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metrics::kInside);
    column->addLayout(m_parameterColumn);
    column->addWidget(m_start);
    column->addWidget(m_end);
    m_details->hide();
    return m_details;
}

void ControlRowView::connectParts()
{
    connect(m_eye, &QToolButton::clicked, this, [this] { Q_EMIT switched(!m_look.row.isOn); });
    connect(m_remove, &QToolButton::clicked, this, &ControlRowView::removeRequested);
    connect(m_unfold, &QToolButton::clicked, this, [this] { unfold(m_details->isHidden()); });
    connect(m_thumbnail, &QAbstractButton::clicked, this, [this] { showControlPicture(m_thumbnail->picture(), tr("What the model sees"), *this); });
    connect(m_model, &QComboBox::activated, this, [this](int index) {
        const QString chosen = m_model->itemData(index).toString();
        showModels(); // a file that is asked for may not be chosen in the end
        if (chosen == kAnotherModel) Q_EMIT modelFileRequested();
        else
            Q_EMIT modelChosen(chosen);
    });
    connect(m_type, &QComboBox::activated, this, [this](int index) { Q_EMIT typeChosen(static_cast<engine::ControlType>(m_type->itemData(index).toInt())); });
    connect(m_picture, &QComboBox::activated, this, [this](int index) {
        const int choice = m_picture->itemData(index).toInt();
        showPicture();
        if (choice == FromCanvas) Q_EMIT canvasChosen();
        if (choice == AnotherFile) Q_EMIT pictureFileRequested();
    });
    connect(m_preprocessor, &QComboBox::activated, this, [this](int index) {
        Q_EMIT preprocessingChanged(imaging::ControlPreprocessing::withDefaults(static_cast<imaging::ControlPreprocessor>(m_preprocessor->itemData(index).toInt())));
    });
    const auto connectSlider = [this](SliderRow* slider, void (ControlRowView::*signal)(double), double unit) {
        connect(slider, &SliderRow::valueChanged, this, [this, signal, unit](double value) {
            if (!m_isShowing) Q_EMIT(this->*signal)
            (value / unit);
        });
    };
    connectSlider(m_weight, &ControlRowView::weightChanged, 1.0);
    connectSlider(m_start, &ControlRowView::startChanged, kPercent);
    connectSlider(m_end, &ControlRowView::endChanged, kPercent);
}

void ControlRowView::show(const ControlRowLook& look)
{
    const QScopedValueRollback showing(m_isShowing, true);
    m_look = look;
    const bool isOn = look.row.isOn;
    m_eye->setIcon(themedIcon(isOn ? QStringLiteral("status/eye") : QStringLiteral("status/eye-off")));
    showModels();
    showTypes();
    showPicture();
    showPreprocessor();
    showParameters();
    m_weight->setValue(look.row.control.weight);
    m_start->setValue(std::round(look.row.control.start * kPercent));
    m_end->setValue(std::round(look.row.control.end * kPercent));
    for (QWidget* part : { static_cast<QWidget*>(m_model), static_cast<QWidget*>(m_type), static_cast<QWidget*>(m_picture), static_cast<QWidget*>(m_preprocessor), static_cast<QWidget*>(m_weight), m_details })
        part->setEnabled(isOn);
    refreshNames();
    showNote();
}

void ControlRowView::showPreview(const workspace::ControlPreview& preview)
{
    m_preview = preview;
    m_thumbnail->setPicture(preview.picture);
    showNote();
}

void ControlRowView::unfold(bool isOpen)
{
    m_unfold->setIcon(themedIcon(isOpen ? QStringLiteral("status/chevron-down") : QStringLiteral("status/chevron-right")));
    m_details->setVisible(isOpen);
}

// The parts say whose they are.
void ControlRowView::refreshNames()
{
    const QString name = tr("Control %1").arg(m_look.number);
    describe(*this, name);
    describe(*m_grip, tr("Move %1").arg(name), tr("Drag to change the order, or use the up and down keys here."));
    describe(*m_eye, m_look.row.isOn ? tr("Switch %1 off").arg(name) : tr("Switch %1 on").arg(name), tr("Switch the control off and on; its settings stay."));
    describe(*m_unfold, tr("Details of %1").arg(name), tr("Parameters of the preparation, and the part of the steps in which it leads."));
    describe(*m_remove, tr("Remove %1").arg(name));
    const QString model = m_look.model ? m_look.model->name + QLatin1Char('\n') + controlModelText(*m_look.model) + QLatin1Char('\n') + m_look.model->path : QString();
    describe(*m_model, tr("Model of %1").arg(name), model.isEmpty() ? tr("A ControlNet, T2I-Adapter or IP-Adapter that fits the model in use.") : model);
    describe(*m_type, tr("What the picture of %1 shows").arg(name), tr("What the picture shows. It chooses how an ordinary picture is prepared, and the task of a ControlNet Union."));
    describe(*m_picture, tr("Picture of %1").arg(name), tr("The picture that leads: the one on the canvas, or a file. A file can also be dropped here."));
    describe(*m_preprocessor, tr("Preparation of %1").arg(name), preprocessorHelp(workflow::effectivePreprocessing(m_look.row.control).preprocessor));
    describe(*m_thumbnail, tr("What the model of %1 sees").arg(name), tr("What the model will see. Click to enlarge."));
}

void ControlRowView::showModels()
{
    const QString present = QString::fromStdString(m_look.row.control.model);
    m_model->clear();
    if (m_look.models) {
        for (const library::ControlModel& model : *m_look.models) {
            if (!model.isControl() && model.path != present) continue;
            m_model->addItem(model.name, model.path);
        }
    }
    if (!present.isEmpty() && m_model->findData(present) < 0) m_model->addItem(QFileInfo(present).completeBaseName(), present);
    m_model->addItem(tr("Model file…"), QString(kAnotherModel));
    m_model->setPlaceholderText(tr("Choose a model"));
    m_model->setCurrentIndex(present.isEmpty() ? -1 : m_model->findData(present));
}

void ControlRowView::showTypes()
{
    m_type->clear();
    const engine::ControlType present = m_look.row.control.type;
    std::vector<engine::ControlType> types = m_look.model && m_look.model->isControl() ? m_look.model->types() : library::ControlModel{}.types();
    if (std::ranges::find(types, present) == types.end()) types.push_back(present);
    for (const engine::ControlType type : types) m_type->addItem(controlTypeText(type), static_cast<int>(type));
    m_type->setCurrentIndex(m_type->findData(static_cast<int>(present)));
}

void ControlRowView::showPicture()
{
    m_picture->clear();
    const QString file = QFileInfo(QString::fromStdString(m_look.row.control.imageUrl)).fileName();
    m_picture->addItem(tr("From the canvas"), FromCanvas);
    if (!file.isEmpty()) m_picture->addItem(file, PresentFile);
    m_picture->addItem(tr("Picture file…"), AnotherFile);
    m_picture->setPlaceholderText(tr("Choose a picture"));
    m_picture->setCurrentIndex(m_look.row.isFromCanvas ? 0 : file.isEmpty() ? -1
                                                                            : 1);
}

void ControlRowView::showPreprocessor()
{
    m_preprocessor->setCurrentIndex(m_preprocessor->findData(static_cast<int>(workflow::effectivePreprocessing(m_look.row.control).preprocessor)));
}

// Another preprocessor brings its own sliders.
void ControlRowView::showParameters()
{
    const imaging::ControlPreprocessing how = workflow::effectivePreprocessing(m_look.row.control);
    const auto described = imaging::describePreprocessor(how.preprocessor).parameters;
    if (m_parametersOf != how.preprocessor) {
        for (SliderRow*& slider : m_parameters) {
            if (slider) slider->deleteLater();
            slider = nullptr;
        }
        for (std::size_t i = 0; i < described.size(); ++i) {
            const imaging::PreprocessorParameter& parameter = described[i];
            m_parameters[i] = new SliderRow({ .label = parameterText(parameter.name), .help = preprocessorHelp(how.preprocessor), .minimum = parameter.least, .maximum = parameter.most, .step = parameter.step, .defaultValue = parameter.fallback, .decimals = decimalsOf(parameter.step), .suffix = parameterSuffix(parameter.name) }, m_details);
            m_parameterColumn->addWidget(m_parameters[i]);
            connect(m_parameters[i], &SliderRow::valueChanged, this, [this, i](double value) {
                if (m_isShowing) return;
                imaging::ControlPreprocessing changed = workflow::effectivePreprocessing(m_look.row.control);
                changed.parameters[i] = value;
                Q_EMIT preprocessingChanged(changed);
            });
        }
        m_parametersOf = how.preprocessor;
        int labelWidth = std::max(m_start->naturalLabelWidth(), m_end->naturalLabelWidth());
        for (std::size_t i = 0; i < described.size(); ++i) labelWidth = std::max(labelWidth, m_parameters[i]->naturalLabelWidth());
        for (SliderRow* slider : { m_start, m_end, m_parameters[0], m_parameters[1] })
            if (slider) slider->setLabelWidth(labelWidth);
    }
    for (std::size_t i = 0; i < described.size(); ++i) m_parameters[i]->setValue(how.parameters[i]);
}

void ControlRowView::showNote()
{
    const QString state = controlStateText(m_look.row, m_look.model, m_look.base);
    const QString note = state.isEmpty() && m_look.row.isOn ? m_preview.fault : state;
    setLabelText(*m_note, note);
    m_note->setVisible(!note.isEmpty());
    QPalette palette;
    palette.setColor(m_note->foregroundRole(), tokensOf(*this).warning);
    m_note->setPalette(palette);
}

void ControlRowView::paintEvent(QPaintEvent* /*event*/)
{
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), tokensOf(*this).lineSubtle);
}

void ControlRowView::dragEnterEvent(QDragEnterEvent* event)
{
    if (!draggedPicture(*event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void ControlRowView::dropEvent(QDropEvent* event)
{
    const QString path = draggedPicture(*event->mimeData());
    if (path.isEmpty()) return;
    event->acceptProposedAction();
    Q_EMIT pictureDropped(path);
}

bool ControlRowView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_grip && handleGrip(event)) return true;
    return QWidget::eventFilter(watched, event);
}

bool ControlRowView::handleGrip(QEvent* event)
{
    if (event->type() == QEvent::MouseMove) {
        const auto* move = static_cast<QMouseEvent*>(event);
        if (!move->buttons().testFlag(Qt::LeftButton)) return false;
        Q_EMIT gripDragged(parentWidget()->mapFromGlobal(move->globalPosition().toPoint()).y());
        return true;
    }
    if (event->type() != QEvent::KeyPress) return false;
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key != Qt::Key_Up && key != Qt::Key_Down) return false;
    Q_EMIT moveRequested(key == Qt::Key_Up ? -1 : 1);
    return true;
}

} // namespace sfumato::ui
