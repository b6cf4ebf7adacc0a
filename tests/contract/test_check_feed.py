"""check-feed: exit codes, the document, and that it touches nothing: not even a database that is not there."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.contract.test_commands import document, house, run

__all__ = ["house"]

GOOD = "Box,In,Out\nZZDU4839211,2026-03-01T08:00:00+07:00,\n"
BROKEN = GOOD + "ZZDU4839211,soon,\n"
STRANGE = "Số cont;Giờ vào\nZZDU4839211;25/03/2026 08:00\n"

TRACE = """{"@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"], "type": "EPCISDocument", "schemaVersion": "2.0",
  "epcisBody": {"eventList": [{"type": "ObjectEvent", "eventTime": "2026-03-01T08:00:00+07:00", "epcList": ["urn:zz:box:ZZDU4839211"]}]}}"""


def test_exit_codes_and_where_it_stands(house: Path) -> None:
    (house / "good.csv").write_text(GOOD)
    (house / "broken.csv").write_text(BROKEN)
    (house / "strange.csv").write_text(STRANGE)
    before = sorted(house.rglob("*"))
    found = document("check-feed", "good.csv", "--feed", "gate", "--json")
    assert (found["ok"], found["read"], found["rejected"], found["standing"]) == (True, 1, 0, None)
    assert found["would"]["left_out"] == "would_no_database"
    found = document("check-feed", "broken.csv", "--feed", "gate", "--json", code=1)
    assert [(each["position"], each["reason"]) for each in found["rejects"]] == [("line 3 gate_in", "bad_time")]
    assert "soon" in found["rejects"][0]["excerpt"]
    found = document("check-feed", "strange.csv", "--format", "gate_csv", "--json")
    assert (found["read"], found["options"]["time_format"], found["place"]) == (1, "%d/%m/%Y %H:%M", "quay")
    assert all(each["said"] for each in found["findings"])
    assert run("check-feed", "strange.csv", "--feed", "gate").exit_code == 1
    result = run("check-feed", "absent.csv", "--feed", "gate")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "absent.csv: No such file or directory" in result.stderr
    assert before == sorted(house.rglob("*"))


def test_a_format_that_is_not_named_is_found_or_named_as_what_it_is(house: Path) -> None:
    (house / "strange.csv").write_text(STRANGE)
    found = document("check-feed", "strange.csv", "--json")
    assert (found["format"], found["read"]) == ("gate_csv", 1)
    (house / "trace.json").write_text(TRACE)
    found = document("check-feed", "trace.json", "--json", code=1)
    assert (found["format"], found["findings"][0]["because"]) == ("epcis", "format_epcis")
    assert [each["reason"] for each in found["rejects"]] == ["no_action"]
    found = document("check-feed", "trace.json", "--format", "dcsa", "--json", code=1)
    assert [each["reason"] for each in found["rejects"]] == ["is_epcis"]


def test_what_is_handed_out_is_a_mapping(house: Path) -> None:
    (house / "strange.csv").write_text(STRANGE)
    found = document("check-feed", "strange.csv", "--format", "gate_csv", "--place", "quay", "--json")
    piece = yaml.safe_load(found["fragment"])
    for name, said in (("piece", piece), ("feed", piece[0]), ("options", {"options": found["options"]}), ("plain", found["options"])):
        (house / f"{name}.yaml").write_text(yaml.safe_dump(said, allow_unicode=True))
        again = document("check-feed", "strange.csv", "--format", "gate_csv", "--mapping", f"{name}.yaml", "--json")
        assert (again["read"], again["previews"]) == (1, found["previews"])
    (house / "wrong.yaml").write_text("{delimeter: ';'}")
    result = run("check-feed", "strange.csv", "--format", "gate_csv", "--mapping", "wrong.yaml")
    assert (result.exit_code, "nearest: 'delimiter'" in result.stderr) == (2, True)
    (house / "wrong.yaml").write_text("columns: {equipment: [")
    assert run("check-feed", "strange.csv", "--format", "gate_csv", "--mapping", "wrong.yaml").exit_code == 2


def test_lines_for_people_name_what_matters(house: Path) -> None:
    (house / "broken.csv").write_text(BROKEN)
    document("migrate", "--json")
    said = run("check-feed", "broken.csv", "--format", "gate_csv").stdout
    for words in (
        "as gate_csv at Quay (Asia/Ho_Chi_Minh)",
        "read 1, rejected 1",
        "2026-03-01 08:00 local = 2026-03-01 01:00 UTC",
        "line 3 gate_in",
        "bad_time",
        "alerts it would raise now: 0",
    ):
        assert words in said, words


def test_the_first_row_goes_from_its_text_by_its_column_to_the_report(house: Path) -> None:
    (house / "strange.csv").write_text(STRANGE.replace("08:00", "08:00;\x1b[2J").replace("Giờ vào", "Giờ vào;Note"))
    said = run("check-feed", "strange.csv").stdout
    assert "'25/03/2026 08:00'  in Giờ vào  -> gate_in" in " ".join(said.split("   "))
    assert "\x1b" not in said
    assert "\\x1b[2J" in said
