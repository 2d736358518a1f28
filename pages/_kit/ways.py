"""Ways from one lab to another: by what is taught, so that a link appears as soon as a lab covers it."""

from functools import cache
from html import escape

from classroom.roles import Role
from pages._kit.discovery import discover
from syllabus.tables import table


@cache
def ways(*taught: str) -> tuple[tuple[str, str], ...]:
    """The labs that teach these rows of the syllabus, as addresses and titles, each once.

    >>> ways("S27")
    (('receptive_field', 'What does one neuron see?'),)
    """
    pages = dict.fromkeys(table("systems")[id].get("page", "") for id in taught)
    open_to_all = {f"pages/{lab.path.name}": lab for lab in discover() if lab.role == Role.VISITOR}
    return tuple((open_to_all[page].name, open_to_all[page].title) for page in pages if page in open_to_all)


def link(address: str, title: str) -> str:
    """A link that stays in this tab.

    >>> link("convolution?stride=2", "Convolution, step by step")
    '<a href="convolution?stride=2" target="_self">Convolution, step by step</a>'
    """
    return f'<a href="{escape(address)}" target="_self">{escape(title)}</a>'
