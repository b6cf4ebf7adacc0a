"""An API of pages, on a real server that pages as DCSA 2.2, DCSA 3.0 and others do, and as badly as they may."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.sources import BadSource, Known, open_source
from data.sources.json_api import Pages
from tests.sources.web import Asked, Reply, Site, web

AT = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)
SINCE = "eventCreatedDateTime:gte"


@pytest.fixture
def site() -> Iterator[Site]:
    with web() as found:
        yield found


class Shelf:
    """A producer of events, two a page, that hands each cursor out once if asked to."""

    def __init__(self, style: str, count: int = 5, once: bool = False) -> None:
        self.style, self.count, self.once = style, count, once
        self.used: set[str] = set()

    def __call__(self, asked: Asked) -> Reply:
        cursor = asked.query.get("cursor", "")
        if cursor:
            if self.once and cursor in self.used:
                return Reply(b'{"error": "unknown cursor"}', 400)
            self.used.add(cursor)
        at = int(cursor[1:] or 0)
        following = f"c{at + 2}" if at + 2 < self.count else ""
        events: Any = list(range(at, min(at + 2, self.count)))
        headers = {}
        if self.style == "dcsa30" and following:
            headers["Next-Page-Cursor"] = following
        if self.style == "dcsa22" and following:
            headers["Next-Page"] = f"{asked.path}?limit=2&cursor={following}"
        if self.style == "link":
            then = f', <?cursor={following}>; title="x"; rel="next"' if following else ""
            headers["Link"] = '<https://a.example/first>; rel="first"' + then
        body = {"events": events, "meta": {"next": following or None}} if self.style == "cursor" else events
        return Reply(json.dumps(body).encode(), headers=headers)


def api(site: Site, waits: list[float] | None = None, read_s: float = 30, **pages: Any) -> Pages:
    fetch = {"private": True, "read_s": read_s, "api_version": "2", "pages": {"per_minute": 6000, "limit": 2, **pages}}
    source = open_source(f"{site.url}/v2/events?carrier=ZZ", None, fetch)
    assert isinstance(source, Pages)
    source.wait = (waits if waits is not None else []).append
    source.jitter = lambda: 1.0
    return source


def polled(source: Pages, bookmark: str = "", at: datetime = AT, stop: int = 10_000) -> tuple[list[str], list[Any], str]:
    """(names, bodies, last bookmark) of a pull that is broken off after `stop` pages."""
    names, bodies = [], []
    for found in source.list(Known(at, {}, bookmark)):
        with source.fetch(found) as file:
            bodies.append(json.loads(file.read() or b"null"))
        names.append(found.name)
        bookmark = found.bookmark
        if len(names) == stop:
            break
    return names, bodies, bookmark


@pytest.mark.parametrize("style", ["dcsa22", "dcsa30", "link", "cursor"])
def test_every_page_once_and_then_only_what_is_new(site: Site, style: str) -> None:
    site.says = Shelf(style)
    source = api(site, style=style, since=SINCE, overlap="1h", **({"at": "meta.next"} if style == "cursor" else {}))
    names, bodies, bookmark = polled(source)
    assert names == [f"2026-03-01T07:00:00Z page {n:04}" for n in (1, 2, 3)]
    assert [b["events"] if style == "cursor" else b for b in bodies] == [[0, 1], [2, 3], [4]]
    assert SINCE not in site.asked[0].query
    assert site.asked[0].headers["API-Version"] == "2"
    assert all(a.query.get("limit") == "2" for a in site.asked if style != "link")
    if style == "dcsa30":  # every original parameter is repeated
        assert all(a.query["carrier"] == "ZZ" for a in site.asked)
    polled(source, bookmark, AT + timedelta(hours=3))
    assert site.asked[3].query[SINCE] == "2026-03-01T06:00:00Z"


def test_a_bare_cursor_in_next_page(site: Site) -> None:
    shelf = Shelf("dcsa30")

    def says(asked: Asked) -> Reply:
        said = shelf(asked)
        return Reply(said.body, headers={"Next-Page": said.headers["Next-Page-Cursor"]} if said.headers else {})

    site.says = says
    assert polled(api(site, style="dcsa22"))[1] == [[0, 1], [2, 3], [4]]


def test_a_pull_that_was_broken_off_goes_on_at_its_cursor(site: Site) -> None:
    site.says = Shelf("dcsa30")
    source = api(site, style="dcsa30", since=SINCE, **{"from": "2026-02-01"})
    _, _, bookmark = polled(source, stop=1)
    names, bodies, bookmark = polled(source, bookmark, AT + timedelta(minutes=5))
    assert names == ["2026-03-01T07:00:00Z page 0002", "2026-03-01T07:00:00Z page 0003"]
    assert bodies == [[2, 3], [4]]
    assert {a.query[SINCE] for a in site.asked} == {"2026-02-01T00:00:00Z"}
    assert json.loads(bookmark) == {"since": "2026-03-01T06:00:00Z"}  # from when the poll began, not from when it ended


def test_a_cursor_that_is_good_for_once_only_begins_the_poll_again(site: Site) -> None:
    site.says = Shelf("dcsa30", once=True)
    source = api(site, style="dcsa30", since=SINCE, **{"from": "2026-02-01"})
    _, _, bookmark = polled(source, stop=1)
    site.says.used.add("c2")  # type: ignore[attr-defined]  # asked for, and killed before it was kept
    site.says.once = True  # type: ignore[attr-defined]

    def says(asked: Asked, shelf: Any = site.says) -> Reply:
        if "cursor" not in asked.query:
            shelf.used.clear()  # a new query has new cursors
        return shelf(asked)  # type: ignore[no-any-return]

    site.says = says
    names, bodies, _ = polled(source, bookmark, AT + timedelta(minutes=5))
    assert bodies == [[0, 1], [2, 3], [4]]
    assert names[0] == "2026-03-01T07:05:00Z page 0001"


def test_nothing_new_is_an_answer_too(site: Site) -> None:
    site.says = lambda asked: Reply(b"[]")
    names, bodies, bookmark = polled(api(site, style="dcsa30", since=SINCE))
    assert (names, bodies) == (["2026-03-01T07:00:00Z page 0001"], [[]])
    site.says = lambda asked: Reply(status=204)
    assert polled(api(site, style="dcsa30", since=SINCE), bookmark)[1] == [None]


def test_an_empty_last_page(site: Site) -> None:
    site.says = lambda asked: Reply(b"[]") if "cursor" in asked.query else Reply(b"[1, 2]", headers={"Next-Page-Cursor": "x"})
    assert polled(api(site, style="dcsa30"))[1] == [[1, 2], []]


def test_paging_that_is_refused_or_passed_over(site: Site) -> None:
    site.says = lambda asked: Reply(b"no paging here", 400) if "limit" in asked.query else Reply(b"[0, 1, 2, 3, 4]")
    assert polled(api(site, style="dcsa30", since=SINCE, **{"from": "2026-02-01"}))[1] == [[0, 1, 2, 3, 4]]
    assert site.asked[1].query == {"carrier": "ZZ", SINCE: "2026-02-01T00:00:00Z"}
    site.says = lambda asked: Reply(b"[0, 1, 2, 3, 4]")
    assert polled(api(site, style="dcsa30"))[1] == [[0, 1, 2, 3, 4]]


def test_a_question_that_is_refused_is_told(site: Site) -> None:
    site.says = lambda asked: Reply(b"what?", 400)
    with pytest.raises(BadSource, match=r"\(400\)"):
        polled(api(site, style="dcsa30"))
    assert len(site.asked) == 2


def test_pages_that_go_in_a_circle(site: Site) -> None:
    site.says = lambda asked: Reply(b"[1]", headers={"Next-Page-Cursor": "a" if asked.query.get("cursor") == "b" else "b"})
    with pytest.raises(BadSource, match="asked for before"):
        polled(api(site, style="dcsa30"))


def test_a_last_page_that_names_itself_is_taken_and_the_next_poll_begins_anew(site: Site) -> None:
    site.says = lambda asked: Reply(b"[2]" if "cursor" in asked.query else b"[1]", headers={"Next-Page-Cursor": "b"})
    source, bodies, bookmark = api(site, style="dcsa30", since=SINCE, **{"from": "2026-02-01"}), [], ""
    for _ in range(2):
        with pytest.raises(BadSource, match="asked for before"):
            for found in source.list(Known(AT, {}, bookmark)):
                bodies.append(source.fetch(found).read())
                bookmark = found.bookmark
        assert bookmark == '{"since":"2026-02-01T00:00:00Z"}'
    assert bodies == [b"[1]", b"[2]"] * 2


def test_a_poll_broken_off_at_another_server_begins_anew_at_this_one(site: Site) -> None:
    """The declaration was changed meanwhile: the bookmark's next page is refused for ever, and the source would be too."""
    site.says = Shelf("dcsa22", count=2)
    mark = '{"since":"2026-02-01T00:00:00Z","began":"2026-02-02T00:00:00Z","page":2,"next":"https://old.example.com/v2/events?cursor=7"}'
    assert polled(api(site, style="dcsa22", since=SINCE), mark)[1] == [[0, 1]]
    assert site.asked[0].query[SINCE] == "2026-02-01T00:00:00Z"


def test_no_more_pages_than_asked_in_one_pull(site: Site) -> None:
    site.says = Shelf("dcsa30", count=9)
    source = api(site, style="dcsa30", most=2)
    _, bodies, bookmark = polled(source)
    assert bodies == [[0, 1], [2, 3]]
    assert polled(source, bookmark)[1] == [[4, 5], [6, 7]]


def test_a_server_in_trouble_is_asked_again_ever_more_rarely(site: Site) -> None:
    troubles = [Reply(status=503), Reply(status=429, headers={"Retry-After": "7"}), Reply(hang=True)]
    site.says = lambda asked: troubles.pop(0) if troubles else Reply(b"[1]")
    waits: list[float] = []
    assert polled(api(site, waits, read_s=1, style="dcsa30"))[1] == [[1]]
    assert [wait for wait in waits if wait >= 0.5] == [1.0, 7.0, 4.0]


def test_patience_ends(site: Site) -> None:
    site.says = lambda asked: Reply(status=500)
    with pytest.raises(BadSource, match=r"\(500\)"):
        polled(api(site, style="dcsa30"))
    assert len(site.asked) == 4
    site.says = lambda asked: Reply(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(BadSource, match="come again in 3600 s"):
        polled(api(site, style="dcsa30"))
    assert len(site.asked) == 5
    site.says = lambda asked: Reply(status=401)
    with pytest.raises(BadSource, match="who we are"):
        polled(api(site, style="dcsa30"))
    assert len(site.asked) == 6


def test_a_page_that_breaks_in_the_middle_is_asked_for_again(site: Site) -> None:
    replies = [Reply(b"[1, 2, 3]", cut=4), Reply(gzip.compress(b"[1, 2, 3]"), headers={"Content-Encoding": "gzip"})]
    site.says = lambda asked: replies.pop(0)
    assert polled(api(site, style="dcsa30"))[1] == [[1, 2, 3]]


def test_not_asked_more_often_than_declared(site: Site) -> None:
    site.says = Shelf("dcsa30")
    waits: list[float] = []
    polled(api(site, waits, style="dcsa30", per_minute=30))
    assert len(waits) == 2
    assert all(1.5 < wait <= 2 for wait in waits)


def test_a_bookmark_that_cannot_be_read_asks_for_everything(site: Site) -> None:
    site.says = Shelf("dcsa30")
    assert len(polled(api(site, style="dcsa30"), "nonsense")[1]) == 3


def test_a_cursor_may_say_anything(site: Site) -> None:
    odd = "a b&limit=9999#/../=%00é"
    site.says = lambda asked: Reply(b"[2]") if asked.query.get("cursor") == odd else Reply(b"[1]", headers={"Next-Page-Cursor": "x"})
    body = json.dumps({"next": odd}).encode()
    site.says = lambda asked: Reply(b"{}") if asked.query.get("cursor") == odd else Reply(body)
    assert len(polled(api(site, style="cursor", at="next"))[0]) == 2
    assert site.asked[-1].query["limit"] == "2"


def test_a_body_that_is_no_json_where_the_cursor_stands_in_it(site: Site) -> None:
    for body in (b"<html>", b"[" * 100_000):
        site.says = lambda asked, body=body: Reply(body)  # type: ignore[misc]
        with pytest.raises(BadSource, match="not JSON"):
            polled(api(site, style="cursor", at="next"))


def test_a_look_says_that_it_answers(site: Site) -> None:
    site.says = Shelf("dcsa30")
    assert api(site, style="dcsa30").look() == "answers (200), 6 bytes on its first page"


def test_a_cursor_with_half_a_character_is_a_fault_of_the_source(site: Site) -> None:
    site.says = lambda asked: Reply(body=b'{"events": [], "next": "\\ud800"}')
    with pytest.raises(BadSource, match="half a character"):
        list(api(site, style="cursor", at="next").list())


@pytest.mark.parametrize("later", ["\u00b2", "9" * 5_000, "soon"])
def test_a_time_to_come_again_that_is_none_is_passed_over(site: Site, later: str) -> None:
    replies = [Reply(status=503, headers={"Retry-After": later}), Reply(body=b"[]")]
    site.says = lambda asked: replies.pop(0)
    assert len(list(api(site, style="once").list())) == 1
