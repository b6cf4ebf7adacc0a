"""The only way to register a callback: it says which act it may do, and is refused to roles that may not.

The gate has already refused whoever is not signed in. The role is looked at here, the place in every query: what a browser sends
back (State, Store, ids) is never believed. An error shows itself: in the panel where the callback fills one, else as a toast,
with a reference that stands in the log. Without this Dash would leave the old figures standing and say nothing.
"""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable
from typing import Any

import dash
from dash import ALL, MATCH, Input, Output, Patch, State, ctx, no_update
from dash.exceptions import PreventUpdate

from data.people import ROLES, Refused
from layouts._parts import refresh
from layouts._parts.here import actor
from layouts._parts.states import failed, refused
from layouts._parts.toast import toast

__all__ = ["ALL", "MATCH", "Input", "Output", "Patch", "PreventUpdate", "State", "callback", "can", "ctx", "no_update", "reference"]

log = logging.getLogger("zonewatch.layouts")


def can(act: str) -> bool:
    """Whether whoever asks may do an act (data.people.ROLES)."""
    return actor().may(act)


def reference(error: BaseException) -> str:
    """Write an error to the log and give the reference it is found by."""
    ref = secrets.token_hex(4)
    log.error("reference %s: %s", ref, error, exc_info=error, extra={"reference": ref})
    return ref


def callback(*args: Any, may: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As dash.callback, with the act it does. Only for page files, which Dash runs for every application it builds
    (and for `register(app)` functions of the shell, which hand in `app=`)."""
    if may not in ROLES:
        raise ValueError(f"{may!r} is not an act: {', '.join(sorted(ROLES))}")
    register = options.pop("app", dash).callback
    outputs = [arg for arg in args if isinstance(arg, Output)] + _listed(options.get("output"))
    panel = len(outputs) == 1 and outputs[0].component_property == "children"

    # A panel is refreshed in place, where the callback is written the plain way: Output, then Inputs and States.
    in_place = panel and args[:1] == (outputs[0],) and not outputs[0].allow_duplicate and set(options) <= {"prevent_initial_call"}

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def guarded(*inputs: Any, **named: Any) -> Any:
            try:
                actor().must(may)
                return function(*inputs, **named)
            except PreventUpdate:
                raise
            except Refused as error:
                log.warning("refused: %s", error)
                if not panel:
                    raise
                return refused()
            except Exception as error:
                if not panel:
                    raise
                return failed(reference(error))

        guarded.may = may  # type: ignore[attr-defined]
        if not in_place:
            register(*args, **options)(guarded)
            return guarded

        @functools.wraps(guarded)
        def refreshed(*inputs: Any) -> Any:
            return refresh.answer(guarded(*inputs[:-1]), inputs[-1])

        where = outputs[0].component_id
        register(outputs[0], Output(where, refresh.PROP), *args[1:], State(where, refresh.PROP), **options)(refreshed)
        return guarded

    return decorate


def show_error(error: Exception) -> None:
    """What Dash calls for an error in a callback that fills no single panel."""
    if isinstance(error, Refused):
        toast("shell.refused", kind="warn")
    else:
        toast("shell.failed_toast", kind="error", ref=reference(error))


def _listed(output: Any) -> list[Any]:
    return output if isinstance(output, list) else [output] if isinstance(output, Output) else []
