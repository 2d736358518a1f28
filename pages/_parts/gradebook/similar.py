"""Solutions with code in common: the pairs by likeness, and two of them side by side."""

from html import escape

import pandas as pd
import streamlit as st

from classroom.desk import Desk
from classroom.people import Person
from classroom.permissions import may
from classroom.staff.similar import Alike, Side, Solutions, side_by_side, similar
from grading.similarity.pairs import COMMON, FEW, LEAST
from grading.similarity.winnowing import LENGTH, WINDOW
from pages._kit.scrolling import scrolling

KEPT = "_similar"
SHOWN = 50  # pairs
STYLE = """<style>
.beside { overflow-x: auto; max-height: 70vh; border: 1px solid color-mix(in srgb, currentColor 18%, transparent);
  border-radius: 0.5rem; font-family: "Source Code Pro", ui-monospace, monospace; font-size: 0.8125rem; }
.beside ol { list-style: none; margin: 0; padding: 0.4rem 0; min-width: max-content; }
.beside li { display: flex; margin: 0; min-height: 1.6em; padding: 0 0.6rem 0 0;
  border-left: 4px solid transparent; white-space: pre; }
.beside li.same { background: color-mix(in srgb, #0072B2 20%, transparent); border-left-color: #0072B2; }
.beside li.same.even { background: color-mix(in srgb, #E69F00 22%, transparent); border-left-color: #E69F00; }
.beside b { width: 2.2rem; flex: none; text-align: right; padding-right: 0.7rem; font-weight: 600; }
</style>"""


def show(desk: Desk, who: Person, name: str, *, section: str, anonymous: bool) -> None:
    """What it means, the list, and the pair that is chosen."""
    if not may(who, "compare solutions"):
        st.info("Comparing solutions is for instructors.")
        return
    st.markdown(
        "Two solutions that have much code in common may come from the same book, the same lesson, or from each other. "
        "This list cannot tell which: **it is a reason to read both, not a finding.**"
    )
    asked = [one.id for one in desk.shelf.assignment(name).questions if not one.by_hand]
    with st.container(horizontal=True, vertical_alignment="bottom", key="similar-choices"):
        question = st.selectbox("In", ["All questions", *asked], key="similar-in", bind="query-params", width=260)
        model = st.toggle(
            "Leave out what the instructor wrote",
            True,
            key="model",
            bind="query-params",
            help="The instructor's own solution as well as what was handed out: who has that very code says little.",
        )
    question = "" if question == "All questions" else question
    found = _found(desk, who, name, question=question, section=section, model=model)
    _explained(found)
    if found.pairs:
        _pairs(found.pairs[:SHOWN], len(found.pairs))
        _chosen(desk, who, found.pairs[:SHOWN], question=question, model=model, anonymous=anonymous)
    else:
        st.info(
            "No two solutions have that much in common." if found.people > 1 else "There is nothing to compare yet."
        )


def _found(desk: Desk, who: Person, name: str, *, question: str, section: str, model: bool) -> Solutions:
    """Compared once for what is handed in now: it takes seconds in a large class."""
    last = max((one.id for one in desk.ledger.hand_ins(assignment=name)), default=0)
    asked = (name, question, section, model, last)
    kept: tuple[object, Solutions] | None = st.session_state.get(KEPT)
    if kept is None or kept[0] != asked:
        with st.spinner("Comparing everybody's code ..."):
            kept = asked, similar(desk, who, name, question=question, section=section, model=model)
        st.session_state[KEPT] = kept
    return kept[1]


def _explained(found: Solutions) -> None:
    st.caption(
        f"The code of {found.people} students, of the hand-ins that count. Names, numbers, texts, comments and layout "
        f"do not count. Whatever two have in common in {LENGTH + WINDOW - 1} tokens in a row is found. What was handed "
        f"out is left out, and so are {found.common} of {found.fingerprints} fingerprints that more than {COMMON:.0%} "
        f"of the class (and more than {FEW} students) have. Pairs that share fewer than {LEAST} are not listed."
    )


def _pairs(pairs: tuple[Alike, ...], of: int) -> None:
    rows = [
        {
            "pair": number,
            "solutions": " and ".join(pair.names),
            "in common": f"{pair.likeness:.0%}",
            "of the first": f"{pair.of_one:.0%}",
            "of the second": f"{pair.of_other:.0%}",
            "fingerprints": pair.shared,
        }
        for number, pair in enumerate(pairs, 1)
    ]
    st.html(scrolling(pd.DataFrame(rows).set_index("pair"), label="Pairs of solutions with code in common"))
    if of > len(pairs):
        st.caption(f"And {of - len(pairs)} pairs with less in common.")


def _chosen(desk: Desk, who: Person, pairs: tuple[Alike, ...], *, question: str, model: bool, anonymous: bool) -> None:
    names = [f"{number}: {' and '.join(pair.names)}" for number, pair in enumerate(pairs, 1)]
    with st.container(horizontal=True, vertical_alignment="bottom", key="pair-choices"):
        chosen = st.selectbox("Read a pair", names, index=None, placeholder="Choose one", key="pair", width=360)
        named = st.toggle("Say whose they are", key="named", disabled=anonymous)
    if chosen not in names:
        return
    pair = pairs[names.index(chosen)]
    sides = side_by_side(
        desk, who, (pair.one, pair.other), question=question, model=model, named=named and not anonymous
    )
    shared = len(set(sides[0].marked.values()))
    st.caption(
        f"{shared} part{'' if shared == 1 else 's'} in common. A part has the same number and colour on both sides, "
        "and is marked also where many of the class have it."
    )
    for side, column in zip(sides, st.columns(2, gap="small"), strict=True):
        with column:
            st.text(side.name)
            st.html(beside(side))


def beside(side: Side) -> str:
    """A solution line by line, with the number of the shared part before each part's first line.

    >>> "<b>1</b>x &lt; 1</li>" in beside(Side(1, "Ada", ("x < 1", "y"), {1: 1}))
    True
    """
    lines, before = "", 0
    for number, line in enumerate(side.lines, 1):
        part = side.marked.get(number, 0)
        kind = f' class="same{"" if part % 2 else " even"}"' if part else ""
        lines += f"<li{kind}><b>{part if part and part != before else ''}</b>{escape(line)}</li>"
        before = part
    label = f"Solution of {side.name}"
    return f'{STYLE}<div class="beside" tabindex="0" role="region" aria-label="{escape(label)}"><ol>{lines}</ol></div>'
