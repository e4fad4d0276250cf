"""Labs and comments as a reader meets them, in a real browser."""

import json
import os
import re

import pytest

from .conftest import ROOT, Course

LABS = sorted(file.stem for file in ROOT.glob("docs/labs/*.py"))
GISCUS, REPOSITORY = "https://giscus.app/", "https://github.com/a/b"
CONFIGURED = "repo=a/b;repo-id=R1;category=Talk;category-id=C1"
LAB = "# ---\n# title: A lab\n# ---\n\n# %% [markdown]\n# # A lab\n\n# %%\n1 + 1\n"
every_lab = pytest.mark.parametrize("lab", LABS)

# What lies behind a drawing: its own large filled parts, and what it stands in.
BOXES = """() => {
  const clear = ["none", "transparent", "rgba(0, 0, 0, 0)"];
  const found = [];
  for (const drawing of document.querySelectorAll("figure.drawn svg")) {
    const { width, height } = drawing.getBoundingClientRect();
    for (const part of drawing.querySelectorAll("path, rect, polygon")) {
      const box = part.getBoundingClientRect();
      const filled = !clear.includes(getComputedStyle(part).fill);
      if (filled && box.width * box.height > 0.5 * width * height)
        found.push(part.outerHTML.slice(0, 100));
    }
    for (let at = drawing; at !== document.body; at = at.parentElement)
      if (!clear.includes(getComputedStyle(at).backgroundColor))
        found.push(at.outerHTML.slice(0, 100));
  }
  return found;
}"""

ENDS = re.compile("It ran|It printed|Error")  # what is said when code has ended

# What giscus.app's own script does first: a style sheet, and a frame.
THEIRS = """
const style = document.createElement("link");
style.rel = "stylesheet";
style.href = "https://giscus.app/default.css";
document.head.append(style);
const frame = document.createElement("iframe");
frame.className = "giscus-frame";
frame.title = document.currentScript.dataset.repoId;
frame.src = "https://giscus.app/en/widget";
document.currentScript.after(frame);
"""


@pytest.fixture(scope="module")
def discussed(published, tmp_path_factory):
    """The address of a small course where comments and a repository are configured."""
    course = Course(tmp_path_factory.mktemp("course"))
    course.write("snippets/lesson.py", '"""Nothing."""\n')
    course.write("docs/lesson.md", "# A lesson\n")
    course.write("docs/labs/sum.py", LAB)
    configured = {"GISCUS": CONFIGURED, "REPO_URL": REPOSITORY}
    return published(course, **configured)


@every_lab
def test_nothing_lies_behind_a_figure_of_a_lab(tab, site, lab):
    page = tab(f"{site}labs/{lab}/", color_scheme="light", reduced_motion="reduce")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    assert page.locator("figure.drawn svg").count() > 0
    assert page.evaluate(BOXES) == []
    page.emulate_media(color_scheme="dark")
    page.locator("body[data-md-color-scheme=slate]").wait_for()
    assert page.evaluate(paper) != light
    assert page.evaluate(BOXES) == []


@every_lab
def test_a_lab_fits_a_telephone_and_its_solutions_are_folded(tab, site, lab):
    page = tab(f"{site}labs/{lab}/", viewport={"width": 360, "height": 740})
    solutions = page.locator("article details")
    assert solutions.count() >= 4
    folded = "all => all.every((code) => !code.checkVisibility())"
    assert solutions.locator("pre code").evaluate_all(folded)
    for solution in solutions.all():
        solution.locator("summary").click()
        assert solution.locator("pre code").is_visible()
        assert solution.locator("code span[class]").count() > 0  # coloured as code
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for output in page.locator(".lab-output").all():
        assert output.evaluate("at => at.scrollWidth <= at.clientWidth")


def test_a_task_is_done_on_the_page(tab, site, findings):
    """A cell runs with those above as the reader has left them."""
    page = tab(f"{site}labs/newton_or_descent/", viewport={"width": 320, "height": 640})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    runs = page.locator("weave-run")

    def ran(number, code=None):
        run = runs.nth(number)
        button = run.get_by_role("button", name="Run it yourself")
        if button.is_visible():
            button.click()
        if code is not None:
            run.locator("textarea").fill(code)
            run.get_by_role("button", name="Run", exact=True).click()
        run.get_by_text(ENDS).first.wait_for()
        return run.locator("output").inner_text()

    rule = "def my_newton_step(grad, hess, x):\n    return x - "
    assert "not yet: one step on explog from 1.6" in ran(2)
    assert "It ran, and printed nothing." in ran(1, rule + "grad(x) / hess(x)")
    check = runs.nth(2).locator("textarea").input_value()
    assert "correct: one step on sqrt1p from 0.5" in ran(2, check)
    ran(1, rule + "(")
    said = ran(2, check)
    assert "NameError: name 'my_newton_step' isn't defined" in said
    assert "A cell above has failed, too: SyntaxError" in said
    # What the reader's own code asks for was bound by a cell that nobody foretold.
    assert "0.567" in ran(4, "round(best, 3)")
    assert len([url for url in asked if "python.js" in url]) == 1
    assert findings(page, "weave-run:has(form)") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_notebook_is_downloaded_as_a_file(tab, site):
    page = tab(f"{site}labs/xor_network/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the notebook").click()
    assert waiting.value.suggested_filename == "xor_network.ipynb"
    notebook = json.loads(waiting.value.path().read_text("utf-8"))
    assert notebook["cells"][0]["source"].startswith("# A two-layer network on XOR")


def recorded(page, address):
    """The addresses elsewhere that a page asks for from now on; they answer."""
    asked = []

    def answer(route):
        asked.append(route.request.url)
        script = route.request.url.endswith(".js")
        kind = "text/javascript" if script else "text/css"
        kind = "text/html" if "widget" in route.request.url else kind
        route.fulfill(content_type=kind, body=THEIRS if script else "")

    here = page.url.split("/")[2]
    page.route(lambda url: here not in url, answer)
    page.goto(address)
    page.wait_for_timeout(300)
    return asked


@pytest.mark.parametrize("name", ["lesson/", "labs/sum/"])
def test_comments_are_loaded_when_the_reader_asks_and_not_before(tab, discussed, name):
    page = tab(discussed, own=True)
    asked = recorded(page, discussed + name)
    assert page.locator(".md-source").first.get_attribute("href") == REPOSITORY
    assert asked == []
    plain = tab(discussed + name, java_script_enabled=False)
    assert plain.locator(".weave-discuss button").is_hidden()
    loads = page.get_by_role("button", name="Load the comments from giscus.app")
    style, frame = GISCUS + "default.css", GISCUS + "en/widget"
    with page.expect_request(style), page.expect_request(frame):
        loads.click()
    page.locator("iframe.giscus-frame[title=R1]").wait_for()
    assert sorted(asked) == [
        GISCUS + "client.js",
        style,
        frame,
    ]


def test_comments_come_back_after_signing_in(tab, discussed):
    page = tab(discussed, own=True)
    asked = recorded(page, discussed + "lesson/?giscus=token")
    page.locator("iframe.giscus-frame").wait_for()
    assert GISCUS + "client.js" in asked
    script = page.locator(".weave-discuss script")
    assert script.get_attribute("data-theme") == "light"


@pytest.mark.skipif(bool(os.environ.get("GISCUS")), reason="this site has comments")
def test_without_comments_the_policy_admits_nothing_of_theirs(tab, site):
    page = tab(site, own=True)
    asked = recorded(page, f"{site}labs/xor_network/")
    assert page.locator(".weave-discuss").count() == 0
    page.evaluate(
        """address => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", done);
          const script = document.createElement("script");
          script.src = address;
          document.head.append(script);
        })""",
        GISCUS + "client.js",
    )
    assert asked == []
    page.complaints.clear()  # the browser says what it has blocked
