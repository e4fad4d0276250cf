"""The first use of a term on a page leads to the glossary."""

import re

import pytest
from _weave.markdown.terms import GLOSSARY
from _weave.run.weaver import Weaver

ENTRIES = """
Gradient { #gradient }
:   The vector of the slopes. [Bowls](../bowls.md)

Gradient descent { #gradient-descent }
:   Against the gradient. [Descent](../descent.md#rule)

Local minimum { #local-minimum }
:   No point nearby is lower. [Descent](../descent.md)

Batch { #batch }
:   Some examples. [Batches](../batches.md)

Eigenvalue, eigenvector { #eigenvalue }
:   A number and a direction. [Bowls](../bowls.md)
"""


LINK = re.compile(rf'<a class="term" href="{GLOSSARY}#([\w-]+)">(.*?)</a>')


@pytest.fixture
def linked(course):
    """Convert a page; return what is linked, as `text>id`."""
    course.write(f"docs/{GLOSSARY}", ENTRIES)

    def convert(text, page="other.md"):
        convert.html = course.html(text, uri=page)
        return [f"{text}>{name}" for name, text in LINK.findall(convert.html)]

    return convert


def test_the_first_use_is_linked_and_no_other(linked):
    text = "A gradient here.\n\nThe gradient there, *a gradient* again."
    assert linked(text) == ["gradient>gradient"]
    assert "<p>The gradient there" in linked.html


def test_the_longest_term_wins_and_the_rest_of_the_sentence_stays(linked):
    text = "With gradient descent a gradient, then **bold** words; gradient descent."
    assert linked(text) == ["gradient descent>gradient-descent", "gradient>gradient"]
    assert "</a> a <a" in linked.html
    assert "</a>, then <strong>bold</strong> words; gradient descent.</p>" in (
        linked.html
    )


def test_after_a_known_term_a_new_one_is_still_found(linked):
    text = "A gradient.\n\nTwo gradients in one batch, one gradient left."
    assert linked(text) == ["gradient>gradient", "batch>batch"]
    assert "<p>Two gradients in one <a" in linked.html
    assert "</a>, one gradient left.</p>" in linked.html


def test_plurals_and_both_names_of_an_entry_are_the_term(linked):
    assert linked("Local minima abound.") == ["Local minima>local-minimum"]
    assert linked("Both batches.") == ["batches>batch"]
    text = "The eigenvectors, the eigenvalue."
    assert linked(text) == ["eigenvectors>eigenvalue"]


@pytest.mark.parametrize(
    "text",
    [
        "# A gradient",
        "`gradient` in code",
        "[a gradient](there.md)",
        "| gradient |\n| :-- |\n| gradient |",
        '!!! note "A gradient"\n    and no more',
        "a mini-batch is another term, and rebatched is none",
        "This is what a **gradient** is. A gradient again.",
    ],
)
def test_what_is_no_plain_sentence_is_passed_by(linked, text):
    assert linked(text) == []


def test_the_page_that_explains_a_term_does_not_send_its_reader_away(linked):
    text = "A gradient and gradient descent."
    assert linked(text, "descent.md") == ["gradient>gradient"]
    assert linked(text, "bowls.md") == ["gradient descent>gradient-descent"]
    assert linked(text, "reference/notation.md") == []


@pytest.mark.parametrize("glossary", [None, "# No terms yet\n"])
def test_without_a_glossary_nothing_happens(course, glossary):
    if glossary:
        course.write(f"docs/{GLOSSARY}", glossary)
    assert course.html("A gradient.") == "<p>A gradient.</p>"


def test_a_formula_or_a_value_beside_a_term_is_no_obstacle(linked):
    text = "With $x_1$ and `{python} 1 + 1` a gradient, then `{python} 'a batch'`."
    assert linked(text) == ["gradient>gradient", "batch>batch"]


def test_a_question_keeps_its_words_to_itself(linked):
    text = (
        "/// question | A gradient?\n    kind: one\n\n- [x] gradient\n- [ ] batch\n\n"
        "So: a gradient.\n///\n\nNow a batch.\n"
    )
    assert linked(text) == ["batch>batch"]


def test_a_page_of_a_folder_of_another_name_is_known(project):
    """Where pages stand is said in the settings, not assumed."""
    project.weaver = Weaver(project.folder, "pages")
    project.write(f"pages/{GLOSSARY}", ENTRIES)
    project.write("pages/descent.md", "A gradient and gradient descent.")
    html = project.html(uri="descent.md")
    assert LINK.findall(html) == [("gradient", "gradient")]
