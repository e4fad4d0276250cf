"""What a function gives on cases, and whose mistake it is; and code that is tried out.

The build runs this to prove an exercise, and the reader's browser, whose MicroPython
knows fewer modules, to judge what was written there: so both compare in the same way.
"""

import builtins
import json
import sys
from typing import Any

YOURS = "your code"  # what the code of the reader is called in tracebacks


def plain(value: Any) -> Any:
    """Return a value as numbers, texts and nested lists, which JSON can hold."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        odd = value != value or value in (float("inf"), -float("inf"))
        return str(value) if odd else value
    if isinstance(value, dict):
        return [[plain(key), plain(one)] for key, one in value.items()]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return f"<{type(value).__name__}>"


def _largest(answer: Any) -> Any:
    """Return the size of the largest number in an answer."""
    if isinstance(answer, list):
        return max([_largest(one) for one in answer] or [0])
    number = isinstance(answer, (int, float)) and not isinstance(answer, bool)
    return abs(answer) if number else 0


def same(expected: Any, got: Any, within: float, size: Any = None) -> bool:
    """Return whether two answers are the same: in shape exactly, in numbers nearly.

    A number may differ by `within` times the largest number of the answer.
    """
    if size is None:
        size = _largest(expected) or 1
    if isinstance(expected, list) or isinstance(got, list):
        return (
            isinstance(expected, list)
            and isinstance(got, list)
            and len(expected) == len(got)
            and all(same(e, g, within, size) for e, g in zip(expected, got))
        )
    others = bool, str, dict, type(None)
    if isinstance(expected, others) or isinstance(got, others):
        return type(expected) is type(got) and expected == got
    return bool(abs(expected - got) <= within * size)


def equal(expected: list[Any], got: list[Any], within: float) -> list[bool]:
    """Return for each case whether the answers are the same."""
    return [same(e, g, within) for e, g in zip(expected, got)]


def answers(cases: list[str], names: dict[str, Any]) -> Any:
    """Return what the cases give, and the first error with its case."""
    found: list[Any] = []
    first = None
    for number, case in enumerate(cases):
        try:
            found.append(plain(eval(case, names)))
        except Exception as error:
            found.append({"raises": type(error).__name__})
            first = first or (number, error)
    return found, first


def shown(answer: Any, digits: int = 6) -> str:
    """Return an answer as the reader sees it."""
    if isinstance(answer, dict):
        return str(answer["raises"])
    if isinstance(answer, list):
        return "[" + ", ".join([shown(one, digits) for one in answer]) + "]"
    if isinstance(answer, float):
        return f"{answer:.{digits}g}".replace("-", "−")
    return str(answer).replace("-", "−")


def both(expected: Any, got: Any) -> tuple[str, str]:
    """Return two answers with as many digits as it takes to tell them apart."""
    for digits in 6, 10, 17:
        texts = shown(expected, digits), shown(got, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _line(text: str) -> Any:
    """Return the last line of the reader's code that a traceback names."""
    mark = f'"{YOURS}", line '
    if mark not in text:
        return None
    digits = text.split(mark)[-1].split(",")[0].split("\n")[0]
    return int(digits)


# What helps a reader whom the message of an error leaves alone.
_HELP = (
    ("__xor__", "A power is written with **, and ^ is something else."),
    ("no module named", "Here are math and a part of NumPy, as np; import nothing."),
    ("IndentationError", "The lines of a block begin in the same column."),
    ("before assignment", "A name is asked for before it has a value."),
)
_BLOCKS = "def", "for", "while", "if", "elif", "else"


def _help(said: dict[str, Any], code: str) -> str:
    """Return what helps against an error in some code, or ""."""
    number, lines = said["line"], code.split("\n")
    if said["error"].startswith("SyntaxError") and number and number <= len(lines):
        line = lines[number - 1].split("#")[0].strip()
        word = line.split("(")[0].split(":")[0].split(" ")[0]
        if word in _BLOCKS and line[-1:] != ":":
            return "Does a colon miss at its end?"
    found = [text for part, text in _HELP if part in said["error"]]
    return found[0] if found else ""


def difference(expected: Any, got: Any) -> str:
    """Return what an answer lacks, where that can be said in general, or ""."""
    if got is None:
        return "A function that ends without return gives None."
    if isinstance(expected, list) != isinstance(got, list):
        asked, came = "one value", "a list"
        if isinstance(expected, list):
            asked, came = came, asked
        return f"That is {came}, and {asked} is asked for."
    if isinstance(expected, list) and len(expected) != len(got):
        return f"Its length is {len(got)}, and {len(expected)} is asked for."
    if not _comparable(expected, got):
        return ""
    if same(_negative(expected), got, 1e-9):
        return "The numbers are right, and their signs are the opposite."
    if same(expected, got, 0.01):
        return "It is nearly right. Do you round, or compute too little of it?"
    return ""


def _comparable(expected: Any, got: Any) -> bool:
    """Return whether two answers hold numbers alone, in the same shape."""
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(expected) == len(got)
            and all(_comparable(e, g) for e, g in zip(expected, got))
        )
    return type(expected) in (int, float) and type(got) in (int, float)


def _negative(answer: Any) -> Any:
    return [_negative(x) for x in answer] if isinstance(answer, list) else -answer


def _told(error: BaseException, code: str = "") -> dict[str, Any]:
    """Return what an error says, the line of the code that raised it, and help."""
    import io

    stream = io.StringIO()
    if hasattr(sys, "print_exception"):
        sys.print_exception(error, stream)
    else:
        import traceback

        traceback.print_exception(error, file=stream)
    text = str(error)
    kind = type(error).__name__
    said = {
        "error": f"{kind}: {text}" if text else kind,
        "line": _line(stream.getvalue()),
    }
    return dict(said, help=_help(said, code))


def begun(job: dict[str, Any]) -> dict[str, Any]:
    """Return the names that the reader's code begins with.

    What cannot be had here is missing alone: whoever asks for it hears its name.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    for line in job["setup"].split("\n"):
        try:
            exec(line, names)
        except Exception:
            continue
    return names


def points(code: str, names: dict[str, Any]) -> list[Any]:
    """Return the points that an expression gives, as far as these can be drawn.

    >>> points("[[0, 1], (2.5, inf), [3, 4]]", {"inf": float("inf")})
    [[0, 1]]
    """
    try:
        given = plain(eval(code, names))
    except Exception:
        return []
    found: list[Any] = []
    for one in given if isinstance(given, list) else []:
        numbers = isinstance(one, list) and [type(x) in (int, float) for x in one]
        if numbers != [True, True]:
            break
        found.append(one)
    return found


def judged(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be said of the reader's code.

    `setup` binds what the code may use; `name` is the function that is asked for, and
    `gives` are the right answers to the cases, `slips` those of each mistake. What is
    to be drawn of it are `points`.
    """
    names = begun(job)
    names.pop(job["name"], None)
    try:
        exec(compile(job["code"], YOURS, "exec"), names)
    except BaseException as error:
        return dict(_told(error, job["code"]), verdict="error")
    if not callable(names.get(job["name"])):
        return {"verdict": "missing"}
    said = _compared(job, names)
    return dict(said, points=points(job["points"], names)) if "points" in job else said


def _compared(job: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    found, first = answers(job["cases"], names)
    right = equal(job["gives"], found, job["within"])
    if all(right):
        return {"verdict": "right"}
    at = right.index(False)
    expected, got = both(job["gives"][at], found[at])
    said = {"case": at, "right": sum(right), "expected": expected, "got": got}
    for number, slip in enumerate(job["slips"]):
        if all(equal(slip, found, job["within"])):
            return dict(said, verdict="slip", slip=number)
    if first and first[0] == at:
        return dict(_told(first[1], job["code"]), verdict="error", case=at)
    help = difference(job["gives"][at], found[at])
    return dict(said, verdict="some", help=help)


def _statements(code: str) -> Any:
    """Return the statements of some code, each with the number of lines before it.

    There is no `ast` in the browser: a statement ends where Python can read what has
    come, and what follows stands at the margin and continues nothing.
    """
    found: list[Any] = []
    lines = code.split("\n")
    begin = 0
    for number, line in enumerate(lines):
        word = line.split("(")[0].split(":")[0].split(" ")[0]
        goes_on = not line.strip() or line[0] in " \t)]}#" or word in _GO_ON
        if number > begin and not goes_on:
            chunk = "\n".join(lines[begin:number])
            try:
                compile(chunk, YOURS, "exec")
            except SyntaxError:
                continue
            found.append((begin, chunk))
            begin = number
    found.append((begin, "\n".join(lines[begin:])))
    return found


_VALUE = "_value_"  # what an expression has left
_GO_ON = "else", "elif", "except", "finally"


def ran(job: dict[str, Any]) -> dict[str, Any]:
    """Run code as if it were typed, line by line: it prints the values it leaves.

    Before it, `above` is run, which prints nothing. Where one of these codes ends in
    an error, the rest goes on, as cells of a notebook do, and the first is told.
    """
    names = begun(job)
    above = _silently(job["above"], names)
    try:
        for before, chunk in _statements(job["run"]):
            lines, names[_VALUE] = "\n" * before, None
            try:
                program = compile(f"{lines}{_VALUE} = ({chunk}\n)", YOURS, "exec")
            except SyntaxError:
                program = compile(lines + chunk, YOURS, "exec")
            exec(program, names)
            if names[_VALUE] is not None:
                print(typed(names[_VALUE]))
    except BaseException as error:
        return dict(_told(error, job["run"]), verdict="error", above=above)
    return {"verdict": "ran"}


def typed(value: Any) -> str:
    """Return `repr` of a value, with as few digits of floats as Python shows.

    MicroPython has some that say nothing: 0.07 is 0.07000000000000001 there.
    """
    if type(value) is float:
        return _short(value)
    if type(value) is list:
        return "[" + ", ".join([typed(one) for one in value]) + "]"
    if type(value) is tuple:
        inner = ", ".join([typed(one) for one in value])
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return repr(value)


def _short(x: float) -> str:
    for digits in 15, 16:
        text = f"{x:.{digits}g}"
        if float(text) == x and "e" not in text:
            return text if "." in text or "n" in text else text + ".0"
    return repr(x)


def _silently(codes: list[str], names: dict[str, Any]) -> Any:
    """Run some code that prints nothing; return what is said of the first error."""
    usual, first = print, None  # builtins.print would be MicroPython's own
    builtins.print = lambda *_, **__: None
    for code in codes:
        try:
            exec(compile(code, YOURS, "exec"), names)
        except Exception as error:
            first = first or _told(error)["error"]
    builtins.print = usual
    return first


def run(text: str) -> str:
    """Return `judged` or `ran` from JSON to JSON."""
    job = json.loads(text)
    return json.dumps(ran(job) if "run" in job else judged(job))


def _as_later_pythons_do() -> None:
    """Let `zip` take `strict`, `slice` be called, `math` know more, floats be short."""
    sys.modules["math"] = __import__("more_math")
    usual, printed, rounded = zip, print, round

    def print_typed(*given: Any, **options: Any) -> None:
        kinds = float, list, tuple
        printed(*[typed(x) if type(x) in kinds else x for x in given], **options)

    def round_exactly(x: Any, digits: Any = None) -> Any:
        if digits is None or digits < 0 or type(x) is not float:
            return rounded(x) if digits is None else rounded(x, digits)
        return float(f"{x:.{digits}f}")

    def with_strict(*given: Any, strict: bool = False) -> Any:
        if not strict:
            return usual(*given)
        lists = [list(one) for one in given]
        if lists and any(len(one) != len(lists[0]) for one in lists):
            raise ValueError("zip() arguments have different lengths")
        return usual(*lists)

    class Sliced:
        def __getitem__(self, key: Any) -> Any:
            return key

    def slice_of(*given: Any) -> Any:
        if len(given) < 2:
            given = (None, given[0])
        start, stop = given[:2]
        return Sliced()[start : stop : given[2] if len(given) > 2 else None]

    builtins.zip = with_strict  # type: ignore[assignment,misc]
    builtins.print = print_typed
    builtins.round = round_exactly  # type: ignore[assignment]
    builtins.slice = slice_of  # type: ignore[assignment,misc]


if sys.implementation.name == "micropython":
    _as_later_pythons_do()
