"""The same referees asking through the judge's stand-ins: what comes back is plain data, so nothing may be lost."""

from pathlib import Path

import numpy as np
import pytest

from grading.referee import set_seed
from tests.assignments.sets import EVERY, HANDS, MISTAKES, SETS, other_hands
from tests.assignments.worthless import WORTHLESS
from tests.grading.judge.links import student_of

every_referee = pytest.mark.parametrize(
    ("name", "referee"), [pytest.param(*each, id=f"{each[0]}-{each[1].name}") for each in EVERY]
)


@pytest.fixture(scope="module")
def students():
    return {name: student_of(Path(other_hands(name).__file__).read_text(encoding="utf-8")) for name in SETS}


@pytest.fixture(autouse=True)
def seeded():
    set_seed(11)
    yield
    set_seed(None)


@pytest.mark.parametrize(
    ("name", "referee", "written"), [pytest.param(n, r, f.__name__, id=f"{n}-{f.__name__}") for n, r, f in HANDS]
)
def test_gives_another_style_full_marks(students, name, referee, written):
    ruling = referee.rule(students[name][0].name(written))
    assert ruling.points == ruling.out_of, (ruling.seen, ruling.hint)


@pytest.mark.parametrize(
    ("name", "referee", "mistake"),
    [pytest.param(n, r, m, id=f"{n}-{r.name}: {m.title}") for n, r, m in MISTAKES if r.given is None and r.ask is None],
)
def test_names_the_mistake(students, name, referee, mistake):
    student, own = students[name]
    own["attempt"] = mistake.variant
    ruling = referee.rule(student.name("attempt"))
    assert ruling.mistake == mistake.title
    assert ruling == referee.rule(mistake.variant)


@pytest.mark.parametrize("stub", WORTHLESS.values(), ids=WORTHLESS)
@every_referee
def test_gives_a_stub_nothing(students, name, referee, stub):
    student, own = students[name]
    own["attempt"] = stub
    assert referee.rule(student.name("attempt")).points == 0.0


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


@every_referee
def test_is_not_talked_into_anything_by_an_object(students, name, referee):
    student, own = students[name]
    own["attempt"] = lambda *arguments: Agreeable()
    ruling = referee.rule(student.name("attempt"))
    assert ruling.points == 0.0
    assert {finding.kind for group in ruling.groups for finding in group.findings} <= {"wrong type", "did not refuse"}
