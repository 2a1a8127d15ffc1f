"""A decision as a row of matches, for one or for a hundred thousand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

import orjson

from fundraise import copying
from fundraise.reconciliation.matching.seen import Decision
from fundraise.reconciliation.models import Match
from fundraise.refs import new_ref

MATCH = (
    "ref", "item_id", "state", "kind", "rule_id", "evidence", "donor_id", "campaign_id",
    "entity_id", "gift_id", "makes_gift", "payout_id", "deposit_id", "refund_id", "other_item_id",
    "why", "by", "made_at", "ended_by", "ended_why",
)  # fmt: skip


def match_row(
    item_id: int, decision: Decision, *, by: str, at: datetime, why: str = ""
) -> Sequence[copying.Value]:
    """The values of MATCH: what stands by itself, or a suggestion."""
    stands = decision.mode == "auto"
    return (
        new_ref(), item_id, Match.State.STANDS if stands else Match.State.SUGGESTED, decision.kind,
        decision.rule, evidence_text(decision.found, decision.exceptions, decision.usual_ore),
        decision.donor_id, decision.campaign_id, decision.entity_id, decision.gift_id,
        decision.kind == "gift" and decision.gift_id is None, decision.payout_id,
        decision.deposit_id, decision.refund_id, decision.other_item_id, why, by, str(at), "", "",
    )  # fmt: skip


@lru_cache(maxsize=1000)
def evidence_text(found: tuple[str, ...], exceptions: tuple[str, ...], usual_ore: int) -> str:
    """What spoke for a decision, as JSON: codes and sums, nothing of a person."""
    return orjson.dumps(evidence(found, exceptions, usual_ore)).decode()


def evidence(
    found: Sequence[str], exceptions: Sequence[str] = (), usual_ore: int = 0
) -> dict[str, object]:
    """The same as a dict."""
    told: dict[str, object] = {"found": list(found)}
    if exceptions:
        told["exceptions"] = list(exceptions)
    if usual_ore:
        told["usual_ore"] = usual_ore
    return told
