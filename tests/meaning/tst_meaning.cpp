// Does the starter model paint what it is told to? Objects × colours are painted into empty meadows, from the job to the placed picture as window and command line do it,
// and the painted area is measured. Prints the table of the model card and leaves it, with a sheet of the pictures, in the build folder (meaning.md, meaning.png).
// For measuring other weights or other conditions by hand: SFUMATO_MEANING_MODEL names another file, SFUMATO_FIRST_SEED other seeds and meadows, and with
// SFUMATO_MEANING_WHOLE=1 the meadows are as large as the model's own size and painted whole, without a crop.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/runtime/create_engine.h"
#include "core/imaging/resample.h"
#include "core/workflow/place_result.h"
#include "core/workflow/prepare_generation.h"
#include "tests/meaning/meadow.h"
#include "tests/meaning/painted_colours.h"

#include <QFile>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

using namespace sfumato;
using test::ColourFamily;

namespace {

constexpr int kSeeds = 10;        // of rows that must come out in 8 of 10
constexpr int kReportedSeeds = 4; // of rows that count in the total alone
constexpr int kSteps = 20, kReportedSteps = 12;
constexpr double kGuidance = 5.0;
constexpr int kThumbnail = 96;

struct Row {
    const char* object;
    const char* colour;
    ColourFamily family; // what the colour word must come out as
    int seeds = kReportedSeeds;
    int atLeast = 0;
};

constexpr Row kRows[] = {
    { "ball", "blue", ColourFamily::Blue, kSeeds, 8 },
    { "house", "red", ColourFamily::Red, kSeeds, 8 },
    { "flower", "yellow", ColourFamily::Yellow, kSeeds, 8 },
    { "ball", "red", ColourFamily::Red },
    { "ball", "yellow", ColourFamily::Yellow },
    { "house", "blue", ColourFamily::Blue },
    { "house", "yellow", ColourFamily::Yellow },
    { "flower", "blue", ColourFamily::Blue },
    { "flower", "red", ColourFamily::Red },
};

struct RowResult {
    QString prompt;
    std::vector<ColourFamily> families; // one a seed
    int paintedCount = 0;               // pictures in which something is to be seen

    [[nodiscard]] int count(ColourFamily family) const { return static_cast<int>(std::count(families.begin(), families.end(), family)); }
};

bool isWhole() { return qEnvironmentVariableIsSet("SFUMATO_MEANING_WHOLE"); }

test::Meadow scaled(const test::Meadow& meadow, Extent size)
{
    const auto picture = imaging::resample(meadow.picture.toImage().view(), size), mask = imaging::resample(meadow.mask.toImage().view(), size);
    return { imaging::Raster::fromImage(picture->view()), imaging::Mask::fromImage(mask->view()) };
}

} // namespace

class MeaningTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void colourWordsDecideTheColour();
    void aPineTreeIsNotBlue();
    void aMeadowStaysGreen();
    void cleanupTestCase();

private:
    RowResult paint(const QString& prompt, int seeds);
    std::optional<imaging::Raster> paintOnce(const QString& prompt, int seed, int steps, const test::Meadow& meadow);
    void addToSheet(const imaging::Raster& picture, int column);

    std::unique_ptr<engine::Engine> m_engine;
    engine::ModelSource m_model{ std::filesystem::path(SFUMATO_SOURCE_DIR) / "resources/models/starter/starter.safetensors", std::nullopt };
    engine::ModelInfo m_info;
    QImage m_sheet;
    int m_sheetRow = 0;
    QString m_table = QStringLiteral("| Prompt | Seeds | As told | Colours that dominate the painted area |\n| --- | --- | --- | --- |\n");
};

void MeaningTest::initTestCase()
{
    if (const QString other = qEnvironmentVariable("SFUMATO_MEANING_MODEL"); !other.isEmpty()) m_model.path = other.toStdString();
    engine::EngineOptions options;
    options.vocabularyPath = SFUMATO_BUILD_DIR "/share/sfumato/bpe_simple_vocab_16e6.txt";
    auto made = engine::createEngine(options);
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    m_engine = std::move(*made);
    const auto info = m_engine->describeModel(m_model);
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    m_info = *info;
    m_sheet = QImage(kSeeds * kThumbnail, static_cast<int>(std::size(kRows) + 2) * kThumbnail, QImage::Format_RGBA8888);
    m_sheet.fill(Qt::white);
}

std::optional<imaging::Raster> MeaningTest::paintOnce(const QString& prompt, int seed, int steps, const test::Meadow& meadow)
{
    workflow::GenerationInputs inputs;
    inputs.job.prompt = prompt.toStdString();
    inputs.job.strength = 1.0;
    inputs.job.steps = steps;
    inputs.job.guidanceScale = kGuidance;
    if (isWhole()) {
        inputs.job.inpaint.area = workflow::InpaintArea::Whole;
        inputs.job.inpaint.colorMatch = false;
    }
    inputs.job.seed = static_cast<std::uint64_t>(seed);
    inputs.picture = meadow.picture;
    inputs.mask = meadow.mask;
    inputs.model = m_model;
    inputs.modelInfo = m_info;
    const auto prepared = workflow::prepareGeneration(inputs);
    if (!prepared) return std::nullopt;

    engine::GenerationObserver observer;
    const auto outcome = m_engine->generate(prepared->request, observer, {});
    const auto* result = std::get_if<engine::GenerationResult>(&outcome);
    if (result == nullptr || result->images.size() != 1) return std::nullopt;
    auto placed = workflow::placeResult(prepared->placement, result->images.front().pixels);
    if (!placed || placed->outsideDifferences != 0) return std::nullopt;
    return std::move(placed->picture);
}

void MeaningTest::addToSheet(const imaging::Raster& picture, int column)
{
    const ImageBuffer pixels = picture.toImage();
    const QImage image(reinterpret_cast<const uchar*>(pixels.bytes()), pixels.width(), pixels.height(), static_cast<qsizetype>(pixels.bytesPerRow()), QImage::Format_RGBA8888);
    QPainter painter(&m_sheet);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(QRect(column * kThumbnail, m_sheetRow * kThumbnail, kThumbnail, kThumbnail), image);
}

RowResult MeaningTest::paint(const QString& prompt, int seeds)
{
    RowResult result{ prompt, {}, 0 };
    const int firstSeed = qEnvironmentVariableIntValue("SFUMATO_FIRST_SEED"); // other seeds and meadows than the ones looked at while training
    for (int seed = 0; seed < seeds; ++seed) {
        const test::Meadow meadow = isWhole() ? scaled(test::emptyMeadow(firstSeed + seed), m_info.nativeSize) : test::emptyMeadow(firstSeed + seed);
        const auto picture = paintOnce(prompt, firstSeed + seed, seeds == kSeeds ? kSteps : kReportedSteps, meadow);
        if (!picture) return result;
        const test::PaintedColours colours = test::paintedColours(meadow.picture, *picture, meadow.mask);
        result.families.push_back(colours.dominant());
        result.paintedCount += colours.isPainted();
        addToSheet(*picture, seed);
    }
    ++m_sheetRow;
    return result;
}

static QString tableLine(const RowResult& result, const QString& asTold)
{
    QStringList families;
    for (std::size_t index = 0; index < test::kColourFamilyCount; ++index) {
        const auto family = static_cast<ColourFamily>(index);
        const std::string_view name = test::familyName(family);
        if (const int count = result.count(family)) families << QString::number(count) % QLatin1Char(' ') % QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    return QStringLiteral("| %1 | %2 | %3 | %4 |\n").arg(result.prompt).arg(result.families.size()).arg(asTold, families.join(QStringLiteral(", ")));
}

void MeaningTest::colourWordsDecideTheColour()
{
    int asTold = 0, painted = 0;
    QStringList failures;
    for (const Row& row : kRows) {
        const QString prompt = QStringLiteral("a %1 %2").arg(QLatin1String(row.colour), QLatin1String(row.object));
        const RowResult result = paint(prompt, row.seeds);
        QCOMPARE(static_cast<int>(result.families.size()), row.seeds);
        const int count = result.count(row.family);
        m_table += tableLine(result, QString::number(count));
        asTold += count;
        painted += row.seeds;
        if (count < row.atLeast) failures << QStringLiteral("\"%1\" came out %2 in %3 of %4, not %5").arg(prompt, QLatin1String(row.colour)).arg(count).arg(row.seeds).arg(row.atLeast);
    }
    QVERIFY2(failures.isEmpty(), qPrintable(failures.join(QStringLiteral("; "))));
    QVERIFY2(asTold * 10 >= painted * 7, qPrintable(QStringLiteral("%1 of %2 pictures have the colour they were told").arg(asTold).arg(painted)));
}

void MeaningTest::aPineTreeIsNotBlue()
{
    const RowResult result = paint(QStringLiteral("a pine tree"), kSeeds);
    QCOMPARE(static_cast<int>(result.families.size()), kSeeds);
    m_table += tableLine(result, QStringLiteral("%1 not blue").arg(kSeeds - result.count(ColourFamily::Blue)));
    QVERIFY2(result.paintedCount >= 8, "a pine tree is to be seen in fewer than 8 of 10 pictures");
    QVERIFY2(result.count(ColourFamily::Blue) <= 2, "a pine tree came out blue more than twice");
}

void MeaningTest::aMeadowStaysGreen()
{
    const RowResult result = paint(QStringLiteral("a meadow"), kReportedSeeds);
    QCOMPARE(static_cast<int>(result.families.size()), kReportedSeeds);
    const int kept = result.count(ColourFamily::None);
    m_table += tableLine(result, QString::number(kept));
    QVERIFY2(kept * 2 > kReportedSeeds, "painting a meadow into a meadow changed its colour");
}

void MeaningTest::cleanupTestCase()
{
    qInfo().noquote() << QLatin1Char('\n') % m_table;
    QFile file(QStringLiteral(SFUMATO_BUILD_DIR "/meaning.md"));
    if (file.open(QIODevice::WriteOnly)) file.write(m_table.toUtf8());
    m_sheet.save(QStringLiteral(SFUMATO_BUILD_DIR "/meaning.png"));
    m_engine.reset();
}

QTEST_GUILESS_MAIN(MeaningTest)

#include "tst_meaning.moc"
