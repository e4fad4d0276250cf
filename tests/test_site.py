"""The built site: links lead somewhere, markup is sound, pages are light."""

import gzip
import os
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import html5lib
import pytest
from conftest import ROOT
from weave.test_maths import SITE_CSS, characters, faces

HERE = os.environ.get("SITE_URL") or "http://127.0.0.1:8000/"
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "use": "href"}
FOLDED = "template", "noscript"
# What a link may not be called, because nobody learns where it leads.
NAMELESS = {"", "here", "start", "this", "go", "more", "learn more", "read more"}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect"}

# The font of what stands in an element; in the first of them is no text.
FONT = dict.fromkeys(("script", "style", "title", "math"), "")
FONT |= dict.fromkeys(("code", "pre", "samp"), "SourceCodePro-Regular")
FONT |= dict.fromkeys(("em", "i"), "STIXTwoText-Italic")
FONT |= dict.fromkeys(
    ("strong", "b", "h2", "h3", "h4", "th", "summary"), "STIXTwoText-Bold"
)


class Document(HTMLParser):
    """What a page refers to: ids, links, what it loads, and its order of headings."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loads, self.headings = [], [], [], []
        self.without_scripts = []
        self.handlers, self.labels = [], []
        self.named = []  # links by their text
        # Elements; to a browser that runs scripts, what these hold is none of them.
        self.nodes = self.folded = 0
        self.inside, self.written = [], {}  # what is open; characters by their face
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.nodes += not self.folded
        self.folded += tag in FOLDED
        if given.get("id"):
            self.ids.append(given["id"])
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
            self.named.append(given.get("aria-label") or given.get("title") or "")
            self.inside.append("a")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "svg" and given.get("role") == "img":
            self.labels.append(given.get("aria-label"))
        self.handlers += [name for name in given if name.startswith("on")]
        self.handlers += [name for name in given if name == "style"]
        loaded = given.get(LOADS.get(tag, ""))
        if loaded and (tag != "link" or given.get("rel") in LOADED_LINKS):
            (self.without_scripts if self.folded else self.loads).append(loaded)
        self.inside += [tag] if tag in FONT else []

    def handle_endtag(self, tag):
        self.folded -= tag in FOLDED
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data):
        if "a" in self.inside:
            self.named[-1] += data
        fonts = {FONT[tag] for tag in self.inside if tag in FONT}
        first = [font for font in dict.fromkeys(FONT.values()) if font in fonts]
        face = first[0] if first else "STIXTwoText-Regular"
        self.written.setdefault(face, set()).update(data)


@pytest.fixture(scope="module")
def built(site_folder):
    """Every page of the real site by its address."""
    folder = site_folder
    return {
        urljoin(HERE, file.relative_to(folder).as_posix().removesuffix("index.html")): (
            file,
            Document(file.read_text("utf-8")),
        )
        for file in sorted(folder.rglob("*.html"))
        if "asked" not in file.parts  # what is shown to those who ask
    }


def place(address, folder):
    """The file of an address of the site."""
    path = urlsplit(address).path.removeprefix(urlsplit(HERE).path)
    return folder / unquote(path)


def test_every_link_leads_to_a_page_and_every_anchor_to_a_place(built):
    folder = next(iter(built.values()))[0]
    while not (folder / "sitemap.xml").exists():
        folder = folder.parent
    broken = []
    for address, (_, page) in built.items():
        for link in page.links:
            target, fragment = map(unquote, urldefrag(urljoin(address, link)))
            if not target.startswith(HERE):
                continue
            if target in built:
                if fragment and fragment not in built[target][1].ids:
                    broken.append(f"{address}: no #{fragment} in {target}")
            elif not place(target, folder).is_file():
                broken.append(f"{address}: {link}")
    assert not broken, "\n".join(broken)


def test_every_link_says_where_it_leads(built):
    for address, (_, page) in built.items():
        for name, link in zip(page.named, page.links, strict=True):
            assert name.strip().lower() not in NAMELESS, f"{address}: {link}"


def test_no_page_loads_anything_from_elsewhere(built, site_folder):
    for address, (_, page) in built.items():
        for loaded in [*page.loads, *page.without_scripts]:
            assert urljoin(address, loaded).startswith(HERE), f"{address}: {loaded}"
        for loaded in page.without_scripts:
            assert place(urljoin(address, loaded), site_folder).is_file(), loaded


def test_no_style_sheet_loads_anything_from_elsewhere():
    for file in (ROOT / "docs/assets").rglob("*.css"):
        for url in re.findall(r"[: ,]url\(([^)]*)\)|@import", file.read_text("utf-8")):
            assert url.strip("\"'").startswith(("../", "data:")), f"{file.name}: {url}"


def test_ids_are_unique(built):
    for address, (_, page) in built.items():
        twice = sorted({name for name in page.ids if page.ids.count(name) > 1})
        assert not twice, f"{address}: {twice}"


def test_question_ids_are_unique_on_the_whole_site(built):
    ids = [
        name
        for address, (file, _) in built.items()
        if not address.endswith("/practice/")  # it repeats the lessons'
        for name in re.findall(
            r'<weave-question[^>]* id="([^"]+)"', Path(file).read_text()
        )
    ]
    assert len(ids) > 80
    assert len(ids) == len(set(ids))


def test_headings_come_in_order_and_there_is_one_h1(built):
    for address, (_, page) in built.items():
        assert page.headings.count(1) == 1, address
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(b <= a + 1 for a, b in steps), f"{address}: {page.headings}"


def test_every_drawing_says_what_is_seen(built):
    labels = [label for _, page in built.values() for label in page.labels]
    assert len(labels) > 80
    assert all(label and len(label) > 20 for label in labels)


def test_nothing_in_a_page_needs_inline_code_or_style(built):
    for address, (file, page) in built.items():
        assert not page.handlers, f"{address}: {page.handlers}"
        head = Path(file).read_text("utf-8")
        assert "Content-Security-Policy" in head, address
        policy = head.split("Content-Security-Policy")[1][:2000]
        python = "'wasm-unsafe-eval'"  # and that only where Python runs
        for word in python, "blob:":
            assert (word in policy) == ("<weave-python" in head), address
        assert "unsafe" not in policy.replace(python, ""), address


def test_the_markup_has_no_parse_error(built):
    wrong = []
    for address, (file, _) in built.items():
        parser = html5lib.HTMLParser()
        text = file.read_text("utf-8")
        parser.parse(text)
        for (line, column), fault, _ in parser.errors:
            around = text.split("\n")[line - 1][max(0, column - 60) : column + 20]
            wrong.append(f"{address}:{line}: {fault} near {around}")
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize(
    "broken", ["<p>one</b></p>", "<ul><p>two</ul></p>", "<p><div>three</div></p>"]
)
def test_the_parser_sees_what_is_broken(broken):
    parser = html5lib.HTMLParser()
    parser.parse(f"<!doctype html><title>x</title>{broken}")
    assert parser.errors


# Bytes over the wire, compressed, that a first visit costs with all its fonts (44 kB
# where a page has formulas and code), all but what waits until it is asked for or near:
# the search, what serves exercises and figures to move, the drawings below the first
# screens, which come together (5 to 22 kB), and what was checked, is said to an answer
# or stands in a figure's table (2 to 8 kB); on the page of practice, the questions of
# the lessons (45 kB). tests/measure_pages.py tells all.
BUDGET = 150_000
# What a page costs when another one was read before, and the theme, the fonts and the
# style are there.
NEXT = 30_000
# Elements that a browser lays out, before it has what waits.
MOST = 3_600
NODES = {"failures/": 3_900}


def packed(file):
    """The size of a file as a server sends it."""
    data = file.read_bytes()
    if file.suffix in (".woff2", ".png"):
        return len(data)
    return len(gzip.compress(data, 9, mtime=0))


def fonts(file, page):
    """The fonts that a page needs: for its text, its kinds of it, and its formulas."""
    return [
        ROOT / "docs/assets/fonts" / name
        for name, has in (faces(SITE_CSS) | faces()).items()
        for face, used in written(file, page).items()
        if name.startswith(face) and used & has - {" ", "\xa0"}
    ]


def written(file, page):
    """The characters of a page for each face."""
    kinds = set(re.findall(r"<math.*?</math>", file.read_text("utf-8"), re.DOTALL))
    formulas = set().union(*map(characters, kinds))
    # A browser may ask for a letter's font before it makes an italic one of it.
    formulas.update(unescape(re.sub("<[^>]*>", "", "".join(kinds))))
    if any("<msqrt" in one or "<mroot" in one for one in kinds):
        formulas.add("√")
    known = {face: used for face, used in page.written.items() if face}
    return known | {"STIXTwoMath": formulas}


def test_no_page_needs_the_rest_of_a_font(built):
    """Each face has what pages write in it: its range in docs/assets/css says so."""
    has, lacking = faces(SITE_CSS) | faces(), []
    for address, (file, page) in built.items():
        for face, used in written(file, page).items():
            family = face.partition("-")[0]
            known = set().union(*(own for name, own in has.items() if family in name))
            lacks = sorted(used & known - has[f"{face}.woff2"])
            lacking += [f"{address}: {face} lacks {lacks}"] if lacks else []
    assert not lacking, "\n".join(lacking)


def weight(address, file, page, folder):
    parts = {part for part in page.loads if not part.startswith(("#", "data:"))}
    files = {place(urljoin(address, part), folder) for part in parts}
    ours = [f for f in files if f.suffix != ".woff2"]  # those loaded ahead, too
    return sum(map(packed, [file, *ours, *fonts(file, page)]))


def test_no_page_is_heavier_than_its_budget(built):
    folder = built[HERE][0].parent
    heavy = []
    for address, (file, page) in built.items():
        name = address.removeprefix(HERE)
        for what, is_, may in (
            ("elements", page.nodes, NODES.get(name, MOST)),
            ("bytes", weight(address, file, page, folder), BUDGET),
            ("bytes as the next page", packed(file), NEXT),
        ):
            if is_ > may:
                heavy.append(f"{name}: {is_:,} {what}, and may have {may:,}")
    assert not heavy, "\n".join(heavy)
