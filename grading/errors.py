"""What can go wrong, as sentences for those who read them."""


class GradingError(Exception):
    """Something an instructor can mend; the message says what and how."""


class Refusal(GradingError):
    """A hand-in that is not accepted: which file, which cell, and the remedy. Students read it as it is."""

    def __init__(self, problem: str, *, remedy: str, file: str = "", cell: str = "") -> None:
        self.problem, self.remedy, self.file, self.cell = problem, remedy, file, cell
        where = ", ".join(part for part in (file, f"cell {cell}" if cell else "") if part)
        super().__init__(f"{where}: {problem} {remedy}" if where else f"{problem} {remedy}")


class SandboxError(GradingError):
    """The sandbox could not be built or did not answer: our fault, never the student's."""
