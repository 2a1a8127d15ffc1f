"""How the banks' CSV is read: one mapping for each form that we know.

There is no standard. The names come from what the banks and public code show; those of
Länsförsäkringar and Skandia are nobody's promise. Where a bank has changed a name, a treasurer's
own mapping takes over and nothing here needs to change.
"""

from __future__ import annotations

from fundraise.reconciliation.formats.base import Kind
from fundraise.reconciliation.formats.mapper import Mapping

NORDEA_COMPANY = Mapping(
    name="Nordea, PlusGiro företag",
    bank="Nordea",
    signature=(("Bokföringsdag",), ("Avsändare",), ("Mottagare",), ("Ytterligare detaljer",)),
    columns={
        "booked_on": (("Bokföringsdag",),),
        "amount": (("Belopp",),),
        "balance": (("Saldo",),),
        "currency": (("Valuta",),),
        "sender": (("Avsändare",),),
        "recipient": (("Mottagare",),),
        "payer_name": (("Namn",),),
        "message": (("Meddelande",),),
        "text": (("Namn",), ("Ytterligare detaljer",), ("Meddelande",)),
    },
    balance="day",
    name_in_message=("Inbetalning Swish Företag",),
)
NORDEA_PRIVATE = Mapping(
    name="Nordea, privat",
    bank="Nordea",
    signature=(("Bokföringsdag", "Booking date"), ("Rubrik", "Title"), ("Avsändare", "Sender")),
    columns={
        "booked_on": (("Bokföringsdag", "Booking date"),),
        "amount": (("Belopp", "Amount"),),
        "balance": (("Saldo", "Balance"),),
        "currency": (("Valuta", "Currency"),),
        "sender": (("Avsändare", "Sender"),),
        "recipient": (("Mottagare", "Recipient"),),
        "payer_name": (("Namn", "Name"),),
        "text": (("Rubrik", "Title"),),
    },
    balance="day",
)
HANDELSBANKEN = Mapping(
    name="Handelsbanken, företag",
    bank="Handelsbanken",
    signature=(("Kontohavare",), ("Reskontradag",), ("Insättning/Uttag",)),
    columns={
        "account": (("IBAN", "Kontonr"),),
        "currency": (("Valuta",),),
        "booked_on": (("Bokföringsdag",),),
        "value_on": (("Valutadag",),),
        "amount": (("Insättning/Uttag",),),
        "balance": (("Bokfört saldo",),),
        "text": (("Referens",),),
        "bank_ref": (("Referens Swish",),),
        "payer_phone": (("Avsändar-id Swish",),),
    },
)
SWEDBANK = Mapping(
    name="Swedbank",
    bank="Swedbank",
    signature=(("Clearingnr", "Clearingnummer", "Clnr"), ("Beskrivning", "Text"), ("Belopp",)),
    columns={
        "account": (("Clearingnr", "Clearingnummer", "Clnr"), ("Kontonr", "Kontonummer")),
        "currency": (("Valuta",),),
        "booked_on": (("Bokföringsdag", "Bokfdag"),),
        "value_on": (("Valutadag",),),
        "amount": (("Belopp",),),
        "balance": (("Bokfört saldo", "Saldo"),),
        "reference": (("Referens",),),
        "text": (("Beskrivning", "Text"),),
    },
)
SEB = Mapping(
    name="SEB",
    bank="SEB",
    signature=(("Bokföringsdatum",), ("Verifikationsnummer",), ("Text/mottagare", "Text")),
    columns={
        "booked_on": (("Bokföringsdatum",),),
        "value_on": (("Valutadatum",),),
        "amount": (("Belopp",),),
        "balance": (("Saldo",),),
        "bank_ref": (("Verifikationsnummer",),),
        "text": (("Text/mottagare", "Text"),),
    },
)
DANSKE = Mapping(
    name="Danske Bank",
    bank="Danske Bank",
    signature=(("Bokföringsdatum", "Datum"), ("Specifikation",), ("Belopp",), ("Saldo",)),
    columns={
        "booked_on": (("Bokföringsdatum", "Datum"),),
        "amount": (("Belopp",),),
        "balance": (("Saldo",),),
        "status": (("Status",),),
        "text": (("Specifikation",),),
    },
    dates=("YYYY-MM-DD", "YYYY/MM/DD", "DD.MM.YYYY"),
)
LANSFORSAKRINGAR = Mapping(
    name="Länsförsäkringar",
    bank="Länsförsäkringar",
    signature=(("Bokföringsdatum",), ("Transaktionsdatum",), ("Meddelande",), ("Belopp",)),
    columns={
        "account": (("Kontonummer",),),
        "booked_on": (("Bokföringsdatum",),),
        "value_on": (("Valutadatum",),),
        "amount": (("Belopp",),),
        "balance": (("Saldo",),),
        "code": (("Transaktionstyp",),),
        "text": (("Meddelande",),),
    },
)
SKANDIA = Mapping(
    name="Skandia",
    bank="Skandia",
    signature=(("Bokföringsdag",), ("Valutadag",), ("Verifikationsnummer",), ("Text",)),
    columns={
        "booked_on": (("Bokföringsdag",),),
        "value_on": (("Valutadag",),),
        "amount": (("Belopp",),),
        "balance": (("Saldo",),),
        "bank_ref": (("Verifikationsnummer",),),
        "text": (("Text",),),
    },
)
BANKS = (
    NORDEA_COMPANY, NORDEA_PRIVATE, HANDELSBANKEN, SWEDBANK, SEB, DANSKE, LANSFORSAKRINGAR, SKANDIA,
)  # fmt: skip

SWISH = Mapping(
    name="Swish",
    kind=Kind.SWISH,
    signature=(
        ("Mottagarnr", "Mottagarnummer", "Swishnummer", "Swish-nr", "Mottagarens nummer",
         "Swish number"),
        ("Avsändarnr", "Avsändarnummer", "Mobilnummer", "Mobilnr", "Avsändarens nummer",
         "Mobile number", "Mobile no."),
        ("Belopp", "Amount"),
    ),
    columns={
        "account": (("Mottagarnr", "Mottagarnummer", "Swishnummer", "Swish-nr",
                     "Mottagarens nummer", "Swish number"),),
        "booked_on": (("Bokfdag", "Bokföringsdag", "Bokföringsdatum", "Booking date", "Transdag",
                       "Transaktionsdag", "Transaktionsdatum", "Datum", "Date"),),
        "value_on": (("Valutadag", "Valutadatum", "Value date"),),
        "amount": (("Belopp", "Amount"),),
        "currency": (("Valuta", "Currency"),),
        "direction": (("Typ", "Transaktionstyp", "Debet/Kredit", "Transaction type", "Type"),),
        "payer_phone": (("Avsändarnr", "Avsändarnummer", "Mobilnummer", "Mobilnr",
                         "Avsändarens nummer", "Mobile number", "Mobile no."),),
        "payer_name": (("Avsändarnamn", "Avsändarens namn", "Namn", "Name"),),
        "message": (("Meddelande", "Message", "Notification"),),
        "bank_ref": (("Betalningsreferens", "Swishreferens", "Swish-referens", "Referensnummer",
                      "Referens", "Payment reference"),),
        "order_id": (("Orderreferens", "Order-id", "Orderid", "Ordernummer", "Order id"),),
    },
    account_kind="swish",
    many_accounts=True,
)  # fmt: skip
SWISH_RECORDS = Mapping(
    name="Swish, Handelsbanken",
    kind=Kind.SWISH,
    bank="Handelsbanken",
    has_header=False,
    columns={
        "account": (("5",),),
        "booked_on": (("16",),),
        "value_on": (("6",),),
        "direction": (("7",),),
        "amount": (("8",),),
        "currency": (("9",),),
        "payer_phone": (("10",),),
        "payer_name": (("11",),),
        "bank_ref": (("12",),),
        "message": (("13",),),
        "order_id": (("14",),),
    },
    account_kind="swish",
    many_accounts=True,
    only=(1, "02"),
    ends_with="03",
)
