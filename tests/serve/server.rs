//! Ports, foreign requests, and what the site's files look like over HTTP.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use crate::client;
use crate::preview::{SETTINGS, Site, entry};

#[test]
fn a_port_that_is_taken_is_said_and_the_next_one_used() {
    let site = Site::new();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let preview = site.serve_from(port, &[]);
    assert!(preview.port > port);
    preview.says(&format!("端口 {port} 已被占用，改用 {}", preview.port));
    preview.shows("/about/", "最初的正文");
}

#[test]
fn two_previews_of_one_site_do_not_disturb_each_other() {
    let site = Site::new();
    let first = site.serve(&[]);
    let second = site.serve_from(first.port, &[]);
    assert_ne!(first.port, second.port);
    site.put("content/pages/about.md", entry("关于", "两边都看到"));
    first.shows("/about/", "两边都看到");
    second.shows("/about/", "两边都看到");
    drop(first);
    site.put("content/pages/about.md", entry("关于", "只剩一边"));
    second.shows("/about/", "只剩一边");
}

#[test]
fn ctrl_c_ends_it_at_once_and_frees_the_port() {
    let site = Site::new();
    // What a shell runs in the background, this test perhaps, ignores Ctrl-C.
    let mut preview = match cfg!(target_os = "linux") {
        true => site.serve_through(&["env", "--default-signal=INT"]),
        false => site.serve(&[]),
    };
    let port = preview.port;
    let streams: Vec<_> = (0..20).map(|_| client::stream(port, "/")).collect();
    let idle: Vec<_> = (0..5).map(|_| client::connect(port)).collect();
    let took = preview.interrupt();
    assert!(took < Duration::from_secs(5), "{took:?}");
    drop((streams, idle));
    let again = site.serve_from(port, &[]);
    assert_eq!(again.port, port);
    again.shows("/about/", "最初的正文");
}

#[test]
fn only_reading_from_this_machine_is_answered() {
    let site = Site::new();
    site.put("秘密.txt", "not published");
    let preview = site.serve(&[]);
    let send =
        |request: &str| client::receive(&mut client::send(preview.port, request.as_bytes()), false);
    let foreign = send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    assert_eq!(foreign.status, 403);
    let post = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(send(post).status, 405);
    for target in [
        "/../site.yaml",
        "/%2e%2e/site.yaml",
        "/..%2fsite.yaml",
        "/..%5csite.yaml",
        "//site.yaml",
        "/site.yaml",
        "/content/pages/about.md",
        "/%E7%A7%98%E5%AF%86.txt",
        "/_yugang/../site.yaml",
    ] {
        let answer = client::ask(preview.port, "GET", target, "");
        assert_eq!(answer.status, 404, "{target}");
        assert!(!answer.text().contains("not published"));
    }
}

#[test]
fn files_are_served_as_object_storage_serves_them() {
    let site = Site::new();
    site.put(
        "site.yaml",
        SETTINGS.replace("example.org/", "example.org/qt/"),
    );
    site.put("static/下载/表.txt", "0123456789");
    let preview = site.serve(&[]);
    assert_eq!(preview.get("/").header("Location"), Some("/qt/"));
    let page = preview.get("/qt/about/");
    assert_eq!(
        page.header("Content-Type"),
        Some("text/html; charset=utf-8")
    );
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.contains("script-src 'self'"), "{policy}");
    assert_eq!(
        preview.get("/qt/about").header("Location"),
        Some("/qt/about/")
    );
    let none = preview.get("/qt/没有/");
    assert_eq!(none.status, 404);
    assert!(none.text().contains("href=\"/qt/"), "the site's own page");
    let target = "/qt/%E4%B8%8B%E8%BD%BD/%E8%A1%A8.txt";
    let ask = |method, headers| client::ask(preview.port, method, target, headers);
    let file = ask("GET", "");
    assert_eq!((file.status, file.text()), (200, "0123456789"));
    assert_eq!(ask("HEAD", "").header("Content-Length"), Some("10"));
    assert_eq!(ask("GET", "Range: bytes=2-4\r\n").text(), "234");
    let etag = format!("If-None-Match: {}\r\n", file.header("ETag").unwrap());
    assert_eq!(ask("GET", &etag).status, 304);
    site.put("static/下载/表.txt", "9876543210");
    let changed = preview.until("/qt/下载/表.txt", |_| ask("GET", &etag).status == 200);
    assert_eq!(changed.text(), "9876543210");
}
