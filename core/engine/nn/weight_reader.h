// WeightReader: where the numbers of one weight come from, whole or by rows; streamRows: from there straight into the network's type.
// Thread: engine; a RowReader and a RowChange are called from several threads at once.
//
// A weight of SDXL is tens of megabytes. Read whole, converted and changed whole, each pass runs through memory that the system has to hand out and clear first,
// which costs several times the pass itself. By blocks of rows everything between the file and the network's tensor stays in the processor's cache.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <utility>

namespace sfumato::engine {

// Fills `rows` [n, …], contiguous, on the CPU and of the stored type, with the numbers of the rows from `first` on. May throw EngineException.
using RowReader = std::function<void(std::int64_t first, const at::Tensor& rows)>;
// Changes `rows` [n, …], float32, contiguous, which are the rows of a weight from `first` on.
using RowChange = std::function<void(std::int64_t first, const at::Tensor& rows)>;

class WeightReader {
public:
    WeightReader() = default;
    // `whole` makes the tensor, on the CPU, in its stored type; may throw EngineException.
    template <typename Whole>
    requires std::invocable<const Whole&> &&(!std::same_as<Whole, WeightReader>)
        WeightReader(Whole whole) : m_whole(std::move(whole)) // NOLINT(google-explicit-constructor): every function that makes a tensor is one
    {
    }
    WeightReader(std::function<at::Tensor()> whole, RowReader rows, at::ScalarType stored) : m_whole(std::move(whole)), m_rows(std::move(rows)), m_stored(stored) { }

    [[nodiscard]] at::Tensor operator()() const { return m_whole(); }

    [[nodiscard]] bool hasRows() const noexcept { return static_cast<bool>(m_rows); }
    [[nodiscard]] const RowReader& rows() const noexcept { return m_rows; }
    [[nodiscard]] at::ScalarType storedType() const noexcept { return m_stored; } // of rows()

private:
    std::function<at::Tensor()> m_whole;
    RowReader m_rows;
    at::ScalarType m_stored = at::kFloat;
};

// Fills `target`, contiguous, on the CPU, with what a reader that has rows gives, changed in float32 and rounded once to the target's type.
//   cost  a block of 512 KiB of float32 for each thread
void streamRows(const WeightReader& reader, const at::Tensor& target, const RowChange& change = {});

} // namespace sfumato::engine
