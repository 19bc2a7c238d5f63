//! Sends something to an address: the one module that names the HTTP client.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::{Ready, Way};
use crate::diag::{Text, text};
use crate::model::target::Payload;
use crate::shell::deploy::bucket;
use crate::shell::fault::reason;

/// How long is waited, in milliseconds, before a request that failed for the moment is made again.
const DELAYS: [u64; 5] = [200, 400, 800, 1600, 3200];

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 4096;

/// Longest piece of an answer that is shown, in characters.
const MOST_SHOWN: usize = 300;

/// Sends a payload to an address, which answers that it has taken it.
///
/// # Errors
/// What it answers otherwise; where that may pass, again and again if it is to be tried again.
pub(super) fn post(
    url: &Url,
    (payload, body): (Payload, Vec<u8>),
    (way, ready): (&Way<'_>, &Ready),
) -> Result<(), Text> {
    bucket::install();
    let runtime = super::super::runtime().map_err(|error| reason(&error))?;
    runtime.block_on(async {
        let client = Client::builder()
            .timeout(PATIENCE)
            // Another address is not the one that may know what is in this one; and where it is followed, a POST
            // becomes a GET that says nothing.
            .redirect(Policy::none())
            .user_agent(concat!("yugang/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(silence)?;
        let media_type = match payload {
            Payload::Report => "application/json",
            Payload::Urls | Payload::Pages => "text/plain",
        };
        let mut delays = DELAYS.iter().filter(|_| way.tries_again);
        loop {
            let request = client.post(url.clone()).header(CONTENT_TYPE, media_type);
            let (may_pass, failure) = match request.body(body.clone()).send().await {
                Ok(answer) if answer.status().is_success() => return Ok(()),
                Ok(answer) => {
                    let may_pass = matches!(answer.status().as_u16(), 408 | 429 | 500..=599);
                    (may_pass, refused(answer, ready).await)
                }
                Err(error) => (true, silence(error)),
            };
            match delays.next().filter(|_| may_pass) {
                Some(delay) => tokio::time::sleep(Duration::from_millis(*delay)).await,
                None => return Err(failure),
            }
        }
    })
}

fn silence(error: reqwest::Error) -> Text {
    // What lies deepest says most, such as that a certificate has expired; the address is told anyway.
    let error = error.without_url();
    let mut deepest: &dyn Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    text!(
        "连接不上，或一直没有回答（{deepest}）",
        "it cannot be reached, or does not answer ({deepest})"
    )
}

async fn refused(mut answer: Response, ready: &Ready) -> Text {
    let status = answer.status();
    let location = answer.headers().get(LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    let location = location.and_then(|location| answer.url().join(location).ok());
    if let Some(location) = location.filter(|_| status.is_redirection()) {
        // What comes behind the host may be what must not be shown, in whatever form.
        let host = location.origin().ascii_serialization();
        return text!(
            "对方说已改到 `{host}` 上的另一个网址（可能带密钥，不全列出）；问清后改 `url`",
            "it says that it has moved to another address at `{host}` (not shown whole, since it may hold a password); ask for it there and write it as `url`"
        );
    }
    let status = status.as_u16();
    if ready.is_secret {
        return text!("对方返回 {status}", "it has answered {status}");
    }
    let mut words = Vec::new();
    while words.len() < LONGEST_ANSWER
        && let Ok(Some(piece)) = answer.chunk().await
    {
        words.extend_from_slice(&piece);
    }
    words.truncate(LONGEST_ANSWER);
    let words = String::from_utf8_lossy(&words);
    let words: Vec<&str> = words.split_whitespace().collect();
    // Before the words are cut: of a password that is cut, the beginning would be shown.
    let words = ready.without_secrets(Text::same(words.join(" "))).zh;
    let words: String = words.chars().take(MOST_SHOWN).collect();
    text!(
        "对方返回 {status}：{words}",
        "it has answered {status}: {words}"
    )
}
