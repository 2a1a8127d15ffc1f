"""Party finance in plain words: jobs, alarms and what to do, what the change log says."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

JOBS: dict[str, Text] = {
    "charity-watch": _("Asks givers for the number that their control statement wants"),
    "party-watch": _("Holds what a party may not keep, and asks who givers are"),
}
ALARMS: dict[str, Text] = {
    "party-base-missing": _("The price base amount of a year is missing"),
}
ADVICE: dict[str, Text] = {
    "party-base-missing": _(
        "All limits of the party-finance law follow it, and the last one known goes on until it is"
        " there. Whoever runs the server adds it to PRICE_BASE_AMOUNTS_ORE (docs/party-finance.md)."
    ),
}
CHANGES: dict[str, Text] = {
    "party.sum.entered": _("A sum of the party's report was entered"),
    "party.sum.withdrawn": _("A sum of the party's report was withdrawn"),
    "party.in_kind.entered": _("A gift in kind was entered"),
    "party.in_kind.withdrawn": _("A gift in kind was withdrawn"),
    "party.within.marked": _("It was said whether an organisation is within the party"),
    "party.year.set": _("Facts of a year were set for the party's report"),
    "party.rule.set": _("A rule for anonymous and foreign gifts was set"),
    "party.collection.entered": _("A cash collection was entered"),
    "party.collection.deposited": _("A cash collection was tied to its deposit"),
    "party.hold.opened": _("A part of a gift was held back"),
    "party.hold.released": _("What was held back of a gift was let in"),
    "party.hold.repaying": _("What was held back began to be repaid"),
    "party.hold.repaid": _("What was held back has been repaid"),
    "party.hold.not_repaid": _("What was held back could not be repaid"),
    "party.hold.paid_over": _("What was held back was paid to Kammarkollegiet"),
    "party.hold.line": _("A line of the bank showed what was paid to Kammarkollegiet"),
    "party.hold.not_paid_over": _("What was noted as paid to Kammarkollegiet was taken back"),
    "party.foreign.kept": _("A gift with foreign evidence was kept"),
    "party.foreign.refused": _("A gift with foreign evidence was refused"),
    "party.report.filed": _("A party-finance report was filed"),
    "charity.statements.filed": _("Control statements were filed"),
    "charity.cost.entered": _("A charity's cost was entered"),
    "charity.cost.withdrawn": _("A charity's cost was withdrawn"),
    "charity.in_return.noted": _("It was noted what a giver got for a gift"),
    "charity.in_return.withdrawn": _("What a giver got for a gift was withdrawn"),
    "charity.fund.spent": _("Money was used for a fund"),
    "gift.identity.told": _("A giver told who they are"),
}
FIELDS: dict[str, Text] = {
    "line": _("Line"),
    "year": _("Year"),
    "form": _("In which form"),
    "within": _("Within the party"),
    "always_files": _("Must always file"),
    "members": _("Members"),
    "from": _("From"),
    "permille": _("Thousandths of a price base amount"),
    "foreign": _("Foreign money"),
    "why": _("Why"),
    "on": _("On"),
    "filed_version": _("Version"),
}
SUBJECTS: dict[str, Text] = {
    "party_typedsum": _("Sum of the party's report"),
    "party_giftinkind": _("Gift in kind"),
    "party_cashcollection": _("Cash collection"),
    "party_hold": _("Money held back"),
    "party_foreignlook": _("Foreign money"),
    "party_report": _("Party-finance report"),
    "charity_controllist": _("Control statements"),
    "charity_cost": _("A charity's cost"),
}
PURPOSES: dict[str, Text] = {
    "party_report": _("Named a giver in the party's report"),
    "control_statement": _("Looked at a giver for the control statement"),
    "party.slip": _("Saw who counted a cash collection"),
    "party.pdf": _("Fetched the party's report"),
    "party.xlsx": _("Fetched the party's report with its givers"),
}
