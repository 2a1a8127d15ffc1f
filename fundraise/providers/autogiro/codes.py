"""What Bankgirot's codes mean, and what follows from them. Plain Python; texts are msgids.

Source: technical manual, August 2014: 8.2.3 status, 8.2 refunds, 8.3 information and comment codes
of mandates, 8.4 rejected payments, 8.5 cancellations and changes, 7.3 periods.
"""

from __future__ import annotations

from enum import Enum

PERIODS = {
    "0": "Once",
    "1": "Every month",
    "2": "Every quarter",
    "3": "Every half-year",
    "4": "Every year",
    "5": "Every month, on the last day",
    "6": "Every quarter, on the last day",
    "7": "Every half-year, on the last day",
    "8": "Every year, on the last day",
    "": "Until cancelled",
}
STATUSES = {
    "0": "Drawn",
    "": "Drawn",
    "1": "Not drawn: not enough money on the account",
    "2": "Not drawn: the account is closed or has no autogiro",
    "4": "Not drawn: the account is being changed",  # from a vendor only: read as not drawn
    "9": "Not drawn yet: the bank tries again",
}
REFUND_CODES = {
    "01": "The payer never gave a mandate",
    "02": "The mandate was withdrawn",
    "03": "The sum was not stated and higher than could be expected",
}
INFORMATION = {
    "03": "Cancellation that we asked for",
    "04": "New mandate that we sent",
    "05": "Change of payer number",
    "10": "Cancelled: our bankgiro number is closed",
    "42": "The bank's answer about a new payer",
    "43": "Cancelled: the bank never answered",
    "44": "Cancelled: the payer's bankgiro number is closed",
    "46": "Cancelled by the payer or the payer's bank",
    "93": "Cancelled by the payer",
}
MANDATE_COMMENTS = {
    "": "",
    "01": "Cancelled by the bank",
    "02": "Cancelled by the payer or the payer's bank",
    "03": "The account is of a kind that autogiro can't draw from",
    "04": "There is no such mandate",
    "05": "The account or the identity number is wrong",
    "06": "Cancelled by Bankgirot",
    "07": "The bank never answered",
    "09": "The payer's bankgiro number is unknown",
    "10": "The mandate is there already, or its number was in use until a few days ago",
    "11": "Stopped by the payer",
    "12": "The payer's stop was lifted",
    "20": "The identity number is wrong",
    "21": "The payer number is wrong",
    "23": "The account number is wrong",
    "24": "A largest sum is not allowed",
    "29": "Our bankgiro number is wrong",
    "30": "Our bankgiro number is not registered any more",
    "32": "The mandate is approved",
    "33": "The mandate is cancelled",
    "98": "The payer's bankgiro number is closed",
}
REJECTIONS = {
    "01": "There is no mandate",
    "02": "The account is not approved yet, or is closed",
    "03": "The mandate is stopped",
    "04": "The payer's bankgiro number is wrong",
    "05": "Our bankgiro number is wrong",
    "06": "The period code is wrong",
    "07": "The number of times is wrong",
    "08": "The sum is no number",
    "09": "We may not pay out",
    "10": "Our bankgiro number is unknown",
    "12": "The day is wrong",
    "13": "The day has passed",
    "15": "The bankgiro number is not the opening record's",
    "24": "The sum is above the most that we may draw",
}
CHANGE_COMMENTS = {
    "01": "The day is wrong",
    "02": "The payer number is wrong",
    "04": "The direction is wrong",
    "05": "The sum is wrong",
    "06": "The new day is wrong",
    "10": "Our bankgiro number has a wrong check digit",
    "11": "Our bankgiro number is missing",
    "12": "The draw is cancelled",
    "13": "Not found: nothing was done, and it may have been drawn",
    "14": "Moved to another day",
    "15": "Not changed: it is a recurring order",
    "18": "Moved to another day",
    "22": "Not changed",
}
CHANGE_KINDS = {
    "03": "Because the mandate ended",
    "11": "By the payer or the payer's bank",
    "21": "Because our agreement ended",
    "22": "Everything on a day",
    "23": "All of a payer",
    "24": "All of a payer on a day",
    "25": "One draw",
    "26": "Everything to another day",
    "27": "Everything on a day to another day",
    "28": "All of a payer on a day to another day",
    "29": "One draw to another day",
}
UNKNOWN = "A code that we don't know"


class MandateOutcome(Enum):
    """What an advice says about a mandate; the pair of codes decides."""

    APPROVED = "approved"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    CANCEL_FAILED = "cancel_failed"
    NEW_NUMBER = "new_number"  # 05+32: the new payer number of a change
    OLD_NUMBER = "old_number"  # 05+33: the old one
    CHANGE_FAILED = "change_failed"
    EXISTS = "exists"  # 04+10: there already (with its old account), or in quarantine
    UNKNOWN = "unknown"


_PAIRS = {
    ("04", "32"): MandateOutcome.APPROVED,
    ("42", "32"): MandateOutcome.APPROVED,
    ("04", "10"): MandateOutcome.EXISTS,
    ("03", "33"): MandateOutcome.CANCELLED,
    ("05", "32"): MandateOutcome.NEW_NUMBER,
    ("05", "33"): MandateOutcome.OLD_NUMBER,
}
_REFUSED = {"09", "20", "21", "23", "29", "30"}
_BANK_REFUSED = {"03", "05"}
_NOT_CANCELLED = {"04", "09", "21", "29", "30"}
_NOT_CHANGED = {"04", "10", "21", "29", "30"}
_ENDED = {"10", "43", "44", "46", "93"}  # whatever comment stands beside them


def mandate_outcome(information: str, comment: str) -> MandateOutcome:
    """What became of a mandate."""
    known = _PAIRS.get((information, comment))
    if known is not None:
        return known
    if information in _ENDED:
        return MandateOutcome.CANCELLED
    if information == "04" and comment in _REFUSED:
        return MandateOutcome.REFUSED
    if information == "42" and comment in _BANK_REFUSED:
        return MandateOutcome.REFUSED
    if information == "03" and comment in _NOT_CANCELLED:
        return MandateOutcome.CANCEL_FAILED
    if information == "05" and comment in _NOT_CHANGED:
        return MandateOutcome.CHANGE_FAILED
    return MandateOutcome.UNKNOWN


class DrawOutcome(Enum):
    """What a status of the payment specification says."""

    PAID = "paid"
    NO_FUNDS = "no_funds"
    NO_ACCOUNT = "no_account"
    TRIED_AGAIN = "tried_again"  # no end: a later report gives 0 or 1
    NOT_DRAWN = "not_drawn"


def draw_outcome(status: str) -> DrawOutcome:
    """What became of a draw; a status that no manual names is read as not drawn."""
    known = {
        "0": DrawOutcome.PAID,
        "": DrawOutcome.PAID,
        "1": DrawOutcome.NO_FUNDS,
        "2": DrawOutcome.NO_ACCOUNT,
        "9": DrawOutcome.TRIED_AGAIN,
    }
    return known.get(status, DrawOutcome.NOT_DRAWN)


def is_done(comment: str) -> bool:
    """Whether a cancellation or change was carried out."""
    return comment in {"12", "14", "18"}
