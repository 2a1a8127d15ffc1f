"""What party finance refuses, as sentences that say what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fundraise.console.fields import PERSONAL


def sentence(code: str) -> str:
    """The sentence of a PartyError's or RefundError's code."""
    sentences = {
        "day_before_the_last": _("A later rule is set already. Choose a day after it."),
        "day_in_the_past": _("A rule can't begin in the past: gifts keep the rule of their day."),
        "day_ahead": _("The day has not come yet."),
        "personal": str(PERSONAL),
        "reason_missing": _("Write why: it stays in the log."),
        "not_open": _("It has its deposit already."),
        "not_waiting": _("Somebody has settled it already. Nothing was changed."),
        "counters_missing": _("Two people count: write both names."),
        "counters_alike": _("The two who counted must be two people."),
        "slip_used": _("The slip is entered already. Nothing was booked again."),
        "deposit_used": _("Another collection has that deposit."),
        "year_not_over": _("The year is not over: the report can be filed from 1 January."),
        "base_missing": _("The price base amount of the year is missing. Add it first."),
        "nothing_changed": _("Nothing differs from the version that is filed."),
        "not_a_party": _("Only a party has these rules."),
        "not_a_charity": _("Only a charity has these."),
        "not_a_person": _("Only a person's gifts lower a tax, and only while the donor is known."),
        "too_young": _("Whoever is not 18 when the year ends gets no statement: keep no number."),
        "number_invalid": _("Write the personal identity number with twelve digits."),
        "more_than_gift": _("The value is larger than the gift. Look at the gift's page."),
        "in_return_noted": _("It is noted already. Withdraw that first, and note it anew."),
        "busy": _("Gifts are being booked right now. Try again in a moment."),
        "too_much": _("So much does not stand on the gift any more. Look at its refunds."),
        "line_sum": _(
            "The line's sum is another. Choose everything that it shows, or another line."
        ),
        "line_gone": _("The line was decided meanwhile. Undo that first, or choose another line."),
        "has_line": _("The bank's line shows it paid. Undo what the line was said to be first."),
        "owed_already": _("Something of this gift is owed already. Repay that first."),
        "wrong_donor": _("That is a person. Only organisations are within the party."),
    }
    return sentences.get(code, code)
