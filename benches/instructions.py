#!/usr/bin/env python3
"""Instructions that a full build takes per report, and what each stage has of them.

Builds a site of 1,000 reports and one without any, on one thread, under callgrind (`valgrind`), and prints
the difference, divided by 1,000. Instructions are counted, not timed: two runs differ by less than 0.5 %,
whatever else the machine is doing. README.md beside this file says how to read the figures.

The program is that of YUGANG=/path/to/yugang, whose symbols must not be stripped, or else the `dist` build.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

import common

REPORTS = 1_000

# A function belongs to the stage that names the first module of this program in its name.
STAGES = {
    "read": ["shell::read"],
    "YAML": ["content", "diag"],
    "Markdown": ["markdown"],
    "link": ["link"],
    "view": ["view"],
    "render": ["render", "output", "assets", "theme"],
    "search": ["search"],
    "feeds": ["feeds"],
    "write": ["shell::write", "shell::cache", "compile::cache"],
}
MODULES = {module: stage for stage, modules in STAGES.items() for module in modules}
OTHER = "other"
# Parts of a symbol, `6yugang4view`, and types within one, `$LT$yugang..view..`.
OWN = re.compile(r"(?:6yugang\d+|yugang\.\.)([a-z]+)(?:\d+|\.\.)?([a-z]+)?")
# Engines that one stage alone uses, in so small pieces that callers cannot always be made out.
ENGINES = {"tera": "render", "blake3": "write"}
ENGINE = re.compile(r"(?:\d|\b)(tera|blake3)(?:\d|\.\.)")
# What runs a function on a thread belongs to the stage of that function.
RUNNERS = re.compile("rayon|crossbeam")
ROUNDS = 200


def stage(symbol):
    """The stage that a function belongs to by its symbol; None where those decide that it works for."""
    for first, second in OWN.findall(symbol):
        for module in [f"{first}::{second}", first]:
            if module in MODULES:
                return MODULES[module]
    engine = ENGINE.search(symbol)
    return ENGINES[engine[1]] if engine else None


class Profile:
    """What callgrind has counted: own instructions by function, and those of calls by caller and callee."""

    def __init__(self, text):
        self.own = collections.Counter()
        self.calls = collections.Counter()
        self.names = {}
        function = callee = None
        is_call = False
        for line in text.splitlines():
            if line.startswith("fn="):
                function = self.name(line[3:])
            elif line.startswith("cfn="):
                callee = self.name(line[4:])
            elif line.startswith("calls="):
                is_call = True
            elif line[:1].isdigit():
                _, *costs = line.split()
                cost = int(costs[0]) if costs else 0
                if is_call:
                    self.calls[function, callee] += cost
                else:
                    self.own[function] += cost
                is_call = False

    def name(self, written):
        """A function's name, which is written in full the first time only: `(12) name`, later `(12)`."""
        number, _, name = written.partition(" ")
        if name:
            self.names[number] = name
        return self.names.get(number, written)

    def stages(self):
        """Instructions by stage. What belongs to none by its name, such as an allocation, is shared out
        among its callers in proportion to what they had it do."""
        fixed = {symbol: {found: 1.0} for symbol in self.symbols() if (found := stage(symbol))}
        ties = collections.defaultdict(list)
        for (caller, callee), cost in self.calls.items():
            works, works_for = (caller, callee) if RUNNERS.search(caller) else (callee, caller)
            if cost and works != works_for and works not in fixed:
                ties[works].append((works_for, cost))
        shares = dict(fixed)
        # Functions that call each other settle in a few rounds.
        for _ in range(ROUNDS):
            moved = 0.0
            for symbol, tied in ties.items():
                new = mixed([(shares.get(other, {OTHER: 1.0}), cost) for other, cost in tied])
                old = shares.get(symbol, {})
                moved = max(moved, *(abs(share - old.get(name, 0)) for name, share in new.items()))
                shares[symbol] = new
            if moved < 1e-4:
                break
        return mixed([(shares.get(symbol, {OTHER: 1.0}), cost) for symbol, cost in self.own.items()], 1)

    def symbols(self):
        """Every function that was counted."""
        return {*self.own, *(symbol for call in self.calls for symbol in call)}


def mixed(parts, total=None):
    """Weighted sum of shares by stage; divided by `total`, which is all weights unless given."""
    sums = collections.Counter()
    for shares, weight in parts:
        for name, share in shares.items():
            sums[name] += share * weight
    total = total or sum(weight for _, weight in parts)
    return {name: value / total for name, value in sums.items()}


def profile(binary, count, theme):
    """What a full build of a site of `count` reports takes, on one thread."""
    with common.sites(count) as folder:
        site, found = folder / "yugang", folder / "callgrind.out"
        common.use_theme(site, theme)
        command = [
            *["valgrind", "--tool=callgrind", f"--callgrind-out-file={found}", "--compress-pos=no", "--demangle=no"],
            *[binary, "build", "--root", site, "--out", folder / "out", "--as-of", "2026-01-01", "-q"],
        ]
        common.run(command, env={"RAYON_NUM_THREADS": "1", "PATH": os.environ["PATH"], "LANG": "C.UTF-8"})
        return Profile(found.read_text(encoding="utf-8"))


def measure(binary, theme):
    """Instructions per report by stage."""
    full, empty = (profile(binary, count, theme).stages() for count in [REPORTS, 0])
    return {name: (full.get(name, 0) - empty.get(name, 0)) / REPORTS for name in [*STAGES, OTHER]}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--theme", choices=["bare", "harbor"], default="bare")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        subprocess.run(["valgrind", "--version"], check=True, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        sys.exit("valgrind was not found (on Debian: apt-get install valgrind)")
    stages = measure(common.yugang_binary(), asked.theme)
    total = sum(stages.values())
    if asked.json:
        print(json.dumps({"total": round(total), **{name: round(cost) for name, cost in stages.items()}}))
        return
    print(f"{total:12,.0f} instructions per report, theme {asked.theme}")
    for name, cost in stages.items():
        print(f"{cost:12,.0f} {cost / total:6.1%}  {name}")


if __name__ == "__main__":
    main()
