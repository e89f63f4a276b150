// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/recipe.h"

#include <QTest>

using namespace sfumato;
using workflow::JobDescription;
using workspace::applyRecipe;

namespace {

// A machine that has these names, each in a folder of its own.
workspace::RecipeFiles machineWith(const QStringList& models, const QStringList& vaes, const QStringList& loras)
{
    const auto among = [](const QStringList& names, const char* folder) {
        return [names, folder](const QString& name) { return names.contains(name) ? QString(QLatin1String(folder) + name) : QString(); };
    };
    return { among(models, "/models/"), among(vaes, "/vae/"), among(loras, "/loras/") };
}

JobDescription someRecipe()
{
    JobDescription recipe;
    recipe.model = "folder/juniper.safetensors";
    recipe.vae = "clear.safetensors";
    recipe.refiner = workflow::RefinerSettings{ "polish.safetensors", 0.7 };
    recipe.prompt = "a lighthouse";
    recipe.negativePrompt = "fog";
    recipe.steps = 31;
    recipe.guidanceScale = 4.5;
    recipe.scheduler = "heun_karras";
    recipe.seed = 99;
    recipe.clipSkip = 2;
    recipe.imageCount = 4;
    recipe.imageSize = Extent{ 832, 1216 };
    recipe.compatibility = engine::Compatibility::A1111;
    recipe.loras = { { "ink.safetensors", 0.6, std::nullopt }, { "gone.safetensors", 1.0, 0.5 } };
    recipe.imageUrl = "picture.png";
    recipe.maskUrl = "mask.png";
    recipe.device = "cuda";
    return recipe;
}

} // namespace

class TstRecipe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settings_areTaken_filesAreFound()
    {
        const workspace::RecipeFiles machine = machineWith({ QStringLiteral("juniper.safetensors"), QStringLiteral("polish.safetensors") }, { QStringLiteral("clear.safetensors") }, { QStringLiteral("ink.safetensors") });
        const workspace::AppliedRecipe applied = applyRecipe({}, someRecipe(), false, machine);
        QCOMPARE(applied.job.prompt, std::string("a lighthouse"));
        QCOMPARE(applied.job.negativePrompt, std::string("fog"));
        QCOMPARE(applied.job.steps, 31);
        QCOMPARE(applied.job.guidanceScale, 4.5);
        QCOMPARE(applied.job.scheduler, std::string("heun_karras"));
        QCOMPARE(applied.job.seed.value(), std::uint64_t{ 99 });
        QCOMPARE(applied.job.clipSkip, 2);
        QCOMPARE(applied.job.compatibility, engine::Compatibility::A1111);
        QCOMPARE(applied.model, QStringLiteral("/models/juniper.safetensors"));
        QCOMPARE(applied.job.vae, std::string("/vae/clear.safetensors"));
        QCOMPARE(applied.job.refiner.value().model, std::string("/models/polish.safetensors"));
        QCOMPARE(applied.job.refiner.value().switchAt, 0.7);
        QVERIFY(applied.missingModel.isEmpty() && applied.missingVae.isEmpty() && applied.missingRefiner.isEmpty());
        QCOMPARE(applied.job.loras.size(), std::size_t{ 1 });
        QCOMPARE(applied.job.loras[0].path, std::string("/loras/ink.safetensors"));
        QCOMPARE(applied.job.loras[0].scale, 0.6);
        QCOMPARE(applied.missingLoras, QStringList{ QStringLiteral("gone.safetensors") });
    }

    void presentWork_stays()
    {
        JobDescription present;
        present.imageCount = 3;
        present.imageUrl = "/here/meadow.png";
        present.device = "cpu";
        present.enableSafetyChecker = false;
        present.format = workflow::OutputFormat::Png;
        present.vae = "/vae/mine.safetensors";
        const workspace::AppliedRecipe applied = applyRecipe(present, someRecipe(), false, machineWith({}, {}, {}));
        QCOMPARE(applied.job.imageCount, 3);
        QCOMPARE(applied.job.imageUrl, std::string("/here/meadow.png"));
        QVERIFY(applied.job.maskUrl.empty());
        QVERIFY(!applied.job.imageSize);
        QCOMPARE(applied.job.device, std::string("cpu"));
        QVERIFY(!applied.job.enableSafetyChecker);
        QCOMPARE(applied.job.format, workflow::OutputFormat::Png);
        // What is not on the machine is named, and nothing of it is taken.
        QVERIFY(applied.model.isEmpty());
        QCOMPARE(applied.missingModel, QStringLiteral("juniper.safetensors"));
        QCOMPARE(applied.job.vae, std::string("/vae/mine.safetensors"));
        QCOMPARE(applied.missingVae, QStringLiteral("clear.safetensors"));
        QVERIFY(!applied.job.refiner);
        QCOMPARE(applied.missingRefiner, QStringLiteral("polish.safetensors"));
        QVERIFY(applied.job.loras.empty());
        QCOMPARE(applied.missingLoras.size(), 2);
    }

    void newPicture_takesTheSize()
    {
        JobDescription present;
        present.imageSize = workflow::SizePreset::SquareHd;
        JobDescription recipe = someRecipe();
        QCOMPARE(std::get<Extent>(applyRecipe(present, recipe, true, {}).job.imageSize.value()), (Extent{ 832, 1216 }));
        recipe.imageSize.reset();
        QCOMPARE(std::get<workflow::SizePreset>(applyRecipe(present, recipe, true, {}).job.imageSize.value()), workflow::SizePreset::SquareHd);
    }

    void recipeWithoutModel_leavesEverythingWhereItIs()
    {
        const workspace::AppliedRecipe applied = applyRecipe({}, {}, false, machineWith({ QString() }, { QString() }, {}));
        QVERIFY(applied.model.isEmpty() && applied.missingModel.isEmpty() && applied.missingVae.isEmpty());
        QVERIFY(!applied.job.refiner);
    }
};

QTEST_APPLESS_MAIN(TstRecipe)
#include "tst_recipe.moc"
