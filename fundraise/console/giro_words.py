"""Autogiro's files in plain words: jobs, alarms and what to do, what the change log says."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

JOBS: dict[str, Text] = {
    "giro-files": _("Makes the day's autogiro files and delivers them"),
    "giro-reports": _("Fetches files from Bankgirot and works them in"),
    "giro-watch": _("Sees that autogiro files leave and are answered"),
}
ALARMS: dict[str, Text] = {
    "giro-settings": _("A setting of autogiro is not right"),
    "giro-build-failed": _("An autogiro file could not be made"),
    "giro-mandate-sealed": _("The account of a new mandate does not open"),
    "giro-day-missed": _("No autogiro files were made on a bank day"),
    "giro-file-waits": _("An autogiro file has not left"),
    "giro-file-late": _("An autogiro file was held back: its cut-off passed"),
    "giro-file-doubt": _("Nobody knows whether an autogiro file arrived"),
    "giro-delivery-failed": _("An autogiro file could not be delivered"),
    "giro-pick-up-failed": _("A file from Bankgirot could not be fetched"),
    "giro-file-refused": _("A file from Bankgirot was refused whole"),
    "giro-file-failed": _("A file from Bankgirot could not be worked in"),
    "giro-report-missing": _("Bankgirot has said nothing about a day's draws"),
    "giro-answer-late": _("Bankgirot or a bank has not answered in time"),
    "giro-serial-hole": _("Deposits are missing between others"),
    "giro-e-mandate-waits": _("Mandates of the Internet bank are about to lapse"),
    "giro-our-fault": _("Bankgirot refused what is not the donors' fault"),
    "giro-agreement-ended": _("Bankgirot has ended our autogiro"),
    "giro-pass-on-failed": _("Another system's rows could not be passed on"),
}
ADVICE: dict[str, Text] = {
    "giro-settings": _(
        "Bankgiro number, customer number or seal key is missing or wrong: docs/settings.md says"
        " how they are written. Until then no file is made."
    ),
    "giro-build-failed": _(
        "It is tried again until the cut-off. Whoever runs the server looks in the log of the job"
        " giro-files."
    ),
    "giro-mandate-sealed": _(
        "A field key is missing, or the row was damaged. The mandate is in no file, and all else"
        " leaves as usual. Whoever runs the server puts the key back; else ask the donor for the"
        " account again."
    ),
    "giro-day-missed": _(
        "The scheduler or a worker stood still. Draws of the day are let go by themselves and"
        " planned anew with a notice; nothing needs to be sent by hand."
    ),
    "giro-file-waits": _(
        "Open the file: approve it, or download it, leave it at the bank before the cut-off and"
        " press Delivered by hand."
    ),
    "giro-file-late": _(
        "Its draws would now be made on a day that nobody was told of. Withdraw the file: its draws"
        " are planned anew."
    ),
    "giro-file-doubt": _(
        "Ask the bank or Bankgirot whether a file of that name arrived, and say so on its page."
        " Never leave it there twice: everybody would be drawn twice."
    ),
    "giro-delivery-failed": _(
        "It is tried again by itself. If the folder or the server stays away, download the file and"
        " leave it at the bank in another way before the cut-off."
    ),
    "giro-pick-up-failed": _(
        "It is tried again by itself. A file that is there can be dropped on the page instead."
    ),
    "giro-file-refused": _(
        "Nothing of it was worked in. Open it: line, column and reason stand there. Ask Bankgirot"
        " for the file anew, or mend the setting and press Read it again."
    ),
    "giro-file-failed": _(
        "Nothing of it was worked in, and it is tried again. Whoever runs the server finds the"
        " error beside the file."
    ),
    "giro-report-missing": _(
        "Look in the bank's channel for a payment specification that was not fetched, and drop it"
        " on the page. If there is none, ask Bankgirot."
    ),
    "giro-answer-late": _(
        "Compare with the mandate register or the watch register: order an extract and drop it on"
        " the page."
    ),
    "giro-serial-hole": _(
        "A payment specification has not come: its deposit stands on the bank statement. Ask"
        " Bankgirot for the file."
    ),
    "giro-e-mandate-waits": _(
        "Open the mandates of the Internet bank and say yes or no to each: Bankgirot drops them"
        " after eighteen bank days."
    ),
    "giro-our-fault": _(
        "Compare bankgiro number, customer number and the largest sum with the agreement with the"
        " bank."
    ),
    "giro-agreement-ended": _(
        "No more files are made for it. Call the bank today. When it was a mistake, start the"
        " agreement again on its page."
    ),
    "giro-pass-on-failed": _(
        "Take the file from the page and give it to whoever runs the other system, and mend the"
        " folder."
    ),
}
CHANGES: dict[str, Text] = {
    "giro_file.fetched": _("An autogiro file was fetched to be left at the bank"),
    "giro_file.doubted": _("An autogiro file that was fetched came into doubt"),
    "giro_file.approved": _("An autogiro file was approved"),
    "giro_file.delivered": _("An autogiro file was left at the bank by hand"),
    "giro_file.arrived": _("An autogiro file in doubt has arrived"),
    "giro_file.did_not_arrive": _("An autogiro file in doubt has not arrived"),
    "giro_file.withdrawn": _("An autogiro file was withdrawn"),
    "giro_file.read_again": _("A refused file from Bankgirot was read again"),
    "giro_agreement.begun": _("Autogiro was begun for an account"),
    "giro_agreement.changed": _("How autogiro files travel was changed"),
    "giro_agreement.resumed": _("An autogiro agreement was started again"),
    "giro_carrier.set": _("Somebody carries autogiro files"),
    "giro_carrier.removed": _("Somebody carries autogiro files no more"),
    "giro_calendar.opened": _("A calendar of file days got an address"),
    "giro_calendar.revoked": _("A calendar's address was revoked"),
    "giro_question.solved": _("A question about autogiro was answered"),
    "mandate.adopted": _("A mandate was taken over from Bankgirot's register"),
    "mandate.account_moved": _("A mandate's new account was taken over"),
}
SUBJECTS: dict[str, Text] = {
    "giro_file": _("Autogiro file"),
    "giro_agreement": _("Autogiro agreement"),
    "giro_question": _("Question about autogiro"),
}
FIELDS: dict[str, Text] = {
    "approve": _("Files are approved"),
    "by_hand": _("Files are carried by hand"),
    "file_weekdays": _("Weekdays of files"),
    "draw_days_ahead": _("Draws are sent so many bank days ahead"),
    "user": _("User, number"),
    "is_deputy": _("Deputy"),
}
