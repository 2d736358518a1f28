"""Every service of the course against everybody: who may, who may not, and that none is missing from the table.

The services are found by looking: whatever takes a desk and somebody. What belongs to somebody is Ada's.
"""

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import classroom.keeping
import classroom.live
import classroom.staff
from classroom import assignments, editor, marking, members, overview, work
from classroom.desk import Desk
from classroom.errors import ClassroomError, NotAllowed
from classroom.keeping import backup, erasing
from classroom.live import lecture, own, practice, quizzing, results
from classroom.live.port import Lecture, Place
from classroom.people import Person
from classroom.port import Draft
from classroom.roles import Role
from classroom.staff import actions, audit, exporting, opened, regrading, similar, stuck
from grading.ledger.records import Mark
from grading.practice import Tried
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import MONDAY, SmallCourse, small
from tests.classroom.test_overview import judged

Service = Callable[[Desk, Person | None], object]

VERA = Person("vera", "Vera Visitor", Role.VISITOR)
PEOPLE: dict[str, Person | None] = {
    "N": None, "V": VERA, "S": ADA, "O": BEN, "A": TINA, "I": IVA, "G": replace(ADA, active=False),
}  # fmt: skip
WHO = {
    "N": "nobody", "V": "a visitor", "S": "Ada", "O": "another student", "A": "an assistant", "I": "an instructor",
    "G": "Ada after she left",
}  # fmt: skip
ROSTER = b"name,email,number\nGrace Hopper,grace@example.org,1906\n"
CANVAS = b"Student,ID,SIS User ID,SIS Login ID,Section,ps (12)\n    Points Possible,,,,,6\nLovelace,9,1815,,Monday,\n"
LATER = MONDAY + timedelta(days=20)
OWN, PLAN = "How many?\n= 3\nbecause it is so.", "# A plan\nlab layer\n"


def _mark(desk: Desk, who: Person | None) -> object:
    return marking.give(desk, who, 1, "essay", points=1.0, seen=marking.answer(desk, IVA, 1, "essay").seen)


def _take_over(desk: Desk, who: Person | None) -> object:
    return members.carry_out(desk, who, members.preview(desk, IVA, ROSTER))


def _asked(desk: Desk) -> int:
    return desk.quizzes.asked()[-1].id


def _vote_again(desk: Desk, who: Person | None) -> object:
    if who in (TINA, IVA):
        quizzing.close(desk, IVA)
    return quizzing.again(desk, who)


def _put_away(desk: Desk, who: Person | None) -> object:
    if who in (TINA, IVA):
        quizzing.reveal(desk, IVA)
    return quizzing.put_away(desk, who)


# Who may, by the letters above. A small letter: for them it is not even there. Behind a blank: what it is asked about.
TABLE: dict[str, tuple[str, Service]] = {
    "assignments.cards": ("SOAI", assignments.cards),
    "assignments.cards of Ada": ("SAI", lambda desk, who: assignments.cards(desk, who, student="ada")),
    "assignments.card": ("SOAI", lambda desk, who: assignments.card(desk, who, "ps")),
    "assignments.card of Ada": ("SAI", lambda desk, who: assignments.card(desk, who, "ps", student="ada")),
    "assignments.files": ("SOAI", lambda desk, who: assignments.files(desk, who, "ps")),
    "assignments.publish": ("I", lambda desk, who: assignments.publish(desk, who, "ps", "closed")),
    "work.hand_in": ("SOAI", lambda desk, who: work.hand_in(desk, who, "ps", file="ps.ipynb", data=_answered(desk))),
    "work.history": ("SOAI", lambda desk, who: work.history(desk, who, "ps")),
    "work.history of Ada": ("SAI", lambda desk, who: work.history(desk, who, "ps", student="ada")),
    "work.questions": ("SOAI", lambda desk, who: work.questions(desk, who, "ps")),
    "work.handed_in by Ada": ("SoAI", lambda desk, who: work.handed_in(desk, who, 1)),
    "work.feedback to Ada": ("SoAI", lambda desk, who: work.feedback(desk, who, 1)),
    "work.save": ("SOAI", lambda desk, who: work.save(desk, who, "ps", cell="double", text="x")),
    "work.drafts": ("SOAI", lambda desk, who: work.drafts(desk, who, "ps")),
    "work.start_over": ("SOAI", lambda desk, who: work.start_over(desk, who, "ps")),
    "editor.cells": ("SOAI", lambda desk, who: editor.cells(desk, who, "ps")),
    "editor.save": ("SOAI", lambda desk, who: editor.save(desk, who, "ps", cell="double", text="x")),
    "editor.run": ("SOAI", lambda desk, who: editor.run(desk, who, "ps", cell="double", check=True)),
    "editor.stop": ("SOAI", lambda desk, who: editor.stop(desk, who, "ps")),
    "editor.begin_anew": ("SOAI", lambda desk, who: editor.begin_anew(desk, who, "ps")),
    "editor.hand_in": ("SOAI", lambda desk, who: editor.hand_in(desk, who, "ps")),
    "editor.notebook": ("SOAI", lambda desk, who: editor.notebook(desk, who, "ps")),
    "members.members": ("AI", members.members),
    "members.preview": ("I", lambda desk, who: members.preview(desk, who, ROSTER)),
    "members.carry_out": ("I", _take_over),
    "members.change of their own": ("I", lambda desk, who: members.change(desk, who, _key(who), role=Role.INSTRUCTOR)),
    "members.change": ("I", lambda desk, who: members.change(desk, who, "ada", role=Role.ASSISTANT)),
    "members.give_pins": ("I", lambda desk, who: members.give_pins(desk, who, ["ada"])),
    "members.without_pin": ("AI", members.without_pin),
    "members.class_code": ("AI", members.class_code),
    "members.another_code": ("I", members.another_code),
    "members.forget": ("I", lambda desk, who: members.forget(desk, who, "ada")),
    "members.linked": ("AI", lambda desk, who: members.linked(desk, who, "ada")),
    "members.unlink": ("I", lambda desk, who: members.unlink(desk, who, "ada")),
    "members.as_file": ("I", members.as_file),
    "overview.overview": ("AI", lambda desk, who: overview.overview(desk, who, "ps")),
    "overview.matrix": ("AI", overview.matrix),
    "overview.queue": ("AI", overview.queue),
    "marking.piles": ("AI", marking.piles),
    "marking.pile": ("AI", lambda desk, who: marking.pile(desk, who, "ps", "essay")),
    "marking.next_answer": ("AI", lambda desk, who: marking.next_answer(desk, who, "ps", "essay")),
    "marking.answer": ("AI", lambda desk, who: marking.answer(desk, who, 1, "essay")),
    "marking.give": ("AI", _mark),
    "marking.take_back": ("AI", lambda desk, who: marking.take_back(desk, who, 1, "essay")),
    "staff.actions.extend": ("I", lambda desk, who: actions.extend(desk, who, "ps", students=["ada"], until=LATER)),
    "staff.actions.take_back_extension": (
        "I", lambda desk, who: actions.take_back_extension(desk, who, "ps", "ben"),
    ),
    "staff.actions.release": ("I", lambda desk, who: actions.release(desk, who, "ps")),
    "staff.actions.released": ("AI", lambda desk, who: actions.released(desk, who, "ps")),
    "staff.actions.released_apart": ("AI", lambda desk, who: actions.released_apart(desk, who, "ps")),
    "staff.audit.audit": ("I", audit.audit),
    "staff.exporting.exports": ("I", lambda desk, who: exporting.exports(desk, who, "csv")),
    "staff.exporting.problems": ("I", lambda desk, who: exporting.problems(desk, who, "moodle")),
    "staff.exporting.fill_canvas": ("I", lambda desk, who: exporting.fill_canvas(desk, who, CANVAS)),
    "staff.opened.opened": ("AI", lambda desk, who: opened.opened(desk, who, 1)),
    "staff.regrading.regrade": ("I", lambda desk, who: regrading.regrade(desk, who, "ps", reason="a wrong test")),
    "staff.regrading.preview": ("I", lambda desk, who: regrading.preview(desk, who, "ps")),
    "staff.regrading.undecided": ("AI", regrading.undecided),
    "staff.similar.similar": ("I", lambda desk, who: similar.similar(desk, who, "ps")),
    "staff.similar.side_by_side": ("I", lambda desk, who: similar.side_by_side(desk, who, (1, 2))),
    "staff.stuck.stuck": ("AI", lambda desk, who: stuck.stuck(desk, who, "ps")),
    "keeping.backup.backup": ("I", backup.backup),
    "keeping.erasing.farewell": ("I", lambda desk, who: erasing.farewell(desk, who, "ada")),
    "live.lecture.present": ("AI", lecture.present),
    "live.lecture.live": ("AI", lecture.live),
    "live.lecture.end": ("AI", lecture.end),
    "live.lecture.audience": ("AI", lecture.audience),
    "live.lecture.follow_plan": ("AI", lambda desk, who: lecture.follow_plan(desk, who, None)),
    "live.lecture.go": ("AI", lambda desk, who: lecture.go(desk, who, Place("convolution"))),
    "live.lecture.at_step": ("AI", lambda desk, who: lecture.at_step(desk, who, 1)),
    "live.quizzing.ask": ("AI", lambda desk, who: quizzing.ask(desk, who, "Q04")),
    "live.quizzing.close": ("AI", quizzing.close),
    "live.quizzing.again": ("AI", _vote_again),
    "live.quizzing.reveal": ("AI", quizzing.reveal),
    "live.quizzing.put_away": ("AI", _put_away),
    "live.quizzing.asked_now": ("AI", quizzing.asked_now),
    "live.quizzing.count": ("AI", quizzing.count),
    "live.quizzing.tally": ("AI", lambda desk, who: quizzing.tally(desk, who, 1, 1)),
    "live.quizzing.current": ("SOAI", quizzing.current),
    "live.quizzing.vote": ("SOAI", lambda desk, who: quizzing.vote(desk, who, _asked(desk), "86950")),
    "live.quizzing.my_vote": ("SOAI", lambda desk, who: quizzing.my_vote(desk, who, 1)),
    "live.own.find": ("AI", lambda desk, who: own.find(desk, who, "Q04")),
    "live.own.questions": ("AI", own.questions),
    "live.own.preview": ("AI", lambda desk, who: own.preview(desk, who, OWN)),
    "live.own.write": ("AI", lambda desk, who: own.write(desk, who, OWN)),
    "live.own.bring": ("AI", lambda desk, who: own.bring(desk, who, OWN)),
    "live.own.drop": ("AI", lambda desk, who: own.drop(desk, who, 1)),
    "live.own.as_text": ("AI", own.as_text),
    "live.own.plans": ("AI", own.plans),
    "live.own.offered": ("AI", own.offered),
    "live.own.preview_plan": ("AI", lambda desk, who: own.preview_plan(desk, who, PLAN, {"layer"})),
    "live.own.write_plan": ("AI", lambda desk, who: own.write_plan(desk, who, PLAN, {"layer"})),
    "live.own.drop_plan": ("AI", lambda desk, who: own.drop_plan(desk, who, 1)),
    "live.practice.past": ("SOAI", practice.past),
    "live.practice.of_lecture": ("SOAI", lambda desk, who: practice.of_lecture(desk, who, "A")),
    "live.results.participation": ("AI", results.participation),
    "live.results.per_question": ("AI", results.per_question),
    "live.results.as_file": ("I", results.as_file),
    "live.results.mine": ("SOAI", results.mine),
}  # fmt: skip

# These take a desk and ask nobody: services build on them, and no page may call them but those that tell nothing.
INSIDE = {
    "assignments.rules", "assignments.rules_of", "staff.answers.answer", "staff.roll.roll", "keeping.erasing.tidy_up",
    "staff.exporting.marks_of",
}  # fmt: skip


def _answered(desk: Desk) -> bytes:
    return SmallCourse(desk).answered()


def _key(who: Person | None) -> str:
    return who.key if who else ""


class Tries:
    """In place of the sandbox, which is asked for nothing here."""

    def run(self, *_: object, **__: object) -> Tried:
        return Tried((), failed=True, seconds=0.1)

    def stop(self, *_: object) -> None: ...

    def start_over(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada's and Ben's hand-ins are graded, Ben has more time."""
    folder = tmp_path_factory.mktemp("services")
    with small(folder, str(folder / "ledger.db")) as found:
        found.published(due=MONDAY + timedelta(days=7))
        for who in (ADA, BEN):
            found.hand_in(who)
            judged(found)
        found.desk.classroom.keep([VERA])
        actions.extend(found.desk, IVA, "ps", students=["ben"], until=LATER)
        found.desk.lectures.begin(Lecture(0, IVA.key, found.now))
        quizzing.ask(found.desk, IVA, "Q04")
    return folder / "ledger.db"


@pytest.fixture
def course(database: Path, tmp_path: Path) -> Iterator[SmallCourse]:
    shutil.copyfile(database, tmp_path / "ledger.db")
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        found.now += timedelta(hours=1)
        found.desk = replace(found.desk, practice=Tries())
        yield found


def begun(course: SmallCourse, who: Person) -> None:
    """Something typed, so that it can be handed in; an own mark, so that it can be taken back; something asked."""
    course.now += timedelta(minutes=1)
    course.desk.classroom.keep([ADA, TINA])
    course.desk.classroom.save(who.key, "ps", Draft("double", f"def double(x): return {len(who.key)} * x", course.now))
    course.desk.ledger.mark(Mark(1, "essay", 0.5, "", who.key, course.now))
    course.desk.lectures.begin(Lecture(0, IVA.key, course.now))
    quizzing.ask(course.desk, IVA, "Q04")


def remembered(desk: Desk) -> list[object]:
    """All that anybody can have changed."""
    drafts = [desk.classroom.drafts(one.key, "ps") for one in (VERA, ADA, BEN, TINA, IVA)]
    pins = [desk.classroom.pin(one.key) for one in (VERA, ADA, BEN, TINA, IVA)]
    ledger = [desk.ledger.audit(), desk.ledger.attempts(), desk.ledger.marks(), desk.ledger.extensions()]
    said = [desk.classroom.people(everybody=True), desk.classroom.publications(), desk.classroom.setting("class code")]
    quizzes = desk.quizzes.asked()
    live = [desk.lectures.lectures(), quizzes, desk.quizzes.votes([one.id for one in quizzes])]
    return [
        drafts,
        pins,
        ledger,
        said,
        desk.classroom.checks("ps"),
        live,
        desk.quizzes.questions(),
        desk.quizzes.plans(),
    ]


def modules() -> Iterator[str]:
    yield from ("assignments", "work", "editor", "members", "overview", "marking")
    for package in (classroom.staff, classroom.keeping, classroom.live):
        for module in pkgutil.iter_modules(package.__path__):
            yield f"{package.__name__.removeprefix('classroom.')}.{module.name}"


def taking(*names: str) -> Iterator[str]:
    """The public functions that take all of these."""
    for module in modules():
        found = importlib.import_module(f"classroom.{module}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            ours = function.__module__ == found.__name__ and not name.startswith("_")
            if ours and set(names) <= set(inspect.signature(function).parameters):
                yield f"{module}.{name}"


def test_every_service_stands_in_the_table() -> None:
    assert {name.partition(" ")[0] for name in TABLE} == set(taking("desk", "who"))


def test_nothing_else_takes_a_desk_but_what_services_build_on() -> None:
    assert set(taking("desk")) - set(taking("desk", "who")) == INSIDE


def test_no_page_calls_what_asks_nobody() -> None:
    words = {name.rpartition(".")[2] for name in INSIDE} - {"rules", "answer"}  # services of these names there are too
    for path in Path("pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in words if f"{word}(" in text.replace(f"def {word}(", "")], path


def test_whoever_is_asked_about_is_a_student_of_the_course(course: SmallCourse) -> None:
    known = {one.key for one in course.desk.classroom.people(everybody=True)}
    assert {who.key for who in PEOPLE.values() if who} <= known


@pytest.mark.parametrize("name", TABLE)
def test_does_what_the_table_allows_and_nothing_else(course: SmallCourse, name: str) -> None:
    letters, service = TABLE[name]
    before = remembered(course.desk)
    for letter in PEOPLE:
        if letter in letters:
            continue
        with pytest.raises(ClassroomError if letter.lower() in letters else NotAllowed) as refusal:
            pytest.fail(f"{WHO[letter]} was let in: {service(course.desk, PEOPLE[letter])!r}")
        assert str(refusal.value).endswith(".")
        assert "Ada" not in str(refusal.value)
    assert remembered(course.desk) == before
    for letter in letters:
        if letter.isupper():
            who = PEOPLE[letter]
            assert who is not None
            begun(course, who)
            service(course.desk, who)


@pytest.mark.parametrize("name", [name for name, (letters, _) in TABLE.items() if "o" in letters])
def test_what_is_anothers_is_refused_like_what_is_not_there(course: SmallCourse, name: str) -> None:
    _, service = TABLE[name]
    with pytest.raises(ClassroomError) as theirs:
        service(course.desk, BEN)
    course.desk.ledger.attempts = lambda **_: ()  # type: ignore[method-assign]
    with pytest.raises(ClassroomError) as none:
        service(course.desk, BEN)
    assert str(theirs.value) == str(none.value)
