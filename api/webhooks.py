"""The door for providers' messages: verify on the raw bytes, store, answer at once.

What a message means is worked out later by a task. A type that nobody knows is stored and answered
like the others: an error would make the provider switch the address off.
"""

from __future__ import annotations

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fundraise.providers import intake
from fundraise.providers.base import BadSignature, WrongEnvironment
from mailings.mail_events import intake as mail_intake

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def provider_webhook(request: HttpRequest, provider: str, account: str) -> JsonResponse:
    """200 when the message is stored (also when it was stored before), a problem otherwise."""
    try:
        stored = intake.receive(provider, account, request.body, request.headers)
    except intake.UnknownAccount:
        return _problem(404, "No account has this address.")
    except BadSignature:
        return _problem(400, "The message could not be verified.")
    except WrongEnvironment as error:
        return _problem(400, f"The message is not for this installation: {error.code} differs.")
    except ValueError:
        return _problem(400, "The message is no event.")
    return JsonResponse({"stored": True, "new": stored.is_new})


@csrf_exempt
@require_POST
def mail_webhook(request: HttpRequest, account: str) -> HttpResponse:
    """204 when the post of events is stored, now or before; a problem otherwise.

    Whatever the events say: an error would have the sender post the same again for a day.
    """
    try:
        mail_intake.receive(account, request.body, request.headers)
    except mail_intake.UnknownAccount:
        return _problem(404, "No account has this address.")
    except mail_intake.BadSignature:
        return _problem(400, "The post could not be verified.")
    except (RequestDataTooBig, mail_intake.TooBig):
        return _problem(413, "The post is too big.")
    return HttpResponse(status=204)


def _problem(status: int, title: str) -> JsonResponse:
    """RFC 9457."""
    log.warning("webhook_refused", status=status, title=title)
    return JsonResponse(
        {"type": "about:blank", "title": title, "status": status},
        status=status,
        content_type="application/problem+json",
    )
