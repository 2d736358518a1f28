"""nbgrader's settings: its own commands work in this folder as they are."""

import os
from pathlib import Path

from traitlets.config import get_config

course = Path(__file__).resolve().parent

c = get_config()
c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "fovea"
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ExecutePreprocessor.timeout = 120  # a cold import of torch takes its time

# Test cells ask the referees, so the kernels that nbgrader starts must find them and the reference they compare with;
# and the notebooks import what lies beside them once they are released.
known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
needed = [str(folder) for folder in (course.parent, course / "given") if str(folder) not in known]
os.environ["PYTHONPATH"] = os.pathsep.join([*needed, *filter(None, known)])
