"""A module together with the files it needs, as Python that runs alone."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from ..model import NO_CODE, Item
from ..read.source import parsed
from ..run.depends import Sources

_UNFOLD = """\
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FILES = {{
{files}}}
FOLDER = TemporaryDirectory()
for name, text in FILES.items():
    file = Path(FOLDER.name, name)
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
sys.path.insert(0, FOLDER.name)
"""

_ALONE = """\
# {title}
#
# This file runs alone. It needs Python 3.11 or newer, and
#     python -m pip install {packages}
# {use}
# First come, as text, the files that it imports; its own code begins in line {line}.

{unfold}__file__ = str(Path(FOLDER.name, "{name}"))

# The code, as it stands in snippets/{name}

{lesson}
{draw}"""

_DRAW = """
if __name__ == "__main__":
    for target, draw_figure, given in [
{figures}    ]:
        draw_figure(**given).savefig(target)
        print(target)
"""
_DRAWS = """\
Run it, and it draws its figures into the folder where you are:
#     python {name}"""
_TRY = """\
Run it, and try its functions:
#     python -i {name}"""
_PACKAGES = "numpy", "matplotlib", "sympy", "scipy"


def unfold(files: Iterable[Path], snippets: Path) -> str:
    """Code after which the modules among the files can be imported."""
    quoted = "".join(
        f"    {file.relative_to(snippets).as_posix()!r}: {_quoted(file)},\n"
        for file in sorted(files)
    )
    return _UNFOLD.format(files=quoted)


def alone(module: Path, sources: Sources, figures: Iterable[Item] = ()) -> str:
    """The source of a lesson's module as a file that runs alone.

    `figures` are those that it draws when it is run.
    """
    lesson = module.read_text("utf-8")
    imports, named = sources.found([module.stem])
    files = (imports | named) - {module}
    code = [module, *(file for file in files if file.suffix == ".py")]
    tops = {name.split(".")[0] for f in code for name in sources.module(f).modules}
    calls = sorted({_call(item) for item in figures})
    draw = _DRAW.format(figures="".join(calls)) if calls else ""
    parts = {
        "title": _title(module, lesson),
        "packages": " ".join(name for name in _PACKAGES if name in tops),
        "name": module.name,
        "use": (_DRAWS if calls else _TRY).format(name=module.name),
        "unfold": unfold(files, sources.snippets),
        "lesson": lesson.rstrip(),
        "draw": draw,
    }
    before, _, _ = _ALONE.partition("{lesson}")
    line = 1 + before.format(line="", **parts).count("\n")
    return _ALONE.format(line=line, **parts)


def _call(item: Item) -> str:
    from ..forms.form import arguments

    target = item.slug().removeprefix(f"{item.module}-") + ".svg"
    return f"        ({target!r}, figure_{item.text}, {arguments(item)!r}),\n"


def _title(module: Path, code: str) -> str:
    """The first line of a module's docstring, or else its name."""
    with suppress(*NO_CODE):  # which is said where it is run
        if text := ast.get_docstring(parsed(code)):
            return text.split("\n")[0]
    return module.stem


def _quoted(file: Path) -> str:
    """A file's text as a literal that can be read, where there is one."""
    return _literal(file.read_text("utf-8"))


@lru_cache(maxsize=200)
def _literal(text: str) -> str:
    literal = f"r'''{text}'''"
    with suppress(*NO_CODE):  # where it ends too soon, or never
        if ast.literal_eval(literal) == text:
            return literal
    return repr(text)
