"""What a person may do with a mail in the inbox: answer, leave, complain, open, click, bounce."""

from __future__ import annotations

from collections.abc import Callable

from fundraise.sandbox.sendgrid import deeds, events, inbound, mover
from fundraise.sandbox.sendgrid.behaviour import BEHAVIOURS, HUMAN, Step
from fundraise.sandbox.sendgrid.config import Json
from fundraise.sandbox.sendgrid.inbox import Found, find
from fundraise.sandbox.sendgrid.world import World

NOW_DONE = "INSERT INTO deeds (recipient, act, arg, due, done, answer) VALUES (?, ?, '', ?, 1, ?)"
Deed = Callable[[World, Found, str], str]


def _reply(world: World, found: Found, text: str) -> str:
    return inbound.deliver(world, inbound.reply_to(found, text))


def _behave(name: str, fate: str = "") -> Deed:
    """The last steps of a behaviour, from now on."""

    def act(world: World, found: Found, _text: str) -> str:
        with world.store.write():
            for step in BEHAVIOURS[name].steps:
                if step.event in ("processed", "delivered", "open"):
                    continue
                if step.event:
                    tell(world, found, step)
                else:
                    deeds.suppress(world, found, step.arg)
            if fate:
                sql = "UPDATE recipients SET fate = ? WHERE id = ?"
                world.store.run(sql, fate, found.id)
        return "told"

    return act


def tell(world: World, found: Found, step: Step) -> None:
    now = world.exact_now()
    made = events.event(found.addressed(), step.event, now, step.more, bare=step.bare)
    world.store.run_many(mover.EVENT, mover.event_rows(world, found.id, made, now))


def _open(world: World, found: Found, _text: str) -> str:
    more: Json = {"useragent": HUMAN[0], "ip": HUMAN[1], "sg_machine_open": False}
    tell(world, found, Step(0, "open", more))
    return "told"


def _click(world: World, found: Found, url: str) -> str:
    links = found.mail()["links"]
    if url not in links:
        raise ValueError("url: no link of this mail")
    more = {"useragent": HUMAN[0], "ip": HUMAN[1], "url": url,
            "url_offset": {"index": links.index(url), "type": "html"}}  # fmt: skip
    tell(world, found, Step(0, "click", more))
    return "told"


ACTS: dict[str, Deed] = {
    "reply": _reply,
    "one_click": lambda world, found, _: deeds.one_click(world, found.mail()),
    "mail_out": lambda world, found, _: deeds.mail_out(world, found.mail(), found.email),
    "spam": _behave("spam", "spam"),
    "bounce": _behave("bounce", "bounced"),
    "late": _behave("late", "bounced"),
    "blocked": _behave("blocked", "blocked"),
    "unsubscribe": _behave("unsubscribe"),
    "group": _behave("group"),
    "open": _open,
    "click": _click,
}


def do(world: World, recipient: int, act: str, text: str = "") -> Json:
    """Raises ValueError for an unknown act, KeyError for an unknown mail."""
    if act not in ACTS:
        raise ValueError(f"act must be one of {', '.join(ACTS)}")
    found = find(world, recipient)
    if found is None:
        raise KeyError("mail")
    answer = ACTS[act](world, found, text)
    world.store.run(NOW_DONE, recipient, act, world.exact_now(), answer)
    return {"answer": answer}
