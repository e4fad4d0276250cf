"""Python reads this when it starts: it is more than a year later, to the hour."""

import datetime
import time

_LATER = 400 * 24 * 3600 + 3600
_now = time.time


class _Date(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(time.time())


class _Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)

    today = now


time.time = lambda: _now() + _LATER
datetime.date, datetime.datetime = _Date, _Datetime
