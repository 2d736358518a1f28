"""Course: Marking

One idea: all answers to one question in a row, beside the instructor's own, so that like earns like.

For: assistants
"""

import streamlit as st

from classroom import marking
from classroom.permissions import require
from pages._kit import course
from pages._parts.marking import one, piles

st.title("Marking", anchor=False)
with course.speaking():
    who, desk = require(course.member(), "mark"), course.desk()
    one.say_what_happened()
    asked = piles.asked_for()
    hidden = st.toggle(
        "Numbers for names", key="nameless", bind="query-params", help="Mark without knowing whose it is."
    )
    if asked:
        found = marking.answer(desk, who, *asked, anonymous=hidden)
        piles.way_back()
        one.show(desk, who, found, hidden=hidden, alone=True)
    else:
        all_of_them = piles.known(desk, who)
        if not all_of_them:
            piles.nothing()
        else:
            names = [piles.name(each) for each in all_of_them]
            chosen = st.selectbox("Question", names, key="pile", bind="query-params")
            before = all_of_them[names.index(chosen)]
            pile = marking.pile(desk, who, before.assignment, before.question.id)
            piles.progress(pile)
            after = one.skipped(pile)
            waiting = marking.next_answer(
                desk, who, pile.assignment, pile.question.id, after=after, anonymous=hidden
            )  # fmt: skip
            if waiting is None:
                piles.done(pile, all_of_them)
                one.take_back(desk, who)
            else:
                one.show(desk, who, waiting, hidden=hidden)
