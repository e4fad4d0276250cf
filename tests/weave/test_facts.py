"""What pages say of themselves is what stands on them."""

import pytest
from _weave.read.facts import facts
from _weave.read.page import Page
from _weave.read.site import Site
from project import CONFIG

PAGE = """\
---
title: A walk
station: the-end
given: |
  one two · three
  four five
---

# A walk

!!! goal "After this lesson"
    you can go
    down.

## First

Three words here. `{check} claim_it()` `{check} 1 < x` `{check} x < 9`
`{reason} theorem` `{reason} advice`

!!! belief "Down is the way"
    It is not.

```pycon
>>> x = 1
>>> claim_it()
True
```

`{python} claim_it()`

## Far { #far-away }

!!! belief "Up is the way"
    It is not.

/// question | Which?
    kind: choice

- [x] this
- [ ] that
///

## The end

Words that nobody counts.
"""


@pytest.fixture
def site(course):
    course.write("mkdocs.yml", CONFIG + "nav: [index.md, walk.md, lab.py]\n")
    course.write("docs/walk.md", PAGE)
    course.write("snippets/walk.py", "x = 1\n\n\ndef claim_it():\n    return True\n")
    return Site(course.folder)


def page_of(site):
    source = site.source("walk.md")
    page = Page(source.path, source.body, site.snippets, source.first_line)
    assert page.faults == []
    return source, page


def test_all_of_it_is_counted_where_it_stands(site):
    found = facts("walk.md", *page_of(site))
    assert (found.uri, found.title) == ("walk.md", "A walk")
    assert found.goal == "you can go down."
    assert found.forms == {"check": 3, "reason": 2, "transcript": 1, "value": 1}
    assert (found.lines, found.code) == (2, 0)
    assert (found.questions, found.answers) == (1, 2)
    assert (found.named_checks, found.theorems, found.given) == (1, 1, 3)


def test_the_minutes_are_those_before_the_path_leaves_the_page(site):
    source, page = page_of(site)
    before, whole = page.minutes_until("the-end"), page.minutes()
    assert 1 < before < whole < before + 0.1
    assert facts("walk.md", source, page).minutes == round(before)
    assert facts("walk.md", source._replace(head={}), page).minutes is None
    lost = source._replace(head={"station": "nowhere"})
    assert facts("walk.md", lost, page).minutes is None


def test_the_stations_are_pages_of_the_navigation(site):
    assert [one.uri for one in site.stations()] == ["walk.md"]


def test_the_contents_are_those_of_all_files_but_the_machinery(site):
    contents = site.contents()
    assert contents[site.snippets / "walk.py"].startswith(b"x = 1\n")
    assert (site.snippets / "shared/line.py") in contents
    assert not any("_weave" in file.parts for file in contents)
    assert all(file.is_file() for file in contents)
