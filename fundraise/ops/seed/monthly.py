"""Monthly gifts of a seed: pledges, mandates and months by COPY; their draws told day by day.

A draw that was paid becomes a gift in the story of its day (story.py), so that numbers, chain and
thermometer go on in order. No file of the bank's is made up: the money is booked under its draw.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.conf import settings
from django.db.models import Model
from psycopg.types.json import Jsonb

from fundraise import bankdays, clock, crypto
from fundraise.gifts import giver as givers
from fundraise.gifts.giver import Giver
from fundraise.ops.seed import lives, load, payers, people
from fundraise.ops.seed.givers import Givers, Seen
from fundraise.ops.seed.lives import Life, Month
from fundraise.ops.seed.totals import Totals
from fundraise.pledges import sealing
from fundraise.pledges.models import (
    Collection,
    CollectionTransition,
    Instalment,
    InstalmentTransition,
    Mandate,
    MandateTransition,
    Notice,
    Pledge,
    PledgeChange,
    PledgeDetails,
    PledgeTransition,
    Signature,
)
from fundraise.pledges.sealing import AccountDetails
from fundraise.refs import ALPHABET

MODELS: tuple[type[Model], ...] = (
    Pledge, PledgeDetails, PledgeTransition, PledgeChange, Mandate, MandateTransition, Signature,
    Notice, Instalment, InstalmentTransition, Collection, CollectionTransition,
)  # fmt: skip
TABLES = [model._meta.db_table for model in MODELS]
NUMBERED: tuple[type[Model], ...] = (Pledge, Mandate, Notice, Instalment, Collection)
BANK, DRAWS, DONOR = "system:bank", "system:draws", "donor"
CLEARING = "8327"  # a bank whose accounts carry no check digit


@dataclass(slots=True)
class Draw:
    """A draw that was paid on a day: it becomes a gift there."""

    row: Collection
    seen: Seen


@dataclass(slots=True)
class Monthly:
    """The monthly gifts of one seed."""

    rng: Random
    entity: int
    campaign: int
    first: date
    last: date
    totals: Totals
    numbers: Iterator[str]
    rows: dict[type[Model], list[Model]] = field(default_factory=lambda: {m: [] for m in MODELS})
    last_ids: dict[type[Model], int] = field(default_factory=dict)
    paid: defaultdict[str, list[Draw]] = field(default_factory=lambda: defaultdict(list))

    def begin(self, connection: load.Connection, number: int, known: Givers) -> None:
        """Live so many lives; their rows are kept until `write`."""
        if not number:
            return
        self.last_ids = {m: load.last_number(connection, m._meta.db_table) for m in NUMBERED}
        ahead = self.last + timedelta(days=settings.PLEDGE_PLAN_DAYS)
        for _ in range(number):
            life = lives.live(self.rng, self.first, self.last, ahead)
            seen = known.donors[int(len(known.donors) * self.rng.random())]
            self._write(life, seen, next(self.numbers))
        self.totals.pledges += number

    def on(self, day: str) -> list[Draw]:
        """The draws that were paid on a day."""
        return self.paid.get(day, [])

    def write(self, connection: load.Connection) -> None:
        """Copy every row, when the gifts of the draws have their numbers."""
        for model, made in self.rows.items():
            load.copy_models(connection, made)
            if model in self.last_ids and made:
                load.set_number(connection, model._meta.db_table, self.last_ids[model])

    # --- Rows -------------------------------------------------------------------------------------
    def _id(self, model: type[Model]) -> int:
        self.last_ids[model] += 1
        return self.last_ids[model]

    def _at(self, day: date, hour: int = 12) -> datetime:
        """A moment of a day, none later than now."""
        minute = int(self.rng.random() * 60)
        return min(datetime.combine(day, time(hour, minute), clock.STOCKHOLM), clock.now())

    def _write(self, life: Life, seen: Seen, number: str) -> None:
        pledge = self._pledge(life, seen)
        mandate = self._mandate(life, pledge, number)
        if life.state == "unconfirmed":
            return
        notice = self._notice(life, pledge)
        for month in life.months:
            self._month(month, pledge, mandate, notice, seen)

    def _pledge(self, life: Life, seen: Seen) -> Pledge:
        signed = self._at(life.signed_on)
        over = life.state == "ended" and life.changed_on
        pledge = Pledge(
            pk=self._id(Pledge), entity_id=self.entity, campaign_id=self.campaign,
            donor_id=None if life.state == "unconfirmed" else int(seen.donor),
            state=life.state, method="autogiro", amount_ore=life.ore, day=life.day,
            interval_months=life.interval, starts_on=life.starts_on,
            first_period=life.first_period, paused_until=life.paused_until,
            giver_key=bytes.fromhex(seen.key.removeprefix(r"\\x")), created_at=signed,
            ended_at=self._at(life.changed_on) if over and life.changed_on else None,
            end_reason="stopped" if over else "",
        )  # fmt: skip
        self.rows[Pledge].append(pledge)
        self._details(life, pledge)
        states = ["unconfirmed", "pending", "active", life.state]
        days = [life.signed_on, life.approved_on, life.changed_on]
        for old, new, day in zip(states, states[1:], days, strict=False):
            if life.state == old or day is None or old == new:
                break
            step = {"from_state": old, "to_state": new, "at": self._at(day), "by": DONOR}
            self.rows[PledgeTransition].append(PledgeTransition(pledge=pledge, **step))
        self._change(life, pledge)
        return pledge

    def _details(self, life: Life, pledge: Pledge) -> None:
        """Who signed up stays on the pledge only until the donor is known."""
        sealed = None
        if life.state == "unconfirmed":
            given, family = people.name(self.rng)
            typed = Giver(name=f"{given} {family}", email=people.email_of(given, family, pledge.pk))
            pledge.giver_key, sealed = typed.key(), givers.seal(typed, pledge.ref)
        self.rows[PledgeDetails].append(PledgeDetails(pledge=pledge, sealed=sealed))

    def _change(self, life: Life, pledge: Pledge) -> None:
        kinds = {"ended": PledgeChange.Kind.STOP, "paused": PledgeChange.Kind.PAUSE}
        if life.state not in kinds or life.changed_on is None:
            return
        at = self._at(life.changed_on)
        before, after = {"state": "active", "amount_ore": life.ore}, {"state": "ended"}
        if life.paused_until:
            before, after = {}, {"paused_until": life.paused_until.isoformat()}
        change = PledgeChange(
            pledge=pledge, kind=kinds[life.state], by=DONOR, channel="my_pages",
            received_at=at, made_at=at,
        )  # fmt: skip
        change.before, change.after = Jsonb(before), Jsonb(after)
        self.rows[PledgeChange].append(change)

    def _mandate(self, life: Life, pledge: Pledge, number: str) -> Mandate:
        account = CLEARING + f"{self.rng.randrange(10**9, 10**10):012d}"
        state, approved = life.mandate_state, life.state not in {"unconfirmed", "pending"}
        mandate = Mandate(
            pk=self._id(Mandate), entity_id=self.entity, pledge=pledge, method="autogiro",
            state=state, payer_number=number, account_hint=f"Swedbank …{account[-3:]}",
            created_at=pledge.created_at,
            sent_at=self._at(life.signed_on, 17) if approved else None,
            decided_at=self._at(life.approved_on, 6) if approved else None,
            ended_at=pledge.ended_at, end_wanted_at=pledge.ended_at,
            reason="stopped" if state == "ended" else "04+32" if approved else "",
        )  # fmt: skip
        details = AccountDetails(account, payers.identity(self.rng))
        for name, value in sealing.sealed_fields(mandate.ref, details).items():
            setattr(mandate, name, value)
        self.rows[Mandate].append(mandate)
        if state != "draft":
            evidence = sealing.seal_evidence(mandate.ref, {"ticked": True, "seed": True})
            self.rows[Signature].append(
                Signature(
                    mandate=mandate,
                    way=Signature.Way.TICK,
                    signed_at=pledge.created_at,
                    evidence_sealed=evidence,
                    by=DONOR,
                )
            )
        self._steps_of(mandate)
        return mandate

    def _steps_of(self, mandate: Mandate) -> None:
        steps = [
            ("draft", "created", mandate.created_at, DONOR, ""),
            ("created", "sent", mandate.sent_at, "system:autogiro", ""),
            ("sent", "active", mandate.decided_at, BANK, "04+32"),
            ("active", "ended", mandate.ended_at, DONOR, "stopped"),
        ]
        for old, new, at, by, reason in steps:
            if mandate.state == old or at is None:
                return
            self.rows[MandateTransition].append(
                MandateTransition(
                    mandate=mandate, from_state=old, to_state=new, at=at, by=by, reason=reason
                )
            )

    def _notice(self, life: Life, pledge: Pledge) -> Notice:
        held = life.state in {"paused", "halted"} and life.changed_on
        notice = Notice(
            pk=self._id(Notice), pledge=pledge, kind=Notice.Kind.SIGN_UP, amount_ore=life.ore,
            first_on=life.starts_on, covers_following=life.interval in {1, 3}, way="mail",
            made_at=pledge.created_at, sent_at=pledge.created_at,
            withdrawn_at=self._at(life.changed_on) if held and life.changed_on else None,
        )  # fmt: skip
        text = f"{life.ore} {life.starts_on}".encode()
        notice.text_sealed = crypto.seal(text, context=f"notice:{notice.ref}")
        notice.sha256 = hashlib.sha256(text).digest()
        self.rows[Notice].append(notice)
        return notice

    def _month(
        self, month: Month, pledge: Pledge, mandate: Mandate, notice: Notice, seen: Seen
    ) -> None:
        told = notice.covers_following or month.due_on == notice.first_on
        open_now = month.state == "planned" and notice.withdrawn_at is not None
        instalment = Instalment(
            pk=self._id(Instalment), pledge=pledge, period=month.period, due_on=month.due_on,
            amount_ore=pledge.amount_ore, state=month.state, reason=month.reason,
            notice=notice if told and not open_now else None, created_at=pledge.created_at,
        )  # fmt: skip
        if month.state in {"paid", "missed"}:
            instalment.notice = notice
        self.rows[Instalment].append(instalment)
        if month.state == "planned":
            return
        at = self._at(month.due_on, 7)
        if month.state == "skipped":
            self._stepped(instalment, "planned", "skipped", self._at(pledge.starts_on))
            self.totals.skipped += 1
            return
        self._stepped(instalment, "planned", "collecting", at)
        self._stepped(instalment, "collecting", month.state, at)
        self._drawn(month, instalment, mandate, seen, at)

    def _stepped(self, row: Instalment, old: str, new: str, at: datetime) -> None:
        step = InstalmentTransition(
            instalment=row, from_state=old, to_state=new, at=at, by=DRAWS,
            reason=row.reason if new == row.state else "",
        )  # fmt: skip
        self.rows[InstalmentTransition].append(step)

    def _drawn(
        self, month: Month, instalment: Instalment, mandate: Mandate, seen: Seen, at: datetime
    ) -> None:
        state = "paid" if month.state == "paid" else "failed"
        sent = self._at(bankdays.add(month.due_on, -2), 17)
        row = Collection(
            pk=self._id(Collection), instalment=instalment, mandate=mandate, number=1,
            amount_ore=instalment.amount_ore, due_on=month.due_on, state=state,
            reference="".join(self.rng.choices(ALPHABET, k=16)), reason=month.reason,
            created_at=sent, sent_at=sent, settled_at=at,
        )  # fmt: skip
        self.rows[Collection].append(row)
        for old, new, when in (("queued", "sent", sent), ("sent", state, at)):
            self.rows[CollectionTransition].append(
                CollectionTransition(
                    collection=row,
                    from_state=old,
                    to_state=new,
                    at=when,
                    by=DRAWS,
                    reason=month.reason if new == state else "",
                )
            )
        if state == "paid":
            self.paid[month.due_on.isoformat()].append(Draw(row, seen))
        else:
            self.totals.missed += 1
