"""A second opinion on filters: runs their instructions one by one, as the kernel's manual describes them."""

import struct

from grading.sandbox import bpf


def verdict(program: bytes, number: int, *arguments: int, architecture: int = bpf.X86_64) -> int:
    """What a filter answers to a call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(argument % 2**64 for argument in padded))
    instructions = list(struct.iter_unpack("=HBBI", program))
    held = place = 0
    while True:
        code, true, false, constant = instructions[place]
        place += 1
        match code:
            case bpf.LOAD:
                (held,) = struct.unpack_from("=I", data, constant)
            case bpf.AND:
                held &= constant
            case bpf.EQUAL:
                place += true if held == constant else false
            case bpf.AT_LEAST:
                place += true if held >= constant else false
            case bpf.RETURN:
                return constant
            case _:
                raise ValueError(f"no such instruction: {code:#x}")
