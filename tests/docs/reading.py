"""Reading a tutorial: its commands with what they are said to print, and the files it asks its reader to save.

A comment right above a block of commands, which readers of the site do not see, may say `served` (a command that goes
on until it is stopped) or `not run: why`.
"""

import re
from dataclasses import dataclass
from pathlib import Path

TUTORIALS = sorted((Path(__file__).resolve().parents[2] / "docs/tutorials").glob("*.md"))
_BLOCK = re.compile(
    r'^(?:<!-- (?P<note>[^\n]+) -->\n)?```(?P<kind>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$',
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Command:
    line: str
    prints: str


@dataclass(frozen=True)
class Block:
    kind: str
    text: str
    title: str  # the name of the file that a reader saves it as; empty if it is none
    note: str

    @property
    def served(self) -> bool:
        return self.note == "served"

    @property
    def not_run(self) -> str:
        """Why not; empty if it is run."""
        return self.note.removeprefix("not run: ") if self.note.startswith("not run: ") else ""

    @property
    def commands(self) -> list[Command]:
        """What follows each "$ ", and the lines below it."""
        if self.kind != "console":
            return []
        before, *parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)
        assert before == "", f"a block of commands begins with a command, not with {before!r}"
        return [Command(*part.split("\n", 1)) for part in parts]


def blocks(text: str) -> list[Block]:
    """All that stands between fences."""
    return [
        Block(found["kind"], found["text"], found["title"] or "", found["note"] or "")
        for found in _BLOCK.finditer(text)
    ]
