"""What a module, a page or a lab needs: the files it imports, and those it names.

An import is found by `ast`, wherever it stands. A file is named by a string that is
its path below `snippets/`, such as "lesson.mplstyle" beside the module, or
"shared/prices.csv". What a module reads outside of `snippets/` it says itself, as
patterns from the project's root and as names of the environment:
`READS = "docs/*.md", "$REPO_URL"`.
"""

import ast
from functools import lru_cache


def needed(start, snippets):
    """The files below `snippets` that code needs to run, as a set of paths.

    `start` is an iterable of modules' dotted names, such as "shared.draw"; names of
    modules that do not stand in `snippets` are passed by.
    """
    waiting, found = list(start), set()
    while waiting:
        for file in _files(waiting.pop(), snippets):
            if file not in found:
                found.add(file)
                waiting += _imports(file.read_bytes(), _package(file, snippets))
                found |= _named(file, snippets)
    return found


def imports(source):
    """The dotted names that a source may import; of one that is broken, none."""
    return _imports(source.encode(), "")


def by_name(snippets):
    """The modules that a page may speak of by their last name: {name: dotted}."""
    shared = {f.stem: f"shared.{f.stem}" for f in snippets.glob("shared/[!_]*.py")}
    return shared | {file.stem: file.stem for file in snippets.glob("*.py")}


def mentions(source, known):
    """Those of the known modules that code speaks of, as `rate` in `rate.sweep`."""
    nodes = _nodes(source.encode())
    names = {
        node.value.id
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return {known[name] for name in names & known.keys()}


def reads(files):
    """What the modules among the files say they read, sorted."""
    modules = (file for file in files if file.suffix == ".py")
    return sorted({name for file in modules for name in _reads(file.read_bytes())})


def _files(name, snippets):
    """The file of a module, and those of the packages it stands in."""
    parts, files = name.split("."), []
    for end in range(1, len(parts) + 1):
        path = snippets.joinpath(*parts[:end])
        file = path.with_suffix(".py")
        init = path / "__init__.py"
        files += [candidate for candidate in (file, init) if candidate.is_file()]
    return files


def _package(file, snippets):
    return ".".join(file.relative_to(snippets).parent.parts)


@lru_cache(maxsize=1000)
def _imports(source, package):
    """All dotted names that may be modules: `from a import b` gives a and a.b."""
    names = set()
    for node in _nodes(source):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: 1 - node.level or None]
                base = ".".join(filter(None, [*parts, base]))
            names.add(base)
            names |= {f"{base}.{alias.name}" for alias in node.names}
    return frozenset(filter(None, names))


def _named(file, snippets):
    """The files that a module names: beside it, or from `snippets` on."""
    found = set()
    for text in _strings(file.read_bytes()):
        for folder in {file.parent, snippets}:
            candidate = folder / text
            if candidate.is_file() and snippets in candidate.parents:
                found.add(candidate)
    return found


@lru_cache(maxsize=1000)
def _strings(source):
    """The string constants that could be the name of a file."""
    return frozenset(
        node.value
        for node in _nodes(source)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and 0 < len(node.value) < 100
        and node.value.isprintable()
    )


@lru_cache(maxsize=1000)
def _reads(source):
    for node in _nodes(source):
        match node:
            case ast.Assign([ast.Name("READS")], value):
                given = ast.literal_eval(value)
                return [given] if isinstance(given, str) else [*given]
    return []


@lru_cache(maxsize=1000)
def _nodes(source):
    try:
        return [*ast.walk(ast.parse(source))]
    except (SyntaxError, ValueError):  # the run says so, with its line
        return []
