//! What is answered for a small site.

use std::sync::Arc;

use super::{page, shown};
use crate::diag::{Lang, SourcePath};
use crate::model::digest::Digest;
use crate::model::tree::OutFile;
use crate::preview::Shown;
use crate::preview::events::state;
use crate::preview::http::{Body, Request, Response};
use crate::preview::inject::inject;
use crate::preview::respond::{busy, changed, respond, vanished};
use crate::preview::status::{Item, Status};

fn bytes(text: &str) -> OutFile {
    OutFile::Bytes(text.as_bytes().into())
}

fn copy(source: &str, size: u64) -> OutFile {
    OutFile::Copy {
        source: SourcePath::new(source),
        size,
        digest: Digest::of(source.as_bytes()),
    }
}

fn site(base: &str) -> Shown {
    let report = page(
        "<body>清洁日</body>",
        &["/assets/main.0123456789.css"],
        Some("content/reports/清洁日.md"),
    );
    shown(
        base,
        &[
            ("index.html", bytes("<body>home</body>")),
            ("reports/清洁 日/index.html", OutFile::Page(report.into())),
            ("reports/index.html", bytes("reports")),
            ("404.html", bytes("<body>nothing</body>")),
            ("data.json", bytes("0123456789")),
            ("a.html", copy("static/a.html", 6)),
            ("方案.pdf", copy("static/方案.pdf", 100)),
        ],
    )
}

fn ask(shown: &Shown, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    let mut headers = headers.to_vec();
    headers.push(("Host", "localhost:1313"));
    respond(
        shown,
        &Request {
            method,
            target,
            headers,
        },
    )
}

fn get(shown: &Shown, target: &str) -> Response {
    ask(shown, "GET", target, &[])
}

fn body(response: &Response) -> String {
    match &response.body {
        Body::Empty => String::new(),
        Body::Bytes { bytes, range } => {
            let part = &bytes[range.start as usize..range.end as usize];
            assert_eq!(response.length, part.len() as u64);
            String::from_utf8(part.to_vec()).unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn index_documents_are_found_and_folders_lead_to_them() {
    let site = site("/");
    assert!(body(&get(&site, "/")).contains("home<script"));
    assert!(body(&get(&site, "/reports/?page=2")).starts_with("reports<script"));
    assert_eq!(get(&site, "/reports/index.html").status, 200);
    let redirect = get(&site, "/reports/%E6%B8%85%E6%B4%81%20%E6%97%A5?a=1");
    assert_eq!(redirect.status, 302);
    let location = "/reports/%E6%B8%85%E6%B4%81%20%E6%97%A5/?a=1";
    assert_eq!(redirect.header("Location"), Some(location));
    assert_eq!(get(&site, location).status, 200);
    assert_eq!(get(&site, "/data.json/").status, 404);
    assert_eq!(get(&site, "/_yugang").header("Location"), Some("/_yugang/"));
}

#[test]
fn pages_say_who_they_are_and_other_files_do_not() {
    let site = site("/");
    let page = get(&site, "/reports/清洁 日/");
    let html = body(&page);
    for expected in [
        "data-path=\"/reports/&#x6E05;&#x6D01; &#x65E5;/\"",
        "data-source=\"content/reports/",
        "data-styles=\"{&#x22;main.css&#x22;:&#x22;/assets/main.0123456789.css&#x22;}\"",
        "></script></body>",
    ] {
        assert!(html.contains(expected), "{html}");
    }
    assert!(page.header("Content-Security-Policy").is_some());
    let data = get(&site, "/data.json");
    assert_eq!(body(&data), "0123456789");
    assert_eq!(data.header("Content-Security-Policy"), None);
    for response in [page, data, get(&site, "/no"), get(&site, "//")] {
        assert_eq!(response.header("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(response.header("Referrer-Policy"), Some("same-origin"));
        assert_eq!(response.header("Cache-Control"), Some("no-cache"));
    }
}

#[test]
fn what_is_missing_is_answered_by_the_sites_own_page() {
    let mut site = site("/");
    let answer = get(&site, "/no/such/");
    assert_eq!(answer.status, 404);
    assert!(body(&answer).contains("nothing<script"));
    assert!(body(&answer).contains("data-page=\"\" data-path=\"/no/such/\""));
    assert_eq!(get(&site, "/_yugang/no").status, 404);
    assert_eq!(get(&site, "/404.html").status, 200);
    site.site = Some(Default::default());
    let answer = get(&site, "/");
    assert_eq!(answer.status, 404);
    assert!(body(&answer).contains("<script"));
}

#[test]
fn a_site_below_a_path_answers_only_there() {
    let site = site("/群团/");
    for target in ["/", "/%E7%BE%A4%E5%9B%A2"] {
        let location = get(&site, target);
        let location = location.header("Location");
        assert_eq!(location, Some("/%E7%BE%A4%E5%9B%A2/"), "{target}");
    }
    assert_eq!(get(&site, "/群团/").status, 200);
    assert_eq!(get(&site, "/群团/no").status, 404);
    let outside = get(&site, "/reports/");
    assert_eq!(outside.status, 404);
    assert!(body(&outside).contains("/群团/"));
}

#[test]
fn a_copied_page_gets_the_script_when_it_is_sent() {
    let site = site("/");
    let answer = ask(&site, "GET", "/a.html", &[("Range", "bytes=0-1")]);
    let Body::Html { size, script, .. } = &answer.body else {
        panic!("{answer:?}");
    };
    let html = inject(b"<body>", script);
    assert_eq!((answer.status, *size), (200, 6));
    assert_eq!(answer.length, html.len() as u64);
}

#[test]
fn head_has_the_headers_and_no_body() {
    let site = site("/");
    for target in ["/", "/data.json", "/方案.pdf", "/reports", "/no", "//"] {
        let mut expected = get(&site, target);
        expected.body = Body::Empty;
        assert_eq!(ask(&site, "HEAD", target, &[]), expected, "{target}");
    }
    let head = ask(&site, "HEAD", "/data.json", &[("Range", "bytes=0-1")]);
    assert_eq!((head.status, head.length), (200, 10));
}

#[test]
fn what_is_not_public_now_says_so_where_its_page_would_be() {
    let mut site = site("/qt/");
    let item = |name: &str, date: Option<&str>| Item {
        title: format!("<{name}>"),
        kind: String::from("报道"),
        file: format!("content/reports/{name}.md"),
        url: None,
        path: format!("reports/{name}/"),
        date: date.map(str::to_owned),
        keys: Vec::new(),
    };
    let shown = Item {
        url: Some(String::from("/qt/reports/shown/")),
        ..item("shown", None)
    };
    site.status = Arc::new(Status {
        drafts: vec![shown, item("稿", None)],
        not_yet_due: vec![item("later", Some("2031-04-01 09:00"))],
        expired: vec![item("gone", Some("2021-04-01"))],
        ..Status::default()
    });
    for (target, words) in [
        ("/qt/reports/稿/", "yugang serve --drafts"),
        ("/qt/reports/later/", "2031-04-01 09:00"),
        ("/qt/reports/later/index.html", "publish_on"),
        ("/qt/reports/gone/", "expire_on"),
    ] {
        let answer = get(&site, target);
        let page = body(&answer);
        assert_eq!(answer.status, 404, "{target}");
        assert!(page.contains(words), "{target}: {page}");
        assert!(page.contains("File: content/reports/"), "{page}");
        assert!(page.contains("data-source=\"content/reports/"), "{page}");
        assert!(page.contains("&lt;") && !page.contains("<稿>"), "{page}");
        let version = page.split_once("data-page=\"").unwrap().1;
        let version = version.split('"').next().unwrap();
        let told = state(&site, target);
        assert!(told.contains(&format!("\"page\":\"{version}\"")), "{told}");
        assert_eq!(version.len(), 16);
    }
    let redirect = get(&site, "/qt/reports/later");
    assert_eq!(redirect.header("Location"), Some("/qt/reports/later/"));
    assert!(body(&get(&site, "/qt/reports/shown/")).contains("nothing"));
    assert!(body(&get(&site, "/qt/reports/")).contains("reports"));
}

#[test]
fn pages_that_are_open_are_told_what_happens() {
    let site = site("/");
    let path = "/日/".to_owned();
    let events = get(&site, "/_yugang/events?path=%2F%E6%97%A5%2F");
    assert_eq!(events.body, Body::Events { path });
    assert_eq!(events.header("Content-Type"), Some("text/event-stream"));
    for target in [
        "/_yugang/events",
        "/_yugang/events?path=a",
        "/_yugang/events?path=%FF",
    ] {
        assert_eq!(get(&site, target).status, 400, "{target}");
    }
}

#[test]
fn without_a_site_every_page_waits() {
    let mut site = site("/qt/");
    site.site = None;
    for lang in [Lang::Zh, Lang::En] {
        site.lang = lang;
        for target in ["/", "/qt/", "/elsewhere"] {
            let answer = get(&site, target);
            assert_eq!(answer.status, 503);
            assert!(body(&answer).contains("data-page=\"\""));
        }
        for (answer, status) in [
            (vanished(&site), 404),
            (changed(&site), 503),
            (busy(&site), 503),
        ] {
            assert_eq!(answer.status, status);
        }
    }
    assert_eq!(get(&site, "/_yugang/events?path=/").status, 200);
}
