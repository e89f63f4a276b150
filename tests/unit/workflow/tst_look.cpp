// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_json.h"
#include "core/workflow/look.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace sfumato;
using namespace sfumato::workflow;

namespace {

JobDescription jobOf(const char* text)
{
    const auto parsed = parseJob(text, "job.json");
    return parsed ? parsed->job : JobDescription();
}

} // namespace

class TstLook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLook_isTheFieldsItStandsFor()
    {
        const JobDescription job = jobOf(R"({"prompt": "x", "look": "enhanced"})");
        QVERIFY(job.expandPrompt);
        QCOMPARE(job.sharpness, kEnhancedSharpness);
        QCOMPARE(job.adaptiveGuidance, kEnhancedAdaptiveGuidance);
        // The echo names the fields, so that it means the same when a look changes.
        const auto echoed = jobToJson(job);
        QVERIFY(!echoed.contains("look"));
        QCOMPARE(echoed["sharpness"].get<double>(), 2.0);
        QCOMPARE(echoed["adaptive_guidance"].get<double>(), 7.0);
        QVERIFY(readJob(echoed)->job == jobOf(R"({"prompt": "x", "mode": "text-to-image", "look": "enhanced"})"));
    }

    void fieldsOfTheJob_winOverItsLook_whateverTheirOrder()
    {
        for (const char* text : { R"({"look": "enhanced", "sharpness": 5, "expand_prompt": false})", R"({"expand_prompt": false, "sharpness": 5, "look": "enhanced"})" }) {
            const JobDescription job = jobOf(text);
            QCOMPARE(job.sharpness, 5.0);
            QVERIFY(!job.expandPrompt);
            QCOMPARE(job.adaptiveGuidance, kEnhancedAdaptiveGuidance);
        }
        QVERIFY(jobOf(R"({"look": "plain"})") == jobOf("{}"));
        QVERIFY(jobOf(R"({"look": null})") == jobOf("{}"));
    }

    void anUnknownLook_isRefused()
    {
        const auto parsed = parseJob(R"({"look": "shiny"})", "job.json");
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().detail, std::string("look"));
        QCOMPARE(parsed.error().message, std::string("look was given as \"shiny\"; it must be \"plain\" or \"enhanced\"."));
    }

    void lookOf_knowsItsOwn()
    {
        for (const Look look : { Look::Plain, Look::Enhanced }) {
            JobDescription job;
            job.prompt = "kept";
            applyLook(job, look);
            QVERIFY(lookOf(job) == look);
            job.expandPrompt = false; // once it is done it is part of the prompt
            QVERIFY(lookOf(job) == look);
            QCOMPARE(job.prompt, std::string("kept"));
            job.sharpness += 1;
            QVERIFY(!lookOf(job));
        }
    }
};

QTEST_APPLESS_MAIN(TstLook)
#include "tst_look.moc"
