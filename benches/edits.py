"""What an officer or a theme author does to the site while it is previewed, for both programs.

An edit is a pair: `write` changes files, `shows(server)` tells whether the site then shows it.
Every edit writes something that was never there before.
"""
import itertools
import os
import re
from collections import namedtuple

from common import report_files

Edit = namedtuple("Edit", "write shows")

STATION = "五百份简报的阵地"
REFERRING = 500
NEWEST, OLD = "2026-03-06", "2023-09-15"
BASE = {
    "bare": "themes/bare/templates/base.html",
    "harbor": "themes/harbor/templates/base.html",
    "hugo": "layouts/_default/baseof.html",
}


def join_station(site, count):
    """Moves every so-manieth report to one station, so that 500 (or half of them) refer to it."""
    files = report_files(site)
    wanted = min(REFERRING, count // 2)
    chosen = files[:: count // wanted][:wanted]
    for path in chosen:
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"^stations: .*$", f"stations: [{STATION}]", text, flags=re.M), encoding="utf-8")
    if (site / "site.yaml").exists():
        station = site / f"content/stations/{STATION}.yaml"
        station.write_text(f"title: {STATION}\nkind: community\n", encoding="utf-8")
    return chosen


class Edits:
    """The edits of one site."""

    def __init__(self, site, theme, count):
        self.site = site
        self.theme = theme
        self.numbers = itertools.count(1)
        self.referring = join_station(site, count)
        # The report that is open in a tab: not among the newest, not of the date OLD.
        self.report = self.referring[len(self.referring) // 3]
        self.added = []
        self.originals = {}

    def url(self, path):
        """Where the report in a file is shown."""
        below = path.relative_to(self.site / "content").with_suffix("")
        return f"/{below.as_posix()}/"

    def original(self, path):
        """The text of a file before its first edit."""
        if path not in self.originals:
            self.originals[path] = path.read_text(encoding="utf-8")
        return self.originals[path]

    def changed(self, path, change, url, save=None):
        """An edit of a file; `change` makes its text from the original and some new words."""
        words = f"改动第{next(self.numbers)}次"
        text = change(self.original(path), words)
        return Edit(lambda: (save or plain_write)(path, text), lambda server: words in server.get(url)[1])

    def body(self, path=None, save=None):
        """A paragraph of a report."""
        path = path or self.report
        return self.changed(path, lambda text, words: f"{text}\n{words}\n", self.url(path), save)

    def replaced(self):
        """The same, saved as many editors do: written beside and renamed."""
        return self.body(save=write_and_rename)

    def summary(self):
        """The summary of a report, which lists and the feed show."""
        def change(text, words):
            return re.sub(r"^summary: ", f"summary: {words}", text, count=1, flags=re.M)

        # Shown in the description of its page too.
        return self.changed(self.report, change, self.url(self.report))

    def station(self):
        """The title of a station, which every referring report shows."""
        path = self.site / f"content/stations/{STATION}.yaml"
        change = lambda text, words: text.replace(f"title: {STATION}", f"title: {STATION}{words}")
        return self.changed(path, change, self.url(self.referring[-1]))

    def base(self):
        """The template that every page extends."""
        path = self.site / BASE[self.theme]
        change = lambda text, words: text.replace("</body>", f"<p>{words}</p></body>")
        return self.changed(path, change, self.url(self.referring[-1]))

    def css(self):
        """The style sheet."""
        path = self.site / "themes/harbor/assets/main.css"
        number = next(self.numbers)
        text = f"{self.original(path)}\n.edit-{number} {{ margin: 0 }}\n"

        def shows(server):
            sheet = re.search(r'href="([^"]*main\.[0-9a-f]+\.css)"', server.get(self.url(self.report))[1])
            return f".edit-{number}{{" in server.get(sheet.group(1))[1]

        return Edit(lambda: plain_write(path, text), shows)

    def add(self, date=NEWEST):
        """A report that was not there."""
        number = next(self.numbers)
        path = self.report.with_name(f"n{number:05}.md")
        text = re.sub(r"^date: .*$", f"date: {date}", self.original(self.report), count=1, flags=re.M)
        text = re.sub(r"^title: .*$", f"title: 新简报第{number}期", text, count=1, flags=re.M)
        self.added.append(path)
        return Edit(lambda: plain_write(path, text), lambda server: server.get(self.url(path))[0] == 200)

    def delete(self):
        """A report that has been added."""
        path = self.added.pop()
        return Edit(lambda: os.remove(path), lambda server: server.get(self.url(path))[0] == 404)

    def mixed(self):
        """Edits without end: of every ten, eight of bodies, one more report, and that one deleted."""
        files = self.referring[:100]
        for number in itertools.count():
            step = number % 10
            yield self.add() if step == 8 else self.delete() if step == 9 else self.body(files[number % len(files)])


def plain_write(path, text):
    """Writes over what is there."""
    path.write_text(text, encoding="utf-8")


def write_and_rename(path, text):
    """Writes a file beside and puts it in place."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)
