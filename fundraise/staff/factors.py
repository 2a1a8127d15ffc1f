"""Second factors: codes of an app, passkeys, recovery codes. Every change leaves a line in the log.

A code of an app is good once: the step of time that it belongs to is kept (LastCode), in the
database, so that another process refuses it too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from fundraise import clock
from fundraise.audit import services as audit
from fundraise.staff.locks import lock_user, take_step

PERIOD = 30  # seconds that a code of an app lives
DRIFT = (-1, 0, 1)  # clocks of telephones go a little wrong
TOTP_TYPE, PASSKEY, RECOVERY = "totp", "webauthn", "recovery_codes"
REAL = (TOTP_TYPE, PASSKEY)
MALFORMED = (ValidationError, AttributeError, KeyError, TypeError, ValueError)


class FactorError(Exception):
    """Refused; `code` is wrong, used, there_is_one or last_one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def has_one(user: User) -> bool:
    """Whether somebody has an app or a passkey; recovery codes alone are not enough."""
    return bool(_of(user).filter(type__in=REAL).exists())


def _of(user: User) -> Any:
    return Authenticator.objects.filter(user_id=user.pk)


# --- Proving who is there -------------------------------------------------------------------------
def check_code(user: User, typed: str) -> Authenticator:
    """The app or the list of recovery codes that a code belongs to; the code is used up.

    Raises FactorError: wrong, used.
    """
    code = "".join(typed.split()).replace("-", "")
    app = _of(user).filter(type=TOTP_TYPE).first()
    step = _step_of(app, code) if app else None
    if app and step is not None:
        if not take_step(user.pk, step):
            raise FactorError("used")
        return app
    codes = _of(user).filter(type=RECOVERY).first()
    if codes and code.isascii() and codes.wrap().validate_code(code):
        return codes
    raise FactorError("wrong")


def _step_of(app: Authenticator, code: str) -> int | None:
    secret = get_adapter().decrypt(app.data["secret"])
    return step_of(secret, code)


def step_of(secret: str, code: str) -> int | None:
    """The step of time, near now, whose code this is."""
    now = int(clock.real_now().timestamp()) // PERIOD
    return next((now + d for d in DRIFT if code_at(secret, now + d) == code), None)


def code_at(secret: str, step: int) -> str:
    """The code of an app at a step of time."""
    return str(format_hotp_value(hotp_value(secret, step)))


def code_now(secret: str) -> str:
    """The code that an app shows now."""
    return code_at(secret, int(clock.real_now().timestamp()) // PERIOD)


def passkey_options(user: User | None) -> dict[str, Any]:
    """What the browser needs to ask for a passkey; the challenge is kept in the session."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    return options


def check_passkey(user: User | None, answer: Any) -> Authenticator:
    """The passkey that the browser's answer proves; of anybody when no user is given.

    Alone it must have asked its owner for a finger, a face or a number, whatever the challenge in
    the session was made for: the second step's does not ask for that. Raises FactorError("wrong").
    """
    try:
        said = webauthn.parse_authentication_response(answer)
        if user is None and not said.response.authenticator_data.is_user_verified():
            raise FactorError("wrong")
        whose = user or webauthn.extract_user_from_response(answer)
        return webauthn.complete_authentication(whose, answer)
    except MALFORMED:
        raise FactorError("wrong") from None


# --- Changing them --------------------------------------------------------------------------------
def new_secret() -> str:
    """A secret for an app, not yet anybody's."""
    return str(generate_totp_secret())


@transaction.atomic
def add_app(user: User, secret: str, code: str, *, by: str) -> list[str]:
    """Take an app into use that shows the right code. Returns new recovery codes, if any.

    Raises FactorError: there_is_one, wrong, used.
    """
    lock_user(user.pk)
    if _of(user).filter(type=TOTP_TYPE).exists():
        raise FactorError("there_is_one")
    step = step_of(secret, "".join(code.split()))
    if step is None:
        raise FactorError("wrong")
    if not take_step(user.pk, step):
        raise FactorError("used")
    _log(user, "staff.factor.added", by, TOTP.activate(user, secret).instance)
    return _first_codes(user, by)


@transaction.atomic
def put_app(user: User, secret: str, *, by: str) -> None:
    """Give somebody an app with this secret instead of the one they had: for the demo's people."""
    lock_user(user.pk)
    _of(user).filter(type=TOTP_TYPE).delete()
    _log(user, "staff.factor.added", by, TOTP.activate(user, secret).instance)


def new_passkey_options(user: User) -> dict[str, Any]:
    """What the browser needs to make a passkey: one that asks its owner, and logs in alone."""
    options: dict[str, Any] = webauthn.begin_registration(user, passwordless=True)
    return options


@transaction.atomic
def add_passkey(user: User, name: str, answer: Any, *, by: str) -> list[str]:
    """Take a passkey into use. Returns new recovery codes, if any. Raises FactorError("wrong")."""
    lock_user(user.pk)
    try:
        webauthn.parse_registration_response(answer)
        binding = webauthn.complete_registration(answer)
    except MALFORMED:
        raise FactorError("wrong") from None
    if not binding.is_user_verified():
        raise FactorError("wrong")
    _log(user, "staff.factor.added", by, WebAuthn.add(user, name, answer).instance)
    return _first_codes(user, by)


@transaction.atomic
def remove(user: User, factor_id: int, *, by: str) -> bool:
    """Take an app or a passkey away. False when it was gone. Raises FactorError("last_one")."""
    lock_user(user.pk)
    found = _of(user).filter(pk=factor_id, type__in=REAL).first()
    if found is None:
        return False
    if not _of(user).filter(type__in=REAL).exclude(pk=factor_id).exists():
        raise FactorError("last_one")
    _log(user, "staff.factor.removed", by, found)
    found.delete()
    return True


@transaction.atomic
def new_recovery_codes(user: User, *, by: str) -> list[str]:
    """Ten new codes, each good once; the old ones are no longer good."""
    lock_user(user.pk)
    _of(user).filter(type=RECOVERY).delete()
    return _made_codes(user, by)


def _first_codes(user: User, by: str) -> list[str]:
    return [] if _of(user).filter(type=RECOVERY).exists() else _made_codes(user, by)


def _made_codes(user: User, by: str) -> list[str]:
    made = RecoveryCodes.activate(user)
    _log(user, "staff.recovery_codes.made", by, made.instance)
    return list(made.get_unused_codes())


def codes_left(user: User) -> int:
    """How many recovery codes are still good."""
    found = _of(user).filter(type=RECOVERY).first()
    return len(found.wrap().get_unused_codes()) if found else 0


def listed(user: User) -> Iterable[Authenticator]:
    """The apps and passkeys of somebody, the oldest first."""
    found: Iterable[Authenticator] = _of(user).filter(type__in=REAL).order_by("pk")
    return found


def _log(user: User, action: str, by: str, factor: Authenticator) -> None:
    audit.log_change(
        by=by,
        action=action,
        subject_type="staff",
        subject_ref=str(user.pk),
        after={"kind": factor.type},
    )
