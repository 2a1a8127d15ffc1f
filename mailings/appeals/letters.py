"""What a content becomes in a request: its tags, its headers, and what events bring back.

Each mail carries `List-Unsubscribe` with a token of its own (RFC 8058), and two marks that the
sender's events return: MARK_MESSAGE names the message whatever its links may say, and MARK_BATCH is
the batch's fence, which settles what is in doubt. Neither says anything about the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from mailings import addresses, tokens
from mailings.appeals import naming
from mailings.appeals.models import Content
from mailings.composing import linking, tags
from mailings.composing.values import Plan, plan
from mailings.senders.base import KEY_ARG, BulkContent
from mailings.tokens import Purpose, Token

MARK_MESSAGE, MARK_BATCH = "m", KEY_ARG
LEAVE_TAG, MESSAGE_TAG = "u", "e"
LEAVE_PATHS = {"sv": "avregistrera", "en": "en/unsubscribe"}


def tag(name: str) -> str:
    """A tag as it stands in a content."""
    return f"-fr_{name}-"


@dataclass(frozen=True, slots=True)
class Form:
    """A content as every batch of it needs it; made once."""

    content_id: int
    names: tuple[str, ...]  # the content's own tags
    extra: tuple[str, ...]  # ours, after them
    whole: str  # the token in links of those whose clicks may not be followed
    plan: Plan  # of the content's own tags
    bulk: BulkContent

    @property
    def link_places(self) -> tuple[int, ...]:
        """Where, among a person's address and values, the token of the links stands."""
        return tuple(
            at for at, name in enumerate(self.names, 1) if tags.read(name).field == linking.MESSAGE
        )

    @classmethod
    def of(cls, content: Content, appeal_id: int) -> Form:
        """The form of a content. `content.variant` is read."""
        names = tuple(content.tags)
        extra = (*(() if LEAVE_TAG in names else (LEAVE_TAG,)), MESSAGE_TAG)
        place = naming.extra_of(content.variant.letter, content.language)
        return cls(
            content.pk,
            names,
            extra,
            tokens.make(Token(Purpose.GIVE, appeal_id, 0, place)),
            plan(names),
            _bulk(content, (*names, *extra)),
        )


def _bulk(content: Content, names: tuple[str, ...]) -> BulkContent:
    return BulkContent(
        subject=content.compiled_subject,
        html=content.compiled_html,
        text=content.compiled_text,
        from_email=content.from_email,
        from_name=content.from_name,
        reply_to=content.reply_to,
        language=content.language,
        tags=names,
        headers=_headers(content.language),
        args=((MARK_MESSAGE, tag(MESSAGE_TAG)),),
    )


def _headers(language: str) -> tuple[tuple[str, str], ...]:
    leave = f"<{settings.BASE_URL}/{LEAVE_PATHS[language]}/{tag(LEAVE_TAG)}>"
    mailto = addresses.leave_mailto(tag(LEAVE_TAG))  # all that some mail programs know
    if mailto:
        leave = f"{leave}, <{mailto}>"
    return (
        ("List-Unsubscribe", leave),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    )


class Names(NamedTuple):
    """The tokens of many messages: of their links, of leaving, of themselves."""

    link: list[str]
    leave: list[str]
    message: list[str]


def names_of(appeal_id: int, seqs: Sequence[int], tracked: Sequence[bool], whole: str) -> Names:
    """In few calls of the cipher. `whole` is the token of the appeal alone, for whoever did not
    agree to be followed."""
    own = tokens.of_messages(Purpose.GIVE, appeal_id, seqs)
    leave = tokens.of_messages(Purpose.LEAVE, appeal_id, seqs)
    link = [name if follow else whole for name, follow in zip(own, tracked, strict=True)]
    return Names(link, leave, own)
