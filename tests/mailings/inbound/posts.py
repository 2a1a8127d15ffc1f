"""Mails as SendGrid's inbound parse posts them, with "send raw" ticked."""

from __future__ import annotations

import json
from email.message import EmailMessage

BOUNDARY = "xYzZY"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def raw(
    sender: str,
    to: str,
    text: str,
    *,
    subject: str = "Sv: Sista veckan",
    html: str = "",
    message_id: str = "<1@example.org>",
    **headers: str,
) -> bytes:
    """A mail's own bytes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text or not html:
        message.set_content(text or "\n")
    if html:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


def form(mail: bytes, *, to: str, sender: str, boundary: str = BOUNDARY) -> bytes:
    """The post that holds it."""
    fields = {
        "dkim": b"{@example.org : pass}",
        "email": mail,
        "to": to.encode(),
        "envelope": json.dumps({"to": [to], "from": sender}).encode(),
        "SPF": b"pass",
    }
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + value
        + b"\r\n"
        for name, value in fields.items()
    ]
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def post(sender: str, to: str, text: str, **more: str) -> bytes:
    """Both at once."""
    return form(raw(sender, to, text, **more), to=to, sender=sender)
