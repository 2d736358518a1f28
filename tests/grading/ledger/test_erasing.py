"""Erasing somebody: the bytes are nowhere any more, the points are as before, and nobody else loses anything."""

import sqlite3
import tempfile
import threading
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from grading.ledger import facts
from grading.ledger.erasing import TEXTS
from grading.ledger.port import NotInLedger, WasErased
from grading.ledger.records import Extension, Mark
from grading.ledger.sql import SqlLedger, open_ledger
from grading.ledger.tables import Words, metadata
from grading.records import Paper
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import Desk, outcome, score, welcome

MARKER = b"the-words-only-ada-wrote"
SAID = "ada was ill that week"


def worked(desk: Desk, student: str = "ada", *, content: bytes = MARKER) -> int:
    """A hand-in with everything that can be written about it; its id."""
    attempt = desk.hand_in(student, content=content + b" in an archive", notebooks=(("boxes.ipynb", content),))
    claimed = desk.claim()
    papers = (Paper("boxes", content + b" run", content + b" shown"),)
    seen = score("q1", 1.0, seen=content.decode(), hint="off by one")
    ended = outcome(seen, papers=papers, notes=(content.decode(),), stopped_by=content.decode())
    desk.ledger.record(claimed, ended, now=desk.tick())
    desk.ledger.mark(Mark(attempt.hand_in, "q1", 1.5, SAID, "tina", desk.tick()))
    desk.ledger.extend(Extension("ps1", student, "iva", desk.tick(), attempts=1, why=SAID))
    desk.ledger.regrade([attempt.hand_in], reason=SAID, by="iva", now=desk.tick())
    return attempt.hand_in


def everything(place: Place) -> str:
    """All rows of all tables, as text."""
    with place.stranger() as connection:
        tables = [
            "blobs", "submissions", "notebooks", "attempts", "outcomes", "papers", "scores", "marks", "extensions",
            "audit", "erasures", "leases",
        ]  # fmt: skip
        return str([connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables])


def test_says_before_what_will_go(ledger: SqlLedger, desk: Desk) -> None:
    worked(desk)
    found = ledger.trace("ada")
    assert (found.hand_ins, found.shared, found.comments, found.waiting, found.erased) == (1, 0, 1, 1, False)
    assert found.size == 4 * len(MARKER) + len(b" in an archive run shown")
    assert ledger.trace("nobody").hand_ins == 0


def test_takes_bytes_and_words_and_leaves_the_points(place: Place, ledger: SqlLedger, desk: Desk) -> None:
    hand_in = worked(desk)
    before = ledger.results()[0]
    ledger.erase("ada", by="iva", why="asked for it", now=desk.tick())
    after = ledger.results()[0]
    assert MARKER.decode() not in everything(place)
    assert SAID not in everything(place)
    assert [(one.question, one.points, one.out_of, one.hint) for one in after.outcome.scores] == [
        ("q1", 1.0, 2.0, "off by one")
    ]
    assert (after.outcome.verdict, after.at, after.attempt.number) == (before.outcome.verdict, before.at, 1)
    assert [(one.points, one.by, one.comment) for one in ledger.marks()] == [(1.5, "tina", "")]
    for digest in (
        after.attempt.submission.sha256,
        after.executed,
        after.feedback,
        ledger.notebooks(hand_in)[0].sha256,
    ):
        with pytest.raises(WasErased, match="has been erased"):
            ledger.content(digest)
    last = ledger.audit()[-1]
    assert (last.who, last.what, last.about) == ("iva", "erased hand-ins", "of ada")
    assert ledger.erased() == {"ada"}


def test_leaves_alone_what_is_not_theirs(place: Place, ledger: SqlLedger, desk: Desk) -> None:
    worked(desk)
    ledger.give_back(desk.claim(), now=desk.tick(), failed=False)
    bens = worked_by_ben(desk)
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    kept = ledger.results(student="ben")[0]
    assert (kept.outcome.scores[0].seen, ledger.content(kept.executed)) == ("what ben wrote", b"what ben wrote run")
    assert ledger.marks(hand_in=bens)[0].comment == "well done"


def worked_by_ben(desk: Desk) -> int:
    attempt = desk.hand_in("ben", content=b"what ben wrote")
    for _ in range(2):
        claimed = desk.claim()
        papers = (Paper("boxes", claimed.submission.student.encode() + b" run"),)
        if claimed.id == attempt.id:
            papers = (Paper("boxes", b"what ben wrote run"),)
        desk.ledger.record(claimed, outcome(score("q1", 1.0, seen="what ben wrote"), papers=papers), now=desk.tick())
    desk.ledger.mark(Mark(attempt.hand_in, "q1", 2.0, "well done", "tina", desk.tick()))
    return attempt.hand_in


def test_what_two_handed_in_stays_until_both_are_gone(ledger: SqlLedger, desk: Desk) -> None:
    first, second = desk.graded("ada", content=b"the same"), desk.graded("ben", content=b"the same")
    assert first.submission.sha256 == second.submission.sha256
    assert ledger.trace("ada").shared == 1
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    assert ledger.content(second.submission.sha256) == b"the same"
    ledger.erase("ben", by="iva", why="", now=desk.tick())
    with pytest.raises(WasErased):
        ledger.content(second.submission.sha256)


def test_erased_bytes_come_back_when_somebody_else_hands_them_in(ledger: SqlLedger, desk: Desk) -> None:
    desk.graded("ada", content=b"the same")
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    later = desk.graded("ben", content=b"the same")
    assert ledger.content(later.submission.sha256) == b"the same"


def test_an_erasure_waits_for_a_hand_in_of_the_same_bytes(ledger: SqlLedger, desk: Desk) -> None:
    ada = desk.graded("ada", content=b"the same").submission
    bens = replace(ada, student="ben", at=desk.tick())
    eraser = threading.Thread(target=lambda: ledger.erase("ada", by="iva", why="", now=desk.now))
    with ledger.engine.connect().execution_options(writes=True) as connection, connection.begin():
        facts.hand_in(connection, bens, b"the same", seed=1, admit=welcome)
        eraser.start()
        eraser.join(0.5)
        assert eraser.is_alive()  # until the hand-in is there
    eraser.join(30)
    assert ledger.erased() == {"ada"}
    assert ledger.content(bens.sha256) == b"the same"


def test_can_be_done_twice(ledger: SqlLedger, desk: Desk) -> None:
    worked(desk)
    for why in ("first", "second"):
        ledger.erase("ada", by="iva", why=why, now=desk.tick())
    assert ledger.trace("ada").erased
    assert ledger.trace("ada").size == 0


def test_what_waited_leaves_the_queue_and_a_grader_that_held_it_records_nothing(ledger: SqlLedger, desk: Desk) -> None:
    from grading.ledger.port import LeaseLost

    desk.hand_in("ada", content=MARKER)
    held = desk.claim()
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    assert desk.nothing_to_claim()
    with pytest.raises(LeaseLost):
        ledger.record(held, outcome(executed=MARKER), now=desk.tick())


def test_grading_again_is_refused_in_a_sentence_and_skips_it_among_others(ledger: SqlLedger, desk: Desk) -> None:
    ada, ben = desk.graded("ada"), desk.graded("ben")
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    with pytest.raises(WasErased, match="neither shown nor graded again"):
        ledger.regrade([ada.hand_in], reason="test", by="iva", now=desk.tick())
    made = ledger.regrade([ada.hand_in, ben.hand_in], reason="test", by="iva", now=desk.tick())
    assert [one.hand_in for one in made] == [ben.hand_in]
    with pytest.raises(NotInLedger, match="was deleted"):
        desk.hand_in("ada")


def test_nobody_writes_about_the_work_any_more(ledger: SqlLedger, desk: Desk) -> None:
    ada = worked(desk)
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    with pytest.raises(WasErased):
        ledger.mark(Mark(ada, "q1", 1.0, SAID, "tina", desk.tick()))
    with pytest.raises(NotInLedger, match="was deleted"):
        ledger.extend(Extension("ps1", "ada", "iva", desk.tick(), attempts=1, why=SAID))
    assert ledger.trace("ada").comments == 0


STUDENTS = ("ada", "ben", "cy")
HANDED_IN = st.lists(st.tuples(st.sampled_from(STUDENTS), st.integers(0, 3), st.floats(0, 5)), min_size=1, max_size=8)


@settings(max_examples=10)
@given(handed_in=HANDED_IN, gone=st.lists(st.sampled_from(STUDENTS), unique=True))
def test_whoever_goes_in_whatever_order_takes_their_own_and_no_more(
    handed_in: list[tuple[str, int, float]], gone: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.db")
        desk = Desk(ledger)
        for number, (student, content, points) in enumerate(handed_in):
            desk.graded(student, score("q1", points, 5.0), assignment=f"ps{number}", content=f"text {content}".encode())
        points = [one.outcome.scores[0].points for one in ledger.results()]
        for student in gone:
            ledger.erase(student, by="iva", why="", now=desk.tick())
        assert [one.outcome.scores[0].points for one in ledger.results()] == points
        living = {f"text {content}".encode() for student, content, _ in handed_in if student not in gone}
        for one in ledger.hand_ins():
            try:
                found = ledger.content(one.submission.sha256)
            except WasErased:
                found = b""
            assert found in living | {b""}
            assert found or one.submission.student in gone
        kept = {one.submission.sha256 for one in ledger.hand_ins() if one.submission.student not in gone}
        assert {sha256(text).hexdigest() for text in living} == kept
        ledger.close()


# What may be read of somebody who was erased: keys, names of the course's own things, words of its referees.
STAYS = {
    "submissions": {"student", "assignment"},
    "attempts": {"question", "who"},
    "outcomes": {"isolation", "worker"},
    "papers": {"notebook", "missing"},
    "scores": {"question", "hint"},
    "marks": {"question", "who"},
    "releases": {"assignment", "student", "who"},
    "extensions": {"assignment", "student", "who"},
    "audit": {"who", "what", "about"},  # of whose lines about regrades the reasons are cut off
    "erasures": {"student", "who", "why"},
    "leases": {"student", "worker"},  # rows of an erased person are deleted
}


def test_no_column_for_words_is_forgotten() -> None:
    blanked = {table.name: set(columns) for table, columns in TEXTS.items()}
    for name, table in metadata.tables.items():
        words = {column.name for column in table.c if isinstance(column.type, Words)}
        assert words == STAYS.get(name, set()) | blanked.get(name, set()), name


# -- what the database itself refuses


FORBIDDEN = {
    "empty a living person's bytes": "UPDATE blobs SET content = '' WHERE sha256 IN "
    "(SELECT sha256 FROM submissions WHERE student = 'ben')",
    "change bytes": "UPDATE blobs SET content = 'other'",
    "change the hash of what is gone": "UPDATE blobs SET sha256 = 'x', content = '' WHERE sha256 IN "
    "(SELECT sha256 FROM submissions WHERE student = 'ada')",
    "change the size of what is gone": "UPDATE blobs SET size = 0, content = ''",
    "change points": "UPDATE scores SET seen = '', points = 9",
    "change a mark": "UPDATE marks SET comment = '', points = 9",
    "write another comment": "UPDATE marks SET comment = 'nice'",
    "change a verdict": "UPDATE outcomes SET notes = '[]', stopped_by = '', verdict = 'passed'",
    "take a living person's comment": "UPDATE marks SET comment = '' WHERE submission IN "
    "(SELECT id FROM submissions WHERE student = 'ben')",
    "give a hand-in to another": "UPDATE submissions SET file = '', student = 'ben' WHERE student = 'ada'",
    "undo an erasure": "DELETE FROM erasures",
    "change an erasure": "UPDATE erasures SET who = 'somebody'",
    "rewrite the audit": "UPDATE audit SET about = 'nothing happened'",
    "shorten other lines of the audit": "UPDATE audit SET about = ''",
    "delete what is gone": "DELETE FROM blobs",
}


@pytest.mark.parametrize("attack", FORBIDDEN)
def test_the_database_refuses_to(place: Place, ledger: SqlLedger, desk: Desk, attack: str) -> None:
    worked(desk)
    worked_by_ben(desk)
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    before = everything(place)
    with place.stranger() as connection, pytest.raises(DBAPIError, match="keeps its"), connection.begin():
        connection.execute(text(FORBIDDEN[attack]))
    assert everything(place) == before


def test_nothing_is_left_in_the_files(tmp_path: Path) -> None:
    """The whole file and the log beside it, searched byte by byte: also what was overwritten long ago."""
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    desk = Desk(ledger)
    for number in range(20):  # larger than a page, so that pages of its own hold it
        worked(desk, content=MARKER + str(number).encode() * 5000)
        while ledger.queue(now=desk.tick()).waiting:
            desk.grade()
    assert found_in(tmp_path)
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    assert ledger.scrub()
    assert not found_in(tmp_path)
    ledger.close()
    assert not found_in(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def found_in(folder: Path) -> list[str]:
    return [
        path.name for path in folder.iterdir() if any(words in path.read_bytes() for words in (MARKER, SAID.encode()))
    ]


def test_scrubbing_says_when_it_could_not(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.1)
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not ledger.scrub()
    assert ledger.scrub()
    ledger.close()


def test_scrubs_postgres_too(ledger: SqlLedger, desk: Desk) -> None:
    worked(desk)
    ledger.erase("ada", by="iva", why="", now=desk.tick())
    assert ledger.scrub()
    assert len(ledger.results()) == 1
