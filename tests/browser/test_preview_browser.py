"""A page that is open beside the editor follows what is saved, by itself."""

from weave.test_preview import Preview


def test_an_open_page_shows_a_save_without_being_asked(project, browser):
    project.write("docs/lesson.md", "# A\n\nIt is `{python} 3 - f(2)`.\n")
    project.write("snippets/lesson.py", "def f(x):\n    return +x\n")
    preview = Preview(project)
    page = browser.new_page()
    try:
        assert preview.shows("It is 1.")
        page.goto(f"http://127.0.0.1:{preview.port}/lesson/")
        page.get_by_text("It is 1.").wait_for()
        project.write("snippets/lesson.py", "def f(x):\n    return -x\n")
        page.get_by_text("It is 5.").wait_for(timeout=120_000)
    finally:
        page.close()
        preview.close()
