"""Course: Errata of the lectures

One idea: every figure of the lectures that can be computed was worked out again, and what is wrong stands here beside
what is right, with the reason.
"""

import pandas as pd
import streamlit as st

from pages._kit import lab
from pages._parts.errata.cards import bars, bars_alt, counts, drawn
from syllabus.errata import address, errata, matching, working
from syllabus.tables import table

lab.opening(
    __doc__,
    predict=f"The five lectures print {len(table('numbers'))} figures that can be looked up here. How many are wrong?",
)
all_of_them = errata()
figures = [each for each in all_of_them if each.is_figure]
controls, stage = lab.columns()
with controls:
    words = st.text_input(
        "Find", key="find", bind="query-params", max_chars=80, live=True, placeholder="N54, AlexNet, transposed ..."
    )
    letters = st.pills("Lectures", list("ABCDE"), selection_mode="multi", key="lecture", bind="query-params")
    kind = st.segmented_control(
        "What is wrong", ("anything", "a figure", "a statement"), default="anything", key="kind", bind="query-params",
        required=True,
    )  # fmt: skip
wanted = [each for each in all_of_them if kind == "anything" or each.is_figure == (kind == "a figure")]
found = matching(wanted, words, letters or "ABCDE")
counted = counts()
with stage:
    lab.chart(bars(counted), key="counts", alt=bars_alt(counted), table=counted)
if found:
    st.markdown(f"**{len(found)} of {len(all_of_them)}** corrections." if len(found) < len(all_of_them) else "")
    st.html(drawn(tuple(each.id for each in found)))
else:
    st.info("No correction has these words. Fewer words find more.")


def as_csv() -> str:
    """What is shown, one row each."""
    rows = [(each.id, " ".join(each.lectures), each.quantity, each.stated, each.correct, each.reason) for each in found]
    return pd.DataFrame(rows, columns=["id", "lectures", "what", "stated", "right", "why"]).to_csv(index=False)


most = counted.loc[counted["wrong"].idxmax()]
lab.closing(
    notice=[
        f"{len(figures)} figures and {len(all_of_them) - len(figures)} statements need a correction. Most wrong "
        f"figures, {most['wrong']}, are in lecture {most['lecture']}, where {most['right']} are right.",
        "Many are slips of a few kinds: a factor left out (the depth of a filter, 1/11, 1/(H·W)), a term counted "
        "twice, or a number that belongs to another version of a network.",
        "Where there is something to compute, the function below the card does it, and a test compares its value with "
        "the table at every change.",
        f"Each card has an address: ?find={found[0].id if found else 'N54'} opens the page with that one alone.",
    ],
    shows=(matching, address, working),
    call=f"len(errata())  # {len(all_of_them)}",
    answer=f"{len(figures)} figures are wrong, and {len(all_of_them) - len(figures)} statements in words.",
    exports={"errata.csv": as_csv},
)
