// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/engine_io/safetensors_fixture.h"

#include "core/engine/io/safetensors_header.h"

#include <QByteArray>
#include <QFile>
#include <QString>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sfumato::engine::test {

std::string lengthField(std::uint64_t length)
{
    std::string bytes(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<unsigned char>(length >> (8 * i) & 0xFF));
    return bytes;
}

std::string fileBytes(std::string_view header, std::string_view data)
{
    return lengthField(header.size()) + std::string(header) + std::string(data);
}

void writeBytes(const std::filesystem::path& path, std::string_view bytes)
{
    std::ofstream stream(path, std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream) throw std::runtime_error("cannot write " + path.string());
}

std::string readBytes(const std::filesystem::path& path)
{
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

void writeSparse(const std::filesystem::path& path, const std::vector<NamedShape>& tensors, const std::map<std::string, std::string>& metadata)
{
    std::string header = "{";
    if (!metadata.empty()) {
        header += "\"__metadata__\":{";
        for (const auto& [key, value] : metadata) {
            std::string escaped;
            for (const char c : value) escaped += c == '"' || c == '\\' ? std::string{ '\\', c } : std::string(1, c);
            header += (header.ends_with('{') ? "\"" : ",\"") + key + "\":\"" + escaped + '"';
        }
        header += '}';
    }
    std::uint64_t offset = 0;
    for (const NamedShape& tensor : tensors) {
        const std::uint64_t begin = offset;
        offset += storedSize(tensor.dtype, tensor.shape).value();
        std::string shape;
        for (const std::int64_t dimension : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(dimension);
        header += (header.size() > 1 ? ",\"" : "\"") + tensor.name + "\":{\"dtype\":\"" + std::string(dtypeName(tensor.dtype)) + "\",\"shape\":[" + shape + "],\"data_offsets\":[" + std::to_string(begin) + ',' + std::to_string(offset) + "]}";
    }
    writeBytes(path, fileBytes(header + '}'));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) + offset);
}

std::vector<std::vector<std::string>> weightNameRows(const std::string& list)
{
    QFile file(QStringLiteral(SFUMATO_SOURCE_DIR "/tests/data/weight_names/") + QString::fromStdString(list) + QStringLiteral(".tsv.qz"));
    if (!file.open(QIODevice::ReadOnly)) throw std::runtime_error("no list " + list);
    std::istringstream lines(qUncompress(file.readAll()).toStdString());
    std::vector<std::vector<std::string>> rows;
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);) {
        std::vector<std::string> row;
        std::size_t from = 0;
        for (std::size_t tab = line.find('\t'); tab != std::string::npos; tab = line.find('\t', from)) {
            row.push_back(line.substr(from, tab - from));
            from = tab + 1;
        }
        row.push_back(line.substr(from));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<std::int64_t> parseShape(const std::string& text)
{
    std::vector<std::int64_t> shape;
    if (text == "scalar") return shape;
    std::istringstream dimensions(text);
    for (std::string dimension; std::getline(dimensions, dimension, 'x');) shape.push_back(std::stoll(dimension));
    return shape;
}

std::vector<NamedShape> tensorsOf(const std::string& list, std::size_t nameColumn, std::size_t shapeColumn, Dtype dtype)
{
    std::vector<NamedShape> tensors;
    for (const std::vector<std::string>& row : weightNameRows(list)) tensors.push_back({ row.at(nameColumn), parseShape(row.at(shapeColumn)), dtype });
    return tensors;
}

} // namespace sfumato::engine::test
