"""How a phone's Swish app is opened with the sum and the reference filled in.

Swish documents the C-format of its prefilled QR codes ("Swish QR code specification": type C, then
payee;amount;message;mask, 0 = nothing may be changed). The link https://app.swish.nu/1/p/sw/ is
common knowledge, used by many Swedish pages; it opens the app on a phone.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from django.utils.safestring import SafeString

from fundraise.give import qr
from fundraise.money import ORE_PER_KRONA


def app_link(number: str, amount_ore: int, message: str) -> str:
    """The https link that opens the app, or Swish's own page when there is none."""
    query = {"sw": _digits(number), "amt": _decimal(amount_ore), "cur": "SEK", "msg": message}
    return "https://app.swish.nu/1/p/sw/?" + urlencode(query, quote_via=quote)


def qr_text(number: str, amount_ore: int, message: str) -> str:
    """What the QR code says: nothing of it may be changed in the app."""
    return f"C{_digits(number)};{_decimal(amount_ore)};{message};0"


def qr_svg(number: str, amount_ore: int, message: str) -> SafeString:
    """The QR code as inline SVG."""
    return qr.svg(qr_text(number, amount_ore, message))


def grouped(number: str) -> str:
    """ "123 456 78 90", as people read it."""
    digits = _digits(number)
    if len(digits) != 10:
        return digits
    return f"{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}"


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())


def _decimal(amount_ore: int) -> str:
    kronor, ore = divmod(amount_ore, ORE_PER_KRONA)
    return f"{kronor}.{ore:02d}" if ore else str(kronor)
