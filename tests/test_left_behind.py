"""A run of the tests leaves nothing behind when it is told to end."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT
from weave.waiting import until

LONG = """\
import tempfile
import time


def test_that_takes_long(tmp_path):
    tempfile.mkdtemp()
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_a_run_that_is_told_to_end_leaves_no_folder(tmp_path):
    (tmp_path / "test_long.py").write_text(LONG)
    folder, said = tmp_path / "temporary", tmp_path / "said"
    folder.mkdir()
    own = {"PYTHONPATH": str(ROOT / "tests"), "TMPDIR": str(folder)}
    with said.open("w") as out:
        run = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-s", "-p", "conftest", "test_long.py"],
            cwd=tmp_path,
            env=os.environ | own,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    until(lambda: "begun" in said.read_text())
    assert len([*folder.iterdir()]) == 1
    run.terminate()
    assert run.wait(60) == pytest.ExitCode.INTERRUPTED, said.read_text()
    assert [*folder.iterdir()] == []
