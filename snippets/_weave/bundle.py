"""A module together with the files it needs, as Python that runs alone."""

import ast

from .depends import imports, needed

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

if __name__ == "__main__":
    for figure in [name for name in globals() if name.startswith("figure_")]:
        target = figure.removeprefix("figure_") + ".svg"
        globals()[figure]().savefig(target)
        print(target)
"""


_DRAW = """\
Run it, and it draws its figures into the folder where you are:
#     python {name}"""
_TRY = """\
Run it, and try its functions:
#     python -i {name}"""


def carried(source, snippets):
    """The files of `snippets` that a source needs to run, sorted by path."""
    return sorted(needed(imports(source), snippets))


def unfold(files, snippets):
    """Code after which the modules among the files can be imported."""
    quoted = "".join(
        f"    {file.relative_to(snippets).as_posix()!r}: {_quoted(file)},\n"
        for file in files
    )
    return _UNFOLD.format(files=quoted)


def alone(module, packages=("numpy", "matplotlib", "sympy", "scipy")):
    """The source of a lesson's module as a file that runs alone."""
    lesson = module.read_text("utf-8")
    files = sorted(needed([module.stem], module.parent) - {module})
    sources = [lesson, *(f.read_text("utf-8") for f in files if f.suffix == ".py")]
    imported = {name.split(".")[0] for s in sources for name in imports(s)}
    draws = "\ndef figure_" in lesson
    parts = {
        "title": (ast.get_docstring(ast.parse(lesson)) or module.stem).split("\n")[0],
        "packages": " ".join(name for name in packages if name in imported),
        "name": module.name,
        "use": (_DRAW if draws else _TRY).format(name=module.name),
        "unfold": unfold(files, module.parent),
        "lesson": lesson.rstrip(),
    }
    before, _, _ = _ALONE.partition("{lesson}")
    line = 1 + before.format(line=0, **parts).count("\n")
    return _ALONE.format(line=line, **parts)


def _quoted(file):
    """A file's text as a literal that can be read, where there is one."""
    text = file.read_text("utf-8")
    literal = f"r'''{text}'''"
    readable = "'''" not in text and not text.endswith(("'", "\\"))
    return literal if readable and ast.literal_eval(literal) == text else repr(text)
