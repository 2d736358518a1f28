"""Architectures: Inception module editor

One idea: a module may look with several windows at once, if 1x1 layers first make the volume thin enough to afford it.
"""

from dataclasses import replace

import streamlit as st

from core.errors import CoreError
from core.nets.build import code
from core.nets.table import write
from core.nets.trace import trace
from core.nets.zoo.googlenet import MODULES, REDUCED, Widths, inception, module
from pages._kit import lab
from pages._parts.inception.figures import (
    branch_table,
    depth_by_module,
    findings,
    graph,
    graph_alt,
    growth,
    operations,
    operations_alt,
    pile_shape,
)
from pages._parts.parameters.figures import amount

GIVEN = {"3a": (192, 28), "3b": (256, 28), "4a": (480, 14), "4e": (528, 14), "5b": (832, 7)}
PRESETS = {
    "The lecture's module": (REDUCED, 256, 28),
    **{f"GoogLeNet, module {name}": (MODULES[name], *given) for name, given in GIVEN.items()},
}
NAMES = ("one", "three", "five", "reduce_three", "reduce_five", "pool")


def load() -> None:
    """Set every width as the chosen module has it."""
    widths, maps, side = PRESETS[st.session_state["start"]]
    st.session_state.update({name: getattr(widths, name) for name in NAMES}, maps=maps, side=side)


def width(label: str, name: str) -> int:
    """A slider for one width, in steps that keep the address short."""
    return st.slider(label, 8, 512, getattr(PRESETS[start][0], name), 8, key=name, bind="query-params")


lab.opening(__doc__, predict="1x1 layers with 64 filters before the 3x3 and the 5x5: which share of the work remains?")
controls, stage = lab.columns()
with controls:
    start = st.selectbox("Start from", PRESETS, key="start", bind="query-params", on_change=load)
    reduced = st.toggle("Use 1x1 reducers", True, key="reduced", bind="query-params")
    one, three, five = width("1x1 filters", "one"), width("3x3 filters", "three"), width("5x5 filters", "five")
    before_three = before_five = behind_pool = None
    if reduced:
        before_three = width("Reducer before 3x3", "reduce_three")
        before_five = width("Reducer before 5x5", "reduce_five")
        behind_pool = width("1x1 behind the pooling", "pool")
    with st.expander("Input and stack"):
        maps = st.slider("Maps of the input", 8, 1024, PRESETS[start][1], 8, key="maps", bind="query-params")
        side = st.slider("Side of the maps", 1, 112, PRESETS[start][2], key="side", bind="query-params")
        times = st.slider("Modules on top of each other", 1, 9, 4, key="times", bind="query-params")
chosen = Widths(one, before_three, three, before_five, five, behind_pool)
plain = replace(chosen, reduce_three=None, reduce_five=None, pool=None)
try:
    shown, naive = (
        trace(module(name, each, (maps, side, side))) for name, each in (("module", chosen), ("naive", plain))
    )
    forms = [("without reducers", plain)] + ([("with reducers", chosen)] if reduced else [])
    stacks = [(name, trace(module(name, each, (maps, side, side), times=times))) for name, each in forms]
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

table = branch_table(shown)
with stage:
    with st.container(horizontal=True, gap="medium", key="totals"):
        saved = f"{naive.macs / shown.macs:.2f} times fewer than without reducers" if reduced else "no reducers"
        st.metric("Operations", amount(shown.macs), saved, "off", delta_arrow="off", width="content")
        made = pile_shape(shown)
        st.metric(
            "Output",
            f"{made[1]}x{made[2]}x{made[0]}",
            f"input {side}x{side}x{maps}",
            "off",
            delta_arrow="off",
            width="content",
        )
        st.metric("Parameters", amount(shown.parameters), width="content")
    lab.chart(graph(shown), key="graph", quick=True, alt=graph_alt(shown))
    lab.chart(operations(shown, naive), key="bars", quick=True, alt=operations_alt(shown, naive), table=table)
    st.markdown("**Modules on top of each other:** how many maps there are after each of them.")
    told = "; ".join(f"{name}: {', '.join(map(str, depth_by_module(each)))}" for name, each in stacks)
    lab.chart(
        growth(stacks), key="growth", quick=True, alt=f"Maps of the input and after each of {times} modules. {told}."
    )

lecture = chosen == REDUCED and (maps, side) == (256, 28)
name = "with reducers" if reduced else "naive"
lab.closing(
    notice=findings(shown, naive, stacks, lecture=lecture),
    shows=(inception, trace),
    call=f'trace(module("{name}", {chosen}, ({maps}, {side}, {side}))).macs  # {shown.macs:,}',
    answer="271 of 854 million operations, 32 %. Your module as it is set: "
    f"{amount(shown.macs)} of {amount(naive.macs)}, {shown.macs / naive.macs:.0%}.",
    quiz=("Q14", "Q15", "E09"),
    errata=("N100", "N101"),
    prepares="ps1",
    exports={
        "module.py": lambda: code(shown),
        "branches.csv": lambda: table.to_csv(index=False),
        "table.txt": lambda: write(shown.network),
    },
)
