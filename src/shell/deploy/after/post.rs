//! Sends something to an address: the one module that names the HTTP client.

use std::collections::hash_map::RandomState;
use std::error::Error;
use std::hash::BuildHasher;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use super::Failure;
use crate::model::target::Payload;
use crate::shell::deploy::bucket;

/// How often a request that failed for the moment is made again.
const RETRIES: u32 = 5;

/// How long is waited before the first of these; twice as long before each further one, and up to half more.
const DELAY: Duration = Duration::from_millis(200);

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How much of an answer is read, in bytes.
const LONGEST_ANSWER: usize = 4096;

/// Sends a payload to an address, which answers that it has taken it.
///
/// # Errors
/// What it answers otherwise; where that may pass and one `tries_again`, again and again.
pub(super) async fn post(
    url: &Url,
    (payload, body): (Payload, Vec<u8>),
    tries_again: bool,
) -> Result<(), Failure> {
    bucket::install();
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
    let mut retries = 0..RETRIES;
    loop {
        let request = client.post(url.clone()).header(CONTENT_TYPE, media_type);
        let failure = match request.body(body.clone()).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => refused(answer).await,
            Err(error) => silence(error),
        };
        match retries.next() {
            Some(retry) if tries_again && may_pass(&failure) => {
                tokio::time::sleep(delay(retry)).await
            }
            _ => return Err(failure),
        }
    }
}

fn may_pass(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Silence(_) | Failure::Answer(408 | 429 | 500..=599, _)
    )
}

fn silence(error: reqwest::Error) -> Failure {
    // What lies deepest says most, such as that a certificate has expired; the address is told anyway.
    let error = error.without_url();
    let mut deepest: &dyn Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    Failure::Silence(deepest.to_string())
}

async fn refused(mut answer: Response) -> Failure {
    let status = answer.status();
    let location = answer.headers().get(LOCATION);
    let location = location.and_then(|location| location.to_str().ok());
    let location = location.and_then(|location| answer.url().join(location).ok());
    if let Some(location) = location.filter(|_| status.is_redirection()) {
        // What comes behind the host may be what must not be shown, in whatever form.
        return Failure::Elsewhere(location.origin().ascii_serialization());
    }
    let mut words = Vec::new();
    while words.len() < LONGEST_ANSWER
        && let Ok(Some(piece)) = answer.chunk().await
    {
        words.extend_from_slice(&piece);
    }
    words.truncate(LONGEST_ANSWER);
    let words = String::from_utf8_lossy(&words).into_owned();
    Failure::Answer(status.as_u16(), words)
}

/// How long is waited, so that many who were refused together do not come back together.
fn delay(retry: u32) -> Duration {
    let delay = DELAY * 2_u32.pow(retry);
    // The standard library's hash maps are seeded by the system's random numbers.
    let random = RandomState::new().hash_one(retry) % 512;
    delay + delay * (random as u32) / 1024
}
