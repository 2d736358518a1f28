"""What all pages have around them: colours of code that can be read, the menu, and a clean start in every lab."""

from collections.abc import Mapping, Sequence
from functools import cache

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from classroom.roles import Role
from pages._kit.discovery import Lab
from pages._kit.guard import Arrival, link, sign_out, way_in
from pages._kit.live.frame import led, offer_to_present
from pages._kit.words import plain

# Streamlit's own colours of code fall below a contrast of 4.5 on our backgrounds; these do not.
CODE = {
    "light": {
        "comment": "#555E6B",
        "string": "#0A6630",
        "number": "#00625A",
        "keyword": "#0A58A6",
        "operator": "#96400A",
    },
    "dark": {
        "comment": "#A0A9B8",
        "string": "#57C98F",
        "number": "#55D3C8",
        "keyword": "#74BBFF",
        "operator": "#F0A868",
    },
}
ALIKE = {
    "comment": ("comment", "punctuation"),
    "string": ("string",),
    "number": ("number", "boolean"),
    "keyword": ("keyword", "function", "class-name", "decorator"),
    "operator": ("operator",),
}
LINK = ("#0068A3", "#56B4E9")  # the primary colour of either theme
NARROW = "padding: 0.25rem 0.35rem; font-size: 0.8rem;"
BROKEN = "hyphens: auto; overflow-wrap: anywhere;"
WORKING = 'content: "Working ..."; opacity: 0; animation: working 0s 1s forwards;'


def readable() -> None:
    """Colours for code, links and buttons, and tables that fit a phone.

    Every colour is said for both themes, so that it is right also when somebody changes theirs on an open page, which
    draws nothing anew.
    """
    st.html(_style())


@cache
def _style() -> str:
    rules = [
        f"{', '.join(f'.stCode .token.{name}' for name in names)} {{ color: {_either(*_pair(kind))}; }}"
        for kind, names in ALIKE.items()
    ]
    # Streamlit darkens the button of an open popover, in the dark to a contrast of 3.67.
    rules.append("[data-testid=stPopoverButton], [data-testid=stPopoverButton] p { color: inherit !important; }")
    # White on our light blue has a contrast of 2.3.
    label = _either("#FFFFFF", "#0E1117")
    rules.append(f"[data-testid=stBaseButton-primary]:enabled p {{ color: {label} !important; }}")
    # What is drawn as HTML would have the browser's own blue; :where lets everything more particular win.
    rules.append(f":where([data-testid=stHtml]) a {{ color: {_either(*LINK)}; }}")
    # The choice that is made has, below the pointer, a contrast of 4.43.
    chosen = "[data-testid=stButtonGroup] :is([aria-checked=true], [aria-pressed=true]):hover p"
    rules.append(f"{chosen} {{ color: {_either('#004F7D', LINK[1])}; }}")
    # Between a phone and a wide screen Streamlit lets a row of choices run out of its column, where nobody sees them.
    rules.append("[data-testid=stButtonGroup] :is([role=toolbar], [role=radiogroup]) { flex-wrap: wrap; }")
    # A long option would end in "..." on a phone, and nobody answers what cannot be read; as high as its lines, then.
    option = "[data-testid=stButtonGroup] button"
    rules.append(f"{option} {{ height: auto; text-align: left; }} {option} * {{ white-space: normal; }}")
    # A table of five columns in a text would be wider than a phone; words of its head stay whole.
    table = "[data-testid=stMarkdownContainer] table"
    rules.append(f"@media (max-width: 640px) {{ {table} :is(th, td) {{ {NARROW} }} {table} td {{ {BROKEN} }} }}")
    # The first lab after a start that needs torch takes seconds, in which the place of its figure would be a blank.
    blank = "[data-testid=stColumn]:last-child:not(:has([data-testid=stElementContainer]))"
    rules.append(f"[data-test-script-state=running] {blank}::after {{ {WORKING} }}")
    rules.append("@keyframes working { to { opacity: 1; } }")
    rules.append(".st-key-plot-code { display: none; }")  # the code that draws charts takes no room
    return f"<style>{' '.join(rules)}</style>"


def _pair(kind: str) -> tuple[str, str]:
    return CODE["light"][kind], CODE["dark"][kind]


def _either(light: str, dark: str) -> str:
    return f"light-dark({light}, {dark})"


def arrive(page: st.Page) -> None:
    """Coming from another lab, forget what its controls were set to, since two labs may both have a `kernel`.

    Who comes back, by the menu or by the browser's own way, finds the lab as it was left; with a class, as it is there.
    What begins with _ is no control's (work in a thread, its results) and stays.
    """
    left: dict[str, dict[str, list[str]]] = st.session_state.setdefault("_left", {})
    before, st.session_state._at = st.session_state.get("_at", page.url_path), page.url_path
    if before != page.url_path:
        for key in [key for key in st.session_state if not str(key).startswith("_")]:
            del st.session_state[key]
        if page.url_path and left.get(page.url_path) and not st.query_params and not (by_address() and led()):
            st.switch_page(page, query_params=left[page.url_path])
    left[page.url_path] = {key: st.query_params.get_all(key) for key in st.query_params}


def by_address() -> bool:
    """Whether the browser's own way back, or a class that is followed, led here: then the address says it all."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def menu(front: st.Page, labs: Sequence[Lab], pages: Mapping[str, st.Page], *, at: st.Page, came: Arrival) -> None:
    """The way to the front page and to every lab, by chapter; at the right end, who is signed in.

    Streamlit's own menu with sections is a list that screen readers cannot follow once it folds up on a phone. Pages
    of the course are listed for those who may open them.
    """
    role = came.person.role if came.person else Role.VISITOR
    listed = [lab for lab in labs if lab.chapter != "Course" or role.may_open(lab.role)]
    with st.container(horizontal=True, vertical_alignment="center", key="menu"):
        st.page_link(front, label="**Fovea**", width="content")
        with st.popover("Labs", key="menu-labs", type="tertiary", on_change="rerun") as labs_menu:
            for chapter in dict.fromkeys(lab.chapter for lab in listed if labs_menu.open):
                st.markdown(f"**{chapter}**")
                for lab in listed:
                    if lab.chapter == chapter:
                        st.page_link(pages[lab.name], label=lab.title)
        st.space("stretch")
        offer_to_present(came.person, at.url_path)
        if who := came.person:
            with st.popover(plain(shortened(who.name)), key="menu-who", type="tertiary"):
                st.markdown(f"Signed in as **{plain(who.name)}**, {who.role.name.lower()}")
                sign_out(came, key="menu-sign-out")
        elif came.refusal:
            with st.popover("Not a member", key="menu-who", type="tertiary"):
                st.text(came.refusal)
                sign_out(came, key="menu-sign-out")
        else:
            link("Sign in", way_in(at.url_path))


def shortened(name: str, *, most: int = 20) -> str:
    """A name that leaves room for the menu on a phone.

    >>> shortened("Ada Lovelace"), shortened("Augusta Ada King, Countess of Lovelace")
    ('Ada Lovelace', 'Augusta Ada King ...')
    """
    words = " ".join(name.split())
    return words if len(words) <= most else f"{words[: most - 4].rstrip(' ,')} ..."
