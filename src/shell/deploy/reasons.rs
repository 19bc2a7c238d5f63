//! Why a storage refuses, as far as its answer tells, and what to do about it.
//!
//! The words are the codes of errors of S3, OSS, COS and OBS, which have most of them in common, and what the
//! storage engine says where there was no answer.

use crate::diag::{Text, text};

/// What sort of refusal it is, as the storage engine says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Denied,
    Missing,
    Busy,
    Config,
    Other,
}

/// A refusal as the storage engine tells it.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) kind: Kind,
    /// Everything that it says.
    pub(super) words: String,
}

/// Longest piece of a storage's own words that is shown.
const MOST_SHOWN: usize = 300;

/// A reason and its remedy.
type Reason = (Text, Text);

/// Why, and what to do about it; `is_change` tells whether something was to be written or removed.
pub(super) fn reason(told: &Told, is_change: bool) -> Reason {
    let lower = told.words.to_lowercase();
    let says = |words: &&str| lower.contains(&words.to_lowercase());
    let by_code = about_the_key().into_iter().chain(about_the_place());
    let mut by_code = by_code.filter(|(codes, _)| codes.iter().any(&says));
    if let Some((_, reason)) = by_code.next() {
        return reason;
    }
    match told.kind {
        Kind::Denied => denied(is_change),
        Kind::Busy => busy(),
        Kind::Config | Kind::Missing | Kind::Other if NO_ANSWER.iter().any(says) => no_answer(),
        Kind::Config | Kind::Missing | Kind::Other => (
            shown(&told.words),
            text!(
                "检查 site.yaml 里的发布目标，再运行一次，已传的不会重传",
                "check the target in site.yaml and run again; what was sent is not sent again"
            ),
        ),
    }
}

/// What is said where there was no answer.
const NO_ANSWER: [&str; 5] = [
    "dns error",
    "error sending request",
    "connect",
    "timeout",
    "timed out",
];

/// Codes, and what they say more than the kind of a refusal does.
type ByCode = (&'static [&'static str], Reason);

fn about_the_key() -> [ByCode; 3] {
    [
        (
            &[
                "RequestTimeTooSkewed",
                "RequestIsExpired",
                "Request has expired",
            ],
            (
                text!("这台电脑的时间不对", "this machine's clock is wrong"),
                text!("校准系统时间后再运行一次", "set the clock and run again"),
            ),
        ),
        (
            &[
                "InvalidAccessKeyId",
                "SignatureDoesNotMatch",
                "InvalidToken",
                "ExpiredToken",
            ],
            (
                text!("密钥不对或已过期", "the key is wrong or has expired"),
                text!(
                    "检查环境变量里的密钥（README 列出了变量名）",
                    "check the key in the environment (README lists the variables)"
                ),
            ),
        ),
        (
            &[
                "no credential",
                "credential is empty",
                "failed to load signing credential",
            ],
            (
                text!("没有找到密钥", "no key was found"),
                text!(
                    "把密钥写进环境变量，不要写进 site.yaml：S3 用 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，OSS 用 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET，COS 用 TENCENTCLOUD_SECRET_ID 和 TENCENTCLOUD_SECRET_KEY，OBS 用 HUAWEI_CLOUD_ACCESS_KEY_ID 和 HUAWEI_CLOUD_SECRET_ACCESS_KEY",
                    "put the key into the environment, not into site.yaml: for S3 AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for OSS ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, for COS TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, for OBS HUAWEI_CLOUD_ACCESS_KEY_ID and HUAWEI_CLOUD_SECRET_ACCESS_KEY"
                ),
            ),
        ),
    ]
}

fn about_the_place() -> [ByCode; 3] {
    [
        (
            &["NoSuchBucket"],
            (
                text!("没有这个存储桶", "there is no such bucket"),
                text!(
                    "检查 site.yaml 里的 `bucket`、`region` 和 `endpoint`",
                    "check `bucket`, `region` and `endpoint` in site.yaml"
                ),
            ),
        ),
        (
            &[
                "AuthorizationHeaderMalformed",
                "PermanentRedirect",
                "IllegalLocationConstraint",
            ],
            (
                text!("存储桶不在这个区域", "the bucket is in another region"),
                text!(
                    "检查 site.yaml 里的 `region` 和 `endpoint`",
                    "check `region` and `endpoint` in site.yaml"
                ),
            ),
        ),
        (
            &[
                "QuotaExceeded",
                "StorageFull",
                "No space left",
                "InsufficientStorage",
                "os error 28",
            ],
            (
                text!("存储空间已满", "the storage is full"),
                text!(
                    "清出空间或提高限额后再运行一次，已传的不会重传",
                    "make room and run again; what was sent is not sent again"
                ),
            ),
        ),
    ]
}

fn denied(is_change: bool) -> Reason {
    if is_change {
        return (
            text!("这把密钥没有写入的权限", "this key may not write"),
            text!(
                "给这把密钥读、写、删这个存储桶的权限",
                "allow this key to read, write and delete in this bucket"
            ),
        );
    }
    (
        text!(
            "密钥不对，或没有读取的权限",
            "the key is wrong or may not read"
        ),
        text!(
            "检查环境变量里的密钥和它的权限",
            "check the key in the environment and what it may do"
        ),
    )
}

fn busy() -> Reason {
    (
        text!("对方一直说太忙", "the storage keeps saying that it is busy"),
        text!(
            "过几分钟再运行一次，已传的不会重传",
            "run again in a few minutes; what was sent is not sent again"
        ),
    )
}

fn no_answer() -> Reason {
    (
        text!("连接不上", "cannot connect"),
        text!(
            "检查网络和 site.yaml 里的 `endpoint`，再运行一次，已传的不会重传",
            "check the network and `endpoint` in site.yaml, and run again; what was sent is not sent again"
        ),
    )
}

fn shown(words: &str) -> Text {
    let first = words.lines().map(str::trim).filter(|line| !line.is_empty());
    let words: String = first
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(MOST_SHOWN)
        .collect();
    text!("对方返回：{words}", "{words}")
}
