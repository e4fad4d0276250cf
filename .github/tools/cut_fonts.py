"""Cut the fonts of the site down to the characters that its style sheets name.

    python .github/tools/cut_fonts.py FOLDER [FILE …]

FOLDER has the fonts as their makers publish them: STIXTwoText-*.ttf (in source/, as
*.input.ttf) and STIXTwoMath-Regular.ttf 2.13 of https://github.com/stipub/stixfonts,
and SourceCodePro-Regular.ttf 2.042 of https://github.com/adobe-fonts/source-code-pro.
Each file of docs/assets/fonts gets the `unicode-range` of its `@font-face`, and is only
written if it is named or no file is. It needs fonttools and brotli.

Points lie on a grid of 500 for an em, half as fine as the makers' and four times finer
than a screen at the size of text, and nothing says how to fit them to coarse pixels.
Of the features that a font has, kerning and ligatures are kept for text, and low primes
for formulas; brackets, roots and sums come in all their sizes.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib.scaleUpem import scale_upem

ASSETS = Path(__file__).parent.parent.parent / "docs" / "assets"
FACE = re.compile(
    r'@font-face \{[^}]*?fonts/([\w-]+)\.woff2"[^}]*?unicode-range:([^;]*);'
)
FEATURES = {"STIXTwoText": ["kern", "liga"], "STIXTwoMath": ["ss04"]}
UNUSED = {
    "STIXTwoText": ["GDEF"],
    "STIXTwoMath": ["GDEF", "GPOS", "gasp"],
    "SourceCodePro": ["GDEF", "GPOS", "GSUB", "BASE", "gasp"],
}
COPYRIGHT, LICENCE, ITS_ADDRESS = 0, 13, 14


def main(folder: Path, wanted: list[str]) -> None:
    for sheet in "site", "maths":
        css = (ASSETS / "css" / f"{sheet}.css").read_text("utf-8")
        for name, ranges in dict(FACE.findall(css)).items():
            if not wanted or name in wanted:
                cut(folder, name, subset.parse_unicodes(re.sub(r"[\s]", "", ranges)))


def cut(folder: Path, name: str, characters: list[int]) -> None:
    family, _, style = name.removesuffix("-rest").partition("-")
    options = subset.Options(
        layout_features=FEATURES.get(family, []),
        name_IDs=[COPYRIGHT, LICENCE, ITS_ADDRESS],
        hinting=False,
        bidi_closure=False,
    )
    options.drop_tables += UNUSED[family]
    file = folder / f"{family}-{style or 'Regular'}.ttf"
    font = subset.load_font(str(file), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    scale_upem(font, 500)
    font.flavor = "woff2"
    target = ASSETS / "fonts" / f"{name}.woff2"
    font.save(target)
    print(f"{name}: {len(characters)} characters, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
