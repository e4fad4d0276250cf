"""The reference says what the lessons and the tests hold, and nothing else."""

import json
import re
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
import reference
import scipy
import verified
from _weave.read.page import Page
from _weave.site import downloads
from conftest import ROOT, SNIPPETS, cells
from test_pages import nav_pages

DOCS = ROOT / "docs"


def lesson_pages():
    files = (DOCS / name for name in nav_pages() if name.endswith(".md"))
    return [file for file in files if "!!! goal" in file.read_text("utf-8")]


def test_the_lessons_are_the_pages_with_a_goal_in_the_order_of_the_site():
    found = [reference.stem(lesson) for lesson in reference.lessons()]
    assert found == [file.stem for file in lesson_pages()]
    assert len(found) >= 17


def test_the_table_of_pages_counts_each_lesson_and_adds_up():
    *lessons, sums = cells(verified.table_held())
    assert [row[0] for row in lessons] == [
        f"[{lesson.title}](../{lesson.uri})" for lesson in reference.lessons()
    ]
    for row, file in zip(lessons, lesson_pages(), strict=True):
        text = file.read_text("utf-8")
        assert int(row[2]) == len(re.findall("^ *>>> ", text, re.MULTILINE))
        assert int(row[3]) == len(re.findall(r"\]\(figures/", text))
        assert int(row[5]) == text.count("\n/// question")
        assert int(row[7]) == text.count("\n/// exercise")
        named = re.findall("^    slips: (.*)$", text, re.MULTILINE)
        assert int(row[8]) == len(re.findall(r"\w+", " ".join(named)))
    for column in range(1, 9):
        assert int(sums[column]) == sum(int(row[column]) for row in lessons)


def test_the_table_of_tests_counts_each_lesson_and_adds_up():
    *lessons, sums = cells(verified.table_checks())
    for row, file in zip(lessons, lesson_pages(), strict=True):
        source = (ROOT / f"tests/test_{file.stem}.py").read_text("utf-8")
        assert int(row[2]) == len(re.findall("^def test_", source, re.MULTILINE))
        assert int(row[3]) >= int(row[2])
        assert f"test_{file.stem}.py" in row[6]
        assert ("SciPy" in row[5]) == bool(
            re.search("^(import|from) scipy", source, re.M)
        )
    for column in range(1, 5):
        assert int(sums[column]) == sum(int(row[column]) for row in lessons)


def test_the_other_tests_are_all_that_belong_to_no_lesson():
    listed = {re.search(r"test_\w+\.py", row[0])[0]: row for row in _others()}
    lessons = {f"test_{file.stem}.py" for file in lesson_pages()}
    files = {file.name for file in (ROOT / "tests").rglob("test_*.py")}
    assert set(listed) == files - lessons
    assert int(listed["test_formulas.py"][1]) >= len(reference.formulas()) + 3
    assert listed["test_drills.py"][3].startswith("Drills: keys by a second method")


def _others():
    return cells(verified.table_other_checks())


def test_the_versions_are_those_that_ran():
    said = dict(cells(verified.table_versions()))
    assert said["NumPy"] == np.__version__
    assert said["Matplotlib"] == matplotlib.__version__
    assert said["Python"] == ".".join(map(str, sys.version_info[:3]))
    assert re.fullmatch(r"\d+\.\d+\.\d+", said["Temml"])


def test_the_counts_are_those_of_a_simple_reading():
    texts = [file.read_text("utf-8") for file in lesson_pages()]
    joined = "\n".join(texts)
    assert verified.total("questions") == joined.count("\n/// question")
    assert verified.total("transcripts") == len(re.findall("^>>> ", joined, re.M))
    shown = re.compile(r'(?:--8<-- "|^    solution: )([^"\s]+)', re.MULTILINE)
    assert verified.total("code") == sum(len({*shown.findall(text)}) for text in texts)
    drawn = len(re.findall(r"\]\(figures/\w+/\w+\.svg(?:\?[^)]+)?\)", joined))
    assert verified.total("figures") == drawn
    plain = len(re.findall(r"`\{python\} |\]\(tables/", joined))
    assert 0.9 * plain < verified.total("expressions") <= plain
    examples = sum(
        len(re.findall(r"^ +>>> ", (SNIPPETS / f"{file.stem}.py").read_text(), re.M))
        for file in lesson_pages()
    )
    assert verified.total("examples") == examples


def test_the_tests_are_those_that_pytest_collects():
    names = [f"tests/test_{file.stem}.py" for file in lesson_pages()[::5]]
    done = subprocess.run(
        # Without the options that bring the rules for these lessons along.
        [sys.executable, "-m", "pytest", "-q", "-oaddopts=", "--collect-only", *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    ids = re.findall(r"^(tests/test_\w+\.py)::(\w+)", done.stdout, re.MULTILINE)
    for name in names:
        tests, cases = verified.counted_tests(name)
        collected = [test for file, test in ids if file == name]
        assert tests == len(set(collected)), name
        assert tests <= cases <= len(collected), name


def test_a_library_is_named_only_where_a_test_of_the_lesson_uses_it():
    for lesson in reference.lessons():
        stem = reference.stem(lesson)
        source = (ROOT / f"tests/test_{stem}.py").read_text("utf-8")
        for library in verified.compared_with(stem):
            where = source if library != "PyTorch" else _torch()
            assert library.lower().replace("py", "") in where.lower()


def _torch():
    return (ROOT / "tests/test_torch.py").read_text("utf-8")


def test_every_belief_of_a_lesson_is_a_misconception_with_what_refutes_it(site_folder):
    boxes = re.compile(r'<div class="admonition belief[^"]*">.*?</div>', re.DOTALL)
    page = site_folder / "reference/misconceptions/index.html"
    listed = iter(_said(page, boxes))
    for file in lesson_pages():
        own = _said(site_folder / file.stem / "index.html", boxes)
        assert len(own) == file.read_text("utf-8").count("!!! belief ") > 0
        for box in own:
            assert next(listed) == box
    assert next(listed, None) is None


def _said(page, boxes):
    """The words of a page's boxes, without the marks of checks."""
    html = re.sub(r'<button class="weave-check".*?</span>', "", page.read_text("utf-8"))
    return [re.sub(r"<[^>]+>|\s", "", box) for box in boxes.findall(html)]


def test_every_formula_names_a_lesson_and_its_test():
    stems = [reference.stem(lesson) for lesson in reference.lessons()]
    sheet = reference.sheet()
    spelt = "the model is level where *Hp* is minus *g*", "Polyak’s rate halves"
    assert all(f"\nproof: {words}" in sheet for words in spelt)
    proofs = [_letters(line) for line in sheet.splitlines()]
    formulas = reference.formulas()
    assert {formula.stem for formula in formulas} <= {*stems}
    order = [stems.index(formula.stem) for formula in formulas]
    assert order == sorted(order)  # each lesson's formulas stand together
    for formula in formulas:
        assert formula.tex in sheet
        assert (
            f"proof:{formula.proof.removeprefix('prove_').replace('_', '')}" in proofs
        )


def test_a_link_to_a_test_leads_to_its_line(monkeypatch):
    monkeypatch.setenv("REPO_URL", "https://example.org/course/")
    sheet = reference.sheet()
    source = (ROOT / "tests/test_formulas.py").read_text("utf-8").split("\n")
    links = re.findall(
        r"\[(.+)\]\(https://example.org/course/blob/main/(.+)#L(\d+)\)", sheet
    )
    assert len(links) == len(reference.formulas())
    for test, path, line in links:
        assert path == "tests/test_formulas.py"
        found = source[int(line) - 1].replace("_", "")
        assert found.startswith(f"def prove{_letters(test)}(")


def _letters(words):
    return re.sub(r"[*’ ]", "", words).lower()


def test_without_an_address_nothing_is_linked(monkeypatch):
    monkeypatch.delenv("REPO_URL", raising=False)
    assert "blob/main" not in reference.sheet() + verified.table_checks()


def test_the_names_in_code_of_the_notation_are_names_of_the_code():
    notation = (DOCS / "reference/notation.md").read_text("utf-8")
    table = notation.split("## The letters")[1].split("\n\n")[1]
    code = "\n".join(file.read_text("utf-8") for file in SNIPPETS.glob("*.py"))
    for row in table.split("\n")[2:]:
        for name in re.findall(r"`(\w+)`", row.split(" | ")[2]):
            assert re.search(rf"\b{name}\b", code), f"{name} is nowhere in the code"


def test_the_numbers_of_the_summary_follow_from_the_theory():
    import descent
    import directions
    import momentum
    from newton import newton_step
    from shared.landscapes import explog, rosenbrock

    assert descent.exact(10) / descent.exact(0) == pytest.approx(0.8**10)
    race = momentum.race_row(100)
    factor = (100 - 1) / (100 + 1)
    assert race[2] == pytest.approx(np.log(1e-6) / np.log(factor), abs=1)
    assert race[5] < race[2] / 5
    fewest, most = momentum.race_range(100)
    assert fewest <= race[5] <= most < race[2] / 5
    assert directions.valley_steps(100)[1] == 1
    trace, det = 802 + 200, 802 * 200 - 400**2  # of Rosenbrock's Hessian at (1, 1)
    np.testing.assert_array_equal(rosenbrock.hess([1, 1]), [[802, -400], [-400, 200]])
    root = np.sqrt(trace**2 - 4 * det)
    condition = (trace + root) / (trace - root)
    assert reference.condition_of_rosenbrock() == pytest.approx(condition)

    x, best = 1.6, scipy.special.lambertw(1).real  # where eˣ = 1/x
    errors = [x - best]
    for _ in range(reference.steps_to_twelve_decimals(1.6)):
        x = newton_step(explog.grad, explog.hess, x)
        errors.append(x - best)
    assert abs(errors[-1]) < 1e-12 <= abs(errors[-2])


def test_the_share_at_saddles_is_that_of_the_signs_of_the_curvatures():
    """Newton once more, by Cramer's rule; at a saddle the determinant is negative."""
    x, y = np.meshgrid(*2 * [np.linspace(-5.985, 5.985, 151)])
    assert reference.runs_on_himmelblau() == x.size
    for _ in range(60):
        a, b = x**2 + y - 11, x + y**2 - 7
        along_x, along_y = 4 * x * a + 2 * b, 2 * a + 4 * y * b
        xx, xy, yy = 12 * x**2 + 4 * y - 42, 4 * (x + y), 12 * y**2 + 4 * x - 26
        det = xx * yy - xy**2
        x = x - (yy * along_x - xy * along_y) / det
        y = y - (xx * along_y - xy * along_x) / det
    assert reference.share_at_saddles() == pytest.approx(np.mean(det < 0), abs=1e-3)


def test_the_table_of_claims_counts_what_stands_on_the_pages():
    *lessons, sums = cells(verified.table_claims())
    names = [*verified.CLAIMED]
    for row, file in zip(lessons, lesson_pages(), strict=True):
        text = file.read_text("utf-8")
        told = dict(zip(names, map(int, row[1:]), strict=True))
        assert told["checks"] == text.count("`{check} ")
        assert told["by name"] == len(re.findall(r"`\{check\}[^`]*\bclaim_", text))
        assert told["theorems"] == text.count("`{reason} theorem`")
        assert told["theorems"] + told["reasons"] == text.count("`{reason} ")
        assert bool(told["given"]) == bool(re.search("^given:", text, re.MULTILINE))
    for column in range(1, len(names) + 1):
        assert int(sums[column]) == sum(int(row[column]) for row in lessons)
    assert verified.total("checks") == int(sums[1]) > 0
    assert int(sums[1 + names.index("proofs")]) == len(reference.formulas())


def test_the_table_of_changes_is_what_was_recorded_and_nothing_is_left():
    *rows, sums = cells(verified.table_changes())
    for name, tried, noticed, same in rows:
        assert int(tried) == int(noticed) + int(same) > 0, name
    recorded = json.loads((ROOT / "tests/mutants.json").read_text("utf-8"))
    counts = recorded["lessons"].values()
    assert len(rows) == len(counts)
    assert int(sums[1]) == sum(count["mutants"] for count in counts)
    listed = (ROOT / "tests/mutants.toml").read_text("utf-8")
    same = verified.same().split("\n")
    assert len(same) == listed.count("[[equivalent]]")
    assert int(sums[3]) <= len(same)


def test_each_kind_of_proof_has_a_command_of_this_repository():
    rows = cells(verified.table_commands())
    said = {what: int(count.replace(",", "")) for what, count, _ in rows}
    assert said["tests"] == verified.total("tests")
    assert said["lines of transcripts"] == verified.total("transcripts")
    for _, count, command in rows:
        assert count != "0"
        for path in re.findall(r"tests/[\w/]+\.py", command):
            assert (ROOT / path).exists(), command


def test_faults_made_on_purpose_are_counted_in_their_list():
    file = ROOT / "tests/weave/test_faults.py"
    if file.exists():
        import weave.test_faults

        assert verified.faults() == len(weave.test_faults.CASES)
    else:
        assert verified.faults() == 0


def test_the_line_under_a_lesson_has_its_counts_and_leads_to_them():
    file = DOCS / "descent.md"
    text = file.read_text("utf-8")
    page = Page("docs/descent.md", text, SNIPPETS)
    tests = ROOT / "tests/test_descent.py"
    said = downloads.checked(page, tests, "reference/verification/")
    held = next(row for row in cells(verified.table_held()) if "descent.md" in row[0])
    run = next(row for row in cells(verified.table_checks()) if "descent.md" in row[0])
    assert f" {held[1]} values, " in said
    assert f" {held[3]} figures; and by {run[2]} tests. " in said
    assert f" {text.count('`{check} ')} claims, " in said
    assert said.endswith('<a href="reference/verification/">All that was checked</a>.')
    assert "tests" not in downloads.checked(page, ROOT / "tests/none.py", None)
    assert downloads.checked(Page("docs/a.md", "Words.", SNIPPETS), tests, None) == ""
