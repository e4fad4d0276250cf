"""A reader who types along: a Python in which pages are typed, each in a fork.

    python -I tests/reader.py

It knows the libraries and nothing of the project. A line that it reads is JSON: an
empty `folder` but for a lesson's download, the `imports` to begin with, the `names`
that these are said to bring, and `steps`: ["shown", names of code that the page shows]
or ["typed", a transcript]. The line that it answers is a list of what went wrong.
"""

import doctest
import json
import os
import sys
import tempfile

import matplotlib.pyplot as plt
import numpy as np

assert plt, np  # loaded once, for all pages


def typed(folder, imports, names, steps):
    """What goes wrong when somebody types all transcripts, one after the other."""
    os.chdir(folder)
    sys.path.insert(0, "")  # as in a Python that is started there
    tempfile.tempdir = folder
    brought, said = {}, []
    exec(imports, brought)
    known = {name: brought[name] for name in names}
    for kind, what in steps:
        if kind == "shown":
            known |= {name: brought[name] for name in what if name in brought}
        else:
            test = doctest.DocTestParser().get_doctest(what, known, "page", None, 0)
            test.globs = known
            doctest.DocTestRunner(verbose=False).run(
                test, out=said.append, clear_globs=False
            )
    return said


def main():
    for line in sys.stdin:
        read, write = os.pipe()
        if os.fork() == 0:
            try:
                said = typed(**json.loads(line))
            except BaseException as error:
                said = [repr(error)]
            with os.fdopen(write, "w") as answer:
                answer.write(json.dumps(said))
            os._exit(0)
        os.close(write)
        with os.fdopen(read) as answer:
            print(answer.read(), flush=True)
        os.wait()


if __name__ == "__main__":
    main()
