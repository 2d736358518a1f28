"""Slides with one wrong line, one for each erratum: the mistake of the lecture among statements that are right."""

from functools import cache
from zlib import crc32

from syllabus.errata import Erratum, address, errata
from syllabus.questions import Question
from syllabus.tables import Row, row

PROMPT = "One line of this slide is wrong. Which?"


@cache
def slides() -> list[Question]:
    """A slide for each erratum, in the order of the errata; a question has the id of its erratum.

    >>> slides()[0].title, slides()[0].answer
    ('LeNet-5, layer by layer', 'Second convolution: 16·5·5 + 16 = 2,416 parameters')
    """
    return [_slide(found, row("slides", found.id)) for found in errata()]


def slide_of(id: str) -> Question:
    """The slide of one erratum.

    >>> slide_of("D36").answer
    'Mask R-CNN extends Fast R-CNN'
    """
    found = next((slide for slide in slides() if slide.id == id), None)
    if found is None:
        raise KeyError(f"{id!r} is no erratum, so there is no slide with its mistake")
    return found


def _slide(found: Erratum, entry: Row) -> Question:
    lines = [entry["wrong"], *(line for line, _ in entry["right"])]
    return Question(
        id=found.id,
        lectures=found.lectures,
        kind="slide",
        prompt=PROMPT,
        options=tuple(sorted(lines, key=lambda line: crc32(f"{found.id} {line}".encode()))),
        answer=entry["wrong"],
        within=0.0,
        why=f"{found.quantity}: {found.correct}. {found.reason}",
        row=found.id if found.is_figure else "",
        page=address(found.id) or f"errata?find={found.id}",
        title=entry["title"],
    )
