"""What the product is told through its environment. What the person has set always wins."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from fundraise.local import secrets, service
from fundraise.local.ports import Ports
from fundraise.local.postgres import OWNER, Postgres
from fundraise.local.valkey import Valkey

MARK = "FUNDRAISE_RUNNER"
# Settings whose values only a stand-in understands.
OF_STAND_INS = ("STRIPE_", "AUTOGIRO_", "BANK_", "SENDGRID_", "MAIL_SENDER")


def given(name: str, environ: Mapping[str, str] | None = None) -> bool:
    """Whether a setting is there, by itself or as a file that holds it."""
    source = os.environ if environ is None else environ
    return bool(source.get(name) or source.get(f"{name}_FILE"))


def mode() -> str:
    return os.environ.get("FUNDRAISE_MODE") or "demo"


def of_database(postgres: Postgres) -> dict[str, str]:
    return {
        "DATABASE_URL": postgres.url(),
        "DATABASE_OWNER_URL": postgres.url(OWNER),
        "FUNDRAISE_EMBEDDED": "1",
    }


def of_broker(valkey: Valkey) -> dict[str, str]:
    return {"BROKER_URL": valkey.url(), "FUNDRAISE_EMBEDDED": "1"}


def of_checkout(data: Path, ports: Ports) -> dict[str, str]:
    """Keys and addresses; in test mode the provider's own address and keys are the person's."""
    to_bank, from_bank = service.bank_folders(data)
    made = secrets.load(data)
    public_key = secrets.public_half(made["SENDGRID_SIGNING_KEY"])
    values = {
        **made,
        "FUNDRAISE_MODE": mode(),
        "FUNDRAISE_DATA_DIR": str(data),
        "FUNDRAISE_BASE_URL": f"http://localhost:{ports.web}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{ports.stripe}",
        "STRIPE_CHECKOUT_ORIGIN": f"http://localhost:{ports.stripe}",
        "MAIL_SENDER": "sendgrid",
        "SENDGRID_HOST": f"http://127.0.0.1:{ports.sendgrid}",
        "SENDGRID_WEBHOOK_PUBLIC_KEY": public_key,
        "SENDGRID_INBOUND_PUBLIC_KEY": public_key,
        "AUTOGIRO_SEAL_KEY": service.TEST_SEAL_KEY,
        "AUTOGIRO_CUSTOMER_NUMBER": service.TEST_CUSTOMER,
        "AUTOGIRO_TRANSPORT": "directory",
        # The stand-in puts a file there whole or not at all.
        "AUTOGIRO_SETTLE_SECONDS": "1",
        "AUTOGIRO_OUT_DIR": str(to_bank),
        "AUTOGIRO_IN_DIR": str(from_bank),
        "BANK_TRANSPORT": "directory",
        "BANK_SETTLE_SECONDS": "1",
        "BANK_IN_DIR": str(service.statements_folder(data)),
    }
    if mode() == "demo":
        return values
    return {name: value for name, value in values.items() if not name.startswith(OF_STAND_INS)}


def filled(values: Mapping[str, str]) -> dict[str, str]:
    """The process environment with `values` where the person has set nothing."""
    missing = {name: value for name, value in values.items() if not given(name)}
    return {**os.environ, **missing}
