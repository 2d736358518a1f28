"""What universities and learning platforms call the columns of a roster, and the roles in it."""

from classroom.roles import Role

HEADERS = {
    "name": "name, full name, student name, display name, name student, student",
    "first": "first name, firstname, first, given name, given names, forename, vorname, nome, prenom, prénom",
    "last": "last name, lastname, last, surname, family name, nachname, familienname, cognome, nom",
    "email": "email, e mail, mail, email address, e mail address, mail address, e mail adresse, emailadresse",
    "number": (
        "number, student number, student id, student no, matriculation, matriculation number, matriculation no, "
        "matrikelnummer, matrikelnr, matrikel nr, matr nr, matricola, sis user id, sis id, id number, idnumber, "
        "university id, registration number, codice persona"
    ),
    "login": "login, username, user name, login id, sis login id, netid, account, benutzername, kennung",
    "lms_id": "id, lms id, canvas id, canvas user id",
    "section": "section, sections, group, groups, tutorial, gruppe, sezione",
    "role": "role, roles, rolle, ruolo",
}
MEANS = {header: meaning for meaning, headers in HEADERS.items() for header in headers.split(", ")}
ROLES = {
    Role.STUDENT: "student, students, learner, participant, studentenrollment, studierende, studente, teilnehmer/in",
    Role.ASSISTANT: "assistant, teaching assistant, ta, taenrollment, tutor, grader, non editing teacher, assistent",
    Role.INSTRUCTOR: "instructor, teacher, teacherenrollment, lecturer, professor, dozent, docente, editing teacher",
}
ROLE_OF = {word: role for role, words in ROLES.items() for word in words.split(", ")}


def plain(words: str) -> str:
    """A column's name without what differs from house to house: case, blanks, dashes, dots, stars.

    >>> plain(" E-Mail *"), plain("SIS_User ID")
    ('e mail', 'sis user id')
    """
    return " ".join(words.casefold().translate({ord(mark): " " for mark in "-_.*:"}).split())
