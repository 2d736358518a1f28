"""Roles, from the one who may least to the one who may most."""

from enum import IntEnum


class Role(IntEnum):
    """Who somebody is in the course; a higher role may open whatever a lower one may."""

    VISITOR = 0
    STUDENT = 1
    ASSISTANT = 2
    INSTRUCTOR = 3

    def may_open(self, needed: "Role") -> bool:
        """Whether a page for `needed` opens for this role.

        >>> Role.ASSISTANT.may_open(Role.STUDENT), Role.VISITOR.may_open(Role.INSTRUCTOR)
        (True, False)
        """
        return self >= needed
