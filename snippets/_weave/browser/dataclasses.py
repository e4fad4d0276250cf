"""Data classes, whose fields the build has written down (see `run/carried`)."""


def dataclass(cls=None, **options):
    def made(cls):
        fields = cls._fields

        def __init__(self, *values, **named):
            for name, value in zip(fields, values):
                setattr(self, name, value)
            for name in fields[len(values) :]:
                if name in named:
                    setattr(self, name, named[name])
                elif not hasattr(cls, name):
                    raise TypeError(f"missing argument: '{name}'")

        cls.__init__ = __init__
        return cls

    return made if cls is None else made(cls)
