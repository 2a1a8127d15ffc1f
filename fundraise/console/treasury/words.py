"""What the treasurer's pages say of codes: why a file was refused, what spoke for a match."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from fundraise.console.words import Text
from fundraise.reconciliation import file_words
from fundraise.reconciliation.formats.reasons import REASONS as FORMAT_REASONS

KINDS: dict[str, Text] = {
    "camt.053": _("Statement (camt.053)"),
    "camt.054": _("Details of payments (camt.054)"),
    "camt.052": _("Movements during the day (camt.052)"),
    "bank_csv": _("The bank's list (CSV)"),
    "swish": _("Swish report"),
    "bgmax": _("BgMax"),
    "autogiro": _("Autogiro"),
    "stripe_payouts": _("Stripe's payouts (CSV)"),
}
# Why the inbox refused a file; what is wrong in it, reconciliation.file_words says.
REFUSALS: dict[str, Text] = {
    "empty": _("The file is empty. Fetch it once more from the bank."),
    "account_unknown": _("The account is none of ours. Add the bank account, then read it again."),
    "account_missing": _("The file names no account. Choose the account and drop it once more."),
    "other_account": _("The file is of another account than the one that was chosen."),
    "other_entity": _("The account belongs to another legal entity."),
    "too_large": _("The file is larger than what is taken."),
    "page_unclear": _(
        "A row of this page is alike one that came in a file without page numbers, and nothing "
        "tells whether it is the same. Ask the bank for the statement in one file."
    ),
}
BROKEN = _("The file can't be read. Fetch it anew from the bank, and tell us if it is the same.")
INBOX: dict[str, Text] = {
    "empty": REFUSALS["empty"],
    "too_large": REFUSALS["too_large"],
    "booked": _("The file was booked before. Nothing was changed."),
    "not_read": _("The file is not there to be booked any more. Nothing was changed."),
    "refused": _("The file was refused, and can't be booked."),
    "booked_elsewhere": _("Another file with the same lines was booked meanwhile. Read it again."),
}
DECIDE: dict[str, Text] = {
    "not_open": _("Somebody decided it meanwhile. Nothing was changed."),
    "not_booked": _("Its file is not booked yet. Import the file first."),
    "stale": _("What was suggested is not so any more. It was not booked."),
    "taken": _("Another line of the bank has it already. It was not booked."),
    "campaign": _("Choose the campaign that the gift is for."),
    "donor": _("There is no such donor, or the donor was forgotten."),
    "kind": _("Choose what the money is."),
    "sum": _("Write the sums of two parts or more; together they must be the whole."),
    "sign": _("The money went the other way."),
    "batch": _("A batch belongs to one set of books: some of its payments are ours."),
    "dedicated": _("The account is ours alone: each of its lines is booked here."),
    "booked": _("It stands in our books already. Undo what it was said to be."),
    "personal": _("Leave out what tells of a person: it can't be taken away again."),
    "refunded": _("Some of the gift was paid back, so it can't be undone."),
    "final": _("That can't be undone here."),
    "why": _("Write why."),
    "parts": _("Some of its parts are decided. Undo what they were said to be first."),
    "from_bank": _("The bank itself told of these parts, so they stay."),
    "asked_already": _("A second person has been asked already."),
}
EVIDENCE: dict[str, Text] = {
    "reference": _("The reference is known"),
    "sum": _("The sum is the same"),
    "part": _("It is a part of the sum"),
    "code": _("The message has the gift's code"),
    "alias": _("Paid from an account that was confirmed before"),
    "name": _("The name is alike"),
    "day": _("The day is near"),
    "trace": _("The bank's trace is Stripe's"),
    "serial": _("The serial number is Bankgirot's"),
    "payer": _("The payer is known"),
    "words": _("The text says so"),
    "bank_code": _("The bank's own code says so"),
    "times": _("Far more than is usual"),
    "by_hand": _("Decided by hand"),
    "opposite": _("The same sum left another of our accounts"),
    "taken_back": _("The bank says that it was taken back"),
    "outgoing": _("Nothing of ours explains it"),
    "entered": _("Staff had entered it"),
    "waiting": _("The donor had promised it"),
    "again": _("A second one of the same"),
    "several": _("Something else fits as well"),
    "proof": _("Staff entered it with this reference"),
    "no_campaign": _("It names no campaign"),
}
HOW: dict[str, Text] = {
    "placed": _("Placed"),
    "paid_back": _("Paid back"),
    "mended": _("Mended at its source"),
    "known": _("Known, nothing to do"),
    "asked_bank": _("Asked the bank"),
    "not_ours": _("Not ours"),
    "right_as_it_is": _("Right as it is"),
    "solved_itself": _("Solved itself"),
    "owed": _("Booked as owed"),
}
ADVICE: dict[str, Text] = {
    "unknown_payer": _("Open the line and say whose it is, or park it with a remark."),
    "not_a_gift": _("Open the line and say what it is."),
    "gap": _("Fetch the file that is missing from the bank and drop it in the inbox."),
    "differs": _("Open today's proof: the rows behind the difference stand there."),
    "returned": _(
        "Open it. A refund that came back: ask the giver for another account and ask for it again, "
        "or book it as owed. A gift that was taken back: tell the giver."
    ),
    "unknown_category": _(
        "It lies in suspense. Look Stripe's name for it up at Stripe, and tell whoever runs this "
        "what kind it is."
    ),
    "duplicate": _("Compare the two. Two true gifts are both right."),
    "amount_differs": _("The sum is far from what is usual. Ask the giver if it was meant."),
    "payout_failed": _("Stripe took a payout back. See that the bank account at Stripe is right."),
    "dispute": _(
        "Answer it at Stripe before its last day, with what shows that the gift was meant."
    ),
    "autogiro_refused": _(
        "Draws of the file were refused. They are tried once more and the givers are told by "
        "themselves: see that they are no more than usual."
    ),
    "currency": _(
        "The statement is of an account in another currency. Only kronor are booked here: book it "
        "in the bookkeeping program, or ask the bank for the account in kronor."
    ),
    "closed_period": _("It was booked in the first open month. Nothing is left to do but know it."),
    "negative": _("The account is overdrawn. See what left it."),
}


AT_STRIPE = _(
    "Stripe's report tells of a refund or dispute whose charge is not in the books, so it lies in "
    "suspense. Drop the report that has the charge, or let the API tell of it. Then it is placed "
    "by itself, within the hour."
)


def refusal(code: str, facts: Mapping[str, object]) -> Text:
    """Why a file was refused, with its figures where it has some."""
    if code not in REFUSALS and code in FORMAT_REASONS:
        return file_words.why(code, facts)
    return REFUSALS.get(code, BROKEN)


def found(code: str) -> Text:
    """What spoke for a match."""
    return EVIDENCE.get(code, code)
