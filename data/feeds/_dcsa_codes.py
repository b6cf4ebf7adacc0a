"""What the codes of DCSA Track & Trace mean here (2.2, 3.0 and its beta; HMM writes some in words).

Definitions: DCSA Information Model, reference data of T&T 2.2.0 and 3.0.0. Why an event is a movement, a fact or a status only is in
docs/decisions/0018.
"""

from __future__ import annotations

from zones.codes import normal

CLASSIFIERS = {"ACT": "actual", "EST": "estimated", "PLN": "planned", "REQ": "requested"}
EQUIPMENT = {
    "LOAD": "load", "DISC": "discharge", "GTIN": "gate_in", "GTOT": "gate_out", "STUF": "stuff", "STRP": "strip",
    "INSP": "inspect", "RSEA": "reseal", "RMVD": "unseal",      # all three are about a seal; RMVD: taken off for an inspection
}  # fmt: skip
STATUS = frozenset({"PICK", "DROP", "AVPU", "AVDO", "CROS"})
"""At the customer's place, or announced, or past a border: no movement at a place of ours."""
BY_SHIP = frozenset({"LOAD", "DISC"})
NO_SHIP = frozenset({"RAIL", "TRUCK", "MULTIMODAL"})
CUSTOMS = {"CUSS": "selected", "CUSI": "selected", "CUSR": "release", "HOLD": "hold", "RELS": "release", "INSP": "inspected"}
"""Equipment codes that are facts. RSEA and RMVD are not: one inspection would be told three times."""
SORTS = {"CUSS": "scan", "CUSI": "inspection", "INSP": "seal"}
TRANSPORT = {"ARRI": "arrive", "DEPA": "depart"}
AUTHORITY = frozenset({"CUS", "CUC"})  # customs inspection; customs clearance
ABOUT = {"TRD": "bill", "BKG": "booking", "CUS": "declaration", "CUC": "declaration"}
CLOSED = frozenset({"VOID", "CANC"})  # the document is no more: the box no longer goes with it
SHIPMENT = {"HOLD": "hold", "RELS": "release"}
INSPECTION = {"REQS": "selected", "CMPL": "inspected"}  # of AUTHORITY's documents only
MODES = {"VESSEL": "vessel", "BARGE": "barge", "RAIL": "rail", "TRUCK": "truck"}
MOVEMENTS = {"IMPORT": "import", "EXPORT": "export", "TRANSSHIPMENT": "transshipment"}
FULL_EMPTY = {"EMPTY": "empty", "LADEN": "full"}
FACILITIES = frozenset({"BOCR", "BORD", "CLOC", "COFS", "COYA", "OFFD", "DEPO", "INTE", "POTE", "RAMP", "WAYP", "BRTH", "PBPL"})
IOT = {"DRO": "door opened", "DRC": "door closed", "LOC": "location"}
KINDS = frozenset({"EQUIPMENT", "TRANSPORT", "SHIPMENT", "IOT", "REEFER"})
INBOUND, OUTBOUND = frozenset({"DISC", "ARRI"}), frozenset({"LOAD", "DEPA"})


def tidy(text: str) -> str:
    """`zones.codes.normal`; quick for what is so already."""
    return text if text.isalnum() and text.isascii() and text.isupper() else normal(text)
