"""A trial of versions in words: what it can show, what it has seen, what was decided and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fundraise.console.appeals import audiences
from fundraise.console.templatetags.staff import number, whole_kronor
from fundraise.language import SWEDISH
from mailings.appeals.models import Appeal, Trial
from mailings.appeals.services import trying
from mailings.trials import planning
from mailings.trials.planning import Outlook

PERCENT, HOURS = 20, 48


class TrialForm(forms.Form):
    """How many take part, and how long the rest waits."""

    percent = forms.IntegerField(
        label=gettext_lazy("Part of the people, per cent"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("Drawn by lot. At 100 everybody gets a version, and nobody waits."),
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours to wait at most"),
        min_value=1,
        max_value=720,
        help_text=gettext_lazy("Without a winner by then the rest is sent evenly."),
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """A version, as the last look saw it."""

    letter: str
    people: int
    givers: int
    ore: int
    is_stopped: bool

    @property
    def each_ore(self) -> int | None:
        """Öre per person, rounded down."""
        return self.ore // self.people if self.people else None


def letters(appeal: Appeal) -> list[str]:
    """The versions that are sent."""
    rows = appeal.variants.filter(share__gt=0)
    return sorted(rows.values_list("letter", flat=True))


def of(appeal: Appeal) -> Trial | None:
    """The appeal's trial."""
    return Trial.objects.filter(appeal=appeal).select_related("winner").first()


def outlook(appeal: Appeal, percent: int) -> tuple[int, Outlook]:
    """How many people there are now, and what a trial on a part of them can show."""
    people = audiences.counted(appeal).people
    usual = planning.usual_of(appeal.campaign)
    return people, planning.outlook(usual, people, percent, len(letters(appeal)))


def set_up(appeal: Appeal, percent: int, hours: int, by: str) -> Trial:
    """Set it. Raises AppealError (not_draft, one_version)."""
    people = audiences.counted(appeal).people
    usual = planning.usual_of(appeal.campaign)
    terms = planning.terms(usual, people, percent=percent, hours=hours)
    return trying.set_trial(appeal.ref, terms, by=by)


def size_said(seen: Outlook) -> str:
    """How many it takes, and how many there are."""
    said = _(
        "To see a difference of 20 %% in kronor per person you need %(needed)s people per version;"
        " you have %(have)s."
    ) % {"needed": number(seen.needed_per_version), "have": number(seen.people_per_version)}
    if seen.is_enough or seen.people_per_version == 0:
        return said
    if seen.smallest_seen >= 10:
        return f"{said} {_('So few are likely to show nothing.')}"
    more = _("What they are likely to show is a difference of %(percent)s %% or more.") % {
        "percent": number(round(seen.smallest_seen * 100))
    }
    return f"{said} {more}"


def stands_on(seen: Outlook) -> str:
    """What the numbers stand on."""
    named = {
        "rate": _decimal(seen.usual.rate * 100, 2),
        "mean": whole_kronor(round(seen.usual.mean_ore)),
        "spread": _decimal(seen.usual.variation, 1),
    }
    if seen.is_assumed:
        return (
            _(
                "Assumed, since too little is known of earlier appeals: %(rate)s %% give, %(mean)s"
                " on average, with a spread of %(spread)s times that."
            )
            % named
        )
    return (
        _(
            "It stands on the last ten appeals: %(rate)s %% of the mails led to a gift, of %(mean)s"
            " on average, with a spread of %(spread)s times that."
        )
        % named
    )


def _decimal(value: float, digits: int) -> str:
    shown = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return shown.replace(".", ",") if get_language() == SWEDISH else shown


def seen(trial: Trial) -> list[Seen]:
    """The versions as the last look saw them; empty before the first look."""
    kept: dict[str, Any] = trial.seen
    return [
        Seen(
            letter,
            int(people),
            int(kept["givers"].get(letter, 0)),
            int(kept["ore"].get(letter, 0)),
            letter in trial.stopped,
        )
        for letter, people in sorted(kept.get("people", {}).items())
    ]


def evidence(trial: Trial) -> list[str]:
    """How sure each difference is, in plain words; the surest first."""
    kept: dict[str, Any] = trial.seen
    if kept.get("uneven"):
        return [_("The versions did not go to even parts of the people, so nothing is concluded.")]
    pairs = sorted(kept.get("evidence", {}).items(), key=lambda pair: -pair[1])
    told = [
        _(
            "That %(one)s brings more than %(other)s would come by chance at most once in %(odds)s"
            " times; once in %(needed)s decides."
        )
        % {
            "one": pair[0],
            "other": pair[1],
            "odds": number(min(int(odds), 1_000_000)),
            "needed": number(round(kept["needed"])),
        }
        for pair, odds in pairs
        if odds >= 2
    ]
    return told or [_("The versions can't be told apart yet.")]


def decided(trial: Trial) -> str:
    """What has been decided."""
    if trial.state == Trial.State.WON and trial.winner is not None:
        return _("Version %(letter)s has won: the rest gets it.") % {"letter": trial.winner.letter}
    if trial.state == Trial.State.EVEN:
        return _("No version has won: the rest is sent evenly.")
    return _(
        "Nothing is decided yet. The rest waits for a winner, at most %(hours)s hours from the"
        " first mail."
    ) % {"hours": trial.hours}


def shown(row: Appeal, form: TrialForm | None = None) -> dict[str, Any]:
    """What appeals/_trial.html asks for."""
    made = of(row)
    found: dict[str, Any] = {"trial": made, "letters": letters(row)}
    if made is not None and row.state != Appeal.State.DRAFT:
        return found | {
            "trial_seen": seen(made),
            "trial_evidence": evidence(made) if made.seen else [],
            "trial_decided": decided(made),
        }
    if row.state != Appeal.State.DRAFT or len(found["letters"]) < 2:
        return found
    percent, hours = (made.percent, made.hours) if made else (PERCENT, HOURS)
    people, expected = outlook(row, percent)
    return found | {
        "trial_form": form or TrialForm(initial={"percent": percent, "hours": hours}),
        "trial_percent": percent,
        "trial_people": people,
        "trial_size": size_said(expected),
        "trial_enough": expected.is_enough,
        "trial_stands_on": stands_on(expected),
    }
