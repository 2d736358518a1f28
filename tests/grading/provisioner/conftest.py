"""All kernels of these tests are ours."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory

HERE = Path(__file__).parent
# nbclient leaves its event loops open; that is Jupyter's habit with any kernel, and not ours to mend.
HABITS = ("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            for habit in HABITS:
                item.add_marker(pytest.mark.filterwarnings(habit))


@pytest.fixture(autouse=True)
def _ours(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "fovea")
    yield
    gc.collect()  # Jupyter's open loops are found here, not in the middle of somebody else's test
