"""The donation page as its template reads it: cards, ladders, what was typed, what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.html import format_html_join

from fundraise.give import links, shell
from fundraise.give.amounts import OTHER
from fundraise.give.forms import GiveForm
from fundraise.give.gauge import Gauge
from fundraise.give.monthly import AT_THE_BANK, BANKGIRO, Monthly, variant_words
from fundraise.give.monthly_form import values_at_first
from fundraise.give.presets import MONTHLY, ONCE, Preset
from fundraise.give.terms import Terms
from fundraise.money import format_number
from fundraise.providers import account_words

LONGEST_KEPT = 1_000  # of what was typed into one field and is shown again
REFERENCE_MARK = "reference-goes-here"
MAILED_MARK = "mailed-goes-here"
ANCHORS = {
    "frequency": "frequency-once",
    "amount_once": "once-1",
    "amount_monthly": "monthly-1",
    "way": "way-1",
}
HELPED = (
    "Handelsbanken",
    "Nordea",
    "Swedbank",
    "SEB",
    "Danske Bank",
)  # banks with help of their own


@dataclass(frozen=True)
class Choosing:
    """What is chosen when the page opens."""

    frequency: str = ONCE
    chosen: str = ""
    typed: str = ""
    every: int = 1


@dataclass(frozen=True)
class Card:
    """One sum to choose."""

    number: int
    ore: int
    checked: bool
    asks: bool


@dataclass(frozen=True)
class Ladder:
    """The sums of one frequency and the field for another sum."""

    frequency: str
    cards: tuple[Card, ...]
    other_checked: bool
    other_typed: str
    error: str

    @property
    def monthly(self) -> bool:
        return self.frequency == MONTHLY


def choosing_from(preset: Preset, terms: Terms) -> Choosing:
    """What a link chose, as far as the campaign has it."""
    # A sum without a word of how often is for once: a mail that says "Give 200 kr" means that.
    first = ONCE if preset.amount_ore is not None else terms.first_frequency
    monthly = (preset.frequency or first) == MONTHLY
    frequency = MONTHLY if monthly and terms.takes_monthly else ONCE
    every = preset.every
    if preset.amount_ore is None:
        return Choosing(frequency, every=every)
    if preset.amount_ore in terms.ladder(frequency):
        return Choosing(frequency, chosen=str(preset.amount_ore), every=every)
    typed = format_number(preset.amount_ore, space=" ")
    return Choosing(frequency, chosen=OTHER, typed=typed, every=every)


@lru_cache(maxsize=256)
def opened(terms: Terms, gauge: Gauge, choosing: Choosing) -> str:
    """The page as it first opens; the same values are the same page."""
    return filled(terms, gauge, choosing, {})


def filled(terms: Terms, gauge: Gauge, choosing: Choosing, giver: Mapping[str, str]) -> str:
    """The same with a giver's name and e-mail in it: for one visitor, kept nowhere."""
    frame = shell.frame(terms.language, _other_url(terms), terms)
    template = "give/donate.html" if terms.is_open else "give/closed.html"
    return shell.render(
        template,
        frame,
        **_common(terms, gauge),
        ladders=_ladders(terms, choosing, {}),
        choosing=choosing,
        values={**giver, "reference": REFERENCE_MARK, "proof": MAILED_MARK},
        errors={},
        chosen_way=terms.ways[0].method if terms.ways else "",
        **_chosen_monthly(terms, values_at_first(terms.monthly) | {"every": str(choosing.every)}),
    )


def answered(
    terms: Terms,
    gauge: Gauge,
    form: GiveForm,
    *,
    reference: str,
    notice: str = "",
    mailed_pass: str = "",
) -> str:
    """The page again, with what was typed kept and what was wrong said."""
    choosing = _choosing_of(form)
    errors = {name: str(said[0]) for name, said in form.errors.items()}
    return shell.render(
        "give/donate.html",
        shell.frame(terms.language, _other_url(terms), terms),
        **_common(terms, gauge),
        ladders=_ladders(terms, choosing, errors),
        choosing=choosing,
        values={**_kept(form), "reference": reference, "proof": mailed_pass},
        errors=errors,
        summary=[(ANCHORS.get(name, name), said) for name, said in errors.items()],
        notice=notice,
        chosen_way=_typed(form, "way") or (terms.ways[0].method if terms.ways else ""),
        identity_asked=form.identity_asked,
        **_chosen_monthly(terms, _kept(form)),
    )


def _common(terms: Terms, gauge: Gauge) -> dict[str, Any]:
    return {
        "terms": terms,
        "gauge": gauge,
        "token": shell.TOKEN_MARK,
        "action": links.give(terms.slug, terms.language),
        "prove_url": links.prove(terms.slug, terms.language) if terms.proof_asked else "",
        "link_url": links.link(terms.slug, terms.language),
        "least": settings.FORM_MIN_SECONDS,
        "share_url": links.absolute(links.donate(terms.slug, terms.language)),
        "picture_url": links.absolute(terms.picture_url) if terms.picture_url else "",
        "always_asks": terms.threshold_ore == 0,
        **(about_monthly(terms, terms.monthly) if terms.monthly else {}),
    }


def about_monthly(terms: Terms, about: Monthly) -> dict[str, Any]:
    """What the part about every month reads."""
    return {
        "every": format_html_join("", '<span class="every every-{}">{}</span>', about.everies),
        "variants": [(variant, variant_words(variant)) for variant in about.variants],
        "payer_terms": terms,
        "on_paper_only": BANKGIRO not in about.variants,
        "bank_url": links.bank(terms.language),
        "account_help": account_words.ANYWHERE,
        "bank_helps": [(bank, account_words.HELP[bank]) for bank in HELPED],
    }


def _chosen_monthly(terms: Terms, said: Mapping[str, str]) -> dict[str, Any]:
    """What is chosen of day, interval, payer and way; what can't be chosen gives way."""
    first = values_at_first(terms.monthly)
    if terms.monthly is None:
        return {}
    open_now = {
        "monthly_way": {*terms.monthly.ways, *([AT_THE_BANK] if terms.monthly.by_account else [])},
        "every": {str(number) for number, _words in terms.monthly.everies},
        "day": {str(day.number) for day in terms.monthly.days},
        "payer": set(terms.monthly.variants),
    }
    chosen = {
        name: said[name] if said.get(name) in known else first[name]
        for name, known in open_now.items()
    }
    return {
        "chosen_monthly_way": chosen["monthly_way"],
        "chosen_every": int(chosen["every"]),
        "chosen_day": int(chosen["day"]),
        "chosen_payer": chosen["payer"],
    }


def _other_url(terms: Terms) -> str:
    return links.donate(terms.slug, links.other(terms.language))


def _ladders(terms: Terms, choosing: Choosing, errors: Mapping[str, str]) -> list[Ladder]:
    frequencies = [ONCE, MONTHLY] if terms.takes_monthly else [ONCE]
    return [_ladder(terms, frequency, choosing, errors) for frequency in frequencies]


def _ladder(terms: Terms, frequency: str, choosing: Choosing, errors: Mapping[str, str]) -> Ladder:
    here = choosing if choosing.frequency == frequency else Choosing()
    return Ladder(
        frequency=frequency,
        cards=tuple(
            Card(number, ore, here.chosen == str(ore), terms.asks_identity(ore))
            for number, ore in enumerate(terms.ladder(frequency), start=1)
        ),
        other_checked=here.chosen == OTHER,
        other_typed=here.typed,
        error=errors.get(f"amount_{frequency}", ""),
    )


def _choosing_of(form: GiveForm) -> Choosing:
    frequency = MONTHLY if _typed(form, "frequency") == MONTHLY else ONCE
    if frequency == MONTHLY and not form.terms.takes_monthly:
        frequency = ONCE
    chosen, typed = _typed(form, f"amount_{frequency}"), _typed(form, f"other_{frequency}")
    return Choosing(frequency, chosen=chosen or (OTHER if typed else ""), typed=typed)


def _kept(form: GiveForm) -> dict[str, str]:
    return {name: _typed(form, name) for name in form.fields}


def _typed(form: GiveForm, name: str) -> str:
    return str(form.data.get(name, ""))[:LONGEST_KEPT]
