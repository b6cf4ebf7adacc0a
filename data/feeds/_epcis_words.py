"""The words of the Core Business Vocabulary 2.0 (gs1/EPCIS, Ontology/CBV.jsonld), however they are written: bare, cbv:, as URN or as URL.

A word that is not of the vocabulary stays as it is: somebody's own, which no reader can know.
"""

from __future__ import annotations

from collections.abc import Mapping

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"  # the namespace that the EPCIS 2.0 context declares
EPCIS = "https://ref.gs1.org/epcis/"
PREFIXES = {"cbv": CBV, "gs1": GS1, "epcis": EPCIS, "cbvmda": "urn:epcglobal:cbv:mda"}
"""What the EPCIS 2.0 context declares for everybody; a document may declare otherwise."""

EVENTS = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")
_WORDS = {
    "BizStep": (
        "accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting "
        "decommissioning departing destroying disassembling dispensing encoding entering_exiting holding inspecting installing "
        "killing loading other packing picking receiving removing repackaging repairing replacing reserving retail_selling "
        "sampling sensor_reporting shipping staging_outbound stock_taking stocking storing transporting unloading unpacking "
        "void_shipping"
    ),
    "Disp": (
        "active available completeness_inferred completeness_verified conformant container_closed container_open damaged "
        "destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class mismatch_instance "
        "mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled "
        "reserved retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable unknown"
    ),
    "BTT": "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt",
    "SDT": "location owning_party possessing_party",
    "ER": "did_not_occur incorrect_data",
    "Comp": "altitude axial_distance azimuth easting elevation_angle height latitude longitude northing polar_angle spherical_radius x y z",
}
WORDS: Mapping[str, frozenset[str]] = {kind: frozenset(words.split()) for kind, words in _WORDS.items()}
_URN = {"BizStep": "bizstep", "Disp": "disp", "BTT": "btt", "SDT": "sdt", "ER": "er", "Comp": "comp"}
_URNS = {f"urn:epcglobal:cbv:{name}:": f"{CBV}{kind}-" for kind, name in _URN.items()}


def web(kind: str, text: str) -> str:
    """A word as the vocabulary's URL, as far as it is one of its words; else the text."""
    if text in WORDS[kind]:
        return f"{CBV}{kind}-{text}"
    return url(text)


def url(text: str) -> str:
    """A CBV URN as URL; any other text as it is."""
    if text.startswith("urn:epcglobal:cbv:"):
        for urn, begins in _URNS.items():
            if text.startswith(urn):
                return begins + text[len(urn) :]
    return text


def bare(kind: str, text: str) -> str:
    """A word as it is written bare, from any of its forms; else the text."""
    told = text if text in WORDS[kind] else web(kind, text)
    for begins in (f"{CBV}{kind}-", f"cbv:{kind}-", f"https://ns.gs1.org/cbv/{kind}-"):
        if told.startswith(begins):
            return told[len(begins) :]
    return told


def spread(text: str, names: Mapping[str, str]) -> str:
    """A compact URI of GS1's own vocabularies (`cbv:BizStep-shipping`) as the whole one. Of other prefixes the values stay as they are."""
    prefix, colon, rest = text.partition(":")
    return names[prefix] + rest if colon and prefix in ("cbv", "gs1", "epcis") and not rest.startswith("//") else text
