"""Receptive field: What does one neuron see?

One idea: a value deep in a network depends on a patch of the image, and the windows on the way down decide which one.
"""

import pandas as pd
import streamlit as st

from core.errors import CoreError
from core.nets.effective import core_patch
from core.nets.evidence import autograd_mask
from core.nets.receptive import Field, sampled, views
from pages._kit import lab
from pages._parts.receptive_field.builder import choose
from pages._parts.receptive_field.figures import bump, cone, cone_alt, lessons, on_photo
from pages._parts.receptive_field.work import influence, photo, witness

lab.opening(__doc__, predict="Six 3x3 convolutions in a row: how many pixels does one value of the last map see?")
controls, stage = lab.columns()
with stage:
    top = st.container()
    left, right = st.columns(2)
    bottom = st.container()
try:
    with controls:
        choice = choose(right)
except CoreError as error:
    with top:
        lab.impossible(error)
    st.stop()

layers, side, neuron, view = choice.layers, choice.side, choice.neuron, choice.view
patch, mask = view.patch(neuron), sampled(layers, side, neuron)
field = "x".join(map(str, patch.sides))
table = pd.DataFrame(
    {
        "volume": [each.name for each in choice.volumes],
        "map": ["x".join(map(str, each.sides)) for each in choice.volumes],
        "field": [f"{each.rows.size}x{each.columns.size}" for each in choice.volumes],
        "jump": [each.columns.jump for each in choice.volumes],
        "start": [each.columns.start for each in choice.volumes],
    }
)
with top:
    st.markdown(
        f"Neuron {neuron} of **{view.name}** sees a field of **{field}** pixels and reads **{mask.sum():,}** of them. "
        f"Its map is {view.sides[0]}x{view.sides[1]}; its neighbour looks {view.columns.jump} px further."
    )
    told = cone_alt(choice.volumes, choice.depth, neuron)
    lab.chart(cone(layers, side, neuron), key="cone", quick=True, alt=told, table=table)
with right:
    if st.toggle("Ask torch whether this is true", key="torch", bind="query-params"):
        found = witness(choice)
        verdict = "agrees" if (found == mask).all() else "disagrees"
        st.markdown(f"Autograd **{verdict}**: {(found & mask).sum():,} of {mask.sum():,} pixels have a gradient.")
    weigh = st.toggle("How much does each pixel count?", key="effective", bind="query-params")
core = None
if weigh:
    with bottom:
        heat_side, draws_side = st.columns(2)
    try:
        with draws_side:
            draws = st.select_slider("Random networks", (1, 10, 100, 1000), 100, key="draws", bind="query-params")
            heat = influence(choice, draws)
            core = core_patch(heat, patch)
            held = f"95 % of the influence lies in the middle {core.sides[0]}x{core.sides[1]} of the {field} field"
            st.markdown(f"{held}: {core.pixels / patch.pixels:.0%} of its area.")
            st.caption("Influence: the squared gradient of the neuron, averaged over networks with random weights.")
        with heat_side:
            lab.chart(bump(heat, patch, core), key="bump", alt=held)
    except CoreError as error:
        with draws_side:
            lab.impossible(error)
with left:
    seen = f"{mask.sum():,} pixels in colour, rows {patch.rows}, columns {patch.columns} framed"
    lab.chart(on_photo(photo(side), mask, patch, core=core), key="photo", alt=f"Photo, {side}x{side}: {seen}")
    st.caption("In colour: the pixels it reads. Frame: its field." + (" Dashed: the 95 %." if core else ""))

lab.closing(
    notice=lessons(layers, choice.volumes[: choice.depth + 1], patch, mask),
    shows=(Field.through, Field.patch, views, sampled, autograd_mask),
    call=f"views(parse_stack({choice.text!r}), {side})[{choice.depth}].patch({neuron})  # {patch}",
    answer="13x13, that is 169. The first layer sees 3x3, and each of the other five adds one pixel on every side. "
    f"{view.name} of your stack sees {field}.",
    quiz=("Q06", "Q07", "Q10", "Q40", "Q41", "Q43"),
    prepares="ps1",
    exports={"receptive-fields.csv": lambda: table.to_csv(index=False)},
)
