"""What an item of a bank account is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Each has its account and its row in the party's report; only gifts move the thermometer."""

    GIFT = "gift", _("Gift")
    MEMBERSHIP = "membership", _("Membership fee")
    PUBLIC_SUPPORT = "public_support", _("Public support")
    SALE = "sale", _("Sale")
    LOTTERY = "lottery", _("Lottery")
    LOAN = "loan", _("Loan")
    WITHIN_PARTY = "within_party", _("Contribution from within the party")
    OTHER_INCOME = "other_income", _("Other income")
    INTEREST = "interest", _("Interest")
    BANK_FEE = "bank_fee", _("Bank fee")
    OWN_TRANSFER = "own_transfer", _("Transfer between own accounts")
    PAYOUT = "payout", _("Payout")
    AUTOGIRO = "autogiro", _("Autogiro's sum of a day")
    REFUND = "refund", _("Refund")
    RETURN = "return", _("Returned or taken back")
    SETTLEMENT = "settlement", _("Settlement with another legal entity")
    CASH_DEPOSIT = "cash_deposit", _("Cash paid in")
    AUTHORITY = "authority", _("Paid to Kammarkollegiet")
    OTHER_BOOKS = "other_books", _("Kept in other books")
