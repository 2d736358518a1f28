"""How the points of a set fall, read off its referees: groups of cases, and what each known mistake still earns."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

from grading.referee import Referee, set_seed

START, END = "<!-- table -->", "<!-- end -->"
SEED = 0  # what a mistake earns does not depend on it


def referees(name: str) -> list[Referee]:
    """The referees of a set, in the order of its questions."""
    module = import_module(f"assignments.referees.{name}")
    return [getattr(module, question) for question in module.__all__]


def tables(name: str) -> str:
    """Every question with its groups of cases and the mistakes that are recognised, as Markdown."""
    return "\n\n".join(_question(referee) for referee in referees(name))


def _question(referee: Referee) -> str:
    total = sum(group.weight for group in referee.groups)
    lines = [
        f"### `{referee.name}`: {_points(referee.points)}",
        "",
        "| cases that earn together | points |",
        "| --- | --- |",
    ]
    for group in referee.groups:
        shown = " (shown in the notebook)" if group.visible else ""
        lines.append(f"| {group.title}{shown} | {referee.points * group.weight / total:.3g} |")
    lines += ["", "| mistake that is recognised | hint | still earns |", "| --- | --- | --- |"]
    lines += [
        f"| {mistake.title} | {mistake.hint.replace('|', chr(92) + '|')} | {earned(referee, number):.3g} |"
        for number, mistake in enumerate(referee.mistakes)
    ]
    return "\n".join(lines)


def earned(referee: Referee, number: int) -> float:
    """The points that a mistake leaves."""
    set_seed(SEED)
    try:
        return replace(referee, given=None, ask=None).rule(referee.mistakes[number].variant).points
    finally:
        set_seed(None)


def _points(points: float) -> str:
    return f"{points:g} point{'s' * (points != 1)}"


def filled(text: str, name: str) -> str:
    """A guide with its tables written anew."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{tables(name)}\n\n{END}{after}"


def guides() -> dict[str, Path]:
    """The guides by the names of their sets; what a person marks throughout has no tables."""
    guides = sorted(Path(__file__).parent.glob("*.md"))
    return {path.stem: path for path in guides if START in path.read_text(encoding="utf-8")}
