"""Merged questions: every answer is one's own, turns are fair, and nothing is lost when something goes wrong."""

from collections.abc import Sequence
from threading import Barrier, Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import CoreError
from core.learning.train import Stopped
from core.runtime.merging import Busy, Merger

LONG = 600.0  # seconds of patience: a test that waited for them would not end


class Twice:
    """Doubles numbers, fails whenever a negative one is among them, and remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, tuple[int, ...]]] = []

    def __call__(self, key: str, items: Sequence[int]) -> list[int]:
        self.seen.append((key, tuple(items)))
        if min(items) < 0:
            raise CoreError(f"{min(items)} is below zero")
        return [2 * item for item in items]


class Held(Twice):
    """Waits with every answer until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.go = Event(), Event()

    def __call__(self, key: str, items: Sequence[int]) -> list[int]:
        self.begun.set()
        assert self.go.wait(30)
        return super().__call__(key, items)


def waiting(*threads: Thread) -> None:
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


questions = st.lists(st.tuples(st.sampled_from("ab"), st.integers(-3, 40), st.integers(1, 3)), max_size=12)


@settings(max_examples=60, deadline=None)
@given(askers=st.lists(questions, min_size=1, max_size=6), most=st.integers(1, 9), passes=st.integers(1, 3))
def test_everybody_gets_the_answer_of_one_by_one(askers: list, most: int, passes: int) -> None:
    work, began = Twice(), Barrier(len(askers))
    merger = Merger(work, most=most, passes=passes, patience=0.0005)
    found: list[list[object]] = [[] for _ in askers]

    def ask(place: int) -> None:
        began.wait()
        for at, (key, item, weight) in enumerate(askers[place]):
            if at % 2:
                ticket = merger.enter(key, item, weight=weight, asker=place)
            else:
                ticket = merger.enter(key, item, weight=weight)
            try:
                found[place].append(ticket.answer())
            except CoreError as error:
                found[place].append(str(error))

    threads = [Thread(target=ask, args=(place,)) for place in range(len(askers))]
    for thread in threads:
        thread.start()
    waiting(*threads)
    assert found == [[2 * item if item >= 0 else f"{item} is below zero" for _, item, _ in wanted] for wanted in askers]
    load = merger.load()
    assert (load.waiting, load.working, load.asked) == (0, 0, sum(map(len, askers)))


@settings(max_examples=100, deadline=None)
@given(
    entered=st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab"), st.integers(1, 4)), max_size=40),
    most=st.integers(2, 8),
)
def test_a_batch_keeps_its_key_and_size_and_every_question_is_asked_once(entered: list, most: int) -> None:
    seen: list[tuple[str, list[tuple[int, int]]]] = []
    merger = Merger(lambda key, items: (seen.append((key, list(items))), list(items))[1], most=most)
    tickets = [merger.enter(key, (asker, weight), weight=weight, asker=asker) for asker, key, weight in entered]
    assert [ticket.answer() for ticket in tickets] == [(asker, weight) for asker, _, weight in entered]
    assert sorted(pair for _, items in seen for pair in items) == sorted(
        (asker, weight) for asker, _, weight in entered
    )
    assert all(sum(weight for _, weight in items) <= most or len(items) == 1 for _, items in seen)


@settings(max_examples=40, deadline=None)
@given(
    entered=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50), st.booleans()), min_size=1, max_size=24),
    most=st.integers(1, 6),
    passes=st.integers(1, 3),
)
def test_what_is_taken_back_in_between_is_never_asked_and_the_rest_is_answered(
    entered: list, most: int, passes: int
) -> None:
    work, gone, found = Twice(), set[int](), dict[int, int]()
    merger = Merger(work, most=most, passes=passes, patience=0.0)
    tickets = [merger.enter("a", 100 * place + item, asker=who) for place, (who, item, _) in enumerate(entered)]
    began = Barrier(5)

    def answer(who: int) -> None:
        began.wait()
        for place, ticket in enumerate(tickets):
            if ticket.asker == who:
                try:
                    found[place] = ticket.answer()
                except Stopped:
                    assert place in gone or entered[place][2]

    def take_back() -> None:
        began.wait()
        gone.update(place for place, (_, _, unwanted) in enumerate(entered) if unwanted and tickets[place].cancel())

    threads = [Thread(target=answer, args=(who,)) for who in range(4)] + [Thread(target=take_back)]
    for thread in threads:
        thread.start()
    waiting(*threads)
    assert found == {place: 2 * ticket.item for place, ticket in enumerate(tickets) if place not in gone}
    asked = sorted(item for _, items in work.seen for item in items)
    assert asked == sorted(ticket.item for place, ticket in enumerate(tickets) if place not in gone)


def test_one_question_does_not_wait_for_a_hundred_of_another() -> None:
    work = Twice()
    merger = Merger(work, most=8)
    many = [merger.enter("a", number, asker="many") for number in range(100)]
    one = merger.enter("a", 1000, asker="one")
    assert one.answer() == 2000
    assert len(work.seen) == 1
    assert 1000 in work.seen[0][1]
    assert [ticket.answer() for ticket in many] == [2 * number for number in range(100)]


def test_askers_of_different_kinds_take_turns() -> None:
    work = Twice()
    merger = Merger(work, most=2)
    tickets = [merger.enter("a", number, asker="first") for number in range(6)]
    tickets += [merger.enter("b", 10 + number, asker="second") for number in range(2)]
    tickets[-1].answer()
    assert [key for key, _ in work.seen] == ["a", "b"]


def test_a_lone_question_waits_for_nobody() -> None:
    assert Merger(Twice(), patience=LONG).ask("a", 4) == 8


def test_two_questions_wait_until_the_batch_is_full() -> None:
    work = Twice()
    merger = Merger(work, most=3, patience=LONG)
    first, _ = merger.enter("a", 1, asker=1), merger.enter("a", 2, asker=2)
    thread = Thread(target=first.answer)
    thread.start()
    third = merger.enter("a", 3, asker=3)
    waiting(thread)
    assert third.answer() == 6
    assert work.seen == [("a", (1, 2, 3))]


def test_what_comes_while_a_batch_is_at_work_goes_together() -> None:
    work = Held()
    merger = Merger(work, most=8, patience=0.0)
    first = Thread(target=merger.ask, args=("a", 1))
    first.start()
    assert work.begun.wait(30)
    others = [merger.enter("a", number, asker=number) for number in (2, 3, 4)]
    threads = [Thread(target=ticket.answer) for ticket in others]
    for thread in threads:
        thread.start()
    work.go.set()
    waiting(first, *threads)
    assert work.seen == [("a", (1,)), ("a", (2, 3, 4))]
    assert [ticket.answer() for ticket in others] == [4, 6, 8]


def test_a_question_taken_back_costs_nothing() -> None:
    work = Twice()
    merger = Merger(work)
    kept, gone = merger.enter("a", 1), merger.enter("a", 2)
    assert gone.cancel()
    assert kept.answer() == 2
    assert work.seen == [("a", (1,))]
    with pytest.raises(Stopped):
        gone.answer()
    assert not kept.cancel()
    assert kept.answer() == 2


def test_taking_back_wakes_whoever_waits_and_not_what_is_at_work() -> None:
    work, ended = Held(), list[str]()
    merger = Merger(work)
    first = merger.enter("a", 1)
    leader = Thread(target=first.answer)
    leader.start()
    assert work.begun.wait(30)
    ticket = merger.enter("a", 2)

    def wait() -> None:
        with pytest.raises(Stopped):
            ticket.answer()
        ended.append("taken back")

    waiter = Thread(target=wait)
    waiter.start()
    assert not first.cancel()
    assert ticket.cancel()
    waiting(waiter)
    work.go.set()
    waiting(leader)
    assert ended == ["taken back"]
    assert first.answer() == 2
    assert work.seen == [("a", (1,))]


def test_one_bad_question_leaves_its_neighbours_alone() -> None:
    work = Twice()
    merger = Merger(work)
    tickets = [merger.enter("a", number) for number in (1, -5, 2)]
    assert tickets[0].answer() == 2
    with pytest.raises(CoreError, match="-5 is below zero"):
        tickets[1].answer()
    assert tickets[2].answer() == 4
    assert work.seen == [("a", (1, -5, 2)), ("a", (1,)), ("a", (-5,)), ("a", (2,))]


def test_too_few_answers_are_a_fault_and_not_somebody_elses() -> None:
    merger = Merger(lambda key, items: [0] * min(len(items), 1))
    first, second = merger.enter("a", 1), merger.enter("a", 2)
    assert (first.answer(), second.answer()) == (0, 0)
    with pytest.raises(RuntimeError, match="1 questions got 0 answers"):
        Merger(lambda key, items: []).ask("a", 1)


def test_a_full_queue_says_so_and_keeps_room_for_others() -> None:
    merger = Merger(Twice(), queue=6)
    for number in range(3):
        merger.enter("a", number, asker="greedy")
    with pytest.raises(Busy, match="3 questions to the networks wait already: try again in some seconds"):
        merger.enter("a", 3, asker="greedy")
    others = [merger.enter("a", number, asker=number) for number in range(3)]
    with pytest.raises(Busy, match="6 questions"):
        merger.enter("a", 3, asker="late")
    assert [ticket.answer() for ticket in others] == [0, 2, 4]
    assert merger.ask("a", 3, asker="late") == 6
    assert merger.load().refused == 2


def test_the_work_goes_on_when_the_one_who_does_it_is_interrupted() -> None:
    interrupted = list[int]()

    def work(key: str, items: Sequence[int]) -> list[int]:
        if not interrupted:
            interrupted.append(1)
            raise KeyboardInterrupt
        return [2 * item for item in items]

    merger = Merger(work)
    first, second = merger.enter("a", 1), merger.enter("a", 2)
    with pytest.raises(KeyboardInterrupt):
        first.answer()
    assert second.answer() == 4
    with pytest.raises(Stopped):
        first.answer()
    assert merger.load().working == merger.load().waiting == 0


def test_it_ends_cleanly() -> None:
    work = Held()
    merger = Merger(work)
    first = merger.enter("a", 1)
    leader = Thread(target=first.answer)
    leader.start()
    assert work.begun.wait(30)
    late = merger.enter("a", 2)
    assert not merger.close(within=0.0)
    with pytest.raises(Busy, match="this server is being stopped"):
        late.answer()
    with pytest.raises(Busy, match="this server is being stopped"):
        merger.ask("a", 3)
    work.go.set()
    assert merger.close(within=30)
    waiting(leader)
    assert first.answer() == 2
    assert work.seen == [("a", (1,))]


def test_who_is_interrupted_while_a_batch_gathers_leaves_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    merger = Merger(Twice(), passes=1, patience=LONG)
    tickets = [merger.enter("a", number, asker=number) for number in range(3)]

    def interrupted(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(merger._changed, "wait_for", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tickets[0].answer()
    assert merger.load().working == 0
    merger.patience = 0.0
    assert [ticket.answer() for ticket in tickets[1:]] == [2, 4]
