"""The layer lab: which products make a value, in every view, and that its code says the same."""

import numpy as np
import pytest

from core.filters.grids import read_words
from core.nets.costs import multiplications
from core.nets.layers import Conv
from pages._parts.layer.examples import EXAMPLES, FILTERS, VOLUME
from pages._parts.layer.figures import layer_scene, output_csv, products_of, python_call, torch_code, work
from tests.pages.boards import metrics, opened, sound, texts

BY_NAME = pytest.mark.parametrize("name", EXAMPLES)
WORDS = read_words(VOLUME, most=27), read_words(FILTERS, most=27), read_words("1 0 -1")


def worked(name):
    example = EXAMPLES[name]
    options = {"stride": example.stride, "padding": example.margin, "dilation": example.dilation}
    if example.way == "transposed":
        options["output_padding"] = example.extra
    shape = {"maps": example.maps, "count": example.filters, "kernel": example.kernel}
    return work(*WORDS, **shape, groups=example.groups, way=example.way, **options)


@BY_NAME
def test_marks_the_products_of_every_value(name) -> None:
    layer = worked(name)
    shown = sound(layer_scene(*WORDS, layer))
    wide = layer.output.shape[2]
    for n, links in enumerate(layer.output):
        for at, link in enumerate(shown["links"][f"y{n}"]):
            total = layer.biases[n]
            for map_, places in link["marks"].items():
                if map_.startswith("x"):
                    numbers = [float(text) for row in texts(shown, map_) for text in row]
                    total += sum(numbers[place] * float(note.removeprefix("×")) for place, note in places)
            assert total == links[at // wide, at % wide]
            found = products_of(layer, (n, at // wide, at % wide))
            assert sum(len(places) for name_, places in link["marks"].items() if name_.startswith("w")) == len(found)


@BY_NAME
def test_gives_two_codes_that_give_the_output(name) -> None:
    layer = worked(name)
    ours = {}
    exec(python_call(layer), ours)
    np.testing.assert_allclose(ours["output"], layer.output)
    theirs = {}
    exec(torch_code(layer).replace("print(", "output = (").rstrip(), theirs)
    np.testing.assert_allclose(theirs["output"], layer.output, atol=1e-5)
    assert len(output_csv(layer).splitlines()) == layer.output.size + 1


@pytest.mark.parametrize("name", [name for name, example in EXAMPLES.items() if example.way == "convolution"])
def test_says_the_chosen_value_in_numpy(name) -> None:
    layer = worked(name)
    shown = layer_scene(*WORDS, layer)
    room = {"np": np, "x": layer.volume, "w": layer.filters, "b": layer.biases}
    for n in range(len(layer.output)):
        for at, link in enumerate(shown["links"][f"y{n}"]):
            value = eval(link["code"].split(" = ", 1)[1], room)
            assert value == layer.output[n].ravel()[at], link["code"]


def test_counts_every_product_of_a_layer_without_a_border() -> None:
    layer = worked("Three maps, two filters")
    counted = sum(len(products_of(layer, place)) for place in np.ndindex(*layer.output.shape))
    assert counted == multiplications(Conv(2, (3, 3)), (3, 5, 5), (2, 3, 3)) == 486


def test_uses_one_weight_once_for_each_output() -> None:
    shown = layer_scene(*WORDS, worked("Three maps, two filters"))
    assert all(link["terms"].startswith("One weight, used 9 times") for link in shown["links"]["w00"])
    assert shown["links"]["x0"][12]["terms"].endswith("goes into 12 outputs of 2 maps.")


def test_forces_the_depth_and_counts_as_the_lecture_does() -> None:
    # N01
    page = opened("layer")
    assert metrics(page) == {
        "Input": "3 x 5 x 5",
        "Each filter": "3 x 3 x 3",
        "Output": "2 x 3 x 3",
        "Parameters": "56",
    }
    page.slider(key="layer_maps").set_value(1).run()
    assert metrics(page)["Each filter"] == "1 x 3 x 3"
    page.selectbox(key="layer_example").set_value("One filter per map (depthwise)").run()
    assert (metrics(page)["Each filter"], metrics(page)["Parameters"]) == ("1 x 3 x 3", "30")
    page.selectbox(key="layer_example").set_value("Transposed").run()
    assert metrics(page)["Output"] == "2 x 9 x 9"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param({"layer_groups": "2"}, "2 groups must divide", id="groups"),
        pytest.param({"layer_volume": "1 2"}, "15 rows and 5 columns", id="shape"),
        pytest.param({"layer_biases": "1 two 3"}, "'two' is not a number", id="unreadable"),
    ],
)
def test_explains_what_cannot_be(address, said) -> None:
    assert said in opened("layer", **address).warning[0].value
