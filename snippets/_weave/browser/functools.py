"""What of functools the lessons use; nothing is kept, and the results are the same."""

cached_property = property


def cache(function):
    return function


def lru_cache(maxsize=None):
    return cache if maxsize is None or isinstance(maxsize, int) else maxsize


def wraps(wrapped):
    return lambda function: function


def partial(function, *given, **named):
    def called(*more, **other):
        both = dict(named)
        both.update(other)
        return function(*given, *more, **both)

    return called


def reduce(function, values, *start):
    values = iter(values)
    result = start[0] if start else next(values)
    for value in values:
        result = function(result, value)
    return result
