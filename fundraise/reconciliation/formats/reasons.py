"""Why a file is refused: one English sentence for each code. The pages have the Swedish.

What stands in %(…)s is in the error's `facts`. No sentence repeats what a payer wrote.
"""

from __future__ import annotations

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
    # What must add up
    "cancelled_out": "The payments cancel each other out. Book them by hand.",
    "balance_missing": "The statement has no opening or closing balance.",
    "balance": "Opening balance and movements are %(found)s öre; closing is %(said)s öre.",
    "running_balance": "The balance is %(said)s öre; after this row it should be %(found)s öre.",
    "details": "The payments are %(found)s öre together; it says %(said)s öre.",
    "count": "There are %(found)s; it says %(said)s.",
    "sum": "The sum is %(found)s öre; it says %(said)s öre.",
}


def reason(code: str, facts: dict[str, object] | None = None) -> str:
    """The sentence of a code, filled in as far as the facts go."""
    sentence = REASONS.get(code, "The file can't be read.")
    try:
        return sentence % (facts or {})
    except (KeyError, TypeError, ValueError):
        return sentence.replace("%(", "(").replace(")s", ")")
