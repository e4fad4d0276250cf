"""No unknown names: whoever types a page's transcripts gets what the page says.

A reader has the lesson's download, the imports of the block "Names used here", and
what the block and the page above have named; nothing else.
"""

import builtins
import dis
import json
import os
import re
import subprocess
import sys
import textwrap
from types import CodeType

import pytest
from _weave.markdown import names
from _weave.read.page import Page
from _weave.read.site import Site
from _weave.read.source import source
from _weave.run.depends import Sources
from _weave.site import bundle
from conftest import ROOT, SNIPPETS

SITE, SOURCES = Site(ROOT), Sources(SNIPPETS)
FENCE = re.compile(r"^```(python|pycon)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r'--8<-- "([^":]+)(?::(\w+))?"')
WITH_CODE = [uri for uri in SITE.pages() if FENCE.search(SITE.source(uri).body)]

each_page = pytest.mark.parametrize("uri", WITH_CODE)


def page_of(uri):
    return Page(SITE.path(uri), SITE.source(uri).body, SNIPPETS)


def block_of(uri):
    """The module, the imports and the names of a page's block, as it says them."""
    used = names.used(page_of(uri))
    if used is None:
        return None, "", set()
    block = names.block(used, "the file", uri, SNIPPETS, {})
    first = [next(item.iter("code")).text for item in block.findall("ul/li")]
    told = {re.split(r"[ (]", text)[0] for text in first}
    return used.module, block.findtext("div/pre/code"), told


def imported(code):
    """The names that imports bind; a star binds none that anybody could know."""
    lines = re.findall(r"^(?:from \S+ )?import (.*)$", code, re.MULTILINE)
    parts = [part.split(" as ")[-1] for line in lines for part in line.split(", ")]
    return {part for part in parts if part != "*"}


def code_of(fence):
    """The code that a fence shows by name."""
    named = NAMED.findall(fence)
    parts = [source(SNIPPETS, file, name or None) for file, name in named]
    return "\n".join(map(textwrap.dedent, parts))


def asked_and_bound(code):
    """The names that code asks the module or Python for, and those that it binds."""

    def walk(part):
        told = [(i.opname, i.argval) for i in dis.get_instructions(part)]
        bound = {name for operation, name in told if operation == "STORE_NAME"}
        asks = "LOAD_NAME", "LOAD_GLOBAL"
        asked = {name for operation, name in told if operation in asks} - bound
        for constant in part.co_consts:
            if isinstance(constant, CodeType):
                asked |= walk(constant)[0]
        return asked, bound

    asked, bound = walk(compile(code, "shown", "exec"))
    return asked - bound - {"__name__"}, bound


@each_page
def test_code_that_a_page_shows_asks_for_nothing_unknown(uri):
    _, imports, told = block_of(uri)
    known = (
        {*vars(builtins)} | imported(imports) | {name.split(".")[0] for name in told}
    )
    for language, body in FENCE.findall(SITE.source(uri).body):
        if language == "pycon":
            typed = textwrap.dedent(body)
            known |= imported(re.sub(r"^>>> ", "", typed, flags=re.MULTILINE))
        asked, bound = asked_and_bound(code_of(body))
        assert not asked - known, body
        known |= bound


@pytest.fixture(scope="module", autouse=True)
def reader():
    """Types the transcripts of a page, and returns what goes wrong.

    It is there from the first test on: its libraries are loaded meanwhile.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", ROOT / "tests/reader.py"],
        env=os.environ | {"MPLBACKEND": "svg", "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )

    def typed(folder, imports, known, steps):
        job = {"folder": str(folder), "imports": imports}
        job |= {"names": sorted(known), "steps": steps}
        print(json.dumps(job), file=process.stdin, flush=True)
        return json.loads(process.stdout.readline())

    yield typed
    process.stdin.close()
    assert process.wait() == 0
    process.stdout.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the reader's Python forks")
@each_page
def test_whoever_types_along_gets_what_the_page_says(uri, reader, tmp_path):
    module, imports, told = block_of(uri)
    stem = page_of(uri).stem
    if not module and (SNIPPETS / f"{stem}.py").exists():
        # Nothing to explain; what the page shows is in the lesson's download.
        module, imports = stem, f"from {stem} import *"
    if module:
        code = bundle.alone(SNIPPETS / f"{module}.py", SOURCES)
        (tmp_path / f"{module}.py").write_text(code, "utf-8")
    steps = []
    for language, body in FENCE.findall(SITE.source(uri).body):
        if language == "pycon":
            steps.append(("typed", body))
        else:
            steps.append(("shown", sorted(asked_and_bound(code_of(body))[1])))
    typed = [item for item in page_of(uri).items if item.form == "transcript"]
    assert len(typed) == [kind for kind, _ in steps].count("typed")
    known = imported(imports) | {name.split(".")[0] for name in told}
    said = reader(tmp_path, imports, known, steps)
    assert not said, "\n".join(said)


def test_a_name_that_nothing_has_explained_is_not_there(reader, tmp_path):
    """The reader knows no more than the page has said."""
    (tmp_path / "hills.py").write_text("high = 3\nlow = 1\n", "utf-8")
    steps = [("typed", ">>> high\n3\n>>> low\n1\n")]
    [said] = reader(tmp_path, "from hills import *", {"high"}, steps)
    assert "NameError: name 'low' is not defined" in said
    assert reader(tmp_path, "from hills import *", {"high", "low"}, steps) == []
    [said] = reader(
        tmp_path, "from hills import *", {"high"}, [("typed", ">>> high\n2\n")]
    )
    assert "Got:\n    3" in said
