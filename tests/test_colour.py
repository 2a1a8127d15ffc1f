from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundraise import colour
from fundraise.colour import contrast

CSS = Path(__file__).resolve().parents[1] / "fundraise/give/static/give/give.css"
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TEXT_PAIRS = [
    ("ink", "page"),
    ("ink", "card"),
    ("quiet", "page"),
    ("quiet", "card"),
    ("error", "page"),
    ("error", "card"),
    ("waiting", "card"),
    ("waiting", "page"),
    ("received-ink", "card"),
    ("ink", "waiting-soft"),
]
SHAPE_PAIRS = [("edge", "card"), ("edge", "page"), ("error", "card")]


def house_colours(scheme: str) -> dict[str, str]:
    """The stylesheet's own tokens: the first block is light, the second dark."""
    blocks = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 1 if scheme == "light" else 2]:
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))
    return {name: _long(value) for name, value in found.items()}


def _long(value: str) -> str:
    return value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])


@given(COLOURS)
def test_any_colour_stays_legible_in_light(chosen: str) -> None:
    scheme, house = colour.tokens(chosen).light, house_colours("light")
    assert contrast(scheme.brand, scheme.on_brand) >= 4.5
    assert contrast(scheme.brand, house["card"]) >= 3
    assert contrast(scheme.brand, house["page"]) >= 3
    assert contrast(scheme.brand_text, house["page"]) >= 4.5
    assert contrast(scheme.brand_text, scheme.brand_soft) >= 4.5
    assert contrast(house["ink"], scheme.brand_soft) >= 4.5
    assert contrast(house["quiet"], scheme.brand_soft) >= 4.5
    assert contrast(house["error"], scheme.brand_soft) >= 4.5
    assert contrast(scheme.brand, house["track"]) >= 3


@given(COLOURS)
def test_any_colour_stays_legible_in_dark(chosen: str) -> None:
    scheme, house = colour.tokens(chosen).dark, house_colours("dark")
    assert contrast(scheme.brand, scheme.on_brand) >= 4.5
    assert contrast(scheme.brand, house["card"]) >= 3
    assert contrast(scheme.brand_text, house["page"]) >= 4.5
    assert contrast(scheme.brand_text, scheme.brand_soft) >= 4.5
    assert contrast(house["ink"], scheme.brand_soft) >= 4.5
    assert contrast(house["quiet"], scheme.brand_soft) >= 4.5
    assert contrast(house["error"], scheme.brand_soft) >= 4.5
    assert contrast(scheme.brand, house["track"]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "surface"), TEXT_PAIRS)
def test_the_houses_own_text_is_legible(scheme: str, text: str, surface: str) -> None:
    house = house_colours(scheme)
    assert contrast(house[text], house[surface]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "surface"), SHAPE_PAIRS)
def test_the_houses_own_shapes_are_seen(scheme: str, shape: str, surface: str) -> None:
    house = house_colours(scheme)
    assert contrast(house[shape], house[surface]) >= 3


def test_a_legible_colour_is_left_as_it_is() -> None:
    assert colour.tokens("#0b5d4e").light.brand == "#0b5d4e"


def test_yellow_is_darkened_in_light_and_kept_light_in_dark() -> None:
    made = colour.tokens("#ffe600")
    assert contrast(made.light.brand, "#ffffff") >= 4.5
    assert contrast(made.dark.brand, colour.NIGHT_INK) >= 4.5


def test_contrast_is_the_wcag_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
