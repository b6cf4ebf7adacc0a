"""A list of HS codes beside the law: what it says, what is wrong with one, and which lines are held to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from data import declared
from data.settings import Settings
from tests.pure.test_in_force import settings  # noqa: F401  (a fixture)
from tests.pure.test_line import GOOD
from tests.pure.test_world import FORMATS, LAW, PORT
from zones.hs import EDITIONS, HsList, read_list
from zones.line import faults
from zones.world import BadDeclarations, LimitsText, World

NAMED = LAW + "hs: {edition: 2022, codes: hs-2022.csv}\n"
TABLE = """section,hscode,description,parent,level
XVI,85,"Machinery, electrical",TOTAL,2
XVI,8542,"Circuits; ""integrated"",
and parts",85,4
XVI,854231,Processors,8542,6
TOTAL,TOTAL,Total of all,TOTAL,5
"""


def world(law: str = NAMED, **beside: str | None) -> World:
    """A world whose law has these lists beside it (`hs_2022` for hs-2022.csv)."""
    texts = {name.replace("_", "-") + ".csv": text for name, text in beside.items()}
    return World.build([PORT], [LimitsText("site/vn.yaml", law, beside=texts)], FORMATS)


def told(law: str = NAMED, **beside: str | None) -> list[str]:
    """What is wrong with it."""
    with pytest.raises(BadDeclarations) as caught:
        world(law, **beside)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    "text",
    [
        TABLE, TABLE.replace("\n", "\r\n"), "HSCode;name\n8542.31;Processors\n", "hscode\n854231\n\n", "85\n8542\n\n8542.31\n",
        "8542310010\n",
    ],
)  # fmt: skip
def test_lists_as_people_have_them(text: str) -> None:
    found, wrong = read_list("hs.csv", text, "2022")
    assert (found.codes, found.edition, wrong) == ({"854231"}, "2022", [])
    assert found.version == HsList("2022", ["854231"]).version


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("854231\n85423l\n", 2, "'85423l' is no HS code"),
        ("hscode,name\n854231,Processors\n10121,Horses\n", 3, "'10121' has 5 digits"),
        ("854231\n1012100\n", 2, "has 7 digits"),
        ("854231\n770000\n", 2, "is in chapter 77, which there is not"),
        (TABLE + "I,,Animals,,2\n", 7, "there is no code in this line"),
        ("854231\n85423\u0661\n", 2, "is no HS code"),
        ("code,name\n854231,Processors\n", 1, "no column is named 'hscode': code, name"),
        ('hscode,name\n854231,"Processors\n854232,Memory\n', 2, "the row that begins here cannot be read"),
        ("85\n8542\n", 0, "there is no code of six digits in it"), ("", 0, "there is no code of six digits in it"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line(text: str, line: int, says: str) -> None:
    _, wrong = read_list("site/hs.csv", text, "2022")
    assert [(fault.file, fault.line) for fault in wrong] == [("site/hs.csv", line)]
    assert says in wrong[0].message


def test_of_many_mistakes_the_first_are_told() -> None:
    _, wrong = read_list("hs.csv", "854231\n" + "x\n" * 900, "2022")
    assert (len(wrong), wrong[-1].message) == (21, "and 880 more mistakes like these")


@given(st.text(alphabet='0189x.,;"\n\r\t hscode\u0661', max_size=60))
def test_any_text_is_a_list_or_its_mistakes(text: str) -> None:
    found, wrong = read_list("hs.csv", text, "2022")
    assert bool(found.codes) or bool(wrong)
    assert all(len(code) == 6 and code.isdecimal() for code in found.codes)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"hs": "854231"}, ()), ({"hs": "854231001000"}, ()), ({"hs": "854232"}, ("unknown_hs",)), ({"hs": "85423200"}, ("unknown_hs",)),
        ({"hs": "854232", "hs_edition": ""}, ("unknown_hs",)), ({"hs": "854232", "hs_edition": "2017"}, ()), ({"hs": ""}, ()),
        ({"hs": "854232", "hs_edition": "HS22"}, ("unknown_hs_edition",)), ({"hs": "85423", "hs_edition": "2017"}, ("unknown_hs",)),
        ({"hs": "98010000"}, ("national_hs",)), ({"hs": "990300"}, ("national_hs",)), ({"hs": "854232", "function": "cancel"}, ()),
    ],
)  # fmt: skip
def test_lines_are_held_to_the_list_of_their_edition(said: dict[str, str], wrong: tuple[str, ...]) -> None:
    assert faults(replace(GOOD, **said), hs=world(hs_2022=TABLE).hs_list("port")) == wrong


@given(st.from_regex(r"[0-9]{6,12}", fullmatch=True), st.sampled_from(["", *EDITIONS]))
def test_a_list_that_has_it_finds_nothing_that_the_form_does_not(code: str, edition: str) -> None:
    line = replace(GOOD, hs=code, hs_edition=edition)
    assert faults(line, hs=HsList("2022", [code[:6]])) == faults(line)


def test_the_list_is_beside_the_law_that_names_it() -> None:
    assert told() == ["site/vn.yaml:7: hs.codes: there is no hs-2022.csv beside site/vn.yaml (a .csv or a .txt)"]
    assert told(hs_2022=None) == ["site/vn.yaml:7: hs.codes: hs-2022.csv cannot be read as UTF-8 text"]
    assert told(hs_2022="854231\nx\n") == ["site/hs-2022.csv:2: hscode: 'x' is no HS code: digits are expected"]
    assert told(NAMED.replace("2022,", "2021,"), hs_2022=TABLE)[0].startswith("site/vn.yaml:7: hs.edition: 2021 is no edition of the")
    assert told(NAMED.replace(", codes: hs-2022.csv", "")) == ["site/vn.yaml:7: hs.codes: required, and missing"]
    assert world(LAW, hs_2022="nonsense").hs_list("port") is None, "what nobody names is not looked at"


def test_a_changed_list_is_another_world_under_the_same_law() -> None:
    one, other = world(hs_2022=TABLE), world(hs_2022=TABLE.replace("854231", "854232"))
    assert one.version != other.version
    assert one.law("port").version == other.law("port").version, "no rule leans on it"
    assert [(file.kind, file.id, file.path) for file in one.files if file.kind == "hs"] == [("hs", "vn", "site/hs-2022.csv")]


def test_a_list_is_read_and_its_change_taken_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(declared, "EVERY_S", 0.0)
    folder: Path = settings.limits[0]
    (folder / "here.yaml").write_text("jurisdiction: here\nlimits: []\nhs: {edition: 2022, codes: hs.txt}\n")
    with pytest.raises(BadDeclarations, match=r"here\.yaml:3: hs\.codes: there is no hs\.txt"):
        declared.load(settings)
    (folder / "notes.txt").write_bytes(b"\xff of nobody's concern")
    (folder / "hs.txt").write_text("\ufeff8542.31\n", encoding="utf-8")
    world = declared.InForce(settings)
    (folder / "hs.txt").write_text("8542.31\n8542.32\n")
    found = world().hs_list("port")
    assert found is not None
    assert found.codes == {"854231", "854232"}
