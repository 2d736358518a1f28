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


CODE = """# input 3x32x32
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 16 * 16, 10),
)"""


def test_counts_pasted_code_of_pytorch_and_names_its_line_where_it_is_wrong() -> None:
    page = opened(network=OWN, table=CODE)
    assert totals(page)["Parameters"] == "41,418"
    assert "Pasted code on an input of 3x32x32" in tables(page)
    page.text_area(key="table").set_value(CODE.replace("16 * 16 * 16", "4069")).run()
    assert "line 5: Linear says in_features=4069, but 4096 values come in" in refusal(page)


def test_counts_pasted_code_of_keras() -> None:  # N29
    code = 'model = Sequential()\nmodel.add(Conv2D(64, 3, activation="relu", input_shape=(28, 28, 1)))\n'
    page = opened(network=OWN, table=f'{code}model.add(Flatten())\nmodel.add(Dense(10, activation="softmax"))')
    assert totals(page)["Parameters"] == "433,290"


def test_runs_nothing_that_is_pasted(tmp_path: Path) -> None:
    trace_of_it = tmp_path / "it-ran"
    assert "line 1" in refusal(opened(network=OWN, table=f"open({str(trace_of_it)!r}, 'w').write('x')"))
    assert not trace_of_it.exists()


def tables(page: AppTest) -> str:
    return "\n".join(each.proto.body for each in page.get("html"))


def test_shows_a_long_network_in_blocks_and_opens_one() -> None:
    page = opened(network="ResNet50")
    assert totals(page)["Parameters"] == "25,557,032"
    assert page.segmented_control(key="grain").value == "Blocks"
    assert "Block table of ResNet50" in tables(page)
    page.selectbox(key="block").select("block2-1").run()
    assert page.selectbox(key="chosen").options[:4] == [
        "block2-1_conv1",
        "block2-1_bn1",
        "block2-1_conv2",
        "block2-1_bn2",
    ]
    assert "Layer table of block2-1 in ResNet50" in tables(page)
    page.segmented_control(key="grain").set_value("Layers").run()
    assert "Layer table of ResNet50" in tables(page)
    assert "block5-3_conv3" in page.selectbox(key="chosen").options


def test_goes_back_to_layers_for_a_short_network() -> None:
    page = opened(network="DenseNet201")
    assert page.segmented_control(key="grain").value == "Blocks"
    page.selectbox(key="network").select("LeNet-5").run()
    assert page.segmented_control(key="grain").value == "Layers"
    assert "Layer table of LeNet-5" in tables(page)


@pytest.mark.parametrize(
    ("name", "total"),
    [
        pytest.param("GoogLeNet", "6,998,552", id="N104-googlenet"),
        pytest.param("GoogLeNet with auxiliary outputs", "13,378,280", id="S54-heads"),
        pytest.param("Network in Network", "966,986", id="S60-nin"),
        pytest.param("MobileNet", "4,231,976", id="S61-mobilenet"),
        pytest.param("FCN-8s", "134,489,759", id="fcn-8s"),
        pytest.param("U-Net", "31,030,658", id="unet"),
        pytest.param("InceptionResNetV2", "55,813,192", id="inception-resnet-v2"),
    ],
)
def test_shows_the_rest_of_the_zoo(name: str, total: str) -> None:
    assert totals(opened(network=name))["Parameters"] == total


def test_asks_a_long_network_block_by_block() -> None:
    page = opened(network="ResNet50", challenge="true", hidden="parameters", part="block2-1")
    field(page, "block2-1_conv1").set_value("4096").run()
    assert "**1 of 4 right**" in words(page)
    page.selectbox(key="part").select("stem").run()
    assert "**0 of 2 right**" in words(page)


def test_says_nothing_of_colours_where_the_image_goes_further() -> None:
    page = opened(network=OWN, table="input 3x8x8\nc: conv 3 3 pad 1\nadd of c, input")
    assert totals(page)["Parameters"] == "84"
    assert "Later layers never meet the colours" not in words(page)
