// SPDX-License-Identifier: Apache-2.0
#include "tests/support/parity_test.h"

#include "core/engine/io/safetensors_file.h"
#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/engine_error.h"
#include "core/engine/nn/ops.h"

#include <c10/core/InferenceMode.h>

#include <cstdio>
#include <exception>
#include <span>

namespace sfumato::test {

namespace {

at::ScalarType scalarType(engine::Dtype dtype)
{
    switch (dtype) {
    case engine::Dtype::F16: return at::kHalf;
    case engine::Dtype::BF16: return at::kBFloat16;
    case engine::Dtype::F64: return at::kDouble;
    case engine::Dtype::I32: return at::kInt;
    case engine::Dtype::I64: return at::kLong;
    case engine::Dtype::U8: return at::kByte;
    default: return at::kFloat;
    }
}

} // namespace

TensorError tensorError(const at::Tensor& actual, const at::Tensor& reference)
{
    TensorError error;
    if (!actual.defined() || !reference.defined() || actual.sizes() != reference.sizes() || reference.numel() == 0)
        return error;
    const at::Tensor a = actual.to(at::kCPU, at::kDouble);
    const at::Tensor b = reference.to(at::kCPU, at::kDouble);
    const at::Tensor finite = at::isfinite(b);
    if (!at::isfinite(a).equal(finite))
        return error;
    const at::Tensor difference = at::where(finite, a - b, at::zeros_like(b));
    error.comparable = true;
    error.max = at::abs(difference).max().item<double>();
    error.rms = at::sqrt(at::mean(difference * difference)).item<double>();
    const double largest = at::abs(at::where(finite, b, at::zeros_like(b))).max().item<double>();
    error.relative = largest > 0 ? error.max / largest : error.max;
    return error;
}

std::map<std::string, at::Tensor> loadTensors(const std::filesystem::path& path)
{
    Result<engine::SafetensorsFile> file = engine::SafetensorsFile::open(path);
    if (!file)
        throw engine::EngineException(file.error());
    std::map<std::string, at::Tensor> tensors;
    for (const engine::TensorEntry& entry : file->tensors()) {
        at::Tensor tensor = at::empty(entry.shape, at::TensorOptions().dtype(scalarType(entry.dtype)));
        const std::span bytes(static_cast<std::byte*>(tensor.data_ptr()), tensor.nbytes());
        if (const Result<void> read = file->read(entry, bytes); !read)
            throw engine::EngineException(read.error());
        tensors.emplace(entry.name, std::move(tensor));
    }
    return tensors;
}

ParityTest::ParityTest(int argc, char** argv)
{
    if (argc > 1 && std::string(argv[1]) == "--list")
        m_listOnly = true;
    else if (argc > 1)
        m_filter = argv[1];
}

void ParityTest::compare(const std::string& value, const at::Tensor& actual, const at::Tensor& reference, double limit)
{
    const TensorError error = tensorError(actual, reference);
    const bool isGood = error.comparable && error.relative <= limit;
    std::printf("%s %s/%s max %.3g rms %.3g relative %.3g limit %.3g\n", isGood ? "ok  " : "FAIL", m_current.c_str(), value.c_str(), error.max, error.rms,
        error.relative, limit);
    if (!error.comparable)
        std::printf("     shapes or non-finite values differ\n");
    if (!isGood)
        ++m_failures;
}

void ParityTest::check(bool condition, const std::string& sentence)
{
    if (condition)
        return;
    std::printf("FAIL %s: %s\n", m_current.c_str(), sentence.c_str());
    ++m_failures;
}

void ParityTest::runCase(const std::function<void()>& body)
{
    try {
        body();
        ++m_passed;
    } catch (const Skip& skip) {
        std::printf("skip %s: %s\n", m_current.c_str(), skip.reason.c_str());
        ++m_skipped;
    } catch (const engine::CancelledException&) {
        check(false, "was cancelled");
    } catch (const std::exception& error) {
        check(false, error.what());
    }
}

int ParityTest::run()
{
    const c10::InferenceMode inference;
    for (const auto& [name, body] : m_cases) {
        if (m_listOnly) {
            std::printf("%s\n", name.c_str());
            continue;
        }
        if (name.find(m_filter) == std::string::npos)
            continue;
        m_current = name;
        runCase(body);
        std::fflush(stdout);
    }
    if (m_failures > 0 || m_listOnly)
        return m_failures > 0 ? 1 : 0;
    if (m_passed == 0 && m_skipped == 0) {
        std::printf("FAIL no case is called \"%s\"\n", m_filter.c_str());
        return 1;
    }
    if (m_passed == 0) {
        std::printf("SKIP nothing could run here\n");
        return 77;
    }
    return 0;
}

} // namespace sfumato::test
