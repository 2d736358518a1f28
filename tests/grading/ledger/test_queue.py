"""The queue's promises, on each adapter: fair, leased, nothing lost and nothing twice."""

import threading
from datetime import timedelta

import pytest

from grading.ledger.port import LeaseLost
from grading.ledger.sql import SqlLedger
from tests.grading.ledger.conftest import Place
from tests.grading.ledger.hand_ins import MONDAY, Desk, outcome


def test_an_empty_queue_gives_nothing(ledger: SqlLedger, desk: Desk) -> None:
    assert desk.nothing_to_claim()
    state = ledger.queue(now=desk.now)
    assert (state.waiting, state.grading, state.oldest) == (0, 0, None)


def test_a_grader_without_a_name_gets_nothing(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    with pytest.raises(ValueError, match="needs a name"):
        ledger.claim("", now=desk.tick(), seconds=1)


def test_first_come_is_first_served(desk: Desk) -> None:
    made = [desk.hand_in(student).id for student in ("ada", "bob", "cy")]
    assert [desk.claim().id for _ in made] == made
    assert desk.nothing_to_claim()


def test_a_students_flood_does_not_starve_the_others(desk: Desk) -> None:
    for _ in range(5):
        desk.hand_in("flood")
    desk.hand_in("ada")
    desk.hand_in("bob")
    desk.hand_in("ada")
    order = [desk.claim().submission.student for _ in range(8)]
    assert order == ["flood", "ada", "bob", "flood", "ada", "flood", "flood", "flood"]


def test_a_student_who_comes_late_waits_for_one_of_the_flood_at_most(desk: Desk) -> None:
    for _ in range(5):
        desk.hand_in("flood")
    desk.grade()
    desk.hand_in("ada")
    assert desk.claim().submission.student == "ada"


def test_hand_ins_come_before_regrades(ledger: SqlLedger, desk: Desk) -> None:
    old = [desk.graded(student).hand_in for student in ("ada", "bob")]
    ledger.regrade(old, reason="r", by="prof", now=desk.tick())
    fresh = [desk.hand_in("cy").id, desk.hand_in("cy").id]
    order = [desk.claim() for _ in range(4)]
    assert [attempt.id for attempt in order[:2]] == fresh
    assert [attempt.submission.student for attempt in order[2:]] == ["ada", "bob"]


def test_the_place_in_the_queue_is_the_order_of_claims(ledger: SqlLedger, desk: Desk) -> None:
    old = desk.graded("ada").hand_in
    made = [desk.hand_in(student).id for student in ("flood", "flood", "ada", "flood", "bob", "ada")]
    made += [attempt.id for attempt in ledger.regrade([old], reason="r", by="prof", now=desk.tick())]
    places = {attempt: ledger.place(attempt) for attempt in made}
    claimed = [desk.claim().id for _ in made]
    assert [places[id] for id in claimed] == list(range(len(made)))


def test_the_place_counts_down_and_ends_with_the_outcome(ledger: SqlLedger, desk: Desk) -> None:
    first, second = desk.hand_in("ada"), desk.hand_in("bob")
    assert (ledger.place(first.id), ledger.place(second.id)) == (0, 1)
    desk.grade()
    assert (ledger.place(first.id), ledger.place(second.id)) == (None, 0)


def test_a_claim_says_who_holds_it(ledger: SqlLedger, desk: Desk) -> None:
    made = desk.hand_in()
    claimed = desk.claim("g7")
    assert (claimed.id, claimed.worker, claimed.claim, claimed.failures, claimed.state) == (
        made.id,
        "g7",
        1,
        0,
        "grading",
    )
    state = ledger.queue(now=desk.now)
    assert (state.waiting, state.grading, state.oldest) == (0, 1, None)


def test_a_lease_keeps_others_away_until_it_runs_out(ledger: SqlLedger, desk: Desk) -> None:
    made = desk.hand_in()
    desk.claim("dies", seconds=30)
    assert ledger.claim("g2", now=desk.now + timedelta(seconds=29), seconds=30) is None
    again = ledger.claim("g2", now=desk.now + timedelta(seconds=30), seconds=30)
    assert again is not None
    assert (again.id, again.claim, again.failures) == (made.id, 2, 1)


def test_a_heartbeat_holds_the_lease(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    attempt = desk.claim(seconds=30)
    for _ in range(10):
        ledger.heartbeat(attempt, now=desk.tick(20), seconds=30)
        assert desk.nothing_to_claim("g2")
    ledger.record(attempt, outcome(), now=desk.tick())


def test_a_heartbeat_after_the_lease_was_taken_says_so(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    slow = desk.claim("slow", seconds=5)
    desk.tick(10)
    desk.claim("quick")
    for too_late in (
        lambda: ledger.heartbeat(slow, now=desk.tick(), seconds=5),
        lambda: ledger.give_back(slow, now=desk.tick()),
    ):
        with pytest.raises(LeaseLost, match="another grader"):
            too_late()


def test_what_is_given_back_waits_again_after_the_delay(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in("ada")
    attempt = desk.claim()
    ledger.give_back(attempt, now=desk.now, delay=60)
    assert ledger.attempt(attempt.id).state == "waiting"
    assert desk.nothing_to_claim()
    desk.tick(60)
    again = desk.claim()
    assert (again.id, again.claim, again.failures) == (attempt.id, 2, 1)


def test_what_is_given_back_without_fault_counts_no_failure(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    ledger.give_back(desk.claim(), now=desk.now, failed=False)
    assert desk.claim().failures == 0


def test_a_failing_attempt_does_not_hold_up_the_others(ledger: SqlLedger, desk: Desk) -> None:
    bad, good = desk.hand_in("bad"), desk.hand_in("good")
    ledger.give_back(desk.claim(), now=desk.now, delay=60)
    assert desk.claim().id == good.id
    desk.tick(60)
    assert desk.claim().id == bad.id


def test_what_is_graded_is_never_given_out_again(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in()
    attempt = desk.grade()
    desk.tick(10**6)
    assert desk.nothing_to_claim()
    with pytest.raises(LeaseLost):
        ledger.give_back(attempt, now=desk.now)
    with pytest.raises(LeaseLost):
        ledger.heartbeat(attempt, now=desk.now, seconds=1)


def test_the_oldest_that_waits_is_told(ledger: SqlLedger, desk: Desk) -> None:
    desk.hand_in("ada")
    second = desk.hand_in("bob")
    desk.hand_in("cy")
    desk.claim()
    state = ledger.queue(now=desk.now)
    assert (state.waiting, state.grading, state.oldest) == (2, 1, second.submission.at)


def test_graders_side_by_side_never_get_the_same(place: Place, ledger: SqlLedger, desk: Desk) -> None:
    made = {desk.hand_in(f"student {number % 7}").id for number in range(40)}
    claimed: list[int] = []

    def work(worker: str) -> None:
        own = place.open()
        while (attempt := own.claim(worker, now=MONDAY + timedelta(hours=1), seconds=600)) is not None:
            claimed.append(attempt.id)
        own.close()

    threads = [threading.Thread(target=work, args=(f"g{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 40
    assert set(claimed) == made
