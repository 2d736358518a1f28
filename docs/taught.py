"""The pages that say what is taught and where it is tried, and that recompute the lectures' numbers."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePath

from docs.plain import plain
from syllabus.coverage import Covered
from syllabus.numbers import Checked
from syllabus.tables import said


def list_of_systems(found: Sequence[Covered], labs: Collection[str]) -> str:
    """Everything the lectures teach, and where it is tried."""
    covered = sum(each.status == "covered" for each in found)
    return "\n".join(
        (
            "# What is taught",
            "",
            f"{covered} of the {len(found)} things that the lectures teach are here: a page that shows it, a function "
            "that is it, a test that proves it. `fovea syllabus` names the function and the test of each.",
            "",
            "| | What | Where it is tried |",
            "|---|---|---|",
            *(_system(each, labs) for each in found),
            "",
        )
    )


def _system(each: Covered, labs: Collection[str]) -> str:
    name = PurePath(each.page).stem
    where = f"[{plain(name)}](labs.md#{name})" if name in labs else plain(each.page)
    return f"| {each.id} | **{plain(each.name)}.** {plain(each.taught)} | {where} |"


def list_of_numbers(found: Sequence[Checked]) -> str:
    """Every number of the lectures beside ours."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in Counter(map(_verdict, found)).most_common())
    return "\n".join(
        (
            "# The lectures' numbers",
            "",
            f"{len(found)} numbers: {counts}. What can be computed is computed by `core`, here and in a test. "
            "`fovea numbers` prints this list.",
            "",
            "| | What | The lecture says | Ours | Verdict | Why |",
            "|---|---|---|---|---|---|",
            *map(_number, found),
            "",
        )
    )


def _number(each: Checked) -> str:
    ours = plain(said(each.ours)) if each.computed and each.ours is not None else ""
    stated = f"{plain(each.stated)} ({' '.join(each.lectures)})"
    return f"| {each.id} | {plain(each.quantity)} | {stated} | {ours} | {_verdict(each)} | {plain(each.reason)} |"


def _verdict(each: Checked) -> str:
    return each.verdict if each.status == "recomputed" else each.status
