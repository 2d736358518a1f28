"""The bench of counting: all say the same of a network, whoever does not stops it, and its goal can fail."""

from dataclasses import replace

import pytest

from benchmarks import counting
from benchmarks.counting import MOST, PROGRAMS, rows


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: counting.NETWORKS[name] for name in ("alexnet-2014", "resnet18", "efficientnet-b0")}
    monkeypatch.setattr(counting, "NETWORKS", few)


@pytest.mark.usefixtures("small")
def test_everybody_counts_the_same_and_what_else_they_count_is_said() -> None:
    section = counting.measure(quick=True)
    assert [len(row.ours.values) for row in section.rows] == [1, 1, 1]
    assert [row.peer.split()[0] for row in section.rows] == ["torchinfo", "fvcore", "torch"]
    _, resnet, _ = section.notes
    assert resnet == (  # by hand: 9,600 parameters of normalisations and 1,000 biases, two for each value and 512·7·7
        "ResNet18: 11,689,512 parameters, 1,814,073,344 operations by all; "
        "torchinfo counts 10,600 besides, fvcore counts 4,992,512 besides."
    )


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("field", "what"), [("parameters", "11,689,512 parameters"), ("products", "1,814,073,344 operations")]
)
def test_a_program_that_counts_otherwise_stops_the_bench(
    field: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = PROGRAMS[-1]

    def astray(said, ours):
        count = torch.read(said, ours)
        return replace(count, **{field: getattr(count, field) + 1}) if ours.network.name == "ResNet18" else count

    monkeypatch.setattr(counting, "PROGRAMS", (replace(torch, read=astray),))
    with pytest.raises(RuntimeError, match=f"ResNet18 has {what} by our count, .* by FlopCounterMode's"):
        counting.measure(quick=True)


@pytest.mark.parametrize(("theirs", "holds"), [(1.01 / MOST, True), (0.99 / MOST, False)])
def test_fails_when_another_program_is_too_fast(theirs: float, holds: bool) -> None:
    taken = {"": [1.0], **{each.name: [theirs] for each in PROGRAMS}}
    assert [row.holds for row in rows(taken)] == [holds] * 3
