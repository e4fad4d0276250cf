"""The glossary: its terms in order, each from a lesson that uses it."""

import re
from itertools import pairwise

import pytest
from conftest import ROOT

PAGE = ROOT / "docs/reference/glossary.md"
GLOSSARY = PAGE.read_text("utf-8")
ENTRY = re.compile(
    r"^(?P<term>\S.*) \{ #(?P<id>[\w-]+) \}\n:   (?P<said>.+) \[.+\]\((?P<to>.+)\)$",
    re.MULTILINE,
)
ENTRIES = [match.groupdict() for match in ENTRY.finditer(GLOSSARY)]


def words(text):
    return " ".join(text.lower().replace("*", "").split())


def test_the_terms_of_the_glossary_are_in_order_and_once():
    assert len(ENTRIES) == GLOSSARY.count("\n:   ")
    names = [entry["term"].lower() for entry in ENTRIES]
    for one, two in pairwise(names):
        assert one < two, f"{two} stands behind {one}: sort the terms, each once"
    ids = [entry["id"] for entry in ENTRIES]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_term_leads_to_a_lesson_that_uses_it(entry):
    lesson = PAGE.parent / entry["to"]
    text = words(lesson.read_text("utf-8"))
    for word in re.findall(r"[\w']+", words(entry["term"]).split(",")[0]):
        assert word.removesuffix("ing")[:8] in text, word
    assert entry["said"].endswith(".")
