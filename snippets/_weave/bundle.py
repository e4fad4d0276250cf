"""A module together with the files it needs, as Python that runs alone."""

import ast
from functools import lru_cache

_UNFOLD = """\
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FILES = {{
{files}}}
FOLDER = TemporaryDirectory()
for name, text in FILES.items():
    Path(FOLDER.name, name).write_text(text, encoding="utf-8")
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


def needed(source, snippets):
    """The files of `snippets` that a source needs to run, sorted by name.

    Those it imports or names, what these import or name, and their style.
    """
    local = {file.name: file for file in snippets.iterdir() if file.is_file()}
    waiting, found = _names(source) & local.keys(), set()
    while waiting:
        name = waiting.pop()
        found.add(name)
        if name.endswith(".py"):
            named = _names(local[name].read_text("utf-8"))
            waiting |= (named & local.keys()) - found
    return [local[name] for name in sorted(found)]


def unfold(files):
    """Code after which the modules among the files can be imported."""
    quoted = "".join(f"    {file.name!r}: {_quoted(file)},\n" for file in files)
    return _UNFOLD.format(files=quoted)


def alone(module, packages=("numpy", "matplotlib", "sympy", "scipy")):
    """The source of a lesson's module as a file that runs alone."""
    lesson = module.read_text("utf-8")
    files = needed(lesson, module.parent)
    sources = [lesson, *(f.read_text("utf-8") for f in files if f.suffix == ".py")]
    imported = set().union(*map(_names, sources))
    draws = "\ndef figure_" in lesson
    parts = {
        "title": (ast.get_docstring(ast.parse(lesson)) or module.stem).split("\n")[0],
        "packages": " ".join(name for name in packages if f"{name}.py" in imported),
        "name": module.name,
        "use": (_DRAW if draws else _TRY).format(name=module.name),
        "unfold": unfold(files),
        "lesson": lesson.rstrip(),
    }
    before, _, _ = _ALONE.partition("{lesson}")
    line = 1 + before.format(line=0, **parts).count("\n")
    return _ALONE.format(line=line, **parts)


@lru_cache(maxsize=1000)
def _names(source):
    """The file names of the modules that a source imports, and all its strings."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {f"{alias.name.split('.')[0]}.py" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(f"{node.module.split('.')[0]}.py")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
    return frozenset(names)


def _quoted(file):
    """A file's text as a literal that can be read, where there is one."""
    text = file.read_text("utf-8")
    literal = f"r'''{text}'''"
    readable = "'''" not in text and not text.endswith(("'", "\\"))
    return literal if readable and ast.literal_eval(literal) == text else repr(text)
