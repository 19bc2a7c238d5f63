//! What the preview answers: the site as object storage serves it, with the preview's script.
//!
//! Input: [`Shown`] and a [`Request`]. Output: a [`Response`]. Nothing is answered that is neither in
//! the output tree nor the preview's own, whatever the path looks like; a request that names
//! another host is refused, so that no page elsewhere can read the preview.

use std::sync::Arc;

use super::address::{Address, Fault, address, location, parameter};
use super::conditions::{Part, is_unchanged, part};
use super::http::{Body, Request, Response};
use super::inject::{Identity, digits, identity, inject, script};
use super::lookup::{Place, place};
use super::{Shown, pages};
use crate::diag::{Lang, SourcePath, Text, text};
use crate::model::digest::Digest;
use crate::model::media_type::media_type;
use crate::model::tree::OutFile;

/// Where the preview's own files are.
const OWN: &str = "/_yugang/";

/// What pages may load: their own site's files, images and media also from elsewhere.
const POLICY: &str = "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'self'; img-src 'self' data:; manifest-src 'self'; \
     media-src 'self'; script-src 'self'; style-src 'self'";

/// Largest input file in bytes that gets the script; a larger one is no page.
const LARGEST_PAGE: u64 = 16 * 1024 * 1024;

const HTML: &str = "text/html; charset=utf-8";

/// The answer to `request` while `shown` is shown.
pub fn respond(shown: &Shown, request: &Request<'_>) -> Response {
    let mut response = match address(request) {
        Err(fault) => refuse(shown, &fault),
        Ok(_) if !["GET", "HEAD"].contains(&request.method) => not_allowed(shown),
        Ok(address) => match address.path.strip_prefix(OWN) {
            Some(name) => own(shown, request, &address, name),
            None if address.path == OWN.trim_end_matches('/') => redirect(OWN, address.query),
            None => page_or_file(shown, request, &address),
        },
    };
    // Of an image the length is not known before it is made.
    if request.method == "HEAD" && !matches!(response.body, Body::Image(_)) {
        response.body = Body::Empty;
    }
    response
}

/// The answer for an input file that is no longer there.
pub fn vanished(shown: &Shown) -> Response {
    let words = text!(
        "这个文件刚刚被移走或改名了",
        "this file has just been moved or renamed"
    );
    plain(shown, 404, &words)
}

/// The answer for an input file that is not the one that was read.
pub fn changed(shown: &Shown) -> Response {
    let words = text!(
        "这个文件刚刚改动过，网站重新生成后再刷新",
        "this file has just been changed; reload when the site is built again"
    );
    plain(shown, 503, &words)
}

/// The answer for an image that cannot be made, and why.
pub fn unmade(shown: &Shown, why: &Text) -> Response {
    plain(shown, 500, why)
}

/// The answer when too many pages wait for events.
pub fn busy(shown: &Shown) -> Response {
    let words = text!(
        "打开的预览页面太多，请关掉一些",
        "too many preview pages are open; close some"
    );
    plain(shown, 503, &words)
}

fn refuse(shown: &Shown, fault: &Fault) -> Response {
    match fault {
        Fault::Malformed => plain(
            shown,
            400,
            &text!("看不懂这个请求", "this request cannot be understood"),
        ),
        Fault::Foreign => plain(
            shown,
            403,
            &text!(
                "预览只供本机使用：请用 127.0.0.1 或 localhost 访问",
                "the preview is for this computer only: open it as 127.0.0.1 or localhost"
            ),
        ),
        Fault::Nowhere => plain(
            shown,
            404,
            &text!("没有这样的网址", "there is no such address"),
        ),
    }
}

fn not_allowed(shown: &Shown) -> Response {
    let words = text!(
        "静态网站只能读取（GET、HEAD）",
        "a static site can only be read (GET, HEAD)"
    );
    let mut response = plain(shown, 405, &words);
    response.headers.push(("Allow", "GET, HEAD".into()));
    response
}

/// What is below `/_yugang/`.
fn own(shown: &Shown, request: &Request<'_>, address: &Address<'_>, name: &str) -> Response {
    if name == "events" {
        return match parameter(address.query, "path").filter(|path| path.starts_with('/')) {
            Some(path) => response(200, "text/event-stream", Body::Events { path }),
            None => refuse(shown, &Fault::Malformed),
        };
    }
    match pages::answer(shown, name) {
        Some((media_type, bytes)) => {
            let file = Found {
                media_type,
                etag: etag(&bytes),
                body: Body::of(bytes),
            };
            file.answer(request)
        }
        None => refuse(shown, &Fault::Nowhere),
    }
}

fn page_or_file(shown: &Shown, request: &Request<'_>, address: &Address<'_>) -> Response {
    match place(shown, &address.path) {
        Place::File(out, file) => {
            let media_type = media_type(out.as_str());
            let found = match media_type {
                HTML => page(shown, &address.path, file, &identity(file)),
                _ => as_it_is(file, media_type),
            };
            found.answer(request)
        }
        Place::Elsewhere(path) => redirect(&path, address.query),
        Place::Hidden(hidden) => {
            let (identity, source) = (hidden.identity(shown), hidden.source());
            let script = script(shown, &address.path, &identity, Some(&source));
            let html = inject(hidden.page(shown).as_bytes(), &script);
            response(404, HTML, Body::of(html))
        }
        Place::Missing(Some(file)) => {
            let identity = missing(identity(file));
            let found = page(shown, &address.path, file, &identity);
            response(404, HTML, found.body)
        }
        Place::Missing(None) => {
            let words = text!("没有这个页面", "there is no such page");
            let html = small_page(shown.lang, words.get(shown.lang));
            let html = made_here(shown, &address.path, &html);
            response(404, HTML, html)
        }
        Place::Outside => {
            let base = &shown.base;
            let words = text!(
                "这个网址不属于本网站：网站的网址都以 {base} 开头",
                "this address is not one of the site, which lies below {base}"
            );
            // With the script, so that a page stays alive while `base_url` is being changed.
            let html = small_page(shown.lang, words.get(shown.lang));
            let html = made_here(shown, &address.path, &html);
            response(404, HTML, html)
        }
        Place::Waiting => {
            let html = made_here(shown, &address.path, &pages::waiting(shown));
            response(503, HTML, html)
        }
    }
}

/// What a page is told whose place is taken by another.
fn missing(identity: Identity) -> Identity {
    Identity {
        version: String::new(),
        ..identity
    }
}

/// A page that stands where the site has none, with the script.
fn made_here(shown: &Shown, path: &str, html: &str) -> Body {
    let script = script(shown, path, &Identity::default(), None);
    Body::of(inject(html.as_bytes(), &script))
}

/// A page that says `words`, which are text.
fn small_page(lang: Lang, words: &str) -> String {
    let lang = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let words = pages::escape(words);
    format!(
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\"><title>{words}</title>\
         </head><body><h1>{words}</h1></body></html>"
    )
}

/// Something with a version, which can be asked for in part.
struct Found {
    media_type: &'static str,
    etag: String,
    body: Body,
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", digits(&Digest::of(bytes)))
}

/// A page with the script.
fn page(shown: &Shown, path: &str, file: &OutFile, identity: &Identity) -> Found {
    let source: Option<&SourcePath> = match file {
        OutFile::Page(page) => page.source.as_ref(),
        _ => None,
    };
    let script = script(shown, path, identity, source);
    let (etag, body) = match file {
        OutFile::Copy { size, .. } if *size > LARGEST_PAGE => return as_it_is(file, HTML),
        OutFile::Copy {
            source,
            size,
            digest,
        } => {
            let etag = etag(format!("{digest}{script}").as_bytes());
            let (source, size) = (source.clone(), *size);
            (
                etag,
                Body::Html {
                    source,
                    size,
                    script,
                },
            )
        }
        // Nothing is kept by a server, which makes every page itself.
        OutFile::Image(_) => return as_it_is(file, HTML),
        OutFile::Page(_) | OutFile::Bytes(_) | OutFile::Kept { .. } => {
            let html = inject(&file.bytes().unwrap_or_default(), &script);
            (etag(&html), Body::of(html))
        }
    };
    Found {
        media_type: HTML,
        etag,
        body,
    }
}

fn as_it_is(file: &OutFile, media_type: &'static str) -> Found {
    let (etag, body) = match file {
        OutFile::Bytes(bytes) => (etag(bytes), Body::of(Arc::clone(bytes))),
        OutFile::Page(page) => {
            let html = page.html.bytes();
            (etag(&html), Body::of(&*html))
        }
        OutFile::Kept { digest, .. } => (format!("\"{}\"", digits(digest)), Body::Empty),
        OutFile::Image(image) => {
            let etag = format!("\"{}\"", digits(&image.key()));
            (etag, Body::Image(Arc::clone(image)))
        }
        OutFile::Copy {
            source,
            size,
            digest,
        } => {
            let (source, size) = (source.clone(), *size);
            let range = 0..size;
            let etag = format!("\"{}\"", digits(digest));
            (
                etag,
                Body::File {
                    source,
                    size,
                    range,
                },
            )
        }
    };
    Found {
        media_type,
        etag,
        body,
    }
}

impl Found {
    /// All of it, a part of it, or that it has not changed.
    fn answer(self, request: &Request<'_>) -> Response {
        let Found {
            media_type,
            etag,
            mut body,
        } = self;
        let size = body.length();
        let mut status = 200;
        let mut content_range = None;
        if is_unchanged(request, &etag) {
            status = 304;
        } else if request.method == "GET"
            && let Body::Bytes { range, .. } | Body::File { range, .. } = &mut body
        {
            match part(request, &etag, size) {
                Part::Whole => {}
                Part::Bytes(asked) => {
                    status = 206;
                    content_range = Some(format!("bytes {}-{}/{size}", asked.start, asked.end - 1));
                    *range = asked;
                }
                Part::Unsatisfiable => {
                    status = 416;
                    content_range = Some(format!("bytes */{size}"));
                    body = Body::Empty;
                }
            }
        }
        let mut response = response(status, media_type, body);
        response.headers.push(("ETag", etag));
        if !matches!(response.body, Body::Image(_)) {
            response.headers.push(("Accept-Ranges", "bytes".into()));
        }
        if let Some(content_range) = content_range {
            response.headers.push(("Content-Range", content_range));
        }
        if status == 304 {
            response.body = Body::Empty;
        }
        response
    }
}

/// An answer with the headers that every one has.
fn response(status: u16, media_type: &str, body: Body) -> Response {
    let mut headers = vec![
        ("Content-Type", media_type.to_owned()),
        ("Cache-Control", "no-cache".into()),
        ("X-Content-Type-Options", "nosniff".into()),
        ("Referrer-Policy", "same-origin".into()),
    ];
    if media_type == HTML {
        headers.push(("Content-Security-Policy", POLICY.into()));
    }
    Response {
        status,
        headers,
        length: body.length(),
        body,
    }
}

fn plain(shown: &Shown, status: u16, words: &Text) -> Response {
    let words = format!("{}\n", words.get(shown.lang));
    let body = Body::of(words.into_bytes());
    response(status, "text/plain; charset=utf-8", body)
}

fn redirect(path: &str, query: Option<&str>) -> Response {
    let mut response = response(302, "text/plain; charset=utf-8", Body::Empty);
    response.headers.push(("Location", location(path, query)));
    response
}
