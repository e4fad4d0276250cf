"""Named tuples, whose fields the build has written down (see `run/carried`)."""

Any = None


class NamedTuple:
    def __init__(self, *values, **named):
        fields = self._fields
        for name, value in zip(fields, values):
            setattr(self, name, value)
        for name in fields[len(values) :]:
            if name in named:
                setattr(self, name, named[name])
            elif not hasattr(self, name):
                raise TypeError(f"missing argument: '{name}'")

    def _values(self):
        return [getattr(self, name) for name in self._fields]

    def __iter__(self):
        return iter(self._values())

    def __len__(self):
        return len(self._fields)

    def __getitem__(self, at):
        return self._values()[at]

    def __eq__(self, other):
        return list(self) == list(other)

    def __repr__(self):
        pairs = zip(self._fields, self._values())
        shown = ", ".join(f"{name}={value!r}" for name, value in pairs)
        return f"{type(self).__name__}({shown})"
