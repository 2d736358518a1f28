"""One program on one of COCO's problems, in a process of its own: what it took and what it found, as one line of JSON.

python -m benchmarks.coco_programs PROGRAM arrays|files FOLDER

`arrays`: everything is loaded in the program's own form before the clock starts. `files`: from the two JSON files.
Imports are never counted, first calls are. The memory is what the process holds at most beyond what it held before.
"""

import contextlib
import io
import json
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

Form: TypeAlias = str  # "arrays" or "files"
Evaluation: TypeAlias = Callable[[], Sequence[float]]  # the twelve numbers
TRUTH, ANSWERS, ARRAYS = "truth.json", "answers.json", "problem.npz"


def fovea(folder: Path, form: Form) -> Evaluation:
    """Ours."""
    import pyarrow.csv  # noqa: F401 - the reader of files imports it at its first call

    from core.measure.coco.reading import read
    from core.measure.coco.records import Answers, Problem, Truths
    from core.measure.coco.scores import evaluate, numbers

    def scored(problem: Problem) -> Sequence[float]:
        return list(numbers(*evaluate(problem)).values())

    if form == "files":
        return lambda: scored(read((folder / TRUTH).read_bytes(), (folder / ANSWERS).read_bytes()).problem)
    held = dict(np.load(folder / ARRAYS))
    image, label, area, crowd, boxes = (held[f"true_{name}"] for name in ("image", "label", "area", "crowd", "boxes"))
    truths = Truths(image, label, area, crowd, crowd, boxes)
    answers = Answers(*(held[f"said_{name}"] for name in ("image", "label", "confidence", "area", "boxes")))
    problem = Problem(int(held["images"]), int(held["classes"]), truths, answers)
    return lambda: scored(problem)


def pycocotools(folder: Path, form: Form) -> Evaluation:
    """COCO's own."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    return _like_coco(COCO, COCOeval, folder, form)


def faster_coco_eval(folder: Path, form: Form) -> Evaluation:
    """C++."""
    from faster_coco_eval import COCO, COCOeval_faster

    return _like_coco(COCO, COCOeval_faster, folder, form)


def hotcoco(folder: Path, form: Form) -> Evaluation:
    """Rust."""
    from hotcoco import COCO, COCOeval

    return _like_coco(COCO, COCOeval, folder, form)


def ultrafast_pycocotools(folder: Path, form: Form) -> Evaluation:
    """Rust."""
    from ultrafast_pycocotools import COCO, COCOeval

    return _like_coco(COCO, COCOeval, folder, form)


def vernier(folder: Path, form: Form) -> Evaluation:
    """Rust; from arrays it gets its columns of detections and its data set."""
    from vernier.instance import CocoDataset, Evaluator

    judge = Evaluator(parity_mode="strict")
    if form == "files":
        return lambda: judge.evaluate((folder / TRUTH).read_bytes(), (folder / ANSWERS).read_bytes()).stats
    held = dict(np.load(folder / ARRAYS))
    truths = CocoDataset.from_json((folder / TRUTH).read_bytes())
    image, label = held["said_image"] + 1, held["said_label"] + 1
    matrix = np.column_stack([image, held["said_boxes"], held["said_confidence"], label]).astype(np.float64)
    return lambda: judge.evaluate(truths, matrix).stats


PROGRAMS: dict[str, Callable[[Path, Form], Evaluation]] = {
    "fovea": fovea,
    "pycocotools": pycocotools,
    "faster-coco-eval": faster_coco_eval,
    "hotcoco": hotcoco,
    "ultrafast-pycocotools": ultrafast_pycocotools,
    "vernier": vernier,
}


def _like_coco(coco: Any, judge: Any, folder: Path, form: Form) -> Evaluation:
    """All that have COCO's classes; they print, and that is taken away."""

    def loaded() -> tuple[Any, Any]:
        truth = coco(str(folder / TRUTH))
        return truth, truth.loadRes(str(folder / ANSWERS))

    def scored(truth: Any, answers: Any) -> Sequence[float]:
        verdict = judge(truth, answers, "bbox")
        verdict.evaluate()
        verdict.accumulate()
        verdict.summarize()
        return list(verdict.stats)[:12]

    if form == "files":
        return lambda: scored(*loaded())
    both = loaded()
    return lambda: scored(*both)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)  # of all threads
    return used.ru_utime + used.ru_stime


def _memory(what: str) -> float:
    """Of this process in MB: `VmRSS` now, `VmHWM` at most since it was set back."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{what}:"))


def main(program: str, form: Form, folder: Path) -> dict[str, Any]:
    """Load, then evaluate once."""
    warnings.simplefilter("ignore")
    quiet = os.dup(1)
    with contextlib.redirect_stdout(io.StringIO()), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # compiled ones print past Python
        evaluation = PROGRAMS[program](folder, form)
        before = _memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        wall, cpu = time.perf_counter(), _cpu()
        numbers = [float(value) for value in evaluation()]
        wall, cpu = time.perf_counter() - wall, _cpu() - cpu
        memory = _memory("VmHWM") - before
    os.dup2(quiet, 1)
    return {"wall": wall, "cpu": cpu, "memory": memory, "numbers": numbers}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))), flush=True)
