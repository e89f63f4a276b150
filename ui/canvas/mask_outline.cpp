// SPDX-License-Identifier: Apache-2.0
#include "ui/canvas/mask_outline.h"

namespace sfumato::ui {

namespace {

constexpr int kHalf = 128;

// Which reduced pixels are painted: `side` × `side`, with one row and one column of the neighbours before them.
class PaintedGrid {
public:
    PaintedGrid(int tileSide, int level) : m_block(1 << level), m_side(tileSide >> level), m_cells(static_cast<std::size_t>((m_side + 1) * (m_side + 1))) { }

    [[nodiscard]] int side() const noexcept { return m_side; }
    [[nodiscard]] bool at(int x, int y) const noexcept { return m_cells[slot(x, y)]; }

    void read(ImageView tile)
    {
        if (!tile.bytes) return;
        for (int y = 0; y < m_side; ++y) {
            for (int x = 0; x < m_side; ++x) m_cells[slot(x, y)] = sample(tile, x, y);
        }
    }
    void readLeftNeighbour(ImageView tile)
    {
        if (!tile.bytes) return;
        for (int y = 0; y < m_side; ++y) m_cells[slot(-1, y)] = sample(tile, m_side - 1, y);
    }
    void readUpperNeighbour(ImageView tile)
    {
        if (!tile.bytes) return;
        for (int x = 0; x < m_side; ++x) m_cells[slot(x, -1)] = sample(tile, x, m_side - 1);
    }

private:
    [[nodiscard]] std::size_t slot(int x, int y) const noexcept { return static_cast<std::size_t>((y + 1) * (m_side + 1) + x + 1); }
    [[nodiscard]] bool sample(ImageView tile, int x, int y) const
    {
        return tile.row(y * m_block + m_block / 2)[x * m_block + m_block / 2] >= kHalf;
    }

    int m_block;
    int m_side;
    std::vector<bool> m_cells;
};

// Walks `length` cells and adds a line for each run of cells where `isEdge`.
template <typename IsEdge, typename MakeLine>
void addRuns(std::vector<QLine>& lines, int length, IsEdge isEdge, MakeLine makeLine)
{
    int begin = -1;
    for (int i = 0; i <= length; ++i) {
        const bool edge = i < length && isEdge(i);
        if (edge && begin < 0) begin = i;
        if (!edge && begin >= 0) {
            lines.push_back(makeLine(begin, i));
            begin = -1;
        }
    }
}

} // namespace

std::vector<QLine> outlineOfTile(ImageView tile, ImageView left, ImageView above, int level)
{
    const int tileSide = tile.bytes ? tile.extent.width : left.bytes ? left.extent.width
                                                                     : above.extent.width;
    PaintedGrid grid(tileSide, level);
    grid.read(tile);
    grid.readLeftNeighbour(left);
    grid.readUpperNeighbour(above);

    std::vector<QLine> lines;
    for (int y = 0; y < grid.side(); ++y) {
        addRuns(
            lines, grid.side(), [&](int x) { return grid.at(x, y) != grid.at(x, y - 1); }, [y](int from, int to) { return QLine(from, y, to, y); });
    }
    for (int x = 0; x < grid.side(); ++x) {
        addRuns(
            lines, grid.side(), [&](int y) { return grid.at(x, y) != grid.at(x - 1, y); }, [x](int from, int to) { return QLine(x, from, x, to); });
    }
    return lines;
}

} // namespace sfumato::ui
