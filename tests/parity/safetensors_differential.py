#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Gives the same mutated files to Sfumato's reader and to the reference library and compares the verdicts and, where both accept, the contents.

    python3 safetensors_differential.py BUILD/tests/safetensors_verdict [--count 20000] [--seed 1]

Needs the safetensors package (0.8). Exit code 0 when every difference is an intended one: Sfumato may refuse what the reference accepts for the
reasons in INTENDED, and never the other way round.
"""
import argparse, collections, json, os, random, re, struct, subprocess, sys, tempfile
from safetensors import deserialize

# Reasons, by the words of the refusal, for which Sfumato is stricter than the reference.
INTENDED = {
    "duplicate tensor": re.compile(r"is there twice"),
    "duplicate metadata key": re.compile(r"same metadata key twice"),
    "tensor entry written as a list": re.compile(r"not described by a JSON object"),
    "dtype written as an object": re.compile(r"dtype that is no text"),
    "dimension beyond 2^63 - 1": re.compile(r"shape with something else than whole numbers"),
    "more than 64 dimensions": re.compile(r"more than 64 dimensions"),
}
DTYPES = {"BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F8_E4M3FNUZ": 8,
          "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64}
ODD_VALUES = [0, 1, -1, 2, 7, 1.5, 1e300, "1", "", None, True, [], {}, [0], [0, 1], [1, 0], [0, 0, 0], 2**31, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -2**63,
              {"U8": None}, ["U8", [1], [0, 1]], [1] * 65, [0, 2**62, 2**62], [2**62, 2**62, 0]]
SPLICES = [b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u0061", b"\\ud800", b"\\ud83d\\ude00", b" ", b"\n", b"\0", b"\xff", b"\xc3\xa9", b"\xed\xa0\x80",
           b"-", b"-0", b"0", b"00", b".", b"e1", b"E+2", b"null", b"true", b"NaN", b"1e999", b"\xef\xbb\xbf", b"\t", b"\x01", b"/**/", b"9" * 30]


def valid_parts(rng):
    header, data = {}, b""
    if rng.random() < 0.4:
        header["__metadata__"] = {f"key{i}": rng.choice(["", "pt", "é😀", '{"a": 1}', "x" * 50]) for i in range(rng.randint(0, 3))}
    for index in range(rng.randint(0, 5)):
        dtype = rng.choice(list(DTYPES))
        shape = [rng.choice([0, 1, 1, 2, 3, 4, 8]) for _ in range(rng.randint(0, 4))]
        bits = DTYPES[dtype]
        for dimension in shape:
            bits *= dimension
        if bits % 8:
            shape.append(4)
            bits *= 4
        name = rng.choice(["w", "a.b.weight", "é", "", "x\ny", "lora_unet"]) + str(index)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + bits // 8]}
        data += rng.randbytes(bits // 8)
    return header, data


def mutate_object(rng, header):
    """Changes the header as a value: fields dropped, renamed, replaced, shifted."""
    for _ in range(rng.randint(1, 2)):
        if not header:
            header["new"] = rng.choice(ODD_VALUES)
            continue
        name = rng.choice(list(header))
        entry = header[name]
        kind = rng.randrange(6)
        if kind == 0:
            header[name] = rng.choice(ODD_VALUES)
        elif kind == 1:
            header[name + "2"] = entry
        elif isinstance(entry, dict) and entry:
            field = rng.choice(list(entry))
            if kind == 2:
                del entry[field]
            elif kind == 3:
                entry[field] = rng.choice(ODD_VALUES)
            elif kind == 4 and isinstance(entry[field], list) and entry[field]:
                at = rng.randrange(len(entry[field]))
                entry[field] = list(entry[field])
                value = entry[field][at]
                entry[field][at] = value + rng.choice([-1, 1, 8]) if isinstance(value, int) and rng.random() < 0.7 else rng.choice(ODD_VALUES)
            else:
                entry["extra"] = rng.choice(ODD_VALUES)


def mutate_bytes(rng, text):
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(text))
        kind = rng.randrange(5)
        if kind == 0:
            text = text[:at] + rng.choice(SPLICES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 4):]
        elif kind == 2 and text:
            at = rng.randrange(len(text))
            text = text[:at] + bytes([text[at] ^ (1 << rng.randrange(8))]) + text[at + 1:]
        elif kind == 3:
            end = min(len(text), at + rng.randint(1, 60))
            text = text[:end] + text[at:end] + text[end:]
        else:
            text = text[:at] + rng.choice(SPLICES) + text[at + 1:]
    return text


def make_file(rng):
    header, data = valid_parts(rng)
    kind = rng.randrange(10)
    if kind in (1, 2, 3):
        mutate_object(rng, header)
    text = json.dumps(header, ensure_ascii=rng.random() < 0.5, separators=rng.choice([(",", ":"), (", ", ": ")])).encode()
    if kind in (4, 5, 6):
        text = mutate_bytes(rng, text)
    if kind == 7:
        text = rng.choice([b" ", b"\n\t", b""]) + text + rng.choice([b" " * 9, b"\r\n", b"\0", b"x", b"{}"])
    length = len(text)
    if kind == 8 and rng.random() < 0.5:
        length = rng.choice([0, 1, length - 1, length + 1, length + 8, 2**31, 2**63, 2**64 - 1, 100_000_000, 100_000_001])
    blob = struct.pack("<Q", max(0, length)) + text + data
    if kind == 9:
        blob = rng.choice([blob[:rng.randint(0, len(blob))], blob + rng.randbytes(rng.randint(1, 9)), mutate_bytes(rng, blob)])
    return blob


def fnv(fields):
    value = 0xCBF29CE484222325
    for field in fields:
        for byte in field + b"\xff":
            value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def reference_verdict(blob):
    """("accepted", digest) or ("refused", message)."""
    try:
        tensors = deserialize(blob)
    except Exception as error:
        return "refused", str(error)
    fields = []
    for name, tensor in sorted(tensors, key=lambda item: item[0].encode()):
        fields += [name.encode(), tensor["dtype"].encode(), *(str(d).encode() for d in tensor["shape"]), bytes(tensor["data"])]
    length = struct.unpack("<Q", blob[:8])[0]
    metadata = json.loads(blob[8:8 + length]).get("__metadata__") or {}
    for key in sorted(metadata, key=str.encode):
        fields += [key.encode(), metadata[key].encode()]
    return "accepted", format(fnv(fields), "x")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("verdict")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    counts, unexplained = collections.Counter(), []
    process = subprocess.Popen([options.verdict], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mutated.safetensors")
        for index in range(options.count):
            blob = make_file(rng)
            with open(path, "wb") as file:
                file.write(blob)
            process.stdin.write(path.encode() + b"\n")
            process.stdin.flush()
            ours, _, text = process.stdout.readline().decode().rstrip("\n").partition(" ")
            theirs, reference = reference_verdict(blob)
            if ours not in ("accepted", "refused"):
                sys.exit(f"file {index}: the reader ended")
            if ours == theirs:
                counts[f"both {ours}"] += 1
                if ours == "accepted" and text != reference:
                    unexplained.append((index, "contents differ", blob))
                continue
            reason = next((name for name, words in INTENDED.items() if words.search(text)), None) if ours == "refused" else None
            counts[f"intended: {reason}" if reason else "unexplained"] += 1
            if not reason:
                unexplained.append((index, f"ours: {ours} {text}; reference: {theirs} {reference}", blob))
    process.stdin.close()
    for name, count in sorted(counts.items()):
        print(f"{count:8} {name}")
    for index, difference, blob in unexplained[:10]:
        print(f"file {index}: {difference}\n    {blob[:300]!r}")
    sys.exit(1 if unexplained else 0)


if __name__ == "__main__":
    main()
