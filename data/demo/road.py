"""What the devices on boxes say in the demo: a position every 20 minutes on the way from port to zone, then signs of life until the seal
is taken off in the zone, so that an arrival that is told late makes no silence.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random

from data.demo.box import Life, Move, Signal

FEED = "devices"
EVERY, AFTER = timedelta(minutes=20), timedelta(minutes=45)
KEPT_ON = timedelta(hours=11)  # longer than any arrival of the demo is told late
SPREAD = 450  # microdegrees that a receiver errs at the most, some 50 metres

# degrees, as the corridor in places/demo-port/place.yaml
LINE = ((8_600_000, 104_050_000), (8_680_000, 104_090_000), (8_800_000, 104_210_000), (8_920_000, 104_280_000))
Fix = tuple[int, int]


def ways(life: Life) -> list[tuple[Move, Move]]:
    """(exit, entry) of each way from the port to the zone that the box came to the end of."""
    both = ((left, came) for left, came in pairwise(life.moves) if left.event == "gate_out" and came.event == "gate_in")
    return [(left, came) for left, came in both if (left.place, came.place) == ("demo-port", "demo-zone")]


def lawful(life: Life) -> list[Signal]:
    """What the devices say of a box that keeps to its ways."""
    return [signal for left, came in ways(life) for signal in told(life, left, came)]


def told(life: Life, left: Move, came: Move) -> list[Signal]:
    """The words of one way, in order: sealed before it leaves, positions, signs of life in the zone."""
    rng = Random(f"{life.box.number}/{left.at}")
    device = f"ES-{rng.randrange(10_000, 99_999)}"

    def word(kind: str, at: timedelta, fix: Fix | None = None) -> Signal:
        return Signal(at=left.at + at, kind=kind, box=life.box.number, device=device, fix=fix)

    found = [word("closed", -timedelta(minutes=15))]
    takes, at = came.at - left.at, EVERY
    while at < takes:
        found.append(word("position", at, near(rng, along(at / takes))))
        at += EVERY
    at = takes + timedelta(minutes=10)
    while at < takes + KEPT_ON:
        found.append(word("alive", at))
        at += AFTER
    return found


def along(share: float) -> Fix:
    """The position on the line after this share of it; its stretches count alike."""
    stretch = min(int(share * (len(LINE) - 1)), len(LINE) - 2)
    part = share * (len(LINE) - 1) - stretch
    (lat, lon), (lat_to, lon_to) = LINE[stretch : stretch + 2]
    return round(lat + (lat_to - lat) * part), round(lon + (lon_to - lon) * part)


def near(rng: Random, fix: Fix, spread: int = SPREAD) -> Fix:
    """The position as a receiver tells it."""
    return fix[0] + rng.randrange(-spread, spread + 1), fix[1] + rng.randrange(-spread, spread + 1)
