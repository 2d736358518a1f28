"""Damage done to a correct notebook: every answer is still found, or one plain sentence asks back."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.errors import Refusal
from grading.limits import DEFAULT
from grading.notebooks.master import Master, open_master
from grading.notebooks.plan import Plan
from grading.notebooks.read import read
from grading.notebooks.rebuild import rebuild
from grading.notebooks.write import executed
from tests.grading.notebooks.detection import MY_ANSWERS, POINTS, TESTS, answered, at, marking, source

Notebook = dict[str, Any]
MASTER: Master = open_master(nbformat.writes(source()).encode(), name="det")
RELEASE = MASTER.release()


def mine() -> Notebook:
    return answered(RELEASE)


def plan_of(notebook: Notebook | bytes, master: Master = MASTER, file: str = "det.ipynb") -> Plan:
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    return rebuild(master, read(data, file=file, limits=DEFAULT), file=file)


def run(plan: Plan) -> dict[str, float]:
    """Points as a plain interpreter would give them: every cell in order, a test's points if it raises nothing."""
    space: dict[str, Any] = {}
    points = {}
    for step in plan.steps:
        try:
            if step.kind != "text":
                exec(step.source, space)
            if step.kind == "test":
                points[step.question.id] = step.question.points
        except Exception:
            if step.kind == "test":
                points[step.question.id] = 0.0
    return points


def assert_all_answers(plan: Plan) -> None:
    assert [question.id for question in plan.questions] == [question.id for question in MASTER.questions]
    tests = {step.grade_id: step.source for step in plan.steps if step.kind == "test"}
    assert tests == {cell.grade_id: cell.source for cell in MASTER.cells if cell.role == "test"}
    assert run(plan) == {f"test_{name}": POINTS for name in TESTS}
    assert plan.answer("why").source == MY_ANSWERS["why"]
    assert not any(step.unanswered for step in plan.steps)


# The kinds of damage, each a function on a correct notebook.


def strip(*names: str) -> Callable[[Notebook], None]:
    def damage(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            if not names or cell["metadata"].get("nbgrader", {}).get("grade_id") in names:
                cell["metadata"] = {}

    return damage


def strip_all_and_ids(notebook: Notebook) -> None:
    strip()(notebook)
    no_ids(notebook)


def no_ids(notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell.pop("id", None)
    notebook["nbformat_minor"] = 4


def solution_metadata_lost_and_ids(notebook: Notebook) -> None:
    strip(*MY_ANSWERS)(notebook)
    no_ids(notebook)


def edited_test(notebook: Notebook) -> None:
    notebook["cells"][at(notebook, "test_iou")]["source"] = "pass"


def retyped_test(notebook: Notebook) -> None:
    notebook["cells"][at(notebook, "test_iou")]["cell_type"] = "markdown"


def points_changed(notebook: Notebook) -> None:
    notebook["cells"][at(notebook, "test_iou")]["metadata"]["nbgrader"]["points"] = 100


def delete(*names: str) -> Callable[[Notebook], None]:
    def damage(notebook: Notebook) -> None:
        for name in names:
            del notebook["cells"][at(notebook, name)]

    return damage


def duplicate(name: str) -> Callable[[Notebook], None]:
    def damage(notebook: Notebook) -> None:
        place = at(notebook, name)
        twin = copy.deepcopy(notebook["cells"][place])
        twin["id"] = "a-copy"
        notebook["cells"].insert(place + 1, twin)

    return damage


def duplicated_with_the_stub(notebook: Notebook) -> None:
    duplicate("iou")(notebook)
    stub = json.loads(RELEASE)["cells"]
    notebook["cells"][at(notebook, "iou")]["source"] = stub[at(json.loads(RELEASE), "iou")]["source"]


def extra_graded_cell(notebook: Notebook) -> None:
    notebook["cells"].insert(
        3, {"cell_type": "code", "source": "1 + 1", "outputs": [], "metadata": marking("bonus", points=50, grade=True)}
    )


def homoglyph(notebook: Notebook) -> None:
    notebook["cells"][at(notebook, "iou")]["metadata"]["nbgrader"]["grade_id"] = "i\u043eu"


def homoglyph_without_ids(notebook: Notebook) -> None:
    homoglyph(notebook)
    notebook["cells"][at(notebook, "why")]["metadata"]["nbgrader"]["grade_id"] = "whу"  # noqa: RUF001
    no_ids(notebook)


def moved_tests(notebook: Notebook) -> None:
    notebook["cells"].sort(key=lambda cell: not cell["metadata"].get("nbgrader", {}).get("grade"))


def backwards(notebook: Notebook) -> None:
    notebook["cells"].reverse()


def retype(name: str, cell_type: str) -> Callable[[Notebook], None]:
    def damage(notebook: Notebook) -> None:
        cell = notebook["cells"][at(notebook, name)]
        cell["cell_type"] = cell_type
        cell.pop("outputs", None)
        cell.pop("execution_count", None)

    return damage


def retyped_and_stripped(notebook: Notebook) -> None:
    retype("nms", "raw")(notebook)
    strip_all_and_ids(notebook)


def kernelspec(notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "julia-9", "display_name": "?", "language": "julia"}


def minor_99(notebook: Notebook) -> None:
    notebook["nbformat_minor"] = 99


def nbformat_5(notebook: Notebook) -> None:
    notebook["nbformat"] = 5


def huge_output(notebook: Notebook) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 10_000_000}, "metadata": {}}
    notebook["cells"][at(notebook, "iou")]["outputs"] = [picture]


def shell_and_input(notebook: Notebook) -> None:
    notebook["cells"].insert(2, {"cell_type": "code", "source": "!pip install x", "metadata": {}, "outputs": []})
    notebook["cells"].insert(3, {"cell_type": "code", "source": "name = input()", "metadata": {}, "outputs": []})


def helper_added(notebook: Notebook) -> None:
    place = at(notebook, "recall")
    notebook["cells"][place]["source"] = "def recall(hits, targets):\n    return ratio(hits, targets)"
    helper = {"cell_type": "code", "source": "def ratio(a, b):\n    return a / b", "metadata": {}, "outputs": []}
    notebook["cells"].insert(place, helper)


def helper_added_and_tests_first(notebook: Notebook) -> None:
    helper_added(notebook)
    moved_tests(notebook)


def helper_after_the_answer(notebook: Notebook) -> None:
    helper_added(notebook)
    place = at(notebook, "recall")
    cells = notebook["cells"]
    cells[place - 1], cells[place] = cells[place], cells[place - 1]
    delete("test_recall")(notebook)


def answers_swapped(notebook: Notebook) -> None:
    helper_added(notebook)  # helper and answer of `recall` move together before the text of `precision`
    place = at(notebook, "recall")
    helper, answer = notebook["cells"].pop(place - 1), notebook["cells"].pop(place - 1)
    before = at(notebook, "iou-text")
    notebook["cells"][before:before] = [helper, answer]


def merged_answers(notebook: Notebook) -> None:
    one, other = at(notebook, "precision"), at(notebook, "recall")
    notebook["cells"][one]["source"] += "\n\n" + notebook["cells"][other]["source"]
    del notebook["cells"][other]


def imports_changed(notebook: Notebook) -> None:
    notebook["cells"][at(notebook, "imports")]["source"] = "import math\nimport statistics"


def answers_in_other_words(notebook: Notebook) -> None:
    """Nothing of the stub is left but the names, and nothing but the names can tell."""
    strip_all_and_ids(notebook)
    for cell in notebook["cells"]:
        if cell["source"].startswith("def recall"):
            cell["source"] = "divide = lambda a, b: a / b\nrecall = divide"


HARMLESS: dict[str, Callable[[Notebook], None]] = {
    "untouched": lambda _: None,
    "solution metadata lost": strip(*MY_ANSWERS),
    "solution metadata and cell ids lost": solution_metadata_lost_and_ids,
    "all metadata lost": strip(),
    "all metadata and all cell ids lost": strip_all_and_ids,
    "test metadata lost": strip("test_iou"),
    "test edited": edited_test,
    "test turned into text": retyped_test,
    "test deleted": delete("test_iou"),
    "all tests deleted": delete(*(f"test_{name}" for name in TESTS)),
    "locked helper deleted": delete("area"),
    "texts deleted": delete("intro", "iou-text", "end"),
    "imports deleted": delete("imports"),
    "imports changed": imports_changed,
    "points changed": points_changed,
    "test twice": duplicate("test_iou"),
    "answer twice": duplicate("iou"),
    "answer twice, once untouched": duplicated_with_the_stub,
    "written answer twice": duplicate("why"),
    "helper twice": duplicate("area"),
    "extra graded cell": extra_graded_cell,
    "lookalike id": homoglyph,
    "lookalike ids without cell ids": homoglyph_without_ids,
    "tests first": moved_tests,
    "backwards": backwards,
    "answer turned into text": retype("iou", "markdown"),
    "answer turned into raw text": retype("iou", "raw"),
    "written answer turned into code": retype("why", "code"),
    "answer turned into raw text, everything lost": retyped_and_stripped,
    "unknown kernel": kernelspec,
    "no cell ids": no_ids,
    "minor version 99": minor_99,
    "format 5": nbformat_5,
    "10 MB of output": huge_output,
    "shell and input": shell_and_input,
    "helper of their own": helper_added,
    "helper of their own, tests first": helper_added_and_tests_first,
    "helper after the answer, its test deleted": helper_after_the_answer,
    "answers swapped with a helper": answers_swapped,
    "answers in other words": answers_in_other_words,
}


@pytest.mark.parametrize("damage", HARMLESS.values(), ids=HARMLESS.keys())
def test_finds_every_answer_in_spite_of(damage: Callable[[Notebook], None]) -> None:
    notebook = mine()
    damage(notebook)
    assert_all_answers(plan_of(notebook))


def as_format_3(notebook: Notebook) -> Notebook:
    cells = []
    for cell in notebook["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        if cell["cell_type"] == "code":
            old |= {"input": cell["source"], "language": "python", "outputs": [], "collapsed": False}
        elif cell["source"].startswith("## ") and "\n" not in cell["source"]:
            old |= {"cell_type": "heading", "level": 2, "source": cell["source"][3:]}
        else:
            old |= {"source": cell["source"]}
        cells.append(old)
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda data: data.decode().encode("utf-16-be"),
    "UTF-32": lambda data: data.decode().encode("utf-32"),
    "NaN": lambda data: data.replace(b'"metadata":', b'"x": NaN, "metadata":', 1),
    "huge number": lambda data: data.replace(b'"metadata":', b'"x": ' + b"9" * 100_000 + b', "metadata":', 1),
    "doubled key": lambda data: data.replace(b'"cell_type":', b'"source": "raise SystemExit", "cell_type":', 1),
    "broken byte in a text": lambda data: data.replace(b"That is all", b"That is\xff all", 1),
    "Windows line ends": lambda data: data.replace(b"\\n", b"\\r\\n"),
    "NUL in an answer": lambda data: data.replace(b"def iou(a, b):", b"def iou(a, b):\\u0000", 1),
    "format 3": lambda data: json.dumps(as_format_3(json.loads(data))).encode(),
    "format 2": lambda data: json.dumps(as_format_3(json.loads(data)) | {"nbformat": 2}).encode(),
    "zeros after the end": lambda data: data + b"\n\0\0\0",
}


@pytest.mark.parametrize("damage", BYTES.values(), ids=BYTES.keys())
def test_finds_every_answer_in_bytes_with(damage: Callable[[bytes], bytes]) -> None:
    assert_all_answers(plan_of(damage(json.dumps(mine()).encode())))


def test_finds_every_answer_in_a_renamed_file() -> None:
    assert_all_answers(plan_of(mine(), file="det (1).ipynb"))


def test_asks_back_when_an_answer_has_two_versions() -> None:
    notebook = mine()
    duplicate("iou")(notebook)
    notebook["cells"][at(notebook, "a-copy")]["source"] = "def iou(a, b):\n    return 1"
    with pytest.raises(Refusal) as caught:
        plan_of(notebook)
    assert str(caught.value) == (
        'det.ipynb, cell 5: Cell 6 holds another version of the answer to "iou" (The function iou). '
        "Keep one of cells 5 and 6 and delete the rest, or join them into one."
    )


def test_asks_back_when_two_unmarked_cells_define_the_answer() -> None:
    notebook = mine()
    strip_all_and_ids(notebook)
    place = next(index for index, cell in enumerate(notebook["cells"]) if cell["source"].startswith("def iou"))
    notebook["cells"].insert(place, {"cell_type": "code", "metadata": {}, "source": "def iou(a, b):\n    return 1"})
    with pytest.raises(Refusal, match="Keep one of cells 5 and 6"):
        plan_of(notebook)


def test_asks_back_when_any_of_two_texts_may_be_the_written_answer() -> None:
    notebook = mine()
    strip_all_and_ids(notebook)
    notebook["cells"].insert(
        at_text(notebook, MY_ANSWERS["why"]), {"cell_type": "markdown", "source": "Hm.", "metadata": {}}
    )
    with pytest.raises(Refusal, match=r'another version of the answer to "why".*Keep one of cells 20 and 21'):
        plan_of(notebook)


def at_text(notebook: Notebook, text: str) -> int:
    return next(index for index, cell in enumerate(notebook["cells"]) if cell["source"] == text)


def test_refuses_a_notebook_of_another_kind() -> None:
    other = {"nbformat": 4, "cells": [{"cell_type": "code", "source": "print('hello')", "metadata": {}}]}
    with pytest.raises(Refusal, match=r'No answer to "det" can be found.*Hand in the notebook you were given'):
        plan_of(other)


def test_refuses_another_assignment_that_uses_the_same_ids() -> None:
    other = mine()
    for cell in other["cells"]:
        cell["source"] = "x = 1" if cell["cell_type"] == "code" else "Something else entirely, a long text"
        cell["id"] = "other-" + cell["id"]
    with pytest.raises(Refusal, match='belongs to another assignment than "det"'):
        plan_of(other)


def test_refuses_another_assignment_with_other_ids() -> None:
    cells = [{"cell_type": "code", "source": "x = 1", "metadata": marking("q9", solution=True)}]
    with pytest.raises(Refusal, match='belongs to another assignment than "det"'):
        plan_of({"nbformat": 4, "cells": cells})


def test_counts_a_deleted_answer_as_unanswered_and_grades_the_rest() -> None:
    notebook = mine()
    delete("recall", "why")(notebook)
    plan = plan_of(notebook)
    assert run(plan) == {f"test_{name}": POINTS for name in TESTS} | {"test_recall": 0.0}
    assert plan.answer("recall").unanswered
    assert plan.answer("why").unanswered
    assert any('no cell with the answer to "recall" (The function recall)' in note for note in plan.notes)


def test_runs_two_answers_that_were_joined_into_one_cell() -> None:
    notebook = mine()
    merged_answers(notebook)
    plan = plan_of(notebook)
    assert run(plan) == {f"test_{name}": POINTS for name in TESTS}


def test_takes_what_was_handed_out_for_no_answer() -> None:
    plan = plan_of(json.loads(RELEASE))
    assert run(plan) == {f"test_{name}": 0.0 for name in TESTS}
    assert {step.grade_id for step in plan.steps if step.unanswered} == set(MY_ANSWERS)
    assert plan.notes == ()


def test_gives_the_instructors_own_notebook_full_marks() -> None:
    plan = plan_of(nbformat.writes(source()).encode())
    assert run(plan) == {f"test_{name}": POINTS for name in TESTS}
    assert not any(step.unanswered for step in plan.steps)


def test_gives_prose_in_place_of_code_no_chance_to_be_code() -> None:
    notebook = mine()
    retype("iou", "markdown")(notebook)
    notebook["cells"][at(notebook, "iou")]["source"] = "I could not do this one, sorry."
    plan = plan_of(notebook)
    assert plan.answer("iou").unanswered
    assert plan.answer("iou").kind == "text"


def test_never_runs_the_students_copy_of_a_test() -> None:
    notebook = mine()
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["source"] = "FORGED = True"
    assert not any("FORGED" in step.source for step in plan_of(notebook).steps if step.grade_id != "why")


def test_tells_what_the_judge_runs_where_a_student_changed_the_imports() -> None:
    notebook = mine()
    imports_changed(notebook)
    plan = plan_of(notebook)
    step = next(step for step in plan.steps if "statistics" in step.source)
    assert (step.kind, step.judge_source) == ("run", "import math")
    assert next(step for step in plan.steps if step.grade_id == "area").kind == "set up"


@pytest.mark.parametrize("changed", [False, True], ids=["as handed out", "changed by the student"])
def test_lets_the_judge_pass_over_what_the_instructor_tagged_and_nothing_else(changed: bool) -> None:
    notebook = source()
    plain = next(cell for cell in notebook.cells if cell.source == "import math")
    plain.metadata["tags"] = ["explore"]
    master = open_master(nbformat.writes(notebook).encode(), name="det")
    handed_in = answered(master.release())
    for cell in handed_in["cells"]:
        cell["metadata"]["tags"] = (
            [] if cell["source"] == "import math" else ["explore"]
        )  # a student's tags say nothing
    if changed:
        imports_changed(handed_in)
    before, after = plan_of(notebook=handed_in).steps, plan_of(handed_in, master).steps
    assert [step.source for step in after] == [step.source for step in before]
    moved = [(one.judge_source, two.judge_source) for one, two in zip(before, after, strict=True) if one != two]
    assert moved == [("import math", "")]
    assert [step.explores for step in after].count(True) == 1


def test_links_every_answer_to_the_tests_that_follow() -> None:
    plan = plan_of(mine())
    assert {step.grade_id: step.answer_to for step in plan.steps if step.answer_to} == {
        **{name: (f"test_{name}",) for name in TESTS},
        "why": ("why",),
    }


def test_says_what_it_mended() -> None:
    notebook = mine()
    points_changed(notebook)
    edited_test(notebook)
    delete("area")(notebook)
    assert plan_of(notebook).notes == (
        'The cell "area" was missing; it was put back.',
        "Cell 5 is not for you to change; the original was used.",
        "The points written in cell 5 do not count; the assignment's do.",
    )


def test_only_mentions_an_id_that_looks_like_ours_in_the_wrong_place() -> None:
    notebook = mine()
    no_ids(notebook)
    answer = notebook["cells"].pop(at(notebook, "why"))
    answer["metadata"]["nbgrader"]["grade_id"] = "w-h-y"
    notebook["cells"][0:0] = [answer, {"cell_type": "markdown", "source": "P.S. I liked it.", "metadata": {}}]
    assert plan_of(notebook).answer("why").unanswered  # any text could stand there, so the id alone is not enough


def test_lets_an_id_that_looks_like_ours_settle_what_place_and_likeness_leave_open() -> None:
    master = source()
    for name in MY_ANSWERS:
        cell = master["cells"][at(master, name)]
        if cell["cell_type"] == "code":
            cell["source"] = "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION\nprint('what you print')\nprint('counts')"
    bare = open_master(nbformat.writes(master).encode(), name="det")
    notebook = json.loads(bare.release())
    no_ids(notebook)
    place = at(notebook, "iou")
    wrong, right = copy.deepcopy(notebook["cells"][place]), notebook["cells"][place]
    wrong |= {"source": "print(3)\nprint('what you print')\nprint('counts')", "metadata": {}}
    right |= {
        "source": "print(2)\nprint('what you print')\nprint('counts')",
        "metadata": marking("I-O-U", solution=True),
    }
    notebook["cells"].insert(place + 1, wrong)
    plan = plan_of(notebook, bare)
    assert plan.answer("iou").source == right["source"]
    right["metadata"] = {}
    assert plan_of(notebook, bare).answer("iou").unanswered  # two cells as like: nobody can tell
    assert plan_of(notebook, bare).answer("nms").source == bare.cells[7].released


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_gives_the_same_answers_however_the_other_cells_are_shuffled(chance: random.Random) -> None:
    notebook = mine()
    answers = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") in MY_ANSWERS]
    others = [cell for cell in notebook["cells"] if cell not in answers]
    kept = [copy.deepcopy(cell) for cell in others for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    chance.shuffle(kept)
    for answer in answers:
        kept.insert(chance.randint(0, len(kept)), answer)
    if not any(cell["metadata"].get("nbgrader", {}).get("grade") for cell in kept):
        kept += others
    notebook["cells"] = kept
    assert_all_answers(plan_of(notebook))


@settings(deadline=None, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_gives_the_same_plan_for_the_notebook_it_executed(chance: random.Random) -> None:
    notebook = mine()
    for cell in notebook["cells"]:
        if chance.random() < 0.2 and cell["metadata"].get("nbgrader", {}).get("grade_id") not in MY_ANSWERS:
            cell["source"] = "changed = True"
        elif chance.random() < 0.1:
            notebook["cells"] = [*notebook["cells"], copy.deepcopy(cell)]  # its ids and all
    chance.shuffle(notebook["cells"])
    for number in range(chance.randint(0, 4)):
        place = chance.randint(0, len(notebook["cells"]))
        notebook["cells"].insert(place, {"cell_type": "code", "source": f"own_{number} = 1", "metadata": {}})
    first = plan_of(notebook)
    again = plan_of(executed(first, {}))

    def what(plan: Plan) -> list[tuple[Any, ...]]:
        return [
            (s.kind, s.source, s.cell_type, s.question, s.answer_to, s.hidden_lines, s.judge_source, s.unanswered)
            for s in plan.steps
        ]

    assert what(again) == what(first)
