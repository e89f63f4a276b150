#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times sfumato-bench and diffusers in turn (A B A B …) on the same machine, threads and libtorch, and prints the ratio of the medians.

With --patience N a run of the peer is stopped once it has taken N times as long as ours: then the ratio is below 1/N, and that is what is printed.
The peer's Python is $SFUMATO_PEER_PYTHON, else the environment of ./dev (~/.cache/sfumato/venv). Exit status 77 when there is none.
"""
import argparse
import os
import pathlib
import platform
import select
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class Side:
    def __init__(self, name, command):
        self.name, self.seconds = name, []
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def wait_until_ready(self):
        for line in self.process.stdout:
            if line.strip() == "ready":
                return
        raise SystemExit(f"{self.name} ended before it was ready (exit status {self.process.wait()})")

    def run(self, limit=None):
        """False when `limit` seconds passed before the end; the process is gone then."""
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        if limit is not None and not select.select([self.process.stdout], [], [], limit)[0]:
            self.process.kill()
            return False
        line = self.process.stdout.readline()
        if not line.startswith("seconds "):
            raise SystemExit(f"{self.name} ended while it was measured (exit status {self.process.wait()})")
        self.seconds.append(float(line.split()[1]))
        return True

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def find_bench():
    for preset in ("engine", "release"):
        path = ROOT / "build" / preset / "bin" / "sfumato-bench"
        if path.exists():
            return path
    raise SystemExit("sfumato-bench was not found; build the engine or release preset, or name it with --bench.")


def find_peer():
    chosen = os.environ.get("SFUMATO_PEER_PYTHON")
    path = pathlib.Path(chosen) if chosen else pathlib.Path.home() / ".cache" / "sfumato" / "venv" / "bin" / "python"
    if not path.exists():
        print(f"SKIP no Python with diffusers: set SFUMATO_PEER_PYTHON ({path} does not exist)")
        raise SystemExit(77)
    return path


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=["unet", "vae"], default="unet")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--dtype", default="bf16")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--warm-up", type=int, default=1)
    parser.add_argument("--patience", type=float, help="stop diffusers when it has taken this many times as long as we")
    parser.add_argument("--peer-channels-last", action="store_true", help="give diffusers the faster memory layout, which its pipelines do not choose by themselves")
    parser.add_argument("--bench", type=pathlib.Path)
    options = parser.parse_args()

    peer_python, bench = find_peer(), options.bench or find_bench()
    common = [options.what] + [str(part) for name in ("size", "batch", "dtype", "device", "threads") for part in (f"--{name}", getattr(options, name))]
    common += ["--warm-up", str(options.warm_up)]
    ours = Side("sfumato-bench", [str(bench), *common, "--server"])
    ours.wait_until_ready()
    peer = Side("diffusers", [str(peer_python), str(HERE / "peer_diffusers.py"), *common, *(["--channels-last"] if options.peer_channels_last else [])])
    peer.wait_until_ready()
    finished = True
    while finished and len(ours.seconds) < options.repeat:
        ours.run()
        limit = options.patience * ours.seconds[-1] if options.patience else None
        finished = peer.run(limit)
    ours.close()

    mine = statistics.median(ours.seconds)
    print(f"{processor()}, {options.threads} threads, {options.device}, {options.dtype}; {options.what} {options.size}x{options.size}, batch {options.batch}; "
          f"median of {len(ours.seconds)} in turn{', peer channels-last' if options.peer_channels_last else ''}")
    print(f"sfumato   {mine:8.3f} s   ({min(ours.seconds):.3f} to {max(ours.seconds):.3f})")
    if not finished:
        print(f"diffusers stopped after {limit:.1f} s, {options.patience:g} times as long as sfumato's step before it")
        print(f"ratio     below {1 / options.patience:.3f}     (sfumato / diffusers; below 1 is faster)")
        return 0
    peer.close()
    theirs = statistics.median(peer.seconds)
    print(f"diffusers {theirs:8.3f} s   ({min(peer.seconds):.3f} to {max(peer.seconds):.3f})")
    print(f"ratio     {mine / theirs:8.3f}     (sfumato / diffusers; below 1 is faster)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
