// SPDX-License-Identifier: Apache-2.0
#include "core/engine/nn/adaptable_weights.h"

#include "core/engine/nn/cancellation.h"
#include "core/engine/nn/ops.h"
#include "core/engine/nn/packed_layers.h"

#include <algorithm>
#include <utility>

namespace sfumato::engine {

namespace {

// The network's layers hold the same tensor object, so they see the new numbers. Packed tensors have no storage to copy into: theirs is exchanged.
void replaceValues(const at::Tensor& tensor, const at::Tensor& values)
{
    if (isPacked(tensor))
        tensor.unsafeGetTensorImpl()->shallow_copy_from(values.getIntrusivePtr());
    else
        tensor.copy_(values);
}

// The beginning of `scratch`, which grows as needed: memory that was used before need not be handed out and cleared by the system again.
at::Tensor viewOf(at::Tensor& scratch, const std::vector<std::int64_t>& shape, at::ScalarType dtype)
{
    std::int64_t numbers = 1;
    for (const std::int64_t side : shape)
        numbers *= side;
    if (!scratch.defined() || scratch.numel() < numbers)
        scratch = at::empty({ numbers }, at::TensorOptions().dtype(dtype));
    return scratch.narrow(0, 0, numbers).view(shape);
}

} // namespace

AdaptableWeights::AdaptableWeights(std::map<std::string, WeightOrigin> origins, std::vector<WeightSlot> slots, at::ScalarType dtype, at::Device device)
    : m_origins(std::move(origins)), m_slots(std::move(slots)), m_dtype(dtype), m_device(device)
{
    for (std::size_t slot = 0; slot < m_slots.size(); ++slot) {
        for (const std::string& name : m_slots[slot].parts)
            m_slotOf.emplace(name, slot);
    }
}

const std::vector<std::int64_t>* AdaptableWeights::shapeOf(const std::string& name) const
{
    const auto found = m_slotOf.contains(name) ? m_origins.find(name) : m_origins.end();
    return found == m_origins.end() ? nullptr : &found->second.shape;
}

at::Tensor AdaptableWeights::part(const std::string& name, WeightChange& change, at::Tensor& scratch) const
{
    const WeightOrigin& origin = m_origins.at(name);
    const bool isTouched = change.touches(name);
    if (m_device.is_cpu() && origin.read.hasRows()) {
        const RowChange rowChange = isTouched ? change.rowChange(name) : RowChange();
        if (rowChange || !isTouched) {
            at::Tensor values = viewOf(scratch, origin.shape, m_dtype);
            streamRows(origin.read, values, rowChange);
            return values;
        }
    }
    at::Tensor values = origin.read();
    if (isTouched)
        values = change.apply(name, values.to(m_device, at::kFloat).contiguous());
    return values.to(m_device, m_dtype).contiguous();
}

void AdaptableWeights::remake(const std::set<std::string>& names, WeightChange& change, const std::stop_token& stop)
{
    std::set<std::size_t> touched; // in the order of loading, which is that of the file
    for (const std::string& name : names) {
        if (const auto found = m_slotOf.find(name); found != m_slotOf.end())
            touched.insert(found->second);
    }
    std::vector<at::Tensor> scratch;
    for (const std::size_t index : touched) {
        throwIfStopped(stop);
        WeightSlot& slot = m_slots[index];
        scratch.resize(std::max(scratch.size(), slot.parts.size()));
        std::vector<at::Tensor> parts;
        for (std::size_t i = 0; i < slot.parts.size(); ++i)
            parts.push_back(part(slot.parts[i], change, scratch[i]));
        const std::vector<at::Tensor> values = slot.assemble(parts);
        for (std::size_t i = 0; i < values.size(); ++i)
            replaceValues(slot.tensors[i], values[i]);
        change.onRemade(slot.parts);
    }
}

} // namespace sfumato::engine
