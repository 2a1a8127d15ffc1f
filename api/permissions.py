"""A right for every method: a view without one for a method that it has lets nobody in."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.authentication import Caller


class HasPermission(BasePermission):
    """The view names the permission of each method; the key must hold it somewhere."""

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = view.permissions_of.get(request.method)
        if wanted is None:  # a method that is not there, which 405 says; never one that is
            name = str(request.method).lower()
            return name not in view.http_method_names or not hasattr(view, name)
        if not isinstance(request.auth, Caller):
            raise NotAuthenticated
        return wanted == "" or request.auth.rights.somewhere(wanted)
