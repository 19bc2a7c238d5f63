//! Photos from end to end: what is published of them, what never is, what is made again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use crate::client;
use crate::folder::{Scratch, contents, options, put, themes};
use crate::pictures::{self, is_upright, jpeg, pixels, quarters, stored, telling_jpeg, tells};
use image::ImageFormat;
use img_parts::jpeg::Jpeg;
use img_parts::{Bytes, ImageICC};
use yugang::compile::{Memo, compile};
use yugang::diag::{Checked, Code, Diagnostic, Lang, has_errors};
use yugang::model::tree::OutputTree;
use yugang::preview::Shown;
use yugang::shell::serve::{Server, Stage};
use yugang::shell::write::{Written, check_photos, write_or_keep};
use yugang::shell::{read, write};

/// A site with one report, and nothing else.
struct Site(Scratch);

const REPORT: &str = "reports/a";

impl Site {
    /// One whose report has these photos, and this body.
    fn new(photos: &[(&str, Vec<u8>)], body: &str) -> Self {
        let site = Site(Scratch::new());
        let root = site.0.root();
        for (path, bytes) in themes() {
            put(&root, &path, bytes);
        }
        let settings = "title: 站\nbase_url: https://example.org/\nowner: 街道\n";
        put(&root, "site.yaml", settings);
        site.set(photos, body);
        site
    }

    fn set(&self, photos: &[(&str, Vec<u8>)], body: &str) {
        let root = self.0.root();
        fs::remove_dir_all(root.join("content")).ok();
        let listed: String = photos
            .iter()
            .map(|(name, _)| format!("  - {{file: {name}, caption: 清洁日}}\n"))
            .collect();
        let listed = if listed.is_empty() {
            String::new()
        } else {
            format!("photos:\n{listed}")
        };
        let text = format!("---\ntitle: 甲\ndate: 2021-04-01\n{listed}---\n{body}\n");
        put(&root, &format!("content/{REPORT}/index.md"), text);
        for (name, bytes) in photos {
            put(&root, &format!("content/{REPORT}/{name}"), bytes);
        }
    }

    fn compile(&self) -> Checked<OutputTree> {
        let mut diagnostics = Vec::new();
        let snapshot = read::read(&self.0.root()).drain_into(&mut diagnostics);
        let tree = compile(&snapshot, &options(), &mut Memo::default());
        let value = tree.drain_into(&mut diagnostics);
        Checked { value, diagnostics }
    }

    fn try_build(&self) -> Result<Written, Vec<Diagnostic>> {
        let compiled = self.compile();
        if has_errors(&compiled.diagnostics) {
            return Err(compiled.diagnostics);
        }
        write::write(&self.0.root(), &self.0.out(), &compiled.value)
    }

    fn build(&self) -> Written {
        self.try_build().unwrap()
    }

    /// The published files of the report beside its page.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = contents(&self.0.out().join(REPORT));
        files.remove("index.html");
        files
    }

    fn names(&self) -> Vec<String> {
        self.files().into_keys().collect()
    }

    fn page(&self) -> String {
        fs::read_to_string(self.0.out().join(REPORT).join("index.html")).unwrap()
    }

    fn cache(&self) -> PathBuf {
        self.0.out().join(".yugang/images")
    }

    fn cached(&self) -> usize {
        fs::read_dir(self.cache()).map_or(0, Iterator::count)
    }
}

#[test]
fn no_published_file_tells_where_a_photo_was_taken() {
    let photo = quarters(96, 64);
    let photos = [
        ("1.jpg", telling_jpeg(&stored(&photo, 6), 6)),
        ("2.png", pictures::telling_png(photo.clone())),
        ("3.webp", pictures::telling_webp(&photo)),
        ("4.jpg", telling_jpeg(&photo, 1)),
    ];
    for (name, bytes) in &photos {
        assert!(tells(name, bytes).is_some(), "{name}");
    }
    let site = Site::new(&photos, "[原图](1.jpg) [二](2.png) [三](3.webp)");
    put(&site.0.root(), "static/5.jpg", &photos[0].1);
    site.build();
    assert_eq!(
        site.names(),
        [
            "1.96.jpg",
            "1.96.webp",
            "1.jpg",
            "2.96.jpg",
            "2.96.webp",
            "2.png",
            "3.96.jpg",
            "3.96.webp",
            "3.webp",
            "4.96.jpg",
            "4.96.webp"
        ]
    );
    let published = contents(&site.0.out());
    assert!(published.contains_key("5.jpg"));
    let mut images = 0;
    for (name, bytes) in &published {
        images += usize::from(image::guess_format(bytes).is_ok());
        assert_eq!(tells(name, bytes), None);
    }
    assert_eq!(images, 12);
    // The pixels of what is offered for download are what they were.
    for (name, bytes) in &photos[..3] {
        let published = pixels(&site.files()[*name]);
        assert!(published == pixels(bytes), "{name}");
    }
}

#[test]
fn photos_stand_upright_however_the_camera_was_held() {
    let upright = quarters(1000, 600);
    let names: Vec<String> = (1..=8).map(|number| format!("{number}.jpg")).collect();
    let photos = (1..=8).zip(&names).map(|(orientation, name)| {
        let bytes = telling_jpeg(&stored(&upright, orientation), orientation);
        (name.as_str(), bytes)
    });
    let photos: Vec<_> = photos.collect();
    let site = Site::new(&photos, "[原图](7.jpg)");
    site.build();
    let files = site.files();
    assert_eq!(files.len(), 8 * 3 + 1);
    for orientation in 1..=8 {
        for (ending, size) in [
            ("480.webp", (480, 288)),
            ("1000.webp", (1000, 600)),
            ("960.jpg", (960, 576)),
        ] {
            let name = format!("{orientation}.{ending}");
            let image = pixels(&files[&name]);
            assert_eq!(image.dimensions(), size, "{name}");
            assert!(is_upright(&image), "{name}");
        }
    }
    let page = site.page();
    let picture = "<picture><source type=\"image/webp\" \
         srcset=\"/reports/a/6.480.webp 480w, /reports/a/6.1000.webp 1000w\" sizes=\"";
    assert!(page.contains(picture), "{page}");
    let image = "<img src=\"/reports/a/6.960.jpg\" alt=\"清洁日\" width=\"960\" height=\"576\"";
    assert!(page.contains(image), "{page}");
    // What is offered is as it was stored, and says how it was held.
    let offered = exif::Reader::new()
        .read_from_container(&mut Cursor::new(&files["7.jpg"]))
        .unwrap();
    let field = offered.get_field(exif::Tag::Orientation, exif::In::PRIMARY);
    assert_eq!(field.unwrap().value.get_uint(0), Some(7));
}

#[test]
fn odd_photos_are_published_and_moving_ones_as_they_are() {
    let gray = image::DynamicImage::from(quarters(40, 30));
    let clear = image::RgbaImage::from_pixel(40, 30, image::Rgba([9, 99, 9, 128]));
    let mut photos = vec![
        (
            "named-jpg.jpg",
            pictures::encoded(gray.clone(), ImageFormat::Png),
        ),
        (
            "gray.jpg",
            pictures::encoded(gray.to_luma8(), ImageFormat::Jpeg),
        ),
        (
            "deep.png",
            pictures::encoded(gray.to_rgb16(), ImageFormat::Png),
        ),
        ("clear.png", pictures::encoded(clear, ImageFormat::Png)),
        (
            "dot.png",
            pictures::encoded(quarters(1, 1), ImageFormat::Png),
        ),
        ("cmyk.jpg", pictures::cmyk_jpeg()),
    ];
    let moving = pictures::moving();
    let names = ["moving.gif", "moving.png", "moving.webp"];
    photos.extend(
        names
            .into_iter()
            .zip(moving.iter().map(|(_, bytes)| bytes.clone())),
    );
    let site = Site::new(&photos, "![清洁日](moving.gif)");
    site.build();
    let made = "clear.40.png clear.40.webp cmyk.16.jpg cmyk.16.webp deep.40.jpg deep.40.webp \
                dot.1.jpg dot.1.webp gray.40.jpg gray.40.webp moving.gif moving.png moving.webp \
                named-jpg.40.jpg named-jpg.40.webp";
    assert_eq!(site.names().join(" "), made);
    let files = site.files();
    for (extension, bytes) in moving {
        assert!(
            files[&format!("moving.{extension}")] == bytes,
            "{extension}"
        );
    }
    assert!(is_upright(&pixels(&files["named-jpg.40.webp"])));
    assert!(is_upright(&pixels(&files["deep.40.jpg"])));
    let clear = image::load_from_memory(&files["clear.40.webp"]).unwrap();
    assert!(clear.into_rgba8().get_pixel(20, 20).0[3].abs_diff(128) < 3);
    let printed = pixels(&files["cmyk.16.webp"]);
    assert!(printed.get_pixel(3, 4).0[0] > 150 && printed.get_pixel(3, 4).0[1] < 90);
    assert!(printed.get_pixel(12, 4).0[1] > 110 && printed.get_pixel(12, 4).0[0] < 110);
}

#[test]
fn the_colours_of_a_telephone_stay_what_they_are() {
    let profile = |name: &str| {
        let mut profile = vec![0; 128];
        profile[16..20].copy_from_slice(b"RGB ");
        [profile, name.as_bytes().to_vec()].concat()
    };
    let with = |profile: &[u8]| {
        let mut photo = Jpeg::from_bytes(jpeg(&quarters(40, 30)).into()).unwrap();
        photo.set_icc_profile(Some(Bytes::copy_from_slice(profile)));
        photo.encoder().bytes().to_vec()
    };
    let (wide, usual) = (profile("Display P3"), profile("sRGB IEC61966-2.1"));
    let site = Site::new(&[("1.jpg", with(&wide)), ("2.jpg", with(&usual))], "");
    site.build();
    let has = |name: &str, profile: &[u8]| {
        let bytes = &site.files()[name];
        bytes.windows(profile.len()).any(|part| part == profile)
    };
    assert!(has("1.40.webp", &wide) && has("1.40.jpg", &wide));
    assert!(!has("2.40.webp", &usual) && !has("2.40.jpg", &usual));
}

/// What is said of each photo that cannot be published.
fn refused(told: &[Diagnostic]) -> Vec<String> {
    let errors = told
        .iter()
        .filter(|found| found.code == Code::UnusableImage);
    let mut messages: Vec<String> = errors
        .map(|found| {
            assert!(!found.hints.is_empty() && found.span.is_some(), "{found:?}");
            found.message.zh.clone()
        })
        .collect();
    messages.sort();
    messages.dedup();
    messages
}

#[test]
fn photos_that_cannot_be_published_are_all_named_and_the_site_stays() {
    let whole = quarters(300, 200);
    let good = jpeg(&whole);
    let png = pictures::encoded(whole.clone(), ImageFormat::Png);
    let site = Site::new(&[("good.jpg", good.clone())], "");
    site.build();
    let before = contents(&site.0.out());
    let by_header = [
        ("a.jpg", Vec::new()),
        ("b.heic", pictures::heic()),
        ("c.jpg", pictures::heic()),
        ("d.jpg", b"<html>404</html>".to_vec()),
        ("e.jpg", good[..15].to_vec()),
        ("f.png", pictures::claiming_png(100_000, 100_000)),
        ("g.jpg", pictures::claiming_jpeg(65_535, 65_535)),
        ("h.png", pictures::claiming_png(66_000, 1)),
    ];
    let by_pixels = [
        ("m.jpg", good[..good.len() / 2].to_vec()),
        ("n.png", png[..png.len() / 2].to_vec()),
        ("o.png", pictures::claiming_png(7_000, 7_000)),
        ("p.gif", pictures::moving()[0].1[..60].to_vec()),
        ("q.webp", pictures::telling_webp(&whole)[..300].to_vec()),
    ];
    site.set(&[&by_header[..], &by_pixels].concat(), "[x](c.jpg)");
    let compiled = site.compile();
    let told = refused(&compiled.diagnostics);
    let starts = [
        "`a.jpg` 是空文件",
        "`b.heic` 是 HEIC 照片",
        "`c.jpg` 是 HEIC 照片",
        "`d.jpg` 不是浏览器能显示的图片",
        "图片 `e.jpg` 已损坏",
        "图片 `f.png` 太大（100000×100000 像素",
        "图片 `g.jpg` 太大（65535×65535 像素",
        "图片 `h.png` 太大",
    ];
    assert_eq!(told.len(), starts.len(), "{told:#?}");
    assert!(
        told.iter()
            .zip(starts)
            .all(|(told, start)| told.starts_with(start)),
        "{told:#?}"
    );
    // In the same run the pixels of the others.
    let (root, out) = (site.0.root(), site.0.out());
    let told = check_photos(&root, &out, &compiled.value, &|_, _| {}).unwrap_err();
    let told = refused(&told);
    let names = told.iter().map(|told| told.split('`').nth(1).unwrap());
    let names: Vec<&str> = names.collect();
    assert_eq!(names.join(" "), "m.jpg n.png o.png p.gif q.webp");
    assert!(contents(&out) == before);
    site.set(&by_pixels, "");
    assert_eq!(refused(&site.try_build().unwrap_err()), told);
    assert!(contents(&out) == before);
}

#[test]
fn what_a_build_has_made_is_not_made_again() {
    let photos = [
        ("1.jpg", jpeg(&quarters(700, 500))),
        ("2.jpg", telling_jpeg(&quarters(300, 200), 1)),
    ];
    let site = Site::new(&photos, "[二](2.jpg)");
    assert_eq!(site.build().images_made, 3 + 3);
    let first = contents(&site.0.out());
    let again = site.build();
    assert_eq!((again.images_made, again.written), (0, 0));
    // Without the published files, but with what was made.
    fs::remove_dir_all(site.0.out().join("reports")).unwrap();
    assert_eq!(site.build().images_made, 0);
    assert!(contents(&site.0.out()) == first);
    // Damaged: only what is wanted is looked at, and only that is made again.
    for entry in fs::read_dir(site.cache()).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(site.build().images_made, 0);
    fs::remove_file(site.0.out().join("reports/a/1.480.webp")).unwrap();
    assert_eq!(site.build().images_made, 1);
    fs::remove_dir_all(site.0.out().join("reports")).unwrap();
    assert_eq!(site.build().images_made, 5);
    assert!(contents(&site.0.out()) == first);
    // What the site no longer has is not kept.
    site.set(&photos[..1], "");
    site.build();
    assert_eq!((site.cached(), site.names().len()), (3, 3));
    site.set(&[], "");
    site.build();
    assert_eq!((site.cached(), site.names().len()), (0, 0));
}

#[test]
fn progress_is_told_to_the_last_photo() {
    let photos = [
        ("1.jpg", jpeg(&quarters(60, 40))),
        ("2.jpg", jpeg(&quarters(60, 50))),
    ];
    let site = Site::new(&photos, "");
    let told = Mutex::new(Vec::new());
    let progress = |done, of| told.lock().unwrap().push((done, of));
    let (root, out, tree) = (site.0.root(), site.0.out(), site.compile().value);
    write_or_keep(&root, &out, &tree, &progress)
        .unwrap()
        .unwrap();
    let mut steps = told.lock().unwrap().clone();
    steps.sort_unstable();
    assert_eq!(steps, [(0, 2), (1, 2), (2, 2)]);
    told.lock().unwrap().clear();
    write_or_keep(&root, &out, &tree, &progress)
        .unwrap()
        .unwrap();
    assert_eq!(*told.lock().unwrap(), []);
}

#[test]
fn two_photos_of_one_name_are_one_clash() {
    let photo = quarters(60, 40);
    let photos = [
        ("1.jpg", jpeg(&photo)),
        ("1.png", pictures::encoded(photo.clone(), ImageFormat::Png)),
    ];
    let compiled = Site::new(&photos, "").compile();
    let clashes = compiled.diagnostics.iter();
    let clashes: Vec<_> = clashes
        .filter(|found| found.code == Code::DuplicateUrl)
        .collect();
    assert_eq!(clashes.len(), 1, "{clashes:#?}");
    assert_eq!(clashes[0].hints[0].zh, "给其中一个文件改名");
}

#[test]
fn the_preview_makes_images_when_they_are_asked_for() {
    let photos = [
        ("1.jpg", telling_jpeg(&stored(&quarters(700, 500), 6), 6)),
        ("2.jpg", jpeg(&quarters(90, 60))[..700].to_vec()),
    ];
    let site = Site::new(&photos, "");
    let root = site.0.root();
    let shown = Shown {
        build: 1,
        lang: Lang::Zh,
        root: root.to_str().unwrap().to_owned(),
        base: "/".into(),
        site: Some(Arc::new(site.compile().value)),
        late: Some(Arc::default()),
        diagnostics: Arc::default(),
        problems: String::new(),
        status: Arc::default(),
    };
    let server = Server::bind(0, 1).unwrap();
    let (port, stage) = (server.port(), Stage::new(shown));
    let running = stage.clone();
    let running = thread::spawn(move || server.run(&running));
    let get = |name: &str, headers: &str| {
        client::ask(port, "GET", &format!("/reports/a/{name}"), headers)
    };
    let small = get("1.480.webp", "");
    assert_eq!(
        (small.status, small.header("Content-Type")),
        (200, Some("image/webp"))
    );
    assert_eq!(tells("1.480.webp", &small.body), None);
    assert_eq!(pixels(&small.body).dimensions(), (480, 343));
    assert!(is_upright(&pixels(&small.body)));
    let tag = small.header("ETag").unwrap();
    assert_eq!(
        get("1.480.webp", &format!("If-None-Match: {tag}\r\n")).status,
        304
    );
    let large = get("1.700.webp", "");
    assert_ne!(large.header("ETag"), Some(tag));
    let head = client::ask(port, "HEAD", "/reports/a/1.480.webp", "");
    assert_eq!(
        head.header("Content-Length"),
        small.header("Content-Length")
    );
    let broken = get("2.90.webp", "");
    assert_eq!(
        (broken.status, broken.text().contains("不完整")),
        (500, true)
    );
    // The original was not asked for by any link.
    assert_eq!(get("1.jpg", "").status, 404);
    assert!(!root.join("public").exists());
    stage.close();
    running.join().unwrap().unwrap();
}
