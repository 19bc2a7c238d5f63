//! What can be checked of a deploy target alone.

use std::path::Path;

use url::Url;

use super::steps;
use crate::diag::{Code, Problem, text};
use crate::model::config::{is_base_url, not_a_base_url};
use crate::model::node::Step;
use crate::model::target::{DeployTarget, Service};
use crate::model::value::{Reader, secret};

/// Checks a target that comes after those `before` it.
pub(super) fn target(target: &DeployTarget, before: &[DeployTarget], reader: &mut Reader<'_>) {
    let mut report = |key: &'static str, problem: Problem| {
        reader.within(Step::Key(key), |reader| reader.report(problem));
    };
    let name = &target.name;
    if before.iter().any(|other| other.name == *name) {
        let message = text!(
            "有两个发布目标叫 `{name}`",
            "two targets are called `{name}`"
        );
        let problem = Problem::error(Code::DuplicateValue, message);
        report(
            "name",
            problem.hint(text!("换一个名称", "choose another name")),
        );
    }
    if let Some(url) = target.base_url.as_ref().filter(|url| !is_base_url(url)) {
        report("base_url", not_a_base_url(url));
    }
    if let Some(problem) = endpoint(target) {
        report("endpoint", problem);
    }
    if let Some(problem) = prefix(target) {
        report("prefix", problem);
    }
    if let Some(problem) = state(target) {
        report("state", problem);
    }
    if let Some(problem) = compress(target) {
        report("compress", problem);
    }
    for (at, step) in target.after.iter().enumerate() {
        reader.within(Step::Key("after"), |reader| {
            reader.within(Step::Index(at), |reader| steps::step(step, reader));
        });
    }
    for problem in lacks(target) {
        reader.report(problem);
    }
}

/// A folder cannot say what is compressed: browsers would show garbage.
fn compress(target: &DeployTarget) -> Option<Problem> {
    let is_folder = target.service == Service::Fs;
    (is_folder && target.compresses()).then(|| {
        let message = text!(
            "文件夹存不下文件头，压缩过的网页打开会是乱码",
            "a folder keeps no headers, so that compressed pages would show as garbage"
        );
        let hint = text!(
            "删去 `compress`；网页服务器自己会压缩，如 nginx 的 `gzip on`",
            "remove `compress`; web servers compress by themselves, as nginx does with `gzip on`"
        );
        Problem::error(Code::InvalidValue, message).hint(hint)
    })
}

fn endpoint(target: &DeployTarget) -> Option<Problem> {
    let endpoint = target.endpoint.as_ref()?;
    match Url::parse(endpoint) {
        Ok(url) if url.password().is_some() => Some(secret("endpoint")),
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => None,
        _ => {
            let message = text!("`{endpoint}` 不是网址", "`{endpoint}` is not a web address");
            let hint = text!(
                "写全，如 `https://oss-cn-hangzhou.aliyuncs.com`",
                "write it in full, as in `https://oss-cn-hangzhou.aliyuncs.com`"
            );
            Some(Problem::error(Code::InvalidValue, message).hint(hint))
        }
    }
}

fn prefix(target: &DeployTarget) -> Option<Problem> {
    let prefix = target.prefix();
    let is_unfit = |part: &str| matches!(part, "." | ".." | ".yugang");
    prefix.split('/').any(is_unfit).then(|| {
        let message = text!("`{prefix}` 不能作前缀", "`{prefix}` cannot be a prefix");
        let hint = text!(
            "写文件夹名，如 `qt/`",
            "write names of folders, such as `qt/`"
        );
        Problem::error(Code::InvalidValue, message).hint(hint)
    })
}

fn state(target: &DeployTarget) -> Option<Problem> {
    let state = target.state.as_ref()?;
    let prefix = state.prefix.as_deref().unwrap_or_default();
    let is_dotted = prefix.split('/').any(|part| matches!(part, "." | ".."));
    let is_nowhere = match target.service {
        Service::Fs => state.path.is_none(),
        _ => state.bucket.is_none() && state.prefix.is_none(),
    };
    (is_dotted || is_nowhere).then(|| {
        let message = text!("`state` 没有写明位置", "`state` does not say where");
        let hint = text!(
            "写另一个存储桶或前缀：`state: {{bucket: …}}`；文件夹写 `state: {{path: …}}`",
            "write another bucket or prefix, `state: {{bucket: …}}`; for a folder `state: {{path: …}}`"
        );
        Problem::error(Code::InvalidValue, message).hint(hint)
    })
}

/// What a target of its service needs and has not.
fn lacks(target: &DeployTarget) -> Vec<Problem> {
    let (service, label) = target.service.key_and_label();
    let lacks = |key: &str, example: &str| {
        let message = text!(
            "{label}（`{service}`）缺少 `{key}`",
            "`{service}` needs `{key}`"
        );
        let hint = text!("加一行 `{key}: {example}`", "add a line `{key}: {example}`");
        Problem::error(Code::MissingKey, message).hint(hint)
    };
    let mut problems = Vec::new();
    if target.service == Service::Fs {
        match target.path.as_deref() {
            None => problems.push(lacks("path", "/srv/www")),
            Some(path) if Path::new(path).components().next().is_none() => {
                problems.push(lacks("path", "/srv/www"))
            }
            Some(_) => {}
        }
        return problems;
    }
    if target.bucket.is_none() {
        problems.push(lacks("bucket", "my-bucket"));
    }
    let is_told = match (target.service, &target.endpoint) {
        (Service::S3, _) | (Service::Cos | Service::Obs, Some(_)) => true,
        // Its requests are signed for a region, which only its own host names tell.
        (Service::Oss, Some(endpoint)) => endpoint.contains(".aliyuncs.com"),
        _ => false,
    };
    if target.region.is_none() && !is_told {
        let example = match target.service {
            Service::Cos => "ap-shanghai",
            Service::Obs => "cn-east-3",
            Service::Oss | Service::S3 | Service::Fs => "cn-hangzhou",
        };
        problems.push(lacks("region", example));
    }
    problems
}
