"""The facts that can be sent, in the receiver's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PING = "ping"
KINDS: dict[str, str | Promise] = {
    "gift.started": _("A gift was started"),
    "gift.received": _("A gift came in"),
    "refund.settled": _("A refund was paid out"),
    "dispute.opened": _("A bank takes a gift back"),
    "dispute.closed": _("A dispute was settled"),
    "donor.changed": _("A donor was changed"),
}
