"""Mail to those who carry autogiro files, when one has not left at noon."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from fundraise import clock
from fundraise.language import SWEDISH
from fundraise.providers.giro.models import OutFile
from mailings import transactional
from mailings.letters import Letter

KIND = "giro-file"
PAGE = "/staff/autogiro/"
STILL_HERE = (OutFile.State.WAITING, OutFile.State.READY)


def tell_carriers(file_id: int) -> None:
    """Subscriber of GiroFileWaits: each carrier and deputy with an address, once for each file."""
    file = OutFile.objects.select_related("agreement__account__entity").get(pk=file_id)
    if file.state not in STILL_HERE:
        return
    carriers = file.agreement.carriers.filter(user__is_active=True).exclude(user__email="")
    with translation.override(SWEDISH):
        letter = _letter(file)
    for carrier in carriers.select_related("user").order_by("is_deputy", "pk"):
        transactional.prepare(
            KIND,
            f"{file.ref}:{carrier.user_id}",
            to=carrier.user.email,
            language=letter.language,
            subject=letter.subject,
            html=letter.as_html(),
            text=letter.as_text(),
        )


def _letter(file: OutFile) -> Letter:
    entity = file.agreement.account.entity.name
    said = [_("%(name)s has not left yet.") % {"name": file.name}]
    if file.deadline is not None:
        local = file.deadline.astimezone(clock.STOCKHOLM)
        said.append(
            _("Bankgirot must have it by %(day)s at %(hour)s.")
            % {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}"}
        )
    said.append(
        _("It must be approved first.")
        if file.state == OutFile.State.WAITING
        else _("Leave it at the bank and say that you have.")
    )
    return Letter(
        language=SWEDISH,
        subject=_("An autogiro file waits"),
        said=tuple(said),
        button=_("Open the autogiro files"),
        link=settings.BASE_URL.rstrip("/") + PAGE,
        footer=_("You get this because you carry autogiro files for %(entity)s.")
        % {"entity": entity},
    )
