"""Mails that have left, and signed posts of events about them, as SendGrid makes them."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from fundraise import clock, copying
from fundraise.campaigns.models import Campaign
from mailings import tokens
from mailings.appeals.models import Appeal, Batch, Content, Message, Variant
from mailings.senders.sendgrid.signed import SIGNATURE, TIMESTAMP
from mailings.tokens import Purpose, Token

EVENTS = 500  # in a post
KINDS = ("processed", "delivered", "processed", "delivered", "open")  # of two messages
REPEATED = 100  # events of each post that the post before held too
BY = "system:bench"


def events_in(posts: int) -> int:
    """How many events such posts hold: the first repeats nothing."""
    return posts * EVENTS - REPEATED


@dataclass(frozen=True, slots=True)
class Post:
    """One post's bytes and the headers that sign them."""

    body: bytes
    headers: dict[str, str]


@dataclass(slots=True)
class Mailed:
    """An appeal whose mails have left, and the key that its events are signed with."""

    appeal: int
    messages: int
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    next: int = 1

    @property
    def public_key(self) -> str:
        der = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def posts(self, number: int) -> list[Post]:
        """So many posts about messages that nothing was told of yet."""
        fresh = EVENTS - REPEATED
        first, per_post = self.next, fresh * 2 // len(KINDS)
        self.next += number * per_post
        seqs = range(first, self.next)
        named = tokens.make_many(Token(Purpose.GIVE, self.appeal, seq) for seq in seqs)
        events = list(_events(zip(seqs, named, strict=True)))
        before: list[dict[str, object]] = []
        made = []
        for n in range(number):
            mine = events[n * fresh : (n + 1) * fresh]
            made.append(self._signed(orjson.dumps([*mine, *before[:REPEATED]]) + b"\r\n"))
            before = mine
        return made

    def _signed(self, body: bytes) -> Post:
        at = str(int(clock.real_now().timestamp()))
        signature = self.private.sign(at.encode() + body, ec.ECDSA(hashes.SHA256()))
        return Post(
            body,
            {
                "Content-Type": "application/json",
                SIGNATURE: base64.b64encode(signature).decode(),
                TIMESTAMP: at,
            },
        )


def _events(messages: Iterator[tuple[int, str]]) -> Iterator[dict[str, object]]:
    at = int(clock.real_now().timestamp()) - 3600
    pairs = iter(lambda: list(itertools.islice(messages, 2)), [])
    for (first, one), (second, other) in pairs:
        whose = ((first, one), (first, one), (second, other), (second, other), (first, one))
        for kind, (seq, token) in zip(KINDS, whose, strict=True):
            said: dict[str, object] = {
                "email": f"person{seq}@example.org",
                "event": kind,
                "timestamp": at,
                "sg_event_id": base64.urlsafe_b64encode(uuid4().bytes).decode(),
                "sg_message_id": f"14c5d75ce93.dfd.{seq}.filterdrecv-p3mdw1-756b745b58-kmzbl-18",
                "smtp-id": f"<14c5d75ce93.dfd.{seq}@geopod-ismtpd-5-0>",
                "category": ["appeal"],
                "m": token,
                "b": "00000000-0000-0000-0000-000000000000",
            }
            if kind == "delivered":
                said |= {"response": "250 2.0.0 OK 1772198400", "ip": "192.0.2.1", "tls": 1}
            if kind == "open":
                said |= {"useragent": "Mozilla/5.0", "ip": "192.0.2.7", "sg_machine_open": False}
            yield said


def mailed(campaign: Campaign, messages: int) -> Mailed:
    """An appeal to so many people of no register, in one batch that the sender took over."""
    now = clock.now()
    appeal = Appeal.objects.create(
        campaign=campaign, title="Bench", created_at=now, created_by=BY, started_at=now
    )
    variant = Variant.objects.create(appeal=appeal, letter="A")
    content = Content.objects.create(variant=variant, language="sv", changed_at=now, changed_by=BY)
    batch = Batch.objects.create(
        appeal=appeal, content=content, family="other", first_seq=1, people=0, state="accepted"
    )
    copying.copy(
        Message,
        ("appeal", "seq", "donor_id", "email_key", "batch_id", "content_id", "targeted", "tracked",
         "outcome"),
        (
            (appeal.pk, seq, 1_000_000_000 + seq, b"bench:" + seq.to_bytes(8, "big"), batch.pk,
             content.pk, False, True, "")
            for seq in range(1, messages + 1)
        ),
    )  # fmt: skip
    return Mailed(appeal.pk, messages)
