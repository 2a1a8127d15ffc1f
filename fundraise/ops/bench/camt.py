"""A camt.054 imported and matched, beside a bare iterparse and COPY of the rows it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from lxml import etree

from fundraise.ledger import proving
from fundraise.ops.bench import child, left, paid_in
from fundraise.ops.bench.child import Done
from fundraise.ops.bench.figures import TRIAL, Figure, middle, middle_ratio, scale, sized
from fundraise.ops.bench.house import House
from fundraise.ops.bench.left import Left
from fundraise.ops.bench.verify import BooksDiffer
from fundraise.reconciliation import inbox, rematching, rules
from fundraise.reconciliation.candidates import Finder
from fundraise.reconciliation.models import BankAccount, Item, StatementFile

PAYMENTS, PEOPLE, OPEN = 100_000, 25_000, 1_000_000
ROUNDS, MEMORY_MEGABYTES = 3, 400
LOOKED_AT = 2000
PEER = "iterparse + COPY"


class NotImported(Exception):
    """The file was not read whole: the figure would mean nothing."""


def measure(house: House) -> Iterator[Figure]:
    """Files one after the other, each with its peer; then a line among very many open gifts."""
    account, campaign = paid_in.make_account(sized(PEOPLE, least=50))
    payments, number = sized(PAYMENTS, least=200), ROUNDS if scale() >= TRIAL else 1
    rounds = [_round(house, payments, n) for n in range(number)]
    took = [one.seconds for one, _peer, _booked in rounds]
    peers = [peer for _one, peer, _booked in rounds]
    yield Figure("camt", PEER, middle(peers), "s", "", None)
    ratio = middle_ratio(took, peers)
    yield Figure("camt", "imported and matched", middle(took), "s", PEER, ratio, at_most=5.0)
    most = max(one.megabytes for one, _peer, _booked in rounds)
    against, share = f"{MEMORY_MEGABYTES} MB", most / MEMORY_MEGABYTES
    yield Figure("camt", "memory of importing", most, "MB", against, share, at_most=1.0)
    rate = payments / middle([booked.seconds for _one, _peer, booked in rounds])
    yield Figure("camt", "booked", rate, "payments/s", "", None)
    _prove()
    few = _matching_seconds(account)
    paid_in.issue(account.entity, paid_in.MORE, sized(OPEN), ended=True)
    paid_in.open_gifts(campaign, sized(OPEN))
    many = _matching_seconds(account)
    case, against = "a line matched among very many open", "few open"
    yield Figure("camt", case, many * 1e6, "µs", against, many / few, at_most=2.0)


def _round(house: House, payments: int, n: int) -> tuple[Done, float, Done]:
    """Imported and matched; its peer; and what was read, booked."""
    path = house.folder / f"camt-{n}.xml"
    paid_in.write(path, payments, begin=n * payments)
    before = left.place()
    done = child.alone(partial(_take_in, path))
    rows = Left.since(before, house.folder)
    peer = _parse_seconds(path) + rows.copy_seconds()
    file = StatementFile.objects.defer("sealed").latest("pk")
    booked = child.alone(partial(_book, file.pk))
    path.unlink()
    return done, peer, booked


def _take_in(path: Path) -> None:
    file = inbox.take_in(path.read_bytes(), by=paid_in.BY, name=path.name, via="command")
    if file.state != StatementFile.State.READ:
        raise NotImported(file.reason, file.at)


def _book(file_id: int) -> None:
    inbox.book(file_id, by=paid_in.BY)


def _parse_seconds(path: Path) -> float:
    """Every payment's element made and let go, and nothing looked at."""
    begun = time.perf_counter()
    for _event, element in etree.iterparse(str(path), events=("end",), tag="{*}TxDtls"):
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return time.perf_counter() - begun


def _matching_seconds(account: BankAccount) -> float:
    """What one of some thousands of items costs to be matched; the quickest of some tries."""
    some = Item.objects.filter(account=account).select_related("part_of", "line")[:LOOKED_AT]
    seen = rematching.seen(list(some))
    tries = []
    for _n in range(5):
        finder = Finder(account, rules.current(account.entity_id))
        begun = time.perf_counter()
        finder.decide(seen)
        tries.append((time.perf_counter() - begun) / len(seen))
    return min(tries)


def _prove() -> None:
    verdict = proving.prove()
    if not verdict.ok:
        raise BooksDiffer([check.name for check in verdict.differing])
