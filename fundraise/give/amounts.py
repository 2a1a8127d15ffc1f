"""Which sum a visitor means: a chosen card, or what was typed under "another amount".

Typing is choosing: a typed sum counts even when its card was not chosen. A chosen card and another
typed sum mean two things (that can happen without JavaScript), and the page asks which.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fundraise.money import AmountError, format_kronor, parse_kronor

OTHER = "other"
LONGEST = 40


def read_amount(
    chosen: str, typed: str, *, ladder: list[int], minimum_ore: int, maximum_ore: int
) -> int:
    """Öre. Raises ValidationError with a sentence for the visitor."""
    card = int(chosen) if chosen in {str(amount) for amount in ladder} else None
    if not typed.strip():
        if card is None:
            raise ValidationError(
                _("Write an amount.") if chosen == OTHER else _("Choose an amount.")
            )
        return card
    amount = _parsed(typed.strip(), maximum_ore)
    if card is not None and card != amount:
        raise ValidationError(
            _("You have chosen %(chosen)s and written %(written)s. Which do you want to give?")
            % {"chosen": format_kronor(card), "written": format_kronor(amount)}
        )
    _check_limits(amount, minimum_ore, maximum_ore)
    return amount


def _parsed(typed: str, maximum_ore: int) -> int:
    if len(typed) > LONGEST:
        raise ValidationError(_sentence("letters", maximum_ore))
    try:
        return parse_kronor(typed)
    except AmountError as error:
        raise ValidationError(_sentence(error.code, maximum_ore)) from None


def _sentence(code: str, maximum_ore: int) -> str:
    if code == "size":
        return _too_much(maximum_ore)
    sentences = {
        "empty": _("Write an amount."),
        "unclear": _("Write the amount without a dot or comma for thousands, such as 1000."),
        "decimals": _("Write at most two decimals, such as 250,50."),
        "negative": _("Write an amount above zero."),
    }
    return sentences.get(code) or _("Write the amount in figures, such as 250.")


def _check_limits(amount: int, minimum_ore: int, maximum_ore: int) -> None:
    if amount < minimum_ore:
        raise ValidationError(
            _("The smallest gift here is %(amount)s.") % {"amount": format_kronor(minimum_ore)}
        )
    if amount > maximum_ore:
        raise ValidationError(_too_much(maximum_ore))


def _too_much(maximum_ore: int) -> str:
    return _("The largest gift here is %(amount)s. Call us if you want to give more.") % {
        "amount": format_kronor(maximum_ore)
    }
