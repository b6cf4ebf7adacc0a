"""How numbers, times and durations are written: English 1,234.5 and 21 Nov 2026; Vietnamese 1.234,5 and 21/11/2026; Chinese
1,234.5 and 2026年11月21日.

Instants are aware; they are written in the zone handed in, with the date only where it is not the day of `now` there.
"""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MISSING = "–"

# Units of a duration: (one, more) by language; Vietnamese and Chinese have one form.
_UNITS = {
    "en": {
        "y": ("year", "years"),
        "mo": ("month", "months"),
        "d": ("day", "days"),
        "wd": ("working day", "working days"),
        "wh": ("working hour", "working hours"),
        "h": ("h", "h"),
        "m": ("min", "min"),
    },
    "vi": {
        "y": ("năm",) * 2,
        "mo": ("tháng",) * 2,
        "d": ("ngày",) * 2,
        "wd": ("ngày làm việc",) * 2,
        "wh": ("giờ làm việc",) * 2,
        "h": ("giờ",) * 2,
        "m": ("phút",) * 2,
    },
    "zh": {
        "y": ("年",) * 2,
        "mo": ("个月",) * 2,
        "d": ("天",) * 2,
        "wd": ("个工作日",) * 2,
        "wh": ("个工作小时",) * 2,
        "h": ("小时",) * 2,
        "m": ("分钟",) * 2,
    },
}
# Units of a measure: (one, more) by language.
_MEASURES = {
    "en": {"boxes": ("box", "boxes"), "vehicles": ("vehicle", "vehicles")},
    "vi": {"boxes": ("container",) * 2, "vehicles": ("xe",) * 2},
    "zh": {"boxes": ("个箱",) * 2, "vehicles": ("辆车",) * 2},
}
_SIGNS = {"metres": "m", "C": "°C"}
_LIMIT = re.compile(r"(\d+)(mo|wd|wh|y|d|h|m)")
_MEASURE = re.compile(r"(-?\d+)(?:\.(\d+))? ?(%|[A-Za-z/]+)")


def number(value: int | float | None, language: str, decimals: int = 0) -> str:
    """A number with its thousands apart: 1,204 (Vietnamese 1.204). None is a dash."""
    if value is None:
        return MISSING
    whole = isinstance(value, int) and not decimals  # written as it is: by a float the last digits of a long one would be lost
    text = f"{value:,}" if whole else f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def decimal(value: float | None, language: str, decimals: int = 1) -> str:
    """A fraction with one decimal, unless told otherwise: 1,234.5 (Vietnamese 1.234,5)."""
    return number(value, language, decimals)


def percent(share: float | None, language: str, decimals: int = 0) -> str:
    """A share of 1 as per cent: 0.834 is 83%. None is a dash."""
    return MISSING if share is None else f"{number(share * 100, language, decimals)}%"


def date(value: Date | datetime | None, language: str, *, year: bool = True) -> str:
    """A day: 21 Nov 2026, 21/11/2026, 2026年11月21日; without the year: 21 Nov, 21/11, 11月21日."""
    if value is None:
        return MISSING
    if language == "vi":
        return f"{value.day:02}/{value.month:02}" + (f"/{value.year}" if year else "")
    if language == "zh":
        return (f"{value.year}年" if year else "") + f"{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def month(value: Date, language: str) -> str:
    """A month: Nov 2026, 11/2026, 2026年11月."""
    if language == "vi":
        return f"{value.month:02}/{value.year}"
    return f"{value.year}年{value.month}月" if language == "zh" else f"{MONTHS[value.month - 1]} {value.year}"


def instant(at: datetime | None, zone: str | ZoneInfo, language: str, now: datetime | None = None) -> str:
    """A moment in the place's time: 14:05 today, else with its date (and its year where that is another): 18 Nov 13:05;
    13:05 18/11; 11月18日13:05."""
    if at is None:
        return MISSING
    local, here = at.astimezone(_zone(zone)), now.astimezone(_zone(zone)) if now else None
    clock = f"{local:%H:%M}"
    if here and here.date() == local.date():
        return clock
    day = date(local, language, year=here is None or here.year != local.year)
    return {"vi": f"{clock} {day}", "zh": f"{day}{clock}"}.get(language, f"{day} {clock}")


def full(at: datetime | None, zone: str | ZoneInfo, language: str) -> str:
    """A moment with everything: date, time, seconds where there are any, and the name of the zone."""
    if at is None:
        return MISSING
    local = at.astimezone(_zone(zone))
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{date(local, language)} {clock} ({_zone(zone).key})"


def when(at: datetime, zone: str | ZoneInfo, language: str, now: datetime) -> str:
    """A moment inside a sentence: at 14:32; on 18 Nov at 13:05. Vietnamese: lúc 14:32. Chinese: 于14:32."""
    local, today = at.astimezone(_zone(zone)), now.astimezone(_zone(zone))
    if local.date() == today.date():
        return {"vi": f"lúc {local:%H:%M}", "zh": f"于{local:%H:%M}"}.get(language, f"at {local:%H:%M}")
    day = date(local, language, year=local.year != today.year)
    return {"vi": f"lúc {local:%H:%M} ngày {day}", "zh": f"于{day}{local:%H:%M}"}.get(language, f"on {day} at {local:%H:%M}")


def duration(length: timedelta | int | float | None, language: str) -> str:
    """A length of time (a timedelta or minutes) in its two largest units: 1 h 35 min, 6 days 2 h; below a minute: 0 min. None is a dash."""
    if length is None:
        return MISSING
    minutes = int(length.total_seconds() // 60 if isinstance(length, timedelta) else length)
    minutes = abs(minutes)
    days, rest = divmod(minutes, 1440)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h")] if days else [(hours, "h"), (minutes, "m")]
    said = [unit(count, name, language) for count, name in parts if count]
    joint = "" if language == "zh" else " "
    return joint.join(said) or unit(0, "m", language)


def limit(text: str, language: str) -> str:
    """A declared limit as written in a limits file: 5d is `5 days`, 8wh `8 working hours`, `500 metres` 500 m. What is not one comes back
    as it is."""
    if match := _LIMIT.fullmatch(text.strip()):
        return unit(int(match[1]), match[2], language)
    match = _MEASURE.fullmatch(text.strip())
    return _measure(match[1], match[2] or "", match[3], language) if match else text


def _measure(whole: str, rest: str, name: str, language: str) -> str:
    said = number(float(f"{whole}.{rest or 0}"), language, len(rest))
    if name == "%":
        return f"{said}%"
    counted = _MEASURES.get(language, _MEASURES["en"]).get(name)
    joint = "" if language == "zh" and counted else " "
    return f"{said}{joint}{counted[said != '1'] if counted else _SIGNS.get(name, name)}"


def unit(count: int, name: str, language: str) -> str:
    """A count of a unit of time: 1 day, 5 days, 5 ngày, 5天."""
    one, more = _UNITS.get(language, _UNITS["en"])[name]
    joint = "" if language == "zh" else " "
    return f"{number(count, language)}{joint}{one if count == 1 else more}"


def _zone(zone: str | ZoneInfo) -> ZoneInfo:
    return ZoneInfo(zone) if isinstance(zone, str) else zone
