"""Writing notebooks: what students are given, what was executed, and the copy of it that students may see.

Format 4.5, as nbformat writes it, with nbgrader's marking (schema version 3) and checksums, so that nbgrader's own
formgrader and feedback read them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from grading.notebooks.cells import Attachment, CellType, Marking

if TYPE_CHECKING:
    from grading.notebooks.master import Master, MasterCell
    from grading.notebooks.plan import Plan, Step

Output = Mapping[str, Any]
_HIDDEN = "# The rest of this test is hidden."


def checksum(marking: Marking, cell_type: CellType, source: str) -> str:
    """nbgrader's `compute_checksum`: an MD5 over what must not change. It recognises, it does not protect."""
    digest = hashlib.md5(usedforsecurity=False)
    locked = not marking.solution and (marking.grade or marking.locked)
    for part in (source, cell_type, str(marking.grade), str(marking.solution), str(locked), marking.grade_id):
        digest.update(part.encode())
    if marking.grade:
        digest.update(str(float(marking.points or 0.0)).encode())
    return digest.hexdigest()


def answer_metadata(cell: "MasterCell") -> dict[str, Any]:
    """For an answer: with the checksum of what was handed out, by which nbgrader knows an unchanged answer."""
    return _metadata(cell, cell.released)


def fixed_metadata(cell: "MasterCell") -> dict[str, Any]:
    """For a cell of the instructor's: with the checksum of its full source."""
    return _metadata(cell, cell.source)


def _metadata(cell: "MasterCell", source: str) -> dict[str, Any]:
    kept = {key: value for key, value in cell.metadata.items() if key not in ("nbgrader", "collapsed", "scrolled")}
    marking = cell.marking
    if marking is None or not (marking.grade or marking.solution or marking.locked or marking.task):
        return kept
    written: dict[str, Any] = {
        "grade": marking.grade,
        "grade_id": marking.grade_id,
        "locked": marking.locked,
        "schema_version": 3,
        "solution": marking.solution,
        "task": marking.task,
    }
    if marking.grade or marking.task:
        written["points"] = marking.points or 0.0
    if marking.grade or marking.solution or marking.locked:
        written["checksum"] = checksum(marking, cell.cell_type, source)
        written["cell_type"] = cell.cell_type
    kept["nbgrader"] = written
    if marking.solution or marking.grade or marking.locked:
        kept["deletable"] = False
    if not marking.solution and (marking.grade or marking.locked):
        kept["editable"] = False
    return kept


def released(master: "Master") -> bytes:
    """The notebook students are given: solutions, hidden tests, marking schemes and outputs cleared."""
    cells = (
        _cell(cell.cell_type, cell.released, cell.id, _metadata(cell, cell.released), cell.attachments)
        for cell in master.cells
    )
    return _notebook(cells, master.metadata)


def executed(plan: "Plan", outputs: Mapping[int, Sequence[Output]]) -> bytes:
    """What was run, with the outputs of each step (by its index): for the instructor, hidden tests included."""
    cells = (
        _cell(step.cell_type, step.source, step.id, step.metadata, step.attachments, outputs.get(index, ()), index)
        for index, step in enumerate(plan.steps)
    )
    return _notebook(cells, plan.metadata)


def feedback_copy(plan: "Plan", outputs: Mapping[int, Sequence[Output]]) -> bytes:
    """The same for the student: of a test with a hidden part the visible part only, and none of its outputs."""
    cells = (
        _cell(
            step.cell_type,
            _shown(step),
            step.id,
            _unsigned(step.metadata) if step.hidden else step.metadata,
            step.attachments,
            () if step.hidden else outputs.get(index, ()),
            index,
        )
        for index, step in enumerate(plan.steps)
    )
    return _notebook(cells, plan.metadata)


def _shown(step: "Step") -> str:
    """What a student may read of it: no hidden test, and of a task no marking scheme."""
    if not step.hidden:
        return step.visible_source or step.source
    return f"{step.visible_source}\n{_HIDDEN}" if step.visible_source.strip() else _HIDDEN


def _unsigned(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Without the checksum: one of a hidden test would let a guess at its text be confirmed."""
    marking = {key: value for key, value in metadata.get("nbgrader", {}).items() if key != "checksum"}
    return {**metadata, "nbgrader": marking}


def _cell(
    cell_type: CellType,
    source: str,
    cell_id: str,
    metadata: Mapping[str, Any],
    attachments: Iterable[Attachment] = (),
    outputs: Sequence[Output] = (),
    index: int = -1,
) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": cell_type, "id": cell_id, "metadata": dict(metadata), "source": source}
    if cell_type == "code":
        cell["execution_count"] = index + 1 if index >= 0 else None
        cell["outputs"] = [dict(output) for output in outputs]
    elif cell_type == "markdown":
        bundles: dict[str, dict[str, str]] = {}
        for attachment in attachments:
            bundles.setdefault(attachment.name, {})[attachment.kind] = attachment.base64
        if bundles:
            cell["attachments"] = bundles
    return cell


def _notebook(cells: Iterable[dict[str, Any]], metadata: Mapping[str, Any]) -> bytes:
    """As JSON; every cell gets an id of its own, made from its place where it has none, so that twice is the same."""
    written = list(cells)
    used: set[str] = set()
    for index, cell in enumerate(written):
        name, tries = cell["id"] or f"cell-{index}", 0
        while name in used:
            name, tries = f"{cell['id'][:50]}-{index}-{tries}", tries + 1
        used.add(name)
        cell["id"] = name
    found = {
        "cells": written,
        "metadata": {key: value for key, value in metadata.items() if key != "celltoolbar"},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    try:
        text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
    except ValueError:  # an output holds NaN, which Python calls JSON and browsers do not
        found = json.loads(json.dumps(found), parse_constant=lambda _: None)
        text = json.dumps(found, ensure_ascii=False, indent=1)
    return (text + "\n").encode(errors="replace")
