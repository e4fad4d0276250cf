"""The first use of a term on a page leads to the glossary."""

import re
from types import SimpleNamespace

import pytest
from _weave.terms import GLOSSARY, TermsExtension
from markdown import Markdown

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


@pytest.fixture
def linked(tmp_path):
    """Convert a page; return what is linked, as `text>id`."""
    (tmp_path / "reference").mkdir()
    (tmp_path / GLOSSARY).write_text(ENTRIES, "utf-8")

    def convert(text, page="other.md"):
        weave = SimpleNamespace(
            weaver=SimpleNamespace(docs=tmp_path),
            woven=(SimpleNamespace(path=f"docs/{page}"), text),
        )
        md = Markdown(extensions=["tables", "admonition", TermsExtension(weave)])
        convert.html = html = md.convert(text)
        link = rf'<a class="term" href="{GLOSSARY}#([\w-]+)">(.*?)</a>'
        return [f"{text}>{name}" for name, text in re.findall(link, html)]

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
        "    a gradient in a block of code",
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


@pytest.mark.parametrize("glossary", [None, "# No terms yet"])
def test_without_a_glossary_nothing_happens(tmp_path, glossary):
    if glossary:
        (tmp_path / "reference").mkdir()
        (tmp_path / GLOSSARY).write_text(glossary, "utf-8")
    weave = SimpleNamespace(
        weaver=SimpleNamespace(docs=tmp_path),
        woven=(SimpleNamespace(path="docs/a.md"), ""),
    )
    html = Markdown(extensions=[TermsExtension(weave)]).convert("A gradient.")
    assert html == "<p>A gradient.</p>"
