"""Two real OpenID Connect providers on loopback, and how a person signs in at each."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from benchmarks.serve import PATIENCE

HERE = Path(__file__).parent / "oidc"
SECRET = "a secret of the tests"

# Whom both providers know. Only the address of Ada is on the roster; nobody knows Eve.
PEOPLE: Mapping[str, Mapping[str, object]] = {
    "ada-1": {"name": "Ada King", "email": "ada@example.org", "email_verified": True, "roles": ["member"]},
    "iva-1": {"name": "Iva Instructor", "email": "iva@example.org", "email_verified": True, "roles": ["lecturer"]},
    "eve-1": {"name": "Eve <b>", "email": "ada@example.org", "email_verified": False, "roles": ["member"]},
}

_SECRETS = """
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "thirty-two letters that nobody guesses"

[auth.uni]
client_id = "fovea"
client_secret = "{secret}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
client_kwargs = {{ scope = "openid profile email roles", prompt = "login" }}

[fovea.sign_in]
issuers = ["{issuer}"]
role = "roles"
roles = {{ lecturer = "instructor" }}
"""


@dataclass(frozen=True)
class Provider:
    """How one is started on a port for a server that it answers to, and what a person does at its pages."""

    serve: Callable[[int, str], AbstractContextManager[None]]
    sign_in: Callable[[Page, str], None]  # as the person of this subject
    sign_out: Callable[[Page], None]


def secrets(issuer: str) -> str:
    """The secrets file of a server whose people come by this provider, and whose lecturers are instructors."""
    return _SECRETS.format(secret=SECRET, issuer=issuer)


def mock() -> Provider:
    """oidc-provider-mock: one button a person."""
    people = [word for sub, claims in PEOPLE.items() for word in ("--user-claims", json.dumps({"sub": sub, **claims}))]
    program = str(Path(sys.executable).with_name("oidc-provider-mock"))

    def sign_out(page: Page) -> None:
        page.wait_for_url("**/oauth2/end_session**")  # its page for this leads nowhere

    return Provider(
        lambda port, _uri: _running([program, "--port", str(port), *people], port, {}),
        lambda page, sub: page.locator(f"button[name=sub][value={sub}]").click(),
        sign_out,
    )


def certified(modules: Path) -> Provider:
    """npm's oidc-provider: a form for the name, another for consent, a question at the end."""
    environment = {"PEOPLE": json.dumps(PEOPLE), "SECRET": SECRET}

    def sign_in(page: Page, sub: str) -> None:
        page.locator("input[name=login]").fill(sub)
        page.locator("input[name=password]").fill("any")
        page.locator("button[type=submit]").click()
        page.get_by_role("button", name="Continue").click()

    return Provider(
        lambda port, uri: _running(["node", str(modules / "provider.mjs"), str(port), uri], port, environment),
        sign_in,
        lambda page: page.get_by_role("button", name="Yes, sign me out").click(),
    )


def install(folder: Path) -> Path:
    """npm's provider in a folder of its own, exactly as locked; without node or its packages the test is skipped."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("node and npm are not here")
    shutil.copytree(HERE, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        pytest.skip(f"npm could not fetch oidc-provider: {done.stderr.strip()[-200:]}")
    return folder


@contextmanager
def _running(command: Sequence[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(process, f"http://localhost:{port}/.well-known/openid-configuration")
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError("the provider does not answer")
