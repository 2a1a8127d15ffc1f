"""What the log says of templates, pictures of mails and the words of appeals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CHANGES: dict[str, Text] = {
    "template.made": _("A template was made"),
    "template.renamed": _("A template got another name"),
    "template.version_kept": _("A version of a template was kept"),
    "template.version_taken": _("An earlier version of a template was taken up again"),
    "template.archived": _("A template was put away"),
    "mail_picture.added": _("A picture for mails was added"),
    "appeal.words_saved": _("The words of an appeal were saved"),
    "appeal.words_removed": _("The words of an appeal were taken away in one language"),
    "appeal.sender_chosen": _("Whom an appeal comes from was chosen"),
    "appeal.variant_added": _("An appeal got one more version to try"),
    "appeal.variant_removed": _("A version of an appeal was taken away"),
}
SUBJECTS: dict[str, Text] = {
    "template": _("Template"),
    "mail_picture": _("Picture for mails"),
    "appeal": _("Appeal"),
}
