// SPDX-License-Identifier: Apache-2.0
#include "ui/docks/control/control_texts.h"

#include "ui/docks/lora/lora_texts.h"
#include "ui/files/file_texts.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace sfumato::ui {

namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(ControlTexts)
};

QString fileName(const std::string& path) { return QFileInfo(QString::fromStdString(path)).fileName(); }

QString otherKindText(const library::ControlModel& model)
{
    if (!model.problem.isEmpty()) return Texts::tr("%1 cannot be read: %2").arg(model.name, model.problem);
    return Texts::tr("%1 is %2, no control model, so it is not used. Choose a ControlNet, a T2I-Adapter or an IP-Adapter.").arg(model.name, kindText(model.kind));
}

} // namespace

QString controlTypeText(engine::ControlType type)
{
    using engine::ControlType;
    switch (type) {
    case ControlType::Pose: return Texts::tr("Pose");
    case ControlType::Depth: return Texts::tr("Depth");
    case ControlType::SoftEdge: return Texts::tr("Soft edges, scribble");
    case ControlType::Line: return Texts::tr("Lines");
    case ControlType::Normal: return Texts::tr("Normals");
    case ControlType::Segment: return Texts::tr("Segments");
    case ControlType::Tile: return Texts::tr("Tile");
    case ControlType::Inpaint: return Texts::tr("Inpaint");
    case ControlType::Reference: return Texts::tr("Reference");
    }
    return {};
}

QString preprocessorText(imaging::ControlPreprocessor preprocessor)
{
    using P = imaging::ControlPreprocessor;
    switch (preprocessor) {
    case P::None: return Texts::tr("As it is");
    case P::Canny: return Texts::tr("Canny edges");
    case P::SoftEdge: return Texts::tr("Soft edges");
    case P::LineArt: return Texts::tr("Line art");
    case P::Scribble: return Texts::tr("Scribble");
    case P::ScribbleThreshold: return Texts::tr("Scribble from a drawing");
    case P::Tile: return Texts::tr("Tile");
    case P::Blur: return Texts::tr("Blur");
    case P::Luminance: return Texts::tr("Grey by luminance");
    case P::Intensity: return Texts::tr("Grey by intensity");
    case P::ColorGrid: return Texts::tr("Colour grid");
    case P::Segments: return Texts::tr("Flat segments");
    case P::Invert: return Texts::tr("Invert");
    case P::Threshold: return Texts::tr("Threshold");
    }
    return {};
}

QString preprocessorHelp(imaging::ControlPreprocessor preprocessor)
{
    using P = imaging::ControlPreprocessor;
    switch (preprocessor) {
    case P::None: return Texts::tr("The picture is already what the model should see: a pose, depth or normal map, or lines drawn in white on black.");
    case P::Canny: return Texts::tr("Thin white lines where colours change sharply.");
    case P::SoftEdge: return Texts::tr("Broad soft edges, found by contrast at three scales.");
    case P::LineArt: return Texts::tr("What is darker than its surroundings, as white lines.");
    case P::Scribble: return Texts::tr("Broad white strokes along dark contours.");
    case P::ScribbleThreshold: return Texts::tr("White where a drawing on light paper is dark.");
    case P::Tile: return Texts::tr("The picture with less detail, to be painted anew in place.");
    case P::Blur: return Texts::tr("The picture out of focus.");
    case P::Luminance: return Texts::tr("The picture in grey by perceived lightness, for new colours.");
    case P::Intensity: return Texts::tr("The picture in grey by its strongest colour, for new colours.");
    case P::ColorGrid: return Texts::tr("Squares of one colour each: only the colours are kept.");
    case P::Segments: return Texts::tr("Regions of one flat colour each.");
    case P::Invert: return Texts::tr("Black lines on white become white lines on black.");
    case P::Threshold: return Texts::tr("White where the picture is light, black elsewhere.");
    }
    return {};
}

QString parameterText(std::string_view name)
{
    if (name == "low") return Texts::tr("Lower threshold");
    if (name == "high") return Texts::tr("Upper threshold");
    if (name == "sigma") return Texts::tr("Width");
    if (name == "gain") return Texts::tr("Strength of edges");
    if (name == "threshold") return Texts::tr("Threshold");
    if (name == "level") return Texts::tr("Level");
    if (name == "factor") return Texts::tr("Reduce by");
    if (name == "gamma") return Texts::tr("Gamma");
    if (name == "cell") return Texts::tr("Square");
    if (name == "tolerance") return Texts::tr("Colours apart");
    if (name == "smallest") return Texts::tr("Smallest region");
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

QString parameterSuffix(std::string_view name)
{
    if (name == "sigma" || name == "cell") return QStringLiteral("\u202Fpx");
    if (name == "smallest") return QStringLiteral("\u202F%");
    if (name == "factor") return QStringLiteral("\u202F×");
    return {};
}

QString controlModelText(const library::ControlModel& model)
{
    using engine::FileKind;
    QString kind;
    switch (model.kind) {
    case FileKind::ControlNet: kind = QStringLiteral("ControlNet"); break;
    case FileKind::ControlNetUnion: kind = model.taskCount > 6 ? QStringLiteral("ControlNet Union ProMax") : QStringLiteral("ControlNet Union"); break;
    case FileKind::ControlLora: kind = QStringLiteral("Control-LoRA"); break;
    case FileKind::ControlLllite: kind = QStringLiteral("ControlNet-LLLite"); break;
    case FileKind::T2iAdapter: kind = QStringLiteral("T2I-Adapter"); break;
    case FileKind::IpAdapter: kind = QStringLiteral("IP-Adapter"); break;
    default: return Texts::tr("no control model");
    }
    return model.family == engine::ModelFamily::Unknown ? kind : familyText(model.family) + QStringLiteral(" · ") + kind;
}

QString controlStateText(const workspace::ControlRow& row, const library::ControlModel* model, engine::ModelFamily base)
{
    using workspace::ControlState;
    const QString name = fileName(row.control.model);
    const QString picture = fileName(row.control.imageUrl);
    switch (row.state) {
    case ControlState::Used:
    case ControlState::Off: return {};
    case ControlState::NoModel: return Texts::tr("Choose a control model for this row. It is not used until then.");
    case ControlState::UnknownModel: return Texts::tr("%1 is not where it was, so it is not used. Choose the file again.").arg(name);
    case ControlState::NotAControl: return model ? otherKindText(*model) : QString();
    case ControlState::OtherBase: return Texts::tr("%1 was made for %2 and cannot work with this %3 model. It is left out.").arg(name, familyText(model ? model->family : engine::ModelFamily::Unknown), familyText(base));
    case ControlState::TypeNotOffered: return Texts::tr("%1 does not know “%2”. Choose what else the picture shows.").arg(name, controlTypeText(row.control.type));
    case ControlState::NoPicture: return Texts::tr("Choose the picture that leads it. It is not used until then.");
    case ControlState::MissingPicture: return Texts::tr("The picture %1 is not where it was, so it is not used. Choose it again.").arg(picture);
    case ControlState::NoCanvas: return Texts::tr("There is no picture on the canvas yet. Open one, or choose a file.");
    }
    return {};
}

} // namespace sfumato::ui
