"""Run a command in a directory as in a machine: `enter_root.py ROOT [--offline] COMMAND …`.

`clean_root.py` starts this as root, under `unshare` with its own namespaces. A plain chroot doesn't
work: the kernel allows no user namespaces in it, and Chromium's sandbox needs them.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

_DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9)}
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_MNT_DETACH = 2


def main(root: Path, *command: str) -> None:
    if command[0] == "--offline":
        command = command[1:]
        with socket.socket() as any_socket:
            fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))
    mount("--bind", root, root)
    mount("-t", "proc", "proc", root / "proc")
    mount("--rbind", "/sys", root / "sys")
    mount("-t", "tmpfs", "tmpfs", root / "dev")
    for name, numbers in _DEVICES.items():
        os.mknod(root / "dev" / name, 0o020666, os.makedev(*numbers))
        (root / "dev" / name).chmod(0o666)
    for folder in ("pts", "shm"):
        (root / "dev" / folder).mkdir()
    mount("-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", root / "dev/pts")
    mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", root / "dev/shm")
    (root / "dev/ptmx").symlink_to("pts/ptmx")
    (root / "dev/fd").symlink_to("/proc/self/fd")
    os.chdir(root)
    subprocess.run(["pivot_root", ".", "mnt"], check=True)
    if ctypes.CDLL(None, use_errno=True).umount2(b"/mnt", _MNT_DETACH):
        raise OSError(ctypes.get_errno(), "the old root can't be left")
    os.chdir("/")
    os.execvp(command[0], command)


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
