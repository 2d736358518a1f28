"""How a question came out, for whoever answered it."""

import streamlit as st

from classroom.live.answers import in_words
from classroom.live.quizzing import Asked, Told
from pages._kit.live.counted import counted, looked_for
from pages._kit.live.fields import lab
from pages._kit.words import plain
from syllabus.questions import Kind


def revealed(asked: Asked, told: Told) -> None:
    """The answer, the reason, the votes with one's own among them, the way to the lab."""
    st.markdown(f"{looked_for(asked.kind)}: **{plain(told.answer)}**. {plain(told.why)}")
    mine = (asked.before, asked.mine)[-len(told.rounds) :]
    key = f"_live-votes-{asked.quiz}"
    counted(asked.kind, told.rounds, asked.picture, key=key, marked=True, regions=told.regions, mine=mine)
    st.caption(_given(asked))
    lab(told.page)


def _given(asked: Asked) -> str:
    """What one answered, first and then."""
    given = [answered(asked.kind, given) for given in (asked.before, asked.mine) if given is not None]
    if asked.before is not None and asked.before == asked.mine:
        return f"You answered {given[0]} both times."
    return f"You answered {', then '.join(given)}." if given else "You gave no answer."


def answered(kind: Kind, given: object) -> str:
    """An answer in words, as somebody gave it."""
    return f"**{plain(in_words(kind, given))}**"
