"""Money is whole öre in an `int`; kronor exist only in what a person types and reads.

Parsing refuses what could mean two things ("1.000" is a thousand in Sweden and one in England);
the refusal carries a code, and the page says the sentence.
"""

from __future__ import annotations

import re
import unicodedata

ORE_PER_KRONA = 100
MAX_ORE = 10**12  # ten thousand million kronor: nothing above it is a gift
NARROW_NO_BREAK_SPACE = "\u202f"

_AMOUNT = re.compile(r"(?P<kronor>\d{1,3}(?: \d{3})+|\d+)(?:[,.](?P<ore>\d{1,2}))?", re.ASCII)


class AmountError(ValueError):
    """What was typed is no amount.

    `code` says why: empty, unclear, decimals, negative, letters, size.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_kronor(typed: str) -> int:
    """Öre from what a person typed: "1 000", "1000 kr", "250,50", full-width digits.

    Raises AmountError: "1.000" and "1,000" are `unclear`, more than two decimals `decimals`.
    """
    text = _plain(typed)
    if not text:
        raise AmountError("empty")
    if text.startswith(("-", "−")):
        raise AmountError("negative")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+([.,]\d{1,2})?", text):
        raise AmountError("unclear")
    if re.fullmatch(r"\d+[.,]\d{3,}", text):
        raise AmountError("decimals")
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise AmountError("letters")
    return _to_ore(match["kronor"].replace(" ", ""), match["ore"] or "")


def _plain(typed: str) -> str:
    """Full-width digits to plain ones, any space to one space, without the unit."""
    text = " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
    return re.sub(r"( ?(kronor|kr|sek|:-)\.?)$|^(sek|kr) ", "", text)


def _to_ore(kronor: str, ore: str) -> int:
    if len(kronor.lstrip("0")) > 11:
        raise AmountError("size")
    amount = int(kronor) * ORE_PER_KRONA + int(ore.ljust(2, "0") or 0)
    if amount > MAX_ORE:
        raise AmountError("size")
    return amount


def format_kronor(ore: int, *, space: str = NARROW_NO_BREAK_SPACE) -> str:
    """ "1 200 kr", or "250,50 kr" when there are öre; the minus is U+2212."""
    return format_number(ore, space=space) + space + "kr"


def format_number(ore: int, *, space: str = NARROW_NO_BREAK_SPACE) -> str:
    """ "1 200" or "250,50", without the unit."""
    kronor, rest = divmod(abs(ore), ORE_PER_KRONA)
    whole = f"{kronor:,}".replace(",", space)
    sign = "−" if ore < 0 else ""
    return f"{sign}{whole},{rest:02d}" if rest else f"{sign}{whole}"


def split_ore(total: int, weights: list[int]) -> list[int]:
    """Shares of `total` by weight that add up to it exactly (largest remainder, ties to the first).

    Raises ValueError when there is no weight or one is negative.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be zero or more, and one above zero")
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares
