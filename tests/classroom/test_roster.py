"""The roster: read however it was exported, faults by line, and nobody mistaken for another."""

import csv
import io
from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classroom import spreadsheet
from classroom.errors import ClassroomError
from classroom.headers import HEADERS, ROLES
from classroom.people import Person, new_key
from classroom.roles import Role
from classroom.roster import EXAMPLE, Fault, Plan, Roster, Row, plan, read_roster, write_roster
from classroom.spreadsheet import BYTES, FORMULA, LINES, clean

ADA = Person("a", "Ada Lovelace", number="0815", login="ada", email="ada@example.org")
BOB = Person("b", "Bob Noyce", Role.ASSISTANT, email="bob@example.org")
CHI = Person("c", "Chi Ng")


def read(text: str) -> Roster:
    return read_roster(text.encode())


def keys() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new {next(numbers)}"


def planned(text: str, *people: Person) -> Plan:
    roster = read(text)
    assert roster.faults == ()
    return plan(roster.rows, people, keys())


# -- reading


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_reads_every_encoding_and_separator(code: str, separator: str, ending: str) -> None:
    lines = ["Name|E-Mail|Matrikelnummer", "Zoë Müller|zoe@example.org|007", '"Åse, von"|ase@example.org|']
    roster = read_roster(ending.join(lines).replace("|", separator).encode(code))
    assert roster == Roster(
        (
            Row(2, "Zoë Müller", email="zoe@example.org", number="007"),
            Row(3, "Åse, von", email="ase@example.org"),
        )
    )


EXPORTS = {
    "canvas gradebook": (
        "Student,ID,SIS User ID,SIS Login ID,Section,ps1 (12)\n"
        "    Points Possible,,,,,10\n"
        '"Lovelace, Ada",17,0815,ada,Friday,3\n"Student, Test",18,,f00,Friday,\n',
        Row(3, "Ada Lovelace", number="0815", login="ada", lms_id="17", section="Friday"),
        ("ps1 (12)",),
    ),
    "canvas gradebook with manual posting": (
        'Student,ID,SIS User ID\n,,,Manual Posting\nPoints Possible,,\n"Lovelace, Ada",17,0815\n',
        Row(4, "Ada Lovelace", number="0815", lms_id="17"),
        (),
    ),
    "moodle participants": (
        '"First name",Surname,"ID number","Email address",Groups\nAda,Lovelace,0815,ada@example.org,Friday\n',
        Row(2, "Ada Lovelace", email="ada@example.org", number="0815", section="Friday"),
        (),
    ),
    "a german registrar": (
        "sep=;\nNachname;Vorname;Matrikel-Nr.;E-Mail-Adresse;Studiengang\nLovelace;Ada;0815;ada@example.org;Info\n",
        Row(3, "Ada Lovelace", email="ada@example.org", number="0815"),
        ("Studiengang",),
    ),
    "by hand": ("\n\n NAME \n\n Ada\u00a0 Lovelace \n", Row(5, "Ada Lovelace"), ()),
    "a role": (
        "name,role,name\nAda Lovelace,Teaching Assistant,x\n",
        Row(2, "Ada Lovelace", Role.ASSISTANT),
        ("name",),
    ),
}


@pytest.mark.parametrize("which", EXPORTS)
def test_reads_the_export_of(which: str) -> None:
    text, row, ignored = EXPORTS[which]
    assert read(text) == Roster((row,), (), ignored)


@pytest.mark.parametrize("meaning", HEADERS)
def test_knows_no_column_name_twice(meaning: str) -> None:
    mine = HEADERS[meaning].split(", ")
    others = [name for other in HEADERS if other != meaning for name in HEADERS[other].split(", ")]
    assert len(set(mine)) == len(mine)
    assert not set(mine) & set(others)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_knows_every_word_for_a_role(role: Role) -> None:
    for word in ROLES[role].split(", "):
        assert read(f"name,role\nAda,{word.upper()}").rows[0].role == role


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (",ada@example.org,1,student", "It has no name."),
        ("Ada,ada at example,1,", '"ada at example" is no e-mail address.'),
        ("Ada,Ada <ada@example.org>,1,", '"Ada <ada@example.org>" is no e-mail address.'),
        ("Ada,,,dean", '"dean" is no role; say student, assistant or instructor.'),
        ("Ada,,,visitor", '"visitor" is no role; say student, assistant or instructor.'),
        ("Ada,,1.2E+07,", 'A spreadsheet has shortened the number to "1.2E+07". Format its column as text.'),
        (f"{'A' * 201},,,", "The name is longer than 200 letters."),
        (f"Ada,,{'1' * 65},", "The number is longer than 64 letters."),
        ("Lovelace, Ada,ada@example.org,1,", "It has 5 cells where the header has 4."),
        ("Grace,BOB@example.org,,", "The e-mail address is the same as on line 2."),
        ("Grace,,2,", "The number is the same as on line 2."),
    ],
)
def test_says_by_line_what_is_wrong_and_reads_the_others(line: str, says: str) -> None:
    roster = read(f"name,mail,number,role\nBob,bob@example.org,2,\n{line}\nChi,,3,\n")
    assert [row.line for row in roster.rows] == [2, 4]
    assert [fault.line for fault in roster.faults] == [3]
    assert roster.faults[0].says.startswith(says)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xff\xfe"])
def test_says_what_an_empty_file_lacks(data: bytes) -> None:
    with pytest.raises(ClassroomError, match=EXAMPLE):
        read_roster(data)


@pytest.mark.parametrize("text", ["Ada Lovelace,ada@example.org,0815", "email,number\na@b.c,1", "x"])
def test_says_which_header_is_needed(text: str) -> None:
    with pytest.raises(ClassroomError, match=EXAMPLE):
        read(text)


def test_says_what_to_do_with_a_workbook() -> None:
    with pytest.raises(ClassroomError, match="CSV UTF-8"):
        read_roster(b"PK\x03\x04" + bytes(100))


def test_names_the_line_of_an_open_quotation_mark() -> None:
    with pytest.raises(ClassroomError, match="Line 3: a quotation mark"):
        read('name,number\nAda,1\n"Bob,2\nChi,3\n')


def test_takes_no_endless_file() -> None:
    with pytest.raises(ClassroomError, match=r"2\.0 MB; a roster has at most 2 MB"):
        read_roster(b"x" * (BYTES + 1))
    most = "name\n" + "A\n" * LINES
    assert len(read(most).rows) == LINES
    with pytest.raises(ClassroomError, match="more than 20000 people"):
        read(most + "A\n")
    with pytest.raises(ClassroomError, match="1001 cells"):
        read("name" + "," * 1000)


HOSTILE = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: ("name,email,number,role\n" + text).encode("utf-8", "replace")),
    st.lists(st.lists(st.text('a",;\t\n\r\x00=@\u202e\ud800 1', max_size=8), max_size=5), max_size=8).map(
        lambda rows: "\n".join(["name;mail;number", *(";".join(row) for row in rows)]).encode("utf-8", "surrogatepass")
    ),
)


@settings(max_examples=200)
@given(HOSTILE)
@example(b"\xff\xfe\x00\xd8name")
@example(b"\x00" * 50)
@example(b"name,number\n" + b'"' * 200_000)
@example(b"name\n" + b"A" * 200_000)
def test_meets_any_bytes_with_rows_faults_or_a_sentence(data: bytes) -> None:
    try:
        roster = read_roster(data)
    except ClassroomError as error:
        assert str(error).endswith((".", EXAMPLE))  # noqa: PT017 (most bytes are no roster, some are)
        return
    for row in roster.rows:
        assert row.name
        assert all(clean(value) in (value, value[1:]) for value in (row.name, row.email, row.number))
    assert all(fault.says.endswith(".") for fault in roster.faults)
    assert len({row.line for row in roster.rows} | {fault.line for fault in roster.faults}) == len(
        roster.rows + roster.faults
    )


# -- writing

TEXTS = (
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30).map(clean).filter(lambda text: clean(text) == text)
)
SPITEFUL = st.sampled_from(["=1+1", "'=1", "''-2", "@SUM(A1)", "+49", "-", 'a "b" c', "a,b;c", "O'Brien", "'"])
WORDS = TEXTS | SPITEFUL
NUMBERS = count()  # nothing is the same as nothing
PEOPLE = st.lists(
    st.builds(
        Person,
        key=st.just(""),
        name=WORDS.filter(bool),
        role=st.sampled_from([Role.STUDENT, Role.ASSISTANT, Role.INSTRUCTOR]),
        email=st.just("") | st.from_regex(r"[a-z+=-]{1,8}@[a-z]{1,5}\.org", fullmatch=True),
        number=st.just("") | st.from_regex(r"[0-9]{1,9}", fullmatch=True),
        login=WORDS,
        lms_id=WORDS,
        section=WORDS,
    ),
    max_size=8,
    unique_by=tuple(
        lambda one, kind=kind: getattr(one, kind).casefold() or next(NUMBERS) for kind in ("number", "login", "email")
    ),
)


@given(PEOPLE)
def test_reads_back_what_it_writes_and_no_spreadsheet_runs_it(people: list[Person]) -> None:
    text = write_roster(people)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in csv.reader(io.StringIO(text)) for cell in row)
    roster = read_roster(text.encode())
    assert roster.faults == ()
    assert roster.ignored == ()
    assert list(plan(roster.rows, (), lambda: "").added) == people


def test_keeps_a_name_that_looks_like_a_formula() -> None:
    assert read("name\n=HYPERLINK(1)").rows[0].name == "=HYPERLINK(1)"
    assert "\n'=HYPERLINK(1)," in write_roster([Person("k", "=HYPERLINK(1)")])
    assert FORMULA.match("\N{FULLWIDTH EQUALS SIGN}1")
    assert spreadsheet.write([["'=1"]]) == "''=1\r\n"


# -- planning


def test_sorts_people_into_new_changed_same_and_missing() -> None:
    text = "name,number,email,section\nAda King,0815,ada@example.org,Friday\nDan,4,,\nChi Ng,,,\n"
    done = planned(text, ADA, BOB, CHI, Person("e", "Eve"))
    assert done.added == (Person("new 1", "Dan", number="4"),)
    assert done.changed == (
        (ADA, Person("a", "Ada King", number="0815", login="ada", email="ada@example.org", section="Friday")),
    )
    assert done.same == (CHI,)
    assert done.missing == (Person("e", "Eve"),)  # and not Bob, who assists
    assert done.to_keep() == (*done.added, done.changed[0][1])
    assert done.to_keep(leave=True) == (*done.to_keep(), Person("e", "Eve", active=False))


@pytest.mark.parametrize(
    "line",
    [
        "A. King,0815,,",
        "A. King,,ADA,",
        "A. King,,,Ada@Example.org",
        "ada lovelace,,,",
        "A. King,0815,ada,ada@example.org",
    ],
    ids=["number", "login", "address", "name", "all"],
)
def test_finds_somebody_by(line: str) -> None:
    ((before, after),) = planned(f"name,number,login,email\n{line}", ADA, BOB, CHI).changed
    assert before == ADA
    assert (after.key, after.number, after.email.lower()) == ("a", "0815", "ada@example.org")


def test_takes_a_namesake_with_another_number_for_another() -> None:
    done = planned("name,number\nAda Lovelace,4711\n", ADA)
    assert [one.key for one in done.added] == ["new 1"]
    assert done.missing == (ADA,)


def test_asks_which_of_two_namesakes_is_meant() -> None:
    twins = Person("x", "Chi Ng", section="1"), Person("y", "Chi Ng", section="2")
    done = planned("name\nChi Ng", *twins)
    assert done.added == done.changed == done.missing == ()  # nobody is lost over a question
    assert [fault.line for fault in done.faults] == [2]
    assert done.faults[0].says.startswith("This may be Chi Ng")


def test_asks_when_number_and_address_belong_to_two() -> None:
    done = planned("name,number,email\nAda,0815,bob@example.org", ADA, BOB)
    assert done.faults == (
        Fault(
            2,
            "This may be Ada Lovelace (0815, ada, ada@example.org) or Bob Noyce (bob@example.org). "
            "Say which by their number, login and address.",
        ),
    )
    assert done.to_keep(leave=True) == ()


@pytest.mark.parametrize("order", [1, -1], ids=["number first", "name first"])
def test_gives_a_line_with_a_number_before_a_line_with_a_name(order: int) -> None:
    lines = ["Ada Lovelace,0815", "Ada Lovelace,"][::order]
    done = planned("name,number\n" + "\n".join(lines), ADA)
    assert done.same == (ADA,)
    assert [fault.says for fault in done.faults] == [
        f"Ada Lovelace is already on line {2 if order == 1 else 3}. Give each a number of their own."
    ]


def test_keeps_what_the_file_does_not_say_and_brings_back_who_left() -> None:
    bob = Person("b", "Bob", Role.ASSISTANT, email="bob@example.org", number="2", active=False)
    ((_, after),) = planned("name,number,email,role\nBob,2,,\n", bob).changed
    assert after == Person("b", "Bob", Role.ASSISTANT, email="bob@example.org", number="2")


@pytest.mark.parametrize(
    ("line", "known", "says"),
    [
        ("Ada Lovelace,,instructor", ADA, "make Ada Lovelace instructor for the sake of a name"),
        ("Iva,iva@evil.example,", Person("i", "Iva", Role.INSTRUCTOR), "Iva, instructor, has the same name"),
        ("Iva,iva@evil.example,student", Person("i", "Iva", Role.ASSISTANT), "write assistant into its role column"),
    ],
    ids=["role by the line", "address of a namesake", "address and a lower role"],
)
def test_gives_nobody_a_higher_role_by_a_name_alone(line: str, known: Person, says: str) -> None:
    done = planned(f"name,email,role\n{line}", known)
    assert done.to_keep(leave=True) == ()
    assert [fault.line for fault in done.faults] == [2]
    assert says in done.faults[0].says


@pytest.mark.parametrize(
    ("line", "role"),
    [("A. King,ada@example.org,instructor", Role.INSTRUCTOR), ("Iva,iva@example.org,instructor", Role.INSTRUCTOR)],
    ids=["by address", "role said as it is"],
)
def test_takes_a_role_that_the_line_can_prove(line: str, role: Role) -> None:
    done = planned(f"name,email,role\n{line}", ADA, Person("i", "Iva", Role.INSTRUCTOR))
    assert done.faults == ()
    assert [after.role for _, after in done.changed] == [role]


def test_leaves_a_role_open_that_only_a_provider_knows() -> None:
    visitor = Person("v", "Vera", Role.VISITOR, email="vera@example.org")
    roster = read_roster(write_roster([visitor]).encode())
    assert roster.faults == ()
    assert plan(roster.rows, [visitor], new_key).same == (visitor,)


@given(PEOPLE)
def test_finds_everybody_of_its_own_export_again(people: list[Person]) -> None:
    known = [Person(**{**vars(one), "key": new_key()}) for one in people]
    roster = read_roster(write_roster(known).encode())
    done = plan(roster.rows, known, new_key)
    unclear = {fault.line for fault in done.faults}  # namesakes whom nothing tells apart
    assert done.added == done.changed == ()
    assert len(done.same) + len(unclear) == len(known)
    assert all(one.role == Role.STUDENT for one in done.missing)
