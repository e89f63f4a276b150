// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/adapters/adapter_file.h"

#include <numeric>

namespace sfumato::engine {

namespace {

using Shape = std::vector<std::int64_t>;

// A change as the matrix it is: rows are outputs.
struct Matrix {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
};

std::int64_t product(const Shape& shape, std::size_t from = 0)
{
    return std::accumulate(shape.begin() + static_cast<std::ptrdiff_t>(std::min(from, shape.size())), shape.end(), std::int64_t{ 1 }, std::multiplies<>());
}

Matrix flat(const Shape& shape) { return { shape.empty() ? 1 : shape.front(), product(shape, 1) }; }

std::string text(const Matrix& matrix) { return std::to_string(matrix.rows) + " × " + std::to_string(matrix.columns); }

const std::string kBroken = "its parts do not belong together";

std::string compared(const Matrix& change, const Shape& weight)
{
    const Matrix wanted = flat(weight);
    if (change.rows == wanted.rows && change.columns == wanted.columns) return {};
    return "its change is " + text(change) + ", the weight " + text(wanted);
}

std::string loraMisfit(const AdapterLayer& layer, const Shape& weight)
{
    const Shape& down = layer.shapeOf(AdapterRole::Down);
    const Shape& up = layer.shapeOf(AdapterRole::Up);
    if (down.size() < 2 || up.size() < 2) return kBroken;
    const Matrix downMatrix = flat(down), upMatrix = flat(up);
    if (!layer.has(AdapterRole::Mid)) return upMatrix.columns == downMatrix.rows ? compared({ upMatrix.rows, downMatrix.columns }, weight) : kBroken;
    const Shape& mid = layer.shapeOf(AdapterRole::Mid);
    if (mid.size() != 4 || mid[0] != upMatrix.columns || mid[1] != downMatrix.rows) return kBroken;
    return compared({ upMatrix.rows, downMatrix.columns * mid[2] * mid[3] }, weight);
}

std::string lohaMisfit(const AdapterLayer& layer, const Shape& weight)
{
    const auto matrix = [&](AdapterRole role) { return flat(layer.shapeOf(role)); };
    const Matrix a1 = matrix(AdapterRole::HadaW1A), b1 = matrix(AdapterRole::HadaW1B), a2 = matrix(AdapterRole::HadaW2A), b2 = matrix(AdapterRole::HadaW2B);
    if (!layer.has(AdapterRole::HadaT1)) {
        if (a1.columns != b1.rows || a2.columns != b2.rows || a1.rows != a2.rows || b1.columns != b2.columns) return kBroken;
        return compared({ a1.rows, b1.columns }, weight);
    }
    const Shape& t1 = layer.shapeOf(AdapterRole::HadaT1);
    const Shape& t2 = layer.shapeOf(AdapterRole::HadaT2);
    const auto fits = [](const Shape& core, const Matrix& a, const Matrix& b) { return core.size() == 4 && core[0] == a.rows && core[1] == b.rows; };
    if (!fits(t1, a1, b1) || !fits(t2, a2, b2) || a1.columns != a2.columns || b1.columns != b2.columns || product(t1, 2) != product(t2, 2)) return kBroken;
    return compared({ a1.columns, b1.columns * product(t1, 2) }, weight);
}

// The right factor of LoKr with its convolution sides flattened; empty when its parts do not fit each other.
std::optional<Matrix> lokrRight(const AdapterLayer& layer)
{
    if (layer.has(AdapterRole::LokrW2)) return flat(layer.shapeOf(AdapterRole::LokrW2));
    const Matrix a = flat(layer.shapeOf(AdapterRole::LokrW2A)), b = flat(layer.shapeOf(AdapterRole::LokrW2B));
    if (!layer.has(AdapterRole::LokrT2)) return a.columns == b.rows ? std::optional(Matrix{ a.rows, b.columns }) : std::nullopt;
    const Shape& core = layer.shapeOf(AdapterRole::LokrT2);
    if (core.size() != 4 || core[0] != a.rows || core[1] != b.rows) return std::nullopt;
    return Matrix{ a.columns, b.columns * core[2] * core[3] };
}

std::string lokrMisfit(const AdapterLayer& layer, const Shape& weight)
{
    Matrix left = flat(layer.shapeOf(AdapterRole::LokrW1));
    if (!layer.has(AdapterRole::LokrW1)) {
        const Matrix a = flat(layer.shapeOf(AdapterRole::LokrW1A)), b = flat(layer.shapeOf(AdapterRole::LokrW1B));
        if (a.columns != b.rows) return kBroken;
        left = { a.rows, b.columns };
    }
    const std::optional<Matrix> right = lokrRight(layer);
    return right ? compared({ left.rows * right->rows, left.columns * right->columns }, weight) : kBroken;
}

std::string gloraMisfit(const AdapterLayer& layer, const Shape& weight)
{
    const auto matrix = [&](AdapterRole role) { return flat(layer.shapeOf(role)); };
    const Matrix a1 = matrix(AdapterRole::GloraA1), a2 = matrix(AdapterRole::GloraA2), b1 = matrix(AdapterRole::GloraB1), b2 = matrix(AdapterRole::GloraB2);
    const std::int64_t outputs = flat(weight).rows, inputs = weight.size() > 1 ? weight[1] : 1;
    const Shape& core = layer.shapeOf(AdapterRole::GloraBm);
    if (!core.empty() && core.size() != 4) return kBroken;
    const std::int64_t kernel = core.empty() ? 1 : core[2] * core[3];
    // W·a1·a2 + b1·b2, or the older order W·a2·a1 + b2·b1 of plain matrices.
    const bool isNew = a1.rows == inputs && a2.columns == inputs && a1.columns == a2.rows && b1.rows == outputs && b1.columns == (core.empty() ? b2.rows : core[0])
        && (core.empty() || core[1] == b2.rows) && b2.columns * kernel == flat(weight).columns;
    const bool isOld = core.empty() && a2.rows == inputs && a1.columns == inputs && a2.columns == a1.rows && b2.rows == outputs && b2.columns == b1.rows && b1.columns == flat(weight).columns;
    return isNew || isOld ? std::string() : "its parts do not fit the weight of " + text(flat(weight));
}

std::string oftMisfit(const AdapterLayer& layer, const Shape& weight)
{
    const Shape& blocks = layer.shapeOf(AdapterRole::OftBlocks);
    const std::size_t first = layer.kind == AdapterKind::Boft ? 1 : 0; // behind the stages
    if (blocks.size() != first + 3 || blocks[first + 1] != blocks[first + 2]) return kBroken;
    const std::int64_t outputs = blocks[first] * blocks[first + 1];
    if (outputs != flat(weight).rows) return "it turns " + std::to_string(outputs) + " outputs, the weight has " + std::to_string(flat(weight).rows);
    if (layer.has(AdapterRole::Rescale) && product(layer.shapeOf(AdapterRole::Rescale)) != outputs) return kBroken;
    // Stage s mixes groups of 2^s × block size outputs.
    if (layer.kind == AdapterKind::Boft && (blocks[0] < 1 || blocks[0] > 30 || blocks[2] % 2 != 0 || outputs % ((std::int64_t{ 1 } << (blocks[0] - 1)) * blocks[2]) != 0)) return kBroken;
    return {};
}

std::string wholeMisfit(const Shape& change, const Shape& weight)
{
    return product(change) == product(weight) ? std::string() : "its change has " + std::to_string(product(change)) + " numbers, the weight " + std::to_string(product(weight));
}

std::string ia3Misfit(const AdapterLayer& layer, const Shape& weight)
{
    const std::int64_t count = product(layer.shapeOf(AdapterRole::Ia3Weight));
    const std::int64_t inputs = weight.size() > 1 ? weight[1] : 1;
    return count == inputs || count == flat(weight).rows ? std::string() : "it scales " + std::to_string(count) + " channels, the weight is " + text(flat(weight));
}

std::string magnitudeMisfit(const AdapterLayer& layer, const Shape& weight)
{
    for (const AdapterRole role : { AdapterRole::DoraScale, AdapterRole::Magnitude }) {
        if (!layer.has(role)) continue;
        const std::int64_t count = product(layer.shapeOf(role));
        const std::int64_t inputs = weight.size() > 1 ? weight[1] : 1;
        const bool isPerInput = role == AdapterRole::DoraScale && !layer.shapeOf(role).empty() && layer.shapeOf(role).front() == 1;
        if (count != (isPerInput ? inputs : flat(weight).rows)) return "its magnitude has " + std::to_string(count) + " numbers, the weight is " + text(flat(weight));
    }
    return {};
}

} // namespace

std::string adapterMisfit(const AdapterLayer& layer, const std::vector<std::int64_t>& weightShape)
{
    std::string misfit;
    switch (layer.kind) {
    case AdapterKind::Lora: misfit = loraMisfit(layer, weightShape); break;
    case AdapterKind::Loha: misfit = lohaMisfit(layer, weightShape); break;
    case AdapterKind::Lokr: misfit = lokrMisfit(layer, weightShape); break;
    case AdapterKind::Glora: misfit = gloraMisfit(layer, weightShape); break;
    case AdapterKind::Ia3: misfit = ia3Misfit(layer, weightShape); break;
    case AdapterKind::Oft:
    case AdapterKind::Boft: misfit = oftMisfit(layer, weightShape); break;
    case AdapterKind::Difference: misfit = wholeMisfit(layer.shapeOf(AdapterRole::Diff), weightShape); break;
    case AdapterKind::Replacement: misfit = wholeMisfit(layer.shapeOf(AdapterRole::SetWeight), weightShape); break;
    case AdapterKind::None: misfit = kBroken; break;
    }
    return misfit.empty() ? magnitudeMisfit(layer, weightShape) : misfit;
}

} // namespace sfumato::engine
