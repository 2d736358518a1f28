"""Every limit of the course side, in one place. An assignment may set its own in the course's settings."""

from dataclasses import dataclass

KIB, MIB, GIB = 2**10, 2**20, 2**30


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are seconds of the student's processor time, not of the clock."""

    # time
    cell_seconds: float = 30.0
    call_seconds: float = 10.0  # one call of a student's function by a test
    total_seconds: float = 300.0
    patience: float = 4.0  # the clock may show this many times the processor's seconds, then the process is killed
    restarts: int = 10  # how often a process that died is started anew, to grade what comes after

    # machine
    memory: int = 2 * GIB
    processes: int = 64  # threads count
    open_files: int = 256
    file_bytes: int = 64 * MIB
    disk_bytes: int = 64 * MIB
    disk_files: int = 4096
    cuda: bool = False

    # what a cell may print and show
    output_bytes: int = 1 * MIB  # per cell, all outputs together
    outputs: int = 200  # per cell
    all_output_bytes: int = 16 * MIB  # of the whole notebook

    # what an answer to a test may be
    answer_bytes: int = 64 * MIB
    answer_depth: int = 20
    answer_items: int = 1_000_000

    # what may be handed in
    upload_bytes: int = 20 * MIB
    cells: int = 2000
    cell_bytes: int = 1 * MIB  # the source of one cell
    materials_bytes: int = 50 * MIB  # files that travel beside the notebook


DEFAULT = Limits()
