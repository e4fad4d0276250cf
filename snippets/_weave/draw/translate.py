"""Plain Python functions as JavaScript: one source of mathematics for both.

What a reader moves on a page is computed in the browser, by functions that were
written, tested and doctested in Python. Here they are translated, with whatever they
call and the constants they use, from all modules in which these stand:

    functions            plain ones, with defaults; also those in an object, as in
                         quad1.value(x), and lambdas; with functools' lru_cache or
                         cache the page keeps the last result, too
    for, while, if       with break and continue; conditions are comparisons
    lists, tuples        [x, *point], [x * y for x, y in path], x, y = point, path[-1],
                         path.append(x), len(path), and np.array(path), as long as it
                         is not reckoned with
    tables               slopes[name], in a dictionary from outside whose keys are texts
    arithmetic           + - * / and ** 2, and what `library` names
    names                arguments, locals, and numbers and texts from outside

All else is a fault with its line: what cannot be translated with the same meaning is
not translated. To know that, the kind of each value is found out first (see `kinds`),
beginning with floats, texts or lists of floats for what the page gives. What raises in
Python, or in a lesson, where NumPy's warnings are errors, raises in the browser too: a
division by zero, the logarithm of a negative number, an index out of range. Floats are
the same to the last bit, but for squares, `exp`, `log` and their kind, in whose last
digits engines differ. Integers are exact below 2 ** 53; what would lead beyond raises
in the browser.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any, NamedTuple

from ..model import Fault, Functions, WeaveError
from .code import Code, is_called_plainly, parameters
from .flow import Flow, stored
from .kinds import (
    BOOL,
    FLOAT,
    INT,
    NUMBER,
    TEXT,
    Kind,
    is_list,
    is_number,
    joined,
    list_of,
)
from .library import BuiltIn, built_in
from .link import linked, local, locals_, reference, shared, signed

_NOTHING = object()
_DISPLAY = "a list display"
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}
_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_EQUAL = {ast.Eq: "===", ast.NotEq: "!=="}
_COMPOUND = re.compile(r"(if|for|while)\(")
_LONG = 30  # what is longer is written once
_ITEM = "$"  # what the item of a loop is called until it is taken apart
# How strongly the signs of an expression bind; what is called or named binds most.
_ATOM, _TIMES, _PLUS, _MINUS, _LESS, _AND, _OR, _IF = 9, 6, 5, 4, 3, 2, 1, 0


class Script(NamedTuple):
    """Functions in JavaScript, and which place those of Python have among them."""

    functions: Functions
    places: dict[Callable[..., Any], int]

    @property
    def code(self) -> str:
        """JavaScript of a function that gives a list of them.

        What it takes is what explore.js has of Python.
        """
        return f"(python)=>({linked({'all': self.functions})})(python).all"


def translated(
    functions: Iterable[Callable[..., Any]],
    texts: Container[str] = (),
    lists: Container[str] = (),
) -> Script:
    """Functions that take floats, and all that they call, as JavaScript.

    A parameter whose name is in `texts` takes a text, one in `lists` a list of floats.

    Raises WeaveError with all that cannot be translated, at its line in the file that
    the functions were imported from, and ValueError for what is no plain function.
    """
    program = _Program()
    wanted = {function: program.entry(function, texts, lists) for function in functions}
    program.settle()
    faults = {
        Fault(unit.code.file, line, f"{message}; so the page cannot run this function")
        for unit in program.units
        for line, message in unit.refused
    }
    if faults:
        raise WeaveError(sorted(faults))
    places = {function: place for place, function in enumerate(wanted)}
    given = [unit.key for unit in wanted.values()]
    return Script(signed(Functions(program.parts(), given)), places)


class _Refused(Exception):
    """What has no translation; `node` is where it stands."""

    def __init__(self, message: str, node: ast.AST | None = None) -> None:
        super().__init__(message)
        self.node = node


class _Value(NamedTuple):
    """An expression in JavaScript, and its kind, as far as it is known.

    The least strong of its signs outside of brackets has the strength `binds`.
    """

    text: str
    kind: Kind | None
    binds: int = _ATOM

    def within(self, binds: int) -> str:
        """The text as an operand of a sign of this strength."""
        return self.text if self.binds >= binds else f"({self.text})"

    def first(self, binds: int) -> str:
        """The same before the sign, where a minus of its own binds more strongly."""
        return self.text if self.binds == _MINUS else self.within(binds)

    def second(self, binds: int) -> str:
        """The same after the sign, where a minus would be taken for a part of it."""
        return f"({self.text})" if self.text[:1] == "-" else self.within(binds)


class _Callable:
    """What can be called: the kinds of its parameters and other names, its result."""

    def __init__(self, name: str, names: list[str]) -> None:
        self.name, self.parameters = name, names
        self.kinds: dict[str, Kind | None] = dict.fromkeys(names)
        self.result: Kind | None = None


class _Program:
    """All functions that are needed; each is a unit.

    They are translated again and again, until no kind changes any more: a call tells
    the kinds of a function's parameters, and its returns that of the call.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, _Unit] = {}
        self._constants: dict[str, str] = {}
        self._changed = False

    @property
    def units(self) -> list[_Unit]:
        return [*self._by_id.values()]

    def entry(
        self,
        function: Callable[..., Any],
        texts: Container[str],
        lists: Container[str],
    ) -> _Unit:
        """The unit of a function that the page calls."""
        try:
            unit = self.unit(function)
        except (TypeError, ValueError) as error:
            name = getattr(function, "__name__", repr(function))
            raise ValueError(
                f"{name} is no plain function of Python: {error}"
            ) from None
        for name in unit.parameters:
            one = list_of(FLOAT) if name in lists else FLOAT
            unit.kinds[name] = TEXT if name in texts else one
        return unit

    def unit(self, function: Any) -> _Unit:
        """The unit of a function; TypeError or ValueError if it has no code here."""
        if id(function) not in self._by_id:
            code = Code(function)
            base = code.name if code.name.isidentifier() else "unnamed"
            keys = {unit.key for unit in self.units}
            names = (base + (str(k) if k > 1 else "") for k in range(1, len(keys) + 2))
            key = next(name for name in names if name not in keys)
            self._by_id[id(function)] = _Unit(self, function, code, key)
            self._changed = True
        return self._by_id[id(function)]

    def constant(self, text: str) -> str:
        """The name of a value that is written once."""
        key = f"constant {len(self._constants)}"
        return reference(self._constants.setdefault(text, key))

    def parts(self) -> dict[str, str]:
        """All functions, and then what is made of them."""
        functions = {unit.key: unit.text for unit in self.units}
        return functions | {key: text for text, key in self._constants.items()}

    def settle(self) -> None:
        self._changed = True
        while self._changed:
            self._changed = False
            for unit in self.units:
                unit.translate()

    def learn(self, owner: _Callable, name: str, kind: Kind | None) -> None:
        """Note that a name of a callable may have a value of this kind."""
        old = owner.kinds.get(name)
        owner.kinds[name] = joined(old, kind)
        self._changed |= owner.kinds[name] != old

    def learn_result(self, owner: _Callable, kind: Kind | None) -> None:
        old = owner.result
        owner.result = joined(old, kind)
        self._changed |= owner.result != old


class _Unit(_Callable):
    """One function on its way: its kinds so far, its text, what was refused in it."""

    def __init__(self, program: _Program, function: Any, code: Code, key: str) -> None:
        super().__init__(code.name, parameters(code.node))
        self.program, self.function, self.code, self.key = program, function, code, key
        self.body = code.body()
        self.stored = stored(self.body)
        self.locals = sorted({*self.stored} - {*self.parameters})
        self.kinds |= dict.fromkeys(self.locals)
        self.text, self.refused = "", set[tuple[int, str]]()
        self._scopes: list[_Callable] = []  # of the list displays and lambdas around
        self._lambdas: dict[ast.Lambda, _Callable] = {}

    def translate(self) -> None:
        self.refused = set()
        try:
            self._check_head()
        except _Refused as refused:
            return self._note(refused, self.code.node)
        flow = Flow(self.body, self.parameters, self.kinds)
        if flow.ends:
            message = f"{self.name} may end without a return"
            self._note(_Refused(message), self.code.node)
        for name in flow.unset:
            self._note(_Refused(f"{name.id} may have no value here"), name)
        block = self._block(self.body)
        item = [_ITEM] if local(_ITEM) in "".join(block) else []
        # It is called with its parameters alone, so that the others are local names.
        names = [*map(local, self.parameters)]
        if others := [*self.locals, *item]:
            names.append(locals_(others))
        self.text = f"({','.join(names)})=>{_bodied(block)}"
        if self.code.is_kept:
            self.text = shared("kept", self.text)

    def _check_head(self) -> None:
        node = self.code.node
        if self.code.is_decorated:
            raise _Refused(
                f"{self.name} has a decorator, which may change what it does"
            )
        if isinstance(node, ast.AsyncFunctionDef) or not is_called_plainly(node):
            raise _Refused(f"{self.name} has a star or an async: write plain arguments")

    def _note(self, refused: _Refused, node: ast.AST) -> None:
        line: int = getattr(refused.node or node, "lineno", 1)
        self.refused.add((line, str(refused)))

    # Statements

    def _block(self, statements: Sequence[ast.stmt]) -> list[str]:
        """JavaScript for each statement; what only chooses a value to return is one."""
        lines = list[str]()
        for k, statement in enumerate(statements):
            value = _returned(statements[k:])
            try:
                line = self._statement(ast.Return(value) if value else statement)
            except _Refused as refused:
                self._note(refused, statement)
            else:
                lines.append(line)
            if value:
                break
        return lines

    def _statement(self, node: ast.stmt) -> str:
        match node:
            case ast.Return(value) if value is not None:
                returned = self._expression(value)
                self.program.learn_result(self, returned.kind)
                space = " " if re.match(r"[\w.\ue00a\ue00c]", returned.text) else ""
                return f"return{space}{returned.text};"
            case ast.Assign([target], value):
                return f"{self._assigned(target, value)};"
            case ast.AugAssign(ast.Name(name), operator, value):
                old = ast.copy_location(ast.Name(name, ast.Load()), node)
                new = ast.copy_location(ast.BinOp(old, operator, value), node)
                return f"{self._put(node.target, self._expression(new))};"
            case ast.Expr(
                ast.Call(ast.Attribute(ast.Name(name), "append"), [value], [])
            ) if name in self.kinds:
                return f"{self._appended(name, value)};"
            case ast.If(test, body, orelse):
                text = f"if({self._truth(test).text}){_grouped(self._block(body))}"
                return text + (_otherwise(self._block(orelse)) if orelse else "")
            case ast.While(test, body, []):
                return f"while({self._truth(test).text}){_grouped(self._block(body))}"
            case ast.For(target, iterated, body, []):
                listing = self._listing(iterated)
                put = self._put(target, _Value(local(_ITEM), _held(listing.kind)))
                block, [held, text] = self._block(body), put.split("=", 1)
                if text == local(_ITEM):
                    return f"for({held} of {listing.text}){_grouped(block)}"
                block = [f"{put};", *block]
                return f"for({local(_ITEM)} of {listing.text}){_grouped(block)}"
            case ast.Break():
                return "break;"
            case ast.Continue():
                return "continue;"
        raise _no_translation(node)

    def _assigned(self, target: ast.expr, value: ast.expr) -> str:
        match target, value:
            case ast.Tuple(targets), ast.Tuple(parts) if len(targets) == len(parts):
                names = _names(target)
                values = [self._expression(part) for part in parts]
                for one, given in zip(targets, values, strict=True):
                    self._put(one, given)
                return f"[{_taken(names)}]=[{_listed(values)}]"
        return self._put(target, self._expression(value))

    def _put(self, target: ast.expr, value: _Value) -> str:
        """A value given to a name, or taken apart for several."""
        match target:
            case ast.Name(name):
                self.program.learn(self, name, value.kind)
                return f"{local(name)}={value.text}"
            case ast.Tuple(parts):
                names, text = _names(target), value.text
                if value.kind is not None and not is_list(value.kind):
                    message = f"{value.kind} cannot be taken apart"
                    raise _Refused(f"{_spoken(target)}: {message}", target)
                for part in parts:
                    self._put(part, _Value("", _held(value.kind)))
                if value.kind is None or value.kind.size != len(parts):
                    text = shared("exactly", f"{text},{len(parts)}")
                return f"[{_taken(names)}]={text}"
        raise _no_name(target)

    def _appended(self, name: str, value: ast.expr) -> str:
        made = sum(
            isinstance(node, ast.Assign)
            and [ast.unparse(target) for target in node.targets] == [name]
            and isinstance(node.value, ast.List | ast.ListComp)
            for part in self.body
            for node in ast.walk(part)
        )
        if name in self.parameters or made < self.stored.count(name):
            raise _Refused(
                f"{name}.append: a list can only grow in the function that made it, "
                f"and under the name that it got there, as in {name} = []"
            )
        new = self._expression(value)
        self.program.learn(self, name, list_of(new.kind))
        return f"{local(name)}.push({new.text})"

    # Expressions

    def _expression(self, node: ast.expr) -> _Value:
        found = self._static(node)
        if found is not _NOTHING:
            return self._constant(found, node)
        match node:
            case ast.Constant(value):
                return self._constant(value, node)
            case ast.Name("_"):
                raise _Refused("_ is for what nobody reads: give it a name", node)
            case ast.Name(name):
                return _Value(local(name), self._owner(name).kinds[name])
            case ast.UnaryOp(ast.USub(), part):
                number = self._number(part)
                return _Value(f"-{number.within(_ATOM)}", number.kind, _MINUS)
            case ast.UnaryOp(ast.Not(), part):
                return _Value(f"!{self._truth(part).within(_ATOM)}", BOOL)
            case ast.BinOp():
                return self._reckoned(node)
            case ast.Compare(left, operators, rights):
                return self._compared(node, left, operators, rights)
            case ast.BoolOp(operator, parts):
                sign, binds = (
                    ("&&", _AND) if isinstance(operator, ast.And) else ("||", _OR)
                )
                truths = [self._truth(part).within(binds) for part in parts]
                return _Value(sign.join(truths), BOOL, binds)
            case ast.IfExp(test, body, orelse):
                truth = self._truth(test).within(_OR)
                one, other = self._expression(body), self._expression(orelse)
                if one.text == other.text and "(" not in truth:  # which cannot raise
                    return one._replace(kind=joined(one.kind, other.kind))
                text = f"{truth}?{one.text}:{other.text}"
                return _Value(text, joined(one.kind, other.kind), _IF)
            case ast.List(parts) | ast.Tuple(parts):
                return self._list(parts)
            case ast.Subscript(table, index) if isinstance(self._static(table), dict):
                return self._looked_up(self._static(table), index)
            case ast.Subscript(listing, index) if not isinstance(index, ast.Slice):
                held = self._listing(listing)
                at = self._expression(index)
                _check(index, at.kind, INT.__eq__, "not an integer")
                size = held.kind.size if held.kind else None
                place = index.value if isinstance(index, ast.Constant) else None
                if size and isinstance(place, int) and place < size:
                    return _Value(f"{held.within(_ATOM)}[{at.text}]", _held(held.kind))
                return _Value(shared("at", held.text, at.text), _held(held.kind))
            case ast.ListComp(element, [ast.comprehension(target, iterated, [], 0)]):
                return self._displayed(element, target, self._listing(iterated))
            case ast.Lambda(_, body) if is_called_plainly(node):
                return self._lambda(node, body)
            case ast.Call():
                return self._called(node)
        raise _no_translation(node)

    def _owner(self, name: str) -> _Callable:
        """Whose name it is: of a list display or lambda around, or of the function."""
        return next((one for one in self._scopes[::-1] if name in one.kinds), self)

    def _static(self, node: ast.expr) -> Any:
        """What an expression stands for that has its value already; or _NOTHING."""
        try:
            match node:
                case ast.Name(name) if name not in self._owner(name).kinds:
                    return self.code.value(name)
                case ast.Attribute(of, name):
                    base = self._static(of)
                    return base if base is _NOTHING else getattr(base, name)
                case ast.Subscript(of, ast.Constant(int(index))):
                    base = self._static(of)
                    return base[index] if isinstance(base, list | tuple) else _NOTHING
        except _Refused:
            raise
        except Exception:  # whatever a property may raise
            raise _no_translation(node) from None
        return _NOTHING

    def _constant(self, value: Any, node: ast.expr) -> _Value:
        match value:
            case bool():
                return _Value(str(value).lower(), BOOL)
            case int() if abs(value) < 2**53:
                return _Value(_written(value), INT, _MINUS if value < 0 else _ATOM)
            case float():
                text = _written(float(value))
                return _Value(text, FLOAT, _MINUS if text[0] == "-" else _ATOM)
            case str():
                return _Value(json.dumps(value, ensure_ascii=False), TEXT)
            case list() | tuple():
                values = [self._constant(one, node) for one in value]
                kind = joined(*(one.kind for one in values))
                text = f"[{_listed(values)}]"
                if len(text) > _LONG:
                    text = self.program.constant(text)
                return _Value(text, list_of(kind, len(values)))
        try:
            unit = self.program.unit(value)
        except (TypeError, ValueError):
            raise _no_translation(node) from None
        calls = frozenset[_Callable]([unit])
        return _Value(reference(unit.key), Kind("function", calls=calls))

    def _looked_up(self, table: dict[str, Any], node: ast.expr) -> _Value:
        """What stands in a table under a text."""
        key = self._expression(node)
        _check(node, key.kind, TEXT.__eq__, "not a text")
        values = {name: self._constant(value, node) for name, value in table.items()}
        pairs = [f"{_key(name)}:{one.text}" for name, one in values.items()]
        text = self.program.constant(f"{{{','.join(pairs)}}}")
        kind = joined(*(one.kind for one in values.values()))
        return _Value(shared("of", text, key.text), kind)

    def _number(self, node: ast.expr) -> _Value:
        """An operand, which only a number may be: in JavaScript [1] + [2] is a text."""
        value = self._expression(node)
        _check(node, value.kind, is_number, "not a number")
        return value

    def _listing(self, node: ast.expr) -> _Value:
        value = self._expression(node)
        _check(node, value.kind, is_list, "not a list")
        return value

    def _truth(self, node: ast.expr) -> _Value:
        """What is true or false by itself: 0 and [] are not so in both languages."""
        value = self._expression(node)
        _check(node, value.kind, BOOL.__eq__, "no comparison: write == or >")
        return value

    def _reckoned(self, node: ast.BinOp) -> _Value:
        match node:
            case ast.BinOp(base, ast.Pow(), ast.Constant(int(2))):
                squared = self._number(base)
                value = _Value(shared("square", squared.text), FLOAT)
                return self._whole(node, value, squared.kind, squared.kind)
            case ast.BinOp(left, ast.Div(), right):
                one, other = self._number(left), self._number(right)
                if isinstance(right, ast.Constant) and right.value:
                    text = f"{one.first(_TIMES)}/{other.within(_ATOM)}"
                    return _Value(text, FLOAT, _TIMES)
                return _Value(shared("div", one.text, other.text), FLOAT)
            case ast.BinOp(left, operator, right) if type(operator) in _ARITHMETIC:
                one, other = self._number(left), self._number(right)
                binds = _TIMES if isinstance(operator, ast.Mult) else _PLUS
                sign = _ARITHMETIC[type(operator)]
                text = f"{one.first(binds)}{sign}{other.second(binds + 1)}"
                value = _Value(text, FLOAT, binds)
                return self._whole(node, value, one.kind, other.kind)
        raise _no_translation(node)

    def _whole(
        self, node: ast.expr, value: _Value, one: Kind | None, other: Kind | None
    ) -> _Value:
        """A sum, difference or product; of integers, where it is exact or raises."""
        if FLOAT in (one, other):
            return value
        if NUMBER in (one, other):
            raise _Refused(
                f"{_spoken(node)} is an integer here and a float there, and integers "
                "are exact: write 0.0 for 0, or float(…)",
                node,
            )
        kind = INT if one == other == INT else None
        match node:  # no list is so long that these could be too large
            case ast.BinOp(
                ast.Call(call), ast.Add() | ast.Sub(), ast.Constant(int(n))
            ) if self._static(call) is len and n < 2**32:
                return value._replace(kind=kind)
        return _Value(shared("whole", value.text), kind)

    def _compared(
        self,
        node: ast.expr,
        left: ast.expr,
        operators: list[ast.cmpop],
        rights: list[ast.expr],
    ) -> _Value:
        for middle in rights[:-1]:
            if not isinstance(middle, ast.Name | ast.Constant):
                raise _Refused(
                    f"{ast.unparse(middle)} would be computed twice: give it a name",
                    node,
                )
        parts = []
        for operator, right in zip(operators, rights, strict=True):
            one, other = self._expression(left), self._expression(right)
            if one.kind == other.kind and one.kind in (TEXT, BOOL):
                signs = _EQUAL
            else:
                signs = _COMPARED | _EQUAL
                _check(left, one.kind, is_number, "not a number")
                _check(right, other.kind, is_number, "not a number")
            if type(operator) not in signs:
                raise _no_translation(node)
            sign = signs[type(operator)]
            parts.append(f"{one.within(_MINUS)}{sign}{other.within(_MINUS)}")
            left = right
        return _Value("&&".join(parts), BOOL, _AND if rights[1:] else _LESS)

    def _list(self, parts: Sequence[ast.expr]) -> _Value:
        """A list display, in which what has a star are the items of another list."""
        texts, kinds, size = list[str](), list[Kind | None](), 0
        is_known = True
        for part in parts:
            if isinstance(part, ast.Starred):
                value = self._listing(part.value)
                more = value.kind.size if value.kind else None
                texts.append(f"...{value.text}")
                kinds.append(_held(value.kind))
            else:
                value, more = self._expression(part), 1
                texts.append(value.text)
                kinds.append(value.kind)
            size, is_known = size + (more or 0), is_known and more is not None
        of = joined(*kinds)
        return _Value(f"[{','.join(texts)}]", list_of(of, size if is_known else None))

    def _displayed(
        self, element: ast.expr, target: ast.expr, listing: _Value
    ) -> _Value:
        held, text = _held(listing.kind), listing.within(_ATOM)
        match target:
            case ast.Name(name):
                kinds, given = {name: held}, local(name)
            case ast.Tuple():
                names = _names(target)
                if held is not None:
                    _check(target, held, is_list, "and cannot be taken apart")
                kinds, given = dict.fromkeys(names, _held(held)), f"([{_taken(names)}])"
                if held is None or held.size != len(names):
                    exact = shared("exactly", f"{local(_ITEM)},{len(names)}")
                    text += f".map({local(_ITEM)}=>{exact})"
            case _:
                raise _no_name(target)
        scope = _Callable(_DISPLAY, [*kinds])
        scope.kinds |= kinds
        value = self._inside(scope, element)
        size = listing.kind.size if listing.kind else None
        return _Value(f"{text}.map({given}=>{value.text})", list_of(value.kind, size))

    def _lambda(self, node: ast.Lambda, body: ast.expr) -> _Value:
        if node.args.defaults or any(one.name == _DISPLAY for one in self._scopes):
            raise _no_translation(node)
        names = parameters(node)
        inner = self._lambdas.setdefault(node, _Callable("the lambda", names))
        value = self._inside(inner, body)
        self.program.learn_result(inner, value.kind)
        text = f"({_named(names)})=>{value.text}"
        return _Value(text, Kind("function", calls=frozenset([inner])), _IF)

    def _inside(self, scope: _Callable, node: ast.expr) -> _Value:
        self._scopes.append(scope)
        try:
            return self._expression(node)
        finally:
            self._scopes.pop()

    def _called(self, node: ast.Call) -> _Value:
        found = self._static(node.func)
        if found is _NOTHING:
            return self._called_by_name(node)
        known = built_in().get(id(found))
        if known:
            return self._called_built_in(node, known)
        try:
            unit = self.program.unit(found)
        except (TypeError, ValueError):
            raise _no_translation(node) from None
        given = self._arguments(node, unit)
        for name, value in zip(unit.parameters, given, strict=True):
            self.program.learn(unit, name, value.kind)
        return _Value(f"{reference(unit.key)}({_listed(given)})", unit.result)

    def _arguments(self, node: ast.Call, unit: _Unit) -> list[_Value]:
        """The value of each parameter in a call: given, given by name, or a default."""
        given = [self._expression(one) for one in node.args]
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        defaults = [None] * (len(unit.parameters) - len(unit.code.defaults))
        pairs = [*zip(unit.parameters, [*defaults, *unit.code.defaults], strict=True)]
        for name, default in pairs[len(given) :]:
            if name in named:
                given.append(self._expression(named.pop(name)))
            elif default is not None:
                given.append(self._constant(default, node))
        if named or len(given) != len(unit.parameters):
            raise _wrong_number(node, unit)
        return given

    def _called_by_name(self, node: ast.Call) -> _Value:
        """The call of a function that is a local value."""
        called = self._expression(node.func)
        given = [self._expression(one) for one in node.args]
        text = f"{called.within(_ATOM)}({_listed(given)})"
        if called.kind is None:
            return _Value(text, None)
        _check(
            node.func, called.kind, lambda kind: kind.name == "function", "no function"
        )
        for target in called.kind.calls:
            if node.keywords or len(given) != len(target.parameters):
                raise _wrong_number(node, target)
            for name, value in zip(target.parameters, given, strict=True):
                self.program.learn(target, name, value.kind)
        return _Value(text, joined(*(target.result for target in called.kind.calls)))

    def _called_built_in(self, node: ast.Call, known: BuiltIn) -> _Value:
        given = [self._expression(one) for one in node.args]
        if node.keywords or not known.least <= len(given) <= known.most:
            raise _no_translation(node)
        for part, value in zip(node.args, given, strict=True):
            _check(part, value.kind, known.takes, known.otherwise)
        kind = known.gives(*(value.kind for value in given))
        if known.form.startswith("{}"):
            return _Value(known.form.format(given[0].within(_ATOM)), kind)
        return _Value(known.form.format(_listed(given)), kind)


def _returned(statements: Sequence[ast.stmt]) -> ast.expr | None:
    """The value that statements return, if they do nothing but choose it."""
    match statements:
        case [ast.Return(value)]:
            return value
        case [ast.If(test, body, orelse), *rest] if not (orelse and rest):
            one, other = _returned(body), _returned([*orelse, *rest])
            if one and other:
                return ast.copy_location(ast.IfExp(test, one, other), statements[0])
    return None


def _bodied(block: list[str]) -> str:
    """What stands after the arrow of a function."""
    match "".join(block).removeprefix("return").strip(), block:
        case value, [line] if line.startswith("return"):
            return value.removesuffix(";")
    return _grouped(block, always=True)


def _grouped(block: list[str], *, always: bool = False) -> str:
    """A block in JavaScript; what is a simple statement needs no braces."""
    is_simple = len(block) == 1 and not _COMPOUND.match(block[0])
    if is_simple and not always:
        return block[0]
    return f"{{{''.join(block).removesuffix(';')}}}"


def _otherwise(block: list[str]) -> str:
    if len(block) == 1:
        return f"else {block[0]}"
    return f"else{_grouped(block)}"


def _names(target: ast.Tuple) -> list[str]:
    """What a tuple of names is taken apart into.

    None that is read may stand there twice: before 3.11.4, Python could keep the first
    of the two values (github.com/python/cpython/issues/104615); JavaScript never does.
    """
    if not all(isinstance(part, ast.Name) for part in target.elts):
        raise _no_name(target)
    names = [*map(ast.unparse, target.elts)]
    read = [name for name in names if name != "_"]
    if len({*read}) < len(read):
        message = "has a name twice: give each value a name of its own"
        raise _Refused(f"{_spoken(target)} {message}", target)
    return names


def _no_name(target: ast.expr) -> _Refused:
    return _Refused(f"{ast.unparse(target)} is no name or tuple of names", target)


def _taken(names: Iterable[str]) -> str:
    """Names that get the items of a list in turn, but for what nobody reads."""
    places = [local(name) if name != "_" else "" for name in names]
    return ",".join(places).rstrip(",")


def _named(names: Iterable[str]) -> str:
    return ",".join(map(local, names))


def _written(number: float) -> str:
    """A number as short as JavaScript can have it.

    >>> [_written(x) for x in (0.25, -0.5, 1e-06, 3.0, 1000000000, float('inf'))]
    ['.25', '-.5', '1e-6', '3', '1e9', 'Infinity']
    """
    text = repr(number).removesuffix(".0").replace("inf", "Infinity")
    text = text.replace("nan", "NaN").replace("e-0", "e-").replace("e+", "e")
    text = re.sub(r"^(-?)0\.", r"\1.", text)
    return re.sub(r"(?<=[1-9])000+$", lambda m: f"e{len(m[0])}", text)


def _key(name: str) -> str:
    """A key of a table.

    >>> _key("bowl"), _key("x⁴")
    ('bowl', '"x⁴"')
    """
    is_plain = name.isascii() and name.isidentifier()
    return name if is_plain else json.dumps(name, ensure_ascii=False)


def _listed(values: Iterable[_Value]) -> str:
    return ",".join(value.text for value in values)


def _held(kind: Kind | None) -> Kind | None:
    return kind.of if kind else None


def _check(
    node: ast.expr, kind: Kind | None, is_right: Callable[[Kind], bool], otherwise: str
) -> None:
    """Refuse an expression of the wrong kind."""
    if kind is not None and not is_right(kind):
        raise _Refused(f"{_spoken(node)} is {kind}, {otherwise}", node)


def _wrong_number(node: ast.Call, target: _Callable) -> _Refused:
    takes = ", ".join(target.parameters) or "nothing"
    return _Refused(f"{_spoken(node)}: {target.name} takes {takes}", node)


def _no_translation(node: ast.AST) -> _Refused:
    return _Refused(f"{_spoken(node)} has no translation", node)


def _spoken(node: ast.AST) -> str:
    """A node as messages show it."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
