"""The convolution lab in a real browser: walk, edit, compute, undo; by mouse, keyboard and touch."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.serve import Server
from tests.pages.visits import settle, visit

pytestmark = pytest.mark.browser


def address(server: Server, **state: str) -> str:
    return f"{server.address}/convolution?" + "&".join(f"{key}={quote_plus(value)}" for key, value in state.items())


def cell(page: Page, grid: str, row: int, column: int):
    return page.locator(f'.stepper .cell[data-grid="{grid}"][data-row="{row}"][data-column="{column}"]')


def test_walks_by_pointer_keyboard_and_buttons(server: Server, browser: Browser) -> None:
    # N41: 8 stands in the middle
    with visit(browser, address(server)) as (page, complaints):
        total = page.locator(".stepper .sum strong")
        expect(total).to_have_text("= 0")
        cell(page, "output", 1, 1).hover()
        expect(total).to_have_text("= 8")
        expect(cell(page, "image", 3, 3)).to_have_attribute("aria-label", "row 4, column 4, value 10, times 1/5")
        page.mouse.move(2, 2)
        expect(total).to_have_text("= 0")
        cell(page, "output", 0, 1).click()
        page.mouse.move(2, 2)
        page.keyboard.press("ArrowDown")
        expect(total).to_have_text("= 8")
        page.get_by_role("button", name="Next", exact=True).click()
        expect(total).to_have_text("= 1")
        page.get_by_role("button", name="First", exact=True).click()
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".stepper .where").first).to_contain_text("Stop 3 of 9")
        page.get_by_role("button", name="Pause", exact=True).click()
        assert complaints == []


def test_computes_an_edited_cell_anew_keeps_it_in_the_address_and_undoes_it(server: Server, browser: Browser) -> None:
    with visit(browser, address(server)) as (page, complaints):
        cell(page, "output", 1, 1).focus()
        total = page.locator(".stepper .sum strong")
        cell(page, "image", 3, 3).focus()
        page.keyboard.type("20")
        page.keyboard.press("Enter")
        expect(total).to_have_text("= 10")
        expect(cell(page, "image", 3, 3)).to_be_focused()
        settle(page)
        assert "20" in page.url
        with visit(browser, page.url) as (other, _):
            expect(cell(other, "output", 1, 1)).to_contain_text("10")
        cell(page, "kernel", 1, 1).dblclick()
        page.keyboard.type("one")
        page.keyboard.press("Enter")
        page.get_by_text("That edit was not taken: row 2, column 2").wait_for()
        expect(cell(page, "kernel", 1, 1)).to_contain_text("1/5")
        page.get_by_role("button", name="Undo").click()
        expect(total).to_have_text("= 8")
        settle(page)
        assert "image=" not in page.url
        assert complaints == []


def test_hides_the_output_until_it_is_computed(server: Server, browser: Browser) -> None:
    with visit(browser, address(server, compute="true", view="matrix")) as (page, complaints):
        middle = cell(page, "output", 1, 1)
        expect(middle).to_have_text("?")
        middle.click()
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        expect(middle).to_have_attribute("aria-label", "row 2, column 2, value 7, not right")
        expect(page.locator(".stepper .sum strong")).to_have_text("= ?")
        page.keyboard.type("8")
        page.keyboard.press("Enter")
        expect(middle).to_have_attribute("aria-label", "row 2, column 2, value 8, right")
        expect(page.locator(".stepper .sum strong")).to_have_text("= 8")
        expect(page.locator(".stepper tr.current .result")).to_have_text("8")
        page.get_by_text("1 of 9 right.").wait_for()
        page.get_by_role("button", name="Show all").click()
        expect(cell(page, "output", 0, 1)).to_have_text("2")
        page.get_by_text("1 of 9 right.").wait_for()
        assert complaints == []


def test_loads_an_example_with_everything_it_sets(server: Server, browser: Browser) -> None:
    # N44, then N50
    with visit(browser, address(server, example="Transposed, bilinear")) as (page, complaints):
        expect(cell(page, "output", 4, 2)).to_have_text("12")
        page.get_by_role("combobox", name="Worked example").click()
        page.get_by_role("option", name="Two stamps at stride 2").click()
        expect(page.locator(".stepper .cell[data-grid=output]")).to_have_count(5)
        page.get_by_role("button", name="Last", exact=True).click()
        expect(cell(page, "output", 0, 2)).to_have_attribute(
            "aria-label", "row 1, column 3, value 102, of which +2 now"
        )
        assert complaints == []


def test_names_the_row_of_a_wrong_text(server: Server, browser: Browser) -> None:
    with visit(browser, address(server)) as (page, _):
        page.get_by_text("Image and kernel as text").click()
        page.get_by_label("Kernel", exact=True).fill("1 2; 3")
        page.get_by_label("Kernel", exact=True).press("Control+Enter")
        page.get_by_text("row 2 of the kernel has 1 number, but row 1 has 2").wait_for()
        page.get_by_role("button", name="Back to the example").click()
        expect(cell(page, "output", 1, 1)).to_have_text("8")


def test_edits_by_touch(server: Server, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address(server))
    settle(page)
    corner = cell(page, "kernel", 0, 0)
    corner.tap()
    expect(corner.locator("input")).to_have_count(0)
    corner.tap()
    corner.locator("input").fill("1")
    corner.locator("input").press("Enter")
    expect(corner).to_have_text("1")
    expect(cell(page, "output", 1, 1)).to_contain_text("13")
    context.close()
