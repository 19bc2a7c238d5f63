#!/usr/bin/env python3
"""Write one portal of N activity reports twice: as a Yugang site and as a Hugo site.

usage: make_site.py N FOLDER [--zipf]

Both sites hold the same records, drawn with a fixed seed from the sentences of the reform plan in
content/documents/ (with --zipf, from prose with as many words as a real archive has, see corpus.py, each
with the number of a document too), and have equally bare templates. They render the reports, paginated
lists of 20 (all reports, and those of each organization, project, station and topic), a home page with the
ten latest, a feed of 20 and a site map.
"""
import datetime
import pathlib
import random
import re
import shutil
import sys

import corpus

HERE = pathlib.Path(__file__).resolve().parent
FIRST_DAY = datetime.date(2021, 4, 1)

ORGANIZATIONS = (
    "团工委 妇联 总工会 科协 水产行业联合工会 海上团支部 新居民义工队 快递员联合工会 "
    "外卖骑手联合工会 商圈妇联 物业联合工会 渔业协会"
).split()
STATIONS = ["568海岸线"] + [f"第{number}社区党群服务中心" for number in range(1, 24)]
PROJECTS = (
    "渔港先锋 沈妈妈团队 红领书记工作室 红色110工作室 法治工作室 东海渔嫂 海上团建 家长学校"
).split()
TOPICS = (
    "全民清洁日 未来社区 文明城市 老旧小区改造 五水共治 渔港小镇 法律维权 矛盾化解 困难帮扶 "
    "科技培训 婚恋交友 志愿服务"
).split()
SECTIONS = [
    ("reports", "活动"),
    ("organizations", "组织"),
    ("projects", "品牌"),
    ("stations", "阵地"),
    ("topics", "专题"),
]
STYLE = "body{font-family:sans-serif;max-width:60rem;margin:auto}"


def sentences():
    """The sentences of the plan that are neither very short nor very long."""
    plan = next((HERE.parent / "content/documents").rglob("*fangan*.md"), None)
    if plan is None:
        sys.exit("the plan is not in content/documents/")
    body = plan.read_text(encoding="utf-8").split("\n---\n", 1)[1]
    body = re.sub(r"^#+ *", "", body, flags=re.M).replace("\n", "")
    return [part for part in re.split(r"(?<=[。;])\s*", body) if 20 < len(part) < 160]


def text(rng, sentence, number, is_zipf):
    def prose(count):
        return "".join(sentence(rng) for _ in range(count))

    opening, overview = prose(2), prose(2)
    people = rng.randint(20, 300)
    points = [f"- {prose(1)}" for _ in range(4)]
    closing = prose(2)
    rows = [f"| 第{row}项 | {rng.randint(1, 99)} |" for row in range(5)]
    outlook, quote = prose(2), prose(1)
    link = f"**本次活动**参加群众{people}人,[往期活动](https://example.org/{number})持续开展。"
    if is_zipf:
        link += f"根据群委办〔{2021 + number % 5}〕{number % 300 + 1}号文件,由X{number % 40}服务点承办。"
    blocks = [opening, "## 活动概况", overview, link, "## 主要做法", "\n".join(points), closing]
    table = "\n".join(["| 项目 | 数量 |", "| --- | --- |", *rows])
    return "\n\n".join([*blocks, table, "## 下一步", outlook, f"> {quote}"]) + "\n"


def source(is_zipf):
    """A function that draws a sentence."""
    if is_zipf:
        return corpus.Corpus(20210401).sentence
    pool = sentences()
    return lambda rng: rng.choice(pool)


def records(count, sentence, is_zipf=False):
    rng = random.Random(20210401)
    for number in range(count):
        title = f"{rng.choice(TOPICS)}活动简报第{number}期"
        if is_zipf:
            title = f"{sentence(rng)[:12]}{title}"
        terms = [rng.choice(ORGANIZATIONS), rng.choice(PROJECTS), rng.choice(STATIONS)]
        topics = rng.sample(TOPICS, 2)
        body = text(rng, sentence, number, is_zipf)
        yield {
            "number": number,
            "title": title,
            "date": FIRST_DAY + datetime.timedelta(days=number % 1800),
            "terms": terms,
            "topics": topics,
            "summary": body[:60].splitlines()[0],
            "body": body,
        }


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


def front_matter(record, keys):
    values = [[term] for term in record["terms"]] + [record["topics"]]
    lines = [f"title: {record['title']}", f"date: {record['date']}", f"summary: {record['summary']}"]
    lines += [f"{key}: [{', '.join(value)}]" for key, value in zip(keys, values)]
    return "---\n" + "\n".join(lines) + "\n---\n" + record["body"]


def report(root, record, keys):
    number = record["number"]
    path = root / f"content/reports/{number // 1000:03d}/r{number:06d}.md"
    write(path, front_matter(record, keys))


def yugang(root):
    write(
        root / "site.yaml",
        "title: 沈家门群团\nbase_url: https://example.org/\nowner: 沈家门街道\ntheme: bare\nnavigation:\n"
        + "".join(f"  - {{title: {title}, url: /{path}/}}\n" for path, title in SECTIONS),
    )
    shutil.copytree(HERE / "theme", root / "themes/bare", dirs_exist_ok=True)
    for name in ORGANIZATIONS:
        write(root / f"content/organizations/{name}.yaml", f"title: {name}\nkind: other\n")
    for name in PROJECTS:
        write(root / f"content/projects/{name}.yaml", f"title: {name}\n")
    for name in STATIONS:
        write(root / f"content/stations/{name}.yaml", f"title: {name}\nkind: community\n")
    terms = "".join(f"  - {{id: {name}, title: {name}}}\n" for name in TOPICS)
    write(root / "content/vocabulary.yaml", "topics:\n" + terms)


HUGO_CONFIG = """baseURL = "https://example.org/"
languageCode = "zh-CN"
title = "沈家门群团"
hasCJKLanguage = true
enableRobotsTXT = true
[pagination]
pagerSize = 20
[taxonomies]
organization = "organizations"
project = "projects"
station = "stations"
topic = "topics"
[services.rss]
limit = 20
[outputs]
home = ["html", "rss"]
section = ["html"]
taxonomy = ["html"]
term = ["html"]
[markup.goldmark.renderer]
unsafe = true
[markup.highlight]
codeFences = false
"""

HUGO_TERMS = "".join(
    '{{ range .GetTerms "%s" }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}' % key
    for key in ["organizations", "projects", "stations", "topics"]
)
HUGO_NEIGHBOURS = "".join(
    '{{ with .%s }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}' % key
    for key in ["PrevInSection", "NextInSection"]
)


def hugo(root):
    navigation = "".join(f'<li><a href="/{path}/">{title}</a></li>' for path, title in SECTIONS)
    write(root / "hugo.toml", HUGO_CONFIG)
    layouts = root / "layouts"
    write(
        layouts / "_default/baseof.html",
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">\n'
        "<title>{{ .Title }} - {{ .Site.Title }}</title>"
        '<meta name="description" content="{{ with .Params.summary }}{{ . }}{{ end }}">'
        f'<link rel="canonical" href="{{{{ .Permalink }}}}"><style>{STYLE}</style></head>\n'
        f'<body><header><a href="/">{{{{ .Site.Title }}}}</a><nav><ul>{navigation}</ul></nav></header>'
        '<main>{{ block "main" . }}{{ end }}</main><footer>沈家门街道</footer></body></html>',
    )
    write(
        layouts / "_default/single.html",
        '{{ define "main" }}<article><h1>{{ .Title }}</h1><p><time datetime="'
        '{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006年1月2日" }}</time></p>\n'
        "{{ .TableOfContents }}{{ .Content }}\n"
        f"<ul>{HUGO_TERMS}</ul>\n{HUGO_NEIGHBOURS}</article>{{{{ end }}}}",
    )
    write(
        layouts / "_default/list.html",
        '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Paginator.Pages }}<li>'
        '<a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006-01-02" }}</time>'
        "<p>{{ .Params.summary }}</p></li>{{ end }}</ul>\n"
        '{{ with .Paginator }}{{ if .HasPrev }}<a href="{{ .Prev.URL }}">上一页</a>{{ end }} '
        "{{ .PageNumber }}/{{ .TotalPages }} "
        '{{ if .HasNext }}<a href="{{ .Next.URL }}">下一页</a>{{ end }}{{ end }}{{ end }}',
    )
    write(
        layouts / "_default/terms.html",
        '{{ define "main" }}<h1>{{ .Title }}</h1><ul>{{ range .Data.Terms.ByCount }}<li>'
        '<a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>{{ end }}',
    )
    write(
        layouts / "index.html",
        '{{ define "main" }}<ul>{{ range first 10 (where .Site.RegularPages "Section" "reports") }}'
        '<li><a href="{{ .RelPermalink }}">{{ .Title }}</a><p>{{ .Params.summary }}</p></li>'
        "{{ end }}</ul>{{ end }}",
    )


def main():
    count, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    is_zipf = "--zipf" in sys.argv[3:]
    keys = ["organizations", "projects", "stations", "topics"]
    for name, prepare in [("yugang", yugang), ("hugo", hugo)]:
        shutil.rmtree(folder / name, ignore_errors=True)
        prepare(folder / name)
    for record in records(count, source(is_zipf), is_zipf):
        report(folder / "yugang", record, keys)
        report(folder / "hugo", record, keys)


if __name__ == "__main__":
    main()
