"""The model zoo of lecture C: 19 pretrained networks of Keras with their size, accuracy and speed.

Source: the table of Keras Applications, as lecture C shows it. Accuracies are those of the ImageNet validation set.
Times are theirs, for one step of 32 images on a server with 92 cores and on an A100; times measured here are not
comparable with them in milliseconds, only in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.measure.pareto import Better


@dataclass(frozen=True)
class Entry:
    """One row: what a file weighs, how often the first or one of five guesses is right, what a pass takes."""

    name: str
    megabytes: float
    top1: float  # percent
    top5: float  # percent
    millions: float  # parameters
    depth: int  # layers with parameters, normalisations included
    cpu_ms: float
    gpu_ms: float
    lecture: str  # the figure of the lectures that it is


KERAS_ZOO = (
    Entry("Xception", 88, 79.0, 94.5, 22.9, 81, 109.4, 8.1, "N196"),
    Entry("VGG16", 528, 71.3, 90.1, 138.4, 16, 69.5, 4.2, "N197"),
    Entry("VGG19", 549, 71.3, 90.0, 143.7, 19, 84.8, 4.4, "N198"),
    Entry("ResNet50", 98, 74.9, 92.1, 25.6, 107, 58.2, 4.6, "N199"),
    Entry("ResNet50V2", 98, 76.0, 93.0, 25.6, 103, 45.6, 4.4, "N200"),
    Entry("ResNet101", 171, 76.4, 92.8, 44.7, 209, 89.6, 5.2, "N201"),
    Entry("ResNet101V2", 171, 77.2, 93.8, 44.7, 205, 72.7, 5.4, "N202"),
    Entry("ResNet152", 232, 76.6, 93.1, 60.4, 311, 127.4, 6.5, "N203"),
    Entry("ResNet152V2", 232, 78.0, 94.2, 60.4, 307, 107.5, 6.6, "N204"),
    Entry("InceptionV3", 92, 77.9, 93.7, 23.9, 189, 42.2, 6.9, "N205"),
    Entry("InceptionResNetV2", 215, 80.3, 95.3, 55.9, 449, 130.2, 10.0, "N206"),
    Entry("MobileNet", 16, 70.4, 89.5, 4.3, 55, 22.6, 3.4, "N207"),
    Entry("MobileNetV2", 14, 71.3, 90.1, 3.5, 105, 25.9, 3.8, "N208"),
    Entry("DenseNet121", 33, 75.0, 92.3, 8.1, 242, 77.1, 5.4, "N209"),
    Entry("DenseNet169", 57, 76.2, 93.2, 14.3, 338, 96.4, 6.3, "N210"),
    Entry("DenseNet201", 80, 77.3, 93.6, 20.2, 402, 127.2, 6.7, "N211"),
    Entry("NASNetMobile", 23, 74.4, 91.9, 5.3, 389, 27.0, 6.7, "N212"),
    Entry("NASNetLarge", 343, 82.5, 96.0, 88.9, 533, 344.5, 20.0, "N213"),
    Entry("EfficientNetB0", 29, 77.1, 93.3, 5.3, 132, 46.0, 4.9, "N214"),
)


@dataclass(frozen=True)
class Column:
    """Something to compare networks by: its name, its unit, and which direction is better."""

    name: str
    unit: str
    better: Better
    of: Callable[[Entry], float]


Columns: TypeAlias = dict[str, Column]

COLUMNS: Columns = {
    "size": Column("Size of the file", "MB", "lower", lambda entry: entry.megabytes),
    "parameters": Column("Parameters", "M", "lower", lambda entry: entry.millions),
    "depth": Column("Depth", "layers", "lower", lambda entry: entry.depth),
    "cpu": Column("Time on their CPU", "ms", "lower", lambda entry: entry.cpu_ms),
    "gpu": Column("Time on their GPU", "ms", "lower", lambda entry: entry.gpu_ms),
    "top1": Column("Top-1 accuracy", "%", "higher", lambda entry: entry.top1),
    "top5": Column("Top-5 accuracy", "%", "higher", lambda entry: entry.top5),
}


def within(entries: tuple[Entry, ...], *, megabytes: float, cpu_ms: float, millions: float) -> tuple[Entry, ...]:
    """The networks that fit all three budgets, in the order of the table.

    >>> [entry.name for entry in within(KERAS_ZOO, megabytes=30, cpu_ms=26, millions=5)]
    ['MobileNet', 'MobileNetV2']
    """
    return tuple(
        entry
        for entry in entries
        if entry.megabytes <= megabytes and entry.cpu_ms <= cpu_ms and entry.millions <= millions
    )
