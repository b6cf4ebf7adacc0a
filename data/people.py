"""Who may do what: accounts, roles, places, sign-in and sessions.

Sessions and lockouts age in real time (`real`), also where the demo's time runs faster; what is told to readers is in the time of
the house (`now`). Answers to a failed sign-in are equal for a wrong password, an unknown name, a disabled account and a lockout.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import argon2
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import audit
from data.store.engine import Store, upsert
from data.store.tables import account, session, sign_in

READERS = frozenset({"viewer", "officer", "supervisor", "manager", "admin", "auditor"})
WORKERS = frozenset({"officer", "supervisor"})

# What an act is called -> who may do it. An act that is not here is nobody's.
ROLES: dict[str, frozenset[str]] = {
    "see": READERS,
    "see_raw": READERS - {"viewer"},
    "export": READERS - {"viewer"},
    "save_view": READERS,
    "acknowledge": WORKERS,
    "note": WORKERS,
    "start": WORKERS,
    "outcome": WORKERS,
    "close": WORKERS,
    "reopen": WORKERS,
    "shelve": WORKERS,
    "agree_shelf": WORKERS,
    "refuse_shelf": WORKERS,
    "attach": WORKERS,
    "duty": WORKERS | {"manager"},
    "assign": frozenset({"supervisor"}),
    "hand_over": WORKERS,
    "change_limit": frozenset({"supervisor", "manager"}),
    "approve_limit": frozenset({"supervisor", "manager"}),
    "backtest": frozenset({"supervisor", "manager", "admin"}),
    "reread": frozenset({"supervisor", "admin"}),
    "settle_reference": frozenset({"supervisor", "admin"}),
    "try_file": frozenset({"admin"}),
    "read_on": frozenset({"supervisor", "admin"}),
    "propose_expect": frozenset({"supervisor", "manager", "admin"}),
    "decide_expect": frozenset({"supervisor", "manager", "admin"}),
    "notify": READERS,
    "see_notices": frozenset({"supervisor", "admin", "auditor"}),
    "record_by_hand": frozenset({"supervisor"}),
    "read_by_hand": WORKERS,
    "see_audit": frozenset({"auditor", "admin"}),
    "accounts": frozenset({"admin"}),
}
DEMO_ACCOUNTS = ("officer", "supervisor", "manager", "viewer", "admin")

ABSOLUTE = timedelta(hours=12)  # one shift
IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
FREE_TRIES = {"name": 5, "from": 20}  # an address may be a whole office
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_COMMON = ("1234567890", "0123456789", "password12", "password123", "qwertyuiop", "1q2w3e4r5t", "administrator", "changeme123")

_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_hashing = threading.BoundedSemaphore(2)  # 19 MiB each: twenty sign-ins at once must not take the machine's memory
# Verified where there is no such name, so that the answer takes as long.
_nobody = "$argon2id$v=19$m=19456,t=2,p=1$qVzylEXxD+UDst1VMYJ7Aw$Cbm/VsV0zpJpmlhpdy5Cf1DKauV7VjWLPo/jGRA+9sE"


class Refused(Exception):
    """Someone asked for what is not theirs to do; or what cannot be done (the message says what)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. Every query and every act is handed one. `places` None: all places."""

    id: str
    name: str
    role: str
    places: frozenset[str] | None = None
    language: str = ""
    address: str = ""

    def may(self, act: str) -> bool:
        """Whether the role allows an act (`place` is a second question: `sees`)."""
        return self.role == "system" or self.role in ROLES.get(act, frozenset())

    def sees(self, place: str) -> bool:
        """Whether a place is within this person's reach. What belongs to no place ("") is seen by those who see all."""
        return self.places is None or place in self.places

    def must(self, act: str, place: str | None = None) -> None:
        """Errors: Refused, unless the role allows the act and, if given, the place is within reach."""
        if not self.may(act) or (place is not None and not self.sees(place)):
            raise Refused(f"{self.role} {self.name} may not {act.replace('_', ' ')}" + (f" at {place}" if place else ""))


SYSTEM = Actor("system", "system", "system")  # commands and scheduled jobs


def enter(store: Store, name: str, password: str, address: str, real: datetime, *, demo: bool) -> tuple[str, Actor] | None:
    """Sign in: the token of a new session (to be kept by the browser alone) and who it is; None if refused, for whatever reason."""
    name = name.strip().lower()[:64]
    keys = {"name": f"name:{name}", "from": f"from:{address}"[:128]}
    with store.read() as conn:
        locked = any(_wait(conn, kind, key, real) for kind, key in keys.items())
        row = conn.execute(sa.select(account).where(account.c.name == name)).one_or_none()
    if locked:
        return None
    right = _verify(row.password if row else _nobody, password)
    if row is None or not right or row.disabled or (row.demo and not demo):
        with store.act() as conn:
            for key in keys.values():
                _count_failure(conn, key, real)
            audit.append(conn, at=real, actor=Actor("", name, "", address=address), action="sign_in_refused", object=f"account:{name}")
        return None
    token = secrets.token_urlsafe(32)
    with store.act() as conn:
        conn.execute(sign_in.delete().where(sign_in.c.key == keys["name"]))
        conn.execute(session.delete().where(session.c.created_at < real - ABSOLUTE))
        conn.execute(
            session.insert(), {"token_hash": _digest(token), "name": name, "created_at": real, "last_seen_at": real, "address": address}
        )
        if _hasher.check_needs_rehash(row.password):
            conn.execute(account.update().where(account.c.name == name).values(password=_hash(password)))
        actor = _actor(row, address)
        audit.append(conn, at=real, actor=actor, action="sign_in", object=f"account:{name}")
    return token, actor


def who(store: Store, token: str, real: datetime, *, active: bool = True, address: str = "") -> Actor | None:
    """Whose session a token is, or None when it ended (12 h, or 30 min without `active` use; what a page does by itself is not use).

    Role, places and disabling are read anew each time: a change takes effect at the next request.
    """
    if not token:
        return None
    query = sa.select(account, session.c.last_seen_at, session.c.created_at.label("began_at"))
    query = query.join(session, session.c.name == account.c.name)
    with store.read() as conn:
        row = conn.execute(query.where(session.c.token_hash == _digest(token))).one_or_none()
    if row is None or row.disabled or real - row.began_at > ABSOLUTE or real - row.last_seen_at > IDLE:
        return None
    if active and real - row.last_seen_at > TOUCH_EVERY:
        with store.act() as conn:
            conn.execute(session.update().where(session.c.token_hash == _digest(token)).values(last_seen_at=real))
    return _actor(row, address)


def leave(store: Store, token: str) -> None:
    """Sign out: the session is gone, whoever holds a copy of the token."""
    with store.act() as conn:
        conn.execute(session.delete().where(session.c.token_hash == _digest(token)))


def add_account(
    store: Store,
    name: str,
    role: str,
    password: str,
    now: datetime,
    *,
    places: Iterable[str] | None = None,
    language: str = "",
    demo: bool = False,
    by: Actor = SYSTEM,
) -> None:
    """A new account; `places` None: all. Errors: Refused for an unknown role, a name that is taken, a password too easy."""
    name = name.strip().lower()
    if role not in READERS:
        raise Refused(f"no role {role}; there are {', '.join(sorted(READERS))}")
    if not name or len(name) > 64 or not name.isprintable():
        raise Refused("a name has 1 to 64 printable characters")
    if not demo and (fault := weakness(password, name)):
        raise Refused(fault)
    row = {
        "name": name,
        "role": role,
        "places": sorted(places) if places is not None else None,
        "password": _hash(password),
        "language": language,
        "disabled": False,
        "demo": demo,
        "created_at": now,
    }
    with store.act() as conn:
        if conn.execute(sa.select(account.c.name).where(account.c.name == name)).first():
            raise Refused(f"there is an account {name} already")
        conn.execute(account.insert(), row)
        after = {"role": role, "places": row["places"], "demo": demo}
        audit.append(conn, at=now, actor=by, action="account_added", object=f"account:{name}", after=after)


def disable_account(store: Store, name: str, now: datetime, *, by: Actor = SYSTEM) -> None:
    """No more sign-in, and all its sessions end. Errors: Refused if there is no such account."""
    with store.act() as conn:
        if not conn.execute(account.update().where(account.c.name == name).values(disabled=True)).rowcount:
            raise Refused(f"no account {name}")
        conn.execute(session.delete().where(session.c.name == name))
        audit.append(conn, at=now, actor=by, action="account_disabled", object=f"account:{name}")


def accounts(store: Store) -> list[dict[str, object]]:
    """Every account by name, without its password."""
    columns = [c for c in account.c if c.name != "password"]
    with store.read() as conn:
        return [dict(row) for row in conn.execute(sa.select(*columns).order_by(account.c.name)).mappings()]


def actor_named(store: Store, name: str) -> Actor:
    """The person of a name, for acts from the shell. Errors: Refused if there is none, or it is disabled."""
    with store.read() as conn:
        row = conn.execute(sa.select(account).where(account.c.name == name.lower())).one_or_none()
    if row is None or row.disabled:
        raise Refused(f"no account {name} that may act")
    return _actor(row, "shell")


def make_demo_accounts(store: Store, now: datetime) -> None:
    """The demo accounts that are not there yet, each with its name as password. They sign in only while DEMO is set."""
    there = {row["name"] for row in accounts(store)}
    for name in DEMO_ACCOUNTS:
        if name not in there:
            add_account(store, name, name, name, now, demo=True)


def weakness(password: str, name: str) -> str | None:
    """Why a password is refused, or None. Length counts; no rules of composition (ASVS 6.2)."""
    if len(password) < SHORTEST_PASSWORD:
        return f"a password has at least {SHORTEST_PASSWORD} characters; 15 or more are better"
    if len(password) > LONGEST_PASSWORD:
        return f"a password has at most {LONGEST_PASSWORD} characters"
    if password.lower() in _COMMON or (name and name in password.lower()) or len(set(password)) < 4:
        return "this password is among the first that are tried"
    return None


def _actor(row: sa.Row[tuple[object, ...]], address: str) -> Actor:
    name, role, places, language = (row._mapping[account.c[column]] for column in ("name", "role", "places", "language"))
    return Actor(name, name, role, None if places is None else frozenset(places), language, address)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _hash(password: str) -> str:
    with _hashing:
        return _hasher.hash(password)


def _verify(kept: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(kept, password[:LONGEST_PASSWORD])
        except argon2.exceptions.VerificationError:
            return False


def _wait(conn: Connection, kind: str, key: str, real: datetime) -> bool:
    """Whether this name or address has to wait: 30 s after the last free try, doubling up to 15 min, never for ever."""
    row = conn.execute(sa.select(sign_in).where(sign_in.c.key == key)).one_or_none()
    if row is None or row.failures < FREE_TRIES[kind]:
        return False
    wait = min(FIRST_WAIT * 2 ** min(row.failures - FREE_TRIES[kind], 10), LONGEST_WAIT)
    return bool(real - row.last_at < wait)


def _count_failure(conn: Connection, key: str, real: datetime) -> None:
    conn.execute(sign_in.delete().where(sign_in.c.key == key, sign_in.c.last_at < real - 2 * LONGEST_WAIT))
    upsert(conn, sign_in, [{"key": key, "failures": 1, "last_at": real}], ["key"], add=["failures"], set=["last_at"])
