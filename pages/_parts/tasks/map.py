"""The map itself: every task as a row, with the labs that teach it; and what there is to notice."""

from collections.abc import Sequence
from html import escape

import pandas as pd

from core.data import tasks
from core.data.task_scene import KINDS, Scene
from core.data.tasks import TASKS, Task
from pages._kit.ways import link, ways

STYLE = """<style>
.tasks { overflow-x: auto; }
.tasks table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
.tasks caption { text-align: left; padding: 0 0 0.5rem; }
.tasks th, .tasks td {
  padding: 0.45rem 0.6rem; text-align: left; vertical-align: top; min-width: 8rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.tasks a { color: inherit; }
.tasks .chosen { background: color-mix(in srgb, #0072B2 16%, transparent); }
.tasks .chosen th { box-shadow: inset 3px 0 0 #0072B2; }
</style>"""
HEADINGS = ("Task", "Asks", "Answers", "To learn it, every picture needs", "Labs")


def task_map(chosen: str) -> str:
    """All tasks as HTML, the chosen one marked; it scrolls by itself on a phone."""
    head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
    body = "".join(_row(each, each.name == chosen) for each in TASKS)
    return (
        f'{STYLE}<div class="tasks" tabindex="0" role="region" aria-label="Tasks of computer vision"><table>'
        f"<caption>Follow a name to see the task on the same picture.</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def table() -> pd.DataFrame:
    """The map to take away."""
    rows = [(each.name, each.asks, each.answer, each.needs) for each in TASKS]
    return pd.DataFrame(rows, columns=["task", "asks", "answers", "every picture needs"])


def lessons(scene: Scene, other: Sequence[Scene]) -> list[str]:
    """What there is to notice in this picture; `other` are pictures with other numbers of things."""
    height, width, _ = scene.image.shape
    labels = tasks.label_map(scene)
    parts = sum(tasks.separate_parts(labels == 1 + place) for place in range(len(KINDS)))
    counts = [len(each.targets) for each in other]
    said = [
        f"A detector's answer grows with the picture: for {_listed(counts)} things it has "
        f"{_listed([5 * count for count in counts])} numbers. A network whose last layer has a fixed length cannot "
        "give it without a trick.",
        f"A label map always has {height}x{width} = {height * width:,} entries, whatever there is to see: the answer "
        "is as large as the question.",
    ]
    if parts < len(scene.targets):
        said.append(
            f"There are {len(scene.targets)} things, and the label map falls into {parts} separate parts: touching "
            "things of one class are one blob. Give each object a colour to see what is lost."
        )
    said.append(
        "A classifier answers even to an empty picture: its probabilities sum to 1, and no class means nothing. That "
        "is why detectors have a class for the background."
    )
    return said


def _listed(numbers: Sequence[int]) -> str:
    """Numbers in a sentence: 0, 1 and 3."""
    *first, last = numbers
    return f"{', '.join(map(str, first))} and {last}"


def _row(each: Task, chosen: bool) -> str:
    labs = ", ".join(link(address, title) for address, title in ways(*each.taught) if address != "tasks") or "none yet"
    name = link(f"tasks?task={each.name.replace(' ', '+')}", each.name)
    mark = ' class="chosen" aria-current="true"' if chosen else ""
    cells = "".join(f"<td>{escape(text)}</td>" for text in (each.asks, each.answer, each.needs))
    return f'<tr{mark}><th scope="row">{name}</th>{cells}<td>{labs}</td></tr>'
