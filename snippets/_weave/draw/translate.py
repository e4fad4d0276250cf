"""Plain Python functions as JavaScript: one source of mathematics for both.

What a reader moves on a page is computed in the browser, by functions that were
written, tested and doctested in Python. Here they are translated, node by node:

    functions            of arguments by position, that end with a return
    for, while, if       with break and continue; conditions are comparisons
    lists, tuples        [x, y], x, y = point, path[-1], path.append(x), len(path)
    arithmetic           + - * / and what the tables below name
    names                of arguments, locals, functions and CONSTANTS of the file

All else is a fault with its line: what cannot be translated with the same meaning is
not translated. What raises in Python (a division by zero, the logarithm of a negative
number, an index out of range) raises in the browser too. Floats are the same to the
last bit, but for `exp`, `log` and their kind, in whose last digits engines differ.
"""

import ast
import sys
from pathlib import Path

from ..model import Fault, WeaveError

_PRELUDE = """
const $fail = (what) => { throw new RangeError(what); };
const $div = (a, b) => (b === 0 ? $fail("division by zero") : a / b);
const $at = (list, i) => {
  const place = i < 0 ? i + list.length : i;
  return place in list ? list[place] : $fail("index out of range");
};
const $exactly = (list, n) => (list.length === n ? list : $fail("cannot unpack"));
const $math = (f, x) => {
  const result = f(x);
  const right = Number.isFinite(result) || !Number.isFinite(x);
  return right ? result : $fail("math domain or range");
};
const $range = (low, high, step = 1) => {
  const numbers = [];
  if (step === 0) $fail("a step of zero");
  for (let i = low; step > 0 ? i < high : i > high; i += step) numbers.push(i);
  return numbers;
};
const $least = (...given) => given.reduce((least, x) => (x < least ? x : least));
const $most = (...given) => given.reduce((most, x) => (x > most ? x : most));
"""

_MATH = {  # each takes one argument
    name: f"$math(Math.{name}, {{}})"
    for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "atan", "tanh")
}
_MATH |= {name: f"$math(Math.{name}, {{}})" for name in ("floor", "ceil")}
_MATH |= {"fabs": "Math.abs({})"}
_MATH |= {"isfinite": "Number.isFinite({})", "isnan": "Number.isNaN({})"}
_CONSTANTS = {"pi": "Math.PI", "e": "Math.E", "inf": "Infinity", "nan": "NaN"}
_BUILTINS = {  # with the least and the largest number of arguments
    "abs": ("Math.abs({})", 1, 1),
    "len": ("{}.length", 1, 1),
    "min": ("$least({})", 2, 9),
    "max": ("$most({})", 2, 9),
    "range": ("$range({})", 1, 3),
}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_COMPARED |= {ast.Eq: "===", ast.NotEq: "!=="}
# Words that JavaScript keeps for itself, and Python does not.
_RESERVED = """
arguments await case catch const debugger default delete do enum eval export extends
false function implements instanceof interface let new null package private protected
public static super switch this throw true try typeof undefined var void yield
globalThis Math Number Infinity NaN RangeError
"""
_EXACT = 2**53  # from here on not every integer is a float


class _Refused(Exception):
    """What has no translation, and the node where it stands."""

    def __init__(self, message, node=None):
        super().__init__(message)
        self.node = node


def script(source, path):
    """The classic script that hands a file's functions to the page.

    They are all that the file defines at its top level, but for figures and for
    names with an underscore. Raises WeaveError with all that cannot be translated;
    `path` stands in it.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise WeaveError([Fault(path, error.lineno or 1, error.msg)]) from None
    functions, constants = [], {}
    for node in tree.body:
        match node:
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name):
                if not name.startswith(("figure_", "_")):
                    functions.append(node)
            case ast.Assign([ast.Name(name)], ast.Constant(value)):
                if name.isupper() and type(value) in (int, float):
                    constants[name] = node
    names = [node.name for node in functions]
    known = {*names, *constants}
    parts, faults = [], []
    for node in [*constants.values(), *functions]:
        translator = _Translator(known)
        parts.append(translator.top(node))
        for refused in translator.refused:
            message = f"{refused}; so the page cannot run this function"
            faults.append(Fault(path, refused.node.lineno, message))
    if faults:
        raise WeaveError(sorted(faults))
    body = "".join(parts)
    return (
        f"// Translated from {path}: change that file, not this one.\n(() => {{\n"
        f'"use strict";{_PRELUDE}{body}'
        f"globalThis.weaveFunctions = {{ {', '.join(names)} }};\n}})();\n"
    )


class _Translator:
    """Translates one function or constant; collects what it refuses."""

    def __init__(self, known):
        self.known, self.locals, self.refused = known, set(), []

    def top(self, node):
        try:
            if isinstance(node, ast.Assign):
                name = self.name(node.targets[0].id)
                return f"const {name} = {self.expression(node.value)};\n"
            head = self.head(node)
        except _Refused as refused:
            refused.node = refused.node or node
            self.refused.append(refused)
            return ""
        body = self.block(_without_docstring(node.body), "  ")
        if not _returns(node.body):
            message = f"{node.name} may end without a return"
            self.refused.append(_Refused(message, node))
        return f"{head}{body}}}\n"

    def head(self, node):
        given = node.args
        special = given.vararg or given.kwarg or given.kwonlyargs or given.defaults
        if isinstance(node, ast.AsyncFunctionDef) or node.decorator_list or special:
            raise _Refused(
                f"{node.name} has a default, a star, a decorator or an async: write "
                "plain arguments"
            )
        arguments = [self.name(arg.arg) for arg in [*given.posonlyargs, *given.args]]
        stored = {
            leaf.id
            for leaf in _own_nodes(node)
            if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store)
        }
        declared = sorted(self.name(name) for name in stored - {*arguments})
        self.locals = {*arguments, *declared}
        for name in sorted(self.locals & {*self.known, *_BUILTINS, "math"}):
            raise _Refused(f"{name} is the name of a function or constant: rename it")
        head = f"function {self.name(node.name)}({', '.join(arguments)}) {{\n"
        return head + (f"  let {', '.join(declared)};\n" if declared else "")

    def name(self, name):
        if name in _RESERVED.split() or not name.isascii():
            raise _Refused(f"{name} is no name in JavaScript: choose another")
        return name

    def block(self, statements, indent):
        lines = ""
        for statement in statements:
            try:
                lines += self.statement(statement, indent)
            except _Refused as refused:
                refused.node = refused.node or statement
                self.refused.append(refused)
        return lines

    def statement(self, node, indent):
        inner = indent + "  "
        match node:
            case ast.Return(value) if value is not None:
                return f"{indent}return {self.expression(value)};\n"
            case ast.Assign([target], value):
                return f"{indent}{self.assigned(target, self.expression(value))};\n"
            case ast.AugAssign(ast.Name(name), operator, value):
                old = ast.Name(name, ast.Load())
                new = ast.copy_location(ast.BinOp(old, operator, value), node)
                return f"{indent}{name} = {self.expression(new)};\n"
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [value])):
                if name in self.locals and not node.value.keywords:
                    return f"{indent}{name}.push({self.expression(value)});\n"
            case ast.If(test, body, orelse):
                text = f"{indent}if ({self.condition(test)}) {{\n"
                text += f"{self.block(body, inner)}{indent}}}"
                if orelse:
                    text += f" else {{\n{self.block(orelse, inner)}{indent}}}"
                return text + "\n"
            case ast.While(test, body, []):
                head = f"{indent}while ({self.condition(test)}) {{\n"
                return f"{head}{self.block(body, inner)}{indent}}}\n"
            case ast.For(target, iterated, body, []):
                head = f"{indent}for (const $item of {self.expression(iterated)}) {{\n"
                head += f"{inner}{self.assigned(target, '$item')};\n"
                return f"{head}{self.block(body, inner)}{indent}}}\n"
            case ast.Break():
                return f"{indent}break;\n"
            case ast.Continue():
                return f"{indent}continue;\n"
        raise self.refuse(node)

    def assigned(self, target, value):
        match target:
            case ast.Name(name):
                return f"{name} = {value}"
            case ast.Tuple(parts) if all(isinstance(part, ast.Name) for part in parts):
                names = ", ".join(part.id for part in parts)
                return f"[{names}] = $exactly({value}, {len(parts)})"
        raise _Refused(f"{ast.unparse(target)} is no name or tuple of names", target)

    def condition(self, node):
        """What is true or false by itself: 0 and [] are not so in both languages."""
        match node:
            case ast.Compare(left, operators, rights):
                return self.compared(node, left, operators, rights)
            case ast.BoolOp(operator, parts):
                sign = " && " if isinstance(operator, ast.And) else " || "
                return f"({sign.join(map(self.condition, parts))})"
            case ast.UnaryOp(ast.Not(), part):
                return f"(!{self.condition(part)})"
            case ast.Constant(bool(value)):
                return str(value).lower()
            case ast.Call(ast.Attribute(ast.Name("math"), "isfinite" | "isnan")):
                return self.expression(node)
        raise _Refused(f"{ast.unparse(node)} is no comparison: write == or >", node)

    def compared(self, node, left, operators, rights):
        for middle in rights[:-1]:
            if not isinstance(middle, (ast.Name, ast.Constant)):
                raise _Refused(
                    f"{ast.unparse(middle)} would be computed twice: give it a name",
                    node,
                )
        said = []
        for operator, right in zip(operators, rights, strict=True):
            if type(operator) not in _COMPARED:
                raise self.refuse(node)
            sign = _COMPARED[type(operator)]
            said.append(f"{self.number(left)} {sign} {self.number(right)}")
            left = right
        return f"({' && '.join(said)})"

    def number(self, node):
        """An operand, which no list may be: in JavaScript [1] + [2] is a text."""
        if isinstance(node, (ast.List, ast.Tuple, ast.ListComp)):
            raise _Refused(f"{ast.unparse(node)} is a list, not a number", node)
        return self.expression(node)

    def expression(self, node):
        match node:
            case ast.Constant(bool(value)):
                return str(value).lower()
            case ast.Constant(int(value)) if value < _EXACT:
                return str(value)
            case ast.Constant(float(value)) if value < float("inf"):
                return repr(value)
            case ast.Name(name) if name in self.locals or name in self.known:
                return name
            case ast.Attribute(ast.Name("math"), name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case ast.UnaryOp(ast.USub(), part):
                return f"(-{self.number(part)})"
            case ast.BinOp(left, ast.Div(), right):
                return f"$div({self.number(left)}, {self.number(right)})"
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                sign = _ARITHMETIC[type(operator)]
                return f"({self.number(left)} {sign} {self.number(right)})"
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(ast.Not()):
                return self.condition(node)
            case ast.IfExp(test, body, orelse):
                one, other = self.expression(body), self.expression(orelse)
                return f"({self.condition(test)} ? {one} : {other})"
            case ast.List(parts) | ast.Tuple(parts):
                return f"[{', '.join(map(self.expression, parts))}]"
            case ast.Subscript(listing, index) if not isinstance(index, ast.Slice):
                return f"$at({self.expression(listing)}, {self.number(index)})"
            case ast.ListComp(
                element, [ast.comprehension(ast.Name(name), listing, [], 0)]
            ):
                return self.listed(element, self.name(name), self.expression(listing))
            case ast.Call(called, given, []):
                return self.called(node, called, given)
        raise self.refuse(node)

    def listed(self, element, name, listing):
        outer, self.locals = self.locals, self.locals | {name}
        try:
            return f"{listing}.map(({name}) => {self.expression(element)})"
        finally:
            self.locals = outer

    def called(self, node, called, given):
        text = ", ".join(map(self.expression, given))
        match called:
            case ast.Name(name) if name in self.locals or name in self.known:
                return f"{name}({text})"
            case ast.Name("range") if len(given) == 1:
                return f"$range(0, {text})"
            case ast.Name(name) if name in _BUILTINS:
                form, least, most = _BUILTINS[name]
                if least <= len(given) <= most:
                    return form.format(text)
            case ast.Attribute(ast.Name("math"), name) if name in _MATH:
                if len(given) == 1:
                    return _MATH[name].format(text)
        raise self.refuse(node)

    def refuse(self, node):
        said = " ".join(ast.unparse(node).split())
        said = said if len(said) <= 60 else f"{said[:57]}..."
        return _Refused(f"{said} has no translation", node)


def _without_docstring(body):
    match body:
        case [ast.Expr(ast.Constant(str())), *rest]:
            return rest
    return body


def _own_nodes(function):
    """The nodes of a function, without the names that its list displays bind."""
    waiting = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.ListComp):
            waiting += [node.elt, *(part.iter for part in node.generators)]
        else:
            waiting += ast.iter_child_nodes(node)


def _returns(body):
    """Whether a block is left by its returns alone."""
    match body[-1]:
        case ast.Return():
            return True
        case ast.If(_, inner, other) if other:
            return _returns(inner) and _returns(other)
    return False


if __name__ == "__main__":
    file = Path(sys.argv[1])
    try:
        sys.stdout.write(script(file.read_text("utf-8"), file.as_posix()))
    except WeaveError as error:
        sys.exit(str(error))
