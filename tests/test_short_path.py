"""The short path: seven stations, an hour and a half."""

import short_path


def test_it_has_seven_stations_and_takes_an_hour_and_a_half():
    minutes = short_path.minutes()
    assert len(minutes) == 7
    assert 75 <= sum(minutes.values()) <= 95, minutes
