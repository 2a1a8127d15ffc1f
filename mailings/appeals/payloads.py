"""A batch's people as they are kept: one sealed body of their numbers, addresses and values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import brotli
import orjson

from fundraise import crypto
from mailings.appeals.models import Payload
from mailings.senders import packing
from mailings.senders.packing import Packed, Row

FAST = 1  # a third of zlib's time at its quickest, and no more bytes


class People(NamedTuple):
    """Some people of a batch: the numbers of their messages, and what their mails are made of."""

    seqs: Sequence[int]
    rows: list[Row]

    @property
    def packed(self) -> Packed:
        """As a request has them."""
        return Packed(self.rows)

    def without(self, out: Collection[int]) -> People:
        """Those whose numbers are not among these."""
        stay = [place for place, seq in enumerate(self.seqs) if seq not in out]
        return People([self.seqs[place] for place in stay], [self.rows[place] for place in stay])

    def instead(self, seqs: Collection[int], places: Collection[int], text: str) -> People:
        """The same, where these people's values of these places are another text."""
        other = packing.pack([text])
        rows = [
            tuple(other if at in places else part for at, part in enumerate(row))
            if seq in seqs
            else row
            for seq, row in zip(self.seqs, self.rows, strict=True)
        ]
        return People(self.seqs, rows)

    def part(self, start: int, end: int) -> People:
        """Those of these places."""
        return People(self.seqs[start:end], self.rows[start:end])


def sealed(batch_id: int, seqs: Sequence[int], packed: bytes) -> bytes:
    """The body of a batch, whose people were packed."""
    body = brotli.compress(orjson.dumps(seqs) + b"\n" + packed, quality=FAST)
    return crypto.seal(body, context=_context(batch_id))


def opened(payload: Payload) -> People:
    """Who is in a batch. Raises CryptoError."""
    body = crypto.unseal(bytes(payload.sealed), context=_context(payload.batch_id))
    seqs, _, packed = brotli.decompress(body).partition(b"\n")
    numbers = orjson.loads(seqs)
    return People(numbers, packing.rows_of(packed, len(numbers)))


def _context(batch_id: int) -> str:
    return f"appeal-batch:{batch_id}"
