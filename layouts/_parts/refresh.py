"""Refreshing a panel without taking it down.

Dash throws away and builds anew everything under a `children` that a callback fills (measured: each refresh lost the zoom of every chart,
the map's view, an opened table, the focus). So a panel remembers the shape of what it shows, in `data-shape`. Where the next
answer has the same shape, only its live parts are handed over: a figure into its graph, rows into their table, the age into its stamp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from dash import Patch, no_update, set_props
from dash.development.base_component import Component

PROP = "data-shape"


def live(component: Component, *props: str) -> Component:
    """Mark props of a component (which has an id) as what changes from one refresh to the next."""
    component.live_props = props
    return component


def answer(content: Any, before: str | None) -> tuple[Any, Any]:
    """(children, data-shape) for a panel that showed the shape `before`: all of it, or its live parts alone and nothing else."""
    if content is no_update:
        return no_update, no_update
    now = shape(content)
    if now != before:
        return content, now
    for component in _components(content):
        if props := getattr(component, "live_props", ()):
            set_props(component.id, {name: _value(component, name) for name in props})
    return no_update, no_update


def _value(component: Component, name: str) -> Any:
    """The new value of a live prop. Of a figure all but where the reader looks: he may have moved the map or zoomed.

    Plotly's uirevision is meant for that and does not do it here: dcc.Graph hands the moved view back as if it were the page's own wish
    (measured), so that the next figure takes the reader back. An axis with a range of its own follows the page.
    """
    value = getattr(component, name, None)
    if name != "figure":
        return value
    figure = value.to_plotly_json()
    patch = Patch()
    patch["data"] = figure["data"]
    for part, said in figure["layout"].items():
        axis = part.startswith(("xaxis", "yaxis"))
        if part not in ("map", "template", "uirevision") and not (axis and "range" not in said):
            patch["layout"][part] = said
    return patch


def shape(content: Any) -> str:
    """What stays the same while only the live parts change."""
    return hashlib.blake2s(repr(_skeleton(content)).encode(), digest_size=12).hexdigest()


def _skeleton(node: Any) -> Any:
    if isinstance(node, Component):
        changing = getattr(node, "live_props", ())
        kept = ((name, _skeleton(getattr(node, name))) for name in node._prop_names if hasattr(node, name) and name not in changing)
        wild = ((name, value) for name, value in vars(node).items() if name.startswith(("data-", "aria-")) and name not in changing)
        return (node._type, *kept, *wild)
    if isinstance(node, list | tuple):
        return [_skeleton(one) for one in node]
    return node


def _components(node: Any) -> Iterator[Component]:
    if isinstance(node, Component):
        yield node
        if "children" not in getattr(node, "live_props", ()):
            yield from _components(getattr(node, "children", None))
    elif isinstance(node, list | tuple):
        for one in node:
            yield from _components(one)
