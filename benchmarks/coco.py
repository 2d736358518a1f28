"""COCO's twelve numbers of 5,000 pictures, 38,000 things and 450,000 detections in 80 classes, beside five programs.

Drawn once: a long tail of classes, 1 % crowds, detections near things and far off, confidences of four decimals, so
that most of them are equal to others, in shuffled order. A second problem is a crowd: 200 pictures of one class, a
hundred things and a hundred detections in each, most of them overlapping. Every run is a process of its own, program
after program, in rounds; the slower ones run less often. *From arrays*: what is loaded in the program's own form before
is not counted. *From files*: from two JSON files of 46 MB in all to the numbers. CPU seconds are those of all threads,
so that a busy machine changes little; wall seconds say as much about the machine. Imports are never counted. All
numbers of all programs are compared at the end.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.coco_programs import ANSWERS, ARRAYS, TRUTH
from benchmarks.results import Goal, Row, Section, Series
from benchmarks.serve import ROOT
from core.measure.coco.records import Answers, Problem, Truths

OURS, PATIENCE = "fovea", 600.0
COMPILED = ("hotcoco", "ultrafast-pycocotools", "vernier")
ROUNDS = {OURS: 7, "pycocotools": 2, "faster-coco-eval": 3, **dict.fromkeys(COMPILED, 7)}
FASTER = {"pycocotools": 150, "faster-coco-eval": 25, **dict.fromkeys(COMPILED, 1.5)}  # from arrays, in CPU seconds
MEMORY = 200.0  # MB


@dataclass
class Runs:
    """What a program took on one problem, a value for each run."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)


def measure(*, quick: bool) -> Section:
    """All programs on both problems; the quick form is a tenth of the pictures and one round."""
    rounds = dict.fromkeys(ROUNDS, 1) if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        many, dense = Path(folder, "many"), Path(folder, "dense")
        write(drawn(500 if quick else 5000), many)
        write(crowded(20 if quick else 200), dense)
        arrays, files, crowd = run(many, "arrays", rounds), run(many, "files", rounds), run(dense, "arrays", rounds)
    rows = [
        *(row("from arrays", name, arrays, "cpu", 1 / times) for name, times in FASTER.items()),
        *(row("from arrays", name, arrays, "wall", 1.0) for name in COMPILED),
        *(row("from files", name, files, "cpu", 1.0 if name in COMPILED else None) for name in FASTER),
        *(row("from files", name, files, "wall", 1.0) for name in COMPILED),
        *(row("a crowd of one class", name, crowd, "cpu", goal(name)) for name in FASTER),
        Row(
            "Twelve numbers of COCO, memory beyond the problem itself",
            Series(tuple(arrays[OURS].memory), "MB"),
            goals=(Goal("most", MEMORY),),
        ),
    ]
    return Section("coco", __doc__ or "", tuple(rows), tuple(notes(arrays, files, crowd)))


def goal(name: str) -> float | None:
    """Of the crowd: faster-coco-eval was built for such."""
    return 1 / 1.5 if name == "faster-coco-eval" else None


def row(where: str, name: str, found: Mapping[str, Runs], clock: str, most: float | None) -> Row:
    """Ours beside another program."""
    unit = "CPU-s" if clock == "cpu" else "s"
    return Row(
        f"Twelve numbers of COCO, {where}, {unit}, beside {name}",
        Series(tuple(getattr(found[OURS], clock)), unit),
        f"{name} {version(name)}",
        Series(tuple(getattr(found[name], clock)), unit),
        goals=() if most is None else (Goal("ratio", most),),
    )


def notes(*problems: Mapping[str, Runs]) -> list[str]:
    """How far the programs' numbers lie apart, and the memory they take."""
    apart = max(
        float(np.abs(np.subtract(runs.numbers, found["pycocotools"].numbers)).max())
        for found in problems
        for runs in found.values()
    )
    held = "; ".join(
        f"{name} {np.median(problems[0][name].memory):.0f} and {np.median(problems[1][name].memory):.0f}"
        for name in ROUNDS
    )
    return [
        f"The twelve numbers of all programs on all problems differ by {apart:.2g} at most; "
        f"AP of the first problem is {problems[0][OURS].numbers[0]:.4f}.",
        f"Memory beyond what was held before, from arrays and from files, MB: {held}.",
    ]


def run(folder: Path, form: str, rounds: Mapping[str, int]) -> dict[str, Runs]:
    """Every program in turn, round after round."""
    found = {name: Runs() for name in rounds}
    for place in range(max(rounds.values())):
        for name, count in rounds.items():
            if place < count:
                command = [sys.executable, "-m", "benchmarks.coco_programs", name, form, str(folder)]
                done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
                if done.returncode:
                    raise RuntimeError(f"{name} ended with {done.returncode}: {done.stderr[-500:]}")
                once = json.loads(done.stdout.splitlines()[-1])
                for clock in ("wall", "cpu", "memory"):
                    getattr(found[name], clock).append(once[clock])
                found[name].numbers = once["numbers"]
    return found


def drawn(images: int) -> Problem:
    """The first problem, the same every time; 7.6 things and 90 detections in a picture."""
    random = np.random.default_rng(0)
    count, said, classes = int(images * 7.65), int(images * 90.4), 80
    common = random.zipf(1.3, 50_000)
    common = common[common <= classes] - 1
    of_image = random.choice(common, (images, 3))  # a picture has few classes
    image = np.sort(random.integers(0, images, count))
    label = of_image[image, random.integers(0, 3, count)]
    sides = np.exp(random.normal(4, 1, (count, 2))).clip(4, 500)
    boxes = np.hstack([random.uniform(0, 600, (count, 2)), sides]).round(2)
    crowd = random.random(count) < 0.0125
    truths = Truths(
        image, label, (sides.prod(axis=1) * random.uniform(0.45, 0.95, count)).round(2), crowd, crowd, boxes
    )
    return Problem(images, classes, truths, _near(random, truths, said, good=0.11, classes=classes))


def crowded(images: int) -> Problem:
    """A hundred things of one class in every picture, all over each other, and as many detections."""
    random = np.random.default_rng(1)
    count = images * 100
    boxes = np.hstack([random.uniform(0, 60, (count, 2)), random.uniform(40, 80, (count, 2))]).round(2)
    image, no = np.repeat(np.arange(images), 100), np.zeros(count, dtype=np.bool_)
    truths = Truths(image, np.zeros(count, dtype=np.int64), boxes[:, 2] * boxes[:, 3], no, no, boxes)
    return Problem(images, 1, truths, _near(random, truths, count, good=0.9, classes=1))


def _near(random: np.random.Generator, truths: Truths, count: int, *, good: float, classes: int) -> Answers:
    """Detections of things: some close and rather sure, the others far off, unsure, and half of them of any class."""
    like = random.integers(0, len(truths.area), count)
    close = random.random(count) < good
    spread = np.where(close, 0.07, 0.9)[:, None] * truths.boxes[like][:, [2, 3, 2, 3]]
    boxes = truths.boxes[like] + random.normal(0, 1, (count, 4)) * spread
    boxes[:, 2:] = np.abs(boxes[:, 2:]) + 1
    boxes = boxes.round(2)
    confidence = np.where(close, random.beta(4, 3, count), random.beta(1, 6, count)).round(4)
    strange = ~close & (random.random(count) < 0.5)
    label = np.where(strange, random.integers(0, classes, count), truths.label[like])
    return Answers(truths.image[like], label, confidence, boxes[:, 2] * boxes[:, 3], boxes)


def write(problem: Problem, folder: Path) -> None:
    """As arrays, and as COCO's two files."""
    folder.mkdir()
    truths, answers = problem.truths, problem.answers
    np.savez(
        folder / ARRAYS,
        **{f"true_{name}": getattr(truths, name) for name in ("image", "label", "area", "crowd", "boxes")},
        **{f"said_{name}": getattr(answers, name) for name in ("image", "label", "confidence", "area", "boxes")},
        images=problem.images,
        classes=problem.classes,
    )
    columns = zip(truths.image + 1, truths.label + 1, truths.area, truths.crowd, truths.boxes, strict=True)
    true = [
        {
            **{"id": place, "image_id": int(image), "category_id": int(label), "bbox": box.tolist()},
            **{"area": float(area), "iscrowd": int(crowd)},
        }
        for place, (image, label, area, crowd, box) in enumerate(columns, start=1)
    ]
    frame = {
        "info": {},
        "images": [{"id": place + 1, "width": 1200, "height": 1200} for place in range(problem.images)],
        "categories": [{"id": place + 1, "name": f"class {place + 1}"} for place in range(problem.classes)],
        "annotations": true,
    }
    rows = zip(answers.image + 1, answers.label + 1, answers.boxes, answers.confidence, strict=True)
    said = [
        {"image_id": int(image), "category_id": int(label), "bbox": box.tolist(), "score": float(confidence)}
        for image, label, box, confidence in rows
    ]
    for name, content in ((TRUTH, frame), (ANSWERS, said)):
        (folder / name).write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
