"""CODECO: codes, times, places and the rest, as the reading guide has them."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from data.feeds import BoxRecord, Cargo, Unreadable, codeco
from tests.pure.edifact_samples import BOX, FORMATS, Somewhere, box, faults, got, interchange, left, message, of, parts, samples, taken

EQD = "EQD+CN+ZZDU4839211+45G1:102:5++2+5"
AT = datetime(2026, 3, 1, 1, 47, tzinfo=UTC)


@pytest.mark.parametrize(("path", "told"), [pytest.param(*s, id=s[0].stem) for s in samples("codeco")])
def test_sample(path: Path, told: Any) -> None:
    assert parts("codeco", path, told) == told["parts"]


def test_every_box_of_the_good_samples_is_read() -> None:
    for path, told in samples("codeco"):
        if path.stem.startswith("good"):
            items = [item for part in told["parts"] for item in part["records"]]
            assert sum(i["type"] == "BoxRecord" for i in items) == path.read_text("utf-8").upper().count("EQD+CN")
            assert not [i for i in items if i["type"] == "Unreadable"]


# --- what happened


@pytest.mark.parametrize(
    ("code", "event", "given", "why"),
    [
        ("34", "gate_in", "live", ""), ("109", "gate_in", "live", ""), ("36", "gate_out", "live", ""), ("111", "gate_out", "live", ""),
        ("117", "yard_move", "live", ""), ("113", "strip", "live", ""), ("98", "other", "status_only", "status_code: 98"),
        ("266", "other", "status_only", "status_code: 266"), ("265", "other", "unclassified", "several_moves: 265"),
        ("44", "other", "unclassified", "unknown_code: 44"), ("MEI", "other", "unclassified", "unknown_code: MEI"),
        ("", "other", "unclassified", "unknown_code: "), ("126", "other", "unclassified", "plan_code: 126"),
    ],
)  # fmt: skip
def test_codes(code: str, event: str, given: str, why: str) -> None:
    record = box(BOX[1], bgm=f"BGM+{code}++9")
    assert (record.event, record.given, record.why.replace("; unusual_direction: gate_out export", "")) in (
        (event, given, why), (event, given, "unusual_direction: gate_out export"),
    )  # fmt: skip
    assert record.occurred_at == AT


@pytest.mark.parametrize(
    ("codes", "event", "given"),
    [
        ({"34": "gate_out"}, "gate_out", "live"), ({34: "gate_out"}, "gate_out", "live"), ({"DT1": {"34": "gate_out"}}, "gate_out", "live"),
        ({"DT2": {"34": "gate_out"}}, "gate_in", "live"), ({"34": "gate_in", "DT1": {"34": "gate_out"}}, "gate_out", "live"),
        ({"34": "status_only"}, "other", "status_only"), ({"34": "unclassified"}, "other", "unclassified"),
        ({"36": "gate_in"}, "gate_in", "live"),
    ],
)  # fmt: skip
def test_the_sender_profile_wins(codes: Any, event: str, given: str) -> None:
    record = box(BOX[1], codes=codes)
    assert (record.event, record.given) == (event, given)


def test_a_sender_may_be_known_by_the_party_of_the_message() -> None:
    assert box(BOX[1], header=("NAD+MS+ZZGATE",), codes={"ZZGATE": {"34": "gate_out"}}).event == "gate_out"


@pytest.mark.parametrize("options", [{"codes": {"34": "came in"}}, {"codes": ["34"]}, {"timezone": "Saigon"}, {"encoding": "ansi!"}])
def test_options_that_cannot_be_used(options: Any) -> None:
    assert faults(got(interchange(message(*BOX)), options=options)) == [("file", "bad_options")]


@pytest.mark.parametrize(
    ("bgm", "more", "event"),
    [
        ("BGM+34:::GATE OUT REPORT++9", (), "other"), ("BGM+34:::Gate-Out++9", (), "other"), ("BGM+36:::GATE IN++9", (), "other"),
        ("BGM+34++9", ("TDT+36",), "other"), ("BGM+36++9", ("TDT+34",), "other"),
        ("BGM+34++9", ("FTX+AAI+++EMPTY CONTAINER GATE OUT",), "other"),
        ("BGM+34:::TRANSPORT EQUIPMENT GATE IN REPORT++9", (), "gate_in"), ("BGM+34:::GATE IN/GATE OUT REPORT++9", (), "gate_in"),
        ("BGM+34++9", ("TDT+34",), "gate_in"), ("BGM+34++9", ("FTX+AAI+++GATE OUT EXPECTED TOMORROW",), "gate_in"),
        ("BGM+34++9", ("FTX+AAA+++FULL CONTAINER GATE IN",), "gate_in"), ("BGM+34:::GATE MOVES++9", (), "gate_in"),
    ],
)  # fmt: skip
def test_only_a_clear_contradiction_counts(bgm: str, more: tuple[str, ...], event: str) -> None:
    record = box(EQD, BOX[1], *more, bgm=bgm)
    assert record.event == event
    assert record.given == ("live" if event != "other" else "unclassified")
    assert record.why.startswith("contradicted: ") == (event == "other")
    assert box(EQD, BOX[1], *more, bgm=bgm, codes={"34": "gate_in", "36": "gate_out"}).given == "live", "the sender profile overrules"


@pytest.mark.parametrize(
    ("status", "direction", "given"),
    [
        ("2", "export", "live"), ("3", "import", "live"), ("6", "transshipment", "live"), ("", "unknown", "live"), ("1", "unknown", "live"),
        ("9", "unknown", "live"), ("0", "unknown", "live"), ("4", "unknown", "status_only"), ("5", "unknown", "status_only"),
        ("7", "unknown", "status_only"), ("14", "unknown", "status_only"),
    ],
)  # fmt: skip
def test_trade_direction(status: str, direction: str, given: str) -> None:
    record = box(f"EQD+CN+ZZDU4839211+45G1:102:5++{status}+5", BOX[1])
    assert (record.direction, record.given) == (direction, given)


def test_the_unusual_direction_is_kept_and_told() -> None:
    assert box("EQD+CN+ZZDU4839211+45G1++3+5", BOX[1]).why == "unusual_direction: gate_in import"


@pytest.mark.parametrize(
    ("eqd", "fields"),
    [
        ("EQD+CN+ZZDU4839211+45G1:102:5++2+5", ("ZZDU4839211", "45G1", "export", "full")),
        ("EQD+CN+ZZDU 483921-1+45G1:102:5+2++4", ("ZZDU4839211", "45G1", "unknown", "empty")),
        ("EQD+CN+zzdu4839211+45G1:102:5+++5", ("ZZDU4839211", "45G1", "unknown", "full")),
        ("EQD+CN+ZZDU4839211:45R1:102:5++2+5", ("ZZDU4839211", "45R1", "export", "full")),
        ("EQD+CN+ZZDU4839212+:102:5++2+7", ("ZZDU4839212", "", "export", "full")),
        ("EQD+CN+KONTTI1+2200++2+8", ("KONTTI1", "2200", "export", "full")),
        ("EQD+CN+ZZDU4839211+40EM++2+2", ("ZZDU4839211", "40EM", "export", "unknown")),
        ("EQD+CN+ZZDU4839211", ("ZZDU4839211", "", "unknown", "unknown")),
        ("EQD+cn+ZZDU4839211", ("ZZDU4839211", "", "unknown", "unknown")),
    ],
)
def test_equipment(eqd: str, fields: tuple[str, ...]) -> None:
    record = box(eqd, BOX[1])
    assert (record.equipment, record.size_type, record.direction, record.full_empty) == fields
    assert record.given == "live"


@pytest.mark.parametrize(
    ("eqd", "reason"),
    [("EQD+CN", "no_box"), ("EQD+CN+ ", "no_box"), ("EQD+CN+---", "no_box"), ("EQD++ZZDU4839211", "no_equipment_kind"),
     ("EQD", "no_equipment_kind"), ("EQD+CN+ZZDU4839211ZZDU1000018", "bad_box")],
)  # fmt: skip
def test_a_box_that_cannot_be_read_leaves_its_neighbours(eqd: str, reason: str) -> None:
    items = got(interchange(message(*BOX, eqd, BOX[1], "EQD+CN+ZZDU1000018", BOX[1])))
    assert taken(items) == ["ZZDU4839211", "ZZDU1000018"]
    (fault,) = of(items, Unreadable)
    assert (fault.scope, fault.reason, fault.unit, fault.excerpt) == ("record", reason, "UNH 1", eqd.strip())
    assert fault.position.startswith("UNH 1, segment 5, byte ")
    raw = interchange(message(*BOX, eqd))
    assert raw[int(fault.position.split()[-1]) :].startswith("EQD")


def test_other_equipment_is_named_and_counted_or_taken_by_choice() -> None:
    raw = interchange(message(*BOX, "EQD+CH+ZZXZ100001", "EQD+TE+ZZXT2", BOX[1]))
    assert (taken(got(raw)), left(got(raw))) == (["ZZDU4839211"], {"EQD+CH": 1, "EQD+TE": 1})
    assert taken(got(raw, options={"also_count": ["TE", "SW"]})) == ["ZZDU4839211", "ZZXT2"]


# --- when


@pytest.mark.parametrize(
    ("header", "group", "utc", "why"),
    [
        (["DTM+137:202603012359:203"], ["DTM+181:202603010800:203", "DTM+7:202603010801:203", "DTM+203:202603010847:203"], "01:47", ""),
        ([], ["DTM+178:202603010800:203", "DTM+181:202603010801:203", "DTM+7:202603010847:203"], "01:47", ""),
        ([], ["DTM+178:202603010800:203", "DTM+181:202603010847:203"], "01:47", ""),
        (["DTM+203:202603010800:203"], ["DTM+178:202603010847:203", "DTM+186:202603010900:203"], "01:47", ""),
        ([], ["DTM+400:202603010847:203", "DTM+132:202603010900:203"], "01:47", ""),
        ([], ["DTM+186:202603010847:203"], "01:47", ""),
        (["DTM+7:202603010847:203"], ["DTM+400:202603010847:203", "DTM+401:202603010900:203"], "01:47", ""),
        ([], ["DTM+132:202603010900:203", "TDT+1++3", "DTM+ACT:202603010847:203"], "01:47", ""),
        (["DTM+203:202603010847:203"], ["DTM+133:202603010900:203"], "01:47", ""),
        (["DTM+7:202603010847:203", "DTM+137:202603010900:203"], [], "01:47", ""),
        (["DTM+137:202603010847:203"], [], "01:47", "report_time: DTM 137"),
        (["DTM+178:202603010800:203"], [], "02:10", "report_time: UNB"),
        ([], ["DTM+719:20260301084720260302:719"], "02:10", "report_time: UNB"),
        ([], ["DTM+7::203", "DTM+178:202603010847:203"], "01:47", ""),
        ([], ["DTM+203:99:203", "DTM+7:202603010847:203"], "01:47", ""),
    ],
)
def test_the_time_of_the_box(header: list[str], group: list[str], utc: str, why: str) -> None:
    record = box(EQD, *group, header=tuple(header))
    assert record.occurred_at is not None
    assert (f"{record.occurred_at:%H:%M}", record.why) == (utc, why)


def test_gate_out_takes_the_departure() -> None:
    record = box("EQD+CN+ZZDU4839211+45G1++3+5", "DTM+178:202603010800:203", "DTM+186:202603010847:203", bgm="BGM+36++9")
    assert record.occurred_at == AT


def test_a_time_that_cannot_be_read_is_no_reason_to_guess() -> None:
    record = box(EQD, "DTM+7:9999:203", header=("DTM+137:202603010847:203",))
    assert (record.occurred_at, record.given, record.event, record.occurred_text) == (None, "unclassified", "other", "9999")
    assert record.why == "bad_time: 9999:203"


def test_no_time_at_all() -> None:
    raw = interchange(message(EQD), unb="UNB+UNOA:2+DT1+ZZLINE++CD1")
    (record,) = of(got(raw), BoxRecord)
    assert (record.occurred_at, record.given, record.why) == (None, "unclassified", "no_time")


# --- where


@pytest.mark.parametrize(
    ("header", "group", "location", "terminal", "why"),
    [
        ([], ["LOC+165+XXDMO:139:6+DT1:TER:ZZZ", "LOC+9+XXFAR"], "XXDMO:DT1 XXDMO", "DT1", ""),
        ([], ["LOC+9+XXFAR", "LOC+175+XXDMO:139:6"], "XXDMO", "", ""),
        (["LOC+172+XXDMO"], [], "XXDMO", "", ""),
        (["NAD+TR+DT1"], ["LOC+165+XXDMO"], "XXDMO:DT1 XXDMO", "DT1", ""),
        ([], ["LOC+9+XXDMO:139:6+DT1:TER:ZZZ", "LOC+11+XXFAR"], "XXDMO:DT1 XXDMO", "DT1", ""),
        ([], ["LOC+165+xx dmo"], "XXDMO", "", ""),
        ([], ["LOC+165+Demo Terminals"], "DEMO_TERMINALS", "", "place_disagrees: DEMO_TERMINALS"),
        ([], ["LOC+165+:::Demo Terminals"], "DEMO_TERMINALS", "", "place_disagrees: DEMO_TERMINALS"),
        ([], ["LOC+165+XXFAR"], "XXFAR", "", "place_disagrees: XXFAR"),
        (["NAD+TR+ZZ9"], [], "ZZ9", "ZZ9", ""),
        (["NAD+MS+ZZ9"], [], "ZZ9", "", ""),
        (["NAD+TR+dt1"], [], "XXDMO:DT1 DT1", "dt1", ""),
        ([], [], "XXDMO:DT1 DT1", "DT1", ""),
    ],
)
def test_the_place(header: list[str], group: list[str], location: str, terminal: str, why: str) -> None:
    record = box(EQD, BOX[1], *group, header=tuple(header))
    assert (record.location, record.terminal, record.why) == (location, terminal, why)


def test_the_port_of_loading_is_not_the_place_of_an_import() -> None:
    record = box("EQD+CN+ZZDU4839211+45G1++3+5", BOX[1], "LOC+9+XXFAR", "LOC+11+XXDMO", bgm="BGM+36++9")
    assert record.location == "XXDMO:DT1 DT1", "the sender"


# --- by what, for whom, how heavy


@pytest.mark.parametrize(
    ("header", "group", "mode", "vehicle", "vessel", "voyage"),
    [
        (["TDT+20+041W+1++ZZL+++9999993:146::DEMO SHIP"], ["TDT+1++3++:172:ZZZ+++993NGR:146"], "truck", "993NGR", "DEMO SHIP", "041W"),
        ([], ["TDT+1++3+31+T-ZZ:172+++CXL590"], "truck", "CXL590", "", ""),
        ([], ["TDT+1+ZZ-7788+3"], "truck", "ZZ-7788", "", ""),
        ([], ["TDT+1+++31++++ZZ-7788"], "truck", "ZZ-7788", "", ""),
        ([], ["TDT+30++2+++++ZZWAGON9:146"], "rail", "ZZWAGON9", "", ""),
        ([], ["TDT+1++8+++++:::DEMO BARGE"], "barge", "DEMO BARGE", "", ""),
        (["TDT+20+041W+1+++++ZZ4CS:103"], [], "unknown", "", "ZZ4CS", "041W"),
        (["TDT+20+251NB+3+31+ZZL:172:20"], [], "truck", "", "", "251NB"),
        (["RFF+VON:042E"], [], "unknown", "", "", "042E"),
        ([], [], "unknown", "", "", ""),
    ],
)
def test_the_means_of_transport(header: list[str], group: list[str], mode: str, vehicle: str, vessel: str, voyage: str) -> None:
    record = box(EQD, BOX[1], *group, header=tuple(header))
    assert (record.mode, record.vehicle, record.vessel, record.voyage) == (mode, vehicle, vessel, voyage)


@pytest.mark.parametrize(
    ("group", "grams", "remark"),
    [
        (["MEA+AAE+VGM+KGM:27000.5", "MEA+AAE+AET+KGM:1"], 27_000_500, ""),
        (["MEA+AAE+EGW+KGM:8914", "MEA+AAE+T+KGM:4000"], 8_914_000, ""),
        (["MEA+AAE+AET+KGM:8955,2"], 8_955_200, ""),
        (["MEA+VGM++KGM:28450"], 28_450_000, ""),
        (["MEA+AAE+G+KGM:20000", "MEA+WT+T+KG:2200"], 22_200_000, ""),
        (["MEA+AAE+G+KGM:20000"], None, "weight G 20000 kg"),
        (["MEA+AAE+VGM+TNE:27.5"], 27_500_000, ""),
        (["MEA+AAE+VGM+K:100"], 100_000, ""),
        (["MEA+AAE+VGM+KGM:"], None, ""), (["MEA+AAE+VGM+KGM:0"], None, ""), (["MEA+AAE+VGM+KGM:NaN"], None, ""),
        (["MEA+AAE+VGM+XXX:9"], None, ""),
        (["MEA+AAE+VGM+KGM:9999999999999999"], None, ""), (["MEA+AAE+VGM+KGM:-5"], None, ""), (["MEA+AAL++KGM:3920"], None, ""),
    ],
)  # fmt: skip
def test_the_weight_of_box_and_cargo(group: list[str], grams: int | None, remark: str) -> None:
    record = box(EQD, BOX[1], *group)
    assert (record.gross_g, record.remark) == (grams, remark)


def test_seals() -> None:
    record = box(EQD, BOX[1], "SEL+ZZ1+CA:1", "SEL+SI+CU", "SEL+Y", "SEL+ZZ1", "SEL+REPO", "SEL++CA", "SEL+ZZ2+TR")
    assert (record.seals, record.remark) == (("ZZ1", "ZZ2"), "no seal number: SI, Y, REPO")
    assert record.sealed == "carrier -"


def test_who_sealed_it_and_how() -> None:
    sealed = [f"SEL+ZZ{n}+{code}" for n, code in enumerate(("CU+++2", "AC", "SH:::ZZCO+1", "AA", "TO+++1", "AB", "+++2"))]
    told = "customs/electronic quarantine shipper consolidator terminal/mechanical - /electronic"
    assert box(EQD, BOX[1], *sealed).sealed == told
    assert box(EQD, BOX[1], "SEL+ZZ1", "SEL+ZZ2+XX").sealed == ""


def test_references() -> None:
    group = ("RFF+BM:ZZB1", "RFF+BM:ZZB2", "RFF+ABT:26ZZ1", "RFF+BN:ZZK9", "RFF+EQ:ZZDU4839211")
    record = box(EQD, BOX[1], *group, header=("RFF+BM:ZZB0", "NAD+CA+ZZA"))
    assert (record.bill, record.declaration, record.line, record.remark) == ("ZZB1", "26ZZ1", "ZZA", "also bill ZZB2")
    assert record.booking == "ZZK9"
    assert box(EQD, BOX[1], header=("RFF+BM:ZZB0",)).bill == "ZZB0"
    assert [box(EQD, BOX[1], f"RFF+ABT{value}").declaration for value in (":0", ":", "", ":000")] == [""] * 4


def test_the_haulier_is_not_the_line() -> None:
    record = box(EQD, BOX[1], "NAD+CF+ZZL", "TDT+1++3", "NAD+CA+ZZTRUCK")
    assert record.line == "ZZL"


def test_what_nothing_takes_is_named() -> None:
    more = ("DAM+1+BENT", "TMP+2+-018:CEL", "TMP+2+015:FAH", "ZZZ", "FTX+AAI+++HELLO", "LOC+147+0240382", "CNT+7:5")
    assert left(got(interchange(message(*BOX, *more)))) == {"DAM+1": 1, "ZZZ": 1, "FTX+AAI": 1, "LOC+147": 1, "CNT+7": 1}


def test_what_is_in_the_box() -> None:
    told = ("DGS+IMD+3+1263+023:CEL", "DGS+IMD++1593", "TMP+2+-018:CEL", "RNG+5+CEL:-020:-015", "MEA+AAE+VGM+KGM:27000")
    record = box(*told)
    assert record.cargo == Cargo(dangerous=("3/1263", "/1593"), set_temp=-180, weight="vgm")
    assert record.remark == "temperature -020 to -015 CEL"
    assert box("MEA+AAE+G+KGM:9000").cargo is None, "goods alone are no weight of a box that was moved"
    assert box("MEA+AAE+G+KGM:9000", "MEA+AAE+T+KGM:2200").cargo == Cargo(weight="sum")


def test_what_the_header_says_of_a_cargo_is_of_no_box() -> None:
    items = got(interchange(message("TMP+2+-018:CEL", "MEA+AAE+VGM+KGM:27000", *BOX)))
    assert of(items, BoxRecord)[0].cargo is None
    assert left(items) == {"TMP+2 outside of a box": 1, "MEA outside of a box": 1}


def test_a_wrong_number_of_boxes_is_named() -> None:
    assert left(got(interchange(message(*BOX, "CNT+16:42")))) == {"CNT+16 (number of boxes is wrong)": 1}
    assert left(got(interchange(message(*BOX, "CNT+16:001")))) == {}


# --- messages that nobody here wrote

SHARED = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data")) / "edifact"
shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the third-party samples are not here: {SHARED}")
HUELVA = Somewhere(ZoneInfo("Europe/Madrid"), ("ESHUV", "ESHUV:CONCHUV"), "ESHUV")


def in_file(name: str, format_: str = "codeco") -> list[Any]:
    return got(next(SHARED.rglob(name)).read_bytes(), format_, {}, HUELVA)


@shared
def test_a_gate_in_at_huelva() -> None:
    items = in_file("smart-data-models__EdiCodeco_messageRaw_ESHUV.edi")
    assert faults(items) == []
    (record,) = of(items, BoxRecord)
    assert (record.equipment, record.event, record.given, record.why) == ("TESI1120274", "gate_in", "live", "")
    assert record.occurred_at == datetime(2023, 8, 11, 12, 47, tzinfo=UTC)
    assert (record.location, record.terminal, record.direction, record.full_empty) == ("ESHUV:CONCHUV ESHUV", "CONCHUV", "export", "full")
    assert (record.mode, record.vehicle, record.vessel, record.voyage) == ("truck", "993NGR", "CHRISTIAN", "110823110823CCHRIB")
    assert (record.line, record.seals, record.gross_g, record.size_type) == ("ALU", ("88200",), 27_000_000, "4EG1")


@shared
def test_a_gate_in_that_names_another_place() -> None:
    items = in_file("prefixcheck-edi-mcp__SAMPLE_CODECO.edi")
    assert faults(items) == []
    (record,) = of(items, BoxRecord)
    assert (record.equipment, record.event, record.given, record.why) == ("MSCU1234566", "gate_in", "live", "place_disagrees: USNYC")
    assert record.occurred_at == datetime(2026, 5, 24, 12, 25, tzinfo=UTC)
    assert (record.location, record.terminal, record.bill) == ("USNYC:ECT USNYC", "ECT", "MSCUNLRTM0042")
    assert (record.seals, record.gross_g, record.full_empty, record.mode) == (("CN789456", "TR556677"), 28_450_000, "empty", "truck")


@shared
@pytest.mark.parametrize("format_", FORMATS)
def test_every_other_file_says_why_it_is_not_taken(format_: str) -> None:
    for path in sorted(path for path in SHARED.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        items = got(raw, format_, {}, HUELVA)
        own = re.search(rb"UNH[^'*]*" + format_.upper().encode(), raw) is not None
        assert own or not of(items, BoxRecord), path.name
        if not own:
            assert {(scope, reason) for scope, reason in faults(items)} & {("file", "other_format"), ("message", "other_type")}, path.name
        flat = raw.replace(b"\r", b"").replace(b"\n", b"")  # some are wrapped at a fixed column
        messages = flat.count(b"UNH+") + flat.count(b"UNH*")
        if own:
            assert of(items, BoxRecord) or format_ == "baplie" or faults(items), "a ship may carry nothing for this place"
        elif ("file", "other_format") not in faults(items):
            told = sum(scope == "message" for scope, _ in faults(items)) + len({r.unit for r in of(items, BoxRecord)})
            assert told == messages, path.name
        assert sum(part.end - part.start for part in codeco.split(raw)) <= len(raw)
