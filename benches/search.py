#!/usr/bin/env python3
"""The search index: what it costs to make and how large it is, beside Pagefind on the same pages.

usage: search.py [N]        default: 10000

Makes a site of N reports in prose with as many words and characters as a real archive has (corpus.py),
with the theme `harbor`, and prints seconds, processor time and peak memory of builds with and without
the search page; the files of `search/` and their size beside the text gzipped page by page; how many
files one more report changes; and, unless PAGEFIND is set to nothing, what `npx pagefind` takes for the
same pages. Queries are measured by `node benches/search.mjs`, to which `--keep FOLDER` leaves the site.

The program is that of YUGANG=/path/to/yugang, or else built.
"""
import gzip
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

import common

ROUNDS = 3


def timed(command, **options):
    """Seconds, seconds of processor time and peak memory (MiB) of a command."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{command} failed")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def builds(command, site, out):
    """Medians of full builds."""
    runs = []
    for _ in range(ROUNDS):
        common.forget(site, out)
        runs.append(timed(command))
    return tuple(map(common.median, zip(*runs)))


def index_files(out):
    """The content of each file of the index."""
    folder = out / "search"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "index.html"}


def text_size(site):
    """The bodies of the reports, gzipped one by one."""
    size = 0
    for path in common.report_files(site):
        body = path.read_text(encoding="utf-8").split("\n---\n", 1)[1]
        size += len(gzip.compress(re.sub(r"[#*|>-]", "", body).encode(), 9))
    return size


def one_more(site, command, out):
    """The share of files that differ when a report of the latest day is added."""
    before = set(index_files(out))
    reports = common.report_files(site)
    newest = max(reports, key=lambda path: re.search(r"date: (\S+)", path.read_text(encoding="utf-8"))[1])
    added = newest.with_name("one-more.md")
    added.write_text(newest.read_text(encoding="utf-8").replace("title: ", "title: 又"), encoding="utf-8")
    timed(command)
    after = set(index_files(out))
    added.unlink()
    return len(after - before), len(after)


def pagefind(out):
    """Seconds, memory and bytes of Pagefind's index of the same pages."""
    command = ["npx", "--yes", "pagefind@" + os.environ.get("PAGEFIND", "latest"), "--site", str(out)]
    subprocess.run([*command[:3], "--version"], stdout=subprocess.DEVNULL, check=True)
    seconds, processor, memory = timed(command)
    files = [path for path in (out / "pagefind").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    shutil.rmtree(out / "pagefind")
    return seconds, processor, memory, len(files), size


def measure(count, folder, binary, keep):
    site, out = folder / "yugang", folder / "out"
    subprocess.run([sys.executable, common.HERE / "make_site.py", str(count), folder, "--zipf"], check=True)
    common.use_theme(site, "harbor")
    command = [binary, "build", "--root", site, "--out", out, "-q"]
    page = site / "themes/harbor/templates/search.html"
    hidden = page.with_suffix(".off")
    page.rename(hidden)
    without = builds(command, site, out)
    hidden.rename(page)
    with_search = builds(command, site, out)
    files = index_files(out)
    size, text = sum(map(len, files.values())), text_size(site)
    shards = [len(content) for name, content in files.items() if name.endswith(".bin")]
    common.forget(site, out)
    timed(command)
    if index_files(out) != files:
        sys.exit("two builds of the same site made different indexes")
    if keep:
        shutil.copytree(out, keep, dirs_exist_ok=True)
    print(f"\n{count} reports, harbor, prose by Zipf's law")
    for name, (seconds, processor, memory) in [("without search", without), ("with search", with_search)]:
        print(f"  {name:<24} {seconds:8.3f} s {processor:8.3f} s of processor {memory:8.0f} MiB")
    print(f"  index, processor time    {with_search[1] - without[1]:8.3f} s            at most 1.00")
    print(f"  index, memory            {with_search[2] - without[2]:8.0f} MiB          at most 150")
    print(f"  files in search/         {len(files):8} ({len(shards)} shards and manifests, median {common.median(shards):.0f} bytes)")
    print(f"  bytes in search/         {size / 1e6:8.2f} MB")
    print(f"  text, gzipped by page    {text / 1e6:8.2f} MB")
    print(f"  search/ / text           {size / text:8.2f}              at most 1.50")
    changed, total = one_more(site, command, out)
    print(f"  changed by one report    {changed:8} of {total}: {changed / total:.1%}   at most 5%")
    if os.environ.get("PAGEFIND") != "":
        seconds, processor, memory, number, size = pagefind(out)
        print(f"  pagefind                 {seconds:8.3f} s {processor:8.3f} s of processor {memory:8.0f} MiB")
        print(f"  pagefind's files         {number:8}, {size / 1e6:.2f} MB")


def main():
    arguments = sys.argv[1:]
    keep = None
    if "--keep" in arguments:
        at = arguments.index("--keep")
        keep = pathlib.Path(arguments[at + 1])
        del arguments[at : at + 2]
    count = common.counts(arguments, [10_000])[0]
    binary = common.yugang_binary()
    with common.scratch() as folder:
        measure(count, folder, binary, keep)


if __name__ == "__main__":
    main()
