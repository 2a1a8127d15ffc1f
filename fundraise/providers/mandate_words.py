"""What each pair of codes in a mandate advice says, what staff do, and what a giver may be told."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

NO_PAIR = _("%(first)s: %(second)s")
RULELESS = _("No rule knows this code. Look at it, and ask the bank.")

NOTHING = _("Nothing is needed.")
SETTING = _("Compare the bankgiro number in the settings with the bank's agreement.")
OUR_NUMBER = _("Our bankgiro number is wrong in the order.")
OUR_NUMBER_GONE = _("Our bankgiro number is not registered any more.")
COMPARE = _("Compare with the mandate register: it may have ended before.")
ENDED = _("Send nothing more on it. Whoever wants to go on signs a new mandate.")
MAY_SIGN = _("Your autogiro has ended at the bank. If you want to go on, sign up anew.")
ASK_ACCOUNT = _("Ask the giver for a new account, with a new payer number.")
ASK_BOTH = _("Ask the giver to check the account and the identity number, and to sign up anew.")
CHECK_BOTH = _(
    "Your bank did not know the account together with the identity number. Check both and try"
    " again."
)
ANOTHER = _(
    "Your bank allows no autogiro from that account. Choose another one, such as the one that your"
    " salary comes to."
)
DONE = _("Your autogiro is ended at the bank, as you asked.")

PAIRS: dict[tuple[str, str], tuple[Text, Text, Text]] = {
    # A cancellation of ours
    ("03", "33"): (_("The mandate is ended, as we asked."), NOTHING, DONE),
    ("03", "04"): (_("There was no mandate to end."), COMPARE, DONE),
    ("03", "09"): (_("Not ended: the payer's bankgiro number is unknown."), COMPARE, ""),
    ("03", "21"): (_("Not ended: the payer number is wrong."), COMPARE, ""),
    ("03", "29"): (OUR_NUMBER, SETTING, ""),
    ("03", "30"): (OUR_NUMBER_GONE, SETTING, ""),
    # A new mandate of ours
    ("04", "32"): (
        _("The mandate is approved."),
        _("Draws can be sent."),
        _("Your bank has approved the autogiro."),
    ),
    ("04", "10"): (
        _(
            "The payer number has a mandate already, or had one until less than seven bank days"
            " ago."
        ),
        _("The old mandate stays, with its old account. A new account needs a new payer number."),
        "",
    ),
    ("04", "09"): (
        _("Refused: the payer's bankgiro number is unknown."),
        _("Ask the giver for the right bankgiro number and make a new mandate."),
        _("The bankgiro number is unknown. Check it and try again."),
    ),
    ("04", "20"): (
        _("Refused: the identity number is wrong, or our agreement has no mandates on bankgiro."),
        ASK_BOTH,
        CHECK_BOTH,
    ),
    ("04", "21"): (
        _("Refused: the payer number is wrong."),
        _("The fault is ours: give the mandate a new payer number and send it anew."),
        "",
    ),
    ("04", "23"): (_("Refused: the account number is wrong."), ASK_BOTH, CHECK_BOTH),
    ("04", "29"): (OUR_NUMBER, SETTING, ""),
    ("04", "30"): (OUR_NUMBER_GONE, SETTING, ""),
    # A change of payer number
    ("05", "32"): (_("The new payer number is in force."), NOTHING, ""),
    ("05", "33"): (
        _("The old payer number has ended, for the new one."),
        _("Do not use it again."),
        "",
    ),
    ("05", "04"): (_("Not changed: there is no such mandate."), COMPARE, ""),
    ("05", "10"): (
        _("Not changed: the new payer number is in use, or was until a few days ago."),
        _("Take another payer number."),
        "",
    ),
    ("05", "21"): (
        _("Not changed: the payer number is wrong."),
        _("Take another payer number."),
        "",
    ),
    ("05", "29"): (OUR_NUMBER, SETTING, ""),
    ("05", "30"): (OUR_NUMBER_GONE, SETTING, ""),
    # What the banks and the payer do
    ("10", ""): (
        _("Ended: our own bankgiro number is closed."),
        _("Ask the bank at once: every mandate on the number ends."),
        "",
    ),
    ("42", "32"): (
        _("The payer's bank has approved the mandate."),
        _("Draws can be sent."),
        _("Your bank has approved the autogiro."),
    ),
    ("42", "03"): (
        _("Refused: autogiro can't draw from an account of that kind."),
        ASK_ACCOUNT,
        ANOTHER,
    ),
    ("42", "05"): (
        _("Refused: the account and the identity number do not belong together."),
        ASK_BOTH,
        CHECK_BOTH,
    ),
    ("43", ""): (
        _("Ended: the payer's bank never answered."),
        ASK_ACCOUNT,
        _(
            "Your bank has not answered, so the autogiro never began. Try again, or another"
            " account."
        ),
    ),
    ("44", ""): (_("Ended: the payer's bankgiro number is closed."), ENDED, MAY_SIGN),
    ("46", ""): (_("Ended by the payer or the payer's bank."), ENDED, MAY_SIGN),
    ("93", ""): (_("Ended by the payer."), ENDED, MAY_SIGN),
}
