"""An appeal that is scheduled, sent or over: how far it is, why not everybody, what needs whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundraise import clock
from fundraise.console.appeals import waiting
from fundraise.console.results import figures, whole
from mailings.appeals import gates, queries
from mailings.appeals.models import Appeal, Message, Wave
from mailings.appeals.queries import Progress
from mailings.appeals.services.waves import settles_at
from mailings.attribution.models import GiftTouch
from mailings.senders.base import chosen_for_appeals

State = Appeal.State
Text = str | Promise
FULL = 1000  # parts of the bar
WHY: dict[str, Text] = {
    "no_address": gettext_lazy("No e-mail address is known that works."),
    "shared": gettext_lazy("Another person with the same address gets it, so it comes once."),
    "suppressed": gettext_lazy("The address said no to appeals, complained, or does not work."),
    "no_basis": gettext_lazy("There is no consent or other legal basis to ask them."),
    "capped": gettext_lazy("They have got as many appeals lately as one person may get."),
    "gave": gettext_lazy("They gave to the campaign before their mail left."),
    "holdout": gettext_lazy("Left out by lot, to measure what the appeal adds."),
    "refused": gettext_lazy("The carrier refused the address."),
    "cancelled": gettext_lazy("The appeal was cancelled before their mail left."),
}
PAUSED_FOR: dict[str, Text] = {
    "staff": gettext_lazy("Somebody here paused it."),
    "bounces": gettext_lazy(
        "It stopped by itself: too many addresses do not work. Find out where the list came from"
        " before it goes on. If you let it go on, only what comes from then on is judged."
    ),
    "complaints": gettext_lazy(
        "It stopped by itself: too many receivers marked it as spam. Look at the words and at who"
        " gets it before it goes on. If you let it go on, only what comes from then on is judged."
    ),
    "refused": gettext_lazy(
        "It stopped by itself: the carrier refuses the mail. Something in the words, the sender or"
        " its settings is wrong: copy the appeal, mend it and send it to the rest."
    ),
    "restored": gettext_lazy(
        "The house was restored from a backup, and what waits here may have left since it was"
        " taken. Look in the carrier's own log before it goes on. If nobody can tell, cancel it:"
        " then nobody gets two."
    ),
    "campaign_over": gettext_lazy(
        "It stopped by itself: its campaign is closed, or its last day has passed, so nobody is"
        " asked for it any more. Open the campaign again or move its last day, and let it go on;"
        " otherwise cancel it."
    ),
    "unreadable": gettext_lazy(
        "It stopped by itself: the mails that are ready don't open, since a key is missing. The"
        " administrator must put it back; then let it go on."
    ),
    "key_refused": gettext_lazy(
        "It stopped by itself: the carrier does not accept our key. The administrator must mend it;"
        " then let it go on."
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A number of people with the rows behind it."""

    code: str
    label: Text
    people: int
    url: str
    tone: str = ""
    why: Text = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the bar: where it begins and how long it is, in parts of a thousand."""

    tone: str
    begins: int
    length: int


@dataclass(frozen=True, slots=True)
class Live:
    """Everything that the page shows and asks for again."""

    appeal: Appeal
    progress: Progress
    parts: list[Part]
    reasons: list[Part]
    bars: list[Bar]
    waves: list[Gate]
    facts: list[Part]
    cool_off: datetime | None
    next_wave_at: datetime | None
    at: datetime
    brought_ore: int
    waits: list[str]

    @property
    def brought_url(self) -> str:
        """The gifts behind it."""
        return figures.url(self.appeal, "received_ore")

    @property
    def settled(self) -> int:
        """People who are done with: sent, or left out by name."""
        return self.progress.accepted + self.left_out

    @property
    def left_out(self) -> int:
        return sum(one.people for one in self.reasons)

    @property
    def percent(self) -> int:
        return self.settled * 100 // self.progress.frozen if self.progress.frozen else 0

    @property
    def moves(self) -> bool:
        """Whether the figures may change by themselves."""
        return self.appeal.state in {State.SCHEDULED, State.PREPARING, State.SENDING}

    @property
    def mark(self) -> str:
        """What the acts depend on: another mark is another page."""
        asked = self.appeal.needs_second and not self.appeal.approved_by
        waves = "".join(one.wave.state[0] for one in self.waves)
        return f"{self.appeal.state}-{int(asked)}-{int(self.cool_off is None)}-{waves}"


@dataclass(frozen=True, slots=True)
class Gate:
    """A wave and what the gate saw, in hundredths of a per cent."""

    wave: Wave
    bounced: int
    complained: int
    of: int
    may_release: bool
    is_deaf: bool = False  # most of it was never heard of, so that nobody knows
    waits_for_word: bool = False  # goes when something is heard of the one before, or by a person

    @property
    def bounce_rate(self) -> str:
        return _rate(self.bounced, self.of)

    @property
    def complaint_rate(self) -> str:
        return _rate(self.complained, self.of)


def _rate(bad: int, of: int) -> str:
    return f"{number_format(round(bad * 100 / of, 2), 2)} %" if of else "–"


def of(appeal: Appeal) -> Live:
    """The page's figures: a few thousand batches are added up, no message is counted twice."""
    progress, left = queries.progress(appeal), queries.left_out(appeal)
    reasons = [
        Part(code, label, left[code], mails_url(appeal, code), why=WHY.get(code, ""))
        for code, label in Message.Outcome.choices
        if left.get(code)
    ]
    waves = list(Wave.objects.filter(appeal=appeal).order_by("number"))
    now, until = clock.now(), appeal.cool_off_until
    return Live(
        appeal,
        progress,
        _parts(appeal, progress, sum(left.values())),
        reasons,
        _bars(progress, sum(left.values())),
        _gates(appeal, waves),
        _facts(appeal),
        until if appeal.state == State.SCHEDULED and until and until > now else None,
        _next_wave(appeal, waves),
        clock.real_now(),
        whole.brought(GiftTouch.objects.filter(appeal=appeal)),
        waiting.reasons(appeal, progress),
    )


def mails_url(appeal: Appeal, outcome: str = "") -> str:
    """The mails behind a number."""
    chosen = {"outcome": outcome, "appeal": str(appeal.ref)}
    return f"{reverse('console:mails')}?{urlencode({k: v for k, v in chosen.items() if v})}"


def _parts(appeal: Appeal, progress: Progress, left: int) -> list[Part]:
    queued = progress.held + progress.ready + progress.posting
    doubts = reverse("console:appeal_doubts") + f"?appeal={appeal.ref}"
    return [
        Part("sent", _("sent"), progress.accepted, mails_url(appeal, "sent"), "done"),
        Part("waiting", _("to be sent"), queued, mails_url(appeal, "waiting"), "waits"),
        Part("doubt", _("in doubt"), progress.in_doubt, doubts, "you"),
        Part("not", _("did not get it"), left, mails_url(appeal, "not"), "quiet"),
    ]


def _bars(progress: Progress, left: int) -> list[Bar]:
    if not progress.frozen:
        return []
    made, begins = [], 0
    for tone, people in (
        ("done", progress.accepted),
        ("you", progress.in_doubt),
        ("quiet", left),
    ):
        length = people * FULL // progress.frozen
        if people:
            made.append(Bar(tone, begins, max(length, 2)))
        begins += length
    return made


def _gates(appeal: Appeal, waves: list[Wave]) -> list[Gate]:
    if len(waves) < 2:
        return []
    first_held = next((wave.pk for wave in waves if wave.state == Wave.State.HELD), None)
    gone = [wave.pk for wave in waves if wave.state == Wave.State.RELEASED]
    now = gates.judge(appeal.pk).seen
    made: list[Gate] = []
    for wave in waves:
        seen = now if gone and wave.pk == gone[-1] else wave.seen  # the last one's go on coming
        deaf = wave.pk in gone and gates.is_deaf(seen) and _had_its_time(wave)
        next_up = appeal.state == State.SENDING and wave.pk == first_held
        made.append(
            Gate(
                wave,
                int(seen.get("bounced", 0)),
                int(seen.get("complained", 0)),
                int(seen.get("sent", 0)),
                next_up,
                deaf,
                next_up and bool(made) and made[-1].is_deaf and chosen_for_appeals().reports,
            )
        )
    return made


def _had_its_time(wave: Wave) -> bool:
    until = settles_at(wave)
    return until is not None and until <= clock.real_now()


def _facts(appeal: Appeal) -> list[Part]:
    if appeal.started_at is None and appeal.prepared_at is None:
        return []
    seen = gates.judge(appeal.pk).seen
    said = {
        "delivered": ("delivered", _("arrived")),
        "bounced": ("bounced", _("came back")),
        "complained": ("complaints", _("marked as spam")),
    }
    return [
        Part(code, label, seen.get(code, 0), figures.url(appeal, name))
        for code, (name, label) in said.items()
    ]


def _next_wave(appeal: Appeal, waves: list[Wave]) -> datetime | None:
    """When the next wave may leave at the earliest; None when nothing waits for that."""
    held = [wave for wave in waves if wave.state == Wave.State.HELD]
    gone = [wave for wave in waves if wave.state == Wave.State.RELEASED]
    if appeal.state != State.SENDING or not held or not gone:
        return None
    return settles_at(gone[-1])


def pause_words(code: str) -> Text:
    """Why it is paused."""
    return PAUSED_FOR.get(code, code)
