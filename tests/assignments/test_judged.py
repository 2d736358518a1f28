"""The same referees asking through the judge's stand-ins: what comes back is plain data, so nothing may be lost."""

from pathlib import Path

import numpy as np
import pytest

from assignments.referees import warmup
from grading.referee import set_seed
from tests.assignments import writing
from tests.grading.judge.links import student_of

REFEREES = [getattr(warmup, name) for name in warmup.__all__]


@pytest.fixture(scope="module")
def student():
    return student_of(Path(writing.__file__).read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def seeded():
    set_seed(11)
    yield
    set_seed(None)


@pytest.mark.parametrize(
    ("name", "written"), [pytest.param(n, f.__name__, id=f.__name__) for n, many in writing.RIGHT.items() for f in many]
)
def test_gives_another_style_full_marks(student, name, written):
    ruling = getattr(warmup, name).rule(student[0].name(written))
    assert ruling.points == ruling.out_of, ruling.seen


@pytest.mark.parametrize(
    ("referee", "mistake"),
    [pytest.param(r, m, id=f"{r.name}: {m.title}") for r in REFEREES if r.given is None for m in r.mistakes],
)
def test_names_the_mistake(student, referee, mistake):
    student[1]["attempt"] = mistake.variant
    ruling = referee.rule(student[0].name("attempt"))
    assert ruling.mistake == mistake.title
    assert ruling == referee.rule(mistake.variant)


@pytest.mark.parametrize("stub", writing.WORTHLESS.values(), ids=writing.WORTHLESS)
@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_gives_a_stub_nothing(student, referee, stub):
    student[1]["attempt"] = stub
    assert referee.rule(student[0].name("attempt")).points == 0.0


class Agreeable:
    """Equal to everything, and any number one likes."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __float__(self):
        return 0.0

    def __len__(self):
        return 0

    def __array__(self, *arguments, **options):
        return np.zeros(self.shape)

    shape = ()


@pytest.mark.parametrize("referee", REFEREES, ids=lambda referee: referee.name)
def test_is_not_talked_into_anything_by_an_object(student, referee):
    student[1]["attempt"] = lambda *arguments: Agreeable()
    ruling = referee.rule(student[0].name("attempt"))
    assert ruling.points == 0.0
    assert {finding.kind for group in ruling.groups for finding in group.findings} <= {"wrong type", "did not refuse"}
