"""Answers that were typed outside a notebook, put into the notebook that students were given."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.notebooks.master import Master, MasterCell


def editable(cell: "MasterCell") -> bool:
    """Whether students may write into a cell: answers, and code that is nobody's test."""
    return cell.is_answer or (cell.role == "plain" and cell.cell_type == "code")


def filled(master: "Master", answers: Mapping[str, str]) -> bytes:
    """The released notebook with these answers, by cell id; what is not for students to write stays as it is."""
    notebook = json.loads(master.release())
    mine = {cell.id for cell in master.cells if editable(cell)}
    for cell in notebook["cells"]:
        if cell.get("id") in mine and cell["id"] in answers:
            cell["source"] = answers[cell["id"]]
    return json.dumps(notebook).encode()
