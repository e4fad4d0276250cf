"""Begin a lesson: write its files and its line in mkdocs.yml.

    python tests/new.py coordinate "Coordinate descent"
    python tests/new.py coordinate "Coordinate descent" --after dimensions

What it writes is the lesson of `.github/CONTRIBUTING.md` under another name, so it
builds, and its tests pass: change it, piece by piece, until it is yours. Without
`--after` the lesson becomes the last one.
"""

import argparse
import importlib.machinery
import keyword
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
GUIDE = ".github/CONTRIBUTING.md"
# In the guide, the path stands in bold above the block.
_BLOCK = re.compile(r"^\*\*`([\w./]+)`\*\*\n\n(`{3,})\w+\n(.*?)^\2$", re.M | re.S)
_FILES = (
    *("snippets/{}.py", "docs/{}.md", "tests/test_{}.py"),
    "snippets/exercises/{}.py",
)


def blocks(root=ROOT):
    """Return what the guide shows: {path: text}."""
    text = (root / GUIDE).read_text("utf-8")
    return {path: code for path, _, code in _BLOCK.findall(text)}


def files(stem, title, root=ROOT):
    """Return the files of a lesson, with what they hold: {path: text}."""
    shown = blocks(root)
    first = next(path for path in shown if path.startswith("docs/"))
    old = Path(first).stem
    head = re.search("^title: (.+)$", shown[first], re.MULTILINE)[1]
    found = {}
    for path in _FILES:
        # By its name where it is one: the prose goes on about what it is about.
        text = re.sub(
            rf"(?<=from ){old}\b|\b{old}(?=\.py)|(?<=[/-]){old}\b",
            stem,
            shown[path.format(old)],
        )
        text = re.sub(rf'(?m)^((?:title: |# |""")){head}\b', rf"\g<1>{title}", text)
        found[path.format(stem)] = text
    return found


def objection(stem, title, root=ROOT):
    """Return why there can be no lesson of that name, or an empty string."""
    if not stem.isidentifier() or stem != stem.lower() or stem.startswith("_"):
        return f"{stem} cannot name a module: write small letters, digits and _"
    if keyword.iskeyword(stem) or stem in sys.stdlib_module_names:
        return f"{stem} is a word or a module of Python's own: choose another"
    folders = [path for path in sys.path if path.endswith("-packages")]
    if importlib.machinery.PathFinder.find_spec(stem, folders):
        return f"{stem} is the name of an installed package: choose another"
    named = *_FILES, "docs/**/{}.md", "docs/labs/{}.py", "tests/{}.py", "snippets/{}"
    found = [path for name in named for path in root.glob(name.format(stem))]
    taken = [path.relative_to(root).as_posix() for path in found]
    if taken:
        return f"{taken[0]} is there already: choose another name"
    if not re.fullmatch(r"\w[^\n:#\"\\]{0,70}", title):
        return f"{title!r} cannot be the title: write few words, without : # and quotes"
    return ""


def listed(stem, after, root=ROOT):
    """Return mkdocs.yml with a line for a lesson, behind that of another one.

    Raises LookupError if there is no such line.
    """
    text = (root / "mkdocs.yml").read_text("utf-8")
    line = re.search(rf"^( +- ).*\b{re.escape(after)}\.md *$", text, re.MULTILINE)
    if not line:
        raise LookupError(f"mkdocs.yml has no line for {after}.md under nav:")
    return f"{text[: line.end()]}\n{line[1]}{stem}.md{text[line.end() :]}"


def last_lesson(root=ROOT):
    """Return the stem of the last page under `nav:` that states a goal."""
    settings = (root / "mkdocs.yml").read_text("utf-8")
    named = re.findall(r"^ +- (?:.*: )?(\w+)\.md *$", settings, re.MULTILINE)
    page = lambda stem: (root / "docs" / f"{stem}.md").read_text("utf-8")
    return [stem for stem in named if "\n!!! goal" in page(stem)][-1]


def main(words=None, root=ROOT):
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("stem", help="the name of its files")
    asked.add_argument("title", help="what stands above the page")
    asked.add_argument("--after", help="the stem of the lesson before it")
    given = asked.parse_args(words)
    wrong = objection(given.stem, given.title, root)
    if wrong:
        return wrong
    try:
        settings = listed(given.stem, given.after or last_lesson(root), root)
    except LookupError as error:
        return str(error)
    for path, text in files(given.stem, given.title, root).items():
        (root / path).write_text(text, "utf-8", newline="\n")
        print(f"wrote {path}")
    (root / "mkdocs.yml").write_text(settings, "utf-8", newline="\n")
    print(f"wrote its line in mkdocs.yml, under nav:\n\n{NEXT.format(given.stem)}")
    return 0


NEXT = """\
It stands on its feet, and is about something else. Now make it yours:
  1. snippets/{0}.py: the functions that the page shows, then its claims and figures
  2. docs/{0}.md: the description, the goal, the text; with an exercise,
     its mistakes in snippets/exercises/{0}.py
  3. tests/test_{0}.py: what must be true, and an independent implementation
While you write:  python -m mkdocs serve
How far you are:  python -m pytest tests/test_{0}.py"""


if __name__ == "__main__":
    raise SystemExit(main())
