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
    "pledge.started": _("A monthly gift was begun"),
    "pledge.active": _("A monthly gift is going on"),
    "pledge.changed": _("A monthly gift was changed"),
    "pledge.halted": _("A monthly gift needs a new account or card"),
    "pledge.ended": _("A monthly gift has ended"),
    "mandate.refused": _("A mandate was refused"),
    "mandate.ended": _("A mandate has ended at the bank"),
    "instalment.paid": _("A month was drawn"),
    "instalment.missed": _("A month was missed"),
}
