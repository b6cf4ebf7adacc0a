"""Accounts, sign-in, sessions, roles."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from data import audit, people
from data.people import ABSOLUTE, IDLE, READERS, ROLES, SYSTEM, Actor, Refused
from data.store.engine import Store
from data.store.tables import account, session
from data.store.tables import audit as journal

GOOD = "cầu cảng số bảy"


@pytest.fixture
def lan(store: Store, now: datetime) -> Store:
    """A store with the officer Lan, who sees one place."""
    people.add_account(store, "Lan", "officer", GOOD, now, places=["demo-port"], language="vi")
    return store


def signed_in(store: Store, now: datetime) -> str:
    found = people.enter(store, "lan", GOOD, "10.0.0.1", now, demo=False)
    assert found
    return found[0]


def test_signing_in_and_out(lan: Store, now: datetime) -> None:
    token = signed_in(lan, now)
    who = people.who(lan, token, now, address="10.0.0.1")
    assert who == Actor("lan", "lan", "officer", frozenset({"demo-port"}), "vi", "10.0.0.1")
    people.leave(lan, token)
    assert people.who(lan, token, now) is None
    assert people.who(lan, "", now) is None
    assert people.who(lan, "x" * 43, now) is None


def test_a_name_is_found_whatever_its_case(lan: Store, now: datetime) -> None:
    assert people.enter(lan, " LAN ", GOOD, "", now, demo=False)


def test_nothing_secret_is_kept(lan: Store, now: datetime) -> None:
    token = signed_in(lan, now)
    with lan.read() as conn:
        rows = [tuple(map(str, row)) for table in (account, session, journal) for row in conn.execute(sa.select(table))]
        kept = conn.execute(sa.select(account.c.password)).scalar_one()
    assert not any(token in cell or GOOD in cell for row in rows for cell in row)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_session_ends_when_idle_and_after_a_shift(lan: Store, now: datetime) -> None:
    token = signed_in(lan, now)
    at = now
    while at + IDLE / 2 - now <= ABSOLUTE:
        at += IDLE / 2
        assert people.who(lan, token, at), at - now
    assert people.who(lan, token, now + ABSOLUTE + timedelta(seconds=1)) is None
    idle = signed_in(lan, now)
    assert people.who(lan, idle, now + IDLE + timedelta(seconds=1)) is None


def test_polling_does_not_keep_a_session(lan: Store, now: datetime) -> None:
    token = signed_in(lan, now)
    for minutes in range(1, 30):
        assert people.who(lan, token, now + timedelta(minutes=minutes), active=False)
    assert people.who(lan, token, now + timedelta(minutes=31), active=False) is None


def test_a_change_takes_effect_at_once(lan: Store, now: datetime) -> None:
    token = signed_in(lan, now)
    with lan.act() as conn:
        conn.execute(account.update().values(role="viewer", places=[]))
    who = people.who(lan, token, now)
    assert who
    assert (who.role, who.places) == ("viewer", frozenset())
    people.disable_account(lan, "lan", now)
    assert people.who(lan, token, now) is None
    assert people.enter(lan, "lan", GOOD, "", now, demo=False) is None
    with pytest.raises(Refused):
        people.disable_account(lan, "nobody", now)


def test_a_hundred_guesses_are_few_and_nobody_is_locked_for_ever(lan: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = 0
    real = people._verify

    def count(kept: str, password: str) -> bool:
        nonlocal verified
        verified += 1
        return real(kept, password)

    monkeypatch.setattr(people, "_verify", count)
    for guess in range(100):
        assert people.enter(lan, "lan", f"guess {guess}", f"10.0.{guess}.1", now + timedelta(seconds=9 * guess), demo=False) is None
    assert verified <= 10
    assert people.enter(lan, "lan", GOOD, "10.9.9.9", now + timedelta(minutes=15), demo=False) is None  # right, but too soon
    assert people.enter(lan, "lan", GOOD, "10.9.9.9", now + timedelta(minutes=31), demo=False)


def test_an_address_that_guesses_names_has_to_wait(lan: Store, now: datetime) -> None:
    for guess in range(20):
        assert people.enter(lan, f"name{guess}", "guess", "10.0.0.9", now, demo=False) is None
    assert people.enter(lan, "lan", GOOD, "10.0.0.9", now, demo=False) is None
    assert people.enter(lan, "lan", GOOD, "10.0.0.8", now, demo=False)


def test_an_unknown_name_costs_as_much_as_a_wrong_password(lan: Store, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    real = people._verify
    monkeypatch.setattr(people, "_verify", lambda kept, password: seen.append(kept) or real(kept, password))  # type: ignore[func-returns-value]
    assert people.enter(lan, "lan", "wrong", "a", now, demo=False) is None
    assert people.enter(lan, "nobody", "wrong", "a", now, demo=False) is None
    assert [kept.rsplit("$", 2)[0] for kept in seen] == ["$argon2id$v=19$m=19456,t=2,p=1"] * 2


def test_demo_accounts_only_in_the_demo(store: Store, now: datetime) -> None:
    people.make_demo_accounts(store, now)
    people.make_demo_accounts(store, now)
    for name in people.DEMO_ACCOUNTS:
        assert people.enter(store, name, name, name, now, demo=True)
        assert people.enter(store, name, name, name, now, demo=False) is None


@pytest.mark.parametrize("password", ["short", "1234567890", "aaaaaaaaaaaa", "lan-lan-lan-1", "x" * 300])
def test_easy_passwords_are_refused(store: Store, now: datetime, password: str) -> None:
    with pytest.raises(Refused):
        people.add_account(store, "lan", "officer", password, now)
    assert people.accounts(store) == []


def test_a_name_is_given_once(lan: Store, now: datetime) -> None:
    with pytest.raises(Refused, match="already"):
        people.add_account(lan, "LAN", "viewer", GOOD, now)
    with pytest.raises(Refused, match="role"):
        people.add_account(lan, "minh", "king", GOOD, now)
    assert [row["name"] for row in people.accounts(lan)] == ["lan"]
    assert "password" not in people.accounts(lan)[0]


def test_everything_is_in_the_journal(lan: Store, now: datetime) -> None:
    people.leave(lan, signed_in(lan, now))
    people.enter(lan, "lan", "wrong", "10.0.0.1", now, demo=False)
    people.disable_account(lan, "lan", now)
    with lan.read() as conn:
        actions = conn.execute(sa.select(journal.c.action).order_by(journal.c.seq)).scalars().all()
        assert audit.verify(conn) is None
    assert actions == ["account_added", "sign_in", "sign_in_refused", "account_disabled"]


@pytest.mark.parametrize(("role", "act"), list(itertools.product(sorted(READERS), sorted(ROLES))))
def test_roles(role: str, act: str) -> None:
    """Both ways: what the table grants is granted, what it does not is refused, at one's own places only."""
    who = Actor("x", "x", role, frozenset({"here"}))
    assert who.may(act) == (role in ROLES[act])
    if who.may(act):
        who.must(act, "here")
    else:
        with pytest.raises(Refused):
            who.must(act)
    with pytest.raises(Refused):
        who.must(act, "elsewhere")


def test_an_act_that_is_not_declared_is_nobodys() -> None:
    assert not any(Actor("x", "x", role).may("launch") for role in READERS)
    assert not Actor("x", "x", "admin").may("acknowledge")
    assert SYSTEM.may("acknowledge")
    assert SYSTEM.sees("anywhere")
