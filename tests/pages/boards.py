"""What every scene of the board must hold, and opening a lab without a browser."""

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

PAGES = Path(__file__).parents[2] / "pages"


def opened(lab: str, **address: str) -> AppTest:
    page = AppTest.from_file(str(PAGES / f"{lab}.py"), default_timeout=60)
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def metrics(page: AppTest) -> dict[str, str]:
    return {each.label: each.value for each in page.metric}


def sound(scene: dict) -> dict:
    """The scene as the browser gets it: every link belongs to a cell, every mark to a cell that exists."""
    shown = json.loads(json.dumps(scene))
    sizes = {name: sum(len(row) for row in grid["rows"]) for name, grid in shown["grids"].items()}
    assert {name for row in shown["layout"] for name in row if name} == set(sizes)
    for over, links in shown["links"].items():
        assert len(links) == sizes[over]
        for link in links:
            for name, places in link["marks"].items():
                assert all(0 <= place[0] < sizes[name] for place in places), (over, name)
    assert shown["order"] == list(range(sizes[shown["walk"]]))
    return shown


def texts(scene: dict, name: str) -> list[list[str]]:
    return [[cell["text"] for cell in row] for row in scene["grids"][name]["rows"]]
