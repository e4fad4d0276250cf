"""What a preview looks at to know what was saved, and what it publishes by itself."""

from types import SimpleNamespace

import pytest
from _weave.site.styled import Styled, _below

FILES = {
    "docs/own.css": "p { color: red }\n",
    "docs/in/own.js": "let a = 1\n",
    "docs/.hidden.css": "p {}\n",
    "docs/page.md": "# Page\n",
    "snippets/own.css": "p {}\n",
    "mkdocs.yml": "site_name: small\n",
}


class Preview:
    """A course that was built once; what it publishes is the file as it is."""

    def __init__(self, folder):
        self.folder, self.builds, self.asked = folder, 0, []
        self.fails, self.may = False, True
        self.write(FILES)
        config = SimpleNamespace(
            docs_dir=str(folder / "docs"),
            config_file_path=str(folder / "mkdocs.yml"),
            watch=[str(folder / "snippets")],
            site_dir=str(folder / "site"),
            use_directory_urls=True,
        )
        self.saved = Styled(self.build, config, self.ask)
        self.saved()

    def write(self, files):
        for path, text in files.items():
            file = self.folder / path
            if text is None:
                file.unlink()
            else:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)

    def build(self):
        self.builds += 1
        if self.fails:
            raise OSError("no")
        self.write({"site/page/index.html": "<h1>Page</h1>\n"})
        for name in "own.css", "in/own.js":
            file = self.folder / "docs" / name
            if file.exists():
                self.write({f"site/{name}": file.read_text()})

    def ask(self, files):
        self.asked += sorted(file.relative_to(self.folder).as_posix() for file in files)
        return self.may


@pytest.fixture
def preview(tmp_path):
    return Preview(tmp_path)


def test_style_sheets_and_scripts_that_are_saved_are_published_alone(preview, tmp_path):
    preview.write({"docs/own.css": "/* Why. */\np {}\n", "docs/in/own.js": "let a\n"})
    preview.saved()
    assert preview.builds == 1
    assert preview.asked == ["docs/in/own.js", "docs/own.css"]
    assert (tmp_path / "site/own.css").read_text() == "p {}\n"
    assert (tmp_path / "site/in/own.js").read_text() == "let a\n"
    preview.saved()  # as when the bell rings
    assert preview.builds == 2


@pytest.mark.parametrize(
    "edit",
    [
        {"docs/own.css": "p {}\n", "docs/page.md": "# Another\n"},
        {"docs/page.md": "# Another\n"},
        {"docs/own.css": None},
        {"docs/own.css": None, "docs/in/own.js": "let a\n"},
        {"docs/another.css": "p {}\n"},
        {"docs/.hidden.css": "b {}\n"},
        {"docs/own.css": "b {}\n", "snippets/own.css": "b {}\n"},
        {"mkdocs.yml": "site_name: other\n"},
        {},
    ],
    ids=str,
)
def test_with_anything_else_saved_all_is_built(preview, edit):
    preview.write(edit)
    preview.saved()
    assert preview.builds == 2


def test_all_is_built_where_a_page_has_read_what_was_saved(preview):
    preview.may = False
    preview.write({"docs/own.css": "p {}\n"})
    preview.saved()
    assert preview.asked == ["docs/own.css"]
    assert preview.builds == 2


def test_after_a_build_that_failed_the_next_is_whole(preview):
    preview.fails = True
    for text in "site_name: [\n", FILES["mkdocs.yml"]:
        preview.write({"mkdocs.yml": text})
        with pytest.raises(OSError, match="no"):
            preview.saved()
    preview.fails = False
    preview.write({"docs/own.css": "p {}\n"})
    preview.saved()
    assert preview.builds == 4


def test_of_the_machinery_only_templates_are_looked_at_when_something_is_saved(
    tmp_path,
):
    names = "a.py", "_weave/theme/main.html", "_weave/run/b.py", "_weave/draw/c.py"
    for name in *names, "_weave/model.py", "more/__pycache__/a.pyc", "more/d.md":
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "_weave/theme/linked").symlink_to(tmp_path / "more")
    found = [file.relative_to(tmp_path).as_posix() for file in _below(tmp_path)]
    of_theme = ["_weave/theme/linked/d.md", "_weave/theme/main.html"]
    assert sorted(found) == [*of_theme, "a.py", "more/d.md"]
    assert [*_below(tmp_path / "a.py")] == [tmp_path / "a.py"]
