"""A small realistic assignment: five functions, hidden tests, a question for a person, a locked helper."""

import json
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ANSWERS = {
    "iou": '''def iou(a, b):
    """Intersection over union of two boxes (x1, y1, x2, y2)."""
    ### BEGIN SOLUTION
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = max(width, 0) * max(height, 0)
    return inter / (area(a) + area(b) - inter)
    ### END SOLUTION''',
    "nms": '''def nms(boxes, confidences, threshold):
    """The indices that survive."""
    ### BEGIN SOLUTION
    kept = []
    for index in sorted(range(len(boxes)), key=lambda i: -confidences[i]):
        if all(iou(boxes[index], boxes[k]) <= threshold for k in kept):
            kept.append(index)
    return kept
    ### END SOLUTION''',
    "output_side": "def output_side(side, kernel, stride):\n    return (side - kernel) // stride + 1",
    "precision": """def precision(hits, detections):
    ### BEGIN SOLUTION
    return hits / detections
    ### END SOLUTION""",
    "recall": """def recall(hits, targets):
    ### BEGIN SOLUTION
    return hits / targets
    ### END SOLUTION""",
}
TESTS = {
    "iou": ("assert iou((0, 0, 2, 2), (0, 0, 2, 2)) == 1", "assert iou((0, 0, 1, 1), (5, 5, 6, 6)) == 0"),
    "nms": ("assert nms([(0, 0, 2, 2), (0, 0, 2, 2)], [.5, .9], .5) == [1]", "assert nms([], [], .5) == []"),
    "output_side": ("assert output_side(227, 11, 4) == 55", ""),
    "precision": ("assert precision(1, 2) == 0.5", "assert precision(3, 4) == 0.75"),
    "recall": ("assert recall(1, 2) == 0.5", "assert recall(1, 4) == 0.25"),
}
POINTS = 2
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def marking(grade_id: str, *, points: float | None = None, **flags: bool) -> dict[str, Any]:
    found = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3} | flags
    return {"nbgrader": found | {"grade_id": grade_id} | ({} if points is None else {"points": points})}


def source() -> nbformat.NotebookNode:
    """The instructor's notebook."""
    cells = [
        new_markdown_cell("# Detection\n\nFive functions that every detector needs.", id="intro"),
        new_code_cell("import math", id="imports"),
        new_code_cell(
            "def area(box):\n    return (box[2] - box[0]) * (box[3] - box[1])",
            id="helper",
            metadata=marking("area", locked=True),
        ),
    ]
    for name, answer in ANSWERS.items():
        shown, hidden = TESTS[name]
        test = f"{shown}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS" if hidden else shown
        cells += [
            new_markdown_cell(f"## The function `{name}`\n\nWrite it.", id=f"{name}-text"),
            new_code_cell(answer, id=f"{name}-answer", metadata=marking(name, solution=True)),
            new_code_cell(
                test, id=f"{name}-test", metadata=marking(f"test_{name}", points=POINTS, grade=True, locked=True)
            ),
        ]
    cells += [
        new_markdown_cell("## Why?\n\nWhy does NMS come last?", id="why-text"),
        new_markdown_cell(
            "Because the network scores every box alone.",
            id="why-answer",
            metadata=marking("why", points=3, grade=True, solution=True),
        ),
        new_markdown_cell("That is all.", id="end"),
    ]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "celltoolbar": "Create Assignment",
    }
    return new_notebook(cells=cells, metadata=metadata)


MY_ANSWERS = {
    name: answer.replace("    ### BEGIN SOLUTION\n", "").replace("\n    ### END SOLUTION", "")
    for name, answer in ANSWERS.items()
}
MY_ANSWERS["why"] = "Because boxes *overlap* and are scored one by one."


def answered(release: bytes) -> dict[str, Any]:
    """The released notebook with correct answers in it, as a dictionary to damage."""
    notebook = json.loads(release)
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in MY_ANSWERS:
            cell["source"] = MY_ANSWERS[name]
    return notebook


def at(notebook: dict[str, Any], name: str) -> int:
    """Where the cell with this grade id or cell id is."""
    for index, cell in enumerate(notebook["cells"]):
        if name in (cell.get("id"), cell["metadata"].get("nbgrader", {}).get("grade_id")):
            return index
    raise KeyError(name)
