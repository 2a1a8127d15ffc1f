"""Tokens from one campaign colour, in OKLCH: any colour that staff choose stays legible.

The stylesheet's relative colour syntax can lighten and darken, but can't see a contrast, and a
browser clips a colour outside sRGB in its own way. So the tokens are worked out here against the
true WCAG luminance, for light and for dark, and the stylesheet only derives the pressed shade.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

WHITE = "#ffffff"
NIGHT_INK = "#14110e"  # text on the brand in dark
NIGHT_CARD = "#231f1b"  # the lightest dark surface
TEXT_CONTRAST = 4.6  # WCAG asks 4.5; the rest is for rounding
SHAPE_CONTRAST = 3.1


@dataclass(frozen=True)
class Scheme:
    """The brand as a filled shape, the text on it, the brand as text, and a soft surface."""

    brand: str
    on_brand: str
    brand_text: str
    brand_soft: str


@dataclass(frozen=True)
class Tokens:
    """One scheme for light and one for dark."""

    light: Scheme
    dark: Scheme


@dataclass(frozen=True)
class _Lch:
    lightness: float
    chroma: float
    hue: float

    def hex(self) -> str:
        """The nearest colour inside sRGB: chroma gives way, lightness and hue stay."""
        chroma = self.chroma
        rgb = _linear(self.lightness, chroma, self.hue)
        while chroma > 0.001 and not all(-1e-4 <= part <= 1 + 1e-4 for part in rgb):
            chroma *= 0.94
            rgb = _linear(self.lightness, chroma, self.hue)
        return "#" + "".join(f"{_encoded(part):02x}" for part in rgb)

    def shifted(self, step: float) -> _Lch:
        return _Lch(min(1.0, max(0.0, self.lightness + step)), self.chroma, self.hue)


@lru_cache(maxsize=64)
def tokens(colour: str) -> Tokens:
    """The tokens of a colour written as #1a2b3c."""
    base = _from_hex(colour)
    return Tokens(light=_light(base), dark=_dark(base))


def _light(base: _Lch) -> Scheme:
    soft = _Lch(0.955, min(base.chroma, 0.022), base.hue).hex()
    start = _Lch(min(base.lightness, 0.62), base.chroma, base.hue)
    brand = _until(start, -0.01, [(WHITE, TEXT_CONTRAST)])
    text = _until(brand, -0.01, [(soft, TEXT_CONTRAST)])
    return Scheme(brand.hex(), WHITE, text.hex(), soft)


def _dark(base: _Lch) -> Scheme:
    soft = _Lch(0.28, min(base.chroma, 0.04), base.hue).hex()
    start = _Lch(max(base.lightness, 0.74), min(base.chroma, 0.13), base.hue)
    brand = _until(start, 0.01, [(NIGHT_INK, TEXT_CONTRAST), (NIGHT_CARD, SHAPE_CONTRAST)])
    text = _until(brand, 0.01, [(soft, TEXT_CONTRAST)])
    return Scheme(brand.hex(), NIGHT_INK, text.hex(), soft)


def _until(start: _Lch, step: float, wanted: list[tuple[str, float]]) -> _Lch:
    """The first colour on the way from `start` that has every wanted contrast."""
    colour = start
    while 0.0 < colour.lightness < 1.0:
        if all(contrast(colour.hex(), other) >= least for other, least in wanted):
            return colour
        colour = colour.shifted(step)
    return colour


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _decoded(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _decoded(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _to_linear(red), _to_linear(green), _to_linear(blue)


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> int:
    part = min(1.0, max(0.0, part))
    curved = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return round(curved * 255)


# Björn Ottosson's OKLab, https://bottosson.github.io/posts/oklab/
def _from_hex(colour: str) -> _Lch:
    red, green, blue = _decoded(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return _Lch(lightness, math.hypot(a, b), math.atan2(b, a))


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
