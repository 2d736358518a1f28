"""Which layers suffice: every promise, every way to keep it, and what a course that trusts its students changes."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.sandbox.layers import LAYERS, Layers, ordered
from grading.sandbox.requirements import REQUIREMENTS, standing, standing_of

FULL = tuple(LAYERS)
REQUIRED = [requirement for requirement in REQUIREMENTS if requirement.required]
SETS = st.sets(st.sampled_from(LAYERS))


def without(*names: str) -> tuple:
    return tuple(layer for layer in FULL if layer not in names)


@pytest.mark.parametrize("root", [False, True])
def test_all_layers_refuse_and_warn_of_nothing(root: bool) -> None:
    found = standing(FULL, root=root)
    assert (found.refuses, found.warnings, found.may_grade) == ((), (), True)
    assert all(check.kept for check in found.checks)


def test_no_layer_refuses_with_one_sentence_for_each_promise() -> None:
    found = standing((), root=True)
    assert found.refuses == tuple(requirement.otherwise for requirement in REQUIRED)
    assert not found.may_grade


def test_seccomp_alone_is_refused() -> None:
    found = standing(("no new privileges", "seccomp", "process limits", "thread limit"), root=False)
    assert found.refuses == (
        "This machine cannot hide files from a submission (neither a private root nor Landlock works).",
    )


def test_landlock_and_seccomp_without_namespaces_may_grade_and_say_what_is_weak() -> None:
    held = ("no new privileges", "seccomp", "landlock", "process limits", "thread limit", "no capabilities")
    found = standing(held, root=False)
    assert found.may_grade
    assert found.warnings == (
        "Memory is limited per process only, without a control group around it.",
        "What a submission writes is looked at while it runs: it may write a little more than it may keep.",
    )


@pytest.mark.parametrize("missing", ["seccomp", "no new privileges"])
def test_nothing_stands_in_for_the_list_of_system_calls(missing: str) -> None:
    assert standing(without(missing), root=False).refuses[0].startswith("This machine cannot refuse system calls")


@pytest.mark.parametrize("missing", ["own user", "no capabilities"])
def test_root_must_give_up_being_root_and_others_need_not(missing: str) -> None:
    assert any("would be root too" in sentence for sentence in standing(without(missing), root=True).refuses)
    assert standing(without(missing), root=False).refuses == ()


@pytest.mark.parametrize("missing", ["private root", "landlock", "control group", "pid namespace", "network namespace"])
def test_one_of_several_ways_suffices(missing: str) -> None:
    assert standing(without(missing), root=True).refuses == ()


@pytest.mark.parametrize("requirement", REQUIRED, ids=lambda requirement: requirement.name)
def test_refuses_exactly_where_every_way_is_barred(requirement) -> None:
    for barred in itertools.product(*(way.layers for way in requirement.ways)):
        assert requirement.otherwise in standing(without(*barred), root=True).refuses
    for way in requirement.ways:
        others = {layer for other in requirement.ways if other != way for layer in other.layers} - set(way.layers)
        assert requirement.otherwise not in standing(without(*others), root=True).refuses


@given(SETS, SETS, st.booleans())
def test_more_layers_never_refuse_or_warn_more(some: set, more: set, root: bool) -> None:
    little, much = standing(some, root=root), standing(some | more, root=root)
    assert set(much.refuses) <= set(little.refuses)
    kept = {check.name for check in little.checks if check.kept}
    assert kept <= {check.name for check in much.checks if check.kept}


def kept(held: set, root: bool) -> set[str]:
    return {check.name for check in standing(held, root=root).checks if check.kept and check.required}


@given(SETS, st.booleans())
def test_a_layer_is_required_exactly_if_the_others_leave_a_promise_open_that_it_helps_to_keep(
    held: set, root: bool
) -> None:
    for row in standing(held, root=root).rows:
        others, all_others = held - {row.layer}, set(LAYERS) - {row.layer}
        helps = {
            requirement.name
            for requirement in REQUIRED
            if any(row.layer in way.layers for way in requirement.ways) and (root or not requirement.for_root)
        }
        assert row.holds is (row.layer in held)
        assert row.required is bool(helps - kept(others, root))
        if row.holds and kept(held, root) != kept(others, root):
            assert row.required
        if helps - kept(all_others, root):
            assert row.required  # nothing can stand in for it


@given(SETS, st.booleans())
def test_trust_is_stamped_only_where_it_was_needed(held: set, root: bool) -> None:
    plain, trusting = standing(held, root=root), standing(held, root=root, trust_students=True)
    assert trusting.may_grade
    assert trusting.isolation.trusted is bool(plain.refuses)
    assert set(plain.refuses) <= set(trusting.isolation.warnings)
    assert plain.isolation.trusted is False
    assert trusting.isolation.layers == ordered(held)


def test_a_missing_layer_says_why() -> None:
    found = Layers(names=("seccomp",), missing=(("landlock", "the kernel has none"),), root=False)
    table = {row.layer: row for row in standing_of(found, control_group=False).rows}
    assert (table["landlock"].holds, table["landlock"].why) == (False, "the kernel has none")
    assert "control groups" in table["control group"].why
    assert (table["seccomp"].holds, table["seccomp"].why) == (True, "")


def test_a_control_group_counts_as_a_layer_that_the_supervisor_brings() -> None:
    found = Layers(names=("seccomp", "process limits"), root=False)
    assert "control group" in standing_of(found, control_group=True).layers
    assert "control group" not in standing_of(found, control_group=False).layers


def test_layers_left_out_are_missing_on_purpose() -> None:
    layers = Layers(names=("seccomp", "landlock")).without("landlock", "private root")
    assert "landlock" not in layers
    assert layers.why_not("landlock") == "it was left out on purpose"
    assert layers.why_not("seccomp") == ""
    assert layers.why_not("private root") == "it was not tried"
