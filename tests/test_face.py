"""What the pages look like: openings, the map, quotation marks, tables, colours."""

import re
from html import unescape
from itertools import pairwise

import html5lib
import pytest
import short_path
from conftest import ROOT, SNIPPETS

NAV = re.findall(
    r"^ {2,}- (?:\w+: )?(\w+)\.md$", (ROOT / "mkdocs.yml").read_text(), re.M
)
LESSONS = [stem for stem in NAV if (SNIPPETS / f"{stem}.py").exists()]
LESSONS = [stem for stem in LESSONS if stem not in ("practice", "clinic", "habits")]
HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def parsed(site_folder):
    """The article of a page by its path, taken apart once."""
    known = {}

    def given(path):
        if path not in known:
            file = site_folder / path / "index.html"
            root = html5lib.parse(file.read_text("utf-8"))
            known[path] = root.find(f".//{HTML}article")
        return known[path]

    return given


def drawn(element):
    """The paths of the drawings in an element."""
    return [
        [path.get("d") for path in svg.iter(f"{SVG}path")]
        for svg in element.iter(f"{SVG}svg")
    ]


def test_a_lesson_opens_with_its_picture(parsed):
    for stem in LESSONS:
        blocks = [one for one in parsed(stem) if one.tag != f"{HTML}p"]
        names = [
            one.tag.removeprefix(HTML) for one in blocks if one.get("title") is None
        ]
        assert names[:3] == ["h1", "figure", "div"], f"{stem}: {names[:3]}"
        assert [one.get("id") for one in blocks if one.get("id")][1] == (
            f"figure-{stem}-opening"
        )


def test_a_lesson_ends_with_the_picture_of_the_next(parsed):
    for stem, following in pairwise(LESSONS):
        [link] = (
            a for a in parsed(stem).iter(f"{HTML}a") if a.get("class") == "weave-next"
        )
        assert link.get("href") == f"../{following}/"
        [figure] = parsed(following).findall(f".//*[@id='figure-{following}-opening']")
        assert drawn(link) == drawn(figure) != []


def test_the_map_has_every_lesson_with_its_picture_and_the_short_path(parsed):
    [course] = (
        ol for ol in parsed("").iter(f"{HTML}ol") if ol.get("class") == "home-path"
    )
    links = list(course.iter(f"{HTML}a"))
    assert [link.get("href").strip("/") for link in links] == LESSONS
    assert all(len(drawn(link)) == 1 for link in links)
    stations = [
        stem
        for stem, item in zip(LESSONS, course, strict=True)
        if item.get("class") == "station"
    ]
    assert [f"{stem}.md" for stem in stations] == list(short_path.minutes())


CODE = "pre", "code", "script", "style", "textarea", "kbd", "samp", "math", "template"


def prose(element):
    """The texts of an element that are neither code nor formulas, block by block."""
    tag = element.tag.removeprefix(HTML) if isinstance(element.tag, str) else "!"
    if tag in CODE or element.tag.startswith(SVG) or "math" in element.tag.lower():
        return "\ue000"
    inner = (element.text or "") + "".join(
        prose(child) + (child.tail or "") for child in element
    )
    block = tag in (
        "p",
        "li",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "dd",
        "dt",
        "summary",
        "div",
    )
    return f"\n{inner}\n" if block else inner


WRONG = re.compile(r"['\"]|(?<![\s(\[—–“‘])[“‘]|(?:^|(?<=\s))[”]|[“‘](?=\s)", re.M)


def wrong_marks(text):
    return [text[max(0, m.start() - 20) : m.end() + 20] for m in WRONG.finditer(text)]


def test_prose_has_quotation_marks_and_apostrophes(parsed, site_folder):
    for file in sorted(site_folder.rglob("index.html")):
        path = file.parent.relative_to(site_folder).as_posix()
        found = wrong_marks(prose(parsed("" if path == "." else path)))
        assert not found, f"{path}: {found}"


@pytest.mark.parametrize("text", ["it's", 'a "word', "a“word", "a “ word", "say ”no”"])
def test_a_wrong_mark_is_found(text):
    assert wrong_marks(text)


def test_code_keeps_its_quotation_marks(site_folder):
    text = (site_folder / "descent" / "index.html").read_text("utf-8")
    blocks = re.findall(r"<pre.*?</pre>", text, re.S)
    assert any('"""' in unescape(re.sub("<[^>]*>", "", block)) for block in blocks)
    assert not [block for block in blocks if re.search("[‘’“”]", block)]


def test_numbers_of_a_column_end_alike(parsed):
    """What a cell lacks behind the point is room, and no text."""
    aligned = 0
    for path in "rate", "compare", "reference/landscapes":
        for table in parsed(path).iter(f"{HTML}table"):
            rows = [list(row) for row in table.iter(f"{HTML}tr")]
            for column in zip(*rows, strict=True):
                ends = {
                    len((text + cell.get("data-pad", "")).partition(".")[2])
                    for cell in column
                    if re.fullmatch(r"[−-]?[\d,]+(\.\d+)?", text := cell.text or "")
                }
                aligned += any(cell.get("data-pad") for cell in column)
                assert len(ends) <= 1, f"{path}: {[cell.text for cell in column]}"
    assert aligned > 5
