"""The campaign's picture, drawn here: hills in the campaign's green, no people, a small file."""

from __future__ import annotations

import io
import math
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

from fundraise.console import pictures

WIDTH, HEIGHT = 1600, 1000
FINER = 2  # drawn larger and made smaller, so that edges are smooth
SKY_TOP, SKY_FOOT = (219, 235, 228), (250, 244, 228)
SUN = (247, 214, 148)
# How far down a ridge lies, how high its waves are, how long, where they begin, and its colour.
RIDGES = [
    (0.52, 0.06, 1.3, 0.4, (158, 196, 180)),
    (0.62, 0.07, 1.0, 2.1, (104, 164, 144)),
    (0.72, 0.06, 1.6, 4.0, (52, 126, 106)),
    (0.84, 0.05, 1.2, 5.3, (11, 93, 78)),
]
Colour = tuple[int, int, int]


def ensure() -> str:
    """Keep the picture as staff's uploads are kept; returns its name."""
    drawn = draw()
    return pictures.keep(io.BytesIO(drawn), len(drawn))


@cache
def draw() -> bytes:
    """The picture as PNG; the campaign's page and the mails have the same."""
    size = (WIDTH * FINER, HEIGHT * FINER)
    image = _sky().resize(size)
    _draw_sun(image)
    for ridge in RIDGES:
        _draw_ridge(image, *ridge)
    out = io.BytesIO()
    image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()


def _sky() -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        column.putpixel((0, y), _between(SKY_TOP, SKY_FOOT, y / HEIGHT))
    return column


def _between(first: Colour, last: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, last, strict=True))
    return red, green, blue


def _draw_sun(image: Image.Image) -> None:
    glow = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
    x, y, radius = glow.width * 0.68, glow.height * 0.34, glow.height * 0.12
    ImageDraw.Draw(glow).ellipse((x - radius, y - radius, x + radius, y + radius), fill=235)
    glow = glow.filter(ImageFilter.GaussianBlur(4)).resize(image.size, Image.Resampling.BICUBIC)
    image.paste(SUN, (0, 0), glow)


def _draw_ridge(
    image: Image.Image, down: float, high: float, waves: float, begin: float, colour: Colour
) -> None:
    width, height = image.size
    line = []
    for x in range(0, width + 8, 8):
        turn = x / width * math.tau * waves + begin
        wave = math.sin(turn) + 0.4 * math.sin(turn * 2.3 + begin)
        line.append((x, height * (down - high * wave / 1.4)))
    ImageDraw.Draw(image).polygon([*line, (width, height), (0, height)], fill=colour)
