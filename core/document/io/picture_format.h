// PictureFormat: the picture files the program reads and writes, and how they are told apart.
// Thread: any, pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace sfumato::document {

enum class PictureFormat { Png,
    Jpeg,
    WebP,
    Gif,
    Avif,
    Bmp };

// By the first bytes, never by the name.
[[nodiscard]] std::optional<PictureFormat> recognisePicture(std::span<const std::byte> bytes) noexcept;

// "PNG", "JPEG", …
[[nodiscard]] std::string_view formatName(PictureFormat format) noexcept;
// "image/png", …
[[nodiscard]] std::string_view mimeType(PictureFormat format) noexcept;
// "png", "jpg", …
[[nodiscard]] std::string_view fileExtension(PictureFormat format) noexcept;
// From "png", "jpg", "jpeg", "webp", "avif", "gif", "bmp", in any case, with or without a dot.
[[nodiscard]] std::optional<PictureFormat> formatFromExtension(std::string_view extension) noexcept;
// PNG, JPEG, WebP and AVIF.
[[nodiscard]] bool isWritable(PictureFormat format) noexcept;

} // namespace sfumato::document
