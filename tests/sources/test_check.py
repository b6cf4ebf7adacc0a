"""check --online on sources that answer, refuse, and hang."""

from __future__ import annotations

from pathlib import Path

import pytest

from commands.check import look
from tests.sources.ssh import PASSWORD, USER, ssh
from tests.sources.web import Asked, Reply, web
from tests.store.test_work import AREAS, PLACE


def test_each_source_has_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "root" / "out").mkdir(parents=True)
    (tmp_path / "root" / "out" / "a.edi").write_text("UNA")
    place = tmp_path / "home" / "places" / "quay"
    place.mkdir(parents=True)
    (place / "areas.geojson").write_text(AREAS)

    def says(asked: Asked) -> Reply:
        return {"/x.csv": Reply(b"x" * 7), "/events": Reply(b"[]"), "/slow": Reply(hang=True)}.get(asked.path, Reply(status=404))

    with web() as site, ssh(tmp_path / "root", tmp_path / "own_key") as server:
        site.says = says
        key = f"host_key: '{server.host_key}'"
        feeds = {
            "file": (f"{site.url}/x.csv", ""),
            "api": (f"{site.url}/events", "pages: {style: once}"),
            "slow": (f"{site.url}/slow", "read_s: 0.3"),
            "gone": (f"{site.url}/gone", ""),
            "sftp": (f"sftp://127.0.0.1:{server.port}/out/*.edi", key),
            "nobody": (f"sftp://127.0.0.1:{server.port}/out/*.edi", key),
        }
        feed = '  - {{id: {}, format: gate_csv, publisher: P, source: "{}", fetch: {{private: true, {}}}}}'
        said = [feed.format(name, url, how) for name, (url, how) in feeds.items()]
        (place / "place.yaml").write_text(PLACE[: PLACE.index("  - {id: gate")] + "\n".join(said))
        monkeypatch.setattr("data.logs.start", lambda _: None)
        monkeypatch.setenv("ZONEWATCH_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("ZONEWATCH_FEED_SFTP_USER", USER)
        monkeypatch.setenv("ZONEWATCH_FEED_SFTP_PASSWORD", PASSWORD)
        found = {line.what.removeprefix("source of "): line for line in look(online=True) if line.what.startswith("source of ")}
        offline = {line.state for line in look(online=False) if line.what.startswith("source of ")}
        asked = len(site.asked)
        warned = [line for line in look(online=False) if line.what == "credentials"]
    assert {what: line.state for what, line in found.items()} == {
        "file": "OK", "api": "OK", "slow": "FAIL", "gone": "FAIL", "sftp": "OK", "nobody": "FAIL",
    }  # fmt: skip
    assert "7 bytes" in found["file"].found
    assert "1 files" in found["sftp"].found
    assert "silent" in found["slow"].found
    assert offline == {"OK"}
    assert asked == 4
    assert ["nobody has no user"] == [line.found for line in warned]
    assert not any(PASSWORD in line.found for line in found.values())
