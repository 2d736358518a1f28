"""Shapes in space: a grid of voxels, a cloud of points or a mesh of triangles, and what each costs (lecture E).

A shape is a field: a function of places (..., 3) in a cube from -1 to 1, above 0 inside the shape. A voxel is one bit
of meaning, point and corner are three numbers of 32 bits, a triangle three places in the list of corners.
"""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.errors import LimitError, ShapeError
from core.types import Floats

Field: TypeAlias = Callable[[Floats], Floats]
Triangles: TypeAlias = NDArray[np.int64]  # (F, 3)
MOST_SIDE = 96  # voxels in one direction that are worked out here
MOST_POINTS = 20_000
NUMBER = 4  # bytes of a float or of an index


def ball(places: Floats) -> Floats:
    """A ball of radius 0.8: (..., 3) -> (...)."""
    inside: Floats = 0.8 - np.sqrt(np.square(places).sum(axis=-1))
    return inside


def ring(places: Floats) -> Floats:
    """A ring with a hole, as thick as 0.26: (..., 3) -> (...)."""
    out = np.hypot(places[..., 0], places[..., 1]) - 0.6
    inside: Floats = 0.26 - np.hypot(out, places[..., 2])
    return inside


def chair(places: Floats) -> Floats:
    """A seat, a back and four legs, of boxes: (..., 3) -> (...)."""
    parts = [((0.0, 0.0, 0.0), (0.55, 0.55, 0.13)), ((0.0, 0.42, 0.45), (0.55, 0.13, 0.45))]
    parts += [((x, y, -0.42), (0.13, 0.13, 0.42)) for x in (-0.42, 0.42) for y in (-0.42, 0.42)]
    found = np.full(places.shape[:-1], -np.inf)
    for middle, half in parts:
        found = np.maximum(found, (np.array(half) - np.abs(places - middle)).min(axis=-1))
    return found


SHAPES: Mapping[str, Field] = {"chair": chair, "ring": ring, "ball": ball}


def lattice(side: int) -> Floats:
    """The middles of D x D x D voxels in the cube: (D, D, D, 3).

    >>> lattice(2)[0, 0], lattice(2).shape
    (array([[-0.5, -0.5, -0.5],
           [-0.5, -0.5,  0.5]]), (2, 2, 2, 3))
    """
    if not 1 <= side <= MOST_SIDE:
        raise LimitError(f"from 1 to {MOST_SIDE} voxels in each direction, got {side}")
    middles = (np.arange(side) + 0.5) * 2 / side - 1
    return np.stack(np.meshgrid(middles, middles, middles, indexing="ij"), axis=-1)


def voxels(field: Field, side: int) -> NDArray[np.bool_]:
    """Which voxels lie in the shape: (D, D, D), true or false. A voxel counts by its middle.

    >>> int(voxels(ball, 2).sum()), int(voxels(lambda places: 0.5 - np.abs(places).max(axis=-1), 4).sum())
    (0, 8)
    """
    filled: NDArray[np.bool_] = field(lattice(side)) > 0
    return filled


def mesh(field: Field, side: int) -> tuple[Floats, Triangles]:
    """The surface where the field is 0, by marching cubes on a grid of that side: corners (V, 3), triangles (F, 3)."""
    from skimage.measure import marching_cubes

    values = np.pad(field(lattice(side)), 1, constant_values=-1.0)  # closed also where the shape meets the cube's face
    if not values.min() < 0 < values.max():
        raise ShapeError(f"nothing of the shape lies on the grid of {side} voxels a side: take a finer one")
    places, faces, _, _ = marching_cubes(values, 0.0)  # type: ignore[no-untyped-call]
    return (places - 0.5).astype(np.float64) * 2 / side - 1, faces.astype(np.int64)


def points(field: Field, count: int, *, random: np.random.Generator, side: int = 32) -> Floats:
    """Places on the surface by lot, evenly by area: (V, 3).

    a triangle by its area, and in it (1 - sqrt(u)) A + sqrt(u) (1 - v) B + sqrt(u) v C with u, v from 0 to 1
    """
    if not 1 <= count <= MOST_POINTS:
        raise LimitError(f"from 1 to {MOST_POINTS:,} points, got {count}")
    places, faces = mesh(field, side)
    a, b, c = (places[faces[:, corner]] for corner in range(3))  # (F, 3) each
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    chosen = random.choice(len(faces), count, p=areas / areas.sum())
    u, v = np.sqrt(random.random((count, 1))), random.random((count, 1))
    found: Floats = (1 - u) * a[chosen] + u * (1 - v) * b[chosen] + u * v * c[chosen]
    return found


def sizes(*, side: int, corners: int, triangles: int) -> dict[str, int]:
    """How many numbers each way takes (figure N157 of the lecture).

        voxels D * D * D;   points V * 3;   mesh V * 3 + F * 3

    >>> sizes(side=32, corners=1024, triangles=2044)
    {'voxels': 32768, 'points': 3072, 'mesh': 9204}
    """
    if min(side, corners, triangles) < 0:
        raise ShapeError(f"sizes are from 0 up, got {side}, {corners} and {triangles}")
    return {"voxels": side**3, "points": 3 * corners, "mesh": 3 * corners + 3 * triangles}


def memory(*, side: int, corners: int, triangles: int) -> dict[str, int]:
    """Bytes of each: a voxel is a bit, eight to a byte; all other numbers have 32 bits.

    >>> memory(side=32, corners=1024, triangles=2044)
    {'voxels': 4096, 'points': 12288, 'mesh': 36816}
    """
    count = sizes(side=side, corners=corners, triangles=triangles)
    return {
        "voxels": -(-count["voxels"] // 8),
        "points": NUMBER * count["points"],
        "mesh": NUMBER * count["mesh"],
    }


def shell(filled: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The faces of voxels that can be seen from outside: (D, D, D) -> corners (F, 4, 3), and normals (F, 3).

    >>> len(shell(np.ones((1, 1, 1), dtype=bool))[0]), len(shell(np.ones((2, 1, 1), dtype=bool))[0])
    (6, 10)
    """
    side, quads, normals = max(filled.shape), [np.zeros((0, 4, 3))], [np.zeros((0, 3))]
    ground = np.pad(filled, 1)
    for axis in range(3):
        for step in (-1, 1):
            beside = np.roll(ground, -step, axis)[1:-1, 1:-1, 1:-1]
            where = np.argwhere(filled & ~beside).astype(np.float64)  # (f, 3) lower corners of voxels
            square = np.zeros((4, 3))
            first, second = (axis + 1) % 3, (axis + 2) % 3
            square[[1, 2], first], square[[2, 3], second] = 1.0, 1.0
            square[:, axis] = max(step, 0)
            quads.append((where[:, None] + square) * 2 / side - 1)
            normals.append(np.tile(step * np.eye(3)[axis], (len(where), 1)))
    return np.concatenate(quads), np.concatenate(normals)
