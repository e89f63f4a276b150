// SPDX-License-Identifier: Apache-2.0
#include "core/engine/io/foreign_file.h"

#include "core/engine/io/message_text.h"

#include <algorithm>
#include <array>
#include <string>

namespace sfumato::engine {

namespace {

using namespace std::string_view_literals;

struct Signature {
    std::string_view bytes;
    std::string_view refusal; // after the file's name
};

constexpr std::array kSignatures{
    Signature{ "GGUF"sv, "is a GGUF model; only safetensors models can be opened."sv },
    Signature{ "\x89HDF\r\n\x1A\n"sv, "is an HDF5 file; only safetensors models can be opened."sv },
    Signature{ "version https://git-lfs.github.com/spec/"sv,
        "is a Git LFS pointer, a text that stands for the model; download the model itself (git lfs pull)."sv },
    Signature{ "\x89PNG\r\n\x1A\n"sv, "is a picture, not a model."sv },
    Signature{ "\xFF\xD8\xFF"sv, "is a picture, not a model."sv },
    Signature{ "RIFF"sv, "is a picture or a sound, not a model."sv },
    Signature{ "GIF8"sv, "is a picture, not a model."sv },
    Signature{ "%PDF"sv, "is a PDF document, not a model."sv },
    Signature{ "\x1F\x8B"sv, "is a compressed archive; unpack it and open the .safetensors file in it."sv },
    Signature{ "7z\xBC\xAF\x27\x1C"sv, "is a 7-Zip archive; unpack it and open the .safetensors file in it."sv },
    Signature{ "Rar!\x1A\x07"sv, "is a RAR archive; unpack it and open the .safetensors file in it."sv },
    Signature{ "\xFD"
               "7zXZ\0"sv,
        "is a compressed archive; unpack it and open the .safetensors file in it."sv },
};

// Protocol 2 to 5 pickles begin with the PROTO opcode; older ones are text and have no mark (python, Lib/pickletools.py).
bool isPickle(std::string_view prefix)
{
    return prefix.size() >= 3 && prefix[0] == '\x80' && prefix[1] >= 2 && prefix[1] <= 5;
}

bool isWebPage(std::string_view prefix)
{
    const std::size_t begin = prefix.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (begin == std::string_view::npos || prefix[begin] != '<') return false;
    std::string head(prefix.substr(begin, 64));
    std::transform(head.begin(), head.end(), head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<head") || head.starts_with("<?xml");
}

bool isTar(std::string_view prefix)
{
    return prefix.size() >= 262 && prefix.substr(257, 5) == "ustar";
}

} // namespace

Error pickleRefusal(const std::filesystem::path& path)
{
    return fileError(path, "can hold programs, not only numbers, so it is not opened; ask its maker for the .safetensors version.", ErrorCode::UnsupportedModel);
}

std::optional<Error> recogniseForeignFile(std::string_view prefix, const std::filesystem::path& path)
{
    if (isPickle(prefix) || isTar(prefix)) return pickleRefusal(path);
    if (prefix.starts_with("PK\x03\x04") || prefix.starts_with("PK\x05\x06")) {
        return fileError(path, "is a zip archive, as PyTorch pickles are, and can hold programs, so it is not opened; ask its maker for the .safetensors version.",
            ErrorCode::UnsupportedModel);
    }
    if (isWebPage(prefix)) {
        return fileError(path, "is a web page, not a model; the download went wrong.", ErrorCode::UnsupportedModel);
    }
    for (const Signature& signature : kSignatures) {
        if (prefix.starts_with(signature.bytes)) return fileError(path, signature.refusal, ErrorCode::UnsupportedModel);
    }
    return std::nullopt;
}

} // namespace sfumato::engine
