"""Settings: names, files, levels, refusals."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from data.settings import NAMES, REPOSITORY, BadSetting, Credentials, Settings


def load(tmp_path: Path, **environ: str) -> Settings:
    return Settings.load({f"ZONEWATCH_{name}": value for name, value in environ.items()}, tmp_path)


def test_defaults(tmp_path: Path) -> None:
    settings = Settings.load({}, tmp_path)
    assert settings.home == REPOSITORY / "var"
    assert settings.database_url == f"sqlite:///{REPOSITORY / 'var' / 'zonewatch.db'}"
    assert settings.places == (REPOSITORY / "var" / "places",)
    assert settings.limits[0] == REPOSITORY / "zones" / "limits"
    assert (settings.bind, settings.port, settings.base_path, settings.demo) == ("127.0.0.1", 8050, "/", False)
    assert settings.embedded


def test_home_moves_what_lies_in_it(tmp_path: Path) -> None:
    settings = load(tmp_path, HOME="data")
    assert settings.home == tmp_path / "data"
    assert settings.places == (tmp_path / "data" / "places",)
    assert settings.database_url.endswith("/data/zonewatch.db")


def test_several_folders(tmp_path: Path) -> None:
    assert load(tmp_path, PLACES="a:/b").places == (tmp_path / "a", Path("/b"))


def test_the_demos_law_lies_in_home(tmp_path: Path) -> None:
    (tmp_path / "limits").mkdir()
    assert load(tmp_path, HOME=".").limits == (REPOSITORY / "zones" / "limits", tmp_path / "limits")
    assert load(tmp_path, HOME=".", LIMITS="only").limits == (tmp_path / "only",)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_may_be_a_file(name: str, tmp_path: Path) -> None:
    good = {"DEMO": "1", "PORT": "99", "TRUSTED_PROXIES": "1", "LOG_FORMAT": "json", "LOG_LEVEL": "debug", "DEFAULT_LANGUAGE": "vi",
            "DATABASE_URL": "sqlite:///x.db", "BIND": "::1", "SECRET_KEY": "k" * 40, "PUBLIC_URL": "https://z.example/w"}  # fmt: skip
    (tmp_path / "value").write_text(good.get(name, "/x") + "\n")
    assert load(tmp_path, **{f"{name}_FILE": "value"}) == load(tmp_path, **{name: good.get(name, "/x")})


def test_an_unknown_name_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"ZONEWATCH_DATABSE_URL.*nearest is ZONEWATCH_DATABASE_URL"):
        load(tmp_path, DATABSE_URL="sqlite:///x")
    with pytest.raises(BadSetting, match="FEED_<ID>_USER"):
        load(tmp_path, FEED_DT1_PASWORD="x")


def test_other_programs_names_are_theirs(tmp_path: Path) -> None:
    Settings.load({"ZONEWATCHER": "1", "HOME": "/root"}, tmp_path)


def test_dotenv_stands_below_the_environment(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nexport ZONEWATCH_PORT=9000\nZONEWATCH_BIND='127.0.0.2'\nOTHER=1\n\n")
    assert (load(tmp_path).port, load(tmp_path).bind) == (9000, "127.0.0.2")
    assert load(tmp_path, PORT="9001").port == 9001
    (tmp_path / "port").write_text("9002")
    assert load(tmp_path, PORT_FILE="port").port == 9002


def test_all_faults_at_once_and_no_secret_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("nonsense\n")
    with pytest.raises(BadSetting) as caught:
        load(
            tmp_path,
            PORT="99999",
            LOG_LEVEL="loud",
            DEMO="maybe",
            SECRET_KEY="short-secret",
            DATABASE_URL="mysql://u:hunter2@h/d",
            TOKEN_FILE="x",
        )
    lines = str(caught.value).splitlines()
    assert len(lines) == 7
    assert "short-secret" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_value_and_its_file_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40)
    with pytest.raises(BadSetting, match="set one of them"):
        load(tmp_path, SECRET_KEY="k" * 40, SECRET_KEY_FILE="key")
    with pytest.raises(BadSetting, match="cannot read"):
        load(tmp_path, SECRET_KEY_FILE="absent")


@pytest.mark.parametrize("bind", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_demo_on_loopback(bind: str, tmp_path: Path) -> None:
    assert load(tmp_path, DEMO="1", BIND=bind).demo


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "10.0.0.5", "example.org"])
def test_demo_is_refused_elsewhere(bind: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="refused"):
        load(tmp_path, DEMO="1", BIND=bind)


def test_the_key_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    settings = load(tmp_path, HOME="h")
    key = settings.session_key()
    assert len(key) >= 32
    assert settings.session_key() == key
    assert stat.S_IMODE((tmp_path / "h" / "secret_key").stat().st_mode) == 0o600
    with pytest.raises(BadSetting, match="SECRET_KEY"):
        load(tmp_path, DATABASE_URL="postgresql://h/d").session_key()


def test_credentials_of_a_feed(tmp_path: Path) -> None:
    settings = load(tmp_path, FEED_DT1_GATE_USER="u", FEED_DT1_GATE_PASSWORD="p", FEED_DT1_GATE_KEY_FILE="/k")
    assert settings.credentials("dt1-gate") == Credentials(user="u", password="p", key_file="/k")
    assert settings.credentials("other") == Credentials()
    assert "'p'" not in repr(settings.credentials("dt1-gate"))


@pytest.mark.parametrize(("given", "kept"), [("", "/"), ("zw", "/zw/"), ("/zw/", "/zw/"), ("/a/b", "/a/b/")])
def test_base_path(given: str, kept: str, tmp_path: Path) -> None:
    assert load(tmp_path, BASE_PATH=given).base_path == kept


HOOK = {"NOTIFY_DUTY_HOOK_URL": "https://duty.example/in", "NOTIFY_DUTY_HOOK_SECRET": "s" * 32}
MAIL = {"NOTIFY_MAIL_URL": "smtps://mail.example", "NOTIFY_MAIL_FROM": "zonewatch@port.example", "NOTIFY_MAIL_PASSWORD": "hush-hush"}


def test_channels_of_notifications(tmp_path: Path) -> None:
    (tmp_path / "chat").write_text("mmost://chat.example/aaaaaaaaaaaa\n")
    settings = load(tmp_path, **HOOK, **MAIL, NOTIFY_CHAT_URL_FILE="chat", NOTIFY_MAIL_DOMAINS="port.example, @Customs.example")
    assert {channel.id: channel.kind for channel in settings.channels.values()} == {"duty_hook": "webhook", "mail": "mail", "chat": "chat"}
    mail = settings.channels["mail"]
    assert all(mail.takes(address) for address in ("an@port.example", "an@CUSTOMS.example"))
    assert not any(mail.takes(address) for address in ("an@elsewhere.example", "an@port.example\nBcc: x", "an", ""))
    assert load(tmp_path, **MAIL).channels["mail"].domains == {"port.example"}
    said = repr(settings)
    assert not any(secret in said for secret in ("hush-hush", "s" * 32, "aaaaaaaaaaaa"))


WRONG_CHANNELS = {
    "NOTIFY_MAIL_FROM: ": {**MAIL, "NOTIFY_MAIL_FROM": "zonewatch"},
    "NOTIFY_MAIL_URL: no user": {**MAIL, "NOTIFY_MAIL_URL": "smtps://u:hush-hush@mail.example"},
    "NOTIFY_MAIL_PASSWORD: no password is sent": {**MAIL, "NOTIFY_MAIL_URL": "smtp://mail.example"},
    "NOTIFY_MAIL_URL: not set": {"NOTIFY_MAIL_FROM": "zonewatch@port.example"},
    "NOTIFY_MAIL_URL: not a URL": {**MAIL, "NOTIFY_MAIL_URL": "hush-hush"},
    "NOTIFY_DUTY_HOOK_SECRET: ": {**HOOK, "NOTIFY_DUTY_HOOK_SECRET": "hush-hush"},
    "NOTIFY_DUTY_HOOK_TOKEN": {**HOOK, "NOTIFY_DUTY_HOOK_TOKEN": "hush-hush"},
    "PUBLIC_URL": {"PUBLIC_URL": "zonewatch.example"},
}


@pytest.mark.parametrize("said", WRONG_CHANNELS)
def test_a_channel_that_cannot_be_used_stops_the_start_and_tells_no_secret(said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=said) as told:
        load(tmp_path, **WRONG_CHANNELS[said])
    assert "hush-hush" not in str(told.value)
