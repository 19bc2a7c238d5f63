#!/usr/bin/env python3
"""Time builds in a new process: in full, with nothing changed, with one report changed.

usage: rebuild.py [N ...]        default: 1000 10000

Every figure is the median of five rounds, with the bare theme of the benchmarks and with `harbor`.
A round makes the site in full (no output, nothing kept from an earlier build), then again, then
again after an edit of one report. Each must say what changed in the output: nothing, one file or more.

The program is that of YUGANG=/path/to/yugang, or else built.
"""
import subprocess
import sys

import common
from edits import Edits

# The most that a rebuild may take of a full one.
LIMITS = {"unchanged": 0.25, "one report": 0.40}


def stamps(out):
    """When each file of the output was written."""
    files = (path for path in out.rglob("*") if path.is_file() and ".yugang" not in path.parts)
    return {path: path.stat().st_mtime_ns for path in files}


def measure(count, binary, theme):
    """Median seconds and memory (MiB) of each build."""
    results = {"full": [], "unchanged": [], "one report": []}
    with common.sites(count) as folder:
        site, out = folder / "yugang", folder / "out"
        common.use_theme(site, theme)
        edits = Edits(site, theme, count)
        command = [binary, "build", "--root", site, "--out", out, "-q"]
        for _ in range(common.rounds(count)):
            common.forget(site, out)
            results["full"].append(common.run(command))
            made = stamps(out)
            results["unchanged"].append(common.run(command))
            if stamps(out) != made:
                sys.exit("files were written although nothing had changed")
            edits.body().write()
            results["one report"].append(common.run(command))
            verify(site, folder, binary, out)
    return {name: tuple(map(common.median, zip(*runs))) for name, runs in results.items()}


def verify(site, folder, binary, out):
    """Stops unless the output is that of a build in full of the same files."""
    cold = folder / "cold"
    copy = folder / "copy"
    subprocess.run(["cp", "-r", site, copy], check=True)
    common.forget(copy, cold)
    common.run([binary, "build", "--root", copy, "--out", cold, "-q"])
    differs = subprocess.run(["diff", "-rq", "--exclude=.yugang", out, cold], capture_output=True, text=True)
    if differs.returncode != 0:
        sys.exit(f"the rebuilt site is another than one made in full:\n{differs.stdout[:2000]}")
    common.forget(copy, cold)
    subprocess.run(["rm", "-r", copy], check=True)


def ratios(result):
    """Name, ratio to a full build, and limit."""
    return [(name, result[name][0] / result["full"][0], limit) for name, limit in LIMITS.items()]


def table(count, theme, result):
    """Prints what was measured with a theme."""
    print(f"\n{count} reports, {theme}")
    for name, (seconds, memory) in result.items():
        print(f"  {name:<12}{seconds:8.3f} s {memory:8.0f} MiB")
    for name, ratio, limit in ratios(result):
        print(f"  {name} / full".ljust(24) + f"{ratio:6.2f}   at most {limit:.2f}")


def main():
    counts = common.counts(sys.argv[1:], [1_000, 10_000])
    binary = common.yugang_binary()
    for count in counts:
        for theme in ["bare", "harbor"]:
            table(count, theme, measure(count, binary, theme))


if __name__ == "__main__":
    main()
