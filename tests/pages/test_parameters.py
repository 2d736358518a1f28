"""The parameter calculator: the lectures' totals, tables of one's own, and the challenge."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.nets.table import MOST_LETTERS

LAB = Path(__file__).resolve().parents[2] / "pages/parameters.py"
OWN = "My own table"


def opened(**address: str) -> AppTest:
    page = AppTest.from_file(str(LAB), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def totals(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def refusal(page: AppTest) -> str:
    assert not page.exception
    assert not page.metric
    assert len(page.warning) == 1
    return page.warning[0].value


def test_opens_with_vgg16_and_its_total_without_the_top() -> None:  # N87, Q13
    page = opened()
    assert totals(page)["Parameters"] == "138,357,544"
    assert totals(page)["Activations"] == "61.0 MB"  # N90
    assert totals(page)["In dense layers"] == "89.4%"
    assert page.metric[0].delta == "14,714,688 without its top"
    page.toggle(key="top").set_value(False).run()
    assert totals(page)["Parameters"] == "14,714,688"
    assert page.metric[0].delta == "-123,642,856 with the top gone"


@pytest.mark.parametrize(
    ("address", "total"),
    [
        pytest.param({"network": "LeNet-5"}, "61,706", id="N18-lenet"),
        pytest.param({"network": "LeNet-5", "colour": "colour"}, "62,006", id="N20-lenet-colour"),
        pytest.param({"network": "Perceptron 1024-84-10"}, "86,950", id="N23-perceptron"),
        pytest.param({"network": "Minimal CNN"}, "433,290", id="N29-minimal"),
        pytest.param({"network": "Minimal CNN with pooling"}, "108,810", id="N30-minimal-pooled"),
        pytest.param({"network": "AlexNet, one stream"}, "62,378,344", id="N74-alexnet"),
        pytest.param({"network": "AlexNet, two streams"}, "60,965,224", id="N74-alexnet-two-streams"),
    ],
)
def test_counts_the_networks_of_the_lectures(address: dict[str, str], total: str) -> None:
    assert totals(opened(**address))["Parameters"] == total


def test_takes_another_network_on_the_image_it_was_drawn_for() -> None:
    page = opened()
    page.selectbox(key="network").select("LeNet-5").run()
    assert page.text_input(key="sides").value == "32x32"
    assert totals(page)["Parameters"] == "61,706"


def test_starts_a_table_of_ones_own_from_the_network_before_and_undoes() -> None:
    page = opened(network="LeNet-5")
    page.selectbox(key="network").select(OWN).run()
    start = page.text_area(key="table").value
    assert start.startswith("name LeNet-5\ninput 1x32x32\nconv1: conv 6 5\n")
    page.text_area(key="table").set_value("input 3x8x8\nconv 2 5").run()
    assert totals(page)["Parameters"] == "152"  # Q22
    page.button(key="undo").click().run()
    assert page.text_area(key="table").value == start
    assert totals(page)["Parameters"] == "61,706"


def test_explains_a_table_by_its_line_and_goes_on_after_it() -> None:
    page = opened(network=OWN, table="input 1x8x8\nconv 4 3\nconvolution 4")
    assert "line 3: 'convolution' is no layer" in refusal(page)
    page.text_area(key="table").set_value("input 1x8x8\nconv 4 3").run()
    assert totals(page)["Parameters"] == "40"


def test_loads_a_table_from_a_file() -> None:
    page = opened(network=OWN)
    page.file_uploader(key="upload").set_value(("table.txt", b"input 3x9x9\nconv 2 3", "text/plain")).run()
    assert page.text_area(key="table").value == "input 3x9x9\nconv 2 3"
    assert totals(page)["Parameters"] == "56"  # Q36


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"x" * (MOST_LETTERS + 1)], ids=["no-text", "too-long"])
def test_leaves_the_table_as_it_is_where_a_file_does_not_fit(content: bytes) -> None:
    page = opened(network=OWN)
    before = page.text_area(key="table").value
    page.file_uploader(key="upload").set_value(("table.txt", content, "text/plain")).run()
    assert page.text_area(key="table").value == before
    assert len(page.warning) == 1


@pytest.mark.parametrize(
    ("address", "word"),
    [
        pytest.param({"sides": "16"}, "block5_pool: ", id="too-small-an-image"),
        pytest.param({"sides": "99999999"}, "at most", id="too-large-an-image"),
        pytest.param({"sides": "large"}, "such as 3x224x224", id="no-size"),
        pytest.param({"network": OWN, "table": "input 3x99999999x99999999\nconv 1 1"}, "at most", id="huge-input"),
        pytest.param({"network": OWN, "table": "input 3x9x9\nconv 1000000000 1"}, "line 2", id="huge-filters"),
        pytest.param({"network": OWN, "table": "input 3x8000x8000\nconv 65000 3"}, "more than", id="huge-volume"),
    ],
)
def test_explains_what_cannot_be(address: dict[str, str], word: str) -> None:
    assert word in refusal(opened(**address))


def test_refuses_ten_megabytes_of_text() -> None:
    page = opened(network=OWN)
    page.text_area(key="table").set_value("conv 1 1\n" * 1_200_000).run()
    assert not page.exception
    assert len(page.text_area(key="table").value) <= MOST_LETTERS or "at most" in refusal(page)


def challenged(column: str) -> AppTest:
    return opened(network="LeNet-5", challenge="true", hidden=column)


def field(page: AppTest, layer: str):
    return next(each for each in page.text_input if each.key.startswith("try-") and each.key.endswith(f"-{layer}"))


def words(page: AppTest) -> str:
    return "\n".join(text.value for text in page.markdown)


def test_checks_a_count_and_names_the_mistake_of_lecture_a() -> None:  # N11
    page = challenged("parameters")
    assert "2,416" not in words(page)
    field(page, "conv2").set_value("416").run()
    assert "**wrong** Every filter is as deep as its input: 6 maps, not 1." in words(page)
    assert "**0 of 8 right**" in words(page)
    field(page, "conv2").set_value("2,416").run()
    assert "**wrong**" not in words(page)
    assert "**1 of 8 right**" in words(page)


def test_checks_shapes_in_the_order_of_the_table_and_of_keras() -> None:
    page = challenged("output")
    field(page, "conv1").set_value("6x28x28").run()
    field(page, "pool1").set_value("14, 14, 6").run()
    assert "**2 of 8 right**" in words(page)
    field(page, "flatten1").set_value("lots").run()
    assert "cannot be read" in words(page)


def test_shows_an_answer_worked_out_and_forgets_everything_when_asked() -> None:
    page = challenged("receptive field")
    field(page, "conv1").set_value("5").run()
    page.button(key=f"{field(page, 'conv2').key}-show").click().run()
    assert "6 + (5 - 1)·2 = 14" in words(page)
    assert "**1 of 4 right, 1 shown**" in words(page)
    page.button(key="clear").click().run()
    assert "**0 of 4 right**" in words(page)
    assert field(page, "conv1").value == ""


def test_says_when_the_whole_column_is_right() -> None:
    page = challenged("parameters")
    counts = [156, 0, 2416, 0, 0, 48_120, 10_164, 850]  # Q23
    for asked, count in zip([each for each in page.text_input if each.key.startswith("try-")], counts, strict=True):
        asked.set_value(str(count))
    page.run()
    assert "**All 8 right.**" in words(page)


def test_gives_no_answer_away_while_a_column_is_hidden() -> None:
    page = challenged("parameters")
    assert "48,120" not in words(page)
    assert not page.get("plotly_chart")


def test_answers_the_prediction_with_the_network_at_hand() -> None:
    page = opened()
    page.text_input(key="prediction").set_value("fc1").run()
    assert "it is fc1, with 102,764,544 of 138,357,544 parameters: 74.3%" in words(page)
