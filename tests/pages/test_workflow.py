"""The workflow lab as a visitor uses it, without a browser."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGE = Path(__file__).parents[2] / "pages" / "workflow.py"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def code(page: AppTest) -> str:
    return "\n".join(each.value for each in page.code)


def test_updates_the_shapes_when_the_code_is_edited() -> None:
    page = opened()
    assert "in_features=400" in code(page)
    page.text_area(key="code_text").set_value(
        page.text_area(key="code_text").value.replace(' padding="same",', "")
    ).run()
    assert not page.exception
    assert "in_features=256" in code(page)


def test_writes_the_chosen_training_in_both_languages() -> None:
    shown = code(opened(method="SGD with momentum", rate="0.1", epochs="7"))
    assert "keras.optimizers.SGD(0.1, momentum=0.9)" in shown
    assert "torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)" in shown
    assert "epochs=7" in shown
    assert "range(7)" in shown


def test_says_which_line_it_cannot_read_and_runs_nothing() -> None:
    page = opened(code_text='model = Sequential()\n__import__("os").system("true")')
    assert "line 2" in page.warning[0].value
    page = opened(code_text="# input 3x8x8\nnn.Sequential(nn.Conv2d(3, 4, 3))")
    assert "a classifier ends with a vector" in page.warning[0].value
