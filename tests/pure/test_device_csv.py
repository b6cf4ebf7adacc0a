"""device_csv: what seals, trackers and monitors of reefers say, by mapping."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.feeds import SignalRecord
from tests.pure.csv_samples import got, of, reasons, records, samples
from zones.signal import KINDS

HEADER = b"equipment,device,event,occurred_at,lat,lon,temp,function\n"


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("device_csv")])
def test_sample(path: Any, told: Any) -> None:
    assert records("device_csv", path, told) == told["records"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("position", "temperature", "other")])
def test_every_kind_is_told_by_its_own_name(kind: str) -> None:
    (signal,) = of(got("device_csv", HEADER + f"ZZDU4839211,S1,{kind},2026-03-01 08:00,,,,\n".encode()), SignalRecord)
    assert (signal.kind, signal.given) == (kind, "live")


@given(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000), st.integers(-999, 999))
def test_figures_come_back_as_they_were_written(lat: int, lon: int, temp: int) -> None:
    def written(value: int, places: int) -> str:
        whole, part = divmod(abs(value), 10**places)
        return f"{'-' if value < 0 else ''}{whole}.{part:0{places}}"

    row = f"ZZDU4839211,S1,alive,2026-03-01 08:00,{written(lat, 6)},{written(lon, 6)},{written(temp, 1)},\n"
    (signal,) = of(got("device_csv", HEADER + row.encode()), SignalRecord)
    assert (signal.lat, signal.lon, signal.temp) == ((None, None, temp) if lat == lon == 0 else (lat, lon, temp))


def test_a_file_without_events_needs_positions() -> None:
    (item,) = got("device_csv", b"equipment,device,occurred_at\n1,2,3\n")
    assert (item.reason, item.detail, item.scope) == ("no_column", "event", "file")


def test_a_word_that_nobody_mapped_is_kept_and_counts_nowhere() -> None:
    items = got("device_csv", HEADER + b"ZZDU4839211,S1,opened,2026-03-01 08:00,,,,undo\n")
    (signal,) = of(items, SignalRecord)
    assert (signal.given, signal.function, reasons(items)) == ("unclassified", "original", [])
