"""Units of measure: exact ratios, what converts and what does not, what people write."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zones import uom
from zones._uom_codes import WRITTEN

CODES = st.sampled_from(uom.codes())
ALIKE = CODES.flatmap(
    lambda code: st.lists(st.sampled_from([o for o in uom.codes() if uom.dimension(o) == uom.dimension(code)]), min_size=3, max_size=3)
)


@pytest.mark.parametrize(
    ("one", "other", "exact"),
    [
        # International yard and pound: Weights and Measures Act 1985 (UK) s. 1 (1); US: Federal Register 59-5442, 30 June 1959
        ("LBR", "KGM", "0.45359237"),
        ("YRD", "MTR", "0.9144"),
        ("INH", "CMT", "2.54"),
        ("ONZ", "GRM", "28.349523125"),  # a sixteenth of a pound: NIST Handbook 44, Appendix C
        ("APZ", "GRM", "31.1034768"),  # 480 grains of 1/7000 pound each: NIST Handbook 44, Appendix C
        ("STN", "KGM", "907.18474"),  # 2000 pounds
        ("LTN", "KGM", "1016.0469088"),  # 2240 pounds
        ("CWA", "KGM", "45.359237"),  # 100 pounds
        ("CWI", "KGM", "50.80234544"),  # 112 pounds
        ("GLL", "LTR", "3.785411784"),  # 231 cubic inches: NIST Handbook 44, Appendix C
        ("OZA", "MLT", "29.5735295625"),  # a 128th of it
        ("GLI", "LTR", "4.54609"),  # Weights and Measures Act 1985 (UK), Schedule 1, Part IV
        ("BLL", "LTR", "158.987294928"),  # 42 US gallons: NIST Handbook 44, Appendix C, petroleum
        ("BUA", "INQ", "2150.42"),  # NIST Handbook 44, Appendix C
        ("CTM", "MGM", "200"),  # 4th CGPM (1907)
        ("FTK", "MTK", "0.09290304"),
        ("SMI", "MTR", "1609.344"),
        ("KWH", "3B", "3.6"),
        ("TNE", "KGM", "1000"),
        ("MTQ", "LTR", "1000"),
        ("DTN", "KGM", "100"),
        ("DZN", "H87", "12"),
        ("NPR", "H87", "2"),
        ("DPR", "PR", "12"),
        ("GGR", "GRO", "12"),
        ("HPA", "LPA", "100"),
        ("XCT", "CT", "1"),
    ],
)
def test_exact_figures(one: str, other: str, exact: str) -> None:
    assert uom.ratio(one, other) == Fraction(exact)


@given(ALIKE)
def test_there_and_back_and_by_the_way(codes: list[str]) -> None:
    a, b, c = codes
    there, back, on, whole = uom.ratio(a, b), uom.ratio(b, a), uom.ratio(b, c), uom.ratio(a, c)
    assert there is not None
    assert back is not None
    assert on is not None
    assert there > 0
    assert there * back == 1
    assert there * on == whole


@given(CODES, CODES)
def test_what_is_of_another_dimension_does_not_convert(a: str, b: str) -> None:
    assert (uom.ratio(a, b) is None) == (uom.dimension(a) != uom.dimension(b))


@pytest.mark.parametrize(
    ("a", "b"), [("XCT", "H87"), ("XCT", "XPK"), ("LPA", "LTR"), ("KNI", "KGM"), ("SET", "H87"), ("ZZ", "KGM"), ("", "KGM")]
)
def test_what_has_no_definite_number_is_not_converted(a: str, b: str) -> None:
    assert uom.ratio(a, b) is None


def test_an_unknown_unit_is_itself() -> None:
    assert uom.ratio("THUNG", "THUNG") == 1
    assert (uom.known("THUNG"), uom.dimension("THUNG"), uom.symbol("THUNG")) == (False, "", "THUNG")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("kg", "KGM"), ("KG", "KGM"), ("Kgs.", "KGM"), ("kgm", "KGM"), ("千克", "KGM"), ("㎏", "KGM"), ("t", "TNE"), ("M/T", "M/T"),
        ("MT", "TNE"),
        ("tấn", "TNE"), ("metric  tons", "TNE"), ("pcs", "H87"), ("PCE", "H87"), ("pc", "H87"), ("cái", "H87"), ("Cái", "H87"),
        ("个", "H87"),
        ("litre", "LTR"), ("lít", "LTR"), ("m2", "MTK"), ("m²", "MTK"), ("㎡", "MTK"), ("m³", "MTQ"), ("CBM", "MTQ"), ("dozen", "DZN"),
        ("đôi", "PR"), ("套", "SET"), ("ctns", "XCT"), ("ct", "CT"), ("cl", "CLT"), (" KGM ", "KGM"),
    ],
)  # fmt: skip
def test_what_people_write(written: str, code: str) -> None:
    assert uom.code_of(written) == code


@pytest.mark.parametrize("written", ["ton", "tons", "gal", "gallon", "cwt", "fl oz", "thùng", "箱", "acre", "", "each other", "kgx"])
def test_what_means_several_units_or_none_stays_unknown(written: str) -> None:
    assert uom.code_of(written) == written
    assert not uom.known(uom.code_of(written))


def test_no_word_means_two_units_and_none_hides_behind_a_code() -> None:
    words = [word.replace("_", " ") for texts in WRITTEN.values() for word in texts.split()]
    assert len(words) == len(set(words))
    for code, texts in WRITTEN.items():
        assert uom.known(code)
        for word in texts.split():
            assert uom.code_of(word.replace("_", " ")) == code


@given(st.text(max_size=12))
def test_any_text_is_read_and_read_again_is_the_same(text: str) -> None:
    code = uom.code_of(text)
    assert uom.code_of(code) == code
    assert uom.known(code) or code == text.strip()


def test_the_library_is_read_only_when_units_meet() -> None:
    script = (
        "import sys\nfrom zones import uom\nuom.code_of('kg'), uom.known('KGM'), uom.ratio('KGM', 'KGM'), uom.ratio('KGM', 'LTR')\n"
        "assert 'pint' not in sys.modules\nassert uom.ratio('TNE', 'KGM') == 1000\nassert 'pint' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_quantity_becomes_one_of_another_unit_or_none() -> None:
    assert uom.Quantity(1_000_000, "LBR").to("KGM") == uom.Quantity(453_592, "KGM")
    assert uom.Quantity(1, "").to("") == uom.Quantity(1, "")
    assert uom.Quantity(1, "KGM").to("LTR") is None
    assert [str(uom.Quantity(n, "KGM")) for n in (1_204_500_000, -1, 0)] == ["1204.5 KGM", "-0.000001 KGM", "0 KGM"]
