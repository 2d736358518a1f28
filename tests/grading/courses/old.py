"""Assignment "old": the same exercise in nbgrader's formats of earlier years, which its `update` brings up to date."""

from tests.grading.courses.building import Assignment, Cell, HandedIn, manual, plain, read, solutions, solve, test


def exercise(year: str) -> tuple[Cell, ...]:
    """Grade ids differ from notebook to notebook, so that a submission can name them."""
    return (
        plain(f"# Temperatures, {year}", "markdown"),
        read(f"zero_{year}", "ABSOLUTE_ZERO = -273.15"),
        solve(
            f"kelvin_{year}",
            "def kelvin(celsius):\n    ### BEGIN SOLUTION\n    return celsius - ABSOLUTE_ZERO\n    ### END SOLUTION",
        ),
        test(f"kelvin_{year}_values", 2, "assert kelvin(0) == 273.15\nassert abs(kelvin(-273.15)) < 1e-9"),
        test(
            f"kelvin_{year}_lists",
            1,
            "### BEGIN HIDDEN TESTS\nassert [round(kelvin(c)) for c in (1, 10)] == [274, 283]\n### END HIDDEN TESTS",
        ),
        manual(f"why_{year}", 1, "Nothing is colder."),
    )


YEARS = {"oldest": 0, "older": 1, "newer": 2, "newest": 3}
NOTEBOOKS = {year: exercise(year) for year in YEARS}
ANSWERS = solutions(*NOTEBOOKS.values())


def everywhere(answer: str) -> dict[str, str]:
    return ANSWERS | {f"kelvin_{year}": answer for year in YEARS}


def points(**changed: float) -> dict[str, float | None]:
    return {f"{start}_{year}{end}": value for year in YEARS for (start, end), value in _parts(changed)}


def _parts(changed: dict[str, float]) -> list[tuple[tuple[str, str], float]]:
    places = {"values": ("kelvin", "_values"), "lists": ("kelvin", "_lists"), "why": ("why", "")}
    return [(places[name], value) for name, value in changed.items()]


HANDED_IN = (
    HandedIn("ada", ANSWERS),
    HandedIn("bea-in-her-own-way", everywhere("kelvin = lambda c: float(sum([c, 273.15]))")),
    HandedIn(
        "cem-minus", everywhere("def kelvin(celsius):\n    return celsius + ABSOLUTE_ZERO"), points(values=0, lists=0)
    ),
    HandedIn("dan-rounds", everywhere("def kelvin(celsius):\n    return round(celsius + 273.15)"), points(values=0)),
    HandedIn("eli-crashes", everywhere("kelvin = 1 / 0"), points(values=0, lists=0)),
    HandedIn("ivy-unanswered", {}, points(values=0, lists=0, why=0)),
)

OLD = Assignment("old", NOTEBOOKS, HANDED_IN, schema=YEARS)
