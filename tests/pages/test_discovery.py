"""Discovery: it finds every page, and is loud about one it cannot understand."""

from pathlib import Path

import pytest

from classroom.roles import Role
from pages._kit.discovery import CHAPTERS, MalformedPage, describe, discover, open_to_all

LABS = discover()
GOOD = '"""Filters: A title\n\nOne idea: something moves.\n"""\n'


def test_finds_every_file_in_pages_once() -> None:
    files = {path.stem for path in (Path(__file__).parents[2] / "pages").glob("*.py")} - {"__init__"}
    assert sorted(lab.name for lab in LABS) == sorted(files)


def test_follows_the_order_of_the_chapters() -> None:
    positions = [CHAPTERS.index(lab.chapter) for lab in LABS]
    assert positions == sorted(positions)


@pytest.mark.parametrize("lab", open_to_all(), ids=lambda lab: lab.name)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_gives_every_lab_a_picture_small_enough_for_the_front_page(lab, theme) -> None:
    assert 1_000 < lab.picture(theme).stat().st_size < 20_000


def test_reads_title_promise_and_audience() -> None:
    lab = describe(
        "Course: Marks\n\nOne idea: who has\nwhich mark.\n\nFor: instructors.", name="marks", path=Path("marks.py")
    )
    assert (lab.chapter, lab.title, lab.promise, lab.role) == (
        "Course",
        "Marks",
        "Who has which mark.",
        Role.INSTRUCTOR,
    )


@pytest.mark.parametrize(
    ("name", "source", "says"),
    [
        pytest.param("a.py", "x = 1\n", "must begin with", id="no docstring"),
        pytest.param("a.py", '"""Only a title"""\n', "must begin with", id="no chapter"),
        pytest.param("a.py", '"""Cooking: Soup\n\nOne idea: salt."""\n', "is no chapter", id="unknown chapter"),
        pytest.param("a.py", '"""Filters: Soup"""\n', "One idea", id="no promise"),
        pytest.param(
            "a.py", GOOD.replace('moves.\n"""', 'moves.\n\nFor: kings."""'), "takes one of", id="no such role"
        ),
        pytest.param("a.py", GOOD + "def (:\n", "line 5", id="not Python"),
        pytest.param("A-b.py", GOOD, "file name is its address", id="no address"),
    ],
)
def test_stops_at_a_malformed_page_and_names_it(tmp_path: Path, name: str, source: str, says: str) -> None:
    (tmp_path / "fine.py").write_text(GOOD)
    (tmp_path / name).write_text(source)
    with pytest.raises(MalformedPage, match=says) as raised:
        discover(tmp_path)
    assert name in str(raised.value)
