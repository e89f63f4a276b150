// A small test harness without Qt: named cases that compare tensors with stored references and print the errors.
//
// A program registers its cases in main and returns run(). `program` runs all cases, `program part` those whose name contains the part, `program --list`
// prints the names. Each comparison prints one line: case/value, largest error, RMS error, both relative to the reference's largest value, and the limit.
// Exit status 0: all passed; 1: a comparison or case failed; 77 after a line that begins with SKIP: nothing could run.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sfumato::test {

// Differences between two tensors.
struct TensorError {
    double max = 0;          // largest absolute difference
    double rms = 0;          // root of the mean squared difference
    double relative = 0;     // max / largest absolute value of the reference
    bool comparable = false; // same shape, not-a-number and infinity in the same places
};

[[nodiscard]] TensorError tensorError(const at::Tensor& actual, const at::Tensor& reference);

// All tensors of a small .safetensors file, float32 or integer. Throws EngineException.
[[nodiscard]] std::map<std::string, at::Tensor> loadTensors(const std::filesystem::path& path);

class ParityTest {
public:
    ParityTest(int argc, char** argv);

    // Thrown by a case that cannot run here.
    struct Skip {
        std::string reason;
    };

    void add(std::string name, std::function<void()> body) { m_cases.emplace_back(std::move(name), std::move(body)); }

    // Inside a case: one printed line; failure when the relative error is above `limit` or the tensors cannot be compared.
    void compare(const std::string& value, const at::Tensor& actual, const at::Tensor& reference, double limit);
    // Inside a case: failure with a sentence when `condition` is false.
    void check(bool condition, const std::string& sentence);

    // Runs the chosen cases in inference mode and returns the exit status.
    [[nodiscard]] int run();

private:
    void runCase(const std::function<void()>& body);

    std::vector<std::pair<std::string, std::function<void()>>> m_cases;
    std::string m_filter;
    bool m_listOnly = false;
    std::string m_current;
    int m_failures = 0;
    int m_skipped = 0;
    int m_passed = 0;
};

} // namespace sfumato::test
