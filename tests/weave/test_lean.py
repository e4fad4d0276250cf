"""The theme's style sheets without what no page can use, and what waits apart."""

import re
import xml.etree.ElementTree as etree

import pytest
from _weave.site import lean
from project import whole

NEAR = '<script src="../assets/js/near.js" defer></script>'
SVG = (
    '<svg role="img" aria-label="{0}" viewBox="0 0 9 6" width="9" height="6">{1}</svg>'
)


def test_what_a_page_or_a_script_can_have_stays(tmp_path):
    sheets, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    sheets.mkdir(parents=True)
    scripts.mkdir()
    (scripts / "bundle.js").write_text('open("md-late")')
    (tmp_path / "index.html").write_text('<p dir="ltr" class="here no-js">')
    rules = {
        ".here{a:b}": True,
        ".md-late,.gone{a:b}": ".md-late{a:b}",
        ".here:not(.gone)>b{a:b}": True,
        ".here:not(.gone),.gone{a:b}": ".here:not(.gone){a:b}",
        ":is(.gone,.here){a:b}": True,
        "@namespace a;": True,
        ".here>c{a:b}": True,
        ".gone\\:b{a:b}": True,
        ".here.gone{a:b}": False,
        "/* a; b */": False,
        "[dir=ltr] .here{a:b}": True,
        "[dir=rtl] .here{a:b}": False,
        "@media print{.gone{a:b}}": False,
        "@media print{.here{a:b}.gone{a:b}}": "@media print{.here{a:b}}",
        "@font-face{a:b}": True,
        '.here::before{content:"} .gone{"}': True,
        # For these a browser would look at each element again.
        "[data-md-color-switching] *{a:b}": False,
        "table:not([class])+*,.here h2+h3,.here h2{a:b}": ".here h2{a:b}",
    }
    (sheets / "main.css").write_text("".join(rules))
    lean.trim(tmp_path)
    kept = [rule if how is True else how or "" for rule, how in rules.items()]
    assert (sheets / "main.css").read_text() == "".join(kept)


def test_an_icon_stays_where_something_shows_it(tmp_path):
    sheets = tmp_path / "assets/stylesheets"
    sheets.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<p class="here">')
    icons = ':root{--md-one:url("data:1");--md-other:url("data:2")}'
    shown = ".here{mask:var(--md-one)}.gone{mask:var(--md-other)}"
    (sheets / "main.css").write_text(icons + shown)
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == (
        ':root{--md-one:url("data:1");}.here{mask:var(--md-one)}'
    )


def test_a_variable_goes_with_the_last_that_asks_for_it(tmp_path):
    sheets = tmp_path / "assets/stylesheets"
    sheets.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<p class="here">')
    (sheets / "main.css").write_text(
        ":root{--md-a:1px;--md-b:var(--md-a);--md-c:2px}"
        ".here{margin:var(--md-c)}.gone{margin:var(--md-b)}"
    )
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == (
        ":root{--md-c:2px}.here{margin:var(--md-c)}"
    )


def test_what_is_made_only_when_asked_for_stays_with_a_page_that_asks(tmp_path):
    sheets, scripts = tmp_path / "assets/stylesheets", tmp_path / "assets/javascripts"
    sheets.mkdir(parents=True)
    scripts.mkdir()
    (scripts / "bundle.js").write_text('open("tabbed-labels", "md-version__list")')
    (tmp_path / "index.html").write_text('<p class="tabbed-set">')
    (sheets / "main.css").write_text(".tabbed-labels{a:b}.md-version__list{a:b}")
    lean.trim(tmp_path)
    assert (sheets / "main.css").read_text() == ".tabbed-labels{a:b}"


@pytest.fixture
def drawn(tmp_path):
    """Writes a site with one page, below which are as many drawings as are asked for.

    Gives the page's file, and its text.
    """
    (tmp_path / "assets/css").mkdir(parents=True)
    css = ":root {--fig-ink: #111;}@media screen {.d {--fig-ink: #eee;}}"
    (tmp_path / "assets/css/palette.css").write_text(css)
    file = tmp_path / "one/index.html"
    file.parent.mkdir()

    def written(number, before=NEAR):
        drawings = [
            SVG.format(f"No. {n}", f'<path d="M{n} 0"/><text>{n} &lt; 9</text>')
            for n in range(number)
        ]
        file.write_text(before + "".join(drawings))
        return file, file.read_text()

    return written


def test_drawings_below_the_first_screens_wait_in_an_image(drawn, tmp_path):
    file, html = drawn(5)
    lean.trim(tmp_path)
    published = file.read_text()
    assert whole(file) == html
    assert [n for n in range(5) if f"M{n} 0" in published] == [0, 1]
    assert published.count('role="img" aria-label="No. ') == 5
    [image] = (tmp_path / "assets/images").iterdir()
    assert f'<img src="../assets/images/{image.name}#drawn-3" width="9"' in published
    places = {one.get("id"): one for one in etree.parse(image).getroot()[1:]}
    texts = {name: "".join(one.itertext()) for name, one in places.items()}
    assert texts == {"drawn-1": "2 < 9", "drawn-2": "3 < 9", "drawn-3": "4 < 9"}
    assert "--fig-ink:#111;" in image.read_text()  # its reader sees the light page


def test_only_the_first_drawing_stays_where_the_second_is_far_below(drawn, tmp_path):
    text = NEAR + SVG.format("first", "<path/>") + "<p>word</p>" * 2000
    file, html = drawn(2, text)
    lean.trim(tmp_path)
    assert file.read_text().count("<path") == 1
    assert whole(file) == html


@pytest.mark.parametrize(
    ("number", "before", "offline"),
    [(2, NEAR, False), (5, "<p>near.js</p>", False), (5, NEAR, True)],
    ids=["few", "nothing to bring them", "offline"],
)
def test_else_they_stay_and_no_script_looks_for_them(
    drawn, tmp_path, number, before, offline
):
    file, html = drawn(number, before)
    lean.trim(tmp_path, offline=offline)
    assert file.read_text() == html.removeprefix(NEAR)
    assert not (tmp_path / "assets/images").exists()


def test_a_drawing_in_what_is_read_as_one_text_stays(drawn, tmp_path):
    kept = f"<noscript>{SVG.format('kept', '<path/>')}</noscript>"
    other = SVG.format("other", "<path/>")
    file, html = drawn(0, NEAR + kept + 3 * other + kept)
    lean.trim(tmp_path)
    assert file.read_text().count(kept) == 2
    assert file.read_text().count(other) == 2
    assert whole(file) == html


ASKED = """\
<p><span class="weave-checked" id="check-1" popover>By <code>1 &gt; 0</code>.</span></p>
<p class="weave-formula" data-name="one">x</p>
<p class="weave-formula" data-name="two" hidden><b>y</b></p>
<details><div tabindex="0" class="weave-table"><table>9</table></div></details>
<template data-right="yes"></template><template data-value="2"><p>No.</p></template>
<noscript><template><p>Nor here.</p></template></noscript>
"""


def test_what_a_reader_asks_for_is_a_page_of_its_own(drawn, tmp_path):
    heading = '<h2 id="asked-twice">Asked twice</h2><a href="#asked-twice">It</a>'
    file, html = drawn(0, f"{NEAR}\n{heading}\n{ASKED}")
    lean.trim(tmp_path)
    published = file.read_text()
    assert whole(file) == html
    [page] = (tmp_path / "assets/asked").iterdir()
    place = file.parent.relative_to(tmp_path).as_posix()
    assert f'<base href="../../{place}/">' in page.read_text()
    held = ["By <code>1 &gt; 0</code>.", "<b>y</b>", "<table>9</table>"]
    held += ["<p>No.</p>"]
    for number, text in enumerate(held, 1):
        assert text not in published
        assert f'<div id="asked-{number}">{text}</div>\n' in page.read_text()
    assert published.count("data-from=") == len(held)
    assert "Nor here." in published
    # Whoever has no script is led there, and to what could be seen alone.
    links = [f'<a href="../assets/asked/{page.name}#asked-{n}">' for n in (1, 3)]
    assert [published.count(link) for link in links] == [1, 1]
    assert published.count("<a ") == 3
    assert heading in published


BANK = """\
<p>1</p><weave-question id="own"><template><p>Stays.</p></template></weave-question>
<weave-bank><form></form>
<details class="weave-lesson"><p><a href="../a/">To the lesson</a></p>
<weave-question id="a-1"><details>1</details></weave-question>
<weave-question id="a-2">2</weave-question>
</details>
<details class="weave-lesson"><p>To it</p>
<weave-question id="b-1"><template><p>Wrong.</p></template></weave-question>
</details></weave-bank>
<script src="../assets/js/practice.js" defer></script>
"""


@pytest.mark.parametrize("offline", [False, True])
def test_the_questions_of_the_bank_are_a_page_of_their_own(drawn, tmp_path, offline):
    file, html = drawn(0, f"{NEAR}\n{BANK}")
    lean.trim(tmp_path, offline=offline)
    published = file.read_text()
    script = ' data-scripts="../assets/js/practice.js"'
    assert f"<weave-bank{script}>" in published
    tag = BANK.splitlines()[-1] + "\n"
    assert whole(file).replace(script, "") == html.replace(tag, "")
    assert "Stays." in published
    assert published.count("data-from=") == (0 if offline else 2)
    for text in "a-1", "a-2", "Wrong.":
        assert (text in published) == offline


SCRIPT = '<script src="../assets/js/{}.js" defer></script>\n'
MOVED = """\
<weave-explore id="a" data-explore="θ &lt; 2"></weave-explore>
<weave-explore id="b" data-explore="[3]"></weave-explore>
"""


def test_figures_to_move_bring_what_they_are_made_of_and_their_scripts(drawn, tmp_path):
    tags = "".join(map(SCRIPT.format, ("explore", "marks", "explore-plane")))
    file, _ = drawn(0, f"{NEAR}\n{tags}{MOVED}")
    lean.trim(tmp_path)
    [made] = (tmp_path / "assets/js").iterdir()
    put = '["#a","data-explore","θ < 2"],["#b","data-explore","[3]"]'
    assert put in made.read_text("utf-8")
    names = made.stem, "explore", "explore-plane"
    waiting = " ".join(f"../assets/js/{name}.js" for name in names)
    first = f'<weave-explore data-scripts="{waiting}" id="a"></weave-explore>\n'
    second = '<weave-explore id="b"></weave-explore>\n'
    assert file.read_text() == f"{NEAR}\n{SCRIPT.format('marks')}{first}{second}"


@pytest.mark.parametrize(
    ("near", "moved"), [("", MOVED), (NEAR, "")], ids=["nothing to bring it", "none"]
)
def test_else_scripts_stay_where_they_are(drawn, tmp_path, near, moved):
    """The map of the lessons is drawn by one, too."""
    page = SCRIPT.format("map") + moved
    file, _ = drawn(0, near + page)
    lean.trim(tmp_path)
    assert file.read_text() == page


def test_what_waits_for_a_reader_who_runs_code_is_a_script_of_its_own(tmp_path):
    """Named by what is in it: a browser keeps it until it is another one."""
    scripts = tmp_path / "assets/js"
    scripts.mkdir(parents=True)
    pages = {name: tmp_path / name / "index.html" for name in ("rate", "loss")}
    for name, page in pages.items():
        page.parent.mkdir()
        page.write_text(f'<weave-python data-modules="{name}">')
    lean.trim(tmp_path)
    for name, page in pages.items():
        [script] = re.findall(
            r'^<weave-python data-src="../assets/js/(code-[0-9a-f]{8}\.js)">$',
            page.read_text(),
        )
        put = f'["weave-python","data-modules","{name}"]'
        assert put in (scripts / script).read_text()


def test_a_page_asks_for_its_style_in_two_sheets_before_its_scripts(tmp_path):
    css = tmp_path / "assets/css"
    css.mkdir(parents=True)
    (tmp_path / "in").mkdir()
    for name in "all", "one", "two":
        (css / f"{name}.css").write_text(f".{name}{{}}")
    link = '<link rel="stylesheet" href="{}assets/css/{}.css">'.format
    page = f"<i></i>{link('', 'all')}<script>1</script>{link('', 'one')}<b></b>"
    (tmp_path / "index.html").write_text(page + link("", "two"))
    (tmp_path / "in/index.html").write_text(link("../", "all"))
    elsewhere = '<link rel="stylesheet" href="/own.css">'
    (tmp_path / "404.html").write_text(link("/", "all") + elsewhere)
    (tmp_path / "none.html").write_text("None.")
    lean.trim(tmp_path)
    every, own = (next(css.glob(f"{kind}-*.css")) for kind in ("all", "one-two"))
    assert every.read_text() == ".all{}"
    assert own.read_text() == ".one{}.two{}"
    assert len([*css.iterdir()]) == 2
    linked = link("", every.stem), link("", own.stem)
    said = "<i></i>{}\n{}\n<script>1</script><b></b>".format(*linked)
    assert (tmp_path / "index.html").read_text() == said
    assert (tmp_path / "in/index.html").read_text() == link("../", every.stem) + "\n"
    absolute = link("/", every.stem) + "\n" + elsewhere
    assert (tmp_path / "404.html").read_text() == absolute
    assert (tmp_path / "none.html").read_text() == "None."


@pytest.mark.parametrize(
    ("offline", "faces"),
    [(False, ["STIXTwoText-Regular", "STIXTwoText-Italic"]), (True, [])],
)
def test_the_faces_of_the_first_screen_are_asked_for_first(tmp_path, offline, faces):
    (tmp_path / "assets/css").mkdir(parents=True)
    (tmp_path / "assets/css/site.css").write_text(".a{b:c}")
    (tmp_path / "assets/fonts").mkdir()
    for face in "STIXTwoText-Regular", "STIXTwoText-Italic", "SourceCodePro-Regular":
        (tmp_path / f"assets/fonts/{face}.woff2").write_text("")
    (tmp_path / "one").mkdir()
    (tmp_path / "one/index.html").write_text(
        '<code>No</code><link rel="stylesheet" href="../assets/css/site.css"><script>a'
        f"</script><h1>A</h1><em>b</em>{'.' * 9000}<code>c</code>"
    )
    lean.trim(tmp_path, offline=offline)
    page = (tmp_path / "one/index.html").read_text()
    ahead = '<link rel="preload" href="../assets/fonts/{}.woff2" as="font"'
    found = re.findall(re.escape(ahead).replace(r"\{\}", r"([\w-]+)"), page)
    assert found == faces
    assert "preload" not in page[page.find("<script") :]


def test_what_made_a_page_is_not_said_before_its_foot(tmp_path):
    file = tmp_path / "index.html"
    file.write_text('<meta name="generator" content="mkdocs-1">\n<title>A</title>')
    lean.trim(tmp_path)
    assert file.read_text() == "<title>A</title>"
