//! Reading a site folder: what is taken, what is skipped, what is refused.

use std::fs;

use crate::folder::{self, Scratch, put};
use yugang::diag::{Checked, Code, Diagnostic, Severity};
use yugang::model::digest::Digest;
use yugang::model::snapshot::{Dimensions, InputFile, Media, Snapshot};
use yugang::shell::read::{LARGEST_TEXT, read};

fn site(files: &[(&str, &str)]) -> Scratch {
    let scratch = Scratch::new();
    put(&scratch.root(), "site.yaml", "title: 渔港\n");
    for (path, content) in files {
        put(&scratch.root(), path, content);
    }
    scratch
}

fn read_site(scratch: &Scratch) -> Checked<Snapshot> {
    read(&scratch.root())
}

fn paths(snapshot: &Snapshot) -> Vec<&str> {
    snapshot.files.keys().map(|path| path.as_str()).collect()
}

/// The one diagnostic of a site of which `content/a.md` is still read.
fn only_finding(scratch: &Scratch) -> Diagnostic {
    put(&scratch.root(), "content/a.md", "一");
    let checked = read_site(scratch);
    assert_eq!(
        checked.value.bytes("content/a.md").unwrap()[..],
        *"一".as_bytes()
    );
    assert_eq!(checked.diagnostics.len(), 1, "{:#?}", checked.diagnostics);
    let finding = checked.diagnostics.into_iter().next().unwrap();
    assert_eq!(finding.severity, Severity::Error);
    assert!(!finding.hints.is_empty());
    assert_ne!(finding.message.zh, finding.message.en);
    finding
}

fn media(snapshot: &Snapshot, path: &str) -> Media {
    let (_, file) = snapshot
        .files
        .iter()
        .find(|(found, _)| found.as_str() == path)
        .unwrap();
    match file {
        InputFile::Media(media) => *media,
        other => panic!("`{path}` was read as {other:?}"),
    }
}

#[test]
fn what_belongs_to_the_site_is_read_and_nothing_else() {
    let scratch = site(&[
        ("content/reports/2021/清洁日/index.md", "正文"),
        ("content/reports/2021/清洁日/附件.pdf", "pdf"),
        ("content/rota/2021.yaml", "turns: []"),
        ("templates/base.html", "<html>"),
        ("static/robots.txt", "robots"),
        ("static/.well-known/security.txt", "security"),
        ("themes/harbor/theme.yaml", "name: harbor"),
        ("themes/harbor/assets/a.css", "css"),
        ("themes/harbor/static/a.svg", "<svg/>"),
        ("content/.DS_Store", ""),
        ("content/a.md~", ""),
        ("content/.obsidian/x.md", ""),
        ("static/desktop.ini", ""),
        ("public/index.html", "old"),
        ("README.md", "readme"),
        (".git/config", "git"),
    ]);
    let checked = read_site(&scratch);
    assert_eq!(checked.diagnostics, []);
    let snapshot = checked.value;
    assert_eq!(
        paths(&snapshot),
        [
            "content/reports/2021/清洁日/index.md",
            "content/reports/2021/清洁日/附件.pdf",
            "content/rota/2021.yaml",
            "site.yaml",
            "static/.well-known/security.txt",
            "static/robots.txt",
            "templates/base.html",
            "themes/harbor/assets/a.css",
            "themes/harbor/static/a.svg",
            "themes/harbor/theme.yaml",
        ]
    );
    assert_eq!(
        snapshot.bytes("templates/base.html").unwrap()[..],
        *b"<html>"
    );
    let pdf = media(&snapshot, "content/reports/2021/清洁日/附件.pdf");
    assert_eq!((pdf.size, pdf.digest), (3, Digest::of(b"pdf")));
    assert_eq!((pdf.dimensions, pdf.orientation), (None, None));
    media(&snapshot, "static/robots.txt");
}

/// A JPEG without picture: its EXIF orientation, where given, and a frame of 40 × 30 pixels.
fn jpeg(orientation: Option<u8>) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8];
    if let Some(value) = orientation {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([value, 0, 0, 0, 0, 0, 0]);
        bytes.extend([0xff, 0xe1, 0, exif.len() as u8 + 2]);
        bytes.extend(exif);
    }
    bytes.extend([
        0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0, 0xff, 0xd9,
    ]);
    bytes
}

#[test]
fn photos_tell_their_dimensions_as_shown() {
    let scratch = site(&[
        ("content/broken.jpg", "no photo"),
        ("content/empty.png", ""),
    ]);
    put(&scratch.root(), "content/plain.JPG", jpeg(None));
    for orientation in [1, 3, 6, 8, 9] {
        put(
            &scratch.root(),
            &format!("content/{orientation}.jpg"),
            jpeg(Some(orientation)),
        );
    }
    let checked = read_site(&scratch);
    assert_eq!(checked.diagnostics, []);
    let look = |name: &str| {
        let media = media(&checked.value, &format!("content/{name}"));
        let size = media
            .dimensions
            .map(|Dimensions { width, height }| (width, height));
        (size, media.orientation)
    };
    assert_eq!(look("plain.JPG"), (Some((40, 30)), None));
    assert_eq!(look("1.jpg"), (Some((40, 30)), Some(1)));
    assert_eq!(look("3.jpg"), (Some((40, 30)), Some(3)));
    assert_eq!(look("6.jpg"), (Some((30, 40)), Some(6)));
    assert_eq!(look("8.jpg"), (Some((30, 40)), Some(8)));
    assert_eq!(look("9.jpg"), (Some((40, 30)), None));
    assert_eq!(look("broken.jpg"), (None, None));
    assert_eq!(look("empty.png"), (None, None));
}

#[test]
fn photos_cut_off_or_corrupted_anywhere_are_no_error() {
    let scratch = site(&[]);
    let whole = jpeg(Some(6));
    for end in 0..whole.len() {
        put(
            &scratch.root(),
            &format!("content/cut-{end}.jpg"),
            &whole[..end],
        );
        let mut bent = whole.clone();
        bent[end] ^= 0xff;
        put(&scratch.root(), &format!("content/bent-{end}.webp"), bent);
    }
    let checked = read_site(&scratch);
    assert_eq!(checked.diagnostics, []);
    assert_eq!(checked.value.files.len(), 2 * whole.len() + 1);
}

#[test]
fn a_large_text_is_refused_and_a_large_attachment_is_not() {
    let scratch = site(&[]);
    let large = vec![b'x'; LARGEST_TEXT as usize + 1];
    put(&scratch.root(), "content/b.md", &large);
    put(&scratch.root(), "content/b.pdf", &large);
    put(&scratch.root(), "content/just.md", &large[1..]);
    let finding = only_finding(&scratch);
    assert_eq!(finding.code, Code::FileTooLarge);
    assert_eq!(finding.span.unwrap().file.as_str(), "content/b.md");
    let snapshot = read_site(&scratch).value;
    assert_eq!(media(&snapshot, "content/b.pdf").digest, Digest::of(&large));
    assert!(snapshot.bytes("content/just.md").is_some());
}

#[test]
fn a_missing_site_file_or_root_says_what_to_do() {
    let scratch = Scratch::new();
    let finding = only_finding(&scratch);
    assert_eq!(finding.code, Code::MissingFile);
    assert!(finding.hints[0].zh.contains("--root"));
    put(&scratch.root(), "site.yml", "");
    assert!(only_finding(&scratch).hints[0].en.contains("rename"));

    for root in ["site.yml", "nowhere"] {
        let checked = read(&scratch.root().join(root));
        assert_eq!(checked.diagnostics[0].code, Code::Environment);
        assert!(checked.diagnostics[0].hints[0].en.contains("--root"));
    }
}

#[test]
fn a_folder_for_a_file_and_a_file_for_a_folder_are_errors() {
    let scratch = Scratch::new();
    put(&scratch.root(), "site.yaml/x", "");
    assert_eq!(only_finding(&scratch).code, Code::UnexpectedFile);
    let scratch = site(&[("themes", "")]);
    assert_eq!(only_finding(&scratch).code, Code::UnexpectedFile);
}

#[test]
fn names_in_two_forms_are_one_name() {
    let scratch = site(&[("content/cafe\u{301}.md", "x")]);
    let checked = read_site(&scratch);
    assert_eq!(checked.diagnostics, []);
    assert!(checked.value.bytes("content/café.md").is_some());
}

#[cfg(target_os = "linux")]
mod on_linux {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    #[test]
    fn names_that_windows_refuses_are_errors_in_content_and_static() {
        for name in ["con.jpg", "a:b.jpg", "end.", "end ", "a\n.jpg", "NUL"] {
            for folder in ["content", "static"] {
                let scratch = site(&[(&format!("{folder}/{name}"), "x")]);
                let finding = only_finding(&scratch);
                assert_eq!(finding.code, Code::InvalidName, "{name:?}");
            }
            let scratch = site(&[(&format!("templates/{name}"), "x")]);
            assert_eq!(read_site(&scratch).diagnostics, []);
        }
        let scratch = site(&[(&format!("content/{}/b.md", "长".repeat(81)), "x")]);
        assert_eq!(only_finding(&scratch).code, Code::InvalidName);
    }

    #[test]
    fn names_that_differ_in_case_or_form_are_errors_naming_both() {
        for (one, other) in [
            ("content/b.md", "content/B.md"),
            ("content/b/x.md", "content/B/y.md"),
            ("static/caf\u{e9}.txt", "static/cafe\u{301}.txt"),
        ] {
            let scratch = site(&[(one, "x"), (other, "x")]);
            let finding = only_finding(&scratch);
            assert_eq!(finding.code, Code::InvalidName, "{one} {other}");
            assert_eq!(finding.related.len(), 1);
        }
        let scratch = site(&[("content/b/x.md", ""), ("content/c/X.md", "")]);
        assert_eq!(read_site(&scratch).diagnostics, []);
    }

    #[test]
    fn names_that_are_not_utf8_are_shown_escaped() {
        let scratch = site(&[("content/x", "")]);
        let name = OsStr::from_bytes(b"\xc7\xe5.md");
        fs::write(scratch.root().join("content").join(name), "").unwrap();
        let finding = only_finding(&scratch);
        assert_eq!(finding.code, Code::InvalidName);
        assert!(finding.message.zh.contains("\\xC7\\xE5.md"), "{finding:?}");
        let scratch = site(&[("content/x", "")]);
        let folder = scratch
            .root()
            .join("content")
            .join(OsStr::from_bytes(b"\xff"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.md"), "").unwrap();
        assert_eq!(only_finding(&scratch).code, Code::InvalidName);
    }

    #[test]
    fn links_are_never_followed() {
        let outside = Scratch::new();
        put(&outside.root(), "secret.md", "secret");
        let outside = outside.root();
        let cases = [
            (outside.join("secret.md"), "leads out of the site"),
            (outside, "leads out of the site"),
            ("nowhere".into(), "does not exist"),
            ("link".into(), "in a circle"),
            ("..".into(), "a folder it lies in"),
            ("a.md".into(), "is not followed"),
        ];
        for (target, words) in cases {
            let scratch = site(&[("content/a.md", "一")]);
            symlink(&target, scratch.root().join("content/link")).unwrap();
            let finding = only_finding(&scratch);
            assert_eq!(finding.code, Code::Symlink);
            assert!(finding.message.en.contains(words), "{finding:?}");
        }
        let scratch = site(&[("elsewhere/b.md", "x")]);
        symlink("elsewhere", scratch.root().join("themes")).unwrap();
        assert_eq!(only_finding(&scratch).code, Code::Symlink);
        let scratch = site(&[]);
        fs::rename(
            scratch.root().join("site.yaml"),
            scratch.root().join("x.yaml"),
        )
        .unwrap();
        symlink("x.yaml", scratch.root().join("site.yaml")).unwrap();
        assert_eq!(only_finding(&scratch).code, Code::Symlink);
    }

    #[test]
    fn pipes_and_sockets_do_not_make_it_wait() {
        let scratch = site(&[("content/x", "")]);
        let pipe = scratch.root().join("content/b.md");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(only_finding(&scratch).code, Code::Unreadable);
        fs::remove_file(&pipe).unwrap();
        // The path of a socket must be short; a link to the folder makes it so.
        let short = tempfile::tempdir().unwrap();
        let link = short.path().join("s");
        symlink(scratch.root().join("static"), &link).unwrap();
        fs::create_dir(scratch.root().join("static")).unwrap();
        let _socket = UnixListener::bind(link.join("b")).unwrap();
        assert_eq!(only_finding(&scratch).code, Code::Unreadable);
    }

    #[test]
    fn a_file_or_folder_without_permission_is_an_error() {
        if folder::ran_without_privilege(
            "read_site::on_linux::a_file_or_folder_without_permission_is_an_error",
        ) {
            return;
        }
        let scratch = site(&[("content/b.md", "x"), ("content/c/d.md", "x")]);
        let locked = [
            scratch.root().join("content/b.md"),
            scratch.root().join("content/c"),
        ];
        let allow = |mode: u32| {
            for path in &locked {
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        allow(0o000);
        let checked = read_site(&scratch);
        allow(0o700);
        assert_eq!(checked.diagnostics.len(), 2, "{:#?}", checked.diagnostics);
        for finding in &checked.diagnostics {
            assert_eq!(finding.code, Code::Unreadable);
            assert!(finding.message.zh.contains("没有权限"));
        }
        assert!(checked.value.bytes("site.yaml").is_some());
    }
}
