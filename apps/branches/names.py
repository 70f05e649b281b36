"""Personal names: as people write them, in the order of official lists, and as they are searched for.

Pure functions of the text. Keys are stored beside the name when it is written; after a change of the tables in `data/`
they have to be written again.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product
from pathlib import Path

DATA = Path(__file__).with_name("data")

# Ideographs of all blocks, 〇 and 々; also the private use area, where older systems keep rare characters of names.
HAN = "々〇㐀-䶿一-鿿\ue000-\uf8ff豈-\ufaff\U00020000-\U0003ffff"
FIRST_HAN = re.compile(f"[{HAN}]+")
TOKEN = re.compile(rf"[{HAN}]|[^\W{HAN}]+")

# Dots that stand between the parts of a name. Full stops (the last three) count as such only between Han characters:
# "J. R. Smith" keeps them.
MIDDLE_DOTS = re.compile("[·•‧∙⋅・･ㆍꞏ⸱᛫]")
BETWEEN_HAN = re.compile(f"(?<=[{HAN}])[ ·.。｡]+(?=[{HAN}])")
EDGES = re.compile(f"^[ ·.。｡]+|(?<=[{HAN}])[ ·.。｡]+$|[ ·。｡]+$")

# Invisible, but not of a category that says so: joiners, fillers and variation selectors.
INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# Where NFKC only undoes a width or a look-alike: letters, digits, ＇－． and katakana in the other width, radicals used
# as characters. Elsewhere it changes what was written (① → 1, ㎡ → m2), and so only NFC is applied.
OTHER_WIDTH = re.compile("[\uff07\uff0d\uff0e\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f⺀-⿟]")

EMPTY = "00"  # sorts before every character: they begin with their stroke count
MARKS = {"<": "0", "": "1", ">": "2"}  # see tools/stroke_table.py
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST_READINGS = 32  # ways to read one name; more than a handful is already rare


def clean_name(text: str) -> str:
    """The name without what word processors and alignment put into it: 张　三 → 张三, 阿里．买买提 → 阿里·买买提."""
    text = unicodedata.normalize("NFC", "".join(map(_plain, text)))
    text = MIDDLE_DOTS.sub("·", text)
    text = BETWEEN_HAN.sub(lambda gap: "" if gap[0].isspace() else "·", text)
    text = re.sub(" +", " ", re.sub(" *·[ ·]*", "·", text))
    return EDGES.sub("", text)


def split_name(name: str) -> tuple[str, str]:
    """Surname and given name. ("", name) for names without a Chinese surname: with a middle dot, in Latin letters, or
    of five Han characters and more (阿卜杜热西提)."""
    name = clean_name(name)
    han = FIRST_HAN.match(name)
    if han is None or "·" in name:
        return "", name
    longest = min(4, han.end() - 1)  # a given name remains: 东方 alone is 东, 方
    length = next((n for n in range(longest, 1, -1) if name[:n] in _surnames()), 1)
    if length == 1 and han.end() > 4:
        return "", name
    return name[:length], name[length:].strip()


def stroke_key(name: str) -> str:
    """Sorts by surname strokes (姓氏笔画), the order of official lists, where bytes are compared (COLLATE "C").

    Character by character: number of strokes, then the kinds of the strokes in writing order, 横(提) 竖(竖钩) 撇 点(捺)
    折, then the position in 通用规范汉字表. A surname stays together; within it, given names of one character come first.
    A name without a Chinese surname goes by its first character. Characters whose stroke sequence is unknown stand at
    the end of their stroke count, those without a stroke count after all others, Latin names at the very end.
    """
    name = clean_name(name)
    if not FIRST_HAN.match(name):
        return "z" + _fold(name)
    surname, given = split_name(name)
    if not surname:
        surname, given = name[0], name[1:]
    given_itself = re.split("[（(]", given)[0]  # namesakes are told apart as 张伟（大）
    middle = EMPTY if len(re.findall(f"[{HAN}]", given_itself)) == 1 else ""
    rest = "".join(map(_character_key, _fold(re.sub("[ ·]", "", given))))
    return "".join(map(_character_key, surname)) + EMPTY + middle + rest


def search_keys(name: str) -> str:
    """Full pinyins, then initials, in lower case and separated by blanks: 单丽 → "shanli sl". ü stands as v and as u.

    A query finds them once its blanks and apostrophes are removed. Surnames have their own readings (曾 zeng); where
    people use two (覃 qin, tan; 尉迟 yuchi, weichi), both are there.
    """
    name = clean_name(name)
    if not FIRST_HAN.search(name):
        words = TOKEN.findall(_fold(name))
        initials = ["".join(word[0] for word in words)] if len(words) > 1 else []
        return " ".join(dict.fromkeys(["".join(words), *words, *initials]))
    surname, given = split_name(name)
    choices = [_readings_of_surname(surname, sure=len(name) < 4)] if surname else []
    ways = list(islice(product(*choices, *_readings_of_given(given)), MOST_READINGS))
    spellings = [[syllable for part in way for syllable in part if syllable] for way in ways]
    full = ("".join(spelling) for spelling in spellings)
    initials = ["".join(syllable[0] for syllable in spelling) for spelling in spellings]
    return " ".join(filter(None, dict.fromkeys([*full, *initials])))


def _plain(char: str) -> str:
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cc", "Cf", "Cs"} or INVISIBLE.match(char):
        return ""
    return unicodedata.normalize("NFKC", char) if OTHER_WIDTH.match(char) else char


def _fold(text: str) -> str:
    """Lower case, Latin letters without their accents."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char)).casefold()


# Stroke order


@lru_cache(maxsize=16_384)
def _character_key(char: str) -> str:
    if char in (strokes := _strokes()):
        return strokes[char]
    if not FIRST_HAN.match(char):
        return f"99{ord(char):06x}"
    total = _stroke_total(ord(char))
    return f"{total:02}6{ord(char):06x}" if total else f"98{ord(char):06x}"  # 6: after the stroke kinds 1 to 5


@lru_cache(maxsize=1)
def _strokes() -> dict[str, str]:
    keys = {}
    for line in (DATA / "strokes.txt").read_text("utf-8").splitlines():
        sequence, chars = line.split(" ")
        digits = sequence.rstrip("<>")
        mark = MARKS[sequence[len(digits) :]]
        keys.update({char: f"{len(digits):02}{digits}{mark}{at:02}" for at, char in enumerate(chars)})
    return keys


@lru_cache(maxsize=1)
def _stroke_totals() -> list[tuple[int, str]]:
    lines = (DATA / "stroke_totals.txt").read_text("utf-8").splitlines()
    return [(int(first, 16), signs) for first, signs in (line.split(" ") for line in lines)]


def _stroke_total(code: int) -> int:
    return next((SIGNS.index(signs[code - at]) for at, signs in _stroke_totals() if 0 <= code - at < len(signs)), 0)


# Pinyin


@lru_cache(maxsize=1)
def _surnames() -> dict[str, list[tuple[str, ...]]]:
    """Compound surnames, and single ones with a reading of their own, each reading as its syllables."""
    return {word: [tuple(r.split("-")) for r in readings] for word, *readings in _rows("surnames.txt")}


@lru_cache(maxsize=1)
def _given_readings() -> dict[str, list[str]]:
    return {char: readings for char, *readings in _rows("given_readings.txt")}


def _rows(file: str) -> list[list[str]]:
    lines = (DATA / file).read_text("utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=4096)
def _readings_of_surname(surname: str, *, sure: bool) -> list[tuple[str, ...]]:
    """`sure` is whether this must be a surname; 单增卓玛 may be a Tibetan name, and then 单 is read as in other words."""
    own = _surnames().get(surname, [])
    usual = [_pinyin(surname)] if not own or (len(surname) == 1 and not sure) else []
    return _spellings([*own, *usual])


def _readings_of_given(given: str) -> list[list[tuple[str, ...]]]:
    """For each character or word, the ways to read it; pypinyin knows some readings by the neighbours only."""
    parts = []
    tokens = TOKEN.findall(given)
    together = _pinyin(given) if len(tokens) > 1 and all(map(FIRST_HAN.match, tokens)) else ()
    for at, token in enumerate(tokens):
        parts.append(_readings_of_token(token, together[at] if len(together) == len(tokens) else ""))
    return parts


@lru_cache(maxsize=16_384)
def _readings_of_token(token: str, by_neighbours: str) -> list[tuple[str, ...]]:
    if not FIRST_HAN.match(token):
        return [(_fold(token),)]
    known = [by_neighbours, *_given_readings().get(token, []), *_pinyin(token)]
    return _spellings([(reading,) for reading in known if reading]) or [()]


def _spellings(readings: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Each reading once, ü as v and as u (吕: lv, lu)."""
    both = ((reading, tuple(s.replace("v", "u") for s in reading)) for reading in readings)
    return list(dict.fromkeys(spelling for pair in both for spelling in pair))


def _pinyin(text: str) -> tuple[str, ...]:
    """A syllable for each character; empty where pypinyin knows none."""
    from pypinyin import lazy_pinyin  # large tables: loaded where a name is written, not at start

    # The types know only strings; a list keeps neighbouring unknown characters apart.
    return tuple(lazy_pinyin(text, errors=lambda unknown: [""] * len(unknown)))  # type: ignore[arg-type,return-value]
