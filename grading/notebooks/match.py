"""Which cell of a student's file is which cell of the assignment.

Four kinds of evidence, the strongest first; a later one is asked only for cells the earlier ones left open.

1. *Grade id*: nbgrader's own name for the cell, letter for letter.
2. *Cell id*: the format's own id, if it occurs once in both files.
3. *Text*: the cell is, blanks aside, a cell that was handed out.
4. *Name and place*: the cell defines the names that the stub defines, or else the solution. Where there are none, it
   must lie between the same neighbours as the missing one and share half its lines with the stub, or be the only cell
   that could be meant, for the only answer that is open there ("place"; it says nothing about the assignment).

A near miss of a grade id (a Cyrillic letter that looks like an "o", two letters swapped) is never evidence by itself,
because ids are free to forge and to mistype. It only decides between cells that lie in the right place, and only if it
singles out one that is like the stub as well or that has no rival; otherwise it becomes a note that names both ids.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grading.notebooks.cells import Cell
from grading.notebooks.likeness import defined, likeness, lines, near_miss, uses
from grading.notebooks.master import Master, MasterCell

_GUESSES = 3_000_000  # pairs of lines compared; a file that asks for more is not worth guessing about
_LIKE, _MUCH_LIKE = 0.5, 0.6


@dataclass
class Match:
    """For each claimed cell of the student (by index) the master's cell (by index), and how we know."""

    claims: dict[int, int] = field(default_factory=dict)
    how: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def of(self, index: int) -> list[int]:
        """The student's cells that stand for the master's cell `index`, in the student's order."""
        return sorted(student for student, claimed in self.claims.items() if claimed == index)


def match(master: Master, cells: Sequence[Cell]) -> Match:
    """Claim what can be claimed; the rest are the student's own cells."""
    matching = _Matching(master, cells)
    matching.by_grade_id()
    matching.by_cell_id()
    matching.by_text()
    matching.by_place()
    return matching.found


def wanted_names(master: Master, cell: MasterCell) -> frozenset[str]:
    """What an answer must define: what its stub does, or what the solution does and the tests that follow use."""
    if names := defined(cell.released):
        return names
    names = defined(cell.source)
    tests = [
        other.source for other in master.cells if other.role == "test" and master.key(other.grade_id) in cell.feeds
    ]
    return frozenset(name for name in names if any(uses(test, frozenset({name})) for test in tests)) or names


class _Matching:
    def __init__(self, master: Master, cells: Sequence[Cell]) -> None:
        self.master, self.cells = master, cells
        self.found = Match()
        self.taken: set[int] = set()  # the master's cells that somebody claimed
        self.guesses = 0
        self._anchors: list[tuple[int, int]] | None = None

    def claim(self, student: int, index: int, how: str) -> None:
        self.found.claims[student] = index
        self.found.how[student] = how
        self.taken.add(index)
        self._anchors = None

    def free(self, inside: Iterable[int] | None = None) -> list[int]:
        return [
            student
            for student in (range(len(self.cells)) if inside is None else inside)
            if student not in self.found.claims and self.cells[student].text
        ]

    def open(self) -> list[int]:
        return [index for index in range(len(self.master.cells)) if index not in self.taken]

    def by_grade_id(self) -> None:
        for student, cell in enumerate(self.cells):
            if cell.marking and cell.marking.grade_id in self.master.by_grade_id:
                self.claim(student, self.master.by_grade_id[cell.marking.grade_id], "grade id")

    def by_cell_id(self) -> None:
        ours, theirs = _once(cell.id for cell in self.master.cells), _once(cell.id for cell in self.cells)
        for name in ours.keys() & theirs.keys():
            if theirs[name] not in self.found.claims:
                self.claim(theirs[name], ours[name], "cell id")

    def by_text(self) -> None:
        ours: dict[str, list[int]] = {}
        for index in range(len(self.master.cells)):
            cell = self.master.cells[index]
            if cell.text and not (cell.is_answer and not defined(cell.text)):  # a bare stub may be anybody's
                ours.setdefault(cell.text, []).append(index)
        theirs: dict[str, list[int]] = {}
        for student in self.free():
            theirs.setdefault(self.cells[student].text, []).append(student)
        shared = [(ours[text], students) for text, students in theirs.items() if text in ours]
        for indices, students in sorted(shared, key=lambda pair: max(map(len, pair))):  # what occurs once comes first
            for index in indices:
                left = self.free(students)
                if left and index not in self.taken:
                    inside = [student for student in left if student in self.window(index)]
                    self.claim((inside or left)[0], index, "text")
            if self.master.cells[indices[0]].role not in ("plain", "solution", "manual"):
                for student in self.free(students):  # one more copy of what is the instructor's anyway
                    self.claim(student, indices[0], "text")

    def by_place(self) -> None:
        if not self.open():
            return
        self.answers_by_name()
        for index in self.open():
            cell = self.master.cells[index]
            if cell.role in ("solution", "manual"):
                self.answer_by_place(index, cell)
        for index in self.open():
            cell = self.master.cells[index]
            if not cell.is_answer and cell.text:
                alike = self.alike(self.candidates(index), cell.released, _MUCH_LIKE)
                if len(alike) == 1:
                    self.claim(alike[0], index, "likeness")

    def answers_by_name(self) -> None:
        wanted = {
            index: names
            for index in self.open()
            if self.master.cells[index].is_answer and (names := wanted_names(self.master, self.master.cells[index]))
        }
        if not wanted:
            return
        names_of = {student: self.cells[student].names for student in self.free()}
        serves = {
            student: [index for index, names in wanted.items() if names <= found] for student, found in names_of.items()
        }
        for index in wanted:
            strong = [student for student, served in serves.items() if served == [index]]
            near = [student for student in strong if student in self.window(index)]
            for student in near or strong:
                self.claim(student, index, "name")
            several = [student for student, served in serves.items() if index in served and len(served) > 1]
            if not strong and several:
                cell = self.master.cells[index]
                self.found.notes.append(f"What {cell.name} asks for stands in {self.cells[several[0]].name}.")

    def answer_by_place(self, index: int, cell: MasterCell) -> None:
        candidates = self.candidates(index)
        near = [student for student in candidates if self.nearly(student, cell)]
        alike = self.alike(candidates, cell.released, _LIKE)
        rivals = self.rivals(index, candidates)
        twins = [other for other in rivals if other != index and self.master.cells[other].text == cell.text]
        text = cell.cell_type != "code"
        if len(alike) == 1 and not twins:
            self.claim(alike[0], index, "likeness")
        elif len(both := [student for student in alike if student in near]) == 1:
            self.claim(both[0], index, "likeness")
        elif len(candidates) == 1 and rivals == [index] and (text or not wanted_names(self.master, cell) or near):
            self.claim(candidates[0], index, "place")
        elif text and len(candidates) > 1 and rivals == [index]:
            for student in candidates:  # which of them is the answer only the student can say
                self.claim(student, index, "place")
        else:
            for student in near:
                marking = self.cells[student].marking
                meant = marking.grade_id[:60] if marking else ""
                self.found.notes.append(f'The id "{meant}" of {self.cells[student].name} looks like {cell.name}.')

    def rivals(self, index: int, candidates: list[int]) -> list[int]:
        """The open answers of its sort, itself included, that one of these cells might be."""
        sort = _sort(self.master.cells[index].cell_type)
        return [
            other
            for other in self.open()
            if self.master.cells[other].is_answer
            and _sort(self.master.cells[other].cell_type) == sort
            and any(student in window for window in (self.window(other),) for student in candidates)
        ]

    def nearly(self, student: int, cell: MasterCell) -> bool:
        marking = self.cells[student].marking
        return marking is not None and near_miss(marking.grade_id, cell.grade_id)

    def candidates(self, index: int) -> list[int]:
        sort = _sort(self.master.cells[index].cell_type)
        return [student for student in self.free(self.window(index)) if _sort(self.cells[student].cell_type) == sort]

    def alike(self, candidates: list[int], source: str, least: float) -> list[int]:
        ours = lines(source)
        self.guesses += sum(len(self.cells[student].lines) * len(ours) for student in candidates)
        if self.guesses > _GUESSES:
            return []
        degrees = {student: likeness(self.cells[student].lines, ours) for student in candidates}
        return [student for student, degree in degrees.items() if degree >= least]

    def window(self, index: int) -> range:
        """Where the master's cell would lie in the student's file: between its nearest neighbours in order there."""
        if self._anchors is None:
            self._anchors = self.anchors()
        anchors = self._anchors
        low = max((student for student, claimed in anchors if claimed < index), default=-1)
        high = min((student for student, claimed in anchors if claimed > index), default=len(self.cells))
        return range(low + 1, max(high, low + 1))

    def anchors(self) -> list[tuple[int, int]]:
        """The claimed cells that kept the master's order: the heaviest increasing run, answers weighing most."""
        first: dict[int, int] = {}
        for student in sorted(self.found.claims):
            first.setdefault(self.found.claims[student], student)
        pairs = sorted((student, index) for index, student in first.items())
        came_from: list[int] = []
        stairs: list[tuple[int, int, int]] = []  # (last cell, weight, pair) of the best runs, both rising
        for end, (_, index) in enumerate(pairs):
            cell = self.master.cells[index]
            step = bisect_left(stairs, (index, 0, 0))
            weight = (stairs[step - 1][1] if step else 0) + (
                4 if cell.is_answer else 2 if cell.cell_type == "code" else 1
            )
            came_from.append(stairs[step - 1][2] if step else -1)
            beaten = step
            while beaten < len(stairs) and stairs[beaten][1] <= weight:
                beaten += 1
            stairs[step:beaten] = [(index, weight, end)]
        at = stairs[-1][2] if stairs else -1
        run: list[tuple[int, int]] = []
        while at >= 0:
            run.append(pairs[at])
            at = came_from[at]
        return run


def _once(names: Iterable[str]) -> dict[str, int]:
    """Where each name stands that occurs exactly once."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(names):
        if name:
            places.setdefault(name, []).append(index)
    return {name: found[0] for name, found in places.items() if len(found) == 1}


def _sort(cell_type: str) -> str:
    """Code or not: raw cells are text that somebody switched off."""
    return "code" if cell_type == "code" else "text"
