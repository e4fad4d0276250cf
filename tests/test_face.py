"""What the pages look like: openings, the map, quotation marks, tables, colours."""

import ast
import re
from html import unescape
from itertools import combinations, pairwise

import html5lib
import pytest
import short_path
from colours import SEEN, difference, lab, rgb
from conftest import ROOT, SNIPPETS
from project import whole
from shared import palette

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
            root = html5lib.parse(whole(file))
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


# Colours

SERIES = "curve", "path", "second", "third", "fourth", "alarm"
NEVER_BOTH = "fourth", "alarm"
APART = 9  # CIEDE2000; about 2 is just seen beside each other


@pytest.mark.parametrize("cones", SEEN)
@pytest.mark.parametrize("scheme", [palette.LIGHT, palette.DARK], ids=["light", "dark"])
def test_lines_can_be_told_apart_without_one_kind_of_cones(scheme, cones):
    seen = {role: lab(rgb(scheme[role]), cones) for role in SERIES}
    close = {
        pair: apart
        for pair in combinations(SERIES, 2)
        if pair != NEVER_BOTH and (apart := difference(*map(seen.get, pair))) < APART
    }
    assert not close


def test_no_figure_has_two_colours_that_look_alike():
    for file in SNIPPETS.glob("*.py"):
        for function in ast.parse(file.read_text("utf-8")).body:
            if getattr(function, "name", "").startswith("figure_"):
                roles = {
                    node.value
                    for node in ast.walk(function)
                    if isinstance(node, ast.Constant)
                }
                assert not set(NEVER_BOTH) <= roles, f"{file.name}: {function.name}"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_differences_are_those_of_the_published_pairs(one, other, expected):
    """Sharma, Wu and Dalal (2005), table 1."""
    assert difference(one, other) == pytest.approx(expected, abs=5e-5)
    assert difference(other, one) == pytest.approx(expected, abs=5e-5)


def test_grey_stays_grey_for_all():
    """The rows of each matrix add up to one, as the paper's do."""
    for cones in SEEN:
        assert lab([0.5, 0.5, 0.5], cones)[1:] == pytest.approx([0, 0], abs=0.05)


# Where a hollow circle is no start and a green one no optimum.
OTHERWISE = {
    (
        "regression",
        "figure_units",
    ): "the end of a line to which a point does not belong",
    ("batches", "figure_explore_floor"): "a cross, since rings say something there",
}


def markers(stem):
    """Calls of `plot` that draw a start or an optimum by hand: their functions."""
    for function in ast.parse((SNIPPETS / f"{stem}.py").read_text("utf-8")).body:
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                given = {
                    key.arg: getattr(key.value, "value", None) for key in call.keywords
                }
                hollow = given.get("markerfacecolor") == "paper"
                data = given.get("color") in ("ink", "soft")
                form = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
                point = any(str(one) in ("o", "+", "x") for one in form)
                best = given.get("color") == "optimum" and point
                if call.func.attr == "plot" and (best or (hollow and not data)):
                    yield function.name


def test_starts_and_optima_are_drawn_by_the_same_two_functions():
    found = {
        (file.stem, name)
        for file in SNIPPETS.glob("*.py")
        for name in markers(file.stem)
    }
    assert found == OTHERWISE.keys()
