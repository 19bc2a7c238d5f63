//! What a run of `yugang deploy` is told in.

use super::Summary;
use crate::deploy::{DeployPlan, Phase, Reason};
use crate::diag::{Code, Diagnostic, Problem, Text, text};
use crate::shell::deploy::{Drift, Progress};

/// Most lines of a plan that are shown; all are in `--format json`.
const MOST_SHOWN: usize = 60;

pub(super) fn how_far(progress: Progress, elapsed: f64) -> Text {
    let Progress {
        is_keeping,
        sent,
        of,
        bytes,
        of_bytes,
    } = progress;
    let rate = bytes as f64 / elapsed.max(0.1);
    let left = (of_bytes.saturating_sub(bytes)) as f64 / rate.max(1.0);
    let rate = size(rate as u64);
    if is_keeping {
        return text!(
            "保留旧内容 {sent}/{of}，还要约 {left:.0} 秒",
            "keeping old content {sent}/{of}, about {left:.0} s left"
        );
    }
    text!(
        "上传 {sent}/{of}，每秒 {rate}，还要约 {left:.0} 秒",
        "sending {sent}/{of}, {rate}/s, about {left:.0} s left"
    )
}

/// A number of bytes for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A plan for people.
pub(super) fn lines(plan: &DeployPlan) -> Vec<Text> {
    let mut lines = Vec::new();
    let phases = plan.uploads.chunk_by(|one, other| one.phase == other.phase);
    for phase in phases {
        let (count, phase_name) = (phase.len(), name_of(phase[0].phase));
        lines.push(Text {
            zh: format!("{}（{count}）", phase_name.zh),
            en: format!("{} ({count})", phase_name.en),
        });
        for upload in phase {
            let (path, bytes) = (&upload.path, size(upload.object.size));
            lines.push(match upload.reason {
                Reason::New => text!("  + {path}（{bytes}）", "  + {path} ({bytes})"),
                Reason::Content => text!("  ~ {path}（{bytes}）", "  ~ {path} ({bytes})"),
                Reason::Headers => text!("  ~ {path}（只改文件头）", "  ~ {path} (headers only)"),
            });
        }
    }
    if !plan.deletes.is_empty() {
        let count = plan.deletes.len();
        lines.push(text!("最后删除（{count}）", "removed at last ({count})"));
        lines.extend(
            plan.deletes
                .keys()
                .map(|path| text!("  - {path}", "  - {path}")),
        );
    }
    let more = lines.len().saturating_sub(MOST_SHOWN);
    if more > 0 {
        lines.truncate(MOST_SHOWN);
        lines.push(text!(
            "另有 {more} 行未列出（--format json 列出全部）",
            "{more} more lines are not shown (--format json shows all)"
        ));
    }
    lines
}

fn name_of(phase: Phase) -> Text {
    match phase {
        Phase::Assets => text!("先传资源", "first, what pages need"),
        Phase::NewPages => text!("再传新页面", "then new pages"),
        Phase::NewFiles => text!("再传新的订阅和数据", "then new feeds and data"),
        Phase::ChangedPages => text!("再传有改动的页面", "then changed pages"),
        Phase::Entrances => text!("再传订阅、数据和站点地图", "then feeds, data and site map"),
        Phase::Home => text!("再传首页", "then the home page"),
    }
}

pub(super) fn as_published(target: &str) -> Text {
    text!(
        "`{target}` 里的文件与发布时一样",
        "what is in `{target}` is what was published"
    )
}

pub(super) fn gone_back(target: &str, sent: usize) -> Text {
    text!(
        "`{target}` 已退回上一次发布的内容，重新上传了 {sent} 个文件；先改好内容再发布：下一次发布以那时的文件为准",
        "`{target}` is as it was before the latest release; {sent} files were sent again; mend the content first: the next release publishes it as it is then"
    )
}

pub(super) fn sentence(summary: &Summary<'_>) -> Text {
    let Summary {
        target,
        dry_run,
        release,
        plan,
        errors,
        warnings,
        seconds,
        is_refused,
        ..
    } = summary;
    let (sent, removed, unchanged) = (plan.uploads.len(), plan.deletes.len(), plan.unchanged.len());
    let bytes = size(plan.bytes());
    if *is_refused {
        return text!(
            "没有完成：{errors} 个错误，{warnings} 个警告（{seconds:.2} 秒）",
            "not done: {errors} errors, {warnings} warnings ({seconds:.2} s)"
        );
    }
    if *dry_run {
        return text!(
            "试算：会上传 {sent} 个文件（{bytes}），删除 {removed} 个，{unchanged} 个不变；什么也没有改动（{seconds:.2} 秒）",
            "dry run: {sent} files ({bytes}) would be sent, {removed} removed, {unchanged} unchanged; nothing was changed ({seconds:.2} s)"
        );
    }
    if plan.is_idle() {
        return text!(
            "`{target}` 已是最新，{unchanged} 个文件都不变（{seconds:.2} 秒）",
            "`{target}` is up to date, {unchanged} files unchanged ({seconds:.2} s)"
        );
    }
    text!(
        "已发布到 `{target}`（第 {release} 次）：上传 {sent} 个文件（{bytes}），删除 {removed} 个，{unchanged} 个不变；{warnings} 个警告（{seconds:.2} 秒）",
        "published to `{target}` (release {release}): {sent} files ({bytes}) sent, {removed} removed, {unchanged} unchanged; {warnings} warnings ({seconds:.2} s)"
    )
}

pub(super) fn withdrawn(path: &str, files: usize) -> Text {
    text!(
        "已撤下 `{path}` 的 {files} 个文件，连同全部备份；接着发布其余的改动",
        "withdrew {files} files of `{path}` with every copy; the other changes are published now"
    )
}

/// What a bucket's drift comes to.
pub(super) fn told_of(drift: &Drift) -> Vec<Diagnostic> {
    let hint = || {
        text!(
            "加 `--repair` 发布一次就补上",
            "publish with `--repair` to mend it"
        )
    };
    let missing = drift.missing.iter().map(|path| {
        let message = text!("`{path}` 不见了", "`{path}` is gone");
        Problem::error(Code::Storage, message)
            .hint(hint())
            .nowhere()
    });
    let altered = drift.altered.iter().map(|path| {
        let message = text!("`{path}` 被人改过", "somebody has altered `{path}`");
        Problem::error(Code::Storage, message)
            .hint(hint())
            .nowhere()
    });
    let foreign = drift.extra.len();
    let all = (foreign > 0).then(|| {
        let some: Vec<&str> = drift.extra.iter().take(3).map(String::as_str).collect();
        let (zh, en) = (some.join("、"), some.join(", "));
        let message = text!(
            "有 {foreign} 个文件不是 yugang 发布的：{zh}{0}",
            "yugang did not publish {foreign} of the files: {en}{0}",
            if foreign > some.len() { " …" } else { "" }
        );
        Problem::warning(Code::Storage, message)
            .hint(text!(
                "不是自己人放的，就删去；`-v` 列出全部",
                "remove what nobody of yours has put there; `-v` lists all of them"
            ))
            .nowhere()
    });
    let extra = drift.extra.iter().map(|path| {
        let message = text!(
            "`{path}` 不是 yugang 发布的",
            "yugang did not publish `{path}`"
        );
        Problem::note(Code::Storage, message).nowhere()
    });
    missing.chain(altered).chain(all).chain(extra).collect()
}
