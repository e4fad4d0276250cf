"""A function as its author wrote it: its syntax, and what the names in it stand for."""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import sysconfig
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from types import CodeType, FunctionType
from typing import Any

_KEEPER = type(cache(lambda: None))
_LIBRARIES = tuple(sysconfig.get_paths()[kind] for kind in ("stdlib", "purelib"))


class Code:
    """The code of a plain function, or of a lambda that has been made already.

    `defaults` are the values of its last parameters; `is_decorated` says whether what
    is called is another function, around this one, and `is_kept` whether that is only
    functools' memory of its results. TypeError for what was not written
    in Python, or not by an author but in a library; ValueError for code of which there
    is no file.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        inner = inspect.unwrap(function)
        if not isinstance(inner, FunctionType):
            raise TypeError
        if inner.__code__.co_filename.startswith(_LIBRARIES):
            raise TypeError
        self.is_kept = isinstance(function, _KEEPER) and function.__wrapped__ is inner
        self.is_decorated = inner is not function and not self.is_kept
        self.file = inner.__code__.co_filename
        self.name = inner.__name__
        self.module = inner.__module__
        self.node = _node(inner.__code__)
        self.defaults: tuple[Any, ...] = inner.__defaults__ or ()
        cells = [cell.cell_contents for cell in inner.__closure__ or ()]
        closure = zip(inner.__code__.co_freevars, cells, strict=True)
        self._names = vars(builtins) | inner.__globals__ | dict(closure)

    def value(self, name: str) -> Any:
        """What a name stands for that is not the function's own; NameError if nothing.

        That is so at the moment when the function is translated.
        """
        if name not in self._names:
            raise NameError(f"there is no {name}")
        return self._names[name]

    def body(self) -> list[ast.stmt]:
        """The statements, without the docstring."""
        if isinstance(self.node, ast.Lambda):
            returned = ast.Return(self.node.body)
            return [ast.copy_location(returned, self.node.body)]
        match self.node.body:
            case [ast.Expr(ast.Constant(str())), *rest]:
                return rest
        return self.node.body


Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def _node(code: CodeType) -> Function:
    linecache.checkcache(code.co_filename)
    text = "".join(linecache.getlines(code.co_filename))
    for node, first in _functions(text):
        if first == code.co_firstlineno and _is(node, code):
            return node
    raise ValueError("the source is not to be found")


@lru_cache(maxsize=100)
def _functions(text: str) -> list[tuple[Function, int]]:
    """All functions of a file, each with its first line."""
    return [*_with_first_lines(ast.parse(text))]


def _with_first_lines(tree: ast.AST) -> Iterator[tuple[Function, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            yield node, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, min([node.lineno, *(d.lineno for d in node.decorator_list)])


def _is(node: Function, code: CodeType) -> bool:
    """Whether a node in the right line was compiled to this code."""
    if not isinstance(node, ast.Lambda):
        return node.name == code.co_name
    body = node.body
    span = body.lineno, body.end_lineno, body.col_offset, body.end_col_offset
    return code.co_name == "<lambda>" and span in code.co_positions()


def parameters(node: Function) -> list[str]:
    """The names of a function's parameters.

    >>> parameters(ast.parse("lambda x, y: x", mode="eval").body)
    ['x', 'y']
    """
    return [arg.arg for arg in [*node.args.posonlyargs, *node.args.args]]


def is_called_plainly(node: Function) -> bool:
    """Whether all that a function takes are arguments with a place."""
    return not (node.args.vararg or node.args.kwarg or node.args.kwonlyargs)
