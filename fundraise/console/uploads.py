"""Files that staff send stay in memory: a member list in a temporary file would lie in the clear.

Only staff send files. A form with a file at any other address, or from a browser whose session is
nobody's, is read without it: this comes before every guard, so a stranger could fill the memory.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import User
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest

ROOM_FOR_THE_REST = 1_000_000  # a picture's or list's form is more than the file


def most_bytes() -> int:
    """The largest body of a form with a file."""
    return int(settings.IMPORT_MAX_BYTES) + ROOM_FOR_THE_REST


def was_too_heavy(request: HttpRequest) -> bool:
    """Whether a body was not read, so that "required" would be the wrong word for its file."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > most_bytes()


def _is_of_staff(request: HttpRequest) -> bool:
    if not request.path.startswith("/staff/") or not hasattr(request, "session"):
        return False
    user = get_user(request)
    return isinstance(user, User) and user.is_active and user.is_staff


class MemoryUploads(FileUploadHandler):
    """settings.FILE_UPLOAD_HANDLERS: everything in memory, or nothing of it."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, *args: Any, **options: Any
    ) -> None:
        request = self.request
        small = content_length <= most_bytes()
        self.taken = small and request is not None and _is_of_staff(request)

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if not self.taken:
            raise SkipFile
        self.file = BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if not self.taken:
            return None
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name or "",
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
