"""The command line: help, exit codes, one JSON document on standard output, refusals."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from commands import cli
from data.settings import REPOSITORY

EXPECTED = {
    "serve", "work", "run", "migrate", "check", "pull", "ingest", "judge", "export", "explain", "verify", "rebuild", "reread", "status",
    "demo", "user", "ack", "check-feed", "backtest", "duty", "handover",
}  # fmt: skip
PLACE = """
id: {id}
name: {{en: Quay, vi: Quay, zh: Quay}}
kind: seaport
timezone: Asia/Ho_Chi_Minh
jurisdiction: here
areas: areas.geojson
supervised_from: 2026-01-01T00:00:00+07:00
feeds:
  - id: gate
    format: gate_csv
    publisher: DT1
    source: file://{folder}/in/*.csv
    options: {{columns: {{equipment: Box, gate_in: In, gate_out: Out}}}}
"""
AREAS = '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "all", "kind": "boundary"}, "geometry": {"type": "Polygon", "coordinates": [[[104, 8], [104.1, 8], [104.1, 8.1], [104, 8.1], [104, 8]]]}}]}'  # noqa: E501
LAW = 'jurisdiction: here\nlimits:\n  - {limit: import_dwell_warn, value: 5d, valid_from: 2020-01-01, citation: "none"}\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A HOME with one place and one feed, and nothing else in the environment."""
    for name in [name for name in os.environ if name.startswith("ZONEWATCH_")]:
        monkeypatch.delenv(name)
    (tmp_path / "places" / "quay").mkdir(parents=True)
    (tmp_path / "places" / "quay" / "place.yaml").write_text(PLACE.format(id="quay", folder=tmp_path))
    (tmp_path / "places" / "quay" / "areas.geojson").write_text(AREAS)
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "here.yaml").write_text(LAW)
    (tmp_path / "in").mkdir()
    monkeypatch.setenv("ZONEWATCH_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, given: str = "") -> Result:
    result = CliRunner().invoke(cli, arguments, input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def document(*arguments: str, code: int = 0) -> Any:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_every_command_is_there_and_explains_itself() -> None:
    assert set(cli.list_commands(click.Context(cli))) >= EXPECTED
    for name in cli.list_commands(click.Context(cli)):
        result = run(name, "--help")
        assert result.exit_code == 0
        assert len(result.output.splitlines()) > 3
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        assert command.help, name


def test_every_command_that_tells_something_tells_it_as_json() -> None:
    for name in EXPECTED - {"serve", "work", "run", "user", "duty"}:  # user and duty are groups of commands
        assert "--json" in run(name, "--help").output, name


NO_TIME = "is not a time with offset"
NO_FEED, NO_PLACE = "no feed other; declared are gate", "no place other; declared are quay"
WRONG = {
    "nonsense": "No such command 'nonsense'",
    "status more": "unexpected extra argument",
    "ingest x.csv": "Missing option '--feed'",
    "ingest --feed gate": "Missing argument 'PATH...'",
    "ingest --feed gate --received-at now x.csv": f"'now' {NO_TIME}",
    "ingest --feed gate --received-at 2999-01-01T00:00:00Z x.csv": "2999-01-01T00:00:00+00:00 is in the future",
    "ingest --feed other x.csv": NO_FEED,
    "check-feed": "Missing argument 'FILE'",
    "check-feed x.csv --mapping places/quay/place.yaml": "name --feed FEED alone, or --format FORMAT",
    "check-feed x.csv --feed gate --format gate_csv": "name --feed FEED alone, or --format FORMAT",
    "check-feed x.csv --feed gate --place quay": "name --feed FEED alone, or --format FORMAT",
    "check-feed x.csv --feed other": NO_FEED,
    "check-feed x.csv --format odd_csv": "no format odd_csv; there are",
    "check-feed x.csv --format gate_csv --place other": NO_PLACE,
    "check-feed x.csv --format gate_csv --mapping m.yaml": "'m.yaml' does not exist",
    "check-feed x.csv --format gate_csv --mapping places/quay/areas.geojson": "no option is called 'features'",
    "pull other": NO_FEED,
    "pull gate other": NO_FEED,
    "reread --feed other": NO_FEED,
    "reread": "name a MESSAGE, --reason or --feed",
    "judge --at 2026-03-01": f"'2026-03-01' {NO_TIME}",
    "judge --at 2026-03-01T08:00:00": f"'2026-03-01T08:00:00' {NO_TIME}",
    "judge --at yesterday": f"'yesterday' {NO_TIME}",
    "export": "Missing argument",
    "export secrets --to x": "'secrets' is not one of 'reports', 'movements'",
    "export stays": "Missing option '--to'",
    "export stays --to x --format ods": "'ods' is not one of 'csv', 'parquet', 'xlsx'",
    "export stays --to x --place other": NO_PLACE,
    "export stays --to x --since 2026-03-01T08": f"'2026-03-01T08' {NO_TIME}",
    "export stays --to x --until noon": f"'noon' {NO_TIME}",
    "export stays --to x --as-of 1772330400": f"'1772330400' {NO_TIME}",
    "export stays --to x --known-at 2026-02-30T00:00:00Z": f"'2026-02-30T00:00:00Z' {NO_TIME}",
    "export throughput --to x --as-of 2026-03-01T08:00:00Z": "no --as-of and no --known-at",
    "export throughput --to x --known-at 2026-03-01T08:00:00Z": "no --as-of and no --known-at",
    "export stays --to x --format pdf": "only a statement is written as PDF",
    "export stays --to x --of goods": "--of goods is of the inventory",
    "export statement --to x --format pdf": "a PDF is of one place",
    "export statement --to x --as-of 2026-03-01T08:00:00Z": "a statement is of a period",
    "export statement --to x --since 2026-03-01T08:00:00Z": "a statement is of a whole period",
    "export statement --to x --since 2026-03-01T08:00:00Z --until 2026-03-01T08:00:00Z": "--since is not before --until",
    "export statement --to x --known-at 2926-03-01T08:00:00Z": "never of a time to come: --known-at",
    "export statement --to x --since 2926-03-01T08:00:00Z --until 2926-04-01T08:00:00Z": "never of a time to come: --since",
    "reread nothing": "no message nothing",
    "export stays --to places": "'places' is a directory",
    "explain": "Missing argument 'ID'",
    "explain nothing": "nothing is known by the id nothing",
    "rebuild --place other": NO_PLACE,
    "ack x": "Missing option '--as'",
    "ack x --as nobody": "no account nobody that may act",
    "duty on quay": "Missing option '--as'",
    "duty on quay --as nobody": "no account nobody that may act",
    "user add lan": "Missing option '--role'",
    "user add lan --role king": "'king' is not one of 'admin', 'auditor'",
    "user add lan --role officer --place other": NO_PLACE,
    "user disable nobody": "no account nobody",
    "user remove lan": "No such command 'remove'",
    "backtest": "Missing argument 'RULE'",
    "backtest import_overstay --since 2026-03-01T00:00Z": "Missing option '--until'",
    "backtest overstay --since 2026-03-01T00:00Z --until 2026-03-02T00:00Z": "there is no rule 'overstay'",
    "backtest import_overstay --since 2026-03-01T00:00Z --until 2026-03-01T00:00Z": "the period ends",
    "backtest import_overstay --since 2026-03-01T00:00Z --until 2026-03-02T00:00Z --set days=3": "'days' is not a limit of this rule",
    "backtest import_overstay --since 2026-03-01T00:00Z --until 2026-03-02T00:00Z --set import_dwell_warn=x": "not a duration: 'x'",
    "backtest import_overstay --since 2026-03-01T00:00Z --until 2026-03-02T00:00Z --place other": "there is no place 'other'",
    "demo": "Missing option '--to'",
    "demo --to x --days 0": "0 is not in the range 1<=x<=400",
    "demo --to x --days many": "'many' is not a valid integer",
    "demo --to x --ending today": f"'today' {NO_TIME}",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_usage_is_2_and_one_line_names_what_is_wrong(house: Path, wrong: str) -> None:
    result = run(*wrong.split())
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert WRONG[wrong] in told(result)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_option_that_is_not_there_is_2(house: Path, name: str) -> None:
    result = run(name, "--nonsense")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such option '--nonsense'" in told(result).replace("No such option: --nonsense", "No such option '--nonsense'")


def test_a_back_test_tells_each_spell_and_progress_goes_beside_it(house: Path) -> None:
    rows = "Box,In,Out\r\n" + "".join(f"ZZDU00000{n},2026-03-0{day} 08:00,\r\n" for n, day in (("10", 1), ("31", 4)))
    (house / "in" / "a.csv").write_text(rows)
    options = "options: {columns: {equipment: Box, gate_in: In, gate_out: Out, direction: {value: import}}}"
    place = house / "places" / "quay" / "place.yaml"
    place.write_text(re.sub(r"options: .*", options, place.read_text()))
    run("ingest", "--feed", "gate", str(house / "in" / "a.csv"), "--received-at", "2026-03-05T00:00:00Z")
    period = ("--since", "2026-03-01T00:00:00Z", "--until", "2026-03-08T00:00:00Z")
    said = document("backtest", "import_overstay", *period, "--set", "import_dwell_warn=2d", "--json")
    assert (said["gained"], said["lost"], said["same"]) == (1, 0, 1)
    told = [(spell["state"], spell["subject"], spell["began_at"], spell["limit"]) for spell in said["spells"]]
    assert told == [
        ("same", "stay:quay/ZZDU0000010", "2026-03-03T01:00:00+00:00", "2d"),
        ("gained", "stay:quay/ZZDU0000031", "2026-03-06T01:00:00+00:00", "2d"),
    ]
    assert document("backtest", "import_overstay", *period, "--json")["same"] == 1


def test_a_file_that_is_not_there_is_1_and_is_named(house: Path) -> None:
    """Not wrong usage: it may have been there when the command was written down."""
    counts = document("ingest", "--feed", "gate", "absent.csv", code=1)
    assert counts["feeds"]["gate"]["failed"] == ["absent.csv: No such file or directory"]


def told(result: Result) -> str:
    """The line that says what is wrong; after it nothing but what may be chosen instead."""
    assert "Traceback" not in result.stderr
    _, error, after = f"\n{result.stderr}".partition("\nError: ")
    assert error
    line, *choices = after.splitlines()
    assert all(choice.startswith("\t") for choice in choices)
    return line


def test_settings_and_declarations_that_cannot_be_used_are_2(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (house / "places" / "quay" / "place.yaml").write_text(PLACE.format(id="quay", folder=house).replace("kind: seaport", "kind: harbour"))
    result = run("status")
    assert result.exit_code == 2
    assert "place.yaml" in result.stderr
    assert "kind" in result.stderr
    monkeypatch.setenv("ZONEWATCH_HOEM", "x")
    result = run("status")
    assert result.exit_code == 2
    assert "ZONEWATCH_HOME" in result.stderr


def test_migrate_and_check(house: Path) -> None:
    found = document("check", "--json")
    assert found["ok"]
    assert {"WARN"} == {line["state"] for line in found["findings"] if line["what"] in ("database", "worker")}
    assert document("migrate", "--json")["before"] is None
    assert document("migrate", "--json")["before"] is not None
    assert run("check", "--online").exit_code == 0
    (house / "in").rmdir()
    result = run("check", "--online")
    assert result.exit_code == 1
    assert "FAIL  source of gate" in result.stdout
    (house / "limits" / "here.yaml").write_text("jurisdiction: here\nlimits: 5\n")
    assert run("check").exit_code == 1


def test_the_way_of_a_file(house: Path) -> None:
    """ingest, status, export, verify, rebuild: from a CSV to its movements."""
    (house / "visit.csv").write_text("Box,In,Out\nZZDU4839211,2026-03-01T08:00:00+07:00,2026-03-02T09:00:00+07:00\n")
    counts = document("ingest", "--feed", "gate", "--received-at", "2026-03-02T03:00:00Z", "visit.csv", "--json")
    assert counts["total"]["files"] == 1
    assert counts["total"]["reports"] == 2
    again = document("ingest", "--feed", "gate", "--received-at", "mtime", "visit.csv")
    assert again["feeds"]["gate"]["duplicate"] == 1
    assert document("ingest", "--feed", "gate", "absent.csv", code=1)["total"]["files"] == 0
    assert document("verify", "--json") == {"ok": True, "differences": []}
    assert document("verify", "--deep", "--json")["ok"]
    document("rebuild", "--json")
    exported = document("export", "movements", "--to", "m.csv", "--json")
    assert exported["rows"] == 2
    assert (house / "m.csv").read_text().startswith("movement_id,place,")
    printed = document("export", "statement", "--place", "quay", "--to", "s.pdf", "--format", "pdf", "--language", "vi", "--json")
    assert (printed["format"], printed["rows"], (house / "s.pdf").read_bytes()[:4]) == ("pdf", 0, b"%PDF")
    (house / "in" / "next.csv").write_text("Box,In,Out\nZZDU4839211,2026-03-03T08:00:00+07:00,\n")
    assert document("pull")["total"]["reports"] == 1
    status = document("status", "--json")
    assert status["feeds"][0]["feed"] == "gate"
    assert status["feeds"][0]["last_received_at"]
    assert status["feeds"][0]["stopped_since"] is None
    assert status["worker"] is None
    assert document("judge", "--json")["units"] >= 0
    assert run("judge", "--at", "2026-03-01T00:00:00Z").exit_code == 2
    for what in ("status", "verify", "judge"):
        assert run(what).exit_code == 0


def test_channels_are_told_and_no_secret_of_theirs(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZONEWATCH_NOTIFY_DUTY_URL", "http://127.0.0.1:9/hush-hush")
    monkeypatch.setenv("ZONEWATCH_NOTIFY_DUTY_SECRET", "hush-hush" * 4)
    monkeypatch.setenv("ZONEWATCH_NOTIFY_CHAT_URL", "nosuch://hush-hush/hush-hush")
    run("migrate")
    lines = {(line["what"], line["state"]): line["found"] for line in document("check", "--json")["findings"]}
    assert lines["channel duty", "WARN"] == "webhook over http://, which is not encrypted"
    assert lines["channel duty", "OK"] == "webhook: declared"
    assert lines["channel chat", "WARN"] == "Apprise does not know this URL"
    assert ("links", "WARN") in lines
    result = run("check", "--online")
    assert "FAIL  channel duty: 127.0.0.1:9 cannot be reached" in result.stdout
    assert "hush-hush" not in result.output
    outbox = document("status", "--json")["notifications"]
    assert outbox == {"channels": ["chat", "duty"], "waiting": 0, "waiting_since": None, "given_up": 0}
    assert "notifications: 0 waiting, 0 given up; channels: chat, duty" in run("status").stdout


def test_what_the_scheduler_says_of_skipped_runs_is_counted_not_printed(house: Path) -> None:
    """The worker counts them in run_count, which status tells; a line of the library's own would say it in its words, and twice."""
    assert run("status").exit_code == 0
    for name in ("apscheduler.scheduler", "apscheduler.executors.default"):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR)


def test_accounts(house: Path) -> None:
    assert run("user", "add", "Lan", "--role", "officer", "--place", "quay", "--password-stdin", given="một mật khẩu dài\n").exit_code == 0
    assert run("user", "add", "lan", "--role", "viewer", "--password-stdin", given="một mật khẩu dài\n").exit_code == 2
    assert run("user", "add", "minh", "--role", "viewer", "--password-stdin", given="short\n").exit_code == 2
    assert run("user", "add", "minh", "--role", "viewer", "--place", "nowhere", "--password-stdin", given="x\n").exit_code == 2
    [lan] = document("user", "list", "--json")["accounts"]
    assert (lan["name"], lan["role"], lan["places"], lan["disabled"]) == ("lan", "officer", ["quay"], False)
    assert document("duty", "list", "--json")["duty"] == []
    document("duty", "on", "quay", "--as", "lan", "--json")
    assert [(one["place"], one["name"]) for one in document("duty", "list", "--json")["duty"]] == [("quay", "lan")]
    document("duty", "off", "quay", "--as", "lan", "--json")
    assert run("duty", "off", "quay", "--as", "lan").exit_code == 2
    assert run("user", "disable", "lan").exit_code == 0
    assert "disabled" in run("user", "list").stdout
    assert run("ack", "x", "--as", "lan").exit_code == 2


def test_the_front_door_is_a_program(house: Path) -> None:
    door = [sys.executable, str(REPOSITORY / "app.py")]
    told = subprocess.run([*door, "status", "--json"], capture_output=True, text=True, check=True)
    assert json.loads(told.stdout)["feeds"][0]["last_received_at"] is None
    assert subprocess.run([*door, "nonsense"], capture_output=True, check=False).returncode == 2
    assert len((REPOSITORY / "app.py").read_text().splitlines()) < 80
