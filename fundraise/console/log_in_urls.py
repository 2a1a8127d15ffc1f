"""The way in, under names that allauth knows; no other page of allauth has an address."""

from __future__ import annotations

from django.urls import include, path

from fundraise.console.views import account, front, log_in, passwords

# Names that django-unfold's frame and its guard look up.
frame = [
    path("", front.front, name="index"),
    path("login/", log_in.log_in, name="login"),
    path("logout/", log_in.log_out, name="logout"),
    path("account/password/", account.password, name="password_change"),
]

urlpatterns = [
    path("staff/login/", log_in.log_in, name="account_login"),
    path("staff/login/code/", log_in.code, name="mfa_authenticate"),
    path("staff/login/passkey/", log_in.passkey, name="staff_passkey"),
    path("staff/login/passkey/options/", log_in.passkey_options, name="staff_passkey_options"),
    path("staff/login/forgotten/", passwords.forgotten, name="staff_forgotten"),
    path("staff/login/password/", passwords.set_password, name="staff_set_password"),
    path("staff/again/", log_in.again, name="account_reauthenticate"),
    path("staff/logout/", log_in.log_out, name="account_logout"),
    path("staff/", include((frame, "admin"))),
]
