// sfumato-bench-window: what the window computes while a hand waits for it: dabs of the brush, fills and control pictures, the tokens of a prompt being typed.
// SPDX-License-Identifier: Apache-2.0
#include "core/imaging/brush.h"
#include "core/imaging/control_preprocess.h"
#include "core/imaging/fill.h"
#include "tests/support/random_pictures.h"
#include "tests/unit/engine_text/tokenizer_support.h"
#include "tests/bench/timing.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <tuple>
#include <vector>

using namespace sfumato;
using namespace sfumato::imaging;
using bench::median;
using bench::printTimes;
using bench::secondsOf;

namespace {

void dabs()
{
    constexpr int kWarmUp = 20, kDabs = 200;
    BrushSettings settings; // 64 px
    BrushStroke stroke(Mask({ 2048, 2048 }), settings);
    std::vector<double> seconds;
    for (int i = 0; i < kWarmUp + kDabs; ++i) {
        const double taken = secondsOf([&] { stroke.extendTo({ 100.0 + 6.4 * i, 256.0, 1.0 }); }); // on the border of two rows of tiles
        if (i >= kWarmUp) seconds.push_back(taken);
    }
    printTimes("a dab of 64 px", seconds);
}

void softStroke()
{
    constexpr double kSize = 300.0, kLength = 3400.0;
    BrushSettings settings;
    settings.sizePx = kSize;
    settings.hardness = 0.0;
    std::vector<double> rates;
    for (int run = 0; run < 9; ++run) {
        BrushStroke stroke(Mask({ 4096, 1024 }), settings);
        stroke.extendTo({ kSize, 512.0, 1.0 });
        const double seconds = secondsOf([&] {
            for (double x = 0.0; x <= kLength; x += 10.0) stroke.extendTo({ kSize + x, 512.0, 1.0 });
            stroke.finish();
        });
        rates.push_back(kLength / (kSize * settings.spacing) / seconds);
    }
    std::printf("%-44s median %8.0f dabs/s\n", "a soft brush of 300 px, spacing 10 %", median(rates));
}

void fills()
{
    std::mt19937 random(63);
    const ImageBuffer image = testing::randomPicture(random, { 1600, 1200 }, PixelFormat::Rgba8).toImage();
    ImageBuffer mask(image.extent(), PixelFormat::Gray8);
    for (int y = 100; y < 1000; ++y) std::fill_n(mask.row(y) + 100, 1300, std::uint8_t{ 255 });
    for (const auto& [mode, name] : { std::pair(FillMode::Blur, "fill 1300 × 900 px with blur"), std::pair(FillMode::Border, "fill 1300 × 900 px from the border") }) {
        std::vector<double> seconds;
        for (int run = 0; run < 5; ++run) seconds.push_back(secondsOf([&, fill = mode] { std::ignore = fillMasked(image.view(), mask.view(), fill); }));
        printTimes(name, seconds);
    }
}

void controlPictures()
{
    std::mt19937 random(95);
    const ImageBuffer picture = testing::randomPicture(random, { 1024, 1024 }, PixelFormat::Rgba8).toImage();
    for (const PreprocessorDescription& entry : controlPreprocessors()) {
        const auto how = ControlPreprocessing::withDefaults(entry.preprocessor);
        std::vector<double> seconds;
        for (int run = 0; run < 5; ++run) seconds.push_back(secondsOf([&] { std::ignore = preprocessControl(picture.view(), how); }));
        printTimes((std::string(entry.name) + " of 1024 × 1024 px").c_str(), seconds);
    }
}

void tokens()
{
    const auto recorded = testing::recordedPrompts();
    std::size_t ids = 0;
    std::vector<double> rates;
    for (int run = 0; run < 5; ++run) {
        const double seconds = secondsOf([&] {
            for (const auto& record : recorded) ids += testing::tokenizer().encode(testing::viewOf(record.prompt)).size();
        });
        rates.push_back(static_cast<double>(recorded.size()) / seconds);
    }
    std::printf("%-44s median %8.0f prompts/s   (%zu prompts, %zu tokens in all)\n", "CLIP tokens", median(rates), recorded.size(), ids);
}

} // namespace

int main()
{
    dabs();
    softStroke();
    fills();
    controlPictures();
    tokens();
    return 0;
}
