"""The labs: each runs, its tasks are open, and its solutions are right."""

import contextlib
import io
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import jupytext
import matplotlib.pyplot as plt
import pytest
from conftest import ROOT, SNIPPETS
from mkdocs.utils.yaml import yaml_load
from shared import tasks

LABS = sorted((ROOT / "docs" / "labs").glob("*.py"))
each_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.stem)


def cells(lab):
    return jupytext.read(lab).cells


def words(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "markdown")


def code(lab):
    return "\n".join(c.source for c in cells(lab) if c.cell_type == "code")


def solution(cell):
    """The code of the solution that a cell of text holds, or None."""
    found = re.search(r"<details>.*?```python\n(.*?)```.*?</details>", cell, re.DOTALL)
    return found and found[1]


def said(source, names):
    """What a cell prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "a cell", "exec"), names)
    plt.close("all")
    return printed.getvalue()


def test_their_page_lists_each_in_the_order_of_the_navigation():
    page = (ROOT / "docs/labs/index.md").read_text("utf-8")
    listed = re.findall(r"(?m)^\d\. \[.+\]\((\w+\.py)\): ", page)
    settings = (ROOT / "mkdocs.yml").read_text("utf-8")
    assert listed == re.findall(r"(?m)^ +- labs/(\w+\.py)$", settings)
    assert {*listed} == {lab.name for lab in LABS}


def test_every_lab_runs_as_a_plain_script(tmp_path):
    def ran(lab):
        return subprocess.run(
            [sys.executable, "-W", "error", lab],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(SNIPPETS), "MPLBACKEND": "svg"},
            capture_output=True,
            text=True,
            check=False,
        )

    with ThreadPoolExecutor(2) as pool:
        for lab, done in zip(LABS, pool.map(ran, LABS), strict=True):
            assert done.returncode == 0, f"{lab.name}: {done.stderr}"
            assert "expected" in done.stdout, lab.name


@each_lab
def test_each_task_is_open_at_first_and_done_with_its_solution(lab):
    names, tasks_seen = {}, 0
    before = ""
    for cell in cells(lab):
        if cell.cell_type == "code":
            printed, before = said(cell.source, names), cell.source
            continue
        answer = cell.cell_type == "markdown" and solution(cell.source)
        if answer:
            assert "not yet" in printed, f"the task before {answer!r} is done already"
            kept = dict(names)
            said(answer, names)
            after = said(before, names)
            assert "correct" in after
            assert "not yet" not in after, after
            names = kept  # the cells below must run with the task open
            tasks_seen += 1
    assert tasks_seen == len(re.findall(r"^## Task \d", words(lab), re.MULTILINE))
    assert tasks_seen >= 1


@each_lab
def test_no_prediction_is_given_away_beside_its_task(lab):
    """Where a number is to be predicted, it is printed nowhere before it is right."""
    names, printed, before = {}, "", ""
    for cell in cells(lab):
        if cell.cell_type == "code":
            printed, task, before = said(cell.source, names), before, cell.source
            continue
        answer = cell.cell_type == "markdown" and solution(cell.source)
        if answer and re.fullmatch(r"my_\w+(, my_\w+)* = .*# change.*", task):
            kept = dict(names)
            said(answer, names)
            for name in re.findall(r"my_\w+", task):
                value = tasks._said(names[name])
                assert value not in printed.split(), f"{name} = {value} is printed"
                assert value != tasks._said(kept[name]), f"{name} is right at first"
            names = kept


def test_the_first_lab_says_of_a_run_that_never_moves_that_it_stays():
    [lab] = [lab for lab in LABS if lab.stem == "descent_by_hand"]
    names = {}
    said(code(lab), names)
    for choice, (_, start) in names["MENU"].items():
        printed = said(f"show({choice!r})", names)
        assert ("stays where it is" in printed) == (start == 0), printed


@each_lab
def test_a_lab_types_no_result(lab):
    prose = re.sub(r"```.*?```", "", words(lab), flags=re.DOTALL)
    solutions = "".join(filter(None, map(solution, (c.source for c in cells(lab)))))
    typed = set(re.findall(r"(?<![\w.])\d+\.\d+", prose))
    given = set(re.findall(r"\d+\.\d+", code(lab) + solutions))
    assert typed <= given


@each_lab
def test_no_sentence_of_a_lab_turns_into_a_list(lab):
    begun = re.findall(r"\S\n(?:\d+[.)]|[-+*#]) .*", words(lab))
    assert not begun, f"{lab.name}: Markdown takes these for lists: {begun}"


@each_lab
def test_the_code_of_a_lab_is_narrow(lab):
    wide = [line for line in code(lab).splitlines() if len(line) > 72]
    assert not wide, f"{lab.name}: wider than 72 columns: {wide}"


@each_lab
def test_a_lab_says_what_it_is(lab):
    head = yaml_load(cells(lab)[0].source.strip("-\n"))
    assert words(lab).startswith(f"# {head['title']}\n")
    assert 50 <= len(head["description"]) <= 200


def test_a_lab_shadows_no_module_when_it_runs_as_a_script():
    modules = {file.stem for file in SNIPPETS.glob("*.py")} | sys.stdlib_module_names
    assert not modules & {lab.stem for lab in LABS}


def test_the_index_names_every_lab():
    index = (ROOT / "docs" / "labs" / "index.md").read_text("utf-8")
    assert [f"({lab.name})" in index for lab in LABS] == [True] * len(LABS)


def test_a_prediction_is_shown_only_when_it_is_right(capsys):
    tasks.guess("it", 1, 2, "because")
    tasks.guess("it", 0.1 + 0.2, 0.3, "because")
    assert capsys.readouterr().out == (
        "not yet: it\n    yours     1\ncorrect: it\n    found     0.3\n    because\n"
    )


def test_a_comparison_says_what_differs(capsys):
    tasks.compare("it", 1, 2)
    tasks.compare("it", 0.1 + 0.2, 0.3)
    assert capsys.readouterr().out == (
        "not yet: it\n    yours     1\n    expected  2\n"
        "correct: it\n    yours     0.3\n    expected  0.3\n"
    )


@pytest.mark.parametrize(
    ("yours", "expected"),
    [
        (None, 1.0),
        ([1, 2], [1, 2, 3]),
        (1.0, [1.0]),
        ("left", "right"),
        (2.0, 2.1),
        ([None], [1.0]),
        ([[1], [1, 2]], 1.0),
        (len, 1.0),
    ],
)
def test_whatever_a_learner_hands_in_is_compared(yours, expected, capsys):
    tasks.compare("it", yours, expected)
    assert capsys.readouterr().out.startswith("not yet: it\n    yours ")
