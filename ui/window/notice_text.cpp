// SPDX-License-Identifier: Apache-2.0
#include "ui/window/notice_text.h"

#include "ui/files/fault_text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace sfumato::ui {

namespace {

using Topic = workspace::Notice::Topic;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(NoticeText)
};

Severity severityOf(const workspace::Notice& notice)
{
    if (notice.topic == Topic::Exported || notice.topic == Topic::JobSaved) return Severity::Success;
    switch (notice.severity) {
    case workspace::Notice::Severity::Information: return Severity::Information;
    case workspace::Notice::Severity::Warning: return Severity::Warning;
    case workspace::Notice::Severity::Error: return Severity::Error;
    }
    return Severity::Error;
}

QString openText(ErrorCode code, const QString& name)
{
    if (code == ErrorCode::FileNotFound) return Texts::tr("%1 is not there any more. The open picture is untouched.").arg(name);
    return Texts::tr("%1 could not be opened as a picture. PNG, JPEG, WebP, GIF and AVIF can; the open picture is untouched.").arg(name);
}

QString writeText(ErrorCode code, const QString& name)
{
    if (code == ErrorCode::DiskFull) return Texts::tr("The disk is full, so %1 was not written. Your picture is safe here: free some space or choose another place.").arg(name);
    if (code == ErrorCode::FileNotFound) return Texts::tr("The folder of %1 is not there. Choose another place.").arg(name);
    return Texts::tr("%1 was not written. Your picture is safe here: choose another name or place.").arg(name);
}

QString modelText(ErrorCode code, const QString& name)
{
    const bool isCalledModel = name.endsWith(QLatin1String(".safetensors"), Qt::CaseInsensitive);
    if (code == ErrorCode::FileUnreadable && !isCalledModel) code = ErrorCode::UnsupportedModel; // a text or a table has no download to wait for
    switch (code) {
    case ErrorCode::FileNotFound: return Texts::tr("The model %1 is no longer where it was. Choose it again or take another.").arg(name);
    case ErrorCode::FileUnreadable: return Texts::tr("The model %1 cannot be read; it may be cut short or still be downloading. Your picture is untouched.").arg(name);
    case ErrorCode::WeightMissing:
    case ErrorCode::WeightShapeMismatch: return Texts::tr("The model %1 is not complete: parts of it are missing or have another shape. Your picture is untouched.").arg(name);
    default: return Texts::tr("%1 is not a file this editor can use. It opens pictures, and models of the SDXL and SD 1.5 families as .safetensors files or diffusers folders.").arg(name);
    }
}

QString generateText(ErrorCode code, const QString& name)
{
    if (!name.isEmpty()) return Texts::tr("%1 could not be used with this model, so nothing was generated. Your picture is untouched.").arg(name);
    switch (code) {
    case ErrorCode::OutOfDeviceMemory: return Texts::tr("Memory ran out, so the run ended. Your picture and mask are untouched; a smaller area or fewer variations need less.");
    case ErrorCode::DeviceLost: return Texts::tr("The graphics card stopped answering. Your picture is untouched; the run can be repeated with the same seed.");
    case ErrorCode::InvalidRequest: return Texts::tr("These settings cannot be run. Your picture and mask are untouched; the details name what to change.");
    case ErrorCode::FileNotFound:
    case ErrorCode::FileUnreadable:
    case ErrorCode::UnsupportedModel:
    case ErrorCode::WeightMissing:
    case ErrorCode::WeightShapeMismatch: return Texts::tr("The model could not be loaded, so nothing was generated. Your picture is untouched; choose another model.");
    case ErrorCode::DiskFull:
    case ErrorCode::Internal: break;
    }
    return Texts::tr("The run failed. Your picture and mask are untouched; it can be repeated with the same seed.");
}

QString expansionText(ErrorCode code)
{
    if (code == ErrorCode::OutOfDeviceMemory) return Texts::tr("Memory ran out, so the prompt was not expanded. It stays as it is.");
    return Texts::tr("The prompt was not expanded; it stays as it is. The folder must hold a GPT-2 model in the layout of transformers, with its weights as .safetensors.");
}

QString textFor(const workspace::Notice& notice)
{
    const ErrorCode code = notice.error ? notice.error->code : ErrorCode::Internal;
    const QString name = QFileInfo(notice.path).fileName();
    const int count = static_cast<int>(notice.count);
    switch (notice.topic) {
    case Topic::OpenPicture: return openText(code, name);
    case Topic::PictureWarning: return Texts::tr("%1 is open, but not all of the file could be used.").arg(name);
    case Topic::Export:
    case Topic::SaveJob: return writeText(code, name);
    case Topic::Exported: return Texts::tr("%1 was written.").arg(name);
    case Topic::JobSaved: return Texts::tr("%1 was written, with picture and mask beside it.").arg(name);
    case Topic::Model: return modelText(code, name);
    case Topic::Generate: return generateText(code, name);
    case Topic::GenerateWarning: return Texts::tr("The run finished with a remark.");
    case Topic::Stopped: return count > 0 ? Texts::tr("Stopped at step %1. Nothing was changed.").arg(count) : Texts::tr("Stopped. Nothing was changed.");
    case Topic::ResultHidden: return Texts::tr("A result was hidden by the safety filter. It was not deleted.");
    case Topic::ResultsDropped: return Texts::tr("%n variation(s) left the strip to make room in memory.", "oldest first", count);
    case Topic::Expansion: return expansionText(code);
    case Topic::NothingToAdd: return Texts::tr("There is nothing to add: the prompt fills its last 75 tokens already.");
    case Topic::LoraEdit: return code == ErrorCode::DiskFull ? Texts::tr("The disk is full, so nothing was kept about the LoRA.") : Texts::tr("This could not be kept about the LoRA. The file itself is untouched.");
    case Topic::SealBroken: return Texts::tr("A result changed %n pixel(s) outside the mask. That is a fault of the program; the result was put aside.", "", count);
    }
    return {};
}

} // namespace

Message messageFor(const workspace::Notice& notice)
{
    return { severityOf(notice), textFor(notice), notice.error ? faultText(*notice.error) : QString(), {} };
}

} // namespace sfumato::ui
