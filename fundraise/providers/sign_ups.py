"""The door that every public sign-up for giving again and again goes through first.

    verdict = sign_ups.admit(SignUp(...), address=client_address, proof=solution)

What it answers is what `defence.admit` answers for gifts: OK, WAIT, or PROVE while card testers or
a flood of sign-ups are about. There are allowances of the form, the e-mail address, the account
(keyed hashes) and of the address block.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fundraise import clock
from fundraise.limits import passes, spent, work
from fundraise.limits import services as limits
from fundraise.limits.address import block_of, wide_block_of
from fundraise.limits.spent import Use
from fundraise.pledges.models import Pledge
from fundraise.providers import queries, watch
from fundraise.providers.defence import Verdict

WATCHED = ("stripe", "autogiro")


@dataclass(frozen=True, slots=True)
class SignUp:
    """What is known of a sign-up. `account` is what is drawn on; empty for a card."""

    entity_id: int
    amount_ore: int
    method: str
    email: str = field(repr=False)
    account: str = field(default="", repr=False)
    submission: bytes | None = None


def admit(asked: SignUp, *, address: str, proof: str = "") -> Verdict:
    """Whether this sign-up may be begun now; allowances are taken, and the proof is spent."""
    verdict = _verdict(asked, address, proof)
    account = queries.account_for(asked.entity_id, _provider(asked.method))
    if account is not None and verdict is not Verdict.OK:
        watch.refused(account.pk, verdict.value)
    elif account is not None and asked.account:  # a card's page counts when it is asked for
        watch.begun(account)
    return verdict


def _provider(method: str) -> str:
    return "stripe" if method == "card" else method


def _verdict(asked: SignUp, address: str, proof: str) -> Verdict:
    shown = None
    if proof_asked(asked.entity_id):
        shown = passes.read(proof) or work.read(proof, asked.submission or b"")
        if shown is None:
            return Verdict.PROVE
    if not _within(asked, address):
        return Verdict.WAIT
    if shown is not None and not _is_good(asked, spent.spend(shown.id, _words(asked), shown.until)):
        return Verdict.PROVE
    return Verdict.OK


def _is_good(asked: SignUp, use: Use) -> bool:
    """Once more is right for a double click, not for a pledge that has ended."""
    if use is not Use.AGAIN:
        return use is Use.FIRST
    pledges = Pledge.objects.filter(submission=asked.submission)
    return pledges.exclude(state=Pledge.State.ENDED).exists() or not pledges.exists()


def _within(asked: SignUp, address: str) -> bool:
    """Take one of every allowance, the narrowest first."""
    whose = {
        "give-form": (asked.submission or b"").hex(),
        "pledge-email": asked.email.strip().casefold(),
        "pledge-account": asked.account,
        "pledge": block_of(address),
        "pledge-wide": wide_block_of(address),
    }
    now = clock.real_now()
    return all(limits.take(name, key, now) for name, key in whose.items() if key)


def _words(asked: SignUp) -> str:
    form, email = (asked.submission or b"").hex(), asked.email.strip().casefold()
    return f"{form}/{asked.entity_id}/{asked.amount_ore}/{asked.method}/{asked.account}/{email}"


def proof_asked(entity_id: int) -> bool:
    """Whether a proof of work is wanted: card testers, or a flood of sign-ups."""
    accounts = [queries.account_for(entity_id, provider) for provider in WATCHED]
    return any(account is not None and watch.is_on_guard(account) for account in accounts)
