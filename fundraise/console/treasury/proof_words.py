"""What each line of the daily proof compares, in the treasurer's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

LETTERS: dict[str, Text] = {
    "A": _("The bank's balance and the books"),
    "B": _("Stripe's balance, its payouts and the bank"),
    "C": _("Gifts and income"),
    "D": _("Autogiro: sent, paid and the bank"),
    "E": _("Every line of the bank and every gift"),
    "F": _("Receipts and reports"),
    "G": _("Vouchers: numbers, sums, the hash chain"),
    "H": _("Gifts to be repaid"),
}
# Where the two sides stand, by letter and the part of the source after its account's ref.
LINES: dict[tuple[str, str], Text] = {
    ("A", "bank"): _("The closing balance, and the books' bank account"),
    ("A", "chain"): _("Statements that do not begin where the one before ended"),
    ("A", "file"): _("The newest statement"),
    ("B", "stripe:ledger"): _("Stripe's lines, and account 1580 in the books"),
    ("B", "stripe:balance"): _("Stripe's own balance, and account 1580 in the books"),
    ("B", "lines"): _("Payouts that are not the sum of their lines"),
    ("B", "payouts"): _("Payouts that Stripe has paid, and their lines at the bank"),
    ("C", "gifts"): _("Gifts less refunds and disputes, and income in the books"),
    ("C", "thermometer"): _("Campaigns and channels whose days differ from their gifts"),
    ("C", "entities"): _("What legal entities owe, and what others have to get"),
    ("C", "campaign"): _("Income in the books, and the thermometer"),
    ("D", "draws"): _("Draws in files, and what became of them"),
    ("D", "gifts"): _("Draws that the bank has paid, and their gifts"),
    ("D", "deposits"): _("Bankgirot's sums, and their rows"),
    ("D", "clearing"): _("What files brought, and giro clearing in the books"),
    ("D", "in doubt"): _("Files of which nobody knows whether they arrived"),
    ("D", "bank"): _("Autogiro's sums, and their lines at the bank"),
    ("E", "gifts"): _("Gifts by bank and Swish without a line of the bank"),
    ("E", "items"): _("Lines of the bank that are neither matched nor in suspense"),
    ("F", "receipts"): _("Gifts without a receipt"),
    ("G", "numbers are contiguous from 1"): _("Series with a gap in their numbers"),
    ("G", "the last number given is the last journal's"): _("Series whose counter is wrong"),
    ("G", "every journal has entries"): _("Vouchers without entries"),
    ("G", "every entry stays within its journal's entity"): _("Entries in another's books"),
    ("G", "every journal says what it said when it was written"): _("Vouchers that were changed"),
    ("G", "the hash chain is unbroken"): _("Breaks of the hash chain"),
    ("G", "the chain ends where its head says"): _("Chains with another end than was kept"),
    ("G", "every reversal mirrors what it reverses"): _("Reversals that do not mirror"),
    ("G", "checkpoints fit the chain and their seal"): _("Checkpoints that the books do not fit"),
    ("G", "all entries = the sums of the checkpoint and what came since"): _(
        "Accounts with another sum than the checkpoint and what was booked since"
    ),
    ("G", "files"): _("SIE files that are not what was made"),
    ("G", "sums"): _("SIE files with other sums than their journals"),
    ("G", "whose"): _("Journals in a SIE file that may not hold them"),
    ("G", "left"): _("Journals of locked months that no SIE file holds"),
}
# Both sides are a number of rows, not a sum.
COUNTED = frozenset(
    {
        ("A", "chain"), ("A", "file"), ("B", "lines"), ("C", "thermometer"), ("D", "in doubt"),
        ("E", "gifts"), ("E", "items"), ("F", "receipts"),
    }
)  # fmt: skip
STATUS: dict[str, Text] = {
    "ok": _("agrees"),
    "differs": _("differs"),
    "waiting": _("waits"),
    "not_applicable": _("does not apply yet"),
}


def part_of(letter: str, source: str) -> str:
    """What a source's line is about: "bank:<ref>:chain" is "chain"."""
    if (letter, source) in LINES:
        return source
    head, _colon, rest = source.partition(":")
    tail = rest.rpartition(":")[2]
    return tail if (letter, tail) in LINES else head


def is_counted(letter: str, part: str) -> bool:
    """Whether both sides are numbers of rows."""
    return letter == "G" or (letter, part) in COUNTED
