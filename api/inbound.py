"""The door for mail that comes in: checked, kept sealed, answered at once; read by a task."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mailings.inbound import intake

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def inbound_mail(request: HttpRequest, secret: str) -> HttpResponse:
    """200 when the mail is kept, also when it was kept before: any other answer brings it again.

    What is larger than is kept is cut: words come before attachments.
    """
    try:
        intake.check_address(secret)
    except intake.UnknownAddress:
        return HttpResponse(status=404)
    most = intake.most_bytes()
    body = request.read(most + 1)
    try:
        intake.receive(
            body[:most],
            request.headers.get("Content-Type", ""),
            request.headers,
            is_cut=len(body) > most,
        )
    except intake.BadSignature as error:
        log.warning("inbound_mail_refused", reason=str(error))
        return HttpResponse(status=403)
    return HttpResponse(status=200)
