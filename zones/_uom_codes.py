"""The units of measure that are known: common codes of UN/ECE Recommendation 20, packages of Recommendation 21, and what people write.

`UNITS`: code -> (dimension, how much it is in the words of the units library, symbol). Only what shares a dimension converts. The dimension
is ours and not physics': a litre of pure alcohol is no litre, a kilogram of nitrogen no kilogram of goods. What has a definite number
(a pair, a dozen, a gross) is so many pieces; a carton, a set, a roll has none, and each is a dimension of its own.

Left out on purpose: the acre (two definitions are in use), the ton, the gallon and the hundredweight without a country.
"""

from __future__ import annotations

MASS, VOLUME, LENGTH, AREA, COUNT, ENERGY, ALCOHOL = "mass", "volume", "length", "area", "count", "energy", "alcohol"

UNITS: dict[str, tuple[str, str, str]] = {
    # mass
    "MGM": (MASS, "milligram", "mg"), "GRM": (MASS, "gram", "g"), "HGM": (MASS, "hectogram", "hg"), "KGM": (MASS, "kilogram", "kg"),
    "DTN": (MASS, "100 * kilogram", "dt"), "TNE": (MASS, "tonne", "t"), "KTN": (MASS, "1000 * tonne", "kt"), "CTM": (MASS, "carat", "ct"),
    "LBR": (MASS, "pound", "lb"), "ONZ": (MASS, "ounce", "oz"), "APZ": (MASS, "troy_ounce", "oz t"), "DWT": (MASS, "pennyweight", "dwt"),
    "GRN": (MASS, "grain", "gr"), "STI": (MASS, "stone", "st"), "CWA": (MASS, "hundredweight", "cwt (US)"),
    "CWI": (MASS, "long_hundredweight", "cwt (UK)"), "STN": (MASS, "short_ton", "ton (US)"), "LTN": (MASS, "long_ton", "ton (UK)"),
    # volume
    "MMQ": (VOLUME, "millimeter ** 3", "mm³"), "CMQ": (VOLUME, "centimeter ** 3", "cm³"), "DMQ": (VOLUME, "decimeter ** 3", "dm³"),
    "MTQ": (VOLUME, "meter ** 3", "m³"), "MLT": (VOLUME, "milliliter", "ml"), "CLT": (VOLUME, "centiliter", "cl"),
    "DLT": (VOLUME, "deciliter", "dl"), "LTR": (VOLUME, "liter", "l"), "HLT": (VOLUME, "hectoliter", "hl"),
    "K6": (VOLUME, "kiloliter", "kl"),
    "INQ": (VOLUME, "inch ** 3", "in³"), "FTQ": (VOLUME, "foot ** 3", "ft³"), "YDQ": (VOLUME, "yard ** 3", "yd³"),
    "GLL": (VOLUME, "US_liquid_gallon", "gal (US)"), "GLI": (VOLUME, "imperial_gallon", "gal (UK)"),
    "QTL": (VOLUME, "liquid_quart", "qt (US)"), "QTI": (VOLUME, "imperial_quart", "qt (UK)"),
    "PTL": (VOLUME, "US_pint", "pt (US)"), "PTI": (VOLUME, "imperial_pint", "pt (UK)"),
    "OZA": (VOLUME, "US_fluid_ounce", "fl oz (US)"), "OZI": (VOLUME, "imperial_fluid_ounce", "fl oz (UK)"),
    "BLL": (VOLUME, "oil_barrel", "bbl"), "BUA": (VOLUME, "bushel", "bu (US)"), "BUI": (VOLUME, "imperial_bushel", "bu (UK)"),
    "BFT": (VOLUME, "board_foot", "bd ft"),
    # length and area
    "MMT": (LENGTH, "millimeter", "mm"), "CMT": (LENGTH, "centimeter", "cm"), "DMT": (LENGTH, "decimeter", "dm"),
    "MTR": (LENGTH, "meter", "m"), "HMT": (LENGTH, "hectometer", "hm"), "KMT": (LENGTH, "kilometer", "km"),
    "INH": (LENGTH, "inch", "in"), "FOT": (LENGTH, "foot", "ft"),
    "YRD": (LENGTH, "yard", "yd"), "SMI": (LENGTH, "mile", "mi"),
    "MMK": (AREA, "millimeter ** 2", "mm²"), "CMK": (AREA, "centimeter ** 2", "cm²"), "DMK": (AREA, "decimeter ** 2", "dm²"),
    "MTK": (AREA, "meter ** 2", "m²"), "HAR": (AREA, "hectare", "ha"), "INK": (AREA, "inch ** 2", "in²"), "FTK": (AREA, "foot ** 2", "ft²"),
    "YDK": (AREA, "yard ** 2", "yd²"),
    # what is counted
    "C62": (COUNT, "count", "u"), "H87": (COUNT, "count", "pcs"), "EA": (COUNT, "count", "ea"), "NAR": (COUNT, "count", "u"),
    "PR": (COUNT, "2 * count", "pr"), "NPR": (COUNT, "2 * count", "pr"), "TPR": (COUNT, "20 * count", "10 pr"),
    "DPR": (COUNT, "24 * count", "dz pr"), "DZN": (COUNT, "12 * count", "dz"), "DPC": (COUNT, "12 * count", "dz"),
    "SCO": (COUNT, "20 * count", "score"), "CEN": (COUNT, "100 * count", "100"), "GRO": (COUNT, "144 * count", "gross"),
    "GGR": (COUNT, "1728 * count", "great gross"), "MIL": (COUNT, "1000 * count", "1000"), "MIO": (COUNT, "10 ** 6 * count", "10⁶"),
    # energy
    "JOU": (ENERGY, "joule", "J"), "KJO": (ENERGY, "kilojoule", "kJ"), "3B": (ENERGY, "megajoule", "MJ"), "GV": (ENERGY, "gigajoule", "GJ"),
    "WHR": (ENERGY, "watt_hour", "Wh"), "KWH": (ENERGY, "kilowatt_hour", "kWh"), "MWH": (ENERGY, "megawatt_hour", "MWh"),
    # what is in the goods, and not the goods
    "LPA": (ALCOHOL, "liter", "l alc."), "HPA": (ALCOHOL, "100 * liter", "hl alc."),
    "KSD": ("dry90", "kilogram", "kg 90% dry"), "TSD": ("dry90", "1000 * kilogram", "t 90% dry"), "KNI": ("nitrogen", "kilogram", "kg N"),
    "KPP": ("P2O5", "kilogram", "kg P₂O₅"), "KPO": ("K2O", "kilogram", "kg K₂O"), "KPH": ("KOH", "kilogram", "kg KOH"),
    "KSH": ("NaOH", "kilogram", "kg NaOH"), "KUR": ("uranium", "kilogram", "kg U"),
    # what is several things together, without a number
    "SET": ("set", "count", "set"), "KT": ("kit", "count", "kit"),
}  # fmt: skip

PACKAGES: dict[str, str] = {
    "BA": "barrel", "BE": "bundle", "BG": "bag", "BL": "bale", "BO": "bottle", "BX": "box", "CL": "coil", "CR": "crate", "CS": "case",
    "CT": "ctn", "CY": "cylinder", "DR": "drum", "PA": "packet", "PC": "parcel", "PK": "pkg", "PX": "pallet", "RL": "reel", "RO": "roll",
    "SA": "sack", "TN": "tin", "VI": "vial",
}  # fmt: skip
"""Codes of Recommendation 21 -> symbol. As a unit of measure they have an X before them: XCT."""

BARE = frozenset({"BE", "BG", "BL", "BO", "BX", "CR", "CS", "CT", "DR", "PA", "PK", "RL", "RO", "SA"})
"""Those that older editions of Recommendation 20 had without the X. Not PC (people write it for a piece) nor CL (a centilitre)."""

WRITTEN: dict[str, str] = {
    "MGM": "mg", "GRM": "g gr gram grams gramme grammes gam 克", "LBR": "lb lbs pound pounds 磅",
    "KGM": "kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes ki-lô-gam kilôgam 千克 公斤",
    "TNE": "t mt mts tonne tonnes metric_ton metric_tons metric_tonne metric_tonnes tấn 吨 公吨", "ONZ": "oz ounce ounces",
    "MLT": "ml millilitre millilitres milliliter milliliters mililít 毫升", "CLT": "cl",
    "LTR": "l lt ltrs litre litres liter liters lít 升 公升",
    "HLT": "hl hectolitre hectolitres", "MTQ": "m3 cbm cu.m cubic_metre cubic_metres cubic_meter cubic_meters mét_khối 立方米",
    "MMT": "mm", "CMT": "cm", "MTR": "m metre metres meter meters mét 米", "KMT": "km", "YRD": "yd yds yard yards 码",
    "FOT": "ft foot feet", "INH": "inch inches",
    "CMK": "cm2", "MTK": "m2 sqm sq.m square_metre square_metres square_meter square_meters mét_vuông 平方米",
    "FTK": "ft2 sqft sq.ft square_foot square_feet", "YDK": "yd2 sqyd square_yard square_yards",
    "FTQ": "ft3 cuft cu.ft cubic_foot cubic_feet",
    "H87": "pc pcs pce pces piece pieces cái chiếc 个 件 只 支 台", "C62": "unit units unt đơn_vị 单位", "EA": "each",
    "PR": "pair pairs prs đôi 双 对", "DZN": "doz dozen dozens tá 打", "GRO": "gross", "MIL": "thousand 千个",
    "KWH": "kw.h", "SET": "sets bộ 套", "KT": "kit kits",
    "XCT": "ctn ctns carton cartons 纸箱", "XPK": "pkg pkgs package packages kiện", "XRO": "rol roll rolls cuộn 卷",
    "XBX": "box boxes hộp 盒", "XBG": "bag bags 袋", "XDR": "drum drums 桶", "XPX": "pallet pallets plt 托盘", "XCS": "case cases",
    "XCR": "crate crates", "XBE": "bundle bundles bdl bó 捆", "XBO": "bottle bottles chai 瓶", "XCL": "coil coils", "XBL": "bale bales",
    "XSA": "sack sacks", "XRL": "reel reels",
}  # fmt: skip
"""Code -> what people write for it, in small letters, a blank as _. What means several units is not here: ton, gal, cwt,
fl oz, thùng, 箱."""
