"""Shapes in space: voxels, points and meshes of known solids, and what each costs."""

import numpy as np
import pytest

from core.detect.beyond.shapes3d import SHAPES, ball, chair, lattice, memory, mesh, points, ring, shell, sizes, voxels
from core.errors import LimitError, ShapeError


def volume(corners: np.ndarray, faces: np.ndarray) -> float:
    """Of a closed mesh, by the theorem of Gauss."""
    a, b, c = (corners[faces[:, place]] for place in range(3))
    return abs(float(np.einsum("fi,fi->f", a, np.cross(b, c)).sum()) / 6)


def test_N157_counts_its_numbers_as_the_lecture_does() -> None:
    corners, faces = mesh(ball, 16)
    count = sizes(side=16, corners=len(corners), triangles=len(faces))
    assert count == {"voxels": voxels(ball, 16).size, "points": corners.size, "mesh": corners.size + faces.size}


def test_fills_as_much_of_the_cube_as_the_solid_does() -> None:
    for field, exact in ((ball, 4 / 3 * np.pi * 0.8**3), (ring, 2 * np.pi**2 * 0.6 * 0.26**2)):
        assert 8 * voxels(field, 48).mean() == pytest.approx(exact, rel=0.02)
        assert volume(*mesh(field, 48)) == pytest.approx(exact, rel=0.02)


def test_closes_its_meshes() -> None:
    for name, holes in (("ball", 0), ("ring", 1)):
        corners, faces = mesh(SHAPES[name], 20)
        edges = {tuple(sorted((face[one], face[two]))) for face in faces for one, two in ((0, 1), (1, 2), (2, 0))}
        assert len(corners) - len(edges) + len(faces) == 2 - 2 * holes  # Euler


def test_lays_points_on_the_surface_evenly() -> None:
    found = points(ball, 4000, random=np.random.default_rng(0))
    assert np.abs(np.linalg.norm(found, axis=1) - 0.8).max() < 0.02
    assert np.abs(found.mean(axis=0)).max() < 0.04
    again = points(ball, 4000, random=np.random.default_rng(0))
    assert np.array_equal(found, again)


def test_shows_the_faces_that_can_be_seen_from_outside() -> None:
    filled = voxels(chair, 12)
    quads, normals = shell(filled)
    ground = np.pad(filled, 1).astype(int)
    changes = sum(int(np.abs(np.diff(ground, axis=axis)).sum()) for axis in range(3))
    assert len(quads) == len(normals) == changes
    assert np.abs(quads).max() <= 1


def test_grows_with_the_cube_of_the_side_while_a_mesh_does_not() -> None:
    few, many = (memory(side=side, corners=100, triangles=196) for side in (16, 32))
    assert many["voxels"] == 8 * few["voxels"]
    assert many["mesh"] == few["mesh"]
    assert memory(side=1, corners=0, triangles=0)["voxels"] == 1  # a byte is the least


def test_says_what_is_too_large_or_not_there() -> None:
    with pytest.raises(LimitError, match="96 voxels"):
        lattice(97)
    with pytest.raises(LimitError, match="20,000 points"):
        points(ball, 20_001, random=np.random.default_rng(0))
    with pytest.raises(ShapeError, match="finer"):
        mesh(ball, 2)
    with pytest.raises(ShapeError, match="from 0 up"):
        sizes(side=-1, corners=0, triangles=0)
