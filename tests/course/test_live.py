"""A class that is live: one presents, others follow, everybody answers; on one process of the app and on two."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.serve import fovea
from classroom.signin.local import class_code
from classroom.store.sql import open_classroom
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.course.house import HASHED, CourseHouse, Pin, opened, prepare, tab
from tests.pages.visits import settle

CONVOLUTION, NEURON = "Convolution, step by step", "What does one neuron see?"
RIGHT = "227"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[CourseHouse]:
    with opened(tmp_path) as running:
        yield running


def present(page: Page, house: CourseHouse, lab: str) -> None:
    house.enter_as_instructor(page)
    page.goto(f"{house.address}/{lab}")
    settle(page)
    page.get_by_role("button", name="Present", exact=True).click()
    page.get_by_text("Presenting: the class sees this page.").wait_for()


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Live class")


def stride(page: Page) -> Locator:
    return page.get_by_role("slider", name="Stride")


def at(page: Page, title: str) -> None:
    page.get_by_role("heading", name=title, level=1).wait_for()
    settle(page)


def panel(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


STYLES = "() => [...document.querySelectorAll('[data-testid=stHtml] style')].map(one => one.textContent)"


@pytest.mark.slow
@pytest.mark.browser
def test_whoever_follows_is_where_the_class_is(browser: Browser, house: CourseHouse) -> None:
    iva, *others = (tab(browser) for _ in range(4))
    ada, ben, guest = others
    house.enter(ada, ADA, "/live")
    ada.get_by_text("No class is live now").wait_for()
    present(iva, house, "convolution")
    at(ada, CONVOLUTION)  # who waited is led there
    house.enter(ben, BEN, "/tsne")
    guest.goto(f"{house.address}/tsne")
    settle(guest)
    for late in (ben, guest):
        bar(late).get_by_role("button", name="Follow").click()
        at(late, CONVOLUTION)
    for turn in range(10):
        stride(iva).press("ArrowRight" if turn % 4 < 2 else "ArrowLeft")
        shown = stride(iva).input_value()
        for page in others:
            expect(stride(page)).to_have_value(shown)

    ada.reload()
    at(ada, CONVOLUTION)
    expect(bar(ada)).to_contain_text("Following")
    expect(stride(ada)).to_have_value(stride(iva).input_value())

    stride(ben).press("ArrowRight")  # plays, and is on his own from then on
    expect(bar(ben)).to_contain_text("You are on your own")
    iva.goto(f"{house.address}/receptive_field?stack=conv+5")  # the presenter's own reload presents on
    for page in (ada, guest):
        at(page, NEURON)
        expect(page.get_by_label("Stack, from the image up")).to_have_value("conv 5")
    at(ben, CONVOLUTION)
    bar(ben).get_by_role("button", name="Come back").click()
    at(ben, NEURON)

    iva.get_by_role("button", name="Spotlight").click()
    iva.locator(".st-key-preset").click()
    expect(ada.locator(".fovea-spotlight")).to_be_visible()
    expect(iva.locator(".fovea-spotlight")).to_be_visible()

    iva.get_by_role("button", name="End the class").click()
    expect(bar(ada)).to_contain_text("The class is over.")
    for page in others:
        expect(bar(page)).to_be_hidden(timeout=20_000)
    expect(ada.locator(".fovea-spotlight")).to_have_count(0)


@pytest.mark.browser
def test_a_question_from_opening_to_revealing(browser: Browser, house: CourseHouse) -> None:
    iva, ada, ben = (tab(browser) for _ in range(3))
    present(iva, house, "convolution")
    for page, who in ((ada, ADA), (ben, BEN)):
        house.enter(page, who, "/live")
        at(page, CONVOLUTION)
    bar(ben).get_by_role("button", name="Step out").click()
    ben.goto(f"{house.address}/assignments")
    settle(ben)
    own = {style for style in ben.evaluate(STYLES) if "st-key-assignment-" in style}
    ask(iva, "E06")
    answers = {ada: RIGHT, ben: "224"}  # whoever has stepped out is asked as well
    for page, said in answers.items():
        vote(page, said)
    assert own
    assert own <= set(ben.evaluate(STYLES)), "what announces a question takes no place of the page's own"
    expect(bar(ben)).to_contain_text("You are on your own")
    assert "54.25" not in ada.inner_text("[data-testid=stMain]")  # no reason is shown before
    expect(iva.get_by_text("2 answers")).to_be_visible()
    iva.get_by_role("button", name="Close", exact=True).click()
    for page in answers:
        expect(page.get_by_role("button", name="Change my answer")).to_have_count(0)
    iva.get_by_role("button", name="Second vote").click()
    vote(ben, RIGHT)
    iva.get_by_role("button", name="Close", exact=True).click()
    iva.get_by_role("button", name="Reveal", exact=True).click()
    for page in (iva, *answers):
        expect(page.locator("[class*=st-key-live]").get_by_text("Right:").first).to_be_visible()
    ada.reload()
    expect(ada.locator("[class*=st-key-live]").get_by_text("Right:").first).to_be_visible()


def ask(page: Page, question: str) -> None:
    panel(page, "Ask")
    field = page.get_by_role("combobox", name="Ask the class")
    field.fill(question)
    field.press("Enter")
    page.locator(".st-key-live-asking-open [data-testid=stBaseButton-primary]:enabled").click()


def vote(page: Page, said: str) -> None:
    asked = page.locator(".st-key-live-quiz")
    asked.get_by_text(said, exact=True).click()
    settle(page)
    page.locator(".st-key-live-quiz-vote").get_by_role("button").press("Enter")
    page.get_by_text(f"You answered {said}").wait_for()


@pytest.mark.slow
@pytest.mark.browser
def test_a_reload_and_the_way_back_lead_to_the_question_that_was_chosen(browser: Browser, house: CourseHouse) -> None:
    ada = tab(browser)
    house.enter(ada, ADA, "/live?view=Practise&of=Lecture+D")
    question, following = ada.get_by_role("combobox", name="Question"), ada.get_by_role("button", name="Next question")
    shown = []
    for _ in range(3):
        shown.append(question.input_value())
        following.click()
        expect(question).not_to_have_value(shown[-1])
        settle(ada)
    last = question.input_value()
    ada.reload()
    settle(ada)
    expect(question).to_have_value(last)
    for before in (shown[2], shown[1]):
        ada.go_back()
        expect(question).to_have_value(before)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.postgres
def test_two_processes_on_one_postgres_serve_one_class(
    browser: Browser, tmp_path: Path, postgres_database: str
) -> None:
    root, _ = prepare(tmp_path)
    room = open_classroom(postgres_database)
    room.keep([ADA, BEN, TINA, IVA])
    room.set_pins({one.key: Pin(HASHED) for one in (ADA, BEN)})
    code = class_code(room)
    room.close()
    environment = {"FOVEA_LEDGER": postgres_database}
    with fovea(root=root, environment=environment) as one, fovea(root=root, environment=environment) as other:
        here, there = CourseHouse(one, root, code), CourseHouse(other, root, code)
        iva, ada, ben = (tab(browser) for _ in range(3))
        present(iva, here, "convolution")
        for page, house, who in ((ada, here, ADA), (ben, there, BEN)):
            house.enter(page, who, "/live")
            at(page, CONVOLUTION)
        for _ in range(3):
            stride(iva).press("ArrowRight")
            for page in (ada, ben):
                expect(stride(page)).to_have_value(stride(iva).input_value())
        expect(iva.get_by_text("2 pages follow")).to_be_visible()
        ask(iva, "E06")
        for page in (ada, ben):
            vote(page, RIGHT)
        expect(iva.get_by_text("2 answers")).to_be_visible()
        iva.get_by_role("button", name="Close", exact=True).click()
        iva.get_by_role("button", name="Reveal", exact=True).click()
        for page in (iva, ada, ben):
            expect(page.locator("[class*=st-key-live]").get_by_text("Right:").first).to_be_visible()
