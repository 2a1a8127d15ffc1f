"""nginx, PostgreSQL's roles and Valkey as docs/deploy has them parse and say what they must."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import crossplane
import psycopg
import pytest

from fundraise import settings as written
from fundraise.local.valkey import binary
from fundraise.pictures import LARGEST_BYTES
from tests.deploy.units import FOLDER, UNITS, env_file, read

NGINX = FOLDER / "nginx" / "fundraise.conf"
Block = list[dict[str, Any]]
PROXIED = {
    "Host": "$host",
    "X-Forwarded-For": "$remote_addr",
    "X-Forwarded-Proto": "$scheme",
    "X-Forwarded-Host": "",
    "X-Real-IP": "",
    "Forwarded": "",
    "Connection": "",
}


@pytest.fixture(scope="module")
def blocks(tmp_path_factory: pytest.TempPathFactory) -> list[Block]:
    """The server blocks, read with every directive's place and arguments checked."""
    whole = tmp_path_factory.mktemp("nginx") / "nginx.conf"
    whole.write_text(f"events {{}}\nhttp {{\n    include {NGINX};\n}}\n")
    said = crossplane.parse(str(whole), strict=True, combine=True)
    assert (said["status"], said["errors"]) == ("ok", [])
    (http,) = [one for one in said["config"][0]["parsed"] if one["directive"] == "http"]
    found = [one["block"] for one in http["block"] if one["directive"] == "server"]
    assert len(found) == 3
    return found


def values(block: Block, directive: str) -> list[list[str]]:
    return [one["args"] for one in block if one["directive"] == directive]


def locations(block: Block) -> dict[str, Block]:
    found = [one for one in block if one["directive"] == "location"]
    return {" ".join(one["args"]): one["block"] for one in found}


def headers(block: Block) -> dict[str, str]:
    return dict(values(block, "proxy_set_header"))


def test_exactly_one_hop_is_trusted_and_what_the_client_says_is_thrown_away(
    blocks: list[Block],
) -> None:
    _plain, public, inner = blocks
    assert headers(public) == PROXIED
    assert headers(inner)["X-Forwarded-For"] == "$remote_addr"
    assert env_file()["FUNDRAISE_TRUSTED_PROXIES"] == "1"
    # A location with one header of its own would lose all of these.
    nested = [place for block in blocks for place in locations(block).values() if headers(place)]
    assert nested == []


def test_figures_and_readiness_are_for_this_machine_alone(blocks: list[Block]) -> None:
    _plain, public, inner = blocks
    for path in ("= /metrics", "= /readyz"):
        assert values(locations(public)[path], "return") == [["404"]]
        assert values(locations(inner)[path], "proxy_pass") == [["http://fundraise"]]
    assert values(inner, "listen") == [["127.0.0.1:9180"]]
    assert values(locations(inner)["/"], "return") == [["404"]]


def test_plain_http_only_leads_on_and_only_new_tls_is_spoken(blocks: list[Block]) -> None:
    plain, public, _inner = blocks
    assert values(locations(plain)["/"], "return") == [["301", "https://$host$request_uri"]]
    assert values(public, "ssl_protocols") == [["TLSv1.2", "TLSv1.3"]]
    assert "Strict-Transport-Security" not in NGINX.read_text()  # the application says it
    assert env_file()["FUNDRAISE_BASE_URL"] == f"https://{values(public, 'server_name')[0][0]}"


def test_what_staff_send_fits_and_what_the_world_sends_stays_small(blocks: list[Block]) -> None:
    _plain, public, _inner = blocks
    assert values(public, "client_max_body_size") == [["1m"]]
    (most,) = values(locations(public)["/staff/"], "client_max_body_size")[0]
    room = int(most.removesuffix("m")) * 1_000_000
    assert room > LARGEST_BYTES
    assert room > written.IMPORT_MAX_BYTES == 20_000_000


def test_thermometers_are_kept_for_fifteen_seconds_and_longer_when_we_are_away(
    blocks: list[Block],
) -> None:
    ((pattern, place),) = [
        (name, one) for name, one in locations(blocks[1]).items() if "thermometer" in name
    ]
    assert values(place, "proxy_cache_valid") == [["200", "15s"]]
    assert {"error", "timeout", "updating", "http_502"} <= set(
        values(place, "proxy_cache_use_stale")[0]
    )
    expression = re.compile(pattern.removeprefix("~ "))
    for path in ("/valet/thermometer.json", "/en/valet/thermometer.svg", "/valet/button.svg"):
        assert expression.search(path)
    for path in ("/valet/", "/valet/termometer/", "/staff/x/thermometer.json/", "/gava/x.json"):
        assert not expression.search(path)


def test_every_zone_of_shared_memory_has_a_name_of_its_own() -> None:
    text = NGINX.read_text()
    zones = re.findall(r"(?:rate?|binary_remote_addr zone|keys_zone)=(\w+):|shared:(\w+):", text)
    names = [one or other for one, other in zones]
    assert (len(names), len(set(names))) == (3, 3)


def test_no_query_is_logged_and_providers_have_no_limit(blocks: list[Block]) -> None:
    assert '"$request_method $uri"' in NGINX.read_text()
    limited = {name for name, place in locations(blocks[1]).items() if values(place, "limit_req")}
    assert limited == {"/", "/staff/"}


def test_nginx_passes_on_to_where_the_unit_listens() -> None:
    command = read(UNITS / "fundraise-web.service").command()
    assert f"server {command[command.index('--bind') + 1]};" in NGINX.read_text()


def test_nginx_itself_finds_no_fault(tmp_path: Path) -> None:
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not on this machine; crossplane has read the file above")
    text = NGINX.read_text().replace("/var/cache/nginx", str(tmp_path))
    text = text.replace("/var/log/nginx", str(tmp_path)).replace("443 ssl http2", "1443")
    text = re.sub(r"^ *ssl_certificate.*$", "", text, flags=re.MULTILINE)
    (tmp_path / "fundraise.conf").write_text(text)
    whole = tmp_path / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in kinds)
    places += f" access_log off; error_log {tmp_path}/error.log;"
    http = f"http {{ {places} include {tmp_path}/fundraise.conf; }}"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\n{http}\n")
    done = subprocess.run([nginx, "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(os.environ["TEST_OWNER_URL"]) as connection:
        yield connection
        connection.rollback()


def test_the_roles_may_what_they_need_and_no_more(superuser: psycopg.Connection[Any]) -> None:
    text = (FOLDER / "roles.sql").read_text()
    superuser.execute(text.replace("fundraise_", "deploy_test_").encode())
    rows = superuser.execute(
        "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolcanlogin FROM pg_roles"
        " WHERE rolname LIKE 'deploy_test_%' ORDER BY 1"
    ).fetchall()
    assert rows == [
        ("deploy_test_app", False, False, False, True),
        ("deploy_test_owner", False, True, False, True),
    ]


def test_valkey_itself_starts_with_its_file_and_keeps_what_it_is_told(tmp_path: Path) -> None:
    text = (FOLDER / "valkey.conf").read_text()
    told = dict(line.split(" ", 1) for line in text.splitlines() if line and line[0] != "#")
    assert (told["appendonly"], told["maxmemory-policy"]) == ("yes", "noeviction")
    config = tmp_path / "valkey.conf"
    config.write_text(f"{text}\nport 0\nunixsocket {tmp_path}/s\ndir {tmp_path}\n")
    with subprocess.Popen([binary(), config], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            ready = any("ready to accept" in line.lower() for line in server.stdout)
        finally:
            server.terminate()
    assert ready
