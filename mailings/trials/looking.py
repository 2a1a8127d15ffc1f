"""Look at every running trial: what the versions have brought, and whether that decides it.

May be done as often as one likes (rule.py). A trial is decided when a version has won, when its
hours are over, or when only one version is left; until then the rest of the people waits.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count

from fundraise import clock
from fundraise.jobs import services as jobs
from fundraise.jobs.one_by_one import each
from fundraise.pledges.models import Pledge
from mailings.appeals import gates
from mailings.appeals.counting import counts_by_content
from mailings.appeals.models import Appeal, Message, Trial, Variant, Wave
from mailings.appeals.services import trying
from mailings.attribution.models import GiftTouch, PledgeTouch, RaiseTouch
from mailings.trials.rule import FirstGift, Race, Verdict

UNEVEN, COMPLAINTS = "trial-uneven", "trial-complaints"
FEWEST_GIVERS = 20  # the rule needs none; so few would convince nobody
MONTHS_VALUED = 12  # a monthly gift counts with what it promises in a year
# Chi-square at one in a thousand, by degrees of freedom: the split itself is broken beyond it.
CHI_SQUARE = {1: 10.828, 2: 13.816, 3: 16.266}


@dataclass(frozen=True, slots=True)
class Look:
    """What a look saw: people and first gifts by letter, and what the rule says of them."""

    people: dict[str, int]
    gifts: list[FirstGift]
    stopped: list[str]
    verdict: Verdict | None
    is_uneven: bool

    def seen(self) -> dict[str, object]:
        """The same for the page and the log of looks."""
        ore = Counter[str]()
        givers = Counter[str]()
        for gift in self.gifts:
            ore[gift.variant] += gift.ore
            givers[gift.variant] += 1
        evidence = self.verdict.evidence if self.verdict else {}
        return {
            "people": self.people,
            "givers": dict(givers),
            "ore": dict(ore),
            "evidence": {f"{one}{other}": round(e, 3) for (one, other), e in evidence.items()},
            "needed": self.verdict.needed if self.verdict else 0,
            "uneven": self.is_uneven,
        }


def look_at_all() -> dict[str, int]:
    """Every trial whose people have been mailed; how many were looked at and decided."""
    running = Trial.objects.filter(
        # Finished: where everybody took part, nobody waits for what it shows.
        state=Trial.State.RUNNING,
        appeal__state__in=[Appeal.State.SENDING, Appeal.State.FINISHED],
    ).select_related("appeal")
    counts = {"looked_at": 0, "decided": 0}

    def look_once(trial: Trial) -> None:
        begun = _begun(trial)
        if begun is not None:
            counts["looked_at"] += 1
            counts["decided"] += look_at(trial, begun)

    each(list(running), look_once).whole()
    return counts


def _begun(trial: Trial) -> datetime | None:
    """When the trial's people were let go, in real time."""
    first = Wave.objects.filter(appeal=trial.appeal_id, number=1)
    return first.values_list("released_at", flat=True).first()


def look_at(trial: Trial, begun: datetime) -> bool:
    """Look at one trial, keep what was seen, and decide it if that can be. True when decided."""
    seen = look(trial)
    trying.note_look(trial.pk, seen.seen(), seen.stopped)
    _ring(trial, seen)
    left = [letter for letter in seen.people if letter not in seen.stopped]
    winner = seen.verdict.winner if seen.verdict and not seen.is_uneven else ""
    if len(left) == 1:
        winner = left[0]
    over = clock.real_now() >= begun + timedelta(hours=trial.hours)
    if not winner and not over:
        return False
    chosen = Variant.objects.filter(appeal=trial.appeal_id, letter=winner).first()
    return trying.decide(trial.pk, chosen)


def look(trial: Trial) -> Look:
    """What the versions have brought until now. Reads only."""
    letters = _letters(trial)
    people = _people(trial, letters)
    stopped = sorted({*trial.stopped, *_complained_of(trial, letters)} & set(people))
    gifts = [gift for gift in first_gifts(trial, letters) if gift.variant in people]
    shares = dict(Variant.objects.filter(appeal=trial.appeal_id).values_list("letter", "share"))
    racing = {letter: shares[letter] for letter in people if letter not in stopped}
    return Look(people, gifts, stopped, _judge(trial, racing, gifts), _is_uneven(people, shares))


def _judge(trial: Trial, shares: dict[str, int], gifts: list[FirstGift]) -> Verdict | None:
    counted = [gift for gift in gifts if gift.variant in shares]
    if len(shares) < 2 or len(counted) < FEWEST_GIVERS:
        return None
    race = Race(shares, expected_ore2=trial.expected_ore2, cap_ore=trial.cap_ore)
    race.add(counted)
    return race.verdict()


def _letters(trial: Trial) -> dict[int, str]:
    """Content → letter of its version."""
    rows = Variant.objects.filter(appeal=trial.appeal_id).values_list("contents", "letter")
    return {content: letter for content, letter in rows if content is not None}


def _people(trial: Trial, letters: dict[int, str]) -> dict[str, int]:
    """How many people got each version."""
    mailed = Message.objects.filter(appeal=trial.appeal_id, outcome="").values_list("content_id")
    found = Counter[str]()
    for content, people in mailed.annotate(Count("seq")).order_by():
        if content in letters:
            found[letters[content]] += people
    return dict(sorted(found.items()))


def _complained_of(trial: Trial, letters: dict[int, str]) -> set[str]:
    """Versions that too many of those who got them marked as spam."""
    bad, delivered = Counter[str](), Counter[str]()
    for content, facts in counts_by_content(trial.appeal_id).items():
        letter = letters.get(content, "")
        bad[letter] += facts.get("complained", 0)
        delivered[letter] += facts.get("delivered", 0)
    warn, stop = settings.APPEAL_WARN_COMPLAINTS, settings.APPEAL_STOP_COMPLAINTS
    return {
        letter
        for letter in bad
        if letter and gates.verdict_of(bad[letter], delivered[letter], warn, stop) == gates.STOP
    }


def _is_uneven(people: dict[str, int], shares: dict[str, int]) -> bool:
    """Whether the split itself went wrong: then nothing may be concluded from it."""
    total, parts = sum(people.values()), sum(shares[letter] for letter in people)
    if len(people) < 2:
        return False
    hoped = {letter: total * shares[letter] / parts for letter in people}
    square = sum((people[letter] - hoped[letter]) ** 2 / hoped[letter] for letter in people)
    return square > CHI_SQUARE[len(people) - 1]


# --- First gifts ----------------------------------------------------------------------------------
def first_gifts(trial: Trial, letters: dict[int, str]) -> list[FirstGift]:
    """Each giver's first gift that is counted to the trial, in the order they came.

    A monthly gift counts when it is begun or raised, with a year of what it promises, or promises
    more; its draws don't count again. A link that was passed on counts to the appeal, and to no
    version's people.
    """
    moments = sorted([*_gifts(trial), *_pledges(trial), *_raises(trial)], key=lambda one: one[0])
    seen, first = set[object](), list[FirstGift]()
    for _at, giver, content, ore in moments:
        if content in letters and giver not in seen:
            seen.add(giver)
            first.append(FirstGift(letters[content], ore))
    return first


Moment = tuple[datetime, object, int, int]  # when, who, whose words, öre


def _gifts(trial: Trial) -> list[Moment]:
    rows = GiftTouch.objects.filter(
        appeal=trial.appeal_id,
        passed_on=False,
        content_id__isnull=False,
        gift__received_at__isnull=False,
    ).exclude(way=GiftTouch.Way.PLEDGE)
    names = ("gift__received_at", "donor_id", "gift__giver_key", "pk", "content_id")
    return [
        (at, _giver(donor, key, f"gift:{pk}"), content, ore)
        for at, donor, key, pk, content, ore in rows.values_list(*names, "gift__amount_ore")
    ]


def _pledges(trial: Trial) -> list[Moment]:
    rows = PledgeTouch.objects.filter(
        appeal=trial.appeal_id, passed_on=False, content_id__isnull=False
    ).exclude(pledge__state=Pledge.State.UNCONFIRMED)
    names = ("pledge__created_at", "donor_id", "pledge__giver_key", "pk", "content_id")
    values = rows.values_list(*names, "pledge__amount_ore", "pledge__interval_months")
    return [
        (at, _giver(donor, key, f"pledge:{pk}"), content, ore * MONTHS_VALUED // months)
        for at, donor, key, pk, content, ore, months in values
    ]


def _raises(trial: Trial) -> list[Moment]:
    rows = RaiseTouch.objects.filter(
        appeal=trial.appeal_id, content_id__isnull=False, change__undone_at=None
    )
    names = ("change__made_at", "donor_id", "change__pledge", "content_id")
    values = rows.values_list(
        *names, "change__before", "change__after", "change__pledge__interval_months"
    )
    return [
        (at, _giver(donor, None, f"pledge:{pledge}"), content, ore * MONTHS_VALUED // months)
        for at, donor, pledge, content, before, after, months in values
        for ore in [after["amount_ore"] - before["amount_ore"]]
    ]


def _giver(donor: int | None, key: bytes | memoryview | None, else_: str) -> object:
    """Who gave: the donor, else the keyed hash of what was typed, else nobody but this once."""
    if donor is not None:
        return donor
    return bytes(key) if key else else_


def _ring(trial: Trial, seen: Look) -> None:
    subject = str(trial.appeal.ref)
    if seen.is_uneven:
        jobs.raise_alarm(UNEVEN, subject, "A trial's versions did not go to even parts.")
    if seen.stopped:
        jobs.raise_alarm(COMPLAINTS, subject, "A version under trial was stopped: complaints.")
