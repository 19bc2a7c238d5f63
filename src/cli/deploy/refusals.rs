//! What must not be published to a target.

use url::Url;

use crate::diag::{Code, Diagnostic, Problem, Text, text};
use crate::model::target::{DeployTarget, Service};

pub(super) fn no_target(targets: &[DeployTarget], name: Option<&str>) -> Diagnostic {
    let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
    let problem = match name {
        Some(name) => Problem::error(
            Code::InvalidValue,
            text!(
                "site.yaml 里没有名为 `{name}` 的发布目标",
                "site.yaml has no target called `{name}`"
            ),
        ),
        None => Problem::error(
            Code::MissingKey,
            text!(
                "site.yaml 里没有写发布到哪里（`deploy`）",
                "site.yaml does not say where to publish (`deploy`)"
            ),
        ),
    };
    let hint = if names.is_empty() {
        text!(
            "README 的“发布”一节有各家存储的写法",
            "README shows how to write one, under “Publishing”"
        )
    } else {
        Text {
            zh: format!("可用的：{}", names.join("、")),
            en: format!("there are: {}", names.join(", ")),
        }
    };
    problem.hint(hint).nowhere()
}

pub(super) fn drafts_are_for_staging() -> Diagnostic {
    let message = text!("正式发布不能带草稿", "an official site has no drafts");
    let hint = text!(
        "去掉 `--drafts`；试发布的目标写 `staging: true`",
        "leave `--drafts` out; a target for trials has `staging: true`"
    );
    Problem::error(Code::InvalidValue, message)
        .hint(hint)
        .nowhere()
}

/// The problem that an official site would call itself by an address that no visitor can open.
pub(super) fn not_public(base_url: &str) -> Option<Diagnostic> {
    let url = Url::parse(base_url).ok()?;
    let host = url.host_str()?;
    let ends = [
        "localhost",
        ".localhost",
        ".local",
        ".invalid",
        ".test",
        ".example",
        "example.com",
        "example.org",
        "example.net",
    ];
    let is_own = host
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    if !is_own && !ends.iter().any(|end| host.ends_with(end)) {
        return None;
    }
    let message = text!(
        "网址 `{base_url}` 不是公众能打开的",
        "the public cannot open `{base_url}`"
    );
    let hint = text!(
        "在 site.yaml 或这个发布目标里把 `base_url` 写成网站真正的网址；试发布的目标写 `staging: true`",
        "write the site's real address as `base_url` in site.yaml or in this target; a target for trials has `staging: true`"
    );
    Some(
        Problem::error(Code::InvalidValue, message)
            .hint(hint)
            .nowhere(),
    )
}

/// The problem that the site lies elsewhere in the bucket than its links lead to.
pub(super) fn elsewhere(target: &DeployTarget, base_url: &str) -> Option<Diagnostic> {
    // A target that says itself where it is served knows it.
    if target.service == Service::Fs || target.base_url.is_some() {
        return None;
    }
    let url = Url::parse(base_url).ok()?;
    let path = percent_encoding::percent_decode_str(url.path())
        .decode_utf8()
        .ok()?;
    let (path, prefix) = (path.trim_matches('/').to_owned(), target.prefix());
    if path == prefix {
        return None;
    }
    let message = if prefix.is_empty() {
        text!(
            "网址 `{base_url}` 带有路径，发布目标却没有写前缀，页面里的链接会打不开",
            "the address `{base_url}` has a path and the target no prefix, so that links would lead nowhere"
        )
    } else {
        text!(
            "网址 `{base_url}` 与前缀 `{prefix}` 对不上，页面里的链接会打不开",
            "the address `{base_url}` and the prefix `{prefix}` do not match, so that links would lead nowhere"
        )
    };
    let hint = if path.is_empty() {
        text!(
            "删去 `prefix`；如果由 CDN 改写路径，就在这个发布目标里写 `base_url`",
            "leave `prefix` out; where a CDN rewrites paths, write `base_url` in this target"
        )
    } else {
        text!(
            "写上 `prefix: {path}/`；如果由 CDN 改写路径，就在这个发布目标里写 `base_url`",
            "write `prefix: {path}/`; where a CDN rewrites paths, write `base_url` in this target"
        )
    };
    Some(
        Problem::error(Code::InvalidValue, message)
            .hint(hint)
            .nowhere(),
    )
}
