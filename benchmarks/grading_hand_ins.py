"""Eight hand-ins for the warm-up, as a class writes them: right in several styles, partly right, wrong, broken, empty.

What is wrong is wrong for every drawn case, so that the points do not depend on what the referees draw.
"""

import json
from collections.abc import Mapping
from pathlib import Path

Answers = Mapping[str, str]  # source of the cell by its grade_id; a cell that is not named stays as it was released

_EXPLAINED = """The convolutions look through the same small window everywhere, so that a colour image costs only two
more maps of depth in the first layer. The perceptron has a weight for every pixel of every map: nearly all of it."""

# Like the instructor's, in other words.
STEP_BY_STEP = {
    "output_side": """def output_side(n, k, stride, pad):
    padded = n + pad + pad
    if k > padded:
        raise ValueError("the window is larger than the image")
    last = padded - k
    return int(last / stride) + 1
""",
    "conv_parameters": """def conv_parameters(filters, kernel, maps, bias):
    one_filter = kernel[0] * kernel[1] * maps
    if bias:
        one_filter += 1
    return filters * one_filter
""",
    "correlate2d": """def correlate2d(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    result = np.zeros((H - kh + 1, W - kw + 1))
    for r in range(H - kh + 1):
        for c in range(W - kw + 1):
            for u in range(kh):
                for v in range(kw):
                    result[r, c] += kernel[u, v] * image[r + u, c + v]
    return result
""",
    "iou": """def iou(a, b):
    left, top = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[2], b[2]), min(a[3], b[3])
    shared = max(0, right - left) * max(0, bottom - top)
    both = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    if both - shared == 0:
        return 0
    return shared / (both - shared)
""",
    "count_parameters": """def count_parameters(model):
    count = 0
    for name, tensor in model.named_parameters():
        numbers = 1
        for side in tensor.shape:
            numbers *= side
        count += numbers
    return count
""",
    "explain": _EXPLAINED,
}

# All at once instead of step by step, and with helpers in the cell.
VECTORISED = {
    "output_side": """from math import floor


def output_side(n, k, stride, pad):
    room = n + 2 * pad - k
    if room < 0:
        raise ValueError(f"{k} pixels do not fit")
    return floor(room / stride) + 1
""",
    "conv_parameters": """def conv_parameters(filters, kernel, maps, bias):
    return int(filters * (np.prod(kernel) * maps + bool(bias)))
""",
    "correlate2d": """def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcuv,uv->rc", windows, kernel)
""",
    "iou": """def area(box):
    return float(np.prod(np.clip(box[2:] - box[:2], 0, None)))


def iou(a, b):
    shared = area(np.concatenate([np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])]))
    joint = area(a) + area(b) - shared
    return shared / joint if joint else 0.0
""",
    "count_parameters": """def count_parameters(model):
    return sum(np.prod(tensor.shape, dtype=int).item() for tensor in model.parameters())
""",
    "explain": _EXPLAINED,
}

INSTRUCTORS = {
    "output_side": """def output_side(n, k, stride, pad):
    room = n + 2 * pad - k
    if room < 0:
        raise ValueError(f"a window of {k} pixels does not fit into {n + 2 * pad}")
    return room // stride + 1
""",
    "conv_parameters": """def conv_parameters(filters, kernel, maps, bias):
    height, width = kernel
    weights = filters * height * width * maps
    return weights + filters if bias else weights
""",
    "correlate2d": """def correlate2d(image, kernel):
    high, wide = kernel.shape
    output = np.empty((image.shape[0] - high + 1, image.shape[1] - wide + 1))
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            output[r, c] = (kernel * image[r : r + high, c : c + wide]).sum()
    return output
""",
    "iou": """def iou(a, b):
    width, height = np.maximum(0, np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]))
    shared = width * height
    joint = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / joint if joint > 0 else 0.0
""",
    "count_parameters": """def count_parameters(model):
    return sum(parameter.numel() for parameter in model.parameters())
""",
    "explain": _EXPLAINED,
}

FORGETFUL = {  # no error for a window that does not fit, no bias, nothing for frozen layers
    "output_side": """def output_side(n, k, stride, pad):
    return (n + 2 * pad - k) // stride + 1
""",
    "conv_parameters": """def conv_parameters(filters, kernel, maps, bias):
    return filters * kernel[0] * kernel[1] * maps + filters
""",
    "count_parameters": """def count_parameters(model):
    return sum(tensor.numel() for tensor in model.parameters() if tensor.requires_grad)
""",
    "explain": _EXPLAINED,
}

MISTAKEN = {  # the kernel flipped, Dice for IoU, tensors counted instead of numbers
    "correlate2d": INSTRUCTORS["correlate2d"].replace("(kernel * image", "(kernel[::-1, ::-1] * image"),
    "iou": INSTRUCTORS["iou"].replace("return shared / joint", "return 2 * shared / (joint + shared)"),
    "count_parameters": """def count_parameters(model):
    return len(list(model.parameters()))
""",
    "explain": "Because of the weights.",
}

CRASHING = {  # one cell raises when it is run, one is no Python, one function raises when it is called
    "output_side": "output_side = undefined_helper(3)\n",
    "conv_parameters": "def conv_parameters(filters, kernel, maps, bias)\n    return filters * kernel[0] * kernel[1]\n",
    "iou": "def iou(a, b):\n    return a[4] / b[4]\n",
}

KINDS: Mapping[str, Answers] = {
    "as the instructor": INSTRUCTORS,
    "step by step": STEP_BY_STEP,
    "forgetful": {**INSTRUCTORS, **FORGETFUL},
    "vectorised": VECTORISED,
    "crashing": {**STEP_BY_STEP, **CRASHING},
    "mistaken": {**VECTORISED, **MISTAKEN},
    "half done": {name: STEP_BY_STEP[name] for name in ("output_side", "conv_parameters")},
    "not begun": {},
}


def notebook(released: bytes, answers: Answers) -> bytes:
    """The notebook that students were given, with these answers written into it."""
    written = json.loads(released)
    open_cells = dict(answers)
    for cell in written["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        if marks.get("solution") and marks["grade_id"] in open_cells:
            cell["source"] = open_cells.pop(marks["grade_id"])
    if open_cells:
        raise ValueError(f"the notebook has no cell to answer {', '.join(open_cells)}")
    return json.dumps(written, indent=1).encode()


def class_of(students: int, released: bytes) -> dict[str, bytes]:
    """So many hand-ins by student, the kinds in turn; the names sort in the order of the turn."""
    width = len(str(max(students - 1, 0)))
    kinds = [notebook(released, answers) for answers in KINDS.values()]
    return {f"s{number:0{width}d}": kinds[number % len(kinds)] for number in range(students)}


def kind_of(student: str) -> str:
    """What a student of `class_of` handed in.

    >>> kind_of("s00"), kind_of("s13")
    ('as the instructor', 'mistaken')
    """
    return list(KINDS)[int(student.removeprefix("s")) % len(KINDS)]


def lay_flat(hand_ins: Mapping[str, bytes], folder: Path) -> Path:
    """As STUDENT.ipynb side by side, which `fovea grade` reads."""
    folder.mkdir(parents=True)
    for student, content in hand_ins.items():
        (folder / f"{student}.ipynb").write_bytes(content)
    return folder


def lay_submitted(hand_ins: Mapping[str, bytes], course: Path, assignment: str) -> None:
    """As submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb, which nbgrader reads."""
    for student, content in hand_ins.items():
        place = course / "submitted" / student / assignment
        place.mkdir(parents=True)
        (place / f"{assignment}.ipynb").write_bytes(content)
