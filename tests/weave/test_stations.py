"""Stations of the short path, as a page shows them."""

from project import CONFIG, text_of

NAV = "nav: [one.md, plain.md, two.md]\n"


def head(until):
    return f"---\ntitle: The {until}\nstation: {until}\n---\n\n"


def written(course):
    course.write("mkdocs.yml", CONFIG + NAV)
    course.write("docs/one.md", head("b") + "# One\n\n## A\n\n## B\n\nText.\n")
    course.write("docs/two.md", head("c") + "# Two\n\n## C\n\nText.\n")
    course.write("docs/plain.md", "# Plain\n\n## B\n")


def test_a_station_says_where_the_path_leaves_and_what_is_next(course):
    written(course)
    html = course.html(uri="one.md")
    before, _, after = html.partition('id="b"')
    assert "The short path leaves this page here." in text_of(before)
    assert (
        text_of(after)
        .rstrip()
        .endswith(
            "This is station 1 of 2 on the short path. The next station is The c."
        )
    )
    assert '<a href="two.md">The c</a>' in after


def test_the_last_station_is_the_end_and_other_pages_say_nothing(course):
    written(course)
    assert "station 2 of 2 on the short path. You are through." in text_of(
        course.html(uri="two.md")
    )
    assert "station" not in course.html(uri="plain.md")


def test_a_heading_that_is_not_there_is_a_fault(course):
    course.write("mkdocs.yml", CONFIG + "nav: [lesson.md]\n")
    said = course.fault(head("d") + "# A\n\n## B\n")
    assert said == "docs/lesson.md:3: station: no heading of the page has the id d"
