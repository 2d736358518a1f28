"""The residual lab as a visitor uses it: identity, counting, and a training that grows, is stopped, and is kept."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serve import Server
from core.errors import ShapeError
from core.learning.train import Progress
from pages._kit.background import AT_ONCE, start
from pages._parts.residual.training import KEY
from tests.pages.figures import Visit, says_earlier
from tests.pages.visits import settle, visit

FAST: dict[str, str | list[str]] = {"view": "training", "blocks": ["1", "2"], "epochs": "2"}


def test_hands_the_digit_on_where_weights_are_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("residual", monkeypatch, {})
    assert "with shortcuts: **100% like the input**. Without: **nothing is left**" in lab.text
    assert "it is unchanged" in lab.alts["walk"]
    lab.page.slider(key="size").set_value(0.5)
    lab.run()
    assert "it is changed" in lab.alts["walk"]


def test_compares_blocks_and_counts_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("residual", monkeypatch, {"view": "two kinds"})
    assert "1,180,672 numbers, the bottleneck 70,400: 16.8 times fewer" in lab.text
    assert list(lab.page.table[0].value["layers"])[-1] == "1 + 3·(3 + 8 + 36 + 3) + 1 = 152"


def test_trains_and_shows_what_came_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("residual", monkeypatch, FAST)
    assert "4 networks" in lab.text
    assert "nothing is trained yet" in lab.alts["curves"]
    lab.page.button(key="train").click()
    lab.run()
    job = lab.page.session_state[KEY]
    assert job.wait(50)
    lab.run()
    assert "Done." in lab.text
    assert len(job.found) == 4 * 3  # before the first epoch, and after each of two
    assert "After 2 epochs. plain 4:" in lab.alts["curves"]
    assert "before the first step" in lab.alts["gradients"]
    assert lab.exported("curves.csv")
    lab.page.slider(key="seed").set_value(3)  # a rerun with another setting keeps what is there
    lab.run()
    assert says_earlier(lab.page)
    assert "After 2 epochs." in lab.alts["curves"]
    lab.page.slider(key="seed").set_value(0)
    lab.run()
    assert not says_earlier(lab.page)


def test_stops_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Visit("residual", monkeypatch, {"view": "training", "blocks": "20", "epochs": "15"})
    lab.page.button(key="train").click()
    lab.run()
    job = lab.page.session_state[KEY]
    assert job.running
    assert lab.page.button(key="train").disabled
    lab.page.button(key="stop").click()
    lab.run()
    assert job.wait(20)
    lab.run()
    assert "Stopped." in lab.text
    assert not lab.page.button(key="train").disabled


def test_lets_others_wait_their_turn_and_give_up() -> None:
    hold = threading.Event()

    def work(progress: Progress) -> Iterator[int]:
        yield 1
        while not hold.wait(0.01):
            progress(0.5, "holding")
        yield 2

    running = [start(number, work) for number in range(AT_ONCE)]
    third, fourth = start("third", work), start("fourth", work)
    fourth.stop()
    assert fourth.wait(10)
    assert (third.found, fourth.found) == ([], [])
    hold.set()
    assert all(job.wait(10) for job in (*running, third))
    assert [job.found for job in (*running, third)] == [[1, 2]] * 3


def test_tells_what_was_wrong_with_a_request() -> None:
    def work(progress: Progress) -> Iterator[int]:
        raise ShapeError("too small")
        yield 1

    job = start(None, work)
    assert job.wait(10)
    assert (job.wrong, job.running) == ("too small", False)


@pytest.mark.browser
def test_goes_on_training_while_its_visitor_is_elsewhere(server: Server, browser: Browser) -> None:
    address = f"{server.address}/residual?view=training&blocks=20&epochs=15"
    with visit(browser, address) as (page, complaints):
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_text("results so far").wait_for()
        page.get_by_role("link", name="Fovea").first.click()
        page.get_by_role("heading", name="Fovea", level=1).wait_for()
        page.locator(".st-key-card-residual").get_by_role("link", name="Residual blocks").click()
        page.get_by_role("heading", name="Residual blocks", level=1).wait_for()
        page.get_by_text("training", exact=True).click()
        page.get_by_text("results so far").wait_for()
        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_text("Stopped.").wait_for()
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
        expect(page.get_by_text("Press Train")).to_have_count(0)
        settle(page)
        assert complaints == []
