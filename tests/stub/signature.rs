//! The signatures of OSS, COS and OBS, computed from what has arrived as their documentation says.
//!
//! OSS: "Include a V4 signature in the Authorization header"; COS: "Request signature" (436/7778); OBS:
//! "Using an Authorization header" (obs_04_0010).

use std::collections::BTreeMap;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{Asked, KEY, SECRET, Store};

/// What OSS and COS leave as it is in names and values.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Parts of a query that OBS signs; what selects in a list is not among them.
const SIGNED: [&str; 5] = ["acl", "delete", "partNumber", "uploadId", "uploads"];

/// Whether a request bears the signature that it should.
pub fn is_right(store: Store, asked: &Asked) -> bool {
    let told = asked.header("authorization");
    match store {
        Store::Oss => oss(asked, told),
        Store::Cos => cos(asked, told),
        Store::Obs => told == format!("OBS {KEY}:{}", obs(asked)),
    }
}

fn oss(asked: &Asked, told: &str) -> bool {
    let Some(told) = told.strip_prefix("OSS4-HMAC-SHA256 ") else {
        return false;
    };
    let told = parts(told, ", ");
    let part = |name: &str| told.get(name).copied().unwrap_or_default();
    let also: Vec<&str> = part("AdditionalHeaders").split(';').collect();
    let is_signed = |name: &&String| {
        let always = ["content-md5", "content-type"];
        let name = name.as_str();
        name.starts_with("x-oss-") || always.contains(&name) || also.contains(&name)
    };
    let headers = asked.headers.keys().filter(is_signed);
    let headers: String = headers
        .map(|name| format!("{name}:{}\n", asked.header(name).trim()))
        .collect();
    let query = asked.query.iter().map(|(name, value)| match &value[..] {
        "" => encoded(name),
        value => format!("{}={}", encoded(name), encoded(value)),
    });
    let query: Vec<String> = query.collect();
    let resource: Vec<String> = asked.key.split('/').map(encoded).collect();
    let request = format!(
        "{}\n/{}/{}\n{}\n{headers}\n{}\n{}",
        asked.method,
        asked.bucket,
        resource.join("/"),
        query.join("&"),
        also.join(";"),
        asked.header("x-oss-content-sha256"),
    );
    let time = asked.header("x-oss-date");
    let day = time.get(..8).unwrap_or_default();
    let region = Store::Oss.region();
    let scope = format!("{day}/{region}/oss/aliyun_v4_request");
    let digest = hex(&Sha256::digest(request.as_bytes()));
    let text = format!("OSS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let first = format!("aliyun_v4{SECRET}").into_bytes();
    let key = [day, region, "oss", "aliyun_v4_request"]
        .iter()
        .fold(first, |key, part| sign::<Hmac<Sha256>>(&key, part));
    also.contains(&"host")
        && part("Credential") == format!("{KEY}/{scope}")
        && part("Signature") == hex(&sign::<Hmac<Sha256>>(&key, &text))
}

fn obs(asked: &Asked) -> String {
    let mut text = asked.method.clone() + "\n";
    for name in ["content-md5", "content-type", "date"] {
        text += asked.header(name);
        text += "\n";
    }
    let own = asked.headers.iter();
    for (name, value) in own.filter(|(name, _)| name.starts_with("x-obs-")) {
        text += &format!("{name}:{value}\n");
    }
    text += &format!("/{}{}", asked.bucket, asked.path);
    let query = asked.query.iter();
    let query = query.filter(|(name, _)| SIGNED.contains(&name.as_str()));
    for (number, (name, value)) in query.enumerate() {
        text += if number == 0 { "?" } else { "&" };
        text += name;
        if !value.is_empty() {
            text += &format!("={value}");
        }
    }
    STANDARD.encode(sign::<Hmac<Sha1>>(SECRET.as_bytes(), &text))
}

fn cos(asked: &Asked, told: &str) -> bool {
    let told = parts(told, "&");
    let part = |name: &str| told.get(name).copied().unwrap_or_default();
    let time = part("q-key-time");
    let is_now = time.split_once(';').is_some_and(|(from, to)| {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.unwrap().as_secs();
        let time = |text: &str| text.parse::<u64>().unwrap_or_default();
        time(from) <= now && now < time(to)
    });
    let mut query: Vec<(String, String)> = asked
        .query
        .iter()
        .map(|(name, value)| (encoded(&name.to_lowercase()), encoded(value)))
        .collect();
    query.sort();
    let names: Vec<&str> = query.iter().map(|(name, _)| name.as_str()).collect();
    let query: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let listed = part("q-header-list").split(';');
    let headers: Vec<String> = listed
        .filter(|name| !name.is_empty())
        .map(|name| format!("{name}={}", encoded(asked.header(name))))
        .collect();
    let request = format!(
        "{}\n/{}\n{}\n{}\n",
        asked.method.to_lowercase(),
        asked.key,
        query.join("&"),
        headers.join("&")
    );
    let digest = hex(&Sha1::digest(request.as_bytes()));
    let text = format!("sha1\n{time}\n{digest}\n");
    let key = hex(&sign::<Hmac<Sha1>>(SECRET.as_bytes(), time));
    let signature = hex(&sign::<Hmac<Sha1>>(key.as_bytes(), &text));
    is_now
        && part("q-sign-algorithm") == "sha1"
        && part("q-ak") == KEY
        && part("q-sign-time") == time
        && part("q-url-param-list") == names.join(";")
        && part("q-signature") == signature
}

fn parts<'a>(told: &'a str, between: &str) -> BTreeMap<&'a str, &'a str> {
    let parts = told.split(between);
    parts.filter_map(|part| part.split_once('=')).collect()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

fn sign<M: Mac + KeyInit>(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
