"""What is typed about staff: an invitation, a role, a reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fundraise.console.fields import names_nobody
from fundraise.ledger.models import LegalEntity
from fundraise.staff.roles import Role


class RoleForm(forms.Form):
    """A role for a legal entity."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    entity = forms.ModelChoiceField(
        label=_("For"), queryset=LegalEntity.objects.order_by("pk"), empty_label=None
    )
    with_districts = forms.BooleanField(label=_("Its districts too"), required=False, initial=False)


class InviteForm(RoleForm):
    """Somebody new, with their first role."""

    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=150,
        help_text=_("They log in with it, and the link is sent there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "email"]


class WhyForm(forms.Form):
    """Why somebody's log-in is changed; it stands in the log."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("It stands in the log. No names of others."),
        validators=[names_nobody],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
