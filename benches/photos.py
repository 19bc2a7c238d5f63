#!/usr/bin/env python3
"""Photos: how many a second are made in all their sizes, and what a second build takes.

usage: photos.py [N]        default: 200

Makes N JPEGs of 12 megapixels (4000 × 3000, gradients and noise, about 3 MB, with EXIF as telephones
write it) with Pillow (`pip install pillow`), spread over reports of ten photos each, and builds the site
three times: from nothing; again; and again without the published files but with what was kept. Prints
seconds, photos a second and peak memory. The limits: at least 5 photos a second on two cores, and
a second build of at most a second more than that of the same site without photos.

The program is that of YUGANG=/path/to/yugang, or else built.
"""
import io
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

import common

try:
    from PIL import Image, ImageFilter
except ImportError:
    sys.exit("photos.py needs Pillow: pip install pillow")

SIZE = (4000, 3000)
PER_REPORT = 10


def base_picture(seed):
    """Something like a photo: soft shapes in many colours, edges, and the noise of a sensor."""
    rng = random.Random(seed)
    small = Image.new("RGB", (40, 30))
    small.putdata([tuple(rng.randrange(256) for _ in range(3)) for _ in range(40 * 30)])
    soft = small.resize(SIZE, Image.BICUBIC)
    edges = small.resize(SIZE, Image.NEAREST).filter(ImageFilter.GaussianBlur(2))
    picture = Image.blend(soft, edges, 0.3)
    noise = Image.effect_noise(SIZE, 24).convert("RGB")
    return Image.blend(picture, noise, 0.12)


def photos(count):
    """`count` different JPEGs: a few pictures, each shifted a little further every time."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "bench", 1
    exif.get_ifd(0x8825).update({1: "N", 2: (29.0, 56.0, 44.0), 3: "E", 4: (122.0, 18.0, 6.0)})
    pictures = [base_picture(seed) for seed in range(4)]
    for number in range(count):
        picture = pictures[number % len(pictures)]
        # A mark of its own makes each a different file of the same difficulty.
        picture.paste((number % 256, number // 256 % 256, 90), (8, 8, 24, 24))
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=88, exif=exif)
        yield out.getvalue()


def make_site(root, count):
    shutil.copytree(common.ROOT / "themes", root / "themes")
    settings = "title: 照片\nbase_url: https://example.org/\nowner: 某街道\n"
    (root / "site.yaml").write_text(settings, encoding="utf-8")
    names = []
    for number, photo in enumerate(photos(count)):
        report = root / f"content/reports/2021/r{number // PER_REPORT:05}"
        if number % PER_REPORT == 0:
            report.mkdir(parents=True)
            names = []
        name = f"{number % PER_REPORT}.jpg"
        (report / name).write_bytes(photo)
        names.append(f"  - {{file: {name}, caption: 清洁日}}\n")
        text = f"---\ntitle: 报道{number // PER_REPORT}\ndate: 2021-04-01\nphotos:\n{''.join(names)}---\n正文\n"
        (report / "index.md").write_text(text, encoding="utf-8")


def build(binary, root):
    """Seconds, peak memory in MB, and the summary of one build."""
    command = [binary, "build", "--root", root, "--as-of", "2021-05-20", "--format", "json"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        sys.exit(told.decode())
    return seconds, usage.ru_maxrss / 1024, json.loads(told)["summary"]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    binary = common.yugang_binary()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "site"
        root.mkdir()
        # In a process of its own: a child's peak begins with the memory of its parent.
        maker = multiprocessing.Process(target=make_site, args=(root, count))
        maker.start()
        maker.join()
        if maker.exitcode:
            sys.exit("the site could not be made")
        size = sum(path.stat().st_size for path in root.rglob("*.jpg")) / count / 1e6
        print(f"{count} photos of 12 MP, {size:.1f} MB each, on {os.cpu_count()} cores\n")
        print("| build | s | photos/s | images made | memory, MB |\n|---|---|---|---|---|")
        for name in ["first", "second", "without the published files"]:
            if name.startswith("without"):
                shutil.rmtree(root / "public/reports")
            seconds, memory, summary = build(binary, root)
            made = summary["images_made"]
            rate = f"{count / seconds:.1f}" if made else "–"
            print(f"| {name} | {seconds:.2f} | {rate} | {made} | {memory:.0f} |")


if __name__ == "__main__":
    main()
