"""A tried file as lines of text: what check-feed prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import islice

from data.tryout.because import because, meaning
from data.tryout.told import Preview, Tried
from zones.codes import spaced
from zones.world import World

WIDE = 44  # of a cell


def lines(tried: Tried, world: World) -> Iterator[str]:
    """Everything that was found, in the order in which one asks."""
    place = world.place(tried.place)
    read_as = tried.feed or tried.format or "nothing that is known"
    yield f"{tried.name}: {tried.size:,} bytes, as {read_as} at {place.title()} ({place.timezone})"
    yield ""
    for found in tried.findings:
        sure = {"proposed": "declare it:", "unknown": "not known:", "declared": "declared:", "seen": "seen:"}[found.how]
        yield f"{found.what + ':':<13}{_shown(found.value):<20}  {sure} {because(found.because, found.values)}"
    if tried.lacks:
        yield f"{'lacking:':<13}{tried.lacks}: no column is taken for it"
    yield from _columns(tried)
    yield ""
    yield f"read {tried.read:,}, rejected {tried.rejected:,}, ignored {len(tried.ignored)} columns or segments, messages {tried.messages}"
    yield from _named("  counted as", tried.given)
    yield from _named("  events", tried.events)
    if tried.faults:
        yield f"  faults of the envelope: {tried.faults}; the content was taken all the same"
    yield from _first(tried, place.zone)
    if tried.rejects:
        yield from ("", f"rejected or faulty (the first {len(tried.rejects)}):")
        yield from _table(((r.position, r.reason, r.detail, r.excerpt) for r in tried.rejects), (None, None, WIDE, 90))
        said = ((reason, meaning(reason)) for reason in dict.fromkeys(r.reason for r in tried.rejects))
        yield from (f"  {reason}: {text}" for reason, text in said if text)
    if tried.ignored:
        yield from ("", "ignored:")
        yield from _table(((i.name, f"{i.count:,}", i.example) for i in tried.ignored), (90, None, WIDE))
    if tried.remarks:
        yield from ("", "remarks:")
        yield from _table(((f"{n:,}", why) for why, n in tried.remarks.items()), (None, 120))
    if tried.misnumbered:
        yield from ("", f"wrong check digit: {tried.misnumbered:,} (the first {len(tried.misnumbers)}):")
        rows = ((spaced(m.equipment), m.position, f"perhaps {spaced(m.nearest)}" if m.nearest else "") for m in tried.misnumbers)
        yield from _table(rows, (None, None, None))
    yield from _times(tried, place.zone)
    yield from _known(tried)
    yield from _alerts(tried, place.zone)
    if tried.fragment and not tried.feed:
        yield from ("", "in `feeds:` of place.yaml (id, publisher, source are yours to say):", tried.fragment.rstrip("\n"))


def shown(line: str) -> str:
    """A line as a terminal may print it: what a file has of control characters must not act on it."""
    return "".join(c if c.isprintable() or c in "\t\n" else c.encode("unicode_escape", "surrogatepass").decode() for c in line)


def _columns(tried: Tried) -> Iterator[str]:
    if not tried.columns:
        return
    yield from ("", f"columns (by {tried.sampled:,} rows):")
    rows = []
    for column in tried.columns:
        share = f"{100 * column.filled // column.rows}%" if column.rows else "–"
        rows.append((column.name, share, f"-> {column.field}" if column.field else "   ignored", " | ".join(column.examples)))
    yield from _table(rows, (28, None, None, 60))
    for column in tried.columns:
        for code in column.codes:
            if not code.ours:
                nearest = f"; nearest: {code.nearest}" if code.nearest else ""
                yield f"  unknown code in {column.name} ({column.field}): {code.text!r}, {code.count:,} times{nearest}"


def _first(tried: Tried, zone: tzinfo) -> Iterator[str]:
    if tried.previews:
        yield from ("", "the first records:")
    for preview in tried.previews:
        yield f"  {preview.position}: {preview.source[:110]}" if preview.source else f"  {preview.position}"
        if preview is tried.previews[0]:  # each cell, its column, what it is taken for; of the others this would say the same
            cells = ((f"    {text!r}", f"in {column}", f"-> {field}" if field else "   ignored") for column, text, field in preview.cells)
            yield from _table(cells, (WIDE, 28, None))
        said = ", ".join(f"{name} {value}" for name, value in preview.values)
        yield f"      {preview.event}  {spaced(preview.equipment)}  {_moment(preview, zone)}"
        yield from (f"      {text}" for text in (said[:150], f"{preview.given}: {preview.why}"[:150] if preview.why else "") if text)


def _moment(preview: Preview, zone: tzinfo) -> str:
    if preview.at is None:
        return f"no time ({preview.text!r})"
    how = f"({preview.precision}, zone from {preview.zone_from})"
    return f"{preview.text!r} = {_local(preview.at, zone)} local = {preview.at:%Y-%m-%d %H:%M} UTC {how}"


def _times(tried: Tried, zone: tzinfo) -> Iterator[str]:
    span = tried.span
    if span.earliest is None or span.latest is None:
        return
    yield from ("", f"times: {_local(span.earliest, zone)} to {_local(span.latest, zone)} local")
    if span.future or span.old:
        where = ", ".join(span.examples)
        yield f"  {span.future:,} ahead of now, {span.old:,} older than the place looks back: these would not count ({where})"


def _known(tried: Tried) -> Iterator[str]:
    known = tried.standing
    if known is None and not tried.read:
        return
    if known is None:
        yield from ("", "what is known of its boxes was not asked: there is no database here")
        return
    yield from ("", f"of {known.boxes:,} boxes that move: {known.told:,} movements are told already by others or by this file itself")
    for kind, n, said in (
        ("entered_inside", known.entered_inside, "enter though they are inside already"),
        ("left_outside", known.left_outside, "leave though they are not inside"),
        ("left_unheard", known.left_unheard, "leave though nobody ever told of them"),
    ):
        if n:
            yield f"  {n:,} {said}: {', '.join(map(spaced, known.examples.get(kind, ())))}"


def _alerts(tried: Tried, zone: tzinfo) -> Iterator[str]:
    found = tried.would
    if found is None:
        return
    if found.left_out:
        yield from ("", f"alerts: {because(found.left_out, {})}")
        return
    capped = f" (only the first {found.boxes:,} of {found.of:,} boxes were looked at)" if found.boxes < found.of else ""
    new, ends = [a for a in found.alerts if not a.ends], [a for a in found.alerts if a.ends]
    yield from ("", f"alerts it would raise now: {len(new)}{' and more' if found.more else ''}; that it would end: {len(ends)}{capped}")
    rows = ((a.severity, a.rule, a.subject, f"since {_local(a.began_at, zone)}", "ends" if a.ends else "") for a in found.alerts)
    yield from _table(rows, (None, None, None, None, None))


def _named(title: str, counts: object) -> Iterator[str]:
    if isinstance(counts, dict) and counts:
        yield f"{title}: " + ", ".join(f"{name} {n:,}" for name, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _local(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _shown(value: str) -> str:
    return {"\t": "tab", ";": "; (semicolon)", ",": ", (comma)", "|": "| (bar)", ".": ". (point)"}.get(value, value)


def _table(rows: Iterable[Sequence[str]], widths: Sequence[int | None]) -> Iterator[str]:
    """Columns below each other; what is too wide is cut."""
    cut = [[cell if wide is None else cell[:wide] for cell, wide in zip(row, widths, strict=True)] for row in islice(rows, 200)]
    most = [max((len(row[i]) for row in cut), default=0) for i in range(len(widths))]
    for row in cut:
        yield ("  " + "  ".join(cell.ljust(wide) for cell, wide in zip(row, most, strict=True))).rstrip()
