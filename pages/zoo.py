"""Architectures: The model zoo

One idea: accuracy costs memory and time, and the networks worth choosing are the few that no other one beats in both.
"""

import streamlit as st

from core.data.keras_zoo import KERAS_ZOO, within
from core.errors import CoreError
from core.measure.pareto import pareto_front
from core.nets.latency import latency
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.zoo.figures import columns, lessons, scatter, scatter_alt, shown, table
from pages._parts.zoo.stopwatch import measured, stopwatch, twins

lab.opening(
    __doc__,
    predict="A phone has room for a file of 50 MB. Of these 19 networks, which one is right most often and still fits?",
)
macs = {name: twin.macs for name, twin in twins().items()}
here = {name: measured()[twin.shown].median for name, twin in twins().items() if twin.shown in measured()}
compared = columns(macs, here)
kept = list(compared)
controls, stage = lab.columns()
with controls:
    across = st.selectbox("Across", kept, 0, key="x", bind="query-params")
    up = st.selectbox("Up", kept, kept.index("Top-1 accuracy"), key="y", bind="query-params")
    sized = st.selectbox("Size of a bubble", kept, kept.index("Parameters"), key="bubble", bind="query-params")
    log = st.toggle("Logarithmic scale across", True, key="log", bind="query-params")
    st.markdown("**Your budget**")
    megabytes = st.slider("File, at most MB", 10, 550, 550, key="mb", bind="query-params")
    cpu = st.slider("Time on their CPU, at most ms", 20, 350, 350, key="cpu", bind="query-params")
    millions = st.slider("Parameters, at most millions", 3, 145, 145, key="millions", bind="query-params")

x, y, bubble = compared[across], compared[up], compared[sized]
affordable = within(KERAS_ZOO, megabytes=megabytes, cpu_ms=cpu, millions=millions)
points = shown(KERAS_ZOO, affordable, x, y, bubble)
rows = table(KERAS_ZOO, points, compared)
with stage:
    if affordable:
        best = max(affordable, key=lambda entry: entry.top1)
        st.markdown(
            f"**{len(affordable)} of 19** networks fit the budget. Right most often: **{best.name}**, {best.top1} % at "
            f"the first guess and {best.top5} % within five."
        )
    else:
        lab.impossible(CoreError("no network of the table is that small and that fast: raise one of the three limits"))
    lab.chart(scatter(points, x, y, bubble, log=log), key="zoo", alt=scatter_alt(points, x, y))
    folded("The numbers behind this chart", rows.set_index("network"), key="zoo-numbers")
    st.caption("A point without a name has no room for it: point at it, or open the numbers.")
    if len(points) < len(KERAS_ZOO):
        missing = len(KERAS_ZOO) - len(points)
        st.caption(f"{missing} networks have no value here: our zoo does not build them, or nobody measured them yet.")

    st.markdown("**Measure them on this machine**")
    stopwatch()

small = max(within(KERAS_ZOO, megabytes=50, cpu_ms=1e9, millions=1e9), key=lambda entry: entry.top1)
lab.closing(
    notice=lessons(KERAS_ZOO, points, x, y),
    shows=(pareto_front, within, latency),
    call=f"within(KERAS_ZOO, megabytes={megabytes}, cpu_ms={cpu}, millions={millions})  # {len(affordable)} networks",
    answer=f"{small.name}: {small.megabytes} MB and {small.top1} %. NASNetLarge, the best of all, has 343 MB.",
    quiz=("Q13",),
    exports={"zoo.csv": lambda: rows.to_csv(index=False)},
)
