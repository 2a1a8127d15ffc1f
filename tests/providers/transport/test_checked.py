"""Settings of a transport that can't work are told before the start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fundraise.providers.transport import chosen
from fundraise.providers.transport.checked import Options, faults
from fundraise.providers.transport.directory import DirectoryTransport

KEY = "ssh-ed25519 " + "A" * 68
SFTP = Options("sftp", "/out", "/in", "sftp.bank.example", "party", (KEY,), __file__)


def test_what_is_missing_or_wrong_is_named(tmp_path: Path) -> None:
    assert faults(Options("none", "", ""), live=True) == []
    assert faults(Options("directory", "/a", "/b"), live=True) == []
    assert faults(SFTP, live=False) == []
    for options, said in (
        (Options("directory", "", "/b"), "AUTOGIRO_OUT_DIR is missing"),
        (Options("directory", "/a", "/a/"), "must be two folders"),
        (Options("directory", "a", "/b"), "AUTOGIRO_OUT_DIR must be a whole path"),
        (replace(SFTP, host=""), "AUTOGIRO_SFTP_HOST is missing"),
        (replace(SFTP, host_keys=()), "AUTOGIRO_SFTP_HOST_KEY is missing"),
        (replace(SFTP, host_keys=("SHA256:abc",)), "the server's public key as the bank gave it"),
        (replace(SFTP, key_file=str(tmp_path / "no")), "there is no such file"),
    ):
        (only,) = faults(options, live=False)
        assert said in only


def test_live_refuses_what_anybody_may_write_or_read(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("k")
    for path, rights in ((tmp_path, 0o777), (key, 0o644)):
        path.chmod(rights)
    folders = Options("directory", str(tmp_path), "/b")
    keys = replace(SFTP, key_file=str(key))
    assert (faults(folders, live=False), faults(keys, live=False)) == ([], [])
    assert "may be written to by anybody" in faults(folders, live=True)[0]
    assert "can be read by anybody" in faults(keys, live=True)[0]
    tmp_path.chmod(0o750)
    key.chmod(0o600)
    assert (faults(folders, live=True), faults(keys, live=True)) == ([], [])


@pytest.mark.parametrize("kind", ["none", "directory", "sftp"])
def test_the_settings_choose(settings: Any, kind: str, tmp_path: Path) -> None:
    settings.AUTOGIRO_TRANSPORT = kind
    settings.AUTOGIRO_OUT_DIR, settings.AUTOGIRO_IN_DIR = "/out", "/in"
    settings.AUTOGIRO_SFTP_HOST_KEY = [KEY]
    settings.AUTOGIRO_TAKEN = "leave"
    way = chosen.transport()
    if way is None:
        assert kind == "none"
        return
    assert isinstance(way, DirectoryTransport) is (kind == "directory")
    assert way.keep  # type: ignore[attr-defined]
    assert str(way.out) == "/out"  # type: ignore[attr-defined]
