// FewStepOffer: when the model in use, or a LoRA of the stack, was made for few steps, the settings for it, to take over and to take back with one act each.
// Thread: GUI; LoRA headers are read on a background thread. Owner: whoever shows it. It never changes the job by itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/engine/api/few_step.h"
#include "core/jobs/background_tasks.h"
#include "core/workflow/job_description.h"

#include <QObject>
#include <QString>

#include <map>
#include <optional>
#include <string>

namespace sfumato::workspace {

class Workspace;

class FewStepOffer : public QObject {
    Q_OBJECT

public:
    explicit FewStepOffer(Workspace& workspace, QObject* parent = nullptr);

    struct Source {
        QString name; // of the file, for people
        engine::FewStepAdvice advice;
        std::string lora; // its path in the job; empty: the model

        friend bool operator==(const Source&, const Source&) = default;
    };
    // The last such LoRA of the stack, else the model; empty when neither is made for few steps.
    [[nodiscard]] const std::optional<Source>& source() const noexcept { return m_source; }
    // Whether the job's settings suit the source; true without one.
    [[nodiscard]] bool isFitting() const;
    // Whose settings follow() set, as long as nothing else changed them; null otherwise. It may no longer be in use: its settings stay until they are taken back.
    [[nodiscard]] const Source* taken() const;

    // Steps, guidance and scheduler as the source was made for; a LoRA gets its full weight.
    void follow();
    // What follow() replaced; of several sources followed one after the other, what was there before the first.
    void takeBack();

Q_SIGNALS:
    void changed();

private:
    void refresh();
    void lookUpLoras();
    [[nodiscard]] std::optional<Source> find() const;

    Workspace& m_workspace;
    std::optional<Source> m_source;
    std::map<std::string, std::optional<engine::FewStepAdvice>> m_loras; // by path; looked up or on the way
    struct Followed {
        Source source;
        workflow::JobDescription before;
        workflow::JobDescription after;
    };
    std::optional<Followed> m_followed;
    jobs::BackgroundTasks m_tasks; // last: its tasks use the above
};

} // namespace sfumato::workspace
