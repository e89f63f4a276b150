// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/model_files.h"

#include "core/engine/io/diffusers_folder.h"
#include "core/engine/io/kinds/few_step_recognition.h"
#include "core/engine/io/file_kind.h"
#include "core/engine/io/message_text.h"
#include "core/engine/io/model_facts.h"
#include "core/engine/io/single_file.h"
#include "core/engine/io/tiny_vae.h"

#include <algorithm>
#include <functional>
#include <set>

namespace sfumato::engine {

namespace {

namespace fs = std::filesystem;

bool isFolder(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

std::string_view phraseOf(Component component)
{
    switch (component) {
    case Component::Unet: return "UNet";
    case Component::Vae: return "VAE";
    case Component::TextEncoder: return "text encoder (CLIP-L)";
    case Component::TextEncoder2: return "second text encoder (OpenCLIP bigG)";
    }
    return {};
}

// Which parts a family needs to make a picture from words.
std::vector<Component> requiredParts(ModelFamily family)
{
    switch (family) {
    case ModelFamily::SdxlRefiner:
    case ModelFamily::Sd2: return { Component::Unet, Component::TextEncoder2, Component::Vae };
    case ModelFamily::Sd1: return { Component::Unet, Component::TextEncoder, Component::Vae };
    case ModelFamily::Sdxl:
    case ModelFamily::Unknown: break;
    }
    return { Component::Unet, Component::TextEncoder, Component::TextEncoder2, Component::Vae };
}

std::vector<std::string> missingParts(const ModelFiles& files)
{
    std::vector<std::string> missing;
    for (const Component component : requiredParts(files.info().family)) {
        if (!files.has(component)) missing.emplace_back(phraseOf(component));
    }
    return missing;
}

Result<std::shared_ptr<const SafetensorsFile>> openShared(const fs::path& path)
{
    Result<SafetensorsFile> file = SafetensorsFile::open(path);
    if (!file) return std::move(file).error();
    return std::shared_ptr<const SafetensorsFile>(std::make_shared<SafetensorsFile>(std::move(*file)));
}

Error wrongKind(const SafetensorsFile& file)
{
    const RecognisedKind recognised = recogniseKind(file);
    const bool isModel = recognised.kind == FileKind::Unet || recognised.kind == FileKind::Checkpoint;
    std::string what(fileKindPhrase(recognised.kind));
    if (!recognised.foreignFamily.empty()) what = isModel ? "a model of the " + recognised.foreignFamily + " family" : what + " for " + recognised.foreignFamily;
    return fileError(file.path(), "is " + what + ", not a Stable Diffusion XL model.", ErrorCode::UnsupportedModel);
}

} // namespace

class ModelFilesBuilder {
public:
    ModelFilesBuilder(const ModelSource& source, VariantPreference preference) : m_source(source), m_preference(preference) { }

    Result<ModelFiles> build()
    {
        if (Result<void> outcome = isFolder(m_source.path) ? openFolder() : openSingleFile(); !outcome) return std::move(outcome).error();
        if (m_source.vae) {
            if (Result<void> outcome = openSeparateVae(*m_source.vae); !outcome) return std::move(outcome).error();
        }
        describe();
        return std::move(m_files);
    }

private:
    void place(Component component, std::span<const SourceTensor> sources, std::string fileName)
    {
        ComponentTensors mapped = mapComponent(component, sources);
        ModelFiles::Part& part = m_files.part(component);
        part.tensors = std::move(mapped.tensors);
        part.unmapped = std::move(mapped.unmapped);
        part.fileName = std::move(fileName);
    }

    // The family is known once the UNet and the text encoders are placed; the hints start from what it usually is.
    void startFromFamily()
    {
        m_facts = unetFacts(m_files.tensors(Component::Unet));
        m_files.m_info.family = familyOf(m_facts, m_files.has(Component::TextEncoder), m_files.has(Component::TextEncoder2));
        m_files.m_hints = defaultHints(m_files.m_info.family);
    }

    Result<void> openSingleFile()
    {
        Result<std::shared_ptr<const SafetensorsFile>> file = openShared(m_source.path);
        if (!file) return std::move(file).error();
        const RecognisedKind recognised = recogniseKind(**file);
        const bool hasUnet = recognised.kind == FileKind::Checkpoint || recognised.kind == FileKind::Unet;
        if (!hasUnet || !recognised.foreignFamily.empty()) return wrongKind(**file);
        const SingleFileParts parts = splitSingleFile(*file);
        for (const Component component : kComponents) place(component, parts.of(component), displayName(m_source.path));
        m_files.m_strayNames = parts.strayNames;
        startFromFamily();
        return applyMarkers(parts, (*file)->metadata());
    }

    Result<void> applyMarkers(const SingleFileParts& parts, const Metadata& metadata)
    {
        if (parts.isEdm) return fileError(m_source.path, "uses EDM noise levels (CosXL, Playground 2.5), which the engine does not have.", ErrorCode::UnsupportedModel);
        ModelHints& hints = m_files.m_hints;
        hints.scaledFloat8 = parts.isScaledFloat8;
        if (const auto named = predictionNamed(metadataValue(metadata, "modelspec.prediction_type"))) hints.prediction = *named;
        if (const auto sidecar = sidecarPrediction(m_source.path)) hints.prediction = *sidecar;
        if (parts.isVPrediction) hints.prediction = PredictionType::VPrediction;
        hints.zeroTerminalSnr = parts.isZeroTerminalSnr && hints.prediction == PredictionType::VPrediction;
        m_metadata = metadata;
        m_files.m_info.title = metadataValue(metadata, "modelspec.title");
        m_files.m_info.description = metadataValue(metadata, "modelspec.description");
        m_nativeSize = parseResolution(metadataValue(metadata, "modelspec.resolution"));
        return {};
    }

    Result<void> openFolder()
    {
        const fs::path& root = m_source.path;
        const bool isUnetFolder = !isFolder(root / "unet");
        const fs::path unet = isUnetFolder ? root : root / "unet";
        Result<FolderWeights> weights = openFolderWeights(unet, "diffusion_pytorch_model", m_preference);
        if (!weights && weights.error().code == ErrorCode::FileNotFound && isUnetFolder)
            return fileError(root, "is a folder without a model: it holds neither a unet folder nor diffusion_pytorch_model.safetensors.", ErrorCode::UnsupportedModel);
        if (!weights) return std::move(weights).error();
        place(Component::Unet, weights->sources, isUnetFolder ? weights->fileName : "unet/" + weights->fileName);
        if (!isUnetFolder) {
            if (Result<void> outcome = openFolderTexts(); !outcome) return outcome;
        }
        startFromFamily();
        if (m_facts.inputChannels == 0) return fileError(unet, "holds no UNet of Stable Diffusion: conv_in.weight is not there.", ErrorCode::UnsupportedModel);
        if (!isUnetFolder) {
            if (Result<void> outcome = openFolderPart(Component::Vae, "vae", "diffusion_pytorch_model"); !outcome) return outcome;
        }
        return applyConfigs(unet);
    }

    Result<void> openFolderTexts()
    {
        if (Result<void> outcome = openFolderPart(Component::TextEncoder, "text_encoder", "model"); !outcome) return outcome;
        if (Result<void> outcome = openFolderPart(Component::TextEncoder2, "text_encoder_2", "model"); !outcome) return outcome;
        // Some refiner folders call their only encoder, the large one, text_encoder.
        const ModelFamily family = familyOf(unetFacts(m_files.tensors(Component::Unet)), m_files.has(Component::TextEncoder), m_files.has(Component::TextEncoder2));
        if (family != ModelFamily::SdxlRefiner || m_files.has(Component::TextEncoder2) || !m_files.has(Component::TextEncoder)) return {};
        m_files.part(Component::TextEncoder) = {};
        m_secondEncoderFolder = "text_encoder";
        return openFolderPart(Component::TextEncoder2, m_secondEncoderFolder, "model");
    }

    // A part that is not there is a state, not an error; one that cannot be read is an error.
    Result<void> openFolderPart(Component component, const std::string& folder, std::string_view stem)
    {
        if (!isFolder(m_source.path / folder)) return {};
        Result<FolderWeights> weights = openFolderWeights(m_source.path / folder, stem, m_preference);
        if (!weights && weights.error().code == ErrorCode::FileNotFound && weights.error().detail == (m_source.path / folder).string()) return {};
        if (!weights) return std::move(weights).error();
        place(component, weights->sources, folder + '/' + weights->fileName);
        return {};
    }

    Result<void> applyConfigs(const fs::path& unet)
    {
        const fs::path& root = m_source.path;
        ModelHints& hints = m_files.m_hints;
        std::string refusal;
        const std::pair<fs::path, std::function<void(const JsonValue&)>> steps[] = {
            { unet / "config.json", [&](const JsonValue& config) { applyUnetConfig(config, hints); m_nativeSize = nativeSizeFrom(config); } },
            { root / "vae/config.json", [&](const JsonValue& config) { refusal += applyVaeConfig(config, hints); } },
            { root / "text_encoder/config.json", [&](const JsonValue& config) { applyTextConfig(config, m_secondEncoderFolder == "text_encoder" ? 1 : 0, hints); } },
            { root / "text_encoder_2/config.json", [&](const JsonValue& config) { applyTextConfig(config, 1, hints); } },
            { root / "model_index.json", [&](const JsonValue& config) { applyPipelineConfig(config, hints); } },
            { root / "scheduler/scheduler_config.json", [&](const JsonValue& config) {
                 refusal = refusal.empty() ? applySchedulerConfig(config, hints) : refusal;
                 noteScheduler(config);
             } },
        };
        for (const auto& [path, apply] : steps) {
            Result<JsonValue> config = readConfig(path);
            if (!config) return std::move(config).error();
            apply(*config);
        }
        if (!refusal.empty()) return fileError(root, refusal, ErrorCode::UnsupportedModel);
        return {};
    }

    void noteScheduler(const JsonValue& config)
    {
        const auto textOf = [&](const char* field) { const std::string* text = config[field].toString(); return text ? *text : std::string(); };
        m_evidence.schedulerClass = textOf("_class_name");
        m_evidence.isTrailing = textOf("timestep_spacing") == "trailing" && !m_files.m_hints.zeroTerminalSnr;
    }

    // The side is stored in latent pixels, an eighth of the picture's.
    static std::optional<Extent> nativeSizeFrom(const JsonValue& unetConfig)
    {
        const std::int64_t latentSide = unetConfig["sample_size"].toInteger().value_or(0);
        if (latentSide < 8 || latentSide > 1024) return std::nullopt;
        return Extent{ static_cast<int>(latentSide) * 8, static_cast<int>(latentSide) * 8 };
    }

    Result<void> openSeparateVae(const fs::path& path)
    {
        const ModelHints family = defaultHints(m_files.m_info.family);
        m_files.m_hints.vaeScalingFactor = family.vaeScalingFactor;
        m_files.m_hints.vaeForceUpcast = family.vaeForceUpcast;
        if (Result<void> outcome = isFolder(path) ? openVaeFolder(path) : openVaeFile(path); !outcome) return outcome;
        const std::vector<MappedTensor>& tensors = m_files.tensors(Component::Vae);
        const auto isDecoderInput = [](const MappedTensor& tensor) { return tensor.name == "decoder.conv_in.weight" || tensor.name == kTinyDecoderInput; };
        if (std::none_of(tensors.begin(), tensors.end(), isDecoderInput))
            return fileError(path, "is not a VAE: decoder.conv_in.weight is not in it.", ErrorCode::UnsupportedModel);
        return {};
    }

    void placeTiny(std::vector<MappedTensor> tensors, std::string fileName)
    {
        ModelFiles::Part& part = m_files.part(Component::Vae);
        part = {};
        part.tensors = std::move(tensors);
        part.fileName = std::move(fileName);
        m_files.m_hints.isTinyVae = true;
        m_files.m_hints.vaeScalingFactor = 1.0;
        m_files.m_hints.vaeForceUpcast = false;
    }

    // A decoder alone is joined by the encoder beside it, where there is one.
    Result<void> openTinyVae(const std::shared_ptr<const SafetensorsFile>& file)
    {
        std::vector<MappedTensor> tensors = mapTinyVae(file);
        const fs::path encoder = tinyEncoderBeside(m_source.vae.value_or(fs::path()));
        if (!encoder.empty() && std::ranges::none_of(tensors, [](const MappedTensor& tensor) { return tensor.name == kTinyEncoderInput; })) {
            Result<std::shared_ptr<const SafetensorsFile>> other = openShared(encoder);
            if (!other) return std::move(other).error();
            std::ranges::move(mapTinyVae(*other), std::back_inserter(tensors));
        }
        placeTiny(std::move(tensors), displayName(file->path()));
        return {};
    }

    Result<void> openVaeFolder(const fs::path& path)
    {
        const fs::path folder = isFolder(path / "vae") ? path / "vae" : path;
        Result<FolderWeights> weights = openFolderWeights(folder, "diffusion_pytorch_model", m_preference);
        if (!weights) return std::move(weights).error();
        const bool isTiny = std::ranges::any_of(weights->sources, [](const SourceTensor& source) { return source.name == kTinyDecoderInput; });
        if (isTiny) {
            placeTiny(mapTinyVae(weights->sources.front().file), displayName(folder) + '/' + weights->fileName);
            return {};
        }
        place(Component::Vae, weights->sources, displayName(folder) + '/' + weights->fileName);
        Result<JsonValue> config = readConfig(folder / "config.json");
        if (!config) return std::move(config).error();
        if (const std::string refusal = applyVaeConfig(*config, m_files.m_hints); !refusal.empty()) return fileError(path, refusal, ErrorCode::UnsupportedModel);
        return {};
    }

    // A VAE alone, or the VAE of a whole checkpoint.
    Result<void> openVaeFile(const fs::path& path)
    {
        Result<std::shared_ptr<const SafetensorsFile>> file = openShared(path);
        if (!file) return std::move(file).error();
        const FileKind kind = recogniseKind(**file).kind;
        if (kind == FileKind::Checkpoint) {
            place(Component::Vae, splitSingleFile(*file).of(Component::Vae), displayName(path));
        } else if (kind == FileKind::Vae) {
            place(Component::Vae, tensorsOfComponent(*file, Component::Vae), displayName(path));
        } else if (kind == FileKind::Taesd) {
            return openTinyVae(*file);
        } else {
            return fileError(path, "is " + std::string(fileKindPhrase(kind)) + ", not a VAE.", ErrorCode::UnsupportedModel);
        }
        return {};
    }

    void describe()
    {
        ModelInfo& info = m_files.m_info;
        if (info.title.empty()) info.title = isFolder(m_source.path) ? displayName(m_source.path) : m_source.path.stem().string();
        info.inputChannels = m_facts.inputChannels;
        info.nativeSize = m_nativeSize.value_or(nativeSizeOf(info.family));
        info.prediction = m_files.m_hints.prediction;
        info.zeroTerminalSnr = m_files.m_hints.zeroTerminalSnr;
        m_evidence.path = m_source.path;
        m_evidence.hasGuidanceEmbedding = m_facts.hasGuidanceEmbedding;
        info.fewSteps = recogniseFewSteps(m_evidence, m_metadata);
        info.hasVae = m_files.has(Component::Vae);
        const std::vector<Component> required = requiredParts(info.family);
        info.hasTextEncoders = std::all_of(required.begin(), required.end(), [&](Component part) { return part == Component::Vae || m_files.has(part); });
        info.precision = storedPrecision(entriesOf(Component::Unet)).name;
        std::set<const SafetensorsFile*> opened;
        for (const Component component : kComponents) {
            info.parameterCount += storedPrecision(entriesOf(component)).parameterCount;
            for (const MappedTensor& tensor : m_files.tensors(component)) opened.insert(tensor.file.get());
        }
        for (const SafetensorsFile* file : opened) info.sizeInBytes += file->sizeInBytes();
    }

    // Each entry once, though a fused one is several tensors.
    std::vector<const TensorEntry*> entriesOf(Component component) const
    {
        std::vector<const TensorEntry*> entries;
        for (const MappedTensor& tensor : m_files.tensors(component)) {
            if (tensor.rowBegin == 0) entries.push_back(tensor.entry);
        }
        return entries;
    }

    const ModelSource& m_source;
    VariantPreference m_preference;
    ModelFiles m_files;
    UnetFacts m_facts;
    std::optional<Extent> m_nativeSize;
    FewStepEvidence m_evidence;
    Metadata m_metadata; // of a single file
    std::string m_secondEncoderFolder = "text_encoder_2";
};

Result<ModelFiles> ModelFiles::open(const ModelSource& source, VariantPreference preference)
{
    return ModelFilesBuilder(source, preference).build();
}

Result<void> ModelFiles::checkComplete() const
{
    const std::vector<std::string> missing = missingParts(*this);
    if (missing.empty()) return {};
    return Error{ ErrorCode::UnsupportedModel, fileName(Component::Unet) + " lacks a part of the model: it has no " + listed(missing) + ".", listed(missing) };
}

} // namespace sfumato::engine
