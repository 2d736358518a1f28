"""One engine for all tests of this folder that run in one worker: its start costs half a second."""

from collections.abc import Iterator

import pytest

from grading.engine.engine import Engine
from grading.engine.environment import Environment


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with Engine(Environment(imports=("numpy",))) as running:
        yield running
