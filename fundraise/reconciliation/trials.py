"""A rule is tried on what was decided before it is switched on, and changed by a new version.

A rule matches by itself only after a trial of the last week without a conflict, and when a second
person agrees. To switch one off, or down to suggestions, takes one person: that is the safe way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.reconciliation import proposals, rematching
from fundraise.reconciliation.candidates import Finder
from fundraise.reconciliation.matching.seen import Decision
from fundraise.reconciliation.matching.shipped import AUTO, NEVER_AUTO, OFF, SUGGEST, RuleNow
from fundraise.reconciliation.models import (
    BankAccount,
    Item,
    Match,
    Proposal,
    Rule,
    RuleTrial,
    RuleVersion,
)

AT_ONCE = 2000
GOOD_FOR = timedelta(days=7)
SAFER = {AUTO: {SUGGEST, OFF}, SUGGEST: {OFF}, OFF: set[str]()}


class RuleError(ValueError):
    """It can't be done; nothing was changed. Codes: mode, no_trial (try it first), conflicts (the
    trial found some), same, never_auto (what it finds is likely at most), asked_already."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def try_rule(
    rule: Rule, *, mode: str, settings: Mapping[str, object], from_day: date, to_day: date, by: str
) -> RuleTrial:
    """How many decided items of these days the rule would have matched, and how many otherwise."""
    now = RuleNow(rule.key, mode, settings, 0, rule.position)
    counted = {"looked_at": 0, "would_match": 0, "as_decided": 0, "conflicts": 0}
    for account in BankAccount.objects.filter(entity=rule.entity).order_by("pk"):
        _try_on(account, now, from_day, to_day, counted)
    trial = RuleTrial.objects.create(
        rule=rule,
        mode=mode,
        settings=dict(settings),
        from_day=from_day,
        to_day=to_day,
        tried_at=clock.now(),
        tried_by=by[:60],
        **counted,
    )
    _log(rule, "match_rule.tried", by, {"mode": mode, "conflicts": counted["conflicts"]})
    return trial


def _try_on(
    account: BankAccount, rule: RuleNow, from_day: date, to_day: date, counted: dict[str, int]
) -> None:
    finder = Finder(account, [rule], as_before=True)
    stands = Match.objects.filter(
        item__account=account,
        item__booked_on__range=(from_day, to_day),
        state=Match.State.STANDS,
    ).select_related("item__part_of", "item__line")
    last = 0
    while some := list(stands.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        items: list[Item] = [match.item for match in some]
        decisions = finder.decide(rematching.seen(items))
        for match in some:
            _count(match, decisions[match.item_id], rule.mode, counted)
        last = some[-1].pk


def _count(match: Match, decision: Decision, mode: str, counted: dict[str, int]) -> None:
    counted["looked_at"] += 1
    if decision.mode == "none" or (mode == AUTO and decision.mode != AUTO):
        return
    counted["would_match"] += 1
    counted["as_decided" if _agrees(match, decision) else "conflicts"] += 1


def _agrees(match: Match, decision: Decision) -> bool:
    """The same kind and the same of it; of a gift the same donor: what waited is received now."""
    if match.kind != decision.kind:
        return False
    if match.kind == "gift":
        return match.donor_id == decision.donor_id
    named = ("payout_id", "deposit_id", "refund_id", "other_item_id")
    return all(getattr(match, name) == getattr(decision, name) for name in named)


def switch(
    rule: Rule, *, mode: str, settings: Mapping[str, object], by: str, why: str = ""
) -> RuleVersion | Proposal:
    """A new version now where that is the safer way; else the question to a second person.

    Raises RuleError.
    """
    now = _newest(rule)
    if mode not in {AUTO, SUGGEST, OFF}:
        raise RuleError("mode")
    if (now.mode, now.settings) == (mode, dict(settings)):
        raise RuleError("same")
    if mode == AUTO and rule.key in NEVER_AUTO:
        raise RuleError("never_auto")
    if mode in SAFER[now.mode] and now.settings == dict(settings):
        return _write(rule, mode, settings, by, why)
    if mode == AUTO:
        _was_tried(rule, settings)
    return _ask(rule, mode, settings, by, why)


def _was_tried(rule: Rule, settings: Mapping[str, object]) -> None:
    trials = RuleTrial.objects.filter(
        rule=rule, mode=AUTO, settings=dict(settings), tried_at__gte=clock.now() - GOOD_FOR
    )
    last = trials.order_by("-tried_at", "-pk").first()
    if last is None:
        raise RuleError("no_trial")
    if last.conflicts:
        raise RuleError("conflicts")


@transaction.atomic
def _ask(rule: Rule, mode: str, settings: Mapping[str, object], by: str, why: str) -> Proposal:
    what = {"rule": str(rule.ref), "mode": mode, "settings": dict(settings)}
    try:
        proposal = proposals.ask(
            Proposal.Kind.RULE, rule.entity, f"match_rule:{rule.ref}", what=what, by=by, why=why
        )
    except proposals.ProposalError as error:
        raise RuleError(error.code) from None
    _log(rule, "match_rule.asked", by, {"mode": mode})
    return proposal


def _agreed(proposal: Proposal, by: str) -> None:
    rule = Rule.objects.get(ref=proposal.what["rule"])
    told = proposal.what
    _write(rule, str(told["mode"]), told["settings"], proposal.asked_by, proposal.why)


proposals.DOES[Proposal.Kind.RULE] = _agreed


@transaction.atomic
def _write(rule: Rule, mode: str, settings: Mapping[str, object], by: str, why: str) -> RuleVersion:
    Rule.objects.select_for_update(no_key=True).get(pk=rule.pk)
    last = rule.versions.aggregate(n=Max("number"))["n"] or 0
    version = RuleVersion.objects.create(
        rule=rule,
        number=last + 1,
        mode=mode,
        settings=dict(settings),
        valid_from=clock.now(),
        made_by=by[:60],
        why=why[:200],
    )
    _log(rule, "match_rule.changed", by, {"mode": mode, "version": version.number})
    return version


def _newest(rule: Rule) -> RuleVersion:
    return rule.versions.order_by("-number")[:1].get()


def _log(rule: Rule, action: str, by: str, after: Mapping[str, object]) -> None:
    audit.log_change(
        by=by, action=action, subject_type="match_rule", subject_ref=rule.ref, after=after
    )
