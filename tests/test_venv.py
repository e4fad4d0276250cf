"""The README's commands begin with a Python that will do, and say so if it will not."""

import ast
import importlib.machinery
import importlib.util
import re
import subprocess
import sys

import pytest
from conftest import ROOT
from mkdocs.utils.yaml import yaml_load


@pytest.fixture
def venv():
    """The program `.ci/venv`, as a module."""
    loader = importlib.machinery.SourceFileLoader("venv_", str(ROOT / ".ci/venv"))
    module = importlib.util.module_from_spec(
        importlib.util.spec_from_loader("venv_", loader)
    )
    loader.exec_module(module)
    return module


def test_both_commands_of_the_readme_begin_with_it():
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = re.findall(r"^    (python3 .*)$", readme, re.MULTILINE)
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 .ci/venv && .venv/bin/python -m pip install")


def test_a_python_that_the_workflow_does_not_test_is_refused_in_one_sentence(venv):
    text = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
    tested = yaml_load(text)["jobs"]["test"]["strategy"]["matrix"]["python"]
    versions = [tuple(map(int, version.split("."))) for version in tested]
    assert (min(versions), max(versions)) == (venv.OLDEST, venv.NEWEST)
    for version in versions:
        assert venv.objection(version) == ""
    assert venv.objection((3, 10)) == (
        "This course needs Python 3.11 to 3.14, and this is Python 3.10. Install a "
        "newer one, and write python3.14 for python3."
    )
    assert "may not exist yet" in venv.objection((3, 15))
    asked = f"Python {versions[0][0]}.{versions[0][1]} to {versions[-1][0]}."
    assert asked in (ROOT / "README.md").read_text("utf-8")


def test_a_refusal_leaves_nothing_behind(venv, monkeypatch, tmp_path):
    monkeypatch.setattr(venv, "FOLDER", str(tmp_path / ".venv"))
    monkeypatch.setattr(venv.sys, "version_info", (3, 10, 13))
    assert "this is Python 3.10" in venv.main()
    assert [*tmp_path.iterdir()] == []


def test_a_venv_of_another_python_is_made_anew_and_one_of_this_is_kept(
    venv, monkeypatch, tmp_path, capsys
):
    folder, made = tmp_path / ".venv", []
    monkeypatch.setattr(venv, "FOLDER", str(folder))
    monkeypatch.setattr(venv.subprocess, "call", lambda words: made.append(words) or 0)
    assert venv.main() == 0  # there was none
    assert made == [[sys.executable, "-m", "venv", str(folder)]]
    assert capsys.readouterr().out == ""

    (folder / "bin").mkdir(parents=True)
    (folder / "old").write_text("kept by `python3 -m venv`", "utf-8")
    assert venv.main() == 0  # there is one, whose Python is gone
    assert len(made) == 2
    assert not folder.exists()
    assert "made anew" in capsys.readouterr().out

    folder.mkdir()
    mine = sys.version_info[:2]
    monkeypatch.setattr(venv, "version_of", lambda folder: mine)
    assert venv.main() == 0
    assert len(made) == 2
    assert folder.exists()


def test_the_version_of_a_venv_is_asked_of_its_python(venv, tmp_path):
    assert venv.version_of(str(tmp_path)) is None
    made = [sys.executable, "-m", "venv", "--without-pip", tmp_path / ".venv"]
    subprocess.run(made, check=True)
    assert venv.version_of(str(tmp_path / ".venv")) is None  # of no use without pip


def test_an_old_python_can_read_it():
    text = (ROOT / ".ci/venv").read_text("utf-8")
    ast.parse(text, feature_version=(3, 4))
    with pytest.raises(SyntaxError):
        ast.parse(text.replace('"import sys', 'f"import sys'), feature_version=(3, 4))
