"""What an event of EPCIS is in a goods ledger (the CBV's business steps: gs1/EPCIS, Ontology/CBV.jsonld; the customs act is our mapping).

Only what the table names moves stock. Every other word of the vocabulary is a status, a word that is not of it is unclassified: nothing is
guessed from a disposition alone, but for `destroyed` and `returned`, which say it.
"""

from __future__ import annotations

from msgspec import Struct

from data.feeds._epcis_words import WORDS

ACTIONS = ("ADD", "OBSERVE", "DELETE")
COUNTED = {"stock_taking": "full", "cycle_counting": "cycle"}

REASONS: dict[str, str] = {
    "status_step": "The event tells a state of the goods, not a movement: {detail}.",
    "no_step": "The event does not say which business step it was.",
    "unknown_step": "The business step is no word of the vocabulary: {detail}.",
    "action_contradicts": "The action does not go with the business step: {detail}.",
    "links_document": "The event links goods with a document and moves nothing.",
    "reusable_asset": "The event links goods with a reusable asset and moves nothing.",
    "aggregate_only": "The event tells of goods packed together; of such events only packing and unpacking are read: {detail}.",
    "number_only": "The event assigns or frees a number; the goods stay as they are: {detail}.",
    "shipping_void": "A shipment was declared void; the goods are taken to have come back.",
}


class Act(Struct, frozen=True, gc=False):
    """The act of an event. `out`: the goods are no longer where it happened."""

    act: str
    side: str = ""
    counted: str = ""
    given: str = "live"
    why: str = ""
    out: bool = False


def status(why: str, detail: str = "") -> Act:
    """An act that is told and moves nothing."""
    return Act("other", given="status_only", why=f"{why}: {detail}" if detail else why)


def _unclassified(why: str, detail: str = "") -> Act:
    return Act("other", given="unclassified", why=f"{why}: {detail}" if detail else why)


def act_of(kind: str, action: str, step: str, disposition: str) -> Act:
    """What an event of that kind, action, step and disposition (bare words, "" where not told) does."""
    if kind == "TransformationEvent":
        return Act("manufacture")  # its lines are inputs and outputs
    if kind == "TransactionEvent":
        return status("links_document")
    if kind == "AssociationEvent":
        return status("reusable_asset")
    if not step and disposition != "destroyed":
        return _unclassified("no_step")
    if step and step not in WORDS["BizStep"]:
        return _unclassified("unknown_step", step)
    return _packed(action, step) if kind == "AggregationEvent" else _object(action, step, disposition)


def _packed(action: str, step: str) -> Act:
    wanted = {"packing": ("ADD", "stuff"), "unpacking": ("DELETE", "strip")}.get(step)
    if wanted is None:
        return status("aggregate_only", step or "nothing")
    if action == wanted[0]:
        return Act(wanted[1])
    if action == "OBSERVE":
        return status("status_step", f"{step} {action}")
    return _unclassified("action_contradicts", f"{step} {action}")


def _object(action: str, step: str, disposition: str) -> Act:
    contradicts = _unclassified("action_contradicts", f"{step or disposition} {action}")
    if step == "receiving":
        return contradicts if action == "DELETE" else Act("return" if disposition == "returned" else "admission")
    if step in ("shipping", "departing"):
        return Act("withdrawal", out=True) if action == "OBSERVE" else contradicts
    if step == "void_shipping":
        return Act("return", why="shipping_void") if action == "OBSERVE" else contradicts
    if step in COUNTED:
        return Act("count", counted=COUNTED[step]) if action == "OBSERVE" else contradicts
    if step == "destroying" or (disposition == "destroyed" and action == "DELETE" and step != "decommissioning"):
        return Act("destruction", out=True) if action == "DELETE" else contradicts
    if step == "accepting":
        return Act("transfer") if action != "DELETE" else contradicts  # of the owner, where the event names both; else a status
    if step in ("commissioning", "decommissioning", "creating_class_instance", "encoding"):
        return status("number_only", step)
    return status("status_step", step)
