"""A system-call filter for the sandbox, as the bytes that ``bwrap --seccomp`` takes.

Classic BPF over ``struct seccomp_data``: load the number of the call, compare, refuse. What is
refused: new namespaces, mounts, tracing, keys, kernel modules and io_uring; what takes memory that
belongs to no process, which a limit may not see (sockets and their buffers, memory files, shared
memory without a file, System V memory); new sessions, each of which would have the scheduler give
it a share of the cores as large as a neighbour's. The rest is left to the namespaces, so that NumPy
and TensorFlow work as they do outside.
"""

import errno
import platform
import struct

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_OF, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, MACHINE = 0, 4  # offsets in struct seccomp_data
ARGUMENTS = [16 + 8 * i for i in range(6)]  # of their low halves, on x86 and arm
NEW_NAMESPACES = 0x7E020080  # CLONE_NEW* of every kind, time included
SHARED_NO_FILE = 0x21  # MAP_SHARED | MAP_ANONYMOUS

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
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
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
    "setsid": (112, 157),
    "shmget": (29, 194),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
CLONE, CLONE3, MMAP = (56, 220), (435, 435), (9, 222)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def program() -> bytes | None:
    """Return the filter for this machine; None for one whose numbers are not listed."""
    machine = platform.machine()
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
    code += _refuse_if(CLONE[column], 0, _line(ANY_OF, NEW_NAMESPACES, 0, 1))
    both = (_line(AND, SHARED_NO_FILE), _line(EQUAL, SHARED_NO_FILE, 0, 1))
    code += _refuse_if(MMAP[column], 3, *both)
    code.append(_line(RETURN, ALLOW))
    return b"".join(code)


def _line(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _refuse(number: int, error: int) -> list[bytes]:
    return [_line(EQUAL, number, 0, 1), _line(RETURN, ERROR | error)]


def _refuse_if(number: int, argument: int, *tests: bytes) -> list[bytes]:
    """Refuse a call by one of its arguments: the last of the tests jumps over the refusal."""
    return [
        _line(EQUAL, number, 0, len(tests) + 3),
        _line(LOAD, ARGUMENTS[argument]),
        *tests,
        _line(RETURN, ERROR | errno.EPERM),
        _line(LOAD, NUMBER),
    ]
