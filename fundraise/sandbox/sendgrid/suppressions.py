"""Addresses that SendGrid sends nothing to, and why: five lists, and the unsubscribe groups."""

from __future__ import annotations

from collections.abc import Iterable

from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.errors import plain
from fundraise.sandbox.sendgrid.routes import Call, route
from fundraise.sandbox.sendgrid.world import World
from fundraise.sandbox.web import Response, json_response

# The list → why a mail to somebody on it is dropped; blocks hold nobody back.
LISTS = {
    "bounces": "Bounced Address", "blocks": "", "invalid_emails": "Invalid",
    "spam_reports": "Spam Reporting Address", "unsubscribes": "Unsubscribed Address",
}  # fmt: skip
# The setting of a request that lets mails pass a list all the same.
BYPASS = {"bounces": "bypass_bounce_management", "spam_reports": "bypass_spam_management",
          "unsubscribes": "bypass_unsubscribe_management"}  # fmt: skip
GROUP = "group:"
PAGE = 500
ADD = """INSERT INTO suppressions (list, email, created, reason, status) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (list, email) DO UPDATE SET created = excluded.created, reason = excluded.reason,
    status = excluded.status"""


def add(world: World, name: str, email: str, reason: str = "", status: str = "") -> None:
    world.store.run(ADD, name, email.lower(), world.now(), reason, status)


def holds(world: World, emails: Iterable[str], given: Json) -> dict[str, str]:
    """Address → why its mail is dropped, for those of them that are held back."""
    settings = given.get("mail_settings", {})

    def passes(name: str) -> bool:
        return bool(settings.get(name, {}).get("enable"))

    if passes("bypass_list_management"):
        return {}
    names = {n: why for n, why in LISTS.items() if why and not passes(BYPASS.get(n, ""))}
    group = given.get("asm", {}).get("group_id")
    if group is not None:
        names[f"{GROUP}{group}"] = "Unsubscribed Address"
    found: dict[str, str] = {}
    marks = ", ".join("?" for _ in names)
    sql = f"SELECT list FROM suppressions WHERE email = ? AND list IN ({marks})"  # noqa: S608
    if not world.store.query("SELECT 1 FROM suppressions LIMIT 1"):
        return found
    for email in emails:
        rows = world.store.query(sql, email, *names)
        if rows:
            found[email] = names[rows[0][0]]
    return found


def _shown(name: str, row: tuple[str, int, str, str]) -> Json:
    email, created, reason, status = row
    shown: Json = {"created": created, "email": email}
    if name in ("bounces", "blocks"):
        return shown | {"reason": reason, "status": status}
    if name == "invalid_emails":
        return shown | {"reason": reason}
    return shown | {"ip": "10.63.202.100"} if name == "spam_reports" else shown


def _list(call: Call) -> str:
    name = call.path["list"]
    if name not in LISTS:
        raise plain(404)
    return name


@route("GET", "/v3/suppression/{list}", "suppression.read")
def listed(call: Call) -> Response:
    name = _list(call)
    sql = (
        "SELECT email, created, reason, status FROM suppressions WHERE list = ? AND created >= ?"
        " AND created <= ? AND (? = '' OR email = ?) ORDER BY created DESC, email LIMIT ? OFFSET ?"
    )
    email = call.request.query_values.get("email", "").lower()
    rows = call.world.store.query(
        sql, name, call.number("start_time", 0), call.number("end_time", 1 << 60), email, email,
        call.number("limit", PAGE, PAGE), call.number("offset", 0),
    )  # fmt: skip
    return json_response([_shown(name, row) for row in rows])


@route("GET", "/v3/suppression/{list}/{email}", "suppression.read")
def one(call: Call) -> Response:
    name = _list(call)
    sql = "SELECT email, created, reason, status FROM suppressions WHERE list = ? AND email = ?"
    rows = call.world.store.query(sql, name, call.path["email"].lower())
    return json_response([_shown(name, row) for row in rows])


@route("DELETE", "/v3/suppression/{list}", "suppression.delete")
def forget_many(call: Call) -> Response:
    name, given = _list(call), call.json()
    emails = given.get("emails", [])
    if type(emails) is not list or bool(emails) == bool(given.get("delete_all")):
        raise plain(400)
    if given.get("delete_all"):
        call.world.store.run("DELETE FROM suppressions WHERE list = ?", name)
    for email in emails:
        _forget(call.world, name, str(email))
    return Response(b"", 204)


@route("DELETE", "/v3/suppression/{list}/{email}", "suppression.delete")
def forget_one(call: Call) -> Response:
    if not _forget(call.world, _list(call), call.path["email"]):
        raise plain(404)
    return Response(b"", 204)


def _forget(world: World, name: str, email: str) -> bool:
    sql = "DELETE FROM suppressions WHERE list = ? AND email = ?"
    return world.store.run(sql, name, email.lower()).rowcount > 0


# The unsubscribe groups. One is there from the start, as in an account where one was made by hand.

GROUP_ID, GROUP_NAME = 1, "Upprop"


@route("GET", "/v3/asm/groups", "asm.groups.read")
def groups(call: Call) -> Response:
    count = len(_in_group(call.world, GROUP_ID))
    return json_response([{
        "id": GROUP_ID, "name": GROUP_NAME, "description": GROUP_NAME, "is_default": True,
        "unsubscribes": count,
    }])  # fmt: skip


@route("GET", "/v3/asm/suppressions", "asm.groups.suppressions.read")
def of_groups(call: Call) -> Response:
    sql = (
        "SELECT list, email, created FROM suppressions WHERE list LIKE 'group:%'"
        " ORDER BY created DESC, email"
    )
    return json_response([
        {"email": email, "group_id": int(name.removeprefix(GROUP)), "group_name": GROUP_NAME,
         "created_at": created}
        for name, email, created in call.world.store.query(sql)
    ])  # fmt: skip


@route("GET", "/v3/asm/groups/{group}/suppressions", "asm.groups.suppressions.read")
def of_group(call: Call) -> Response:
    return json_response(_in_group(call.world, _group(call)))


@route("POST", "/v3/asm/groups/{group}/suppressions", "asm.groups.suppressions.create")
def add_to_group(call: Call) -> Response:
    return _add_all(call, f"{GROUP}{_group(call)}")


@route("DELETE", "/v3/asm/groups/{group}/suppressions/{email}", "asm.groups.suppressions.delete")
def take_from_group(call: Call) -> Response:
    _forget(call.world, f"{GROUP}{_group(call)}", call.path["email"])
    return Response(b"", 204)


@route("POST", "/v3/asm/suppressions/global", "asm.groups.suppressions.create")
def add_to_all(call: Call) -> Response:
    return _add_all(call, "unsubscribes")


@route("GET", "/v3/asm/suppressions/global/{email}", "asm.groups.suppressions.read")
def globally(call: Call) -> Response:
    email = call.path["email"].lower()
    sql = "SELECT 1 FROM suppressions WHERE list = 'unsubscribes' AND email = ?"
    found = call.world.store.query(sql, email)
    return json_response({"recipient_email": email} if found else {})


@route("DELETE", "/v3/asm/suppressions/global/{email}", "asm.groups.suppressions.delete")
def take_from_all(call: Call) -> Response:
    _forget(call.world, "unsubscribes", call.path["email"])
    return Response(b"", 204)


def _in_group(world: World, group: int) -> list[str]:
    sql = "SELECT email FROM suppressions WHERE list = ? ORDER BY created DESC, email"
    return [email for (email,) in world.store.query(sql, f"{GROUP}{group}")]


def _group(call: Call) -> int:
    if not call.path["group"].isascii() or not call.path["group"].isdecimal():
        raise plain(404)
    return int(call.path["group"])


def _add_all(call: Call, name: str) -> Response:
    emails = call.json().get("recipient_emails")
    if type(emails) is not list or not all(type(email) is str for email in emails):
        raise plain(400)
    with call.world.store.write():
        for email in emails:
            add(call.world, name, email)
    return json_response({"recipient_emails": emails}, 201)
