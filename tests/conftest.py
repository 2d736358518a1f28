"""What several tests share: fixed seeds, one warm server and one browser per worker."""

import fcntl
import gc
import os
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.browser import PATIENCE
from benchmarks.serve import Server
from tests.databases import (  # noqa: F401 - fixtures
    database,
    postgres,
    postgres_database,
    postgres_template,
    sqlite_template,
)
from tests.find_browser import find_browser
from tests.serving import serve

# A busy machine is slow, and that is no fault of a test.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

# The same examples every time, so that a red run means a change; FOVEA_EXPLORE=1 looks for new ones.
settings.register_profile("fixed", derandomize=True, **PATIENT)
settings.register_profile("explore", max_examples=1000, **PATIENT)
settings.load_profile("explore" if os.environ.get("FOVEA_EXPLORE") else "fixed")
expect.set_options(timeout=PATIENCE)

BROWSER_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


MAIN = sys.modules["__main__"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Whatever collects garbage later would look through a million objects of twenty thousand tests for a second."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


def pytest_runtest_teardown() -> None:
    # A page that Streamlit runs for a test becomes the main module, and a process that a later test starts runs that.
    sys.modules["__main__"] = MAIN


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu") and not Path("/dev/nvidiactl").exists():
        pytest.skip("there is no GPU here")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with serve() as running:
        yield running


@pytest.fixture
def only_cluster() -> Iterator[None]:
    """The one Ray cluster on this machine: heads that start at the same time take each other's ports.

    A group of xdist's does not help: pytest 9.2 hides it from xdist (pytest-xdist issue 1386).
    """
    with Path(tempfile.gettempdir(), "fovea-only-cluster").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_FLAGS)
        yield started
        started.close()
