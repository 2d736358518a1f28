"""The referees of PS1: what layers, stacks and modules cost, and how much of the image they see."""

from assignments.referees.ps1.fields import receptive_field, seen_pixels
from assignments.referees.ps1.memory import activation_bytes
from assignments.referees.ps1.modules import module_macs
from assignments.referees.ps1.parameters import conv_params
from assignments.referees.ps1.sides import conv_out
from assignments.referees.ps1.summaries import summarize

__all__ = [
    "activation_bytes",
    "conv_out",
    "conv_params",
    "module_macs",
    "receptive_field",
    "seen_pixels",
    "summarize",
]
