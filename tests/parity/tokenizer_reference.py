#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/data/tokenizer/reference.bin: prompts and the token ids that transformers' CLIPTokenizer gives them.

    python tests/parity/tokenizer_reference.py [bpe_simple_vocab_16e6.txt.gz]        (needs transformers 5 and the vocabulary that ./dev fetches)

The file is a 4-byte big-endian length and a zlib stream of that many bytes (the form of qCompress). The stream is a list of records, all numbers
little-endian: uint32 byte count, the prompt in UTF-8, uint16 id count, uint16 ids (without start and end token).
"""

import gzip
import pathlib
import random
import struct
import sys
import unicodedata
import zlib

import transformers

SEED = 20261120
VOCABULARY = pathlib.Path.home() / ".cache/sfumato/clip/bpe_simple_vocab_16e6.txt.gz"
OUTPUT = pathlib.Path(__file__).resolve().parents[1] / "data/tokenizer/reference.bin"

SUBJECTS = ("a cat", "an old fisherman", "two red foxes", "a lighthouse", "1girl, solo", "the Queen of Naples", "a 1967 Ford Mustang", "mountain village", "Zürich at night",
            "a robot's hand", "bowl of ramen", "São Paulo skyline", "café terrace", "naïve painting", "astronaut", "medieval knight", "pine forest", "wooden bridge",
            "butterfly wings", "a blue ball", "glass teapot", "jackdaw", "a violinist", "sleeping dragon", "tin toy", "crêpe stand", "Ångström device", "McLaren F1")
STYLES = ("masterpiece, best quality", "oil on canvas", "35mm film, f/1.8", "8k uhd, dslr", "watercolour", "by candlelight", "ultra-detailed", "art nouveau", "isometric",
          "low poly", "score_9, score_8_up", "cinematic lighting", "golden hour", "in the style of ukiyo-e", "trending on artstation", "bokeh!!", "chiaroscuro",
          "unreal engine 5", "(detailed:1.2)", "[blurry]", "((sharp focus))", "<lora:add_detail:0.8>", "BREAK", "no-text", "rule of thirds", "HDR", "pencil sketch")
CONTRACTIONS = ("it's", "don't", "you'll", "we've", "they're", "I'm", "he'd", "cat's", "'tis", "rock'n'roll", "o'clock", "IT'S", "DON'T", "YOU'LL", "''s", "'s's", "'", "''",
                "l'été", "it’s", "d'artagnan", "'ll'll", "'RE", "y'all'd've", "'ſ", "s'", "'st", "'very", "'delta")
EMOJI = ("😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "🇯🇵🇫🇷", "❤️", "☃", "🧑🏿‍🚀", "👁️‍🗨️", "1️⃣", "🫠", "🪿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "✨", "🐈‍⬛", "🔥🔥🔥", "™️", "©", "🀄")
CJK = "日本語の城桜傑作高品質少女風景山水画中文漢字龍鳳凰紅葉東京大阪猫犬花鳥月光星空海水墨畫繁體字简体汉语㐀㒨𠀀𠮷𪚥々〆ヶかなカナァィゥｶﾅ゛゜ーｰ、。「」・！？（）：；〜"
COMPATIBILITY = "豈更車賈滑串句龜契金喇奈懶癩羅蘿螺裸邏樂洛見福鱗丽你侮Å℃K㎏㍿ﬁﬂﬀﬆﷺＡＢｃ１２①②Ⅳⅷ½¼⅓²³¹⁴₅℀ªº"
CYRILLIC = ("привет", "мир", "Москва", "ЁЛКА", "ёж", "й", "щука", "Ѣдинъ", "љубав", "ґанок", "Їжак", "ҚАЗАҚ", "портрет девушки", "масло, холст", "Ӝ", "ꙁмий")
ARABIC = ("مرحبا", "قصيدة", "السَّلَامُ", "عَرَبِيّ", "لا", "٣٤٥", "خط الثلث", "۱۲۳", "ﻻ", "ـــ", "هٰذَا", "يٓ", "اُردُو", "پنجاب")
OTHER_SCRIPTS = ("Ελλάδα", "ΣΊΣΥΦΟΣ", "ᾼδης", "ἄνθρωπος", "שָׁלוֹם", "יִשְׂרָאֵל", "नमस्ते", "क़िला", "हिन्दी १२३", "ภาษาไทย", "สวัสดี ๑๒", "தமிழ்", "ಕನ್ನಡ", "മലയാളം", "বাংলা ৪৫", "ગુજરાતી", "ქართული",
                 "ᲥᲐᲠᲗᲣᲚᲘ", "Հայերեն", "አማርኛ", "ខ្មែរ", "မြန်မာ", "བོད་ཡིག", "ᏣᎳᎩ", "ꮳꮃꭹ", "𐐔𐐇𐐝𐐀𐐡𐐇𐐓", "𝔊𝔬𝔱𝔥𝔦𝔠", "𝟘𝟙𝟚", "İstanbul", "ıI", "Straße", "STRASSE ẞ", "Đặng Thái Sơn", "Nguyễn", "Łódź",
                 "Ǆ ǅ ǆ", "ᴬᴮ", "ȺȾ", "Ⱥ", "Ꞌꞌɥ", "Ա ա", "ⴀ Ⴀ", "ᎀ", "ʰʷ", "Ⅻ ⅻ", "ⓐⒶ", "𞤀𞤢", "𐒰", "𑢠")
JAMO = "".join(map(chr, [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3), 0x1113, 0x1176, 0xA960, 0xD7B0, 0xD7CB, 0x3131, 0x314F, 0xFFA1]))
MARKS = "".join(map(chr, [0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x307, 0x308, 0x30A, 0x30B, 0x30C, 0x315, 0x31B, 0x321, 0x323, 0x327, 0x328, 0x32D, 0x334, 0x338, 0x340, 0x341,
                         0x342, 0x343, 0x344, 0x345, 0x35C, 0x360, 0x5B0, 0x5C1, 0x64B, 0x651, 0x653, 0x93C, 0x94D, 0x1DC4, 0x20D0, 0x20E3, 0x302A, 0x3099, 0x309A, 0xFE0F,
                         0x1AB0, 0x1ABF, 0x1AC1, 0x8D3, 0x1E130, 0xEBA, 0x1D165, 0x1D16D, 0x11938]))
BASES = "aeiouAEIOUnNcCsSzZyYlLgGkKrRtTdDwxqΑΕΗΙΟΥΩαεηιουωабгеикоуАБГЕИКОУあかさたはハウו שअकड가각가1½.ſœæøÅﬁ"
SPACES = "".join(map(chr, [9, 10, 11, 12, 13, 32, 32, 32, 0x85, 0xA0, 0x1680, 0x2000, 0x2003, 0x2009, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000]))
NEAR_SPACES = "\u200b\u200c\u200d\u2060\ufeff\u180e\x1c\x1d\x1e\x1f\u00ad\u034f\u2800"
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…—–‘’“”«»¿¡§¶†‡•‰′″‹›※‼⁇⁈№"
NUMBERS = "0123456789²³¹½¼¾⅓⅛①⑩Ⅷ٣۵५๗一六௧𝟙㉈₂⁷"
ENTITIES = ("&amp;", "&lt;b&gt;", "&quot;", "&#39;", "&#x1F600;", "&nbsp;", "&eacute;", "&amp;amp;", "&notanentity;", "&#0;", "<br/>", "<b>bold</b>")
SPECIAL = ("<|startoftext|>", "<|endoftext|>", "<|STARTOFTEXT|>", "<|EndOfText|>", "<|endoftext", "endoftext|>", "<|end|>", "<<|ENDOFTEXT|>>", "<|ENDOFTEXT|>'S", "<|startoftext|><|endoftext|>",
           "<|pad|>", "<|startoftext|>́", "é<|endoftext|>̂", "<|endoftext|>!!", "<|startoftext|", "|endoftext|>", "<|ＥＮＤＯＦＴＥＸＴ|>", "</w>", "a</w>", "<|startoftext|>1")
LATIN = "abcdefghijklmnopqrstuvwxyz"


def reference_tokenizer(path):
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in printable]
    symbols = [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(hidden))]
    merges = [tuple(line.split()) for line in gzip.open(path, "rt", encoding="utf-8").read().split("\n")[1:48895]]
    words = symbols + [s + "</w>" for s in symbols] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    return transformers.CLIPTokenizer(vocab={word: i for i, word in enumerate(words)}, merges=merges)


class Prompts:
    """One method per kind of prompt; each returns a prompt."""

    def __init__(self, rng):
        self.rng = rng

    def pick(self, pool, low, high):
        return [self.rng.choice(pool) for _ in range(self.rng.randint(low, high))]

    def ordinary(self):
        return self.rng.choice((", ", ", ", " ", " | ")).join([self.rng.choice(SUBJECTS), *self.pick(STYLES, 0, 5)])

    def contraction(self):
        return " ".join(self.pick(CONTRACTIONS + SUBJECTS, 1, 4))

    def emoji(self):
        return self.rng.choice(("", " ")).join(self.pick(EMOJI + SUBJECTS, 1, 4))

    def cjk(self):
        return "".join(self.pick(CJK, 1, 14))

    def compatibility(self):
        return "".join(self.pick(COMPATIBILITY + " a", 1, 8))

    def scripts(self):
        return " ".join(self.pick(CYRILLIC + ARABIC + OTHER_SCRIPTS, 1, 3))

    def jamo(self):
        return "".join(self.pick(JAMO + "가각힣 a", 1, 8))

    def marks(self):
        return "".join(self.rng.choice(BASES) + "".join(self.pick(MARKS, 0, 5)) for _ in range(self.rng.randint(1, 4)))

    def leading_marks(self):
        return "".join(self.pick(MARKS, 1, 4)) + self.rng.choice(BASES) + "".join(self.pick(MARKS + JAMO, 0, 3))

    def spaces(self):
        words = self.pick(SUBJECTS + CONTRACTIONS, 1, 3)
        return "".join("".join(self.pick(SPACES + NEAR_SPACES, 0, 3)) + word for word in words) + "".join(self.pick(SPACES, 0, 2))

    def numbers(self):
        return "".join(self.pick(NUMBERS + "abx -.,/:", 1, 12))

    def punctuation(self):
        return "".join(self.pick(PUNCTUATION + PUNCTUATION + "as é1", 1, 12))

    def entities(self):
        return self.rng.choice(("", " ")).join(self.pick(ENTITIES + SUBJECTS, 1, 3))

    def control(self):
        return "".join(chr(self.rng.choice((*range(32), 127, *range(0x80, 0xA0), 0x61, 0x20, 0x200E, 0x202A, 0x2066, 0xFFFE, 0xFFFF, 0xFFFD))) for _ in range(self.rng.randint(1, 8)))

    def special(self):
        return self.rng.choice(("", " ")).join(self.pick(SPECIAL + SUBJECTS[:6], 1, 4))

    def long_word(self):
        return "".join(self.pick(LATIN[: self.rng.randint(1, 26)] + "é" * self.rng.randint(0, 2), 20, 120))

    def any_character(self):
        """Letters, marks and symbols of every block, evenly over the assigned code points."""
        codes = []
        while len(codes) < 4:
            code = self.rng.randrange(0x20000)
            if not 0xD800 <= code < 0xE000 and (unicodedata.category(chr(code)) not in ("Cn", "Co") or self.rng.random() < 0.1):
                codes.append(chr(code))
        return "".join(codes)

    def mixed(self):
        return self.rng.choice(("", " ")).join(getattr(self, self.rng.choice(KINDS))() for _ in range(2))


KINDS = ("ordinary", "contraction", "emoji", "cjk", "compatibility", "scripts", "jamo", "marks", "leading_marks", "spaces", "numbers", "punctuation", "entities", "control", "special",
         "any_character")
COUNTS = {"ordinary": 2200, "long_word": 150, "any_character": 3400, "mixed": 900}
DEFAULT_COUNT = 620
FIXED = ("", " ", "\n", "a", "A", "a" * 5000, "ab" * 2000, "é" * 700, "!" * 3000, "7" * 500, "ｗ" * 200, " a" * 1200, "\u0301" * 300, "a" + "\u0301\u0323" * 100, "각" * 100, "e\u0301" * 100)


def unusual_characters():
    """Every letter whose lower-case or canonical form differs from itself, eight to a prompt, and every mark after an ordinary letter."""
    changed = [chr(c) for c in range(0x80, 0x20000)
               if not 0xAC00 <= c < 0xD7A4 and not 0xD800 <= c < 0xE000 and (chr(c).lower() != chr(c) or unicodedata.normalize("NFD", chr(c)) != chr(c))]
    marks = ["q" + chr(c) for c in range(0x300, 0x20000) if unicodedata.combining(chr(c))]
    for pool in (changed, marks):
        for begin in range(0, len(pool), 8):
            yield "".join(pool[begin:begin + 8])


def main():
    tokenizer = reference_tokenizer(sys.argv[1] if len(sys.argv) > 1 else VOCABULARY)
    prompts = dict.fromkeys(FIXED)
    prompts.update(dict.fromkeys(unusual_characters()))
    source = Prompts(random.Random(SEED))
    for kind in (*KINDS, "long_word", "mixed"):
        for _ in range(COUNTS.get(kind, DEFAULT_COUNT)):
            prompts[getattr(source, kind)()] = None
    records = bytearray()
    for prompt in prompts:
        text = prompt.encode("utf-8")
        ids = tokenizer._tokenizer.encode(prompt, add_special_tokens=False).ids
        records += struct.pack("<I", len(text)) + text + struct.pack("<H", len(ids)) + struct.pack(f"<{len(ids)}H", *ids)
    packed = struct.pack(">I", len(records)) + zlib.compress(bytes(records), 9)
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_bytes(packed)
    print(f"{len(prompts)} prompts, {len(records)} bytes, {len(packed)} packed, transformers {transformers.__version__}, unicodedata {unicodedata.unidata_version}")


if __name__ == "__main__":
    sys.exit(main())
