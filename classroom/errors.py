"""What goes wrong among people; each message is a sentence for whoever reads it."""


class ClassroomError(ValueError):
    """Something about people or a course page that the one who asked can put right."""


class NotAllowed(ClassroomError):
    """The permission table says no."""
