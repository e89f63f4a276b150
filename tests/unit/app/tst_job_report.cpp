// SPDX-License-Identifier: Apache-2.0
#include "app/cli/job_report.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace sfumato;
using namespace sfumato::app;

class TstJobReport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void success_hasTheContractsForm()
    {
        JobSuccess success;
        success.job.seed = 7;
        success.job.prompt = "a cat";
        success.images = { { "out/1.png", { 1024, 768 }, "image/png", 7 } };
        success.timings = { 0.4123, 0.02, 3.1, 0.2, 3.8 };
        success.warnings = { "w" };
        auto json = reportToJson({ success, std::nullopt });
        QVERIFY(json["job"].is_object() && json["job"].size() == 42);
        json.erase("job");
        QCOMPARE(json.dump(),
            std::string(R"({"status":"success","images":[{"url":"out/1.png","width":1024,"height":768,"content_type":"image/png","seed":7,"has_nsfw_concepts":false}],)"
                        R"("seed":7,"prompt":"a cat","timings":{"load":0.412,"encode":0.02,"denoise":3.1,"decode":0.2,"total":3.8},"track_id":null,)"
                        R"("safety_checker_ran":false,"warnings":["w"]})"));
        success.images.front().isFlagged = true;
        success.safetyCheckerRan = true;
        QVERIFY(reportToJson({ success, std::nullopt })["images"][0]["has_nsfw_concepts"].get<bool>());
        QVERIFY(reportToJson({ success, std::nullopt })["safety_checker_ran"].get<bool>());
        success.job.trackId = "t";
        QCOMPARE(reportToJson({ success, "t" })["track_id"].get<std::string>(), std::string("t"));
    }

    void failure_namesFieldOrPath()
    {
        const auto shown = [](Error error) { return reportToJson({ JobFailure::of(std::move(error)), std::nullopt }).dump(); };
        QCOMPARE(shown({ ErrorCode::InvalidRequest, "m", "inpaint.fill" }),
            std::string(R"({"status":"failure","error":{"code":"invalid_request","message":"m","field":"inpaint.fill"}})"));
        QCOMPARE(shown({ ErrorCode::InvalidRequest, "m", "steps" }), std::string(R"({"status":"failure","error":{"code":"invalid_request","message":"m","field":"steps"}})"));
        QCOMPARE(shown({ ErrorCode::InvalidRequest, "m", "loras[0].path" }),
            std::string(R"({"status":"failure","error":{"code":"invalid_request","message":"m","field":"loras[0].path"}})"));
        QCOMPARE(shown({ ErrorCode::FileNotFound, "m", "/a/model.safetensors" }),
            std::string(R"({"status":"failure","error":{"code":"file_not_found","message":"m","path":"/a/model.safetensors"}})"));
        QCOMPARE(shown({ ErrorCode::Internal, "m", "" }), std::string(R"({"status":"failure","error":{"code":"internal","message":"m"}})"));
    }

    void cancelled_saysSo_andEchoesTheTrackId()
    {
        QCOMPARE(reportToJson({ engine::Cancelled{}, std::nullopt }).dump(), std::string(R"({"status":"cancelled"})"));
        QCOMPARE(reportToJson({ engine::Cancelled{}, "7" }).dump(), std::string(R"({"status":"cancelled","track_id":"7"})"));
    }
};

QTEST_APPLESS_MAIN(TstJobReport)
#include "tst_job_report.moc"
