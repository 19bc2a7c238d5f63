#!/usr/bin/env python3
"""Publishing to an S3 server on this machine: objects a second, requests, memory.

usage: deploy.py [N ...]        default: 1000 10000

For each N: `yugang build`, then `yugang deploy` with `harbor` into an empty bucket, then again with nothing
changed, and after an edit of one report's body, a new title of one, and one more report. What a release
replaces is kept in a second bucket. The server is that of the tests, built as they are, and shares the
processor; the site and its objects are in memory.

The program is that of YUGANG=/path/to/yugang, or else built. COMPRESS=gzip has it compress.
"""
import contextlib
import json
import os
import re
import subprocess
import sys

import common
from edits import Edits

# Of the server in tests/bucket/mod.rs.
KEYS = {"AWS_ACCESS_KEY_ID": "AKTEST", "AWS_SECRET_ACCESS_KEY": "a secret of the test"}
SERVER = "cargo test --quiet --test deploy -- --ignored --exact bucket::serve_until_told_to_stop --nocapture"

# The least objects a second of a first release, the most MiB over those of a build, the most requests of a run
# with nothing to do, and over the number of objects of any other.
RATE, MEMORY, IDLE, MORE = 500, 150, 3, 6


class Server:
    """The S3 server, with how many requests it has had since it was asked last."""

    def __init__(self, folder):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        environment = os.environ | {"TMPDIR": str(folder)}
        self.process = subprocess.Popen(SERVER.split(), cwd=common.ROOT, env=environment, **pipes)
        self.endpoint = self.told("SERVING")

    def told(self, word):
        """What follows a word at the start of a line."""
        for line in self.process.stdout:
            if line.startswith(word):
                return line.split()[1]
        sys.exit("the server has ended")

    def requests(self):
        """How many there were since this was asked last."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.told("REQUESTS"))

    def stop(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()


def title(edits):
    """A new title of a report, which lists, the feed and its neighbours show."""
    def change(text, words):
        return re.sub(r"^title: .*$", f"title: {words}", text, count=1, flags=re.M)

    return edits.changed(edits.report, change, edits.url(edits.report))


def write_target(site, endpoint):
    """Adds the target to `site.yaml`."""
    keys = {
        "name": "bench", "service": "s3", "bucket": "site", "region": "us-east-1", "endpoint": endpoint,
        "base_url": "https://qt.example.gov.cn/", "state": {"bucket": "private"},
    }
    if way := os.environ.get("COMPRESS"):
        keys["compress"] = way
    with open(site / "site.yaml", "a", encoding="utf-8") as file:
        file.write(f"deploy:\n  - {json.dumps(keys)}\n")


def deploy(binary, site, server):
    """Seconds, MiB, requests, objects sent and removed of a run."""
    report = site.parent / "report.json"
    command = [binary, "deploy", "--root", site, "--report", report, "-q"]
    seconds, memory = common.run(command, env=os.environ | KEYS)
    plan = json.loads(report.read_text(encoding="utf-8"))["plan"]
    return seconds, memory, server.requests(), len(plan["uploads"]), len(plan["deletes"])


def measure(count, binary):
    """Each run with its figures, the build first."""
    with common.sites(count) as folder, contextlib.ExitStack() as stack:
        site, out = folder / "yugang", folder / "out"
        common.use_theme(site, "harbor")
        edits = Edits(site, "harbor", count)
        server = Server(folder)
        stack.callback(server.stop)
        write_target(site, server.endpoint)
        server.requests()
        yield "build", (*common.run([binary, "build", "--root", site, "--out", out, "-q"]), 0, 0, 0)
        yield "first release", deploy(binary, site, server)
        yield "unchanged", deploy(binary, site, server)
        for name, edit in [("one report, body", edits.body), ("one report, title", lambda: title(edits)),
                           ("one report added", edits.add)]:
            edit().write()
            yield name, deploy(binary, site, server)


def verdict(is_kept):
    """Whether a limit is kept, in words."""
    return "ok" if is_kept else "MISSED"


def table(count, runs):
    """Prints the figures of all runs, and whether limits are kept."""
    print(f"\n{count} reports, harbor")
    print(f"  {'':<20}{'seconds':>9}{'MiB':>7}{'requests':>10}{'sent':>8}{'removed':>9}")
    for name, (seconds, memory, requests, sent, removed) in runs.items():
        print(f"  {name:<20}{seconds:9.2f}{memory:7.0f}{requests:10}{sent:8}{removed:9}")
    built, first = runs["build"], runs["first release"]
    # Compiling, which a build does too, is not publishing.
    whole, alone = first[3] / first[0], first[3] / max(first[0] - built[0], 0.01)
    print(f"  first release: {whole:.0f} objects/s, {alone:.0f} without compiling; at least {RATE}: "
          f"{verdict(whole >= RATE)}")
    print(f"  memory over that of a build: {first[1] - built[1]:.0f} MiB; at most {MEMORY}: "
          f"{verdict(first[1] - built[1] <= MEMORY)}")
    for name, (_, _, requests, sent, removed) in list(runs.items())[2:]:
        most = IDLE if sent + removed == 0 else sent + removed + MORE
        print(f"  {name}: {requests} requests; at most {most}: {verdict(requests <= most)}")
    sys.stdout.flush()


def main():
    counts = common.counts(sys.argv[1:], [1_000, 10_000])
    binary = common.yugang_binary()
    for count in counts:
        table(count, dict(measure(count, binary)))


if __name__ == "__main__":
    main()
