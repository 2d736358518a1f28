"""The tables: people and how they come in, what is open, what somebody typed, where the class is and what it answered.

Unlike the ledger's these may change, since a person may be deleted; only what was said about assignments is kept.
"""

from pathlib import Path

from sqlalchemy import Boolean, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

from grading.ledger.form import Form
from grading.ledger.tables import NAMES, Id, Moment, Words, column

FORM = Form("0003", Path(__file__).parent / "migrations", "classroom_form")

metadata = MetaData(naming_convention=NAMES)

people = Table(
    "people",
    metadata,
    column("key", Text, key=True),
    column("name", Words),
    column("role", Text),
    column("email", Words),
    column("number", Words),
    column("login", Words),
    column("lms_id", Words),
    column("section", Words),
    column("active", Boolean),
)

pins = Table(
    "pins",
    metadata,
    column("person", Text, ForeignKey("people.key"), key=True),
    column("hashed", Text),
    column("failures", Integer),
    column("until", Moment, null=True),
)

identities = Table(
    "identities",
    metadata,
    column("issuer", Words, key=True),
    column("subject", Words, key=True),
    column("person", Text, ForeignKey("people.key")),
)

words = Table(
    "course_words",
    metadata,
    column("name", Text, key=True),
    column("value", Words),
)

publications = Table(
    "publications",
    metadata,
    column("id", Id, key=True),
    column("assignment", Words),
    column("state", Text),
    column("opens", Moment, null=True),
    column("due", Moment, null=True),
    column("closes", Moment, null=True),
    column("who", Text),
    column("at", Moment),
    Index(None, "assignment"),
)

drafts = Table(
    "drafts",
    metadata,
    column("person", Text, ForeignKey("people.key"), key=True),
    column("assignment", Words, key=True),
    column("cell", Words, key=True),
    column("text", Words),
    column("at", Moment),
)

checks = Table(
    "checks",
    metadata,
    column("person", Text, ForeignKey("people.key"), key=True),
    column("assignment", Words, key=True),
    column("cell", Words, key=True),
    column("outcome", Text),
    column("seen", Words),
    column("at", Moment),
    column("times", Integer),
    column("same", Integer),
)

lectures = Table(
    "lectures",
    metadata,
    column("id", Id, key=True),
    column("live", Integer, null=True),  # 1 while it lasts; unique, so that there is one at a time
    column("who", Text),
    column("began", Moment),
    column("ended", Moment, null=True),
    column("revision", Integer),
    column("page", Text),
    column("query", Words),
    column("spot", Words),
    column("source", Text),
    column("word", Text),
    column("plan", Integer, null=True),
    column("step", Integer),
    UniqueConstraint("live"),
)

quizzes = Table(
    "quizzes",
    metadata,
    column("id", Id, key=True),
    column("lecture", Id, ForeignKey("lectures.id")),
    column("question", Text),
    column("text", Words),
    column("state", Text),
    column("round", Integer),
    column("until", Moment, null=True),
    column("began", Moment),
    Index(None, "lecture"),
)

votes = Table(
    "votes",
    metadata,
    column("quiz", Id, ForeignKey("quizzes.id"), key=True),
    column("round", Integer, key=True),
    column("person", Text, ForeignKey("people.key"), key=True),
    column("given", Words),
    column("right", Boolean),
    column("at", Moment),
)

own_questions = Table(
    "own_questions",
    metadata,
    column("id", Id, key=True),
    column("text", Words),
    column("who", Text),
    column("at", Moment),
)

plans = Table(
    "plans",
    metadata,
    column("id", Id, key=True),
    column("title", Words),
    column("text", Words),
    column("who", Text),
    column("at", Moment),
)

audiences = Table(
    "audiences",
    metadata,
    column("process", Text, key=True),
    column("listeners", Integer),
    column("at", Moment),
)

OF_A_PERSON = (pins, identities, drafts, checks, votes)  # forgotten with them
