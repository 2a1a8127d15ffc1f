"""Files to Bankgirot, written here by hand for the stand-in's own tests."""

from __future__ import annotations

from datetime import date

from fundraise.sandbox.bankgirot import seal

BANKGIRO = "0009912346"
CUSTOMER = "471117"
ACCOUNT = "3300001212121212"
IDENTITY = "191212121212"
DAY = date(2027, 3, 1)


def number(payer: int | str) -> str:
    return str(payer).rjust(16, "0")


def opening(bankgiro: str = BANKGIRO, customer: str = CUSTOMER, day: str = "20270301") -> str:
    return f"01{day}AUTOGIRO{'':44}{customer}{bankgiro}  "


def new_mandate(payer: int | str, account: str = ACCOUNT, identity: str = IDENTITY,
                mark: str = "", bankgiro: str = BANKGIRO) -> str:  # fmt: skip
    return f"04{bankgiro}{number(payer)}{account:16}{identity:12}{'':20}{mark:2}  "


def answer(payer: int | str, mark: str = "") -> str:
    return new_mandate(payer, "", "", mark)


def cancel_mandate(payer: int | str, bankgiro: str = BANKGIRO) -> str:
    return f"03{bankgiro}{number(payer)}{'':52}"


def renumber(old: int | str, new: int | str, bankgiro: str = BANKGIRO) -> str:
    return f"05{BANKGIRO}{number(old)}{bankgiro}{number(new)}{'':26}"


def payment(
    payer: int | str, day: str, amount: int | str = 20_000, reference: str = "", *,
    code: str = "82", period: str = "0", left: str = "", bankgiro: str = BANKGIRO,
) -> str:  # fmt: skip
    return (
        f"{code}{day:8}{period}{left:>3} {number(payer)}{str(amount).rjust(12, '0')}{bankgiro}"
        f"{reference:16}{'':11}"
    )


def change(
    kind: str, payer: int | str = "", day: str = "", amount: int | str = "", direction: str = "",
    to: str = "", reference: str = "", bankgiro: str = BANKGIRO,
) -> str:  # fmt: skip
    who = number(payer) if payer != "" else " " * 16
    how_much = str(amount).rjust(12, "0") if amount != "" else " " * 12
    return f"{kind}{bankgiro}{who}{day:8}{how_much}{direction:2}{to:8}{reference:16}{'':6}"


def sealed(*lines: str, key: str = seal.TEST_KEY, day: str = "270301") -> bytes:
    """A whole file with its two seal records; the seal is made by the stand-in's own module."""
    content = [f"00{day}HMAC{'':68}", *lines]
    raw = [line.encode("latin-1") for line in content]
    end = f"99{day}{seal.key_check(key)}{seal.of_lines(key, raw)}{'':8}"
    return b"".join(line + b"\r\n" for line in [*raw, end.encode("latin-1")])


def file_of(*orders: str) -> bytes:
    return sealed(opening(), *orders)
