"""The connectivity lab: counts of the lecture, edges that light up, and shifts as numbers."""

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.serve import Server
from core.filters.connections import KINDS, connect
from pages._parts.connectivity.figures import edges_csv, graph, graph_alt, image_bars, image_counts, weights_of
from tests.pages.boards import opened
from tests.pages.visits import settle, visit


def html(page) -> str:
    return " ".join(each.proto.body for each in page.get("html"))


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        pytest.param("dense", "<td>25</td><td>25</td><td>5</td><td>30</td>", id="N06-dense"),
        pytest.param("local", "<td>13</td><td>13</td><td>5</td><td>18</td>", id="local"),
        pytest.param("shared", "<td>13</td><td>3</td><td>1</td><td>4</td>", id="N06-shared"),
    ],
)
def test_counts_three_ways_to_connect_five_neurons(kind, row) -> None:
    page = opened("connectivity", edges_kind=kind)
    assert row in html(page)
    assert page.segmented_control(key="edges_kind").value == kind


def test_counts_the_first_layer_of_lenet() -> None:
    # N07, E22
    found = image_counts(32, 1, 5, 6)
    assert [found[kind][0] for kind in KINDS] == [4_821_600, 122_304, 156]
    figure, alt = image_bars(found, "local")
    assert sorted(bar["x"][0] for bar in figure["data"]) == [156, 122_304, 4_821_600]
    assert "4,821,600" in alt
    page = opened("connectivity")
    assert any("(28·28·6)·(5·5·1) + 28·28·6 = 122,304" in text.value for text in page.markdown)


@pytest.mark.parametrize("kind", KINDS)
def test_lights_up_the_edges_of_one_output(kind) -> None:
    layer = connect(5, kind=kind, padding=1)
    lines = [trace for trace in graph(layer, 2)["data"] if trace["mode"] == "lines"]
    lit = [end for trace in lines if trace["opacity"] == 1 for end in trace["x"] if end is not None]
    dark = [end for trace in lines if trace["opacity"] < 1 for end in trace["x"] if end is not None]
    reads = 5 if kind == "dense" else 3
    assert (len(lit), len(dark)) == (2 * reads, 2 * (len(layer.edges) - reads))
    assert graph_alt(layer, 2).endswith(
        "Output 3 reads input 1, 2, 3, 4, 5." if kind == "dense" else "Output 3 reads input 2, 3, 4."
    )
    assert len(edges_csv(layer).splitlines()) == len(layer.edges) + 1
    assert len(weights_of(layer, [1.0, 2.0, 3.0])) == layer.weights


def test_moves_the_output_of_the_shared_layer_only() -> None:
    # S18
    said = {kind: " ".join(text.value for text in opened("connectivity", edges_kind=kind).markdown) for kind in KINDS}
    assert "Largest difference: **0**" in said["shared"]
    assert "Largest difference: **0**" not in said["dense"]
    assert "Largest difference: **0**" not in said["local"]


def test_says_what_left_over_the_edge() -> None:
    page = opened("connectivity", edges_kind="shared", edges_by="3")
    assert any("left over the edge" in text.value for text in page.markdown)
    assert "\N{NOT EQUAL TO}" in html(page)


def test_explains_what_cannot_be() -> None:
    page = opened("connectivity", edges_signal="1 x")
    assert "'x' is not a number" in page.warning[0].value


def test_keeps_the_lit_output_within_the_row() -> None:
    page = opened("connectivity", edges_output="5")
    page.slider(key="edges_side").set_value(8).run()
    assert page.slider(key="edges_output").value == 5
    page.slider(key="edges_side").set_value(3).run()
    assert page.slider(key="edges_output").value == page.slider(key="edges_output").max == 3


@pytest.mark.browser
def test_lights_up_the_output_that_is_clicked(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/connectivity?edges_kind=shared") as (page, complaints):
        neuron = page.locator(".st-key-graph").get_by_text("3", exact=True).last  # the outputs are drawn last
        chosen = page.locator(".st-key-edges_output input")
        for value in ("3", "0"):
            neuron.click()
            expect(chosen).to_have_value(value)
        settle(page)
        assert complaints == []
