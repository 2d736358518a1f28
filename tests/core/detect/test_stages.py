"""Two stages against one: their pipelines, the sorting game, and what each multiplies."""

import pytest

from core.detect.stages import KINDS, STEPS, judged, multiplications, pipeline
from core.errors import CoreError


def test_has_both_ends_in_common() -> None:
    two, one = pipeline("two stages"), pipeline("one stage")
    assert two[0] == one[0]
    assert two[-2:] == one[-2:]
    assert [step.of for step in pipeline("both")] == ["both"] * 3
    assert set(two) | set(one) == set(STEPS)


def test_judges_every_answer_alone() -> None:
    assert all(judged({number: step.of for number, step in enumerate(STEPS)}).values())
    for number, step in enumerate(STEPS):
        assert [judged({number: kind})[number] for kind in KINDS] == [kind == step.of for kind in KINDS]
    with pytest.raises(CoreError, match="numbered from 0"):
        judged({len(STEPS): "both"})


def test_grows_with_the_regions_in_two_stages_only() -> None:
    known = {"trunk": 10, "maps": 64, "cells": 36, "anchors": 9, "classes": 5, "head": 1000}
    few, many = (multiplications(**known, regions=regions) for regions in (10, 300))
    assert sum(many["two stages"]) - sum(few["two stages"]) == 290 * 1000
    assert many["one stage"] == few["one stage"]
    more = multiplications(**{**known, "classes": 80}, regions=10)
    assert more["one stage"][1] > few["one stage"][1]
    assert more["two stages"] == few["two stages"]
    with pytest.raises(CoreError, match="from 0 up"):
        multiplications(**known, regions=-1)
