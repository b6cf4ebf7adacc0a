"""What is kept in the demo zone, and for whom. Owners, items and prices are invented."""

from __future__ import annotations

from random import Random

from data.demo.goods.lot import Article


def _article(item: str, description: str, hs: str, uom: str, net: int, gross: int, price: int, origin: str, owner: str) -> Article:
    return Article(item=item, description=description, hs=hs, uom=uom, net=net, gross=gross, price=price, origin=origin, owner=owner)


STORED = (
    _article("TL-6060", "Ceramic floor tiles 60x60", "690721", "MTK", 19_500, 20_300, 740, "CN", "ZZ Building Supply"),
    _article("FR-0220", "Household refrigerators 220 l", "841821", "C62", 48_000, 53_500, 17_800, "TH", "Demo Home Appliances"),
    _article("PU-0090", "Centrifugal pumps 9 kW", "841370", "C62", 86_000, 97_000, 41_200, "DE", "ZZ Machine Trade"),
    _article("CB-0004", "Copper cable 4 mm2", "854449", "MTR", 48, 53, 61, "KR", "ZZ Building Supply"),
    _article("PE-0025", "Polyethylene granules", "390120", "KGM", 1_000, 1_018, 118, "SG", "Demo Plastics"),
    _article("CF-0060", "Green coffee", "090111", "KGM", 1_000, 1_012, 362, "LA", "Lotus Demo Foods"),
    _article("TY-2055", "Car tyres 205/55 R16", "401110", "C62", 9_100, 9_300, 4_150, "JP", "Demo Auto Parts"),
    _article("LP-0156", "Portable computers", "847130", "C62", 1_900, 2_700, 43_500, "MY", "Harbour Demo Electronics"),
    _article("PA-0080", "Copy paper A4", "480256", "XCT", 12_300, 12_700, 1_480, "ID", "ZZ Office Trade"),
    _article("WN-0075", "Red wine in bottles", "220421", "LTR", 1_010, 1_720, 410, "FR", "Lotus Demo Foods"),
)
MADE_HERE = (
    _article("FN-0400", "Wooden furniture parts", "940391", "C62", 7_400, 7_900, 1_900, "VN", "ZZ Furniture"),
    _article("RB-0035", "Natural rubber sheets", "400121", "KGM", 1_000, 1_010, 165, "VN", "Demo Rubber"),
)
CORD = _article("CC-0002", "Connection cords of 2 m", "854442", "C62", 96, 110, 190, "VN", "ZZ Building Supply")
GARMENTS = "ZZ Garments"
CLOTH = _article("CLOTH", "Cotton cloth, dyed", "520832", "KGM", 1_000, 1_030, 690, "CN", GARMENTS)
BUTTONS = _article("BUTTONS", "Buttons of plastics", "960621", "KGM", 1_000, 1_060, 1_250, "CN", GARMENTS)
SHIRT = _article("SHIRT", "Men's shirts of cotton", "620520", "C62", 240, 262, 520, "VN", GARMENTS)
FUNGIBLE_STOCK = (
    _article("THREAD", "Sewing thread of polyester", "540110", "KGM", 1_000, 1_090, 840, "TW", GARMENTS),
    _article("LINING", "Woven lining fabric", "540752", "KGM", 1_000, 1_035, 560, "KR", GARMENTS),
    _article("CARTONS", "Cartons of corrugated paper", "481910", "C62", 620, 640, 45, "VN", GARMENTS),
)


def stored(rng: Random, domestic: bool) -> Article:
    """Something that is only stored."""
    return rng.choice(MADE_HERE if domestic else STORED)
