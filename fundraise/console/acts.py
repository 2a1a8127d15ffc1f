"""Acts in words that name what will happen: "Pay back 200 kr to the card"."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise.gifts.models import Channel, Gift
from fundraise.money import format_kronor


def refund(gift: Gift, amount_ore: int) -> str:
    """Paying back a part of a gift, the way it goes."""
    back_to = {
        Channel.CARD: _("Pay back %(sum)s to the card"),
        Channel.SWISH: _("Pay back %(sum)s by Swish"),
        Channel.SWISH_NUMBER: _("Pay back %(sum)s by hand with Swish"),
        Channel.BANK: _("Pay back %(sum)s by hand from the bank"),
        Channel.CASH: _("Pay back %(sum)s by hand from the cash box"),
    }
    return back_to[Channel(gift.channel)] % {"sum": format_kronor(amount_ore)}
