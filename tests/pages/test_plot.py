"""Our own drawing of charts: plotly, given the same figure, puts every bar, dot and cell at the same place."""

from pathlib import Path
from typing import Any

import numpy as np
import plotly
import pytest
from playwright.sync_api import Browser, Page

from pages._kit.plot import plain, unknown

COMPONENTS = Path(__file__).parents[2] / "pages/_kit/components"
PLOTLY = Path(plotly.__file__).parent / "package_data/plotly.min.js"
WIDE, HIGH = 500, 300
ROOM = {"l": 90, "r": 40, "t": 40, "b": 60}  # enough for all words, so that neither moves the axes

# Right end, middle, width and height of what both have drawn, in the order of the drawing.
PLACES = """([root, what]) => {
  const frame = root.getBoundingClientRect();
  return [...root.querySelectorAll(what)].map((each) => each.getBoundingClientRect())
    .map((box) => [box.right - frame.left, (box.top + box.bottom) / 2 - frame.top, box.width, box.height]);
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """A bare page that can draw both ways, `#theirs` and `#ours`."""
    page = browser.new_page(viewport={"width": 800, "height": 700})
    page.set_content(
        f'<body style="margin:0"><div id="theirs" style="width:{WIDE}px;height:{HIGH}px"></div>'
        f'<div id="ours" style="width:{WIDE}px;position:relative"><div class="plot"></div></div></body>'
    )
    page.add_script_tag(path=PLOTLY)
    script = "\n".join((COMPONENTS / f"{part}.js").read_text(encoding="utf-8") for part in ("axes", "marks", "plot"))
    page.add_script_tag(content=script.replace("export default ", "").replace("function ()", "function carrier()"))
    return page


def ours(page: Page, figure: dict[str, Any], alt: str = "A chart.") -> None:
    """Draw it by ourselves alone."""
    data = {"figure": plain(figure), "alt": alt}
    page.evaluate("data => drawn({ data, parentElement: document.querySelector('#ours') })", data)


def both(page: Page, figure: dict[str, Any], theirs: str, mine: str) -> tuple[np.ndarray, np.ndarray]:
    """Where both have drawn what is asked for."""
    figure["layout"] |= {"height": HIGH, "width": WIDE, "margin": ROOM, "showlegend": False}
    page.evaluate("({ data, layout }) => Plotly.newPlot('theirs', data, layout)", plain(figure))
    del figure["layout"]["width"]
    assert unknown(figure) == set()
    ours(page, figure)
    found = [
        page.evaluate(f"what => ({PLACES})([document.querySelector('{root}'), what])", what)
        for root, what in (("#theirs", theirs), ("#ours", mine))
    ]
    return np.array(found[0]), np.array(found[1])


WORDS, NUMBERS = ["one", "two", "three"], [3.0, 1.5, 4.25]
TURNED = {"autorange": "reversed", "fixedrange": True}
BARS = {
    "upright": ({"x": WORDS, "y": NUMBERS}, {}),
    "lying": ({"y": WORDS, "x": NUMBERS, "orientation": "h"}, {"yaxis": TURNED}),
    "on numbers": ({"x": [2, 4, 8], "y": NUMBERS, "width": 0.7}, {}),
    "below zero": ({"x": WORDS, "y": [-2.0, 1.0, 3.0]}, {"yaxis": {"range": [-3, 4]}}),
    "on a logarithm": (
        {"x": [10, 1000, 30], "y": WORDS, "orientation": "h"},
        {"xaxis": {"type": "log", "range": [0, 4]}},
    ),
    "in a part": ({"x": WORDS, "y": NUMBERS}, {"xaxis": {"domain": [0.2, 0.7]}, "yaxis": {"domain": [0.5, 1]}}),
}


@pytest.mark.browser
@pytest.mark.parametrize("how", BARS)
@pytest.mark.parametrize("mode", ["group", "stack", "overlay"])
def test_puts_bars_where_plotly_puts_them(page: Page, how: str, mode: str) -> None:
    one, layout = BARS[how]
    if how in ("on a logarithm", "below zero") and mode == "stack":
        mode = "group"
    data = [{"type": "bar", **one}, {"type": "bar", **one, "marker": {"color": "#E69F00"}}]
    theirs, mine = both(
        page, {"data": data, "layout": {**layout, "barmode": mode}}, ".barlayer path", ".plot svg > g rect"
    )
    assert mine.shape == theirs.shape == (6, 4)
    if how == "on a logarithm":
        mine[:, 2] = theirs[:, 2]  # a logarithm has no zero: plotly begins the bar far outside, we at the edge
    assert np.abs(mine - theirs).max() <= 1.5, (mine, theirs)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["linear", "log"])
@pytest.mark.parametrize("mode", ["markers", "lines+markers"])
def test_puts_dots_where_plotly_puts_them(page: Page, kind: str, mode: str) -> None:
    dots = {"type": "scatter", "x": [1, 10, 250, 1000], "y": [0.5, 7, 3, 0.1], "mode": mode, "marker": {"size": 10}}
    ranges = {"xaxis": {"type": kind}, "yaxis": {"type": kind, "range": [-1.5, 1.5] if kind == "log" else [0, 8]}}
    if mode == "markers":
        ranges["xaxis"]["range"] = [-0.5, 3.5] if kind == "log" else [-100, 1100]
    theirs, mine = both(page, {"data": [dots], "layout": ranges}, ".scatterlayer .point", ".plot circle")
    assert mine.shape == theirs.shape == (4, 4)
    far = 12 if "lines" in mode else 1.5  # plotly leaves more room before and behind dots on a line of its own range
    assert np.abs(mine - theirs).max() <= far, (mine, theirs)


@pytest.mark.browser
@pytest.mark.parametrize("square", [False, True])
def test_puts_a_grid_and_a_frame_on_it_where_plotly_puts_them(page: Page, square: bool) -> None:
    grid = {"type": "heatmap", "z": np.arange(12.0).reshape(3, 4), "showscale": False, "xgap": 1, "ygap": 1}
    bare = {"visible": False, "constrain": "domain"}
    keep = {"scaleanchor": "x"} if square else {}
    frame = {"type": "rect", "x0": 0.5, "x1": 1.5, "y0": 1.5, "y1": 2.5, "line": {"width": 2, "color": "#111111"}}
    layout = {"xaxis": bare, "yaxis": {**bare, **keep, "autorange": "reversed"}, "shapes": [frame]}
    theirs, mine = both(page, {"data": [grid], "layout": layout}, ".shapelayer path", ".plot svg > rect")
    assert mine.shape == theirs.shape == (1, 4)
    assert np.abs(mine - theirs).max() <= 2, (mine, theirs)
    cells = page.locator("#ours .plot g rect")
    assert cells.count() == 12
    box = page.locator("#ours .plot g").first.bounding_box()
    if square and box:
        assert box["width"] / 4 == pytest.approx(box["height"] / 3, rel=0.02)


@pytest.mark.browser
def test_tells_what_the_pointer_is_on_and_leaves_alone_what_did_not_change(page: Page) -> None:
    bar = {"type": "bar", "x": ["a"], "y": [1234.5], "hovertemplate": "%{x}: %{y:,.1f}<extra>all</extra>"}
    figure = {"data": [bar], "layout": {"height": HIGH, "margin": ROOM}}
    ours(page, figure, alt='Bars <b> & "more".')
    drawing = page.get_by_role("img", name='Bars <b> & "more".')
    page.locator("#ours rect").last.hover()
    assert page.locator("#ours .told").text_content() == "a: 1,234.5\nall"
    drawing.evaluate("svg => { svg.dataset.kept = 'yes' }")
    ours(page, figure, alt='Bars <b> & "more".')
    assert drawing.get_attribute("data-kept") == "yes"
    page.locator("#ours").evaluate("root => { root.style.width = '320px' }")
    page.wait_for_function("document.querySelector('#ours svg').clientWidth === 320")
    page.locator("#ours").evaluate(f"root => {{ root.style.width = '{WIDE}px' }}")


def test_names_what_it_does_not_know() -> None:
    dots = {"type": "scatter", "x": [1], "y": [1], "marker": {"symbol": ["star", "circle"]}, "fill": "tozeroy"}
    layout = {"xaxis2": {"tickangle": 30}, "annotations": [{"text": "a", "textangle": 90}], "updatemenus": []}
    assert unknown({"data": [dots, {"type": "pie"}], "layout": layout}) == {
        "symbol star", "scatter.fill", "pie", "axis.tickangle", "annotations.textangle", "layout.updatemenus",
    }  # fmt: skip
