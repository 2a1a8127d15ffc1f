"""Mail requests with something wrong, where it is wrong and what SendGrid says to it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.sendgrid.conftest import person

NO_PEOPLE = "The personalizations field is required and must have at least one personalization."
NO_TO = (
    "The to array is required for all personalization objects, and must have at "
    "least one email object with a valid email address."
)
BAD_ADDRESS = "Does not contain a valid address."
NO_STRING = "The value must be a string."
LONG = "x" * 9_990
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"personalizations": None}, "personalizations", NO_PEOPLE),
    ({"personalizations": []}, "personalizations", NO_PEOPLE),
    ({"personalizations": [person(f"p{n}@x.se") for n in range(1001)]}, "personalizations",
     "The personalizations field may have at most 1000 personalizations."),
    ({"personalizations": [{"to": [{"email": f"p{n}@x.se"} for n in range(1001)]}]},
     "personalizations", "The total number of recipients must be no more than 1000."),
    ({"personalizations": [{}]}, "personalizations.0.to", NO_TO),
    ({"personalizations": [{"to": []}]}, "personalizations.0.to", NO_TO),
    ({"personalizations": [person("ingen")]}, "personalizations.0.to.0.email",
     BAD_ADDRESS),
    ({"personalizations": [person("åsa@example.org")]}, "personalizations.0.to.0.email",
     BAD_ADDRESS),
    ({"personalizations": [{"to": [{"email": "a@x.se", "name": "A, B"}]}]},
     "personalizations.0.to.0.name", "The name may not have a comma or a semicolon."),
    ({"personalizations": [person("a@x.se", subject="")]}, "personalizations.0.subject",
     "The subject must be a string at least one character in length."),
    ({"personalizations": [person("a@x.se", substitutions={"-a-": 1})]},
     "personalizations.0.substitutions.-a-", NO_STRING),
    ({"personalizations": [person("a@x.se", substitutions={"-a-": LONG + "123456789"})]},
     "personalizations.0.substitutions", "The substitutions may be no more than 10000 bytes."),
    ({"personalizations": [person("a@x.se", custom_args={"m": 1})]},
     "personalizations.0.custom_args.m", NO_STRING),
    ({"personalizations": [person("a@x.se", custom_args={"m": LONG})],
      "custom_args": {"appeal": "123456"}}, "personalizations.0.custom_args",
     "The custom_args may be no more than 10000 bytes."),
    ({"personalizations": [person("a@x.se", headers={"Reply-To": "b@x.se"})]},
     "personalizations.0.headers.Reply-To", "The header Reply-To may not be overridden."),
    ({"personalizations": [person("a@x.se", headers={"X-A": "b\r\nBcc: c@x.se"})]},
     "personalizations.0.headers.X-A", "The value of a header may not have a line break."),
    ({"personalizations": [person("a@x.se", colour="red")]}, "personalizations.0",
     "Additional property colour is not allowed"),
    ({"personalizations": [person("a@x.se", send_at="soon")]}, "personalizations.0.send_at",
     "The send_at must be an integer: a unix timestamp."),
    ({"from": None}, "from.email",
     'The from object must be provided for every email send. It is an object that '
     'requires the email parameter, but may also contain a name parameter.  e.g. '
     '{"email" : "example@example.com"}  or {"email" : "example@example.com", "name"'
     ' : "Example Recipient"}.'),
    ({"from": {"email": "åsa@example.org"}}, "from.email", BAD_ADDRESS),
    ({"subject": None}, "subject",
     "The subject is required. You can get around this requirement if you use a "
     "template with a subject defined or if every personalization has a subject "
     "defined."),
    ({"subject": ""}, "subject", "The subject must be a string at least one character in length."),
    ({"content": None}, "content",
     "Unless a valid template_id is provided, the content parameter is required. "
     "There must be at least one defined content block. We typically suggest both "
     "text/plain and text/html blocks are included, but only one block is required."),
    ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value",
     "The content value must be a string at least one character in length."),
    ({"content": [{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "a"}]},
     "content",
     "The text/plain content must be first, followed by text/html, then any other "
     "types; each may be given once."),
    ({"headers": {"Content-Type": "text/css"}}, "headers.Content-Type",
     "The header Content-Type may not be overridden."),
    ({"headers": {"x-sg-id": "1"}}, "headers.x-sg-id", "The header x-sg-id may not be overridden."),
    ({"custom_args": "text"}, "custom_args", "The custom_args must be an object of strings."),
    ({"categories": [str(n) for n in range(11)]}, "categories",
     "The categories parameter may have at most 10 items."),
    ({"categories": ["a", "a"]}, "categories", "The categories must be unique."),
    ({"categories": ["å"]}, "categories.0",
     "Each category must be a string of at most 255 characters in 7-bit ASCII."),
    ({"categories": ["a" * 256]}, "categories.0",
     "Each category must be a string of at most 255 characters in 7-bit ASCII."),
    ({"send_at": "1795658083"}, "send_at", "The send_at must be an integer: a unix timestamp."),
    ({"send_at": True}, "send_at", "The send_at must be an integer: a unix timestamp."),
    ({"batch_id": "unheard-of"}, "batch_id", "invalid batch id"),
    ({"asm": {}}, "asm.group_id", "The asm object must have a group_id, which is an integer."),
    ({"asm": {"group_id": 1, "groups_to_display": list(range(26))}}, "asm.groups_to_display",
     "The groups_to_display must be at most 25 integers."),
    ({"reply_to": {"email": "a@x.se"}, "reply_to_list": [{"email": "a@x.se"}]}, "reply_to",
     "Only one of reply_to and reply_to_list may be used."),
    ({"attachments": [{"filename": "a", "content": "åäö"}]}, "attachments.0.content",
     "The attachment content must be base64 encoded."),
    ({"mail_settings": {"sandbox_mode": {"enable": "true"}}},
     "mail_settings.sandbox_mode.enable", "The enable parameter must be a boolean."),
    ({"template_id": "d-1", "personalizations": [person("a@x.se", substitutions={})]},
     "personalizations.0.substitutions", "Substitutions may not be used with dynamic templating"),
    ({"colour": "red"}, "colour", "Additional property colour is not allowed"),
]  # fmt: skip
