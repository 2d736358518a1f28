"""The referees of PS4: numbers read off a parcel, a network that learns from them, and neighbours in its layers.

Each function has a reference from `core`, cases in groups that earn points together, and the mistakes we know.
"""

from assignments.referees.ps4.clusters import knn_purity
from assignments.referees.ps4.fitting import fit_mlp
from assignments.referees.ps4.latents import latent
from assignments.referees.ps4.parcels import parcel_features
from assignments.referees.ps4.retrieval import nearest
from assignments.referees.ps4.scaling import standardize
from assignments.referees.ps4.voting import vote

__all__ = ["fit_mlp", "knn_purity", "latent", "nearest", "parcel_features", "standardize", "vote"]
