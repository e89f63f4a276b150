# SPDX-License-Identifier: Apache-2.0
# Everything of the distribution that the window and the command line use. Nothing is fetched here.

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets Svg Test LinguistTools)
find_package(OpenCV 4.6 REQUIRED COMPONENTS core imgproc photo)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(SQLite3 3.35 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(libavif REQUIRED IMPORTED_TARGET libavif)
pkg_check_modules(lcms2 REQUIRED IMPORTED_TARGET lcms2)
pkg_check_modules(libexif REQUIRED IMPORTED_TARGET libexif)
