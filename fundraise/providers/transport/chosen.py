"""The transport that the settings name, or none: files are then fetched and dropped by hand."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from fundraise.providers.transport.base import Transport
from fundraise.providers.transport.checked import DIRECTORY, SFTP
from fundraise.providers.transport.directory import DirectoryTransport


def transport() -> Transport | None:
    """As AUTOGIRO_TRANSPORT says."""
    out, into = settings.AUTOGIRO_OUT_DIR, settings.AUTOGIRO_IN_DIR
    settle, keep = settings.AUTOGIRO_SETTLE_SECONDS, settings.AUTOGIRO_TAKEN == "leave"
    if settings.AUTOGIRO_TRANSPORT == DIRECTORY:
        return DirectoryTransport(Path(out), Path(into), settle=settle, keep=keep)
    if settings.AUTOGIRO_TRANSPORT != SFTP:
        return None
    # Only where it is used: the library takes its time to load.
    from fundraise.providers.transport.sftp import Server, SftpTransport

    server = Server(
        host=settings.AUTOGIRO_SFTP_HOST,
        port=settings.AUTOGIRO_SFTP_PORT,
        user=settings.AUTOGIRO_SFTP_USER,
        host_keys=tuple(settings.AUTOGIRO_SFTP_HOST_KEY),
        key_file=Path(settings.AUTOGIRO_SFTP_KEY_PATH),
        connect_seconds=settings.AUTOGIRO_SFTP_CONNECT_SECONDS,
        act_seconds=settings.AUTOGIRO_SFTP_ACT_SECONDS,
    )
    return SftpTransport(server, out, into, settle=settle, keep=keep)
