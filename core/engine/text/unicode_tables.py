#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes unicode_classes.cpp and unicode_normalisation.cpp: the Unicode properties by which the reference tokenizer works.

The reference is the Rust library `tokenizers`. Its parts follow different editions of Unicode (its normaliser an older one than its regular
expressions and its lower-casing), so every property is asked of the library itself, code point by code point; Python's unicodedata only names the
canonical pairs and the combining classes, and each of them is checked against what the library does.

    python core/engine/text/unicode_tables.py classes > core/engine/text/unicode_classes.cpp        (needs the package tokenizers)
    python core/engine/text/unicode_tables.py normalisation > core/engine/text/unicode_normalisation.cpp
"""

import sys
import unicodedata

import tokenizers
from tokenizers import Regex, normalizers

HANGUL = range(0xAC00, 0xAC00 + 11172)
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
ALL_TEXT = "".join(map(chr, CODE_POINTS))
LINE_WIDTH = 150


def class_ranges(pattern):
    """Inclusive ranges of the code points that the library's regular expressions put into a class."""
    members = sorted(map(ord, normalizers.Replace(Regex(f"[^{pattern}]"), "").normalize_str(ALL_TEXT)))
    ranges = []
    for code in members:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return ranges


def lower_case_runs():
    """Runs {first, last, step, offset}: every step-th code point of first..last maps to itself + offset. U+0130, the one that grows, is left out."""
    lower = normalizers.Lowercase()
    runs = []
    for code in CODE_POINTS:
        mapped = lower.normalize_str(chr(code))
        if mapped == chr(code):
            continue
        if len(mapped) != 1:
            assert code == 0x130 and mapped == "i\u0307", hex(code)
            continue
        offset = ord(mapped) - code
        if runs and runs[-1][3] == offset:
            first, last, step, _ = runs[-1]
            gap = code - last
            if (first == last and gap <= 2) or (first != last and gap == step):
                runs[-1] = [first, code, gap, offset]
                continue
        runs.append([code, code, 1, offset])
    return runs


def decompositions():
    """Rows {code point, first, second or 0, 1 when NFC composes the pair}; decomposing again and again gives the library's NFD."""
    nfd, nfc = normalizers.NFD(), normalizers.NFC()
    rows = {}
    for code in CODE_POINTS:
        if code in HANGUL or nfd.normalize_str(chr(code)) == chr(code):
            continue
        field = unicodedata.decomposition(chr(code))
        assert field and not field.startswith("<"), hex(code)
        pair = [int(part, 16) for part in field.split()]
        assert len(pair) <= 2, hex(code)
        composes = len(pair) == 2 and nfc.normalize_str("".join(map(chr, pair))) == chr(code)
        rows[code] = (pair[0], pair[1] if len(pair) == 2 else 0, int(composes))

    def expand(code):
        if code not in rows:
            return chr(code)
        first, second, _ = rows[code]
        return expand(first) + (expand(second) if second else "")

    for code in rows:
        assert expand(code) == nfd.normalize_str(chr(code)), hex(code)
    return rows


def combining_classes(decomposed):
    """Runs [first, last, class] of the non-zero canonical combining classes, checked by the order in which the library puts pairs of marks."""
    nfd = normalizers.NFD()
    classes = {}
    for code in CODE_POINTS:
        if code in decomposed or code in HANGUL:
            continue
        if code == 0x345 or nfd.normalize_str("\u0345" + chr(code)) != "\u0345" + chr(code):
            classes[code] = unicodedata.combining(chr(code))
    representatives = {value: code for code, value in classes.items()}
    for code, value in classes.items():
        for other, mark in representatives.items():
            swapped = nfd.normalize_str(chr(mark) + chr(code)) == chr(code) + chr(mark)
            assert mark == code or swapped == (value < other), (hex(code), hex(mark))
    runs = []
    for code in sorted(classes):
        if runs and code == runs[-1][1] + 1 and classes[code] == runs[-1][2]:
            runs[-1][1] = code
        else:
            runs.append([code, code, classes[code]])
    return runs


def write_table(name, row_type, rows, hexadecimal):
    print(f"constexpr {row_type} {name}[] = {{")
    line = "   "
    for row in rows:
        cells = [f"0x{value:X}" if column in hexadecimal else str(value) for column, value in enumerate(row)]
        entry = " {" + ", ".join(cells) + "},"
        if len(line) + len(entry) > LINE_WIDTH:
            print(line)
            line = "   "
        line += entry
    print(line + "\n};\n")


def write_file(tables):
    """One source file of (function, row type, table name, rows, hexadecimal columns)."""
    print(f"// Generated by unicode_tables.py from tokenizers {tokenizers.__version__}; do not edit.")
    print("// SPDX-License-Identifier: Apache-2.0")
    print('#include "core/engine/text/unicode_tables.h"\n')
    print("namespace sfumato::engine::unicode {\n\nnamespace {\n")
    for _, row_type, table, rows, hexadecimal in tables:
        write_table(table, row_type, rows, hexadecimal)
    print("} // namespace\n")
    for function, row_type, table, _, _ in tables:
        print(f"std::span<const {row_type}> {function}() noexcept {{ return {table}; }}")
    print("\n} // namespace sfumato::engine::unicode")


def main(part):
    if part == "classes":
        write_file([("letters", "CodePointRange", "kLetters", class_ranges(r"\p{L}"), {0, 1}), ("numbers", "CodePointRange", "kNumbers", class_ranges(r"\p{N}"), {0, 1}),
                    ("spaces", "CodePointRange", "kSpaces", class_ranges(r"\s"), {0, 1}), ("lowerCaseRuns", "LowerCaseRun", "kLowerCase", lower_case_runs(), {0, 1})])
    elif part == "normalisation":
        rows = decompositions()
        write_file([("decompositions", "Decomposition", "kDecompositions", [(code, *row) for code, row in sorted(rows.items())], {0, 1, 2}),
                    ("combiningClasses", "CombiningClassRun", "kCombiningClasses", combining_classes(rows), {0, 1})])
    else:
        return "Usage: unicode_tables.py classes|normalisation"
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
