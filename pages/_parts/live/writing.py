"""Writing one's own questions: as text, with what it means beside it, and many of them as a file."""

import streamlit as st

from classroom.desk import Desk
from classroom.errors import ClassroomError
from classroom.live import own
from classroom.people import Person
from pages._kit.course import speaking
from pages._kit.downloads import download
from pages._kit.live.saying import said, trying
from pages._parts.live.card import card
from syllabus.written import LONGEST

EXAMPLE = """How many parameters has a 5x5 convolution from 6 to 16 maps?
= 2416
because Each filter spans all six maps: 16 x (5 x 5 x 6 + 1).
lab layer
"""
FORMS = """
| write | for |
| --- | --- |
| `= 2416`, `= 9.4 +- 0.05` | a number, exact or within a distance |
| `= 28x28x6` | a shape |
| `* right` and `- wrong` | one right option, or with several stars all that hold |
| `slide The heading`, then `- line` and one `x wrong line` | the wrong line of a slide |
| `picture scene 7`, then `region 0.2 0.3 0.4 0.5` | a click: left, top, right, bottom as shares |
| `because ...` | the reason, which every question needs |
| `lab pooling?pool_stride=1` | the lab that shows it, if there is one |
"""
TEXT, DRAFT = "question-text", "_question-draft"  # the field, and what stood in it, which outlives the page
CHANGED = "_question-changed"  # the number of the own question that the field changes
KEPT, BROUGHT = "_question-kept", "_question-brought"  # where is said what came of keeping one, and of a file
MOST_MB = 1


def questions(desk: Desk, who: Person) -> None:
    """The field with its preview; then files."""
    st.markdown("## Write your own")
    changed: int = st.session_state.get(CHANGED, 0)
    left, right = st.columns(2, gap="large")
    with left:
        if TEXT not in st.session_state:
            st.session_state[TEXT] = st.session_state.get(DRAFT, EXAMPLE)
        label = f"Question own-{changed}" if changed else "A new question"
        text = st.session_state[DRAFT] = st.text_area(label, height=240, max_chars=LONGEST, key=TEXT) or ""
        st.caption("What it means is shown when you leave the field or press Ctrl+Enter.")
        with st.expander("How to write one", key="forms"):
            st.markdown(FORMS)
    with right:
        with speaking():
            card(own.preview(desk, who, text), key="preview")
            _buttons(desk, who, changed)
        said(KEPT)
    _files(desk, who)


def take_up(one: own.Own) -> None:
    """Bring one's own question into the field."""
    st.session_state[TEXT], st.session_state[CHANGED] = one.text, one.id


def let_go(id: int) -> None:
    """What stands in the field is a new question, if it was this one."""
    if st.session_state.get(CHANGED) == id:
        del st.session_state[CHANGED]


def _anew() -> None:
    """An empty field for a new question."""
    st.session_state[TEXT] = ""
    st.session_state.pop(CHANGED, None)


def _buttons(desk: Desk, who: Person, changed: int) -> None:
    with st.container(horizontal=True, key="keep-question"):
        keeps = trying(lambda: _keep(desk, who, changed), place=KEPT)
        st.button("Keep it", key="keep", type="primary", on_click=keeps)
        if changed:
            st.button("Write a new one instead", key="new", on_click=_anew)


def _keep(desk: Desk, who: Person, changed: int) -> str | None:
    """Keep what stands in the field; what is wrong with it stands where its preview would."""
    try:
        kept = own.write(desk, who, st.session_state[TEXT], id=changed)
    except ClassroomError:
        return None
    st.session_state[CHANGED] = int(kept.id.removeprefix("own-"))
    return f"Kept as {kept.id}. It is found above, and plans may name it."


def _files(desk: Desk, who: Person) -> None:
    with st.expander("Many at once, as a file", key="question-files", on_change="rerun") as fold:
        if not fold.open:
            return
        st.markdown("One text file; between two questions stands a line of three dashes, `---`.")
        file = st.file_uploader("Questions", ["txt", "md"], key="questions-file", max_upload_size=MOST_MB)
        with st.container(horizontal=True, key="question-file-buttons"):
            if file is not None:
                brings = trying(lambda: _bring(desk, who, file.getvalue()), place=BROUGHT)
                st.button("Take them over", key="bring", on_click=brings)
            download("Download all of the course's own", own.as_text(desk, who), file="questions.txt", key="own-file")
        said(BROUGHT)


def _bring(desk: Desk, who: Person, data: bytes) -> str:
    """All of a file, or none."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise ClassroomError("The file is not UTF-8 text: save it as that.") from None
    return f"{len(own.bring(desk, who, text))} questions were taken over."
