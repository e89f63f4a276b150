// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/recipe_text.h"

#include "core/workflow/job_json.h"

#include <QTest>

using namespace sfumato;
using namespace sfumato::workflow;

class TstRecipeText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parameters_areWhatOtherProgramsRead()
    {
        JobDescription job;
        job.prompt = "a cat,\non a mat";
        job.seed = 42;
        QCOMPARE(parametersText(job, { 512, 768 }, "starter"),
            std::string("a cat,\non a mat\nSteps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 512x768, Model: starter, Version: Sfumato"));
        job.negativePrompt = "bad";
        job.imageUrl = "a.png";
        job.strength = 0.6;
        job.clipSkip = 1;
        job.scheduler = "euler_a_trailing";
        QCOMPARE(parametersText(job, { 64, 64 }, "my, model: v2"),
            std::string("a cat,\non a mat\nNegative prompt: bad\nSteps: 25, Sampler: Euler a, Schedule type: SGM Uniform, CFG scale: 7.5, Seed: 42, Size: 64x64, "
                        "Model: \"my, model: v2\", Denoising strength: 0.6, Clip skip: 3, Version: Sfumato"));
    }

    void quoting_followsTheRecordedCases()
    {
        QCOMPARE(quotedParameter("plain"), std::string("plain"));
        QCOMPARE(quotedParameter("a, b"), std::string("\"a, b\""));
        QCOMPARE(quotedParameter("k: v"), std::string("\"k: v\""));
        QCOMPARE(quotedParameter("two\nlines"), std::string("\"two\\nlines\""));
        QCOMPARE(quotedParameter("quote \" only"), std::string("quote \" only"));
        QCOMPARE(quotedParameter("ü, é"), std::string("\"ü, é\""));
    }

    void recipe_isTheJobOfOneImage_withoutPicturesInside()
    {
        JobDescription job;
        job.imageUrl = "data:image/png;base64,AAAA";
        job.maskUrl = "mask.png";
        job.imageCount = 4;
        job.seed = 10;
        const auto recipe = parseRecipe(recipeJobText(jobOfImage(job, 3)), "a.png");
        QVERIFY(recipe);
        QVERIFY(recipe->job.imageUrl.empty());
        QCOMPARE(recipe->job.maskUrl, std::string("mask.png"));
        QCOMPARE(recipe->job.imageCount, 1);
        QVERIFY(recipe->job.seed == 13U);
        QVERIFY(recipe->job.mode == engine::GenerationMode::Inpainting);
    }
};

QTEST_APPLESS_MAIN(TstRecipeText)
#include "tst_recipe_text.moc"
