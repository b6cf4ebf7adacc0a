"""Measures: what is written for a limit that is no length of time."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts._text.forms import limit as said
from zones.calendar import Duration
from zones.limits import Limit
from zones.measure import UNITS, Measure, any_value, value


@pytest.mark.parametrize(
    ("written", "hundredths", "unit", "again"),
    [
        ("80%", 8000, "%", "80%"),
        ("5.5 %", 550, "%", "5.5%"),
        ("20 boxes", 2000, "boxes", "20 boxes"),
        ("500metres", 50_000, "metres", "500 metres"),
        ("-18 C", -1800, "C", "-18 C"),
        ("-0.5 C", -50, "C", "-0.5 C"),
        ("2.05 C", 205, "C", "2.05 C"),
    ],
)
def test_a_measure_is_written(written: str, hundredths: int, unit: str, again: str) -> None:
    found = Measure.parse(written)
    assert (found.hundredths, found.unit, str(found)) == (hundredths, unit, again)


@pytest.mark.parametrize("written", ["", "80", "80 percent", "-5%", "5.123%", "1e3 km", "80%%", "500m"])
def test_what_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"not a unit|not a measure|below nothing"):
        Measure.parse(written)


@given(st.integers(0, 99_999_999_999), st.sampled_from(UNITS))
def test_it_is_read_as_it_is_spelled(hundredths: int, unit: str) -> None:
    measure = Measure(hundredths, unit)
    assert Measure.parse(str(measure)) == any_value(str(measure)) == measure


def test_a_share_is_of_a_whole() -> None:
    assert Measure.parse("80%").of(250) == 200
    assert Measure.parse("2.5 km").exact == Fraction(5, 2)
    with pytest.raises(ValueError, match="no share"):
        Measure.parse("20 boxes").of(3)


def test_a_limit_is_in_the_unit_that_its_rule_goes_by() -> None:
    assert value("5d") == Duration(5, "d")
    assert value("5%", "%") == Measure(500, "%")
    with pytest.raises(ValueError, match="not in %"):
        value("5 boxes", "%")
    with pytest.raises(ValueError, match="not a duration"):
        value("5%")
    assert any_value("500m") == Duration(500, "m")
    with pytest.raises(TypeError, match="no length of time"):
        _ = Limit(limit="share", value=Measure(500, "%")).duration
    with pytest.raises(TypeError, match="no measure"):
        _ = Limit(limit="dwell", value=Duration(5, "d")).measure


@pytest.mark.parametrize(
    ("written", "en", "vi", "zh"),
    [
        ("5.5%", "5.5%", "5,5%", "5.5%"),
        ("1 boxes", "1 box", "1 container", "1个箱"),
        ("1500 metres", "1,500 m", "1.500 m", "1,500 m"),
        ("2 C", "2 °C", "2 °C", "2 °C"),
        ("90 km/h", "90 km/h", "90 km/h", "90 km/h"),
        ("8wh", "8 working hours", "8 giờ làm việc", "8个工作小时"),
    ],
)
def test_it_is_said_in_each_language(written: str, en: str, vi: str, zh: str) -> None:
    assert [said(written, language) for language in ("en", "vi", "zh")] == [en, vi, zh]
