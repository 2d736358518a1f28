"""The front page: every lab as a card with its picture, by chapter, searchable."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

import streamlit as st

from classroom.roles import Role
from pages._kit.demo import offer
from pages._kit.discovery import PICTURE_SIDES, Lab
from pages._kit.guard import visitor
from syllabus.coverage import taught_by_page

WIDTH, HEIGHT = PICTURE_SIDES
# Every message to the browser costs the same again as what it says, so a card is three of them and a row is none: the
# browser lays the cards out, and puts the picture, which comes in one message with the promise, above the title.
SHAPE = """<style>
.st-key-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); }
.st-key-cards > div:has(h2) { grid-column: 1 / -1; }
[class*=st-key-card-] { height: 100%; }
[class*=st-key-card-] > div:has(img), [class*=st-key-card-] .stHtml { display: contents; }
[class*=st-key-card-] img { order: -1; width: 100%; height: auto; border-radius: 0.5rem; }
[class*=st-key-card-] p { margin: 0; }
[class*=st-key-card-] .stPageLink p { font-size: 1rem; }
[class*=st-key-card-] .stPageLink a { padding-inline: 0; }  /* so that title and text begin together */
[class*=st-key-card-] .stPageLink a * { white-space: normal; line-height: 1.5; }  /* a long title takes two lines */
@media (max-width: 40rem) {  /* a phone: as a list, or the last chapter would be forty screens away */
  [class*=st-key-card-] { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.25rem 0.75rem; align-content: start;
    padding: 0.75rem; }
  [class*=st-key-card-] img { grid-row: span 2; }
  [class*=st-key-card-] .stHtml p { font-size: 0.875rem; line-height: 1.4; }
}
</style>"""


def home(labs: list[Lab], pages: Mapping[str, st.Page]) -> None:
    """The course's pages, and all labs, or those that match the words in the search field."""
    st.html(SHAPE)
    st.title("Fovea")
    st.markdown("A hands-on lab for deep visual recognition. **Predict, move a control, see what happens.**")
    course = [lab for lab in labs if lab.role > Role.VISITOR]
    if course:
        with st.container(horizontal=True, key="course"):
            for page in course:
                st.page_link(pages[page.name], label=f"**{page.title}**", width="content")
    offer(visitor())
    words = st.text_input(
        "Find a lab",
        key="q",
        bind="query-params",
        placeholder="padding, VGG16, receptive field ...",
        live=True,
    )
    found = [lab for lab in labs if lab not in course and matches(lab, words)]
    if not found:
        known = ", ".join(dict.fromkeys(lab.chapter.lower() for lab in labs))
        st.info(f"No lab speaks of these words yet. There are labs on {known}.")
    with st.container(key="cards"):
        for chapter in dict.fromkeys(lab.chapter for lab in found):
            st.header(chapter, anchor=False)
            for lab in found:
                if lab.chapter == chapter:
                    card(lab, pages[lab.name])


def matches(lab: Lab, words: str) -> bool:
    """Every word typed occurs on the card, or in the name of something the lab teaches."""
    taught = " ".join(taught_by_page().get(lab.name, ()))
    text = f"{lab.chapter} {lab.title} {lab.promise} {taught}".casefold()
    return all(word in text for word in words.casefold().split())


def card(lab: Lab, page: st.Page) -> None:
    """Picture, title, promise."""
    with st.container(border=True, key=f"card-{lab.name}"):
        st.page_link(page, label=f"**{lab.title}**")
        # Not st.image: it would send every picture anew as a JPEG three times the size, seen or not.
        alt, sides = f"Picture of the lab {escape(lab.title)}", f'width="{WIDTH}" height="{HEIGHT}"'
        st.html(f'<img src="{_source(lab)}" alt="{alt}" loading="lazy" {sides}><p>{escape(lab.promise)}</p>')


def _source(lab: Lab) -> str:
    """The address of a lab's picture; a lab whose picture was not taken yet shows its chapter's initial."""
    picture = lab.picture("dark" if st.context.theme.type == "dark" else "light")
    if picture.exists():
        return f"app/static/pictures/{picture.name}"
    initial = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 300"><rect width="480" height="300" fill="#0072B2"/>'
        '<text x="240" y="195" font-family="sans-serif" font-size="130" text-anchor="middle" fill="#FFFFFF">'
        f"{lab.chapter[0]}</text></svg>"
    )
    return f"data:image/svg+xml,{quote(initial)}"
