"""Server processes: starting, stopping, and their CPU time and memory according to `/proc`."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import LoadError

ROOT = Path(__file__).resolve().parent.parent
PROC = Path("/proc")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running server with its child processes."""

    address: str
    process: subprocess.Popen[bytes]
    database_pid: int | None = None
    """The main process of the database server, if the server uses one."""

    def pids(self) -> list[int]:
        """Return the ids of the process and of its descendants."""
        return _with_descendants(self.process.pid)

    def cpu(self) -> float | None:
        """Return the CPU time so far in seconds, with that of the database server, or None if it is not available."""
        if not PROC.is_dir():
            return None
        return sum(map(cpu_with_descendants, filter(None, (self.process.pid, self.database_pid))))

    def wait_until_idle(self) -> None:
        """Wait until the server uses almost no CPU time, or a second without `/proc`."""
        for _ in range(60):
            before = self.cpu() or 0
            time.sleep(1)
            if (self.cpu() or 0) - before < 0.02:
                return
        raise LoadError(f"{self.address} is still busy after a minute without requests")

    def memory(self) -> int | None:
        """Return the memory of all processes in bytes, with shared pages counted once, or None without `/proc`."""
        sizes = [_read_kilobytes(PROC / str(pid) / "smaps_rollup", "Pss") for pid in self.pids()]
        return sum(sizes) * 1024 if sizes else None

    def resident_memory(self) -> int | None:
        """Return the memory of the largest process in bytes, with shared pages, or None without `/proc`."""
        sizes = [_read_kilobytes(PROC / str(pid) / "smaps_rollup", "Rss") for pid in self.pids()]
        return max(sizes) * 1024 if sizes else None

    def peak_memory(self) -> int | None:
        """Return the peak memory of the largest process in bytes, with shared pages, or None without `/proc`."""
        sizes = [_read_kilobytes(PROC / str(pid) / "status", "VmHWM") for pid in self.pids()]
        return max(sizes) * 1024 if sizes else None


def cpu_with_descendants(pid: int) -> float:
    """Return the CPU time of a process and of its descendants so far in seconds, or 0 without `/proc`."""
    return sum(map(_cpu, _with_descendants(pid)))


def _with_descendants(pid: int) -> list[int]:
    """Return the ids of a process and of its descendants, or an empty list without `/proc`."""
    if not PROC.is_dir():
        return []
    parents = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (stat := _read(entry / "stat")):
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    pids = [pid]
    for each in pids:  # the list grows during the iteration
        pids += sorted(child for child, parent in parents.items() if parent == each)
    return pids


def _cpu(pid: int) -> float:
    """Return the CPU time of a process and of its ended children in seconds, or 0 if it has ended itself.

    The clock of a process, of which Linux computes the id as here (clock_getcpuclockid), is exact to a nanosecond.
    `/proc` counts in hundredths of a second, which is enough for children.
    """
    try:
        ticks = _read(PROC / str(pid) / "stat").rpartition(")")[2].split()[13:15]
        return time.clock_gettime(~pid << 3 | 2) + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0


def _read(path: Path) -> str:
    """Return the content of a file, or an empty string if the process has ended."""
    try:
        return path.read_text()
    except OSError:
        return ""


def _read_kilobytes(path: Path, name: str) -> int:
    lines = (line.split() for line in _read(path).splitlines())
    return next((int(words[1]) for words in lines if words and words[0] == f"{name}:"), 0)


@contextmanager
def serving(command: Sequence[str], port: int, env: dict[str, str], log: Path) -> Iterator[Server]:
    """Run a server in the block, and stop its process group afterwards."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process, log)
        yield Server(f"http://127.0.0.1:{port}", process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    for _ in range(int(seconds * 10)):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise LoadError(f"{process.args!r} does not listen on port {port}. End of its log: {_read(log)[-2000:]}")
