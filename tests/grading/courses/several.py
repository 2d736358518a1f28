"""Assignment "shapes": two notebooks that use the same grade ids, as nbgrader allows; some hand in only one of them."""

from tests.grading.courses.building import Assignment, HandedIn, manual, plain, solve, test

AREAS = (
    plain("# Areas", "markdown"),
    solve(
        "answer",
        "def area(width, height):\n    ### BEGIN SOLUTION\n    return width * height\n    ### END SOLUTION",
    ),
    test("values", 2, "assert area(2, 3) == 6\n### BEGIN HIDDEN TESTS\nassert area(4, 5) == 20\n### END HIDDEN TESTS"),
    manual("why", 1, "Rows times columns."),
)
CIRCLE = (
    plain("# The unit circle", "markdown"),
    solve(
        "answer",
        "def circumference(radius):\n    ### BEGIN SOLUTION\n    return 2 * 3.14159265 * radius\n    ### END SOLUTION",
    ),
    test("values", 3, "assert abs(circumference(1) - 6.2831853) < 1e-6"),
    test("twice", 1, "assert abs(circumference(2) - 2 * circumference(1)) < 1e-9"),
    manual("why", 2, "Pi is its definition."),
)
NOTEBOOKS = {"areas": AREAS, "unit circle": CIRCLE}
RIGHT = {
    "areas/answer": "def area(width, height):\n    return width * height",
    "areas/why": "Rows times columns.",
    "unit circle/answer": "from math import tau\ndef circumference(radius):\n    return tau * radius",
    "unit circle/why": "Pi is its definition.",
}
SHAPES = Assignment(
    "shapes",
    NOTEBOOKS,
    (
        HandedIn("ada", RIGHT),
        HandedIn("ben", RIGHT | {"areas/answer": "def area(w, h):\n    return w + h"}, {"areas/values": 0}),
        HandedIn(
            "cem",
            RIGHT | {"unit circle/answer": "def circumference(radius):\n    return 6 * radius"},
            {"unit circle/values": 0},
        ),
        HandedIn("dan-only-areas", RIGHT, without=frozenset({"unit circle"})),
        HandedIn("eli-only-circle", RIGHT, without=frozenset({"areas"})),
        HandedIn("fay-crashes-once", RIGHT | {"areas/answer": "area = 1 / 0"}, {"areas/values": 0}),
        HandedIn("ivy-unanswered", {}, {"values": 0, "twice": 0, "why": 0}),
    ),
)
