"""A chunk's people cut into batches: one content and one kind of mailbox in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

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
    texts: list[tuple[str, ...]] = field(default_factory=list)  # address and values of each

    def sealed(self, batch_id: int) -> bytes:
        """Their body."""
        return payloads.sealed(batch_id, self.seqs, pack([*chain.from_iterable(self.texts)]))


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


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who gets a mail of one form, asked by what we know of them or not."""

    form: Form
    targeted: bool
    seqs: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    opened: list[Opened] = field(default_factory=list)


Loaded = tuple[Sequence[Row], Sequence[Opened | None], Sequence[bytes | None]]


def cut(maker: Maker, chunk: Chunk, loaded: Loaded, facts: Facts) -> Cut:
    """Messages for everybody, batches for those who get a mail."""
    made, chosen = Cut(), dict[tuple[int, bool], Chosen]()
    for seq, (row, person, key) in enumerate(zip(*loaded, strict=True), chunk.first_seq):
        why = why_not(row, key, person, facts)
        aimed = chunk.targeted and row.aimed  # who agreed when the list was frozen, and does now
        targeted = "t" if aimed else "f"
        if not why and key is not None and person is not None:
            held, variant = maker.draw(key)
            if not held:
                form = maker.forms[variant, row.language]
                kind = form.content_id, aimed
                one = chosen.get(kind) or chosen.setdefault(kind, Chosen(form, aimed))
                one.seqs.append(seq)
                one.rows.append(row)
                one.opened.append(person)
                tracked = "t" if row.tracked else "f"
                made.messages.append(
                    (seq, row.donor_id, key, form.content_id, targeted, tracked, "")
                )
                continue
            why = Message.Outcome.HOLDOUT
        made.messages.append((seq, row.donor_id, b"", 0, targeted, "f", why))
    for one in chosen.values():
        made.batches += _groups(maker, one)
    made.batches.sort(key=lambda group: group.seqs[0])  # in the order in which they are sent
    return made


def _groups(maker: Maker, chosen: Chosen) -> list[Group]:
    form, tracked = chosen.form, [row.tracked for row in chosen.rows]
    names = letters.names_of(maker.appeal.pk, chosen.seqs, tracked, form.whole)
    values = values_of(
        form, names, chosen.rows, chosen.opened, maker.terms, targeted=chosen.targeted
    )
    addresses = [person.email for person in chosen.opened]
    made, open_ = list[Group](), dict[str, Group]()
    for seq, text in zip(chosen.seqs, zip(addresses, *values, strict=True), strict=True):
        kind = family(text[0])
        group = open_.get(kind)
        if group is None or len(group.seqs) >= maker.most:
            group = open_[kind] = Group(form.content_id, kind)
            made.append(group)
        group.seqs.append(seq)
        group.texts.append(text)
    return made
