"""A roster as a file: what it would change is shown first, and changed when somebody says so."""

import pandas as pd
import streamlit as st

from classroom import members
from classroom.desk import Desk
from classroom.members import Preview
from classroom.people import Person
from pages._kit.course import speaking
from pages._kit.downloads import download
from pages._kit.scrolling import scrolling
from pages._parts.members.everybody import row

MOST_MB = 2
FAULTS_SHOWN = 50


def show(desk: Desk, who: Person) -> None:
    """Bring a file, read what it changes, take it over; or take the roster along."""
    st.markdown(
        "A CSV file with a line for everybody, as Canvas, Moodle or your registrar exports it. The first line names "
        "the columns, for instance `name,email,number,section`. Nothing changes before you have seen what would."
    )
    file = st.file_uploader("The roster", ["csv", "txt", "tsv"], key="roster", max_upload_size=MOST_MB)
    download("Download the roster", lambda: members.as_file(desk, who), file="roster.csv", key="as-file", icon=None)
    if done := st.session_state.pop("_roster-done", None):
        st.success(done, icon=":material/check_circle:")
    if file is None:
        return
    with speaking():
        kept, read = "_roster-preview", (file.file_id, file.size)
        if (
            st.session_state.get(kept, (None, None))[0] != read
        ):  # the keys drawn for new people stay those that were shown
            st.session_state[kept] = read, members.preview(desk, who, file.getvalue())
        shown: Preview = st.session_state[kept][1]
        _preview(shown)
        _take_over(desk, who, shown)


def _preview(shown: Preview) -> None:
    plan = shown.plan
    st.markdown(
        f"**{len(plan.added)}** new, **{len(plan.changed)}** changed, **{len(plan.same)}** as they are, "
        f"**{len(plan.missing)}** students not in the file, **{len(shown.faults)}** lines that cannot be read."
    )
    if shown.ignored:
        st.text(f"Columns that are not used: {', '.join(shown.ignored)}")
    for fault in shown.faults[:FAULTS_SHOWN]:
        st.text(f"Line {fault.line}: {fault.says}")
    if len(shown.faults) > FAULTS_SHOWN:
        st.caption(f"... and {len(shown.faults) - FAULTS_SHOWN} more lines")
    if plan.added:
        _table("New", [row(one) for one in plan.added])
    if plan.changed:
        _table("Changed", [{"Name": old.name, **_differences(old, new)} for old, new in plan.changed])
    if plan.missing:
        _table("Not in the file", [row(one) for one in plan.missing])


def _differences(old: Person, new: Person) -> dict[str, str]:
    before, after = row(old), row(new)
    said = [
        f"{name}: {before[name] or 'nothing'} → {after[name] or 'nothing'}"
        for name in before
        if before[name] != after[name]
    ]
    return {"What changes": "; ".join(said)}


def _table(title: str, rows: list[dict[str, str]]) -> None:
    with st.expander(f"{title} ({len(rows)})", expanded=len(rows) < 20):
        st.html(scrolling(pd.DataFrame(rows).set_index("Name"), label=title))


def _take_over(desk: Desk, who: Person, shown: Preview) -> None:
    plan, leave = shown.plan, False
    if plan.missing:
        leave = st.checkbox(f"The {len(plan.missing)} students who are not in the file have left", key="leave-missing")
    if not (plan.added or plan.changed or (leave and plan.missing)):
        st.caption("There is nothing to take over.")
        return
    if st.button("Take it over", key="take-over", type="primary"):
        kept = members.carry_out(desk, who, shown, leave=leave)
        st.session_state.pop("_roster-preview", None)
        st.session_state["_roster-done"] = (
            f"{len(kept)} people were written down. Give new ones a PIN under Letting in."
        )
        st.rerun()
