"""joint_loss and pose_loss: one loss for a class and a box, and one for the joints that can be seen."""

import numpy as np

from core.detect.single import joint, pose
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

ROUNDED = Tolerance(1e-5, 1e-6, because="two products and a sum: float32 keeps seven digits of each")
FLOAT32 = Tolerance(1e-4, 1e-4, because="a sum of at most forty squares: float32 keeps five digits of it")


def mixed(cls_loss: float, reg_loss: float, alpha: float) -> float:
    """The reference of joint_loss."""
    return joint.joint_loss(cls_loss, reg_loss, alpha)


def any_mix(random: np.random.Generator) -> Case:
    """Two losses that differ, and a share that is nobody's half."""
    alpha = float(random.choice([random.uniform(0.05, 0.4), random.uniform(0.6, 0.95)]))
    return case(float(random.uniform(0.2, 2)), float(random.uniform(3, 9)), alpha)


def only_inside(cls_loss: float, reg_loss: float, alpha: float) -> float:
    """The ends refused as well."""
    if alpha in (0, 1):
        raise ValueError
    return mixed(cls_loss, reg_loss, alpha)


def checked(alpha: float) -> float:
    """The share itself, if it is one."""
    mixed(0.0, 0.0, alpha)
    return alpha


REFUSE = "A share lies between 0 and 1. Raise a ValueError for any other."

joint_loss = Referee(
    name="joint_loss",
    points=1,
    reference=mixed,
    tolerance=ROUNDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(2.0, 0.5, 0.25, title="A quarter for the class"),
                case(2.0, 0.5, 1.0, title="The class alone"),
            ),
        ),
        Group("any share", weight=2, drawn=any_mix, count=10),
        Group(
            "one of the two alone",
            weight=1,
            cases=(case(3.0, 7.0, 0.0), case(3.0, 7.0, 1.0), case(0.0, 4.5, 0.0), case(4.5, 0.0, 1.0)),
        ),
        Group(
            "what is no share",
            weight=1,
            cases=(
                case(3.0, 7.0, -0.25, raises=ValueError),
                case(3.0, 7.0, 1.25, raises=ValueError),
                case(3.0, 7.0, 2.0, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "mixes the other way round",
            lambda cls_loss, reg_loss, alpha: mixed(reg_loss, cls_loss, alpha),
            hint="alpha is the share of the loss of the class; the box gets the rest.",
        ),
        Mistake(
            "weighs one loss only",
            lambda cls_loss, reg_loss, alpha: checked(alpha) * cls_loss + reg_loss,
            hint="The box counts in full in yours, whatever alpha is. Its share is what alpha leaves over.",
        ),
        Mistake(
            "weighs both alike",
            lambda cls_loss, reg_loss, alpha: checked(alpha) * (cls_loss + reg_loss),
            hint="Both losses get the share alpha in yours. What one gains the other loses.",
        ),
        Mistake(
            "ignores the share",
            lambda cls_loss, reg_loss, alpha: cls_loss + reg_loss + 0 * checked(alpha),
            hint="You add the two losses. alpha says how much each of them counts.",
        ),
        Mistake(
            "divides by two",
            lambda cls_loss, reg_loss, alpha: mixed(cls_loss, reg_loss, alpha) / 2,
            hint="The shares add up to 1 already; nothing is left to be divided by two.",
        ),
        Mistake(
            "refuses the ends",
            only_inside,
            hint="0 and 1 are shares, too: one of the two losses is left out then.",
        ),
        Mistake(
            "answers for any number",
            lambda cls_loss, reg_loss, alpha: alpha * cls_loss + (1 - alpha) * reg_loss,
            hint=REFUSE,
        ),
        Mistake(
            "moves alpha into the range",
            lambda cls_loss, reg_loss, alpha: mixed(cls_loss, reg_loss, min(max(alpha, 0), 1)),
            hint="Your function makes a share of what is none, and nobody notices the error. Raise a ValueError.",
        ),
    ),
)


def seen_loss(outputs: Floats, joints: Floats) -> float:
    """The reference of pose_loss."""
    return pose.pose_loss(outputs.reshape(-1, 2), joints)


def offsets(outputs: Floats, joints: Floats) -> Floats:
    """How far every joint is off, across and down: (J, 2)."""
    seen_loss(outputs, joints)  # refuses
    found: Floats = outputs.reshape(-1, 2) - joints[:, :2]
    return found


def weighed(off: Floats, joints: Floats) -> float:
    """Something of every joint, (J,), added up over those that can be seen."""
    return float((off * joints[:, 2]).sum())


def count(joints: Floats) -> float:
    """How many can be seen, and 1 if none can."""
    return float(joints[:, 2].sum()) or 1.0


def undefined(outputs: Floats, joints: Floats) -> float:
    """A mean over none."""
    loss = seen_loss(outputs, joints)
    with np.errstate(invalid="ignore"):
        return float(np.float64(loss) / joints[:, 2].sum())


def x_first(outputs: Floats, joints: Floats) -> float:
    """All x, then all y."""
    offsets(outputs, joints)
    return seen_loss(outputs.reshape(2, -1).T.ravel(), joints)


def shortest(outputs: Floats, joints: Floats) -> tuple[Floats, Floats]:
    """As many joints as there are outputs for."""
    pairs = min(len(outputs) // 2, len(joints))
    return outputs[: 2 * pairs], joints[:pairs]


def hidden_at_zero(outputs: Floats, joints: Floats) -> float:
    """The place of a hidden joint taken for the corner of the picture."""
    offsets(outputs, joints)
    return float(np.square(outputs.reshape(-1, 2) - joints[:, :2] * joints[:, 2:]).sum())


def any_pose(hidden: float) -> Drawn:
    """A figure of which a share cannot be seen, and outputs that are off by a little or by much."""

    def draw(random: np.random.Generator) -> Case:
        number = int(random.integers(3, 15))
        joints = np.concatenate([random.uniform(5, 60, size=(number, 2)), np.ones((number, 1))], axis=1)
        joints[random.permutation(number)[: max(hidden > 0, round(hidden * number))], 2] = 0
        far = random.uniform(0.5, 5, size=(number, 2)) * random.choice([-1, 1], size=(number, 2))
        return case((joints[:, :2] + far).ravel(), joints)

    return draw


TWO = np.array([[1.0, 1.0, 1.0], [5.0, 5.0, 0.0]])
FOURTEEN = np.concatenate([np.arange(28.0).reshape(14, 2), np.ones((14, 1))], axis=1)
FIT = "There are two outputs for every joint. If there are more, or fewer, raise a ValueError."

pose_loss = Referee(
    name="pose_loss",
    points=1,
    reference=seen_loss,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(np.array([4.0, 5.0, 9.0, 9.0]), TWO, title="One joint is seen, one hidden"),
                case(np.arange(28.0) + 1, FOURTEEN, title="Fourteen joints, each off by one across and down"),
            ),
        ),
        Group("figures that are seen whole", weight=4, drawn=any_pose(0), count=8),
        Group("figures with hidden joints", weight=3, drawn=any_pose(0.4), count=8),
        Group(
            "figures of which nothing is seen", weight=1, drawn=any_pose(1), count=3, cases=(case(np.ones(4), TWO * 0),)
        ),
        Group(
            "outputs that do not fit the joints",
            weight=1,
            cases=(
                case(np.arange(6.0), TWO, raises=ValueError),
                case(np.arange(2.0), TWO, raises=ValueError),
                case(np.arange(5.0), TWO, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "counts hidden joints",
            lambda outputs, joints: float(np.square(offsets(outputs, joints)).sum()),
            hint="A joint that nobody can see adds nothing, wherever the network puts it.",
        ),
        Mistake(
            "wants hidden joints in the corner",
            hidden_at_zero,
            hint="You set the place of a hidden joint to zero, so the network has to guess the corner of the picture. "
            "Leave the joint out altogether.",
        ),
        Mistake(
            "takes the mean of the joints that are seen",
            lambda outputs, joints: seen_loss(outputs, joints) / count(joints),
            hint="The loss is the sum over the joints that are seen, not their mean.",
        ),
        Mistake(
            "divides by the number of seen joints",
            undefined,
            hint="The loss is a sum. You divide by the number of joints that are seen, and there may be none.",
        ),
        Mistake(
            "takes the mean of all joints",
            lambda outputs, joints: seen_loss(outputs, joints) / len(joints),
            hint="The loss is the sum over the joints that are seen; do not divide it by their number.",
        ),
        Mistake(
            "adds distances",
            lambda outputs, joints: weighed(np.hypot(*offsets(outputs, joints).T), joints),
            hint="You add the distances. The loss adds their squares, so no root is taken.",
        ),
        Mistake(
            "takes a root at the end",
            lambda outputs, joints: float(np.sqrt(seen_loss(outputs, joints))),
            hint="The loss is the sum of the squares itself, without a root.",
        ),
        Mistake(
            "does not square",
            lambda outputs, joints: weighed(np.abs(offsets(outputs, joints)).sum(axis=1), joints),
            hint="Differences are squared here, not stripped of their sign.",
        ),
        Mistake(
            "halves",
            lambda outputs, joints: seen_loss(outputs, joints) / 2,
            hint="There is no half before this loss.",
        ),
        Mistake(
            "reads all x first",
            x_first,
            hint="The outputs come joint by joint, x and then y. You read all x before the first y.",
        ),
        Mistake(
            "swaps x and y",
            lambda outputs, joints: seen_loss(outputs.reshape(-1, 2)[:, ::-1].ravel(), joints),
            hint="Of every two outputs the first is x and the second y, as in the joints.",
        ),
        Mistake(
            "takes what fits",
            lambda outputs, joints: seen_loss(*shortest(outputs, joints)),
            hint=FIT,
        ),
    ),
)
