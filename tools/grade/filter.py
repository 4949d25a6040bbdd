"""A system-call filter for the sandbox, as the bytes that ``bwrap --seccomp`` takes.

Classic BPF over ``struct seccomp_data``: load the number of the call, compare, refuse. What is
refused: sockets of every family but the local one, new namespaces, mounts, tracing, keys, kernel
modules, io_uring, and System V memory, which the limits do not count. The rest is left to the
namespaces, so that NumPy and TensorFlow work as they do outside.
"""

from __future__ import annotations

import errno
import platform
import struct

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, MASKED, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data (low half, on x86, arm)
AF_UNIX = 1
NEW_NAMESPACES = 0x7E020080  # CLONE_NEW* of every kind, time included

# (number on x86_64, number on aarch64); None where the machine has no such call
REFUSED = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "bpf": (321, 280),
    "delete_module": (176, 106),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "semget": (64, 190),
    "setns": (308, 268),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
SOCKET, SOCKETPAIR = (41, 198), (53, 199)
CLONE, CLONE3 = (56, 220), (435, 435)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def program(machine: str | None = None) -> bytes | None:
    """Return the filter for a machine; None for one whose numbers are not listed."""
    machine = machine or platform.machine()
    if machine not in MACHINES:
        return None
    column, audit = MACHINES[machine]
    code = [
        _line(LOAD, MACHINE),
        _line(EQUAL, audit, 1, 0),
        _line(RETURN, KILL),  # a call in another machine's convention would have other numbers
        _line(LOAD, NUMBER),
    ]
    if machine == "x86_64":  # the x32 convention has its own numbers, from here on
        code += [_line(AT_LEAST, 0x40000000, 0, 1), _line(RETURN, KILL)]
    for numbers in REFUSED.values():
        code += _refuse(numbers[column], errno.EPERM)
    # A new namespace by clone3 hides its flags behind a pointer: without it, libraries take clone.
    code += _refuse(CLONE3[column], errno.ENOSYS)
    code += _by_argument(CLONE[column], MASKED, NEW_NAMESPACES, refuse_if=True)
    for call in (SOCKET, SOCKETPAIR):
        code += _by_argument(call[column], EQUAL, AF_UNIX, refuse_if=False)
    code.append(_line(RETURN, ALLOW))
    return b"".join(code)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _refuse(number: int, error: int) -> list[bytes]:
    return [_line(EQUAL, number, 0, 1), _line(RETURN, ERROR | error)]


def _by_argument(number: int, test: int, value: int, *, refuse_if: bool) -> list[bytes]:
    """Refuse a call if a test on its first argument is true, or if it is not."""
    refused = _line(RETURN, ERROR | errno.EPERM)
    skip = (0, 1) if refuse_if else (1, 0)
    return [
        _line(EQUAL, number, 0, 4),
        _line(LOAD, FIRST_ARGUMENT),
        _line(test, value, *skip),
        refused,
        _line(LOAD, NUMBER),
    ]
