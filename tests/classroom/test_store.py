"""The memory of people, on SQLite and on Postgres: what is kept, what changes, what is forgotten."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import DropTable

from classroom.port import Checked, Draft, Pin, Publication
from classroom.signin import ended
from classroom.store import tables
from classroom.store.lectures import SqlLectures
from classroom.store.sql import SqlClassroom, open_classroom
from grading.ledger.sql import open_ledger
from tests.classroom.conftest import ADA, BEN, IVA, TINA

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KNOWN = {"people", "pins", "identities", "course_words", "publications", "drafts"}  # the tables of the first form
LATER = {"0001": {"checks"}, "0002": set(tables.metadata.tables) - KNOWN - {"checks"}}  # what the step from there adds


def test_its_tables_and_its_migrations_agree(classroom: SqlClassroom) -> None:
    with classroom.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": tables.FORM.versions, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []


@pytest.mark.parametrize("first", ["ledger", "people"])
def test_shares_a_database_with_the_ledger(database: str, first: str) -> None:
    openers = [open_ledger, open_classroom] if first == "ledger" else [open_classroom, open_ledger]
    for opener in [*openers, *openers]:
        opener(database).close()


def test_knows_people_by_section_and_name(classroom: SqlClassroom) -> None:
    assert classroom.people() == (IVA, TINA, BEN, ADA)
    assert classroom.person("ada") == ADA
    assert classroom.person("nobody") is None


def test_changes_whoever_is_known_and_adds_whoever_is_not(classroom: SqlClassroom) -> None:
    moved = replace(ADA, section="Friday", active=False)
    classroom.keep([moved, replace(BEN, key="ben2")])
    assert classroom.person("ada") == moved
    assert len(classroom.people()) == 4
    assert len(classroom.people(everybody=True)) == 5


def test_keeps_all_people_or_none(classroom: SqlClassroom) -> None:
    with pytest.raises(DBAPIError):
        classroom.keep([replace(ADA, name="Changed"), replace(BEN, section=None)])  # type: ignore[arg-type]
    assert classroom.person("ada") == ADA


def test_forgets_a_person_with_all_that_was_theirs(classroom: SqlClassroom) -> None:
    classroom.set_pins({"ada": Pin("hash")})
    classroom.identify("https://idp", "42", "ada")
    classroom.save("ada", "ps1", Draft("q1", "x = 1", NOW))
    classroom.note_check("ada", "ps1", Checked("q1", "failed", "It gave 4.", NOW))
    ended.end(classroom, "ada", NOW)
    ended.end(classroom, "ben", NOW)
    classroom.delete("ada")
    assert classroom.person("ada") is None
    assert (ended.last(classroom, "ada"), ended.last(classroom, "ben")) == (ended.NEVER, NOW)
    assert classroom.checks("ps1") == classroom.typed("ps1") == {}
    assert classroom.pin("ada") is None
    assert classroom.identity("https://idp", "42") == ""
    assert classroom.drafts("ada", "ps1") == ()
    with classroom.engine.connect() as connection:
        for table in tables.OF_A_PERSON:
            assert connection.execute(table.select()).all() == []


def test_counts_wrong_guesses_of_a_pin(classroom: SqlClassroom) -> None:
    classroom.set_pins({"ada": Pin("hash"), "ben": Pin("other")})
    classroom.set_pins({"ada": Pin("hash", 5, NOW)})
    assert (classroom.pin("ada"), classroom.pin("ben"), classroom.pin("tina")) == (
        Pin("hash", 5, NOW),
        Pin("other"),
        None,
    )


def test_gives_a_subject_to_the_first_person_for_good(classroom: SqlClassroom) -> None:
    classroom.identify("https://idp", "42", "ada")
    classroom.identify("https://idp", "42", "ben")
    classroom.identify("https://other", "42", "ben")
    assert classroom.identity("https://idp", "42") == "ada"
    assert classroom.identity("https://other", "42") == "ben"
    assert classroom.identity("https://idp", "43") == ""


def test_draws_a_word_of_the_course_once(classroom: SqlClassroom) -> None:
    assert classroom.setting("class code") == ""
    drawn: list[str] = []
    asking = [
        threading.Thread(target=lambda word=word: drawn.append(classroom.setting("class code", word)))
        for word in ("first", "second", "third", "fourth")
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(set(drawn)) == 1
    classroom.set("class code", "another")
    assert classroom.setting("class code", "first") == "another"


def test_keeps_what_was_said_about_an_assignment_in_order(classroom: SqlClassroom) -> None:
    said = [
        Publication("ps1", "open", "iva", NOW, due=NOW + timedelta(days=7)),
        Publication("ps2", "open", "iva", NOW),
        Publication("ps1", "closed", "iva", NOW + timedelta(days=8)),
    ]
    for one in said:
        classroom.publish(one)
    assert classroom.publications() == tuple(said)
    assert classroom.publications(assignment="ps1") == (said[0], said[2])
    with classroom.engine.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("UPDATE publications SET state = 'hidden'"))


def test_keeps_the_newest_draft_of_a_cell_even_if_an_older_one_comes_late(classroom: SqlClassroom) -> None:
    later = NOW + timedelta(seconds=1)
    classroom.save("ada", "ps1", Draft("q1", "new", later))
    classroom.save("ada", "ps1", Draft("q1", "old", NOW))
    classroom.save("ada", "ps1", Draft("q2", "other", NOW))
    classroom.save("ben", "ps1", Draft("q1", "ben's", NOW))
    assert classroom.drafts("ada", "ps1") == (Draft("q1", "new", later), Draft("q2", "other", NOW))
    classroom.drop("ada", "ps1", cell="q1")
    assert classroom.drafts("ada", "ps1") == (Draft("q2", "other", NOW),)
    classroom.drop("ada", "ps1")
    assert classroom.drafts("ada", "ps1") == ()
    assert len(classroom.drafts("ben", "ps1")) == 1


def test_knows_who_typed_when_in_which_cell_but_not_what(classroom: SqlClassroom) -> None:
    later = NOW + timedelta(minutes=1)
    classroom.save("ada", "ps1", Draft("q1", "secret", NOW))
    classroom.save("ada", "ps1", Draft("q2", "secret", later))
    classroom.save("ben", "ps2", Draft("q1", "secret", NOW))
    assert classroom.typed("ps1") == {"ada": {"q1": NOW, "q2": later}}


def test_counts_checks_and_how_often_they_came_to_the_same(classroom: SqlClassroom) -> None:
    said = [("failed", "It gave 4."), ("failed", "It gave 4."), ("error", "It gave 4."), ("failed", "It gave 5.")] * 2
    same = []
    for minute, (outcome, seen) in enumerate([*said, ("failed", "It gave 5."), ("failed", "It gave 5.")]):
        classroom.note_check("ada", "ps1", Checked("q1", outcome, seen, NOW + timedelta(minutes=minute)))  # type: ignore[arg-type]
        (found,) = classroom.checks("ps1")["ada"]
        same.append(found.same)
    assert same == [1, 2, 1, 1, 1, 2, 1, 1, 2, 3]
    assert found == Checked("q1", "failed", "It gave 5.", NOW + timedelta(minutes=9), times=10, same=3)
    classroom.note_check("ada", "ps1", Checked("q0", "passed", "", NOW))
    classroom.note_check("ben", "ps2", Checked("q1", "passed", "", NOW))
    assert [one.cell for one in classroom.checks("ps1")["ada"]] == ["q0", "q1"]
    assert list(classroom.checks("ps1")) == ["ada"]


@pytest.mark.parametrize("form", LATER)
def test_takes_the_steps_from_the_forms_before(database: str, form: str) -> None:
    before = open_classroom(database)
    before.keep([ADA])
    later = {name for known, names in LATER.items() if known >= form for name in names}
    with before.engine.begin() as connection:
        for table in reversed(tables.metadata.sorted_tables):
            if table.name in later:
                connection.execute(DropTable(table))
        connection.execute(text(f"UPDATE classroom_form SET version_num = '{form}'"))
    before.close()
    after = open_classroom(database)
    after.note_check("ada", "ps1", Checked("q1", "passed", "", NOW))
    assert after.person("ada") == ADA
    assert SqlLectures(after.engine).live() is None
    assert later <= set(inspect(after.engine).get_table_names())
    after.close()


def test_is_there_again_after_a_restart(database: str) -> None:
    before = open_classroom(database)
    before.keep([ADA])
    before.close()
    after = open_classroom(database)
    assert after.person("ada") == ADA
    after.close()


def test_knows_by_which_accounts_somebody_comes_in_until_they_are_taken_off(classroom: SqlClassroom) -> None:
    classroom.identify("https://b", "2", "ada")
    classroom.identify("https://a", "1", "ada")
    classroom.identify("https://a", "3", "ben")
    assert classroom.identities("ada") == (("https://a", "1"), ("https://b", "2"))
    classroom.unlink("ada")
    assert classroom.identities("ada") == ()
    assert classroom.identities("ben") == (("https://a", "3"),)
