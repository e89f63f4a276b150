// The grammar of scheduler names.
// SPDX-License-Identifier: Apache-2.0
#include "core/engine/api/scheduler_names.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <string>

using namespace sfumato::engine;

class TstSchedulerNames : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void names_meanTheirParts_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<QByteArray>("reference");
        const auto row = [](const char* name, const char* label, const char* reference) { QTest::newRow(name) << QByteArray(name) << QByteArray(label) << QByteArray(reference); };
        row("euler", "Euler", "EulerDiscreteScheduler");
        row("euler_karras", "Euler Karras", "EulerDiscreteScheduler(use_karras_sigmas)");
        row("euler_ays", "Euler AYS", "EulerDiscreteScheduler(AysSchedules)");
        row("euler_a_karras", "Euler a Karras", "EulerAncestralDiscreteScheduler(Karras sigmas)");
        row("heun_linspace_beta", "Heun linspace beta", "HeunDiscreteScheduler(timestep_spacing=\"linspace\", use_beta_sigmas)");
        row("dpmpp_2m_sde_trailing", "DPM++ 2M SDE trailing", "DPMSolverMultistepScheduler(algorithm_type=\"sde-dpmsolver++\", timestep_spacing=\"trailing\")");
        row("dpmpp_2m_sgm_uniform", "DPM++ 2M SGM uniform", "DPMSolverMultistepScheduler(sigmas of ComfyUI \"sgm_uniform\")");
        row("dpmpp_3m_sde_polyexponential", "DPM++ 3M SDE polyexponential", "k-diffusion sample_dpmpp_3m_sde(polyexponential sigmas)");
        row("lcm_trailing", "LCM trailing", "LCMScheduler(timestep_spacing=\"trailing\")");
        row("restart", "Restart", "A1111 restart_sampler");
    }
    void names_meanTheirParts()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, label);
        QFETCH(QByteArray, reference);
        const auto found = findScheduler(name.toStdString());
        QVERIFY(found.has_value());
        QCOMPARE(found->name, name.toStdString());
        QCOMPARE(found->label, label.toStdString());
        QCOMPARE(found->reference, reference.toStdString());
    }

    void names_areRefused_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : { "", "Euler", "euler_", "euler_b", "eulera", "euler_karras_karras", "euler_karras_trailing", "euler_ays_karras", "dpmpp_2m_trailing_karras",
                 "ddim_karras", "ddim_simple", "lcm_karras", "lcm_linspace", "restart_karras", "dpmpp", "_karras", "unipc_" }) {
            QTest::newRow(name) << QByteArray(name);
        }
    }
    void names_areRefused()
    {
        QFETCH(QByteArray, name);
        QVERIFY(!findScheduler(name.toStdString()));
    }

    void everyName_isFoundAndUnique()
    {
        std::set<std::string> names, labels;
        for (const SchedulerName& name : allSchedulers()) {
            names.insert(name.name);
            labels.insert(name.label);
            const auto found = findScheduler(name.name);
            QVERIFY2(found.has_value(), name.name.c_str());
            QVERIFY(found->sampler == name.sampler && found->sigmas == name.sigmas && found->spacing == name.spacing);
            QCOMPARE(found->label, name.label);
        }
        QCOMPARE(names.size(), allSchedulers().size());
        QCOMPARE(labels.size(), names.size());
    }

    // Every sampler is shown, plain first; no name twice.
    void shownNames_coverEverySampler()
    {
        std::set<SamplerKind> samplers, shown;
        std::set<std::string> names;
        for (const SchedulerName& name : allSchedulers()) samplers.insert(name.sampler);
        for (const SchedulerName& name : schedulerNames()) {
            if (shown.insert(name.sampler).second) QCOMPARE(name.name.find("_karras"), std::string::npos);
            QVERIFY(names.insert(name.name).second);
        }
        QCOMPARE(shown, samplers);
    }
};

QTEST_APPLESS_MAIN(TstSchedulerNames)
#include "tst_scheduler_names.moc"
