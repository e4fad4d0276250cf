"""Where there is no browser, nobody takes the tests for passed."""

import os
import subprocess
import sys

import pytest

from .conftest import ROOT

NEEDS_ONE = "tests/browser/test_quiz_browser.py::test_one_choice"


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
def test_without_a_browser_the_run_says_what_it_has_left_out(ci, outcome, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", NEEDS_ONE],
        cwd=ROOT,
        env=os.environ | {"PATH": str(tmp_path), "CHROMIUM": "", "CI": ci},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert bool(done.returncode) == bool(ci), done.stdout
    assert outcome in done.stdout
    assert "LEFT OUT: there is none of chromium-headless-shell" in done.stdout
