"""The words of the pages, Swedish and English."""

from __future__ import annotations

from fundraise.sandbox.stripe.config import Json

SV = {
    "banner": "TESTLÄGE – inga pengar dras",
    "pay_title": "Betala",
    "donate_title": "Ge en gåva",
    "setup_title": "Spara ett kort",
    "payee": "Mottagare",
    "sum": "Summa",
    "card_heading": "Kort",
    "email": "E-post",
    "name": "Namn på kortet",
    "number": "Kortnummer",
    "number_hint": "Bara Stripes publicerade testnummer. Andra nummer avvisas och sparas inte.",
    "expiry": "Giltigt till (MM/ÅÅ)",
    "cvc": "CVC",
    "donate": "Ge {sum}",
    "pay": "Betala {sum}",
    "save": "Spara kortet",
    "fill_in": "Fyll i ett testkort",
    "swish_heading": "Swish",
    "swish_button": "Betala med Swish",
    "back": "Tillbaka utan att betala",
    "error_heading": "Det gick inte",
    "error_number": "Numret är inte ett av testnumren. Skriv ett nummer från listan nedan.",
    "error_expiry": "Skriv månad och år som ligger framåt i tiden, till exempel 12/30.",
    "error_cvc": "Skriv tre eller fyra siffror.",
    "error_email": "Skriv en e-postadress, till exempel anna@example.org.",
    "declined": "Kortet nekades. Prova ett annat kort.",
    "insufficient_funds": "Kortet nekades: det saknas pengar på kontot.",
    "expired_card": "Kortet har gått ut.",
    "incorrect_cvc": "CVC-koden stämmer inte.",
    "processing_error": "Något gick fel hos banken. Prova igen om en stund.",
    "payment_intent_authentication_failure": "Banken kunde inte bekräfta att det var du.",
    "payment_intent_payment_attempt_failed": "Du avbröt i Swish. Prova igen eller ta ett kort.",
    "payment_intent_payment_attempt_expired": "Swish väntade för länge. Prova igen.",
    "paid_title": "Redan betald",
    "paid_text": "Den här betalningen är klar.",
    "paid_link": "Fortsätt till mottagarens sida",
    "expired_title": "Sidan har gått ut",
    "expired_text": "Tiden för betalningen är slut. Inget har dragits.",
    "expired_link": "Tillbaka till mottagaren",
    "missing_title": "Sidan finns inte",
    "missing_text": "Det finns ingen betalning på den här adressen.",
    "bank_title": "Bekräfta köpet hos din bank",
    "bank_text": "Så här ser bankens sida ut i testläget (3-D Secure).",
    "bank_approve": "Godkänn",
    "bank_deny": "Neka",
    "swish_title": "Swish",
    "swish_text": "I verkligheten öppnas Swish-appen nu. Välj vad som händer där.",
    "swish_approve": "Godkänn i Swish",
    "swish_refuse": "Neka i Swish",
    "swish_timeout": "Låt tiden gå ut",
    "swish_elsewhere": "Godkänn, men kom tillbaka i en annan webbläsare",
    "elsewhere_title": "Betalt i Swish",
    "elsewhere_text": (
        "Swish öppnar ofta en annan webbläsare än den du kom ifrån, utan kakor. Öppna länken där, "
        "eller stäng sidan utan att gå tillbaka alls."
    ),
    "elsewhere_link": "Den andra webbläsaren hamnar här",
    "done_title": "Klart",
    "done_text": "Du kan stänga sidan.",
}

EN = {
    "banner": "TEST MODE – no money is drawn",
    "pay_title": "Pay",
    "donate_title": "Make a gift",
    "setup_title": "Save a card",
    "payee": "To",
    "sum": "Amount",
    "card_heading": "Card",
    "email": "E-mail",
    "name": "Name on card",
    "number": "Card number",
    "number_hint": "Only Stripe's published test numbers. Others are refused and not kept.",
    "expiry": "Expires (MM/YY)",
    "cvc": "CVC",
    "donate": "Give {sum}",
    "pay": "Pay {sum}",
    "save": "Save card",
    "fill_in": "Fill in a test card",
    "swish_heading": "Swish",
    "swish_button": "Pay with Swish",
    "back": "Back without paying",
    "error_heading": "That did not work",
    "error_number": "That is not one of the test numbers. Type a number from the list below.",
    "error_expiry": "Type a month and a year to come, for example 12/30.",
    "error_cvc": "Type three or four digits.",
    "error_email": "Type an e-mail address, for example anna@example.org.",
    "declined": "The card was declined. Try another card.",
    "insufficient_funds": "The card was declined: not enough money in the account.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The CVC is not right.",
    "processing_error": "Something went wrong at the bank. Try again in a while.",
    "payment_intent_authentication_failure": "The bank could not confirm that it was you.",
    "payment_intent_payment_attempt_failed": "You stopped in Swish. Try again or use a card.",
    "payment_intent_payment_attempt_expired": "Swish waited too long. Try again.",
    "paid_title": "Already paid",
    "paid_text": "This payment is done.",
    "paid_link": "Go on to the payee's page",
    "expired_title": "This page has expired",
    "expired_text": "The time for this payment is over. Nothing has been drawn.",
    "expired_link": "Back to the payee",
    "missing_title": "No such page",
    "missing_text": "There is no payment at this address.",
    "bank_title": "Confirm with your bank",
    "bank_text": "This is what the bank's page is like in test mode (3-D Secure).",
    "bank_approve": "Approve",
    "bank_deny": "Deny",
    "swish_title": "Swish",
    "swish_text": "In reality the Swish app opens now. Choose what happens there.",
    "swish_approve": "Approve in Swish",
    "swish_refuse": "Refuse in Swish",
    "swish_timeout": "Let the time run out",
    "swish_elsewhere": "Approve, but come back in another browser",
    "elsewhere_title": "Paid in Swish",
    "elsewhere_text": (
        "Swish often opens another browser than the one you came from, without cookies. Open the "
        "link there, or close this page without going back at all."
    ),
    "elsewhere_link": "The other browser lands here",
    "done_title": "Done",
    "done_text": "You can close this page.",
}

CARDS_SV = {
    "visa": "Går igenom",
    "chargeDeclined": "Nekas",
    "chargeDeclinedInsufficientFunds": "Saknar pengar",
    "chargeDeclinedExpiredCard": "Har gått ut",
    "authenticationRequiredOnSetup": "Banken frågar (3-D Secure)",
    "authenticationRequired": "Banken frågar varje gång",
    "chargeCustomerFail": "Nekas när det dras",
    "createDispute": "Bestrids sedan",
    "createIssuerFraudRecord": "Varning om bedrägeri",
    "bypassPending": "Tillgängligt genast",
    "refundFail": "Återbetalning misslyckas",
}
CARDS_EN = {
    "visa": "Goes through",
    "chargeDeclined": "Declined",
    "chargeDeclinedInsufficientFunds": "Not enough money",
    "chargeDeclinedExpiredCard": "Expired",
    "authenticationRequiredOnSetup": "The bank asks (3-D Secure)",
    "authenticationRequired": "The bank asks every time",
    "chargeCustomerFail": "Declined when charged",
    "createDispute": "Disputed later",
    "createIssuerFraudRecord": "Fraud warning",
    "bypassPending": "Available at once",
    "refundFail": "Refund fails",
}


def language(session: Json | None) -> str:
    """Swedish unless the session says otherwise: our donors' language."""
    locale = str((session or {}).get("locale") or "sv")
    return "en" if locale.startswith("en") else "sv"


def words(lang: str) -> dict[str, str]:
    return EN if lang == "en" else SV


def card_words(lang: str) -> dict[str, str]:
    return CARDS_EN if lang == "en" else CARDS_SV


def money(ore: int, lang: str) -> str:
    kronor, rest = divmod(ore, 100)
    grouped = f"{kronor:,}"
    if lang == "en":
        return f"SEK {grouped}" + (f".{rest:02}" if rest else "")
    whole = grouped.replace(",", "\u202f")
    return whole + (f",{rest:02}" if rest else "") + "\u00a0kr"


def error(found: Json, lang: str) -> str:
    """What the donor is told after a decline; never the bank's own code."""
    known = words(lang)
    for name in (found.get("decline_code"), found.get("code")):
        if name in known:
            return known[name]
    return known["declined"]


def shown(number: str) -> str:
    """4242 4242 4242 4242"""
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
