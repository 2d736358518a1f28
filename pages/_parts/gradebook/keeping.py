"""The whole course goes elsewhere: into a gradebook that came from Canvas, or as one file to keep."""

import streamlit as st

from classroom.desk import Desk
from classroom.keeping.backup import backup
from classroom.people import Person
from classroom.permissions import may
from classroom.staff.exporting import fill_canvas
from pages._kit import course
from pages._kit.downloads import download
from pages._kit.words import plain

MOST_MB = 20
MADE = "_backup"  # when it was made, and its bytes


def fill(desk: Desk, who: Person) -> None:
    """Canvas's own file, filled in: then its students and columns are found for sure."""
    if not may(who, "export"):
        return
    st.markdown("## Into a gradebook from Canvas")
    st.markdown(
        "In Canvas choose **Gradebook**, **Export**, **Export Entire Gradebook**, and bring that file. You get it back "
        "with the points of assignments that bear the same name, for **Import** there. Nothing else in it changes."
    )
    file = st.file_uploader("The gradebook from Canvas", ["csv"], key="canvas-file", max_upload_size=MOST_MB)
    if file is None:
        return
    with course.speaking():
        filled = fill_canvas(desk, who, file.getvalue())
        left = [f"- {plain(sentence)}" for sentence in filled.left]
        st.markdown(
            "\n".join([f"Cells filled in: **{filled.cells}**.", *(["What to look at:\n", *left] if left else [])])
        )
        download("Take it back to Canvas", filled.text, file="canvas-filled.csv", key="canvas-filled")


def keep(desk: Desk, who: Person) -> None:
    """The backup: made when somebody asks for it, and kept until they have taken it or made another."""
    if not may(who, "back up"):
        return
    st.markdown("## Keep the course")
    st.markdown(
        "One file with everything: members, hand-ins, verdicts, marks, the course's folder. Keep it where nobody else "
        "can read it. The command `fovea restore` brings the course back into a new folder."
    )
    if st.button("Make a backup", key="make-backup"):
        with course.speaking(), st.spinner("Packing everything as it is at this moment ..."):
            st.session_state[MADE] = desk.clock(), backup(desk, who)
    if MADE in st.session_state:
        at, data = st.session_state[MADE]
        name = f"{desk.shelf.folder.resolve().name}-{at:%Y-%m-%d}.zip"
        download(f"Download the backup ({len(data) / 1e6:.1f} MB)", data, file=name, key="backup")
