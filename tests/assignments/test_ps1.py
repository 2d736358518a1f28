"""What holds for PS1 alone: what its drawn cases contain, and that every number in its text is computed."""

import re

import numpy as np
import pytest

from assignments.figures import ps1 as figure
from assignments.referees import ps1
from assignments.referees.ps1 import fields, memory, modules, parameters, sides, tables
from core.filters.arithmetic import reach
from core.nets.layers import Conv, Dense
from core.nets.trace import trace
from core.nets.zoo import network
from core.nets.zoo.googlenet import NAIVE, REDUCED
from tests.assignments.nbgrading import by_grade_id
from tests.assignments.sets import source

TIMES = 100


@pytest.fixture(scope="module")
def notebook():
    return source("ps1")


@pytest.fixture(scope="module")
def setup(notebook):
    from assignments.given import helper

    cell = by_grade_id(notebook)["setup"].source.replace("from helper import lab, show", "")
    names = {"lab": helper.lab, "show": helper.show}
    exec(cell, names)
    return names


@pytest.fixture(scope="module")
def text(notebook):
    """All that a student reads, its line breaks forgotten."""
    return " ".join("\n".join(cell.source for cell in notebook.cells if cell.id != "figure").split())


def drawn(draw):
    random = np.random.default_rng(0)
    return [draw(random).arguments for _ in range(TIMES)]


@pytest.mark.parametrize("name", ["lenet5", "minimal-cnn", "vgg16"])
def test_hands_out_the_networks_that_it_asks_about(setup, name):
    layers, _ = tables.published(name)
    assert setup[{"lenet5": "LENET5", "minimal-cnn": "MINIMAL_CNN", "vgg16": "VGG16"}[name]] == layers


def test_writes_layers_as_the_notebook_does(setup):
    for word, given in (("conv", (3, (2, 5), 2, 1, False)), ("pool", ((2, 3), 4)), ("flatten", ()), ("dense", (7,))):
        assert setup[word](*given) == getattr(tables, word)(*given)
    assert setup["conv"](3, (2, 5)) == tables.conv(3, (2, 5))


def test_draws_kernels_that_are_not_square_and_filters_that_are_not_as_many_as_maps():
    for grouped in (False, True):
        given = drawn(parameters.any_conv(grouped=grouped))
        assert all(k_h != k_w and c_in != n for k_h, k_w, c_in, n, *_ in given)
        assert {k_h < k_w for k_h, k_w, *_ in given} == {c_in < n for _, _, c_in, n, *_ in given} == {True, False}
    assert {bias for *_, bias, _ in given} == {True, False}
    assert all(groups > 1 == c_in % groups + 1 for _, _, c_in, _, _, groups in given)


def test_draws_windows_whose_last_step_fits_and_others():
    for draw in (sides.stepping, sides.dilated):
        given = drawn(draw)
        assert {sides.steps(*numbers) % numbers[2] > 0 for numbers in given} == {True, False}
        assert all(sides.steps(*numbers) >= 0 for numbers in given)
    assert {n == k for n, k in drawn(sides.plain)} == {True, False}


def test_refuses_dilated_windows_that_would_fit_without_their_gaps():
    group = ps1.conv_out.groups[-1]
    assert any(
        case.arguments[1]
        <= case.arguments[0] + 2 * case.arguments[3]
        < reach(case.arguments[1], dilation=case.arguments[4])
        for case in group.cases
        if len(case.arguments) == 5
    )


@pytest.mark.parametrize(
    "draw", [tables.any_volumes(pooled=True), tables.any_network(), tables.any_network(bias=False)]
)
def test_draws_networks_that_are_square_nowhere(draw):
    leftover = set()
    for layers, (height, width, maps) in drawn(draw):
        rows = tables.followed(layers, (height, width, maps)).rows
        assert height != width
        assert all(layer["kernel"][0] != layer["kernel"][1] for layer in layers if "kernel" in layer)
        assert len({maps, *(layer["filters"] for layer in layers if layer["kind"] == "conv")}) >= 2
        (taken,), step = rows[1].inputs, layers[1]
        leftover |= {(side - k) % step["stride"] > 0 for side, k in zip(taken[1:], step["kernel"], strict=True)}
        assert rows[0].shape[1] != rows[0].shape[2] or layers[0]["kernel"][0] != layers[0]["kernel"][1]
    assert leftover == {True, False}


def test_draws_stacks_with_and_without_steps_and_gaps():
    for stride, dilation in ((1, 1), (4, 1), (3, 5)):
        stacks = [windows for (windows,) in drawn(fields.any_stack(stride=stride, dilation=dilation))]
        assert all((max(s for _, s, _ in stack) > 1) == (stride > 1) for stack in stacks)
        assert all((max(d for _, _, d in stack) > 1) == (dilation > 1) for stack in stacks)
        assert {len(stack) for stack in stacks} == {3, 4, 5}


def test_draws_modules_with_the_branches_that_their_groups_promise():
    for h, w, c_in, branches in drawn(modules.any_module(steps=2, pools=True)):
        assert len({h, w, c_in}) >= 2
        assert h != w
        assert any(step[0] == "pool" for step in branches[0][1:])
        assert [step[0] for step in branches[-2]] == ["pool", "conv"]
        assert [step[0] for step in branches[-1]] == ["pool"]
    assert all(len(branch) == 1 for *_, branches in drawn(modules.any_module(steps=1)) for branch in branches)


def test_draws_values_that_look_over_one_edge_or_the_other_and_values_that_do_not():
    edges = set()
    for windows, position, side in drawn(fields.any_place(border=True)):
        first, last = fields.looked_at(windows, position)
        assert first < 0 or last >= side
        assert 0 <= fields.seen(windows, position, side)[0] <= fields.seen(windows, position, side)[1] < side
        edges.add((first < 0, last >= side))
    assert {(True, False), (False, True)} <= edges
    for windows, position, side in drawn(fields.any_place(border=False)):
        first, last = fields.looked_at(windows, position)
        assert 0 <= first < last < side


def test_a_module_of_one_branch_is_that_branch():
    assert ps1.module_macs.reference(6, 9, 4, [[("conv", 5, 3, 1)]]) == {"macs": 6 * 9 * 5 * 3 * 4, "depth": 5}
    assert ps1.module_macs.reference(6, 9, 4, [[]]) == {"macs": 0, "depth": 4}


def counted(name):
    return trace(network(name))


def macs(kind):
    return sum(row.macs for row in counted("vgg16").rows if isinstance(row.operation, kind))


def first_block(what):
    return sum(getattr(row, what) for row in counted("vgg16").rows if row.name.startswith("block1"))


conv_params, conv_out = ps1.conv_params.reference, ps1.conv_out.reference
NUMBERS = {
    "N01": ("== 56,", lambda: conv_params(3, 3, 3, 2)),
    "N02": ("== 152,", lambda: conv_params(5, 5, 3, 2)),
    "N10": ("2416", lambda: conv_params(5, 5, 6, 16)),
    "N11": ("416", lambda: conv_params(5, 5, 1, 16)),
    "N20": ("456", lambda: conv_params(5, 5, 3, 6)),
    "N72": ("614656", lambda: conv_params(5, 5, 96, 256)),
    "D09-two-streams": ("307456", lambda: conv_params(5, 5, 96, 256, True, 2)),
    "N70": ("224 pixels need a padding of 2 for the same 55", lambda: conv_out(224, 11, 4, 2)),
    "N18": ("61706", lambda: counted("lenet5").parameters),
    "N18-values": ("9118", lambda: counted("lenet5").activations),
    "N18-bytes": ("36,472", lambda: memory.taken(*tables.LENET)),
    "N29": ("433,290", lambda: counted("minimal-cnn").parameters),
    "N30": ("108810", lambda: counted("minimal-cnn-pooled").parameters),
    "N87": ("138 million", lambda: counted("vgg16").parameters // 10**6),
    "N90": ("15,237,608", lambda: counted("vgg16").activations),
    "N90-bytes": ("60950432", lambda: memory.taken(*tables.VGG)),
    "N90-megabytes": ("61 MB", lambda: round(memory.taken(*tables.VGG) / 1e6)),
    "N94": ("672 maps", lambda: ps1.module_macs.reference(28, 28, 256, modules.lecture(NAIVE))["depth"]),
    "N98": ("854,196,224", lambda: ps1.module_macs.reference(28, 28, 256, modules.lecture(NAIVE))["macs"]),
    "N99": ("271,351,808", lambda: ps1.module_macs.reference(28, 28, 256, modules.lecture(REDUCED))["macs"]),
    "N102": ('"depth": 480', lambda: ps1.module_macs.reference(28, 28, 256, modules.lecture(REDUCED))["depth"]),
    "dense-parameters": ("89.4 %", lambda: 100 * counted("vgg16").parameters_of(Dense) / counted("vgg16").parameters),
    "dense-work": ("0.8 %", lambda: 100 * macs(Dense) / counted("vgg16").macs),
    "first-parameters": ("0.03 %", lambda: 100 * first_block("parameters") / counted("vgg16").parameters),
    "first-values": ("47 %", lambda: 100 * first_block("values") / counted("vgg16").activations),
}


@pytest.mark.parametrize(("written", "compute"), NUMBERS.values(), ids=NUMBERS)
def test_says_what_its_numbers_are(text, written, compute):
    assert written in text
    digits = re.findall(r"\d[\d,]*(?:\.\d+)?", written)[-1].replace(",", "")
    places = len(digits.partition(".")[2])
    assert f"{compute():.{places}f}" == digits


def test_adds_up_the_lectures_terms(text):
    """N95, N96, N97: the three terms stand in the text; N100: the slide's total has one of six terms twice."""
    naive = [ps1.module_macs.reference(28, 28, 256, [branch])["macs"] for branch in modules.lecture(NAIVE)]
    assert " + ".join(f"{term:,}" for term in naive[:3]) in text
    assert naive[3] == 0
    terms = [row.macs for row in modules.followed(28, 28, 256, modules.lecture(REDUCED)).rows if row.macs]
    assert [sum(terms) + term for term in terms if round((sum(terms) + term) / 1e6) == 358] == [358_055_936]


def test_counts_what_the_model_answer_counts(notebook):
    answer = by_grade_id(notebook)["explain"].source
    rows = {row.name: row for row in counted("vgg16").rows}
    second = rows["block1_conv2"]
    assert f"{second.shape[1]} · {second.shape[2]} = {second.shape[1] * second.shape[2]:,}" in answer
    assert f"{rows['fc1'].taken[0]:,} · {rows['fc1'].shape[0]} of them" in answer


def test_tells_in_words_what_its_figure_shows():
    rows = figure.shown(counted("vgg16"))
    assert len(rows) == 21
    assert f"{macs(Conv) / counted('vgg16').macs:.0%}".replace("%", " %") in figure.SHOWS
    assert f"{first_block('values') / counted('vgg16').activations:.0%}".replace("%", " %") in figure.SHOWS
    assert (
        f"{counted('vgg16').parameters_of(Dense) / counted('vgg16').parameters:.0%}".replace("%", " %") in figure.SHOWS
    )
