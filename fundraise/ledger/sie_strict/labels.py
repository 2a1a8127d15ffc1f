"""The records of 4B: their group, how many fields, how often, and where they may not stand."""

from __future__ import annotations

from dataclasses import dataclass

FLAG, IDENTIFICATION, CHART, BALANCES = range(4)  # 5.12: the groups in their order


@dataclass(frozen=True, slots=True)
class Label:
    """`fields` is the fewest and the most; `once` for a record that stands at most once."""

    group: int
    fields: tuple[int, int]
    once: bool = False


LABELS = {
    "#FLAGGA": Label(FLAG, (1, 1), once=True),
    "#PROGRAM": Label(IDENTIFICATION, (2, 2), once=True),
    "#FORMAT": Label(IDENTIFICATION, (1, 1), once=True),
    "#GEN": Label(IDENTIFICATION, (1, 2), once=True),
    "#SIETYP": Label(IDENTIFICATION, (1, 1), once=True),
    "#PROSA": Label(IDENTIFICATION, (1, 1)),
    "#FTYP": Label(IDENTIFICATION, (1, 1), once=True),
    "#FNR": Label(IDENTIFICATION, (1, 1), once=True),
    "#ORGNR": Label(IDENTIFICATION, (1, 3), once=True),
    "#BKOD": Label(IDENTIFICATION, (1, 1), once=True),
    "#ADRESS": Label(IDENTIFICATION, (1, 4), once=True),
    "#FNAMN": Label(IDENTIFICATION, (1, 1), once=True),
    "#RAR": Label(IDENTIFICATION, (3, 3)),
    "#TAXAR": Label(IDENTIFICATION, (1, 1), once=True),
    "#OMFATTN": Label(IDENTIFICATION, (1, 1), once=True),
    "#KPTYP": Label(IDENTIFICATION, (1, 1), once=True),
    "#VALUTA": Label(IDENTIFICATION, (1, 1), once=True),
    "#KONTO": Label(CHART, (2, 2)),
    "#KTYP": Label(CHART, (2, 2)),
    "#ENHET": Label(CHART, (2, 2)),
    "#SRU": Label(CHART, (2, 2)),
    "#DIM": Label(CHART, (2, 2)),
    "#UNDERDIM": Label(CHART, (3, 3)),
    "#OBJEKT": Label(CHART, (3, 3)),
    "#IB": Label(BALANCES, (3, 4)),
    "#UB": Label(BALANCES, (3, 4)),
    "#OIB": Label(BALANCES, (4, 5)),
    "#OUB": Label(BALANCES, (4, 5)),
    "#RES": Label(BALANCES, (3, 4)),
    "#PSALDO": Label(BALANCES, (5, 6)),
    "#PBUDGET": Label(BALANCES, (5, 6)),
    "#VER": Label(BALANCES, (3, 6)),
    "#TRANS": Label(BALANCES, (3, 7)),
    "#RTRANS": Label(BALANCES, (3, 7)),
    "#BTRANS": Label(BALANCES, (3, 7)),
}

ROWS = ("#TRANS", "#RTRANS", "#BTRANS")

# Section 6: what must stand in both kinds, what only whole books must hold, what 4I may not.
ALWAYS = ("#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#FNAMN")
IN_4E = ("#RAR", "#KONTO")
NOT_IN_4I = frozenset(
    ["#IB", "#UB", "#RES", "#OIB", "#OUB", "#PSALDO", "#PBUDGET", "#OMFATTN", "#BKOD"]
)
