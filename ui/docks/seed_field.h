// SeedField: the seed as a number, a dice for a new one and a padlock that keeps it.
// Thread: GUI. Owner: GenerateDock. Unlocked, each run rolls its own seed; the field shows the last one that ran.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

#include <cstdint>
#include <optional>

QT_BEGIN_NAMESPACE
class QLineEdit;
class QToolButton;
QT_END_NAMESPACE

namespace sfumato::ui {

class SeedField final : public QWidget {
    Q_OBJECT

public:
    explicit SeedField(QWidget* parent = nullptr);

    // Empty: a new one each run.
    [[nodiscard]] std::optional<std::uint64_t> seed() const;
    void setSeed(const std::optional<std::uint64_t>& seed);
    // What the last run used; shown while no seed is kept.
    void showLastSeed(std::uint64_t seed);
    void roll();
    void setLocked(bool isLocked);

Q_SIGNALS:
    void edited();

private:
    QLineEdit* m_number = nullptr;
    QToolButton* m_lock = nullptr;
    std::optional<std::uint64_t> m_last;
};

} // namespace sfumato::ui
