"""Makes the one face that tickets are printed with, by hand, when a script or a source face changes:
`python -m printers.fonts.merge /usr/share/fonts/truetype/noto`. Each Noto face carries one script, and a thermal line
mixes Arabic, Latin digits and Tifinagh, so three faces become one under a name of its own, as their licence asks.
It never runs on a kiosk or a server; the result is kept in the repository.
"""

import argparse
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools.merge import Merger  # type: ignore[import-untyped]
from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.ttLib.scaleUpem import scale_upem  # type: ignore[import-untyped]

FAMILY = "Idarati Paper"
TARGET = Path(__file__).with_name("IdaratiPaper-Bold.ttf")
COVERAGE = TARGET.with_suffix(".coverage.txt")
UNITS_PER_EM = 1000

LATIN = (range(0x20, 0x7F), range(0xA0, 0x180))
PUNCTUATION = (range(0x2010, 0x2028), range(0x2030, 0x203B), (0x202F, 0x20AC, 0x2116, 0x2122, 0x2212, 0x00D7))
ARABIC = (range(0x600, 0x700),)
TIFINAGH = (range(0x2D30, 0x2D80),)
INVISIBLE = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0x061C, 0xFEFF)

# The first face that has a character draws it: digits, brackets and guillemets are the Latin face's everywhere.
FACES: tuple[tuple[str, tuple[Iterable[int], ...]], ...] = (
    ("NotoSans-Bold.ttf", (*LATIN, *PUNCTUATION, (0x200E, 0x200F))),
    ("NotoNaskhArabic-Bold.ttf", ARABIC),
    ("NotoSansTifinagh-Regular.ttf", TIFINAGH),
)
# Features that nothing on a ticket asks for, and that only add glyphs.
LEFT_OUT = {"aalt", "c2sc", "smcp", "onum", "pnum", "salt", "ss03", "ss04", "sups", "subs", "dnom", "numr", "frac"}


def one_script(source: Path, characters: Iterable[Iterable[int]]) -> TTFont:
    """One Noto face, cut down to its script, at the shared size and without hints, which cannot be merged."""
    options = Options()
    options.hinting = False
    options.layout_features = sorted(set(Options().layout_features) - LEFT_OUT)
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["DSIG"]
    font = TTFont(source)
    cutter = Subsetter(options=options)
    cutter.populate(unicodes={code for group in characters for code in group})
    cutter.subset(font)
    if font["head"].unitsPerEm != UNITS_PER_EM:
        scale_upem(font, UNITS_PER_EM)
    return font


def merged(folder: Path) -> TTFont:
    with tempfile.TemporaryDirectory() as scratch:
        parts: list[str] = []
        copyrights: list[str] = []
        for file, characters in FACES:
            part = one_script(folder / file, characters)
            copyrights.append(f"{file}: {part['name'].getDebugName(0)}")
            parts.append(str(Path(scratch) / file))
            part.save(parts[-1])
        font = Merger().merge(parts)
    cover_the_invisible(font)
    rename(font, copyrights=copyrights)
    return font


def cover_the_invisible(font: TTFont) -> None:
    """Isolates and joiners take part in shaping and draw nothing; all of them borrow the mark's empty glyph."""
    for table in font["cmap"].tables:
        if table.isUnicode():
            empty = table.cmap[0x200E]
            for code in INVISIBLE:
                table.cmap.setdefault(code, empty)


def rename(font: TTFont, *, copyrights: list[str]) -> None:
    names = font["name"]
    names.names = []
    said = {
        0: " ".join(copyrights),
        1: FAMILY,
        2: "Bold",
        3: f"{FAMILY} Bold 1",
        4: f"{FAMILY} Bold",
        5: "Version 1.000",
        6: "IdaratiPaper-Bold",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1; see OFL.txt beside it.",
        14: "https://openfontlicense.org",
    }
    for name_id, text in said.items():
        names.setName(text, name_id, 3, 1, 0x409)


def ranges(codes: Iterable[int]) -> list[tuple[int, int]]:
    """1, 2, 3, 7 as (1, 3), (7, 7): what the program reads instead of opening the face's tables."""
    found: list[tuple[int, int]] = []
    for code in sorted(codes):
        if found and found[-1][1] == code - 1:
            found[-1] = (found[-1][0], code)
        else:
            found.append((code, code))
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="where the Noto faces lie")
    font = merged(arguments.parse_args().folder)
    font.save(TARGET)
    COVERAGE.write_text("".join(f"{first:04X}-{last:04X}\n" for first, last in ranges(font.getBestCmap())), "ascii")


if __name__ == "__main__":
    main()
