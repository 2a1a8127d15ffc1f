"""A reading as other sites get it: the numbers for the element, the pictures."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC

from django.conf import settings
from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundraise import clock, colour
from fundraise.give.gauge import Gauge, days_left, gauge_of, kronor_number
from fundraise.give.reading import Sums

BAR_WIDTH = 592


@dataclass(frozen=True)
class Paint:
    """The colours of a picture; it brings its own ground, so any page around it will do."""

    ground: str
    edge: str
    ink: str
    quiet: str
    track: str


LIGHT = Paint("#fff", "#e2dcd3", "#211c17", "#5f574e", "#e6e0d8")
DARK = Paint("#231f1b", "#3a342e", "#f4efe8", "#bcb2a6", "#3a342e")


def numbers(sums: Sums) -> str:
    """Written by hand: every value is a number, a slug or a time, and kronor stay exact."""
    reading = sums.reading
    at = reading.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return (
        f'{{"campaign":"{reading.slug}",'
        f'"received_ore":{reading.received_ore},'
        f'"received_kronor":{kronor_number(reading.received_ore)},'
        f'"promised_ore":{reading.promised_ore},'
        f'"forecast_ore":{reading.forecast_ore},'
        f'"goal_ore":{reading.goal_ore},'
        f'"goal_kronor":{kronor_number(reading.goal_ore)},'
        f'"percent":{reading.percent},'
        f'"donors":{json.dumps(reading.public_donors)},'
        f'"days_left":{json.dumps(days_left(sums.ends_on, clock.today()))},'
        f'"open":{json.dumps(sums.is_open)},'
        f'"monthly":{json.dumps(sums.takes_monthly)},'
        f'"at":"{at}",'
        f'"stale":{json.dumps(reading.stale)},'
        f'"poll_after":{settings.THERMOMETER_POLL_SECONDS},'
        f'"brand":{_brand(sums.colour)}}}\n'
    )


def _brand(chosen: str) -> str:
    """The campaign's colour and the text on it, for light and for dark."""
    tokens = colour.tokens(chosen)
    pairs = {name: [scheme["brand"], scheme["on_brand"]] for name, scheme in asdict(tokens).items()}
    return json.dumps(pairs, separators=(",", ":"))


def picture(sums: Sums, language: str, *, dark: bool) -> str:
    """The thermometer as SVG, without a stylesheet, so that mails and strict sites show it."""
    reading, tokens = sums.reading, colour.tokens(sums.colour)
    gauge = gauge_of(reading, language, None, clock.today())
    filled = min(max(0, reading.received_ore), reading.goal_ore) * BAR_WIDTH // reading.goal_ore
    under = _under(gauge)
    return loader.get_template("give/thermometer.svg").render(
        {
            "gauge": gauge,
            "width": max(filled, 18) if filled else 0,
            "under": under,
            "sentence": f"{gauge.received} {under}",
            "colour": (tokens.dark if dark else tokens.light).brand,
            "paint": DARK if dark else LIGHT,
        }
    )


def button(sums: Sums) -> str:
    """A button that says the act, as SVG. The link and its words are the other site's."""
    words = _("Give a gift") if sums.is_open else _("The campaign is closed")
    return loader.get_template("give/button.svg").render(
        {"words": words, "scheme": colour.tokens(sums.colour).light}
    )


def _under(gauge: Gauge) -> str:
    words = [_("of %(goal)s") % {"goal": gauge.goal}]
    if gauge.has_begun:
        words.append(f"{gauge.percent}\N{NO-BREAK SPACE}%")
    if gauge.donors:
        donors = ngettext("%(words)s donor", "%(words)s donors", gauge.donors)
        words.append(donors % {"words": gauge.donors_words})
    if gauge.stale:
        words.append(_("as it stood at %(time)s") % {"time": gauge.time})
    return " · ".join(words)
