"""What the change log says of bank accounts, files, matches and rules, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

JOBS: dict[str, Text] = {
    "bank-files": _("Fetches the bank's files, reads and books them"),
    "bank-again": _("Looks again at what the bank sent and nobody has placed"),
}
ALARMS: dict[str, Text] = {
    "bank-pick-up-failed": _("A bank's file could not be fetched"),
    "bank-file-refused": _("A bank's file was refused whole"),
}
ADVICE: dict[str, Text] = {
    "bank-pick-up-failed": _(
        "It is tried again by itself. Whoever runs the server looks at the folder or the bank's"
        " server; until then drop the file in the inbox by hand."
    ),
    "bank-file-refused": _(
        "Nothing of it was booked. Its page says where and why: mend the setting or ask the bank"
        " for the file again."
    ),
}
CHANGES: dict[str, Text] = {
    "bank_account.opened": _("A bank account was opened"),
    "bank_account.changed": _("A bank account was changed"),
    "bank_account.expected": _("It was said when a bank account's file is expected"),
    "bank_account.numbers_asked": _("Other numbers of a bank account were asked for"),
    "bank_account.numbers_changed": _("A bank account got other numbers"),
    "reference.issued": _("An OCR number was issued"),
    "csv_mapping.saved": _("It was saved how a bank's CSV is read"),
    "csv_mapping.retired": _("A bank's CSV is not read in a way that was saved any more"),
    "statement_file.taken_in": _("A bank's file was taken in"),
    "statement_file.booked": _("A bank's file was booked"),
    "statement_file.dropped": _("A bank's file was put away"),
    "statement_file.read_again": _("A bank's file was read again"),
    "exception.settled": _("Something that no rule could settle was settled"),
    "exception.assigned": _("Something that no rule could settle got somebody who has it"),
    "exception.noted": _("A remark was written on something that no rule could settle"),
    "payment_list.made": _("A list to pay at the bank was made"),
    "payment_list.fetched": _("A list to pay was fetched"),
    "payment_list.sent": _("A list to pay was left to the bank"),
    "payment_list.refused": _("The bank refused to pay what stands on a list"),
    "payment_list.cancelled": _("A list to pay was cancelled"),
    "proof.run": _("The daily proof was done"),
    "match.taken": _("A suggestion for an item from the bank was taken"),
    "match.refused": _("A suggestion for an item from the bank was refused"),
    "match.decided": _("It was said what an item from the bank is"),
    "match.undone": _("What an item from the bank was said to be was undone"),
    "match.taken_back": _("What was said of an item from the bank was taken back"),
    "bank_item.split": _("An item from the bank was split"),
    "bank_item.joined": _("The parts of an item from the bank were joined again"),
    "bank_item.parked": _("An item from the bank was left for later"),
    "match_rule.tried": _("A rule of matching was tried on what came before"),
    "match_rule.asked": _("Another rule of matching was asked for"),
    "match_rule.changed": _("A rule of matching was changed"),
    "proposal.agreed": _("A second person agreed"),
    "proposal.refused": _("A second person said no"),
}
SUBJECTS: dict[str, Text] = {
    "bank_account": _("Bank account"),
    "csv_mapping": _("How a bank's CSV is read"),
    "exception": _("Exception"),
    "payment_list": _("List to pay"),
    "proof": _("Daily proof"),
    "proposal": _("Proposal"),
    "statement_file": _("Statement file"),
    "match": _("Match"),
    "match_rule": _("Rule of matching"),
    "bank_item": _("Item from the bank"),
}
FIELDS: dict[str, Text] = {
    "bank": _("Which bank"),
    "differs": _("Differs"),
    "name": _("Name"),
    "days": _("Which days"),
    "via": _("How it came"),
    "item": _("Item from the bank"),
    "conflicts": _("Decided otherwise than before"),
    "mode": _("What the rule does"),
    "late_after_days": _("Late after so many bank days"),
}
