"""Files that staff send stay in memory: a member list in a temporary file would lie in the clear.

Only staff send files. A form with a file at any other address, or from a browser that has no
session, is read without it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

ROOM_FOR_THE_REST = 1_000_000  # a picture's or list's form is more than the file


def most_bytes() -> int:
    """The largest body of a form with a file."""
    return int(settings.IMPORT_MAX_BYTES) + ROOM_FOR_THE_REST


class MemoryUploads(FileUploadHandler):
    """settings.FILE_UPLOAD_HANDLERS: everything in memory, or nothing of it."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, *args: Any, **options: Any
    ) -> None:
        request = self.request
        staff = request is not None and request.path.startswith("/staff/")
        known = request is not None and settings.SESSION_COOKIE_NAME in request.COOKIES
        self.taken = staff and known and content_length <= most_bytes()

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
