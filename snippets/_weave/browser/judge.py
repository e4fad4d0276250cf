"""What a function gives on cases, and whose mistake it is.

The build runs this to prove an exercise, and the reader's browser, whose MicroPython
knows fewer modules, to judge what was written there: so both compare in the same way.
"""

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


def _told(error: BaseException) -> dict[str, Any]:
    """Return what an error says, and the line of the reader's code that raised it."""
    import io

    stream = io.StringIO()
    if hasattr(sys, "print_exception"):
        sys.print_exception(error, stream)
    else:
        import traceback

        traceback.print_exception(error, file=stream)
    text = str(error)
    kind = type(error).__name__
    return {
        "error": f"{kind}: {text}" if text else kind,
        "line": _line(stream.getvalue()),
    }


def judged(job: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be said of the reader's code.

    `setup` binds what the code may use; `name` is the function that is asked for, and
    `gives` are the right answers to the cases, `slips` those of each mistake.
    """
    names = {"__name__": "__main__"}
    try:
        exec(job["setup"], names)
        names.pop(job["name"], None)
        exec(compile(job["code"], YOURS, "exec"), names)
    except BaseException as error:
        return dict(_told(error), verdict="error")
    if not callable(names.get(job["name"])):
        return {"verdict": "missing"}
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
        return dict(_told(first[1]), verdict="error", case=at)
    return dict(said, verdict="some")


def run(text: str) -> str:
    """Return `judged` from JSON to JSON."""
    return json.dumps(judged(json.loads(text)))
