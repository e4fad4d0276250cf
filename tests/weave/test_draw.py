"""A figure becomes SVG that follows the palette."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from _weave.draw.light import lighter
from project import LINE, ON_PAGE


def test_a_figure_is_inline_svg_with_its_name_and_real_text(course):
    html = course.html(ON_PAGE, LINE)
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html)[0])
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "A line")
    assert "loss of x" in [text.text for text in svg.iter("text")]
    assert "<img" not in html


def test_every_colour_of_a_figure_follows_the_palette(course):
    html = course.html(ON_PAGE, LINE)
    colours = re.findall(r'(?:fill|stroke|stop-color)="([^"]*)"', html)
    assert set(colours) - {"none"}
    assert all(
        colour == "none" or re.fullmatch(r"var\(--fig-\w+(, #[0-9a-f]{6})?\)", colour)
        for colour in colours
    )
    assert "--fig-curve" in html


def test_words_in_a_figure_keep_their_size_and_their_face(course):
    drawn = 'ax.text(0, 1, "steep", size=17, weight="bold", style="italic")'
    html = course.html(ON_PAGE, LINE.replace("return", f"{drawn}\n    return"))
    svg = ElementTree.fromstring(re.search(r"<svg.*</svg>", html, re.DOTALL)[0])
    [text] = [text for text in svg.iter("text") if text.text == "steep"]
    face = [text.get(f"font-{name}") for name in ("size", "weight", "style")]
    assert face == ["17", "700", "italic"]


def test_a_line_that_nobody_sees_is_a_fault(course):
    lesson = LINE.replace("return", "ax.set_ylim(5, 6)\n    return")
    said = course.fault(ON_PAGE, lesson)
    assert "a line lies outside of its axes" in said
    assert "widen the limits" in said


def test_a_figure_carries_no_style_and_no_date(course):
    html = course.html(ON_PAGE, LINE)
    assert "style" not in html
    assert "metadata" not in html
    assert not re.search(r"20\d\d-\d\d-\d\d|Matplotlib", html)


def test_no_two_ids_of_a_page_are_equal(course):
    lesson = LINE + LINE.replace("line", "curve")
    other = "![A curve](figures/lesson/curve.svg)\n"
    html = course.html("\n".join([ON_PAGE, other, ON_PAGE]), lesson)
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert html.count("<svg") == 3
    assert len(ids) == 6
    assert sorted(ids) == sorted(set(ids))


def test_every_reference_in_a_figure_has_its_target(course):
    drawn = 'ax.bar([0, 1], [1, 2], color="none", edgecolor="ink", hatch="//")'
    html = course.html(ON_PAGE, LINE.replace("ax.plot([0, 1], [0, 2])", drawn))
    references = re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', html)
    targets = {first or second for first, second in references}
    assert targets
    assert targets <= set(re.findall(r'\bid="([^"]+)"', html))


def test_two_runs_draw_the_same_bytes(course):
    first = course.html(ON_PAGE, LINE)
    course.forget()
    course.restart()
    assert course.runs(ON_PAGE, LINE) == 1
    assert course.html(ON_PAGE, LINE) == first


def test_settings_of_the_machine_change_no_figure(project, tmp_path, monkeypatch):
    before = project.html(ON_PAGE, LINE)
    project.close()
    project.forget()
    settings = project.write("matplotlibrc", "xtick.direction: in\naxes.xmargin: 0.3\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(settings))
    project.restart()
    assert project.runs(ON_PAGE) == 1
    assert project.html(ON_PAGE) == before


def test_a_colour_outside_the_palette_is_a_fault(course):
    said = course.fault(
        "\n" + ON_PAGE, LINE.replace("[0, 2])", '[0, 2], color="#ff0000")')
    )
    assert said.startswith("docs/lesson.md:2: figures/lesson/line.svg could not be")
    assert "#ff0000 is in no palette" in said
    assert "curve" in said


def test_a_picture_of_pixels_is_refused_in_words(course):
    drawn = "ax.imshow([[0, 1], [1, 0]])"
    said = course.fault(ON_PAGE, LINE.replace("ax.plot([0, 1], [0, 2])", drawn))
    assert said.startswith("docs/lesson.md:1: figures/lesson/line.svg could not be")
    assert "base64" not in said


def test_marks_that_are_alike_are_one_path_and_look_the_same():
    """Ticks and full dots join; open dots, and what moves, stay what they are."""
    tick = '<defs><path id="t" d="M 0 0 L 0 3.5" stroke="red"/></defs>'
    uses = '<use href="#t" x="1" y="2" fill="red" stroke="red"/><text>1</text>' * 2
    assert lighter(f"<svg>{tick}{uses}</svg>") == (
        '<svg><path d="M1 2v3.5M1 2v3.5" stroke="red" fill="none"/>'
        "<text>1</text><text>1</text></svg>"
    )
    live = f'<svg>{tick}<g class="live">{uses}</g></svg>'
    assert lighter(live).count("<use") == 2


def test_a_full_dot_is_a_line_of_no_length_and_what_is_used_stays():
    ring = "M 0 3 " + "C 1 3 2 2 3 0 " * 8 + "Z"
    mark = (
        f'<defs><path id="d" d="{ring}" stroke="red"/><path id="no" d="M 0 0"/></defs>'
    )
    full = '<use href="#d" x="1" y="2" fill="red" stroke="red"/>'
    assert lighter(f"<svg>{mark}{full}</svg>") == (
        '<svg><path d="M1 2h0" stroke="red" fill="none" stroke-width="7" '
        'stroke-linecap="round"/></svg>'
    )
    open_ = full.replace("red", "blue", 1)
    kept = lighter(f"<svg>{mark}{open_ * 2}</svg>")
    assert 'href="#d"' in kept
    assert 'id="d" d="M0 3c1 0' in kept
    assert 'id="no"' not in kept
    square = mark.replace(ring, "M 0 3 " + "L 1 3 " * 8 + "Z")
    assert "stroke-linecap" not in lighter(f"<svg>{square}{full}</svg>")
    alone = lighter(f"<svg>{mark}{open_}</svg>")
    assert alone.startswith('<svg><path d="M1 5c1 0')
    assert alone.endswith('stroke="red" fill="blue"/></svg>')
    lines = '<path d="M 0 0 L 1 0" fill="none" opacity=".5"/>' * 2
    assert lighter(f"<svg>{lines}</svg>").count("<path") == 2
    clip = '<svg><defs><clipPath id="c"/></defs><g clip-path="url(#c)"/></svg>'
    assert lighter(clip) == clip


def test_a_circle_is_two_arcs():
    circle = (
        "M 4 9 C 5.33 9 6.6 8.47 7.54 7.54 C 8.47 6.6 9 5.33 9 4 "
        "C 9 2.67 8.47 1.4 7.54 0.46 C 6.6 -0.47 5.33 -1 4 -1 "
        "C 2.67 -1 1.4 -0.47 0.46 0.46 C -0.47 1.4 -1 2.67 -1 4 "
        "C -1 5.33 -0.47 6.6 0.46 7.54 C 1.4 8.47 2.67 9 4 9 Z"
    )
    drawn = '<svg><path d="{}"/></svg>'
    arcs = "M4 9a5 5 0 1 0 0-10a5 5 0 1 0 0 10z"
    assert lighter(drawn.format(f"{circle} L 1 1")) == drawn.format(f"{arcs}l-3-8")
    other = circle.replace("M 4 9", "M 4 8")
    assert "c" in lighter(drawn.format(other))


def test_what_neighbours_have_in_common_is_said_once():
    faces = [f'<path d="M 0 0 L 1 {i}" fill="f{i}" stroke="red"/>' for i in range(4)]
    few = "<svg>{}</svg>".format("".join(faces[:3]))
    assert lighter(few).count("stroke") == 3
    assert lighter("<svg>{}</svg>".format("".join(faces))).startswith(
        '<svg><g stroke="red"><path d="M0 0h1" fill="f0"/><path'
    )
    for alone in '<g class="live">{}</g>', "<defs>{}</defs>":
        svg = f"<svg>{alone}</svg>".format("".join(faces))
        assert "<g stroke" not in lighter(svg)


def test_text_names_no_colour_where_it_has_that_of_all_text():
    text = '<text fill="{}">1</text>'
    ink = text.format("var(--fig-ink, #1c2430)")
    red = text.format("var(--fig-red)")
    assert lighter(f"<svg>{ink}{red}</svg>") == f"<svg><text>1</text>{red}</svg>"
    within = f'<svg><g fill="none">{ink}</g></svg>'
    assert lighter(within) == within


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("M 0 0 L 10 0 L 10 10 Z", "M0 0h10v10z"),
        ("M 0 0 C 1 1 2 2 3 0", "M0 0c1 1 2 2 3 0"),
        ("M 1 1 Q 2 2 3 1 L 3 5", "M1 1q1 1 2 0v4"),
        ("M 2 2 L 6 2 L 6 6 Z L 4 4", "M2 2h4v4zl2 2"),
        ("M 5 5 L 5 5", "M5 5h0"),
        ("M 0 0 L 0 0 L 5 3", "M0 0l5 3"),
        ("M 0 0 L 5 3 L 0 10 L -1 30", "M0 0l5 3-5 7-1 20"),
        ("M 0 0 L 5 3 L 10 3 L 12 5", "M0 0l5 3h5l2 2"),
        ("M 0.26 0 L 9 0.04 L 20 0", "M.3 0h19.7"),
        ("M 0 0 L 5 -3 L 5 9 L 5 2", "M0 0l5-3v12v-7"),
    ],
)
def test_a_path_is_written_in_steps(path, steps):
    svg = f'<svg><path d="{path}" fill="none"/></svg>'
    assert lighter(svg) == svg.replace(path, steps)


def test_a_line_leaves_out_no_point_that_is_seen():
    """A wave keeps its shape to less than a tenth of a pixel."""
    x = np.linspace(0, 300, 601)
    y = 100 + 90 * np.sin(x / 15)
    d = "M " + " L ".join(f"{a:.2f} {b:.2f}" for a, b in zip(x, y, strict=True))
    [thin] = re.findall('d="(.*?)"', lighter(f'<svg><path d="{d}" fill="none"/></svg>'))
    steps = []
    for sign, text in re.findall("([Mlhv])([^Mlhv]*)", thin):
        numbers = re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)
        along = {"h": "{} 0", "v": "0 {}"}.get(sign)
        steps += along.format(*numbers).split() if along else numbers
    points = np.cumsum(np.array(steps, float).reshape(-1, 2), 0)
    assert len(points) < 250
    near = np.hypot(*(points[:, None] - np.stack([x, y], 1)).transpose(2, 0, 1)).min(1)
    assert near.max() < 0.1
