"""What a preview looks at to know what was saved."""

from _weave.site.styled import _below


def test_of_the_machinery_only_templates_are_looked_at_when_something_is_saved(
    tmp_path,
):
    names = "a.py", "_weave/theme/main.html", "_weave/run/b.py", "_weave/draw/c.py"
    for name in *names, "_weave/model.py", "__pycache__/a.pyc", "more/d.md":
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [file.relative_to(tmp_path).as_posix() for file in _below(tmp_path)]
    assert sorted(found) == ["_weave/theme/main.html", "a.py", "more/d.md"]
    assert [*_below(tmp_path / "a.py")] == [tmp_path / "a.py"]
