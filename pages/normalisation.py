"""Architectures: Local response normalisation

One idea: at every place of an image neighbouring maps damp each other; AlexNet had it, VGG showed that it can go.
"""

from dataclasses import replace

import streamlit as st

from core.data.photos import grey_photo
from core.filters.oriented import oriented_maps
from core.nets.layers import LocalNorm
from core.nets.trace import trace
from core.nets.zoo import network
from core.units.normalise import grounds, local_response_norm, neighbours
from pages._kit import lab
from pages._kit.volume import Volume, volume
from pages._parts.normalisation.figures import as_csv, bars, compared, loud, statistics, told, worked_out

MAPS, VIEWS = 9, ("One place", "A photo", "In AlexNet")

lab.opening(__doc__, predict="Nine maps all have the value 1; now one of them grows to 20. What happens to the others?")
controls, stage = lab.columns()
with controls:
    view = st.segmented_control("Look at", VIEWS, default=VIEWS[0], key="view", bind="query-params", required=True)
    on = st.toggle("Normalise", True, key="on", bind="query-params")
    size, strength, beta, k = 5, "0.1", 0.75, 1.0
    if view != VIEWS[2]:
        size = st.slider("Neighbours n, itself among them", 1, MAPS, 5, key="size", bind="query-params")
        strength = st.select_slider(
            "alpha",
            ("0.0001", "0.001", "0.01", "0.1", "1"),
            "0.1",
            key="alpha",
            bind="query-params",
            help="AlexNet has 0.0005 in this form, on activations that reach hundreds. Here they are small, so we "
            "start higher. (Its paper writes 0.0001, not divided by n.)",
        )
        beta = st.slider("beta", 0.0, 1.5, 0.75, 0.05, key="beta", bind="query-params", help="AlexNet: 0.75.")
        k = st.slider("k", 0.5, 4.0, 1.0, 0.5, key="k", bind="query-params", help="AlexNet: 2.")
    if view == VIEWS[0]:
        place = st.slider("Loud map", 0, MAPS - 1, 4, key="place", bind="query-params")
        value = st.slider("Its value", 1, 50, 20, key="value", bind="query-params")
before = loud(MAPS, place, value) if view == VIEWS[0] else oriented_maps(grey_photo("pagoda", 64), MAPS, gain=20)
alpha = float(strength)
after = local_response_norm(before, size=size, alpha=alpha, beta=beta, k=k) if on else before
alexnet = network("alexnet")
bare = replace(alexnet, layers=tuple(each for each in alexnet.layers if not isinstance(each.operation, LocalNorm)))
with_, without = trace(alexnet), trace(bare)
with stage:
    if view == VIEWS[0]:
        span = neighbours(MAPS, size)[place]
        one, other = before[:, 0, 0], after[:, 0, 0]
        rows = {"map": range(MAPS), "before": one.round(4), "after": other.round(4)}
        if on:
            st.markdown(worked_out(one, other, place, size=size, alpha=alpha, beta=beta, k=k))
        lab.chart(bars(one, other, place, span), key="bars", quick=True, alt=told(one, other), table=rows)
    elif view == VIEWS[1]:
        shown = [
            Volume(
                "Before: nine edge filters, each a ninth of a turn further",
                before,
                "ink",
                "The brightest of all nine is the largest value.",
            ),
            Volume(
                "After: normalised" if on else "After: not normalised",
                after,
                "ink",
                "Again the brightest is the largest value. Beside strong edges weak ones now show more."
                if on
                else "The same.",
            ),
        ]
        volume(shown, key="maps", on_cell=lambda: None)
    else:
        shown_trace = with_ if on else without
        name = "with" if on else "without"
        st.metric(f"Parameters of AlexNet {name} normalisation", f"{shown_trace.parameters:,}", width="content")
        st.table(compared(with_, without))
    if view != VIEWS[2]:
        st.markdown("**Statistics of the values**")
        st.table(statistics([("before", before), ("after", after)]))

lab.closing(
    notice=[
        "The sum runs over neighbouring maps at one place, never over neighbouring pixels. A map far away in depth is "
        "not concerned, however loud.",
        "A loud map damps its neighbours about as much as itself: beside them it stands out as before, and together "
        "they step back behind what is far away in depth. With alpha at 0.0001 hardly anything happens to values this "
        "small.",
        f"Nothing is learned: AlexNet has {with_.parameters:,} parameters with it and {without.parameters:,} without, "
        "and every shape is the same. VGG found no gain and left it out; later nets normalise over the batch.",
    ],
    shows=(local_response_norm, grounds, neighbours),
    call=f"local_response_norm(volume, size={size}, alpha={alpha:g}, beta={beta:g}, k={k:g})",
    answer="With the first setting its two neighbours on each side, 0.93 while all were quiet, shrink to 0.19. The far "
    "ones stay as they are. It is damped itself, from 20 to 3.8.",
    quiz=("Q89",),
    prepares="ps2",
    exports={"values.csv": lambda: as_csv(before, after)},
)
