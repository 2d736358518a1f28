import pytest

from grading import referee


@pytest.fixture(autouse=True)
def fresh():
    """No seed, no ruling, no link is left over from another test."""
    referee.set_seed(1)
    yield
    referee.set_seed(None)
    referee.forget_ruling()
    referee.disconnect()
