"""What the overfitting lab says of a fit, from its numbers."""

from core.types import Floats


def findings(degree: int, count: int, price: float, noise: float, found: Floats, another: bool) -> list[str]:
    """What there is to notice; `found` is the error by degree on learned and on other points, (degrees, 2)."""
    train, test = found[degree]
    best = int(found[:, 1].argmin())
    said = []
    if price == 0 and degree + 1 >= count:
        more = "more weights than points" if degree + 1 > count else "as many weights as points"
        said.append(
            f"With {more} the fit goes through every point. The error on them says nothing any more: on others it is "
            f"{test:.2g}, and degree {best} has {found[best, 1]:.2g}."
        )
    elif test > 2 * found[best, 1]:
        way = "follows the noise" if degree > best else "is too stiff to bend like the parabola"
        said.append(f"The fit {way}: on other points {test:.2g}, where degree {best} has {found[best, 1]:.2g}.")
    else:
        said.append(f"This fit does about as well on others ({test:.2g}) as on its own points ({train:.2g}).")
    if degree >= count and price == 0:
        said.append(
            f"A polynomial of degree {degree} has {degree + 1} weights for {count} points, so the fit is not unique"
            + (": both curves pass through all of them. " if another else ". ")
            + f"Degree {count - 1} is enough to pass through {count} points; lecture D takes 10 for ten."
        )
    if price > 0:
        said.append(
            f"With c = {price:g} large weights must pay for themselves. The fit misses its own points a little and the "
            "others less. Too large a price, and it can no longer bend at all."
        )
    else:
        said.append("Give large weights a price: at c = 0.01 degree 9 comes close to degree 2.")
    said += [
        "The error on the points learned from falls with every degree. The other one falls and rises again: only "
        "points that nobody learned from tell the two apart.",
        "Another cure is more points: with 60 of them degree 9 has no room for the noise.",
    ]
    if noise == 0:
        said.append("Without noise there is nothing to overfit: every degree from 2 on finds the parabola.")
    said.append("VGG16 has 138 million weights for 1.3 million images. That it works at all is what the cures are for.")
    return said
