"""Whether an address such as `pooling?pool_stride=1` opens a lab and sets controls that it has."""

import re
from pathlib import Path
from urllib.parse import parse_qs

from core.filters.examples import EXAMPLES
from core.nets.receptive import views
from core.nets.stack import parse_stack
from core.nets.zoo import names, network

PAGES = Path(__file__).parents[2] / "pages"
LABS = frozenset(path.stem for path in PAGES.glob("*.py")) - {"__init__"}
LABELS = {network(name).name: name for name in names()}


def assert_sets_what_the_lab_has(address: str) -> None:
    page, _, query = address.partition("?")
    source = (PAGES / f"{page}.py").read_text(encoding="utf-8")
    for part in re.findall(r"^from pages\._kit\.(\w+) import", source, re.MULTILINE):
        source += (PAGES / "_kit" / f"{part}.py").read_text(encoding="utf-8")
    source += "".join(part.read_text(encoding="utf-8") for part in (PAGES / "_parts" / page).glob("*.py"))
    switched = "lab.one_of(" in source
    for key, (value,) in parse_qs(query, strict_parsing=bool(query)).items():
        if key == "view" and switched:  # the frame draws the switch, between the views that the page names
            assert f'"{value}": ' in source, value
            continue
        assert re.search(rf'key="{key}",[^()]*bind="query-params"', source), key
        if key == "example":
            assert value in EXAMPLES
        if key == "stack":
            assert views(parse_stack(value), 64)
        if key == "network":
            assert value in {"My own table", *LABELS}
