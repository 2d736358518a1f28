"""The map of tasks as a visitor uses it, without a browser."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from core.data.tasks import TASKS
from pages._kit.discovery import discover
from tests.pages import boards
from tests.pages.figures import alts

opened = partial(boards.opened, "tasks")


def texts(page: AppTest) -> str:
    return "\n".join(text.value for text in page.markdown)


@pytest.mark.parametrize("name", [each.name for each in TASKS])
@pytest.mark.parametrize("objects", ["0", "3"])
def test_answers_every_task_about_every_picture(name: str, objects: str) -> None:
    page = opened(task=name, objects=objects)
    assert len(alts(page)) == 2
    assert ("The answer to this picture" in texts(page)) == (name != "Classification")


def test_grows_with_the_picture_where_the_answer_is_a_list() -> None:
    page = opened(task="Detection", objects="0")
    for count in (0, 1, 5):
        page.slider(key="objects").set_value(count).run()
        assert f"**a list of {count}, {5 * count} numbers**" in texts(page)


def test_gives_what_is_left_to_all_other_classes() -> None:
    page = opened(objects="3", seed="6", k="2")
    said = next(text.value for text in page.markdown if text.value.startswith("Its answer"))
    shares = [int(word.rstrip("%,.")) for word in said.split() if word.rstrip(",.").endswith("%")]
    assert "all others" in said
    assert len(shares) == 3
    assert sum(shares) == pytest.approx(100, abs=2)
    page.slider(key="k").set_value(6).run()
    assert not any("all others" in text.value for text in page.markdown)


def test_colours_objects_or_classes() -> None:
    by_class = opened(task="Semantic segmentation", objects="3", seed="6")
    assert "30,000 labels" in texts(by_class)
    assert "falls into 2 separate parts" in texts(by_class)
    by_class.segmented_control(key="colour").set_value("object").run()
    assert "30,000 numbers of objects" in texts(by_class)


def test_leads_to_labs_that_exist() -> None:
    html = next(part.proto.body for part in opened().get("html") if 'class="tasks"' in part.proto.body)
    addresses = {part.partition('"')[0].partition("?")[0] for part in html.split('href="')[1:]}
    assert {"tasks", "gap", "zoo"} <= addresses <= {lab.name for lab in discover()}
