"""What every ledger promises, on each adapter: hand-ins, outcomes, marks, releases, audit."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from grading.errors import Refusal
from grading.ledger.port import LeaseLost, NotInLedger
from grading.ledger.records import Deed, Extension, Handed, HandIn, Mark, Release
from grading.ledger.sql import SqlLedger
from grading.records import Isolation, Paper, Submission
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import MONDAY, Desk, outcome, score, welcome


def submission(content: bytes, student: str = "ada", at: datetime = MONDAY) -> Submission:
    return Submission(student, "ps1", sha256(content).hexdigest(), "ps1.ipynb", at)


# -- hand-ins


def test_a_hand_in_comes_back_as_it_was_given(ledger: SqlLedger) -> None:
    given = submission(b"\x00\xff bytes", student="Zoë Łukasiewicz")
    attempt, new = ledger.hand_in(given, b"\x00\xff bytes", seed=2**62, admit=welcome)
    assert new
    assert attempt.submission == given
    assert (attempt.number, attempt.grading, attempt.seed, attempt.state) == (1, 1, 2**62, "waiting")
    assert ledger.content(given.sha256) == b"\x00\xff bytes"
    assert [found.submission for found in ledger.hand_ins()] == [given]
    assert ledger.attempt(attempt.id) == attempt


def test_a_time_comes_back_in_utc_to_the_microsecond(ledger: SqlLedger) -> None:
    local = datetime(2026, 3, 29, 3, 0, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    ledger.hand_in(submission(b"a", at=local), b"a", seed=1, admit=welcome)
    found = ledger.hand_ins()[0].submission.at
    assert found == local
    assert found.tzinfo == UTC


def test_a_time_without_a_zone_is_refused(ledger: SqlLedger) -> None:
    with pytest.raises(Exception, match="needs its time zone"):
        ledger.hand_in(submission(b"a", at=datetime(2026, 3, 2)), b"a", seed=1, admit=welcome)
    assert ledger.hand_ins() == ()


def test_bytes_that_do_not_match_their_hash_are_refused(ledger: SqlLedger) -> None:
    with pytest.raises(ValueError, match="do not have the hash"):
        ledger.hand_in(submission(b"a"), b"b", seed=1, admit=welcome)


def test_a_double_click_is_one_hand_in(ledger: SqlLedger) -> None:
    first, new = ledger.hand_in(submission(b"a"), b"a", seed=1, admit=welcome)
    second, again = ledger.hand_in(submission(b"a", at=MONDAY + timedelta(seconds=1)), b"a", seed=2, admit=welcome)
    assert (new, again) == (True, False)
    assert second == first
    assert len(ledger.attempts()) == 1


def test_an_older_version_handed_in_again_counts_as_new(desk: Desk) -> None:
    numbers = [desk.hand_in(content=content).number for content in (b"a", b"b", b"a")]
    assert numbers == [1, 2, 3]


def test_two_students_may_hand_in_the_same_bytes(desk: Desk) -> None:
    ada, bob = desk.hand_in("ada", content=b"same"), desk.hand_in("bob", content=b"same")
    assert (ada.number, bob.number) == (1, 1)
    assert desk.ledger.content(ada.submission.sha256) == b"same"


def test_a_refused_hand_in_leaves_nothing_behind(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in(content=b"first")
    seen: list[Sequence[HandIn]] = []

    def refuse(earlier: Sequence[HandIn]) -> None:
        seen.append(earlier)
        raise Refusal("You have used all attempts.", remedy="Ask for an extension.")

    with pytest.raises(Refusal, match="used all"):
        ledger.hand_in(submission(b"second"), b"second", seed=1, admit=refuse)
    assert [found.number for found in seen[0]] == [1]
    assert len(ledger.hand_ins()) == 1
    with pytest.raises(NotInLedger):
        ledger.content(sha256(b"second").hexdigest())


def test_many_hand_ins_at_once_are_numbered_without_gaps(place: Place, ledger: SqlLedger) -> None:
    def send(number: int) -> None:
        content = f"notebook {number // 2}".encode()  # every notebook is sent twice: some are double clicks
        ledger.hand_in(submission(content), content, seed=number, admit=welcome)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = [found.number for found in ledger.hand_ins(student="ada", assignment="ps1")]
    assert numbers == list(range(1, len(numbers) + 1))
    assert 6 <= len(numbers) <= 12


def test_an_attempt_limit_holds_when_hand_ins_race(ledger: SqlLedger) -> None:
    refused = []

    def at_most_two(earlier: Sequence[HandIn]) -> None:
        if len(earlier) >= 2:
            raise Refusal("No attempts are left.", remedy="Ask for an extension.")

    def send(number: int) -> None:
        content = f"notebook {number}".encode()
        try:
            ledger.hand_in(submission(content), content, seed=number, admit=at_most_two)
        except Refusal:
            refused.append(number)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ledger.hand_ins()), len(refused)) == (2, 6)


def test_what_no_database_can_hold_is_replaced_not_refused(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    nasty = "a\x00b\ud800c"
    attempt = desk.grade(score(seen=nasty, hint=nasty), stopped_by=nasty, notes=(nasty,))
    found = ledger.results(hand_in=attempt.hand_in)[0].outcome
    assert {found.scores[0].seen, found.scores[0].hint, found.stopped_by, found.notes[0]} == {
        "a\N{REPLACEMENT CHARACTER}b?c"
    }


# -- outcomes


def test_an_outcome_comes_back_whole(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    parts = (
        score("zeta", 1.5, 2.0, seen="row 3 differs", hint="Look at the border.", integrity="in-process", seconds=0.5),
        score("alpha", None, 3.0),
    )
    stamp = Isolation(("landlock", "seccomp"), ("per-process limits only",), trusted=True)
    given = outcome(
        *parts,
        seconds=1.25,
        stopped_by="time",
        notes=("cell 4 was mended",),
        isolation=stamp,
        seed=7,
        peak_memory=2**33,
        executed=b"{}",
    )
    attempt = desk.claim()
    ledger.record(attempt, given, now=desk.tick())
    (result,) = ledger.results(assignment="ps1")
    assert replace(result.outcome, papers=given.papers) == given
    assert ledger.content(result.executed) == b"{}"
    assert (result.worker, result.at, result.attempt.state) == ("g1", desk.now, "graded")


def test_an_outcome_without_scores_or_notebook_is_kept_too(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    attempt = desk.claim()
    given = outcome(score(points=None))
    ledger.record(attempt, replace(given, scores=(), verdict="undecided"), now=desk.tick())
    (result,) = ledger.results()
    assert (result.outcome.scores, result.outcome.verdict, result.executed) == ((), "undecided", "")


@pytest.mark.parametrize("points", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_refused(ledger: SqlLedger, desk: Desk, points: float) -> None:
    desk.hand_in()
    attempt = desk.claim()
    with pytest.raises(ValueError, match="q1"):
        ledger.record(attempt, outcome(score(points=points)), now=desk.tick())
    assert ledger.results() == ()
    ledger.record(attempt, outcome(), now=desk.tick())  # the attempt is not lost over it


def test_a_second_outcome_of_the_same_claim_changes_nothing(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    attempt = desk.claim()
    ledger.record(attempt, outcome(score(points=1.0)), now=desk.tick())
    ledger.record(attempt, outcome(score(points=2.0)), now=desk.tick())
    (result,) = ledger.results()
    assert result.outcome.points == 1.0


def test_a_late_outcome_of_a_lost_lease_is_refused_and_says_so(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    slow = desk.claim("slow", seconds=5)
    desk.tick(10)
    quick = desk.claim("quick")
    assert quick.id == slow.id
    with pytest.raises(LeaseLost, match="given to another grader"):
        ledger.record(slow, outcome(score(points=0.0)), now=desk.tick())
    ledger.record(quick, outcome(score(points=2.0)), now=desk.tick())
    with pytest.raises(LeaseLost, match="has its outcome already"):
        ledger.record(slow, outcome(score(points=0.0)), now=desk.tick())
    (result,) = ledger.results()
    assert (result.outcome.points, result.worker) == (2.0, "quick")


def test_a_late_outcome_that_nobody_took_over_is_welcome(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    slow = desk.claim("slow", seconds=5)
    desk.tick(1000)
    ledger.record(slow, outcome(), now=desk.tick())
    assert len(ledger.results()) == 1
    assert desk.nothing_to_claim()


def test_a_worker_of_the_same_name_does_not_hold_its_predecessors_lease(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    before = desk.claim("g1", seconds=5)
    desk.tick(10)
    after = desk.claim("g1")
    with pytest.raises(LeaseLost):
        ledger.record(before, outcome(), now=desk.tick())
    ledger.record(after, outcome(), now=desk.tick())


def test_racing_graders_record_one_outcome(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    attempt = desk.claim()
    others = [replace(attempt, worker=f"other {number}") for number in range(3)]
    refused = []

    def record(said: object) -> None:
        try:
            ledger.record(said, outcome(), now=MONDAY)  # type: ignore[arg-type]
        except LeaseLost:
            refused.append(said)

    threads = [threading.Thread(target=record, args=(one,)) for one in [attempt, attempt, *others]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ledger.results()), len(refused)) == (1, 3)


# -- regrading


def test_a_regrade_keeps_the_old_outcome_in_the_history(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded("ada", score(points=1.0))
    (asked,) = ledger.regrade([first.hand_in], question="q1", reason="test was wrong", by="prof", now=desk.tick())
    assert (asked.grading, asked.seed, asked.number, asked.question) == (2, first.seed, 1, "q1")
    assert (asked.reason, asked.by) == ("test was wrong", "prof")
    desk.grade(score(points=2.0))
    assert [result.outcome.points for result in ledger.results()] == [1.0, 2.0]
    assert [result.attempt.grading for result in ledger.results()] == [1, 2]


def test_a_regrade_asked_for_twice_is_made_once(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded()
    once = ledger.regrade([first.hand_in], reason="r", by="prof", now=desk.tick())
    assert ledger.regrade([first.hand_in], question="q1", reason="r", by="prof", now=desk.tick()) == once
    desk.claim()  # begun, perhaps with the old test: now a further one is needed
    (later,) = ledger.regrade([first.hand_in], reason="r", by="prof", now=desk.tick())
    assert later.grading == 3


def test_a_regrade_of_another_question_is_not_swallowed(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded()
    for question in ("q1", "q2"):
        ledger.regrade([first.hand_in], question=question, reason="r", by="prof", now=desk.tick())
    assert [attempt.question for attempt in ledger.attempts()] == ["", "q1", "q2"]


def test_the_tally_counts_every_outcome_and_how_long_it_took(ledger: SqlLedger, desk: Desk) -> None:
    empty = ledger.tally((1.0,))
    assert (dict(empty.verdicts), empty.outcomes, empty.seconds, empty.within, empty.last) == ({}, 0, 0.0, (0,), None)
    for seconds, points in ((0.5, 2.0), (1.0, 2.0), (3.0, 0.0), (40.0, None)):
        desk.hand_in(f"student{seconds}")
        desk.grade(score(points=points), seconds=seconds)
    desk.hand_in("waits")
    found = ledger.tally((1.0, 10.0, 100.0))
    verdicts = [one.outcome.verdict for one in ledger.results()]
    assert dict(found.verdicts) == {name: verdicts.count(name) for name in set(verdicts)}
    assert (found.outcomes, found.seconds, found.within) == (4, 44.5, (2, 3, 4))
    assert found.last == max(one.at for one in ledger.results())
    assert ledger.tally().within == ()


def test_a_regrade_of_nothing_says_so_and_asks_for_none(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded()
    with pytest.raises(NotInLedger, match="hand-in 99"):
        ledger.regrade([first.hand_in, 99], reason="r", by="prof", now=desk.tick())
    assert len(ledger.attempts()) == 1


# -- people


def test_a_later_mark_supersedes_and_none_is_lost(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded("ada", score("essay", None, 5.0))
    said = [
        Mark(first.hand_in, "essay", points, comment, by, desk.tick())
        for points, comment, by in (
            (3.0, "thin", "eve"),
            (4.5, "better than I thought", "dan"),
            (None, "see me", "eve"),
        )
    ]
    for mark in said:
        ledger.mark(mark)
    ledger.regrade([first.hand_in], reason="r", by="prof", now=desk.tick())
    desk.grade(score("essay", None, 5.0))
    assert list(ledger.marks(assignment="ps1")) == said
    assert ledger.marks(student="bob") == ()


@pytest.mark.parametrize("points", [-1.0, float("nan"), float("inf")])
def test_a_mark_that_is_no_number_of_points_is_refused(ledger: SqlLedger, desk: Desk, points: float) -> None:
    first = desk.graded()
    with pytest.raises(ValueError, match="from 0 on"):
        ledger.mark(Mark(first.hand_in, "q1", points, "", "eve", desk.tick()))


def test_a_mark_for_nothing_handed_in_is_refused(ledger: SqlLedger, desk: Desk) -> None:
    with pytest.raises(NotInLedger, match="hand-in 5"):
        ledger.mark(Mark(5, "q1", 1.0, "", "eve", desk.tick()))


def test_releases_and_extensions_come_back_in_order(ledger: SqlLedger, desk: Desk) -> None:
    releases = [Release("ps1", "prof", desk.tick()), Release("ps1", "prof", desk.tick(), student="ada", visible=False)]
    for release in releases:
        ledger.release(release)
    extension = Extension("ps1", "ada", "prof", desk.tick(), until=MONDAY + timedelta(days=3), attempts=2, why="ill")
    ledger.extend(extension)
    ledger.extend(replace(extension, student="bob", until=None))
    assert list(ledger.releases(assignment="ps1")) == releases
    assert ledger.releases(assignment="ps2") == ()
    assert ledger.extensions(assignment="ps1", student="ada") == (extension,)
    assert len(ledger.extensions()) == 2


def test_the_audit_tells_who_did_what_when(ledger: SqlLedger, desk: Desk) -> None:
    first = desk.graded("ada", score("essay", None, 5.0))
    ledger.mark(Mark(first.hand_in, "essay", 4.0, "", "eve", desk.tick()))
    ledger.mark(Mark(first.hand_in, "essay", None, "hm", "eve", desk.tick()))
    ledger.regrade([first.hand_in], reason="test was wrong", by="prof", now=desk.tick())
    ledger.release(Release("ps1", "prof", desk.tick()))
    ledger.release(Release("ps1", "prof", desk.tick(), student="ada", visible=False))
    ledger.extend(Extension("ps1", "ada", "prof", desk.tick()))
    ledger.note(Deed(desk.tick(), "prof", "exported", "ps1 as csv"))
    assert [(deed.who, deed.what, deed.about) for deed in ledger.audit()] == [
        ("ada", "handed in", "ps1 number 1"),
        ("eve", "gave 4 points for", "essay in ps1 of ada, number 1"),
        ("eve", "commented on", "essay in ps1 of ada, number 1"),
        ("prof", "asked for a regrade", "ps1 of ada, number 1: test was wrong"),
        ("prof", "released", "ps1 for everyone"),
        ("prof", "withdrew", "ps1 for ada"),
        ("prof", "extended", "ps1 for ada"),
        ("prof", "exported", "ps1 as csv"),
    ]
    assert [deed.what for deed in ledger.audit(who="eve", limit=1)] == ["commented on"]


def test_the_audit_tells_of_one_kind_of_deed(ledger: SqlLedger, desk: Desk) -> None:
    for who, what in (("iva", "took a backup"), ("iva", "exported marks"), ("ole", "took a backup")):
        ledger.note(Deed(desk.tick(), who, what))
    assert [one.who for one in ledger.audit(what="took a backup")] == ["iva", "ole"]
    assert [one.who for one in ledger.audit(what="took a backup", limit=1)] == ["ole"]
    assert [one.what for one in ledger.audit(who="iva", what="exported marks")] == ["exported marks"]
    assert ledger.audit(what="took") == ()


def test_what_is_asked_for_is_what_comes(ledger: SqlLedger, desk: Desk) -> None:
    desk.graded("ada", assignment="ps1")
    desk.graded("bob", assignment="ps1")
    last = desk.graded("ada", assignment="ps2")
    assert len(ledger.results(assignment="ps1")) == len(ledger.attempts(student="ada")) == 2
    (one,) = ledger.results(assignment="ps2", student="ada", hand_in=last.hand_in)
    assert one.outcome.scores == (score(),)
    assert ledger.results(assignment="ps2", student="bob") == ()


def test_nothing_is_lost_when_the_ledger_is_closed_and_opened(place: Place) -> None:
    first = place.open()
    desk = Desk(first)
    desk.graded()
    waiting = desk.hand_in("bob")
    before = first.results(), first.attempts()
    first.close()
    again = place.open()
    assert (again.results(), again.attempts()) == before
    assert Desk(again, desk.now).claim().id == waiting.id
    again.close()


# -- several notebooks


def test_every_paper_comes_back_in_order_with_what_is_missing(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    papers = (Paper("nms", b"run", b"shown"), Paper("boxes", missing="It was not handed in."), Paper("anchors", b"run"))
    attempt = desk.claim()
    ledger.record(attempt, outcome(score("nms/q1"), score("anchors/q1", 1.0), papers=papers), now=desk.tick())
    (result,) = ledger.results()
    back = tuple(
        Paper(
            one.notebook,
            ledger.content(one.executed) if one.executed else b"",
            ledger.content(one.feedback) if one.feedback else b"",
            one.missing,
        )
        for one in result.papers
    )
    assert back == papers
    assert (ledger.content(result.executed), ledger.content(result.feedback)) == (b"run", b"shown")
    assert [(one.question, one.points) for one in result.outcome.scores] == [("nms/q1", 2.0), ("anchors/q1", 1.0)]


def test_every_notebook_of_an_archive_is_kept_under_its_own_hash(ledger: SqlLedger, desk: Desk) -> None:
    boxes, nms = ("boxes.ipynb", b"of boxes"), ("nms.ipynb", b"of nms")
    first = desk.hand_in(content=b"an archive", notebooks=(nms, boxes))
    second = desk.hand_in("bob", content=b"another archive", notebooks=(boxes,))
    kept = ledger.notebooks(first.hand_in)
    assert [(one.file, ledger.content(one.sha256)) for one in kept] == [nms, boxes]
    assert ledger.notebooks(second.hand_in) == kept[1:]
    assert ledger.content(first.submission.sha256) == b"an archive"


def test_a_notebook_that_came_as_it_is_is_the_hand_in_itself(ledger: SqlLedger, desk: Desk) -> None:
    made = desk.hand_in(content=b"of boxes", notebooks=(("boxes.ipynb", b"of boxes"),))
    assert ledger.notebooks(made.hand_in) == (Handed("ps1.ipynb", made.submission.sha256),)
    with pytest.raises(NotInLedger, match="no hand-in 99"):
        ledger.notebooks(99)
