"""Printed publication dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.times.docdate import parse

DAYS = {
    "28/03/2016": "2016-03-28",
    "28-3-2016": "2016-03-28",
    "28.03.16": "2016-03-28",
    "2016-03-28": "2016-03-28",
    "2016/3/28": "2016-03-28",
    "20160328": "2016-03-28",
    "03/28/2016": "2016-03-28",
    "11/12/2016": "2016-12-11",
    "28 March 2016": "2016-03-28",
    "March 28, 2016": "2016-03-28",
    "الاثنين 28 مارس 2016": "2016-03-28",
    "28 آذار/مارس 2016": "2016-03-28",
    "مارس 28, 2016": "2016-03-28",
    "٢٨ مارس ٢٠١٦": "2016-03-28",
    "28 جانفي 2016 - 14:30": "2016-01-28",
    "الثلاثاء 7 رجب 1438 هـ - 04 أبريل 2017 م": "2017-04-04",
    "12 رجب 1438": "2017-04-09",
    "11-08-1434 هـ": "2013-06-20",
    "1459123200": "2016-03-28",
    "1459123200000": "2016-03-28",
}


@pytest.mark.parametrize("printed", DAYS)
def test_docdate_reads_every_habit(printed):
    assert parse(printed).date().isoformat() == DAYS[printed]


@pytest.mark.parametrize(
    "printed",
    [None, "", "  ", "x", "2016", "March 2016", "5/2018", "2018-13-45", "10:23", "99/99/9999", "1" * 500, 5],
)
def test_docdate_gives_none_where_no_day_is_told(printed):
    assert parse(printed) is None


def test_docdate_keeps_clock_and_offset():
    assert parse("Wed, 28 Mar 2018 21:34:11 GMT") == datetime(2018, 3, 28, 21, 34, 11, tzinfo=UTC)
    assert parse("2015-08-06 01:37:49") == datetime(2015, 8, 6, 1, 37, 49)
    assert parse("2017-02-21T15:16:00+01:00") == datetime(2017, 2, 21, 15, 16, tzinfo=timezone(timedelta(hours=1)))
    assert parse("2017-02-21T15:16:00Z").utcoffset() == timedelta(0)


@given(st.dates(min_value=datetime(1600, 1, 1).date(), max_value=datetime(2199, 12, 31).date()))
@settings(max_examples=100, deadline=None)
def test_docdate_reads_what_it_should_in_each_form(day):
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d"):
        printed = day.strftime(form)
        assert parse(printed).date() == day, printed


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_docdate_never_fails(printed):
    found = parse(printed)
    assert found is None or 1500 < found.year <= 2200
