"""The plain functions of the explorables are the lessons' own."""

import explore
import matplotlib.pyplot as plt
import numpy as np
import pytest
from _weave.live import described, sentence, written
from descent import descend, first_within
from dimensions import measured_steps, predicted_steps, report
from newton import newton, newton_step, quadratic_model
from rate import explog_steps, factor, regime
from shared import landscapes
from shared.draw import PALETTE
from shared.plane import quadratic_grad, valley

RATES = np.linspace(0.01, 0.6, 60).tolist()


@pytest.mark.parametrize("start", [-2.2, 0.3, 2.0])
def test_the_path_on_the_parabola_is_the_lessons(start):
    for rate in (0.01, 0.1, 0.5, 0.9, 1.0, 1.15):
        path = descend(landscapes.quad1.grad, start, rate, 10)
        told = np.array(explore.square_path(rate, start))
        assert np.array_equal(told, np.transpose([path, landscapes.quad1.f(path)]))


def test_what_is_said_of_the_parabola_is_what_the_lesson_calls_it():
    names = [
        *("approaches", "lands in one step", "overshoots, converges"),
        *("oscillates for ever", "diverges"),
    ]
    for rate in (0.01, 0.49, 0.5, 0.51, 0.99, 1.0, 1.01):
        which, _, q = explore.square_says(rate, 2.0)
        assert names[which] == regime(rate, 2)
        assert q == factor(rate, 2)


def test_the_curve_that_is_no_parabola_is_the_lessons():
    best = landscapes.explog.minima[0]
    curvature = landscapes.explog.hess(best)
    assert best == explore.EXPLOG_BEST
    assert explore.explog_marks() == pytest.approx([1 / curvature, 2 / curvature])
    for x in (0.05, 0.6, 2.5):
        assert explore.explog(x) == pytest.approx(landscapes.explog.f(x), rel=1e-15)
        slope = landscapes.explog.grad(x)
        assert explore.explog_slope(x) == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize("rate", RATES)
def test_steps_and_lost_runs_are_those_that_the_lesson_counts(rate):
    said = explore.explog_says(rate, 1.6)
    [steps] = explog_steps([rate])
    if np.isnan(steps):
        path = descend(landscapes.explog.grad, 1.6, rate, 400)
        assert said == [2, int(np.argmax(path <= 0))]
    elif said[0] == 3:
        assert first_within(
            descend(landscapes.explog.grad, 1.6, rate, 400),
            landscapes.explog.minima[0],
            5e-5,
        ) in (None, 0)
    else:
        assert said[1] == steps


@pytest.mark.parametrize("kappa", [1, 2, 10, 57, 100])
def test_the_ravine_is_the_lessons_bowl_scaled_to_the_steep_curvature_one(kappa):
    hess, start = valley(kappa) / kappa, np.array([2.0, 1.0])
    for rate in (0.05, 1.0, 1.8, 2.0, 2.1):
        path = descend(quadratic_grad(hess), start, rate, 20)
        told = explore.ravine_path(kappa, rate, 2.0, 1.0)
        assert np.allclose(told, path, rtol=1e-13, atol=1e-15)
    assert explore.ravine_marks(kappa) == pytest.approx(
        [report(hess).best, report(hess).limit]
    )


@pytest.mark.parametrize("kappa", [2, 10, 57, 100])
def test_predicted_and_counted_steps_are_the_lessons_at_the_best_rate(kappa):
    best = explore.ravine_marks(kappa)[0]
    assert explore.ravine_predicted(kappa, best) == predicted_steps(kappa)
    counted = explore.ravine_measured(kappa, best, 2.0, 1.0)
    assert counted == measured_steps(valley(kappa) / kappa, [2, 1])


def test_level_lines_are_level():
    for kappa in (1, 10, 100):
        for line in explore.ravine_levels(kappa):
            x, y = np.transpose(line)
            heights = (x * x / kappa + y * y) / 2
            assert np.allclose(heights, heights[0], rtol=1e-12)


def test_newtons_step_and_parabola_are_the_lessons():
    well = landscapes.well
    for start in (-1.6, -0.55, 0.3, 0.5, 0.7, 1.6):
        assert explore.well_next(start) == newton_step(well.grad, well.hess, start)
        model = quadratic_model(well.f, well.grad, well.hess, start)
        for z, height in explore.well_model(start):
            assert height == pytest.approx(model(z), rel=1e-13, abs=1e-13)
        path = newton(well.grad, well.hess, start, 5)
        rows = np.transpose(explore.well_rows(start))
        told = [path, well.f(path), well.grad(path), well.hess(path)]
        assert np.allclose(rows, told, rtol=1e-12, atol=1e-12)


FIGURES = "square", "explog", "ravine", "newton"


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("square", [(0.1, 2), (0.5, 2), (0.9, 2), (1.0, 2), (1.1, 2)]),
        ("explog", [(0.1, 1.6), (0.3, 1.6), (0.5, 1.6), (0.41, 0.6)]),
        ("ravine", [(9, 0.5, 2, 1), (9, 1.8, 2, 1), (9, 2.0, 2, 1), (9, 1.8, 0, 0)]),
        ("well", [(0.7,), (0.3,), (None,), (1.0,), (0.0,)]),
    ],
)
def test_every_sentence_can_be_said(name, states, monkeypatch):
    says = getattr(explore, f"{name}_says")
    told = getattr(explore, f"figure_{name.replace('well', 'newton')}")().explore
    _, sentences = told["says"]
    for which, given in enumerate(states):
        if given == (None,):  # where no float makes the second derivative zero
            monkeypatch.setattr(explore, "well_bend", lambda x: 0.0)
            given = (0.7,)
        said = says(*given)
        monkeypatch.undo()
        assert said[0] == which
        assert "{" not in sentence(said, sentences)[1]
    assert len(sentences) == len(states)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_tells_where_its_axes_lie_and_what_it_shows(name):
    figure = getattr(explore, f"figure_{name}")()
    figure.draw_without_rendering()
    told = described(figure, PALETTE)
    assert told["shown"]["says"]
    left, top, width, height = told["box"]
    assert min(left, top) > 0
    assert min(width, height) > 100


def test_a_knob_that_no_function_knows_is_refused():
    figure = explore.figure_square()
    figure.explore["knobs"] = figure.explore["knobs"][:1]
    with pytest.raises(ValueError, match="asks for start, which is no knob"):
        described(figure, PALETTE)


def test_numbers_are_written_for_people():
    assert written(float("inf"), 2) == "∞"
    assert written(float("nan"), 2) == "not a number"
    assert written(-1e9, 2) == "−1.0e9"


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("/// explore | Move it\nNo figure.\n///\n", "holds one figure"),
        ("/// explore | Move it\n![A](figures/lesson/line.svg)\n///\n", "here are 0"),
        ("/// explore | Move it\n\nText.\n", "this block never ends"),
    ],
)
def test_a_block_that_cannot_be_moved_is_a_fault_with_its_line(project, block, message):
    project.write(
        "snippets/lesson.py",
        "from shared import draw\n\n\n"
        "def figure_line():\n    return draw.axes('x', 'y')[0]\n",
    )
    project.write("docs/lesson.md", f"# A lesson\n\n{block}")
    done = project.build()
    assert done.returncode != 0
    assert "docs/lesson.md:3: " in done.stdout
    assert message in done.stdout
