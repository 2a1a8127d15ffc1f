"""Which message a mail answers, and who may have written it. Reads only.

Everybody quotes, so an answer almost always holds the links of the mail it answers; their tokens
name the message. The sender's address is no proof of anything: it only tells whether the two agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from donors import lookup
from donors import queries as donors
from donors.errors import InvalidValue
from donors.models import Donor
from mailings import addresses, tokens
from mailings.appeals.models import Message
from mailings.inbound.models import Reply
from mailings.inbound.reading import Letter
from mailings.tokens import Purpose, Token

_LINKS = re.compile(r"/(avregistrera|unsubscribe|utskick|mailings|l)/([A-Za-z0-9_-]{24})\b")
MOST_LOOKED_AT = 40


@dataclass(frozen=True, slots=True)
class Match:
    """The message that was answered, who it seems to be, and how that was found."""

    message: Message | None = None
    donor: Donor | None = None
    how: str = ""


def leave_token_of(letter: Letter) -> str | None:
    """The token of the unsubscribe address that the mail was written to; None: to another one."""
    found = (addresses.leave_token(address) for address in letter.to)
    return next((token for token in found if token is not None), None)


def match(letter: Letter) -> Match:
    """The best that can be said of a mail."""
    message = _message_of(letter)
    senders = donors.find_by_email(letter.sender)
    if message is not None:
        donor = Donor.objects.exclude(status=Donor.Status.ERASED).filter(pk=message.donor_id)
        mailed = donor.first()
        if mailed is not None and (mailed in senders or _is_address(message, letter.sender)):
            return Match(message, mailed, Reply.Matched.MAIL)
        if len(senders) == 1:
            return Match(message, senders[0], Reply.Matched.ADDRESS)
        if mailed is not None and not senders:
            return Match(message, mailed, Reply.Matched.QUOTED)
    if len(senders) == 1:
        return Match(message, senders[0], Reply.Matched.ADDRESS)
    return Match(message)


def email_key_of(address: str) -> bytes | None:
    """The keyed hash of the sender's address, when it is an address."""
    try:
        return lookup.email_hashes(address)[0]
    except InvalidValue:
        return None


def _is_address(message: Message, address: str) -> bool:
    try:
        return bytes(message.email_key or b"") in lookup.email_hashes(address)
    except InvalidValue:
        return False


def _message_of(letter: Letter) -> Message | None:
    for token in _tokens_in(letter):
        message = Message.objects.filter(appeal_id=token.appeal_id, seq=token.seq).first()
        if message is not None:
            return message
    return None


def _tokens_in(letter: Letter) -> Iterator[Token]:
    """Tokens of single messages: in the address written to, and in links that were quoted."""
    written = [addresses.leave_token(address) for address in letter.to]
    texts = [(Purpose.LEAVE, token) for token in written if token]
    for found in list(_LINKS.finditer(f"{letter.text}\n{letter.quoted}"))[:MOST_LOOKED_AT]:
        purpose = Purpose.GIVE if found[1] == "l" else Purpose.LEAVE
        texts.append((purpose, found[2]))
    for purpose, text in texts:
        try:
            token = tokens.read(text, purpose)
        except tokens.TokenError:
            continue
        if token.seq:
            yield token
