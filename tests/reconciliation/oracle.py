"""What must be so each morning, judged by the bank's own truth, and the treasurer's hand.

Nothing here asks the product whether it is right: the sums of the days that the bank's files have
not brought, and of the payouts that it held back on purpose, say how far anything may be off.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from donors.models import Donor
from fundraise.gifts.models import Gift
from fundraise.providers.models import Payout
from fundraise.reconciliation import deciding, exceptions, proposals, trials
from fundraise.reconciliation.deciding import Choice, DecideError
from fundraise.reconciliation.models import (
    Item,
    Kind,
    Match,
    ProofLine,
    Proposal,
    QueueItem,
    Rule,
    StatementFile,
)
from fundraise.reconciliation.proof import running
from fundraise.sandbox.bank.handout import Fault
from tests.reconciliation.years import LOCAL, MAIN, SHARED, Came, Years

BY, SECOND = "staff:1", "staff:2"
STATEMENTS = ("camt.053", "csv")
OPEN = ("new", "suggested", "unknown")
# What a broken file is refused for.
# Where a table was cut decides what is said of it: no end, no rows, no table.
REFUSED = {"file.balance": "balance", "file.details": "details", "file.cut": "",
           "file.currency": "currency"}  # fmt: skip
OTHERS = {"salary", "supplier", "tax"}
KINDS = {"membership_fee": Kind.MEMBERSHIP, "public_support": Kind.PUBLIC_SUPPORT,
         "bank_fee": Kind.BANK_FEE, "interest": Kind.INTEREST,
         "own_transfer": Kind.OWN_TRANSFER, "refund_sent": Kind.REFUND,
         "refund_returned": Kind.RETURN}  # fmt: skip
BY_FAULT = {"payment.no_reference": "no_reference", "payment.wrong_reference": "wrong_reference",
            "payment.twin": "twin", "payment.variant": "variant"}  # fmt: skip


@dataclass
class Oracle:
    years: Years
    by_hand: Counter[str] = field(default_factory=Counter)
    named: set[tuple[str, str]] = field(default_factory=set)
    mornings: int = 0
    # Differences that a planted fault explains to the öre, by letter and source.
    explained: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        self._known_days = 0
        years = self.years
        self.number_of = {years.main.pk: MAIN.number, years.shared.pk: SHARED.number,
                          years.local.pk: LOCAL.number}  # fmt: skip

    # Every morning

    def morning(self, years: Years) -> None:
        """Proved before the treasurer's hand, then settled by it."""
        self.mornings += 1
        self._learn()
        self._note_names()
        self._prove()
        self.settle()

    def _learn(self) -> None:
        for day in self.years.days[self._known_days :]:
            self.rows |= {(row["account"], named(row)): row for row in day.truth}
        self._known_days = len(self.years.days)

    def _prove(self) -> None:
        run = running.run(by="system:proof")
        told = run.lines.filter(letter="F").values_list("name", "status")
        assert set(told) == {("receipts: every received gift has one", "ok")}, list(told)
        late = self._held_back()
        for line in run.lines.filter(status=ProofLine.Status.DIFFERS):
            self._explain(line, late)

    def _explain(self, line: ProofLine, late: list[set[int]]) -> None:
        """A red line is the planted fault's, to the öre or the row; else it is a failure."""
        what = f"{line.letter} {line.name}: {line.expected} {line.actual} {line.note}"
        if line.letter == "A" and line.source.endswith(":chain"):
            assert self._missing(line), what
        elif line.letter == "A":
            assert -line.difference == sum(ore for _day, ore in self._missing(line)), what
        elif line.letter == "B" and line.source == "payouts":
            sums = {0}
            for options in late:
                sums = {before + more for before in sums for more in options}
            assert -line.difference in sums, (what, late)
        elif line.letter == "E" and line.source == "items":
            assert line.difference <= self._without_notice(), what
        else:
            raise AssertionError(what)
        self.explained[f"{line.letter}:{line.source.rpartition(':')[2][:8]}"] += 1

    def _missing(self, line: ProofLine) -> list[tuple[date, int]]:
        """Days of the account that the files have not brought, before the newest that they have."""
        years = self.years
        number = next(
            self.number_of[one.pk] for one in (years.main, years.shared, years.local)
            if str(one.ref) in line.source
        )  # fmt: skip
        came = {
            one.file.of for one in self.years.came
            if one.file.account == number and one.file.kind in STATEMENTS
            and one.taken.state == StatementFile.State.BOOKED
        }  # fmt: skip
        statements = [s for day in self.years.days for s in day.statements
                      if s.account.number == number]  # fmt: skip
        return [(s.day, s.closing_ore - s.opening_ore) for s in statements
                if s.day not in came and s.day < max(came)]  # fmt: skip

    def _held_back(self) -> list[set[int]]:
        """By payout: what may be missing of it at the bank, as far as its files have come.

        What came back may not be tied yet: Stripe tells of it the evening after.
        """
        came, back = defaultdict[str, int](int), defaultdict[str, int](int)
        in_files = {
            (one.file.account, str(one.file.of)) for one in self.years.came
            if one.file.kind == "camt.053" and one.taken.state == StatementFile.State.BOOKED
        }  # fmt: skip
        for row in self.rows.values():
            if (row["account"], row["day"]) in in_files and row["channel"] == "payout":
                (back if row["kind"] == "payout_return" else came)[row["source"]] += row[
                    "amount_ore"
                ]
        held = []
        for ref, ore, state in Payout.objects.values_list("provider_ref", "amount_ore", "state"):
            left = (ore if state == "paid" else 0) - came[ref]
            held.append({0, left, left - back[ref]})
        return [options for options in held if options != {0}]

    def _without_notice(self) -> int:
        """Sums whose parts the bank has not told."""
        came = {one.file.of for one in self.years.came if one.file.kind == "camt.054"}
        return sum(
            entry.batch
            for day in self.years.days if day.date not in came
            for statement in day.statements if statement.account.number == MAIN.number
            for entry in statement.entries
        )  # fmt: skip

    # Whether a planted fault is named

    def _note_names(self) -> None:
        planted = [fault for day in self.years.days for fault in day.faults]
        for fault in planted:
            if (fault.name, fault.subject) not in self.named and self._is_named(fault):
                self.named.add((fault.name, fault.subject))

    def _is_named(self, fault: Fault) -> bool:
        came = [one for one in self.years.came if one.file.name == fault.subject]
        if fault.name in REFUSED:
            return bool(came) and _refused(came[0], REFUSED[fault.name])
        if fault.name == "file.again":
            return bool(came) and self._is_known(came[0])
        if fault.name == "file.reissued":
            taken = came[0].taken if came else None
            return taken is not None and (taken.new_lines, taken.new_items) == (0, 0)
        if fault.name == "file.missing":
            return QueueItem.objects.filter(code="gap", opened_at__date__gte=fault.day).exists()
        if fault.name.startswith("notice."):
            return Item.objects.filter(booked_on=fault.day, state="new", reference="").exists()
        if fault.name == "refund.returned":
            return Match.objects.filter(kind="return", refund__ref=fault.subject).exists()
        return self._is_payout_named(fault)

    def _is_known(self, again: Came) -> bool:
        """The same bytes are the file that was there."""
        alike = [one for one in self.years.came if one.file.data == again.file.data]
        return len(alike) > 1 and len({one.taken.pk for one in alike}) == 1

    def _is_payout_named(self, fault: Fault) -> bool:
        items = Item.objects.filter(matches__payout__provider_ref=fault.subject,
                                    matches__state="stands")  # fmt: skip
        if fault.name == "payout.returned":
            return QueueItem.objects.filter(
                code="payout_failed", subject=f"payout:{_payout(fault.subject).ref}"
            ).exists()
        if fault.name == "payout.late":
            return any(item.booked_on > fault.day for item in items)
        return items.count() == 2

    # What a person does

    def settle(self) -> None:
        """Everything that is open, as the treasurer knows it to be; each is one act by hand."""
        others = []
        for item in Item.objects.filter(state__in=OPEN).select_related("account").order_by("pk"):
            row = self._row(item)
            if row is None:  # its parts have not come
                continue
            if row["kind"] in OTHERS:
                others.append(item.pk)
            else:
                self._place(item.pk, row)
        if others:
            deciding.class_others(others, by=BY)
        told = QueueItem.objects.filter(code__in=["payout_failed", "returned"], state="open")
        for queued in told:
            exceptions.settle(queued.pk, how="mended", by=BY)

    def _row(self, item: Item) -> dict[str, Any] | None:
        number = self.number_of[item.account_id]
        return self.rows.get((number, item.bank_ref or f"{item.booked_on} {item.amount_ore}"))

    def _place(self, pk: int, row: dict[str, Any]) -> None:
        if Item.objects.get(pk=pk).state not in OPEN:
            return  # the other side of what was placed a moment ago
        match = Match.objects.filter(item=pk, state="suggested", kind=_kind(row)).first()
        try:
            if match is not None and _agrees(match, row):
                deciding.take(match.pk, by=BY)
            else:
                deciding.decide(pk, self._choice(row), by=BY)
        except DecideError:
            # What its provider or its own line has not told of yet waits for tomorrow.
            if row["kind"] not in ("payout_return", "refund_returned"):
                raise
            return
        self.by_hand[row["kind"]] += 1

    def _choice(self, row: dict[str, Any]) -> Choice:
        if row["kind"] in ("payout", "payout_return"):
            payout = Payout.objects.get(provider_ref=row["source"])
            return Choice(Kind.PAYOUT, payout=payout)
        if row["kind"] != "gift":
            return Choice(KINDS[row["kind"]])
        campaign = self.years.house.campaign
        if row["source"].startswith("gift:"):
            return Choice(Kind.GIFT, gift=Gift.objects.get(pk=row["source"][5:]))
        donor = Donor.objects.get(pk=row["source"])
        return Choice(Kind.GIFT, donor=donor, campaign=campaign)

    def switch_on(self, key: str, kind: str = "") -> None:
        """Tried on what was decided; it matches by itself when a second person agrees."""
        rules = Rule.objects.filter(key=key)
        rule = next(r for r in rules if kind in ("", newest(r).settings.get("kind")))
        new: Any = {"mode": "auto", "settings": newest(rule).settings, "by": BY}
        first, last = self.years.days[0].date, self.years.days[-1].date
        trial = trials.try_rule(rule, from_day=first, to_day=last, **new)
        assert (trial.conflicts, trial.would_match > 0) == (0, True)
        asked = trials.switch(rule, **new)
        assert isinstance(asked, Proposal)
        proposals.agree(asked.ref, by=SECOND)

    # The end

    def ours(self) -> int:
        """Payments that belong in these books."""
        return sum(row["kind"] not in OTHERS for row in self.rows.values())

    def share_without_a_hand(self) -> float:
        return 1 - self.by_hand.total() / self.ours()

    def unnamed(self) -> list[Fault]:
        planted = [fault for day in self.years.days for fault in day.faults]
        return [fault for fault in planted if (fault.name, fault.subject) not in self.named]


def newest(rule: Rule) -> Any:
    return rule.versions.latest("number")


def named(row: dict[str, Any]) -> str:
    """How the bank's files call a payment; a CSV has no name but day and sum for most."""
    if row["account"] == LOCAL.number and row["channel"] != "swish":
        return f"{row['day']} {row['amount_ore']}"
    return str(row["ref"])


def _payout(ref: str) -> Payout:
    return Payout.objects.get(provider_ref=ref)


def _kind(row: dict[str, Any]) -> str:
    if row["kind"] == "gift":
        return str(Kind.GIFT)
    return str(KINDS.get(row["kind"], Kind.PAYOUT))


def _agrees(match: Match, row: dict[str, Any]) -> bool:
    """A person looks before she says yes: whose gift it is."""
    if row["kind"] != "gift":
        return True
    if row["source"].startswith("gift:"):
        return match.gift_id == int(row["source"][5:])
    return match.donor_id == int(row["source"]) and match.gift_id is None


def _refused(came: Came, why: str) -> bool:
    """With that reason; with any where none is waited for."""
    taken = came.taken
    return taken.state == StatementFile.State.REFUSED and bool(taken.reason) and why in taken.reason
