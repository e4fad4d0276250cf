"""The short path: seven stations, an hour and a half."""

import re

import short_path
from conftest import ROOT


def test_it_has_seven_stations_and_takes_an_hour_and_a_half():
    minutes = short_path.minutes()
    assert len(minutes) == 7
    assert 75 <= sum(minutes.values()) <= 95, minutes


def test_its_table_links_the_stations_in_the_order_of_the_navigation():
    links = re.findall(r"\]\((\w+\.md)\)", short_path.table_stations())
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8")
    places = [navigation.index(link) for link in links]
    assert places == sorted(places)
