"""What is published is less than what was built: style, blanks, and what can wait.

What only code needs that a reader runs is a script of its own for each page; what
serves figures to move comes when one is near, and so do the drawings below the first
screens. What a page shows only to a reader who asks, such as how a sentence was
checked, is a page of its own, out of which it comes. Most of the theme's style is for
parts that this site has not: other colours, other scripts' pages, text from right to
left. That is two thirds of what every reader would wait for, and of what a browser
compares with each element of a page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path

_CLASSES = re.compile(r'(?<=class=)"[^"]*"|(?<=class=)[\w-]+')
_PARTED = re.compile(r"\b[A-Za-z]+(?:[-_]+[A-Za-z0-9]+)+")  # so are the theme's classes
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_GIVEN = re.compile(r'\[((?:dir|data-md-color-[a-z]+)=)"?([\w-]+)"?\]')
_PARENTHESES = re.compile(r"\([^()]*\)")
_NAMED = re.compile(r"var\((--[\w-]+)")
# What the theme's script makes only of what its settings and its pages ask for: tabs,
# notes in code, tooltips, versions, stars. Where a page has one, it has such a class.
_ASKED_FOR = "tabbed-", "md-annotation", "md-tooltip", "md-version", "md-source__fact"
# For these a browser looks at each element of a page anew: where the theme says at its
# start which palette there is, and where it puts a table into a box that scrolls. They
# keep colours from fading into each other, and say how far two blocks are apart, which
# site.css says for a heading after a heading.
_ANEW = re.compile(r"^\[data-md-color-switching\]|table:not\(\[class\]\)\+|\bh2\+h3$")
# Attributes that are there or not, as XHTML has to write them.
_BOOLEAN = re.compile(r' (disabled|hidden|novalidate|selected)="\1"')
_BLANKS = re.compile(r"(<(pre|textarea|script)\b.*?</\2>|<[^>]*>)|\s*\n\s*", re.DOTALL)
_MOVES = re.compile(
    r'<script src="([^"]*/(?:map|practice|explore[\w-]*)\.js)" defer></script>'
)
_SHEET = re.compile(
    r'<link rel="stylesheet" href="([^"]*?)(assets/(?:css|stylesheets)/[^"/]*)">\s*'
)
# The faces that a page asks for ahead if its first screen has any of it.
_FACES = {
    "STIXTwoText-Regular": "",
    "STIXTwoText-Bold": "",
    "STIXTwoMath": 'class="maths"',
    "STIXTwoText-Italic": "<em>",
    "SourceCodePro-Regular": "<code",
}
_FIRST = 7_000  # so long is the HTML of nearly all first screens, at most
_MOVED = re.compile("<weave-(?:explore|bank)")
_MADE = re.compile(r'<meta name="generator"[^>]*>\n?')  # which the foot says, too
_NEAR = re.compile(r'<script src="[^"]*/near\.js" defer></script>\n?')
# What a drawing's colours would be without palette.css, which each published page has.
_FALLBACK = re.compile(r'(?<=")(var\(--fig-[\w-]+), #[0-9a-f]{6}\)(?=")')
_ID = re.compile(r' id="([^"]*)"')
_DRAWING = re.compile(
    r"(<(noscript|template)\b.*?</\2>)"  # what a script may read as one text
    r'|<svg (role="img" aria-label="[^"]*"|aria-hidden="true") '
    r'(viewBox="[^"]*") width="([\d.]+)" height="([\d.]+)"([^>]*)>(.*?)</svg>',
    re.DOTALL,
)
_AT_ONCE = 2  # at most so many do the first two screens of a page show,
_SCREENS = 16_000  # whose HTML is as long as this, at most
# How a sentence was checked; of a figure, the numbers, and formulas that belong to
# another choice; and what is said to an answer.
_ASKED = re.compile(
    r"(?P<apart><noscript\b.*?</noscript>)|(?P<start><(?P<tag>"
    r'span(?= class="weave-checked")|div(?=[^>]* class="weave-table")|template|'
    r'p(?= class="weave-formula"[^>]* hidden))\b[^>]*)>'
    r"(?!</(?P=tag)>)(?P<inner>.+?)</(?P=tag)>",
    re.DOTALL,
)
# The questions of a lesson, on the page of practice.
_BANK = re.compile(
    r'(?P<start><details class="weave-lesson"[^>]*>(?:(?!<weave-question).)*)'
    r"(?P<inner><weave-question\b.*?)"
    r'(?=</details>\s*(?:<details class="weave-lesson"|</weave-bank>))',
    re.DOTALL,
)
# What a reader without scripts has in the place of each.
_LINKS = {
    "span": '<a href="{}">Checked by the build</a>',
    "div": '<p><a href="{}">They stand on a page of their own.</a></p>',
    "p": "",
    "template": "",
    "bank": "<noscript>They are asked there; here, a script shows them.</noscript>",
}
# Such a page shows the one that is asked for, whose links lead on as from the page that
# lacks it, and is read by a script, too.
_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="robots" content="noindex"><title>What was asked for</title>
<base href="{}">
<style>:root{{color-scheme:light dark}}div:not(:target){{display:none}}</style>
{}"""
# How an image with drawings shows the one that is asked for: as site.css would.
_SHOWN = """\
background:var(--fig-paper);font-family:serif}
:root>svg:not(:target){display:none}
text{paint-order:stroke;stroke:var(--fig-paper);stroke-linejoin:round;stroke-width:2.5px}
"""
_SVG = "http://www.w3.org/2000/svg"
_ROLE = re.compile(r"(--fig-[\w-]+): ([^;]+);")
_VARIABLE = re.compile(r'(--md-[\w-]+):(?:url\("[^"]*"\)|[^;{}"]*);?')


def trim(site: Path, *, offline: bool = False) -> None:
    """Cut the theme's style sheets of a built site down to what its pages can use.

    Of its pages, cut the blanks in which the theme's templates stand, and the colours
    that palette.css has; join the style sheets that they ask for; put into scripts what
    waits until a reader runs code or moves a figure, into images the drawings that a
    reader comes to later, and into pages what is shown to those who ask. A site to be
    read `offline` keeps these where they are: a browser reads no file for a file.
    """
    sheets = sorted(site.glob("assets/stylesheets/*.css"))
    pages = {f: f.read_text("utf-8") for f in sorted(site.rglob("*.html"))}
    scripts = [file.read_text("utf-8") for file in sorted(site.glob("assets/**/*.js"))]
    known = {"js"} | {
        word
        for page in pages.values()
        for c in _CLASSES.findall(page)
        for word in c[1:-1].split()
    }
    asked = {name for name in _ASKED_FOR if any(one.startswith(name) for one in known)}
    for word in set().union(*map(_PARTED.findall, scripts)):
        if asked.issuperset(name for name in _ASKED_FOR if word.startswith(name)):
            known.add(word)
    for page in pages.values():
        known.update(f"{name}{value}" for name, value in _attributes(page))
    own = [file.read_text("utf-8") for file in sorted(site.glob("assets/css/*.css"))]
    cut = {file: needed(file.read_text("utf-8"), known) for file in sheets}
    css = "".join([*cut.values(), *own])
    while css != (css := _without(css, used := set(_NAMED.findall(css)))):
        pass
    for file, text in cut.items():
        file.write_text(_without(text, used), "utf-8")
    light = dict(reversed(_ROLE.findall("".join(own))))  # the first of each
    named = [{m[2] for m in found} for p in pages.values() if (found := _sheets(p))]
    shared = set.intersection(*named) if named else set()
    for file, page in pages.items():
        up = "../" * (len(file.relative_to(site).parts) - 1)
        rest, code = parted(page, "python|exercise", "modules|setup|exercise")
        if code:
            tag = f'<weave-python data-src="{up}{_script(site, "code", code)}"'
            rest = rest.replace("<weave-python", tag)
        waits = _NEAR.search(rest)
        scripts = _MOVES.findall(rest) if waits and _MOVED.search(rest) else []
        if scripts:
            rest, code = parted(_MOVES.sub("", rest), "explore", "explore")
            scripts[:0] = [up + _script(site, "figures", code)] if code else []
            tag = f'\\g<0> data-scripts="{" ".join(scripts)}"'
            rest = _MOVED.sub(tag, rest, count=1)
        rest = _joined(site, rest, shared, "" if offline else _faces(site, rest, up))
        rest = closer(_FALLBACK.sub(r"\1)", _MADE.sub("", rest)))
        if waits and not offline:
            home = file.parent.relative_to(site).as_posix()
            rest, asked_for = unasked(rest, f"../../{home}/")
            if asked_for:
                name = _kept(site, "assets/asked/{}.html", asked_for)
                rest = _named(rest, "asked", up + name)
            rest, image = undrawn(rest, light)
            if image:
                name = _kept(site, "assets/images/drawings-{}.svg", image)
                rest = _named(rest, "drawn", up + name)
        if not scripts and "data-from=" not in rest:
            rest = _NEAR.sub("", rest)
        file.write_text(rest, "utf-8")
    for name in set().union(*named):
        (site / name).unlink()


def _sheets(html: str) -> list[re.Match[str]]:
    return [*_SHEET.finditer(html)]


def _faces(site: Path, html: str, up: str) -> str:
    """What asks for the faces of the first screen; others come when they are met."""
    first = html.partition("<h1")[2][:_FIRST]
    kind = 'as="font" type="font/woff2" crossorigin'
    return "".join(
        f'<link rel="preload" href="{up}assets/fonts/{face}.woff2" {kind}>\n'
        for face, where in _FACES.items()
        if where in first and (site / f"assets/fonts/{face}.woff2").exists()
    )


def _joined(site: Path, html: str, shared: set[str], faces: str) -> str:
    """A page with the style of all pages in one sheet, and what is its own in another.

    They, and the faces, stand before its scripts: these wait for style, and behind one
    of them a browser asks for nothing before it has run, since it is to keep the page's
    policy.
    """
    found = _sheets(html)
    if not found:
        return html
    tags = ""
    for is_shared in True, False:
        names = [match[2] for match in found if (match[2] in shared) is is_shared]
        if names:
            kinds = "-".join(Path(name).name.split(".")[0] for name in names)
            css = "".join((site / name).read_text("utf-8") for name in names)
            name = _kept(site, f"assets/css/{kinds}-{{}}.css", css)
            tags += f'<link rel="stylesheet" href="{found[0][1]}{name}">\n'
    start = found[0].start()
    return html[:start] + tags + faces + _SHEET.sub("", html[start:])


def _script(site: Path, kind: str, code: str) -> str:
    return _kept(site, f"assets/js/{kind}-{{}}.js", code)


def _kept(site: Path, name: str, text: str) -> str:
    """Where a file of a page is written, below the site; its name tells its content."""
    name = name.format(sha256(text.encode()).hexdigest()[:8])
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text(text, "utf-8")
    return name


def _named(html: str, kind: str, file: str) -> str:
    """A page that names the file of what it lacks; that has it in the same order."""
    html = html.replace('data-from=""', f'data-from="{file}"')
    return re.sub(rf'="(#{kind}-\d+")', rf'="{file}\1', html)


def undrawn(html: str, roles: dict[str, str]) -> tuple[str, str]:
    """A page without what is in most of its drawings, and the image that has it.

    A reader without scripts sees in each place its part of the image. That knows
    nothing of the page's style, so it brings the colours that the `roles` have.
    """
    seen, held = 0, list[str]()
    far = html.find("<h1") + _SCREENS

    def without(match: re.Match[str]) -> str:
        nonlocal seen
        apart, _, said, box, width, height, look, inner = match.groups()
        seen += apart is None
        if apart or (seen <= _AT_ONCE and match.start() < far):
            return match[0]
        name = f"drawn-{len(held) + 1}"
        held.append(f'<svg id="{name}" {box}{look}>{inner}</svg>')
        size = f'width="{float(width):.0f}" height="{float(height):.0f}"'
        return (
            f'<svg {said} {box} width="{width}" height="{height}"{look} '
            f'data-from=""><foreignObject width="100%" height="100%"><noscript>'
            f'<img src="#{name}" {size} alt=""></noscript></foreignObject></svg>'
        )

    rest, drawings = _DRAWING.sub(without, html), "".join(held)
    if not held:
        return html, ""
    colours = "".join(f"{role}:{roles[role]};" for role in sorted(roles))
    style = f":root{{{colours}{_SHOWN}"
    return rest, f'<svg xmlns="{_SVG}"><style>{style}</style>{drawings}</svg>\n'


def unasked(html: str, address: str = "") -> tuple[str, str]:
    """A page without what shows only to those who ask, and the page that has it.

    Its links are read from the `address` of the other. On the page of practice these
    are the questions of lessons, which stand there, too.

    >>> html = 'So.<span class="weave-checked" popover>By <i>x</i>.</span>'
    >>> rest, page = unasked(html, "../../rate/")
    >>> rest.partition("<a")[0]
    'So.<span class="weave-checked" popover data-from="">'
    >>> base, *_, last = page.splitlines()[2:]
    >>> base, last
    ('<base href="../../rate/">', '<div id="asked-1">By <i>x</i>.</div>')
    """
    held = list[str]()
    is_bank = "<weave-bank" in html

    def without(match: re.Match[str]) -> str:
        given = match.groupdict()
        if given.get("apart"):
            return given["apart"]
        name = f"asked-{len(held) + 1}"
        held.append(f'<div id="{name}">{given["inner"]}</div>\n')
        if is_bank:
            return f'{given["start"]}<div data-from="">{_LINKS["bank"]}</div>'
        tag = given["tag"]
        link = _LINKS[tag].format(f"#{name}")
        return f'{given["start"]} data-from="">{link}</{tag}>'

    rest = (_BANK if is_bank else _ASKED).sub(without, html)
    return rest, _PAGE.format(address, "".join(held)) if held else ""


def parted(html: str, elements: str, attributes: str) -> tuple[str, str]:
    """A page without some data of its elements, and the script that puts it back.

    >>> html = '<weave-run id="a" data-given="1 &lt; 2">'
    >>> rest, code = parted(html, "run|more", "given|other")
    >>> rest
    '<weave-run id="a">'
    >>> code[:48]
    'for(const[a,b,c]of[["#a","data-given","1 < 2"]])'
    """
    held = list[tuple[str, str, str]]()
    data = re.compile(rf' (data-(?:{attributes}))="([^"]*)"')

    def without(match: re.Match[str]) -> str:
        own = _ID.search(match[0])
        where = f"#{own[1]}" if own else match[1]
        found = data.findall(match[0])
        held.extend((where, name, unescape(text)) for name, text in found)
        return data.sub("", match[0])

    rest = re.sub(rf"<(weave-(?:{elements}))\b[^>]*>", without, html)
    if not held:
        return html, ""
    listed = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    put = "document.querySelector(a).setAttribute(b,c)"
    return rest, f"for(const[a,b,c]of{listed}){put};\n"


def closer(html: str) -> str:
    r"""A page whose lines begin without blanks, and none is empty.

    >>> closer('<p hidden="hidden">')
    '<p hidden>'
    >>> closer("<p>\n   \n <b>a\n  b</b> <i a='\n '>\n</i></p> <pre>\n  <i>\n</pre>")
    "<p>\n<b>a\nb</b> <i a='\n '>\n</i></p> <pre>\n  <i>\n</pre>"
    """
    return _BLANKS.sub(lambda match: match[1] or "\n", _BOOLEAN.sub(r" \1", html))


def needed(css: str, known: set[str]) -> str:
    """A style sheet without the rules that cost much or whose classes nothing can have.

    >>> needed(".a,.b:not(.c){x:y}@media print{.c{x:y}}[dir=rtl] .a{x:y}", {"a"})
    '.a{x:y}'
    """
    kept = []
    for head, body in _rules(css):
        if head.startswith(("@media", "@supports", "@layer")):
            inner = needed(body, known)
            kept += [f"{head}{{{inner}}}"] if inner else []
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}" if body else f"{head};")
        else:
            left = [one for one in _selectors(head) if _may_match(one, known)]
            kept += [f"{','.join(left)}{{{body}}}"] if left else []
    return "".join(kept)


def _attributes(page: str) -> Iterator[tuple[str, str]]:
    return (
        (match[1], match[2])
        for match in re.finditer(r'((?:dir|data-md-color-[a-z]+)=)"([\w-]+)"', page)
    )


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """The rules at the top of a style sheet, each as its head and its body."""
    depth, start = 0, 0
    for match in re.finditer(
        r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|/\*.*?\*/|[{};]', css, re.DOTALL
    ):
        sign, at = match[0], match.start()
        if sign == "{":
            if depth == 0:
                head, opened = css[start:at].strip(), at + 1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head, css[opened:at]
                start = at + 1
        elif depth == 0:
            if sign == ";":
                yield css[start:at].strip(), ""
                start = at + 1
            elif sign.startswith("/*"):
                start = match.end()


def _selectors(head: str) -> Iterator[str]:
    """The selectors of a rule; a comma in parentheses parts nothing."""
    start = 0
    for comma in re.finditer(",", head):
        one = head[start : comma.start()]
        if one.count("(") == one.count(")"):
            yield one
            start = comma.end()
    yield head[start:]


def _may_match(selector: str, known: set[str]) -> bool:
    plain = selector
    while plain != (plain := _PARENTHESES.sub("", plain)):
        pass
    named = _CLASS.findall(re.sub(r"\[[^\]]*\]", "", plain))
    named += [name + value for name, value in _GIVEN.findall(plain)]
    has = "\\" in plain or known.issuperset(named)
    return has and not _ANEW.search(selector)


def _without(css: str, used: set[str]) -> str:
    """Icons and colours are kept in variables, most of which nothing asks for."""
    return _VARIABLE.sub(lambda match: match[0] if match[1] in used else "", css)
