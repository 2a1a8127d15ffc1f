"""Why a file is refused: one English sentence for each code. The pages have the Swedish.

What stands in %(…)s is in the error's `facts`. No sentence repeats what a payer wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from fundraise.money import format_kronor

REASONS: dict[str, str] = {
    # What it is
    "empty": "The file is empty.",
    "unknown": "The file is none that we know. Ask the bank for camt.053 or a CSV file.",
    "archive": "The file is packed. Unpack it and drop the files that are in it.",
    "pdf": "This is a PDF. Ask the bank for the same as camt.053 or a CSV file.",
    "image": "This is a picture. Ask the bank for the same as camt.053 or a CSV file.",
    "spreadsheet": "This is a spreadsheet. Open it and save it as CSV.",
    "web_page": "This is a web page, perhaps the bank's log-in. Download the file again.",
    "too_large": "The file is larger than any file of a bank's.",
    "too_many": "The file has more rows than any file of a bank's.",
    "too_long": "A text is longer than any that a bank writes.",
    # XML
    "not_xml": "The file does not begin as XML does.",
    "xml": "The file is damaged: it is no XML from here on. Download it again.",
    "xml_dtd": "The file has a document type of its own, which no bank's file has.",
    "xml_encoding": "The file is written in an encoding that no bank uses.",
    "structure": "An element stands where it can't stand.",
    "no_statement": "The file has no statement in it.",
    # CSV
    "encoding": "The letters are damaged. Download the file again and do not open it in between.",
    "csv": "A quotation mark is opened here and never closed.",
    "columns": "The row has %(found)s cells; the header has %(said)s.",
    "no_header": "The header's names are not those of the chosen form.",
    "unknown_csv": "The header is none that we know. Say which column is which, and save it.",
    "no_rows": "The file has a header and no rows.",
    "no_end": "The file's last row is missing. Download it again.",
    # What stands in it
    "missing": "%(field)s is missing.",
    "value": "%(field)s has a value that the format does not know.",
    "amount": "This is no amount.",
    "day": "This is no day.",
    "number": "This is no number.",
    "currency": "The currency is %(currency)s; only Swedish kronor are booked.",
    "account_missing": "The account's number is missing.",
    "two_accounts": "The file has rows of two accounts. Download one file for each account.",
    "bankgirot": "%(reason)s",
    "cancelled_out": "The payments cancel each other out. Book them by hand.",
    # What must add up
    "balance_missing": "The statement has no opening or closing balance.",
    "balance": "Opening balance and movements are %(found)s; the closing balance is %(said)s.",
    "running_balance": "The balance is %(said)s; after this row it should be %(found)s.",
    "details": "The payments are %(found)s together; it says %(said)s.",
    "count": "There are %(found)s; it says %(said)s.",
    "sum": "The sum is %(found)s; it says %(said)s.",
}
SUMS = {"balance", "running_balance", "details", "sum"}  # their facts are öre
# What a field is called to a person; `facts["field"]` has the format's own name.
FIELDS = {
    "Amt": "The amount",
    "CdtDbtInd": "Whether the money came or went",
    "Sts": "The status",
    "BookgDt": "The booking day",
    "NbOfTxs": "The number of payments",
}
PLACES = ("row", "column", "line", "entry", "payment", "balance", "the statement")


def reason(code: str, facts: Mapping[str, object] | None = None) -> str:
    """The sentence of a code in English."""
    return fill(REASONS.get(code, "The file can't be read."), code, facts or {})


def fill(
    sentence: str, code: str, facts: Mapping[str, object], fields: Mapping[str, str] = FIELDS
) -> str:
    """A sentence with its facts: sums in kronor, fields by their names."""
    values: dict[str, object] = dict.fromkeys(("field", "currency", "found", "said", "reason"), "?")
    for name, value in facts.items():
        is_sum = code in SUMS and isinstance(value, int)
        values[name] = format_kronor(value) if is_sum and isinstance(value, int) else value
    values["field"] = fields.get(str(values["field"]), values["field"])
    return sentence % values
