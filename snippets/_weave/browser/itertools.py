"""What of itertools the lessons use."""


def count(start=0, step=1):
    while True:
        yield start
        start += step


def repeat(one, times=None):
    while times is None or times > 0:
        yield one
        times = None if times is None else times - 1


def chain(*given):
    for one in given:
        yield from one


def islice(given, *bounds):
    if len(bounds) == 1:
        bounds = (0,) + bounds
    start, stop, step = (bounds + (1,))[:3]
    for number, one in enumerate(given):
        if stop is not None and number >= stop:
            return
        if number >= start and (number - start) % step == 0:
            yield one


def pairwise(given):
    before = None
    for number, one in enumerate(given):
        if number:
            yield before, one
        before = one


def accumulate(given, function=lambda x, y: x + y):
    total = None
    for number, one in enumerate(given):
        total = function(total, one) if number else one
        yield total


def product(*given, repeat=1):
    found = [()]
    for one in [list(one) for one in given] * repeat:
        found = [before + (last,) for before in found for last in one]
    return iter(found)


def cycle(given):
    given = list(given)
    while given:
        yield from given


def permutations(given, size=None):
    given = list(given)
    size = len(given) if size is None else size
    if size == 0:
        yield ()
        return
    for at, one in enumerate(given):
        for rest in permutations(given[:at] + given[at + 1 :], size - 1):
            yield (one,) + rest


def groupby(given, key=lambda one: one):
    found = []
    for one in given:
        if not found or found[-1][0] != key(one):
            found.append((key(one), []))
        found[-1][1].append(one)
    return iter(found)


def combinations(given, size):
    given = list(given)
    if size == 0:
        yield ()
        return
    for at, one in enumerate(given):
        for rest in combinations(given[at + 1 :], size - 1):
            yield (one,) + rest
