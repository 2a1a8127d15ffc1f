"""What is said of autogiro files: their kinds, why one was refused, what a row or question says."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fundraise.providers import autogiro_words
from fundraise.providers.autogiro.errors import REASONS, Remark
from fundraise.providers.giro.models import InFile, InRow, Order, Question

Text = str | Promise
KINDS: dict[str, Text] = {
    "payment_specification": _("Payment specification"),
    "mandate_advice": _("Answers about mandates"),
    "rejected_payments": _("Draws that were not taken"),
    "changes": _("Cancellations and changes"),
    "e_mandates": _("Mandates from the Internet bank"),
    "mandate_register": _("Register of mandates"),
    "watch_register": _("Register of waiting draws"),
    "orders": _("Orders to Bankgirot"),
    "bgmax": _("Deposits on the bankgiro number (BgMax)"),
    "other": _("Not known"),
}
REFUSED: dict[str, Text] = {
    "other_bankgiro_number": _(
        "The file is for another bankgiro number. Nothing of it was worked in."
    ),
    "other_customer_number": _(
        "The file is for another customer number. Nothing of it was worked in."
    ),
    "not_a_report": _("It is no report from Bankgirot to us. Nothing of it was worked in."),
    "several_entities": _("The file is for several legal entities. Ask for one file for each."),
}
HOW: dict[str, Text] = {
    "placed": _("The money was placed"),
    "paid_back": _("The money was paid back"),
    "mended": _("It was mended"),
    "known": _("It is known and right"),
    "asked_bank": _("The bank was asked"),
    "adopted": _("Taken over from the register"),
}
NOTES: dict[str, Text] = {
    "name_taken": _("Another file with that name lies in the folder."),
    "answer_lost": _("The folder's server did not answer at the end."),
    "gone": _("The file is gone from the folder: it may have been taken."),
    "transport": _("The folder could not be reached. It is tried again."),
    "again": _("It did not arrive, and is delivered again."),
    "withdrawn": _("It was withdrawn."),
    "fetched": _("Somebody has fetched it, and nobody knows whether it was left at the bank."),
    "left_late": _("It was left at the bank after its cut-off."),
}
SETTINGS: dict[str, Text] = {
    "bankgiro": _("The account's bankgiro number is missing or wrong: no file is made."),
    "customer_number": _("The customer number is missing or wrong: no file is made."),
    "seal_key": _("The key of the seal is missing or wrong: no file is made."),
    "test_key": _("The seal has Bankgirot's public test key: no live file is made."),
}
REGISTER_KINDS = frozenset(
    {Question.Kind.REGISTER_MISSING, Question.Kind.REGISTER_EXTRA, Question.Kind.REGISTER_DIFFERENT}
)
DIFFERS: dict[str, Text] = {
    "account": _("another account"),
    "identity": _("another identity number"),
    "state": _("another state"),
}
ADVICE: dict[str, Text] = {
    "payer": _(
        "Look for the payer number in the bank's channel. If it is another system's, narrow the "
        "range of payer numbers; else ask the bank whose it is, and place or pay back the money."
    ),
    "draw": _("We sent no such draw. Ask the bank, and place or pay back the money."),
    "sum": _("Compare with the file that we sent, and place or pay back the difference."),
    "code": _("Ask the bank what the code means, then do what it says."),
    "moved": _(
        "The bank drew on another day than the donor was told. Tell the donor if it matters."
    ),
    "twice": _("The same month came twice. Pay the second one back."),
    "e_mandate": _(
        "Another mandate has the number. Ask the payer to type the one they were given."
    ),
    "r_missing": _(
        "It has ended at Bankgirot, and we did not hear. Taken over, it ends here too, and the "
        "donor is asked for a new one."
    ),
    "r_extra": _(
        "Bankgirot has it and we do not. Taken over, it becomes a mandate without a monthly gift, "
        "which draws nothing until the donor has named a sum."
    ),
    "r_different": _("Taken over, ours becomes as Bankgirot has it."),
    "w_missing": _("Our draw does not wait at Bankgirot. Look in the file it was sent in."),
    "w_extra": _("A draw waits that is not ours. Ask the bank before its day."),
}


def kind(code: str) -> Text:
    """What a file from Bankgirot is; the old layout is named so."""
    name, old = code.removesuffix("_old"), code.endswith("_old")
    said = KINDS.get(name or "other", code)
    return _("%(kind)s, old layout") % {"kind": said} if old else said


def refusal(file: InFile) -> str:
    """Why a file was refused, without its place."""
    if file.reason in REFUSED:
        return str(REFUSED[file.reason])
    if file.reason not in REASONS:
        return file.reason
    return str(autogiro_words.reason(_remark(file)))


def place(file: InFile) -> str:
    """Where it is wrong: "Line 3, position 12"."""
    return autogiro_words.place(_remark(file))


def _remark(file: InFile) -> Remark:
    return Remark(file.reason, file.line, file.column, tuple(file.values.items()))


def row_code(row: InRow) -> str:
    """What a row's code says, by the kind of file it stands in."""
    information, plus, comment = row.code.partition("+")
    if plus:
        return str(autogiro_words.mandate(information, comment).what)
    name = row.file.kind.removesuffix("_old")
    said = {
        "payment_specification": autogiro_words.status,
        "rejected_payments": autogiro_words.rejection,
        "changes": autogiro_words.change,
    }.get(name)
    return str(said(row.code).what) if said and row.code else row.code


ORDERS = dict(Order.Kind.choices)
QUESTIONS = dict(Question.Kind.choices)


def differs(text: str) -> str:
    """What is otherwise in Bankgirot's register."""
    return ", ".join(str(DIFFERS.get(part, part)) for part in text.split(",") if part)
