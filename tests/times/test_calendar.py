"""Calendar positions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.times.calendar import (
    Period,
    hijri_in_year,
    nearest,
    next_period,
    of_day,
    shift,
    week_of,
    weekday_within,
    within,
)
from pipeline.times.spans import iso_length

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@pytest.mark.parametrize(
    "period, iso",
    [
        (Period("year", 2018), "2018"),
        (Period("month", 2018, 3), "2018-03"),
        (Period("day", 2018, 3, 2), "2018-03-02"),
        (Period("day", None, 9, 1), "XXXX-09-01"),
        (Period("quarter", 2018, 1), "2018-Q1"),
        (Period("half", 2018, 2), "2018-H2"),
        (Period("week", 2018, 5), "2018-W05"),
        (Period("decade", 1980), "198X"),
        (Period("century", 1900), "19XX"),
        (Period("fiscal", 2018, 1), "FY2018/2019"),
        (Period("season", 2018, 22), "2018-22"),
        (Period("year", None), None),
        (Period("month", 1438, 9, calendar="hijri"), "2017-05-27/2017-06-24"),
        (Period("day", 1438, 7, 12, "hijri"), "2017-04-09"),
        (Period("day", 900, 7, 12, "hijri"), None),
        (Period("year", 1438, calendar="hijri"), "2016/2017"),
    ],
)
def test_period_iso(period, iso):
    assert period.iso == iso


@given(DAYS, st.sampled_from("YMWD"), st.integers(-60, 60))
@settings(max_examples=200, deadline=None)
def test_shift_there_and_back(day, unit, n):
    there = shift(day, unit, n)
    first = there.first()
    assert first is not None
    assert shift(first, unit, -n) == shift(day, unit, 0)
    assert first < next_period(there)


@given(DAYS, st.integers(0, 6))
@settings(max_examples=100, deadline=None)
def test_weekday_within_lies_in_its_month(day, weekday):
    month = Period("month", day.year, day.month)
    first, last = (weekday_within(month, weekday, n).first() for n in (1, -1))
    assert first.weekday() == last.weekday() == weekday
    assert first.day <= 7 and (last + timedelta(7)).month != day.month


def test_within_counts_from_both_ends():
    year = Period("year", 2015)
    assert within(year, "M", 9) == Period("month", 2015, 9)
    assert within(year, "M", -1) == Period("month", 2015, 12)
    assert within(Period("month", 2015, 10), "D", -1) == Period("day", 2015, 10, 31)
    assert within(Period("month", 2014, 10), "W", 1).first() == date(2014, 10, 6)
    assert within(Period("month", 2014, 2), "D", 30) is None


def test_nearest_follows_tense():
    ref = date(2017, 3, 15)
    assert nearest(12, 20, ref, 0) == 2016
    assert nearest(12, 20, ref, 1) == 2017
    assert nearest(4, 20, ref, -1) == 2016
    assert nearest(8, 15, date(2013, 2, 12), 0, weekday=3) == 2013
    assert nearest(2, 29, ref, 0) == 2016


def test_week_starts_on_monday():
    assert week_of(date(2017, 3, 13)).first() == date(2017, 3, 13)
    assert week_of(date(2017, 3, 12)).iso == "2017-W10"
    assert of_day(date(2017, 3, 12)).iso == "2017-03-12"


def test_hijri_day_in_a_gregorian_year():
    assert hijri_in_year(12, 10, 2013).iso == "2013-10-15"
    assert hijri_in_year(9, 0, 2019).iso.startswith("2019-05-06/")
    assert hijri_in_year(9, 0, 1700) is None


@pytest.mark.parametrize(
    "parts, iso",
    [
        ([(3, "D")], "P3D"),
        ([(2, "Y"), (1, "M"), (21, "D")], "P2Y1M21D"),
        ([(1.5, "h")], "PT1H30M"),
        ([(0.5, "Y")], "P0.5Y"),
        ([(2, "X")], "P20Y"),
        ([(1, "C")], "P100Y"),
        ([(1, "W"), (2, "D")], "P9D"),
        ([(90, "m")], "PT90M"),
    ],
)
def test_iso_length(parts, iso):
    assert iso_length(parts) == iso
