"""The network that lectures A and C draw as a chain of volumes, with the windows that lead from one to the next.

The drawing gives the volumes alone: 8@128x128, 8@64x64, 24@48x48, 24@16x16, 256, 128. From 64 to 48 without padding
the window has 64 - 48 + 1 = 17 pixels; from 48 to 16 the pooling takes 3.
"""

from core.nets.layers import Conv, Dense, Flatten, Network, Pool, numbered

LECTURE_DRAWING = Network(
    "The lectures' drawing",
    (8, 128, 128),
    numbered(
        Pool("max", (2, 2), (2, 2)),
        Conv(24, (17, 17)),
        Pool("max", (3, 3), (3, 3)),
        Flatten(),
        Dense(256),
        Dense(128),
    ),
)
