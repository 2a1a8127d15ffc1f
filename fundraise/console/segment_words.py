"""What the log says of segments."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

CHANGES: dict[str, Text] = {
    "segment.created": _("A segment was made"),
    "segment.saved": _("A segment got new conditions"),
    "segment.renamed": _("A segment got another name"),
    "segment.taken_over": _("Somebody else answers for a segment"),
    "segment.archived": _("A segment was put away"),
    "segment.restored": _("A segment was taken out again"),
}
FIELDS: dict[str, Text] = {"owner": _("Who answers for it")}
SUBJECTS: dict[str, Text] = {"segment": _("Segment")}
PURPOSES: dict[str, Text] = {
    "staff.segment_sample": _("Some people of a segment"),
    "staff.journey_simulated": _("Some people of a journey's last month"),
    "staff.segment_why": _("Why somebody is in a segment"),
}
