"""What an alert says, in three languages, word for word."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from layouts._text import LANGUAGES, catalogue
from layouts._text.sentence import Source, _Telling, _written, do_now, how_sure, sentence
from zones.episode import Because
from zones.uom import Quantity

ZONE = "Asia/Ho_Chi_Minh"
NOW = datetime(2026, 11, 21, 7, 40, tzinfo=UTC)  # 21 Nov 2026 14:40 at the place
PLACES = {
    "demo-port": {"en": "Demo Port", "vi": "Cảng Mẫu", "zh": "示范港"},
    "demo-zone": {"en": "Demo Zone", "vi": "Khu Mẫu", "zh": "示范区"},
    "second-port": {"en": "Second Port", "vi": "Cảng Hai", "zh": "第二港"},
}


def at(text: str) -> datetime:
    """A wall time of November 2026 at the place: "21 14:32"."""
    return datetime.strptime(f"2026-11-{text} +0700", "%Y-%m-%d %H:%M %z").astimezone(UTC)


def hold(agency: str, reason: str, since: str) -> dict[str, str]:
    return {"agency": agency, "reason": reason, "since": at(since).isoformat()}


ON_HOLD = Because(
    "gate_out_on_hold", box="ZZDU4839211", place="demo-port", gate="3", lane="2", at=at("21 14:32"), by="gate_out", vehicle="15C-123.45"
)
HOLDS = {"holds": {"t": "holds", "v": [hold("customs", "inspection", "21 09:10")]}}
OVERSTAY = Because(
    "import_overstay", box="ZZDU5503181", place="demo-port", entered=at("15 08:00"), by="discharge", over_since=at("20 08:00"), limit="5d",
    limit_name="import_dwell_warn",
)  # fmt: skip
APART = Because(
    "two_places_at_once", box="ZZDU6174028", place="second-port", at=at("21 10:40"), by="discharge", other_place="demo-zone",
    other_at=at("21 10:15"), other_by="gate_out", travel=timedelta(minutes=75), overlap=False,
)  # fmt: skip
BOTH = Because(
    "two_places_at_once", box="ZZDU6174028", place="second-port", at=at("21 10:40"), by="discharge", other_place="demo-zone",
    other_at=at("18 10:15"), other_by="gate_in", overlap=True,
)  # fmt: skip
SILENT = Because(
    "feed_silent", feed="dt1-gate", place="demo-port", since=at("21 13:05"), allowed=timedelta(minutes=30),
    blind=("gate_out_on_hold", "import_overstay"),
)  # fmt: skip


def tell(because: Because, language: str, now: datetime = NOW, until: datetime | None = None, **more: Any) -> str:
    return sentence(because.key, {**because.values, **more}, language, ZONE, now, PLACES, until)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "ZZDU 483921 1 left Demo Port by Gate 3, lane 2, at 14:32 (truck 15C-123.45) with one hold open: "
            "customs inspection, since 09:10.",
        ),
        ("vi", "ZZDU 483921 1 rời Cảng Mẫu qua Cổng 3, làn 2 lúc 14:32 (xe 15C-123.45) khi còn 1 lệnh giữ: hải quan kiểm hóa, từ 09:10."),
        ("zh", "ZZDU 483921 1 于14:32经3号门2车道驶离示范港（车牌15C-123.45），仍有1项布控未解除：海关查验，自09:10起。"),
    ],
)
def test_gate_out_on_hold(language: str, said: str) -> None:
    assert tell(ON_HOLD, language, **HOLDS) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "left Demo Port by Gate 4, lane 2, on 18 Nov"), ("vi", "qua Gate 4, làn 2 lúc"), ("zh", "经Gate 4第2车道驶离")],
)
def test_the_name_of_a_gate_does_not_run_into_its_lane(language: str, said: str) -> None:
    told = Because("gate_out_on_hold", box="ZZDU4839211", place="demo-port", gate="Gate 4", lane="2", at=at("18 14:32"), by="gate_out")
    assert said in tell(told, language, **HOLDS)


def test_several_holds_on_another_day_without_a_lane_or_a_plate() -> None:
    bare = Because("gate_out_on_hold", box="ZZDU4839211", place="demo-port", gate="North", at=at("18 14:32"), by="gate_out")
    holds = {"holds": {"t": "holds", "v": [hold("customs", "inspection", "18 09:10"), hold("ABC", "", "17 10:00")]}}
    said = tell(bare, "en", **holds)
    assert said == (
        "ZZDU 483921 1 left Demo Port by North on 18 Nov at 14:32 with 2 holds open: "
        "customs inspection, since 18 Nov 09:10; ABC, since 17 Nov 10:00."
    )


def test_loaded_on_hold() -> None:
    loaded = Because("gate_out_on_hold", box="ZZDU4839211", place="demo-port", at=at("21 14:32"), by="load", vehicle="MV DEMO")
    assert tell(loaded, "en", **HOLDS).startswith("ZZDU 483921 1 was loaded at Demo Port at 14:32 (MV DEMO) with one hold open")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "ZZDU 550318 1 has been in Demo Port for 6 days 6 h, discharged on 15 Nov at 08:00. Limit 5 days, passed 1 day 6 h ago."),
        ("vi", "ZZDU 550318 1 đã ở Cảng Mẫu 6 ngày 6 giờ, dỡ lúc 08:00 ngày 15/11. Thời hạn 5 ngày, đã quá 1 ngày 6 giờ."),
        ("zh", "ZZDU 550318 1 在示范港已6天6小时，于11月15日08:00卸货。期限5天，已超1天6小时。"),
    ],
)
def test_import_overstay(language: str, said: str) -> None:
    assert tell(OVERSTAY, language) == said


def test_an_overstay_that_lies_ahead() -> None:
    said = tell(OVERSTAY, "en", now=at("17 08:00"))
    assert said == "ZZDU 550318 1 reaches 5 days in Demo Port on 20 Nov at 08:00, in 3 days, discharged on 15 Nov at 08:00."


def test_what_is_over_is_counted_up_to_its_end() -> None:
    assert "for 5 days 4 h" in tell(OVERSTAY, "en", until=at("20 12:00"))


@pytest.mark.parametrize(("language", "since"), [("en", "21 Nov 13:05"), ("vi", "13:05 21/11"), ("zh", "11月21日13:05")])
def test_what_is_over_names_its_day_to_whoever_reads_of_it_on_another(language: str, since: str) -> None:
    """The age ends with the condition; which day is today does not."""
    said = tell(SILENT, language, now=at("24 09:00"), until=at("21 14:00"))
    assert since in said
    assert "55" in said
    assert "on 21 Nov at 14:32" in tell(ON_HOLD, "en", now=at("24 09:00"), until=at("21 16:00"), **HOLDS)
    assert since not in tell(SILENT, language, until=at("21 14:00"))  # on the day itself the time alone


def test_what_ended_on_another_day_than_it_began_is_read_today() -> None:
    assert "discharged on 15 Nov at 08:00" in tell(OVERSTAY, "en", now=at("20 18:00"), until=at("20 12:00"))
    assert "since 20 Nov 23:00" in tell(
        Because("feed_silent", feed="dt1-gate", place="demo-port", since=at("20 23:00"), allowed=timedelta(minutes=30)), "en",
        until=at("20 23:50"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "ZZDU 617402 8 left Demo Zone at 10:15 and was discharged at Second Port at 10:40. The road takes at least 1 h 15 min."),
        ("vi", "ZZDU 617402 8 rời Khu Mẫu lúc 10:15 và được dỡ tại Cảng Hai lúc 10:40. Đường đi mất ít nhất 1 giờ 15 phút."),
        ("zh", "ZZDU 617402 8 于10:15驶离示范区，又于10:40在第二港卸货。路程至少需1小时15分钟。"),
    ],
)
def test_sooner_than_the_road_allows(language: str, said: str) -> None:
    assert tell(APART, language) == said


def test_in_both_at_once() -> None:
    said = tell(BOTH, "en")
    assert said == (
        "ZZDU 617402 8 entered Demo Zone on 18 Nov at 10:15 and was discharged at Second Port at 10:40, without having left the first."
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "No messages from dt1-gate (Demo Port) since 13:05: 1 h 35 min; at this hour at least every 30 min."),
        ("vi", "Không có thông điệp từ dt1-gate (Cảng Mẫu) từ 13:05: 1 giờ 35 phút; vào giờ này ít nhất mỗi 30 phút phải có."),
        ("zh", "自13:05起未收到示范港dt1-gate的报文：已1小时35分钟；此时段至少每30分钟应有一次。"),
    ],
)
def test_feed_silent(language: str, said: str) -> None:
    assert tell(SILENT, language) == said


def test_how_sure_names_what_it_leans_on() -> None:
    said = how_sure(
        "gate_out_on_hold", ON_HOLD.values, "en", ZONE, NOW, known_at=at("21 14:36"), sources=[Source("Customs", "customs", at("21 14:38"))]
    )
    assert said == "No release received; Customs current to 14:38; reported to us 14:36."
    assert how_sure("feed_silent", SILENT.values, "en", ZONE, NOW) == "Cannot be seen meanwhile: Gate-out on hold, Import overstay."
    assert "not verified" in how_sure(
        "import_overstay", OVERSTAY.values, "en", ZONE, NOW, condition="unverified", citation_status="unconfirmed"
    )


def test_what_to_do_names_the_contact_where_there_is_one() -> None:
    assert (
        do_now("gate_out_on_hold", ON_HOLD.values, "en", {"gate": "Gate 3 control, ext. 214"})
        == "Stop the truck: Gate 3 control, ext. 214."
    )
    assert do_now("gate_out_on_hold", ON_HOLD.values, "en", {}) == "Stop the truck: call the gate."
    assert do_now("feed_silent", SILENT.values, "vi", {"edi": "máy 300"}) == "Gọi bên gửi: máy 300."


@pytest.mark.parametrize("because", [ON_HOLD, OVERSTAY, APART, BOTH, SILENT], ids=lambda b: b.key)
def test_the_first_line_has_at_most_thirty_words_and_no_hole(because: Because) -> None:
    for language in LANGUAGES:
        said = tell(because, language, **(HOLDS if because is ON_HOLD else {}))
        assert "{" not in said
        assert "  " not in said
        assert language == "zh" or len(said.split()) <= 34  # the box number alone is three words


@pytest.mark.parametrize("missing", ["gate", "lane", "vehicle", "holds", "entered", "limit", "over_since", "travel", "since", "allowed"])
def test_what_is_not_known_is_left_out(missing: str) -> None:
    for because in (ON_HOLD, OVERSTAY, APART, SILENT):
        values = {name: value for name, value in {**because.values, **HOLDS}.items() if name != missing}
        for language in LANGUAGES:
            said = sentence(because.key, values, language, ZONE, NOW, PLACES)
            assert not re.search(r"None|\{|  | [.,;:]|[,;:][.,;:]", said), said


def test_forbidden_words() -> None:
    for language in LANGUAGES:
        texts = " ".join(
            str(text) for key, text in catalogue(language).items() if key.startswith(("sentences.", "shell.", "words."))
        ).lower()
        assert not [word for word in ("anomaly", "suspicious", "episode", "quarantined", "backfill") if word in texts]


def test_a_quantity_of_goods_is_a_value_of_its_own() -> None:
    told = Because("k", found=Quantity(1_204_500_000, "KGM"))
    assert told.values == {"found": {"t": "quantity", "v": {"n": 1_204_500_000, "uom": "KGM"}}}
    telling = _Telling(told.values, "vi", ZONE, NOW, PLACES, NOW)
    assert _written(telling, "found") == "1.204,5 kg"
