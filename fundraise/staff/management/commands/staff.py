"""`manage.py staff`: the first administrator, and help when nobody can log in any more."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from fundraise.ledger.models import LegalEntity
from fundraise.staff import accounts, factors, links
from fundraise.staff import services as staff
from fundraise.staff.models import RoleHeld
from fundraise.staff.roles import Role

BY = "system:command"
REFUSED = {
    "taken": "There is an account with that address already: manage.py staff link ADDRESS.",
    "last_admin": "Nobody else is an administrator. Give the role to somebody first.",
}


class Command(BaseCommand):
    help = "List staff, make an administrator, give a role, or let somebody set up a new log-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="who there is, with roles and second factors")
        admin = acts.add_parser("admin", help="a new administrator; prints the set-up link")
        admin.add_argument("email")
        admin.add_argument("name")
        role = acts.add_parser("give", help="a role for a legal entity")
        role.add_argument("email")
        role.add_argument("role", choices=Role.values)
        role.add_argument("entity", help="its short name (slug)")
        role.add_argument("--with-districts", action="store_true")
        for act, meaning in (
            ("link", "a new set-up link for somebody who never used theirs"),
            ("reset", "forget password and second factor, end all sessions, print a set-up link"),
            ("end", "no log-in from now on"),
        ):
            one = acts.add_parser(act, help=meaning)
            one.add_argument("email")
            if act != "link":
                one.add_argument("--reason", required=True, help="stands in the log")

    def handle(self, *args: Any, **options: Any) -> None:
        acts: dict[str, Callable[[dict[str, Any]], None]] = {
            "list": self._list,
            "admin": self._admin,
            "give": self._give,
            "link": self._link,
            "reset": self._reset,
            "end": self._end,
        }
        try:
            acts[options["act"]](options)
        except staff.StaffError as error:
            raise CommandError(REFUSED.get(error.code, error.code)) from None

    def _list(self, _options: dict[str, Any]) -> None:
        for user in User.objects.filter(is_staff=True).order_by("pk"):
            held = RoleHeld.objects.filter(user=user, ended_at=None).select_related("entity")
            roles = ", ".join(
                f"{one.role}:{one.entity.slug}{'+' if one.with_districts else ''}" for one in held
            )
            factor = "second factor" if factors.has_one(user) else "no second factor"
            state = "active" if user.is_active else "ended"
            self.stdout.write(f"staff:{user.pk}  {user.get_username()}  {state}  {factor}  {roles}")

    @transaction.atomic
    def _admin(self, options: dict[str, Any]) -> None:
        top = list(LegalEntity.objects.filter(parent=None))
        if not top:
            raise CommandError("There is no legal entity yet: make the books first.")
        try:
            validate_email(options["email"])
        except ValidationError:
            raise CommandError("That is no e-mail address.") from None
        user = accounts.invite(options["name"], options["email"], by=BY)
        for entity in top:
            staff.give_role(user, Role.ADMIN, entity, with_districts=True, by=BY)
        self._print_link(user)

    def _give(self, options: dict[str, Any]) -> None:
        entity = LegalEntity.objects.filter(slug=options["entity"]).first()
        if entity is None:
            known = ", ".join(LegalEntity.objects.values_list("slug", flat=True))
            raise CommandError(f"No legal entity has that short name. There are: {known}.")
        wide = options["with_districts"]
        user = self._somebody(options)
        staff.give_role(user, options["role"], entity, with_districts=wide, by=BY)
        self.stdout.write(f"staff:{user.pk} has the role {options['role']} for {entity.slug}.")

    def _link(self, options: dict[str, Any]) -> None:
        user = accounts.renew_link(self._somebody(options).pk, by=BY)
        if user.has_usable_password():
            raise CommandError("They have set a password. If it is lost: manage.py staff reset.")
        self._print_link(user)

    def _reset(self, options: dict[str, Any]) -> None:
        pk = self._somebody(options).pk
        self._print_link(accounts.reset(pk, by=BY, reason=options["reason"]))

    def _end(self, options: dict[str, Any]) -> None:
        user = self._somebody(options)
        done = accounts.end(user.pk, by=BY, reason=options["reason"])
        self.stdout.write("Ended." if done else "It was ended before.")

    def _somebody(self, options: dict[str, Any]) -> User:
        name = options["email"].strip()
        known = User.objects.filter(username=name) | User.objects.filter(email__iexact=name)
        user = known.filter(is_staff=True).first()
        if user is None:
            raise CommandError("Nobody has that address or name. See manage.py staff list.")
        return user

    def _print_link(self, user: User) -> None:
        self.stdout.write("Works once, for three days. Give it to its owner and to nobody else:")
        self.stdout.write(links.made(user, links.SETUP))
