"""A chunk's people cut into batches: one content and one kind of mailbox in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from donors.opening import Opened
from mailings.appeals import letters, payloads, versions
from mailings.appeals.choosing import Draw, Facts, why_not
from mailings.appeals.families import family
from mailings.appeals.letters import Form
from mailings.appeals.models import Appeal, Chunk, Content, Message
from mailings.appeals.people import Row
from mailings.appeals.wording import terms_of, values_of
from mailings.composing.terms import Terms
from mailings.senders.base import chosen_for_appeals
from mailings.senders.packing import pack

# seq, donor, key of the address, content, targeted, tracked, outcome
Line = tuple[int, int, bytes, int, str, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one batch to be."""

    content_id: int
    family: str
    seqs: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # address and values of each, all in one list

    def sealed(self, batch_id: int) -> bytes:
        """Their body."""
        return payloads.sealed(batch_id, self.seqs, pack(self.texts))


@dataclass(slots=True)
class Cut:
    """What a chunk becomes."""

    messages: list[Line] = field(default_factory=list)
    batches: list[Group] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Maker:
    """What is the same for all people of an appeal."""

    appeal: Appeal
    draw: Draw
    forms: dict[tuple[int, str], Form]  # by version and language
    most: int
    terms: Terms


def maker_of(appeal: Appeal) -> Maker:
    """Read once for each chunk."""
    contents = Content.objects.select_related("variant").filter(variant__appeal=appeal)
    found = {(one.variant_id, one.language): one for one in contents}
    variants = versions.to_send(appeal)
    forms = {}
    for variant in variants:
        for language in Content.Language.values:
            # Whose language a version lacks gets it in the one it has.
            content = found.get((variant.pk, language)) or next(
                one for (pk, _lang), one in found.items() if pk == variant.pk
            )
            forms[variant.pk, language] = Form.of(content, appeal.pk)
    draw = Draw(appeal, [(variant.pk, variant.share) for variant in variants])
    return Maker(appeal, draw, forms, chosen_for_appeals().most, terms_of(appeal))


class Chosen(NamedTuple):
    """One person who gets a mail."""

    seq: int
    row: Row
    person: Opened
    form: Form
    tracked: bool


def cut(
    maker: Maker,
    chunk: Chunk,
    loaded: tuple[Sequence[Row], Sequence[Opened | None], Sequence[bytes | None]],
    facts: Facts,
    tracked: set[int],
) -> Cut:
    """Messages for everybody, batches for those who get a mail."""
    made, chosen = Cut(), list[Chosen]()
    targeted = "t" if chunk.targeted else "f"
    for seq, (row, person, key) in enumerate(zip(*loaded, strict=True), chunk.first_seq):
        why = why_not(
            row.donor_id,
            key,
            reachable=row.reachable,
            readable=person is not None,
            suppressed=row.suppressed or row.bounces,
            taken=row.taken,
            facts=facts,
        )
        if not why and key is not None and person is not None:
            held, variant = maker.draw(key)
            if held:
                why = Message.Outcome.HOLDOUT
            else:
                form, follow = maker.forms[variant, row.language], row.donor_id in tracked
                chosen.append(Chosen(seq, row, person, form, follow))
                said = "t" if follow else "f"
                made.messages.append((seq, row.donor_id, key, form.content_id, targeted, said, ""))
                continue
        made.messages.append((seq, row.donor_id, b"", 0, targeted, "f", why))
    _group(maker, chunk, chosen, made)
    return made


def _group(maker: Maker, chunk: Chunk, chosen: Sequence[Chosen], made: Cut) -> None:
    names = letters.names_of(
        maker.appeal.pk,
        [one.seq for one in chosen],
        [one.tracked for one in chosen],
        [one.form.whole for one in chosen],
    )
    open_: dict[tuple[int, str], Group] = {}
    for one, name in zip(chosen, names, strict=True):
        key = one.form.content_id, family(one.person.email)
        group = open_.get(key)
        if group is None or len(group.seqs) >= maker.most:
            group = open_[key] = Group(*key)
            made.batches.append(group)
        group.seqs.append(one.seq)
        group.texts.append(one.person.email)
        values = values_of(one, name, maker.terms, targeted=chunk.targeted)
        group.texts.extend(values)
