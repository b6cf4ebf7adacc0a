"""Settings: read once from the environment, handed on as one frozen value. No other module reads the environment.

Every name has the prefix ZONEWATCH_; each may also be given as NAME_FILE, the file that holds the value (for secrets); a file `.env`
stands below the environment. A name that is not known is an error: a mistyped setting must not pass for the default.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from data.notify.channel import NAME as CHANNEL
from data.notify.channel import Channel, channels

PREFIX = "ZONEWATCH_"
REPOSITORY = Path(__file__).resolve().parent.parent
NAMES = (
    "HOME", "DATABASE_URL", "PLACES", "LIMITS", "SECRET_KEY", "DEMO", "BIND", "PORT", "BASE_PATH", "TRUSTED_PROXIES",
    "LOG_FORMAT", "LOG_LEVEL", "DEFAULT_LANGUAGE", "PUBLIC_URL", "TEST_POSTGRES",
)  # fmt: skip
LANGUAGES = ("en", "vi", "zh")
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
SHORTEST_KEY = 32
_FEED = re.compile(r"FEED_([A-Z0-9_]+?)_(USER|PASSWORD|KEY_FILE|TOKEN)")
_YES_NO = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False, "": False}


class BadSetting(ValueError):
    """One or more settings cannot be used; the message has one line each and never a value that may be secret."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a feed's source asks for; "" where not set."""

    user: str = ""
    password: str = field(default="", repr=False)
    key_file: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Paths are absolute."""

    home: Path
    database_url: str = field(repr=False)
    places: tuple[Path, ...]
    limits: tuple[Path, ...]  # unless set: zones/limits, and HOME/limits where there is one; with DEMO only HOME/limits
    secret_key: str = field(default="", repr=False)  # "" : see `session_key`
    demo: bool = False
    bind: str = "127.0.0.1"
    port: int = 8050
    base_path: str = "/"  # begins and ends with a slash
    trusted_proxies: int = 0  # how many proxies in front may say who the client is
    log_format: str = "text"
    log_level: str = "info"
    default_language: str = "en"
    test_postgres: str = field(default="", repr=False)
    feeds: Mapping[str, Credentials] = field(default_factory=dict)
    public_url: str = ""  # where people reach the application, with its BASE_PATH, without a slash at the end; "": no links in messages
    channels: Mapping[str, Channel] = field(default_factory=dict)  # of notifications, by id

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, cwd: Path | None = None) -> Settings:
        """Read and check. `environ` and `cwd` default to the process's own. Errors: BadSetting, all faults at once."""
        return _load(os.environ if environ is None else environ, (cwd or Path.cwd()).resolve())

    @property
    def embedded(self) -> bool:
        """Whether the database is the embedded one (SQLite)."""
        return self.database_url.startswith("sqlite")

    def credentials(self, feed: str) -> Credentials:
        """What FEED_<ID>_* says of a feed."""
        return self.feeds.get(feed_key(feed), Credentials())

    def session_key(self) -> str:
        """The key that signs sessions; made once and kept in HOME with the embedded database. Errors: BadSetting when it is missing."""
        if self.secret_key:
            return self.secret_key
        if not self.embedded:
            raise BadSetting(f"{PREFIX}SECRET_KEY: required to serve on PostgreSQL ({SHORTEST_KEY} characters or more)")
        file = self.home / "secret_key"
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as fresh:
                fresh.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return file.read_text().strip()


def feed_key(feed: str) -> str:
    """A feed's id as it stands in a setting's name: upper case, other characters than letters and digits become _."""
    return re.sub(r"[^A-Z0-9]", "_", feed.upper())


def _load(environ: Mapping[str, str], cwd: Path) -> Settings:
    faults: list[str] = []
    above = _level(environ, cwd, "the environment", faults)
    values = _level(_dotenv(cwd / ".env", faults), cwd, ".env", faults) | above

    def text(name: str, default: str = "") -> str:
        return values.get(name, default).strip()

    def choice(name: str, allowed: tuple[str, ...]) -> str:
        value = text(name, allowed[0]).lower()
        if value not in allowed:
            faults.append(f"{PREFIX}{name}: {value!r} is not one of {', '.join(allowed)}")
        return value

    def number(name: str, default: int, most: int) -> int:
        value = text(name, str(default))
        if not (value.isascii() and value.isdigit() and int(value) <= most):
            faults.append(f"{PREFIX}{name}: {value!r} is not a whole number from 0 to {most}")
            return default
        return int(value)

    def folders(name: str, default: Path, *besides: Path) -> tuple[Path, ...]:
        named = tuple((cwd / Path(part).expanduser()).resolve() for part in text(name).split(os.pathsep) if part)
        return named or (default, *(folder for folder in besides if folder.is_dir()))

    home = (cwd / Path(text("HOME") or REPOSITORY / "var").expanduser()).resolve()
    demo = _YES_NO.get(text("DEMO").lower())
    if demo is None:
        faults.append(f"{PREFIX}DEMO: {text('DEMO')!r} is neither 1 nor 0")
    bind = text("BIND") or "127.0.0.1"
    if demo and not is_loopback(bind):
        faults.append(f"{PREFIX}DEMO: the demo accounts have their names as passwords; refused on {bind}, which is not loopback")
    key = text("SECRET_KEY")
    if key and len(key) < SHORTEST_KEY:
        faults.append(f"{PREFIX}SECRET_KEY: shorter than {SHORTEST_KEY} characters")
    settings = Settings(
        home=home,
        database_url=_database_url(text("DATABASE_URL"), home, faults),
        places=folders("PLACES", home / "places"),
        # The demo lives under its own law alone: a screen of the demo must not cite a real one.
        limits=folders("LIMITS", home / "limits") if demo else folders("LIMITS", REPOSITORY / "zones" / "limits", home / "limits"),
        secret_key=key,
        demo=bool(demo),
        bind=bind,
        port=number("PORT", 8050, 65535),
        base_path=f"/{text('BASE_PATH').strip('/')}/".replace("//", "/"),
        trusted_proxies=number("TRUSTED_PROXIES", 0, 16),
        log_format=choice("LOG_FORMAT", LOG_FORMATS),
        log_level=choice("LOG_LEVEL", ("info", *LOG_LEVELS)),
        default_language=choice("DEFAULT_LANGUAGE", LANGUAGES),
        test_postgres=text("TEST_POSTGRES"),
        feeds=_credentials(values),
        public_url=_public_url(text("PUBLIC_URL"), faults),
        channels=channels(values, faults, PREFIX),
    )
    if faults:
        raise BadSetting("\n".join(faults))
    return settings


def is_loopback(bind: str) -> bool:
    """Whether only this machine can reach an address to listen on."""
    try:
        return bind == "localhost" or ipaddress.ip_address(bind.strip("[]")).is_loopback
    except ValueError:
        return False


def _database_url(given: str, home: Path, faults: list[str]) -> str:
    if not given:
        return f"sqlite:///{home / 'zonewatch.db'}"
    if not re.match(r"(sqlite|postgresql|postgres)(\+\w+)?://", given):
        faults.append(f"{PREFIX}DATABASE_URL: expected sqlite:///FILE or postgresql://USER@HOST/NAME")
    return given


def _public_url(given: str, faults: list[str]) -> str:
    if given and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", given):
        faults.append(f"{PREFIX}PUBLIC_URL: {given!r} is not an address like https://zonewatch.example/path")
    return given.rstrip("/")


def _credentials(values: Mapping[str, str]) -> dict[str, Credentials]:
    found: dict[str, dict[str, str]] = {}
    for name, value in values.items():
        if match := _FEED.fullmatch(name):
            found.setdefault(match[1], {})[match[2].lower()] = value.strip()
    return {feed: Credentials(**parts) for feed, parts in found.items()}


def _level(given: Mapping[str, str], cwd: Path, where: str, faults: list[str]) -> dict[str, str]:
    """The values of one level (the environment, or .env) by name without the prefix, with each NAME_FILE read."""
    values: dict[str, str] = {}
    for full in sorted(given):
        if not full.startswith(PREFIX):
            continue
        name = full.removeprefix(PREFIX)
        if _known(name):
            values[name] = given[full]
        elif name.endswith("_FILE") and _known(name.removesuffix("_FILE")):
            target = name.removesuffix("_FILE")
            if PREFIX + target in given:
                faults.append(f"{full}: {PREFIX}{target} is set in {where} too; set one of them")
            try:
                values[target] = (cwd / given[full]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                faults.append(f"{full}: cannot read {given[full]}: {getattr(error, 'strerror', None) or 'not text'}")
        else:
            faults.append(f"{full} in {where} is not a setting; {_nearest(name)}")
    return values


def _known(name: str) -> bool:
    return name in NAMES or _FEED.fullmatch(name) is not None or CHANNEL.fullmatch(name) is not None


def _nearest(name: str) -> str:
    if name.startswith("FEED_"):
        return f"a feed has {PREFIX}FEED_<ID>_USER, _PASSWORD, _KEY_FILE and _TOKEN"
    if name.startswith("NOTIFY_"):
        return f"a channel has {PREFIX}NOTIFY_<ID>_URL, _SECRET, _USER, _PASSWORD, _FROM, _DOMAINS and _CA_FILE"
    near: Iterable[str] = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.0)
    return "".join(f"the nearest is {PREFIX}{n}" for n in near)


def _dotenv(file: Path, faults: list[str]) -> dict[str, str]:
    """NAME=value lines; # comments; quotes around a value are taken off. Absent: empty."""
    if not file.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        said = line.strip().removeprefix("export ")
        if not said or said.startswith("#"):
            continue
        name, equals, value = said.partition("=")
        if not equals:
            faults.append(f"{file.name} line {number}: expected NAME=value")
        elif len(value) >= 2 and value.strip()[0] == value.strip()[-1] and value.strip()[0] in "'\"":
            found[name.strip()] = value.strip()[1:-1]
        else:
            found[name.strip()] = value.strip()
    return found
