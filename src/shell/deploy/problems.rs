//! What a storage refuses, in words for people.

use std::io;
use std::path::Path;

use super::reasons::{Told, reason};
use crate::diag::{Code, Diagnostic, Problem, Text, text};
use crate::shell::fault::because;

/// What was being done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doing<'a> {
    /// Opening the place.
    Open,
    /// Reading this object.
    Read(&'a str),
    /// Writing this object.
    Write(&'a str),
    /// Removing objects, of which this is the first.
    Delete(&'a str),
    /// Listing what is there.
    List,
}

/// One error, with what to do about it.
pub(super) fn refusal(code: Code, message: Text, hint: Text) -> Vec<Diagnostic> {
    vec![Problem::error(code, message).hint(hint).nowhere()]
}

/// The diagnostic that the storage at `place` refused something.
pub(super) fn refused(place: &str, doing: Doing<'_>, told: &Told) -> Vec<Diagnostic> {
    let what = match doing {
        Doing::Open => text!(
            "打不开发布目标 `{place}`",
            "cannot open the target `{place}`"
        ),
        Doing::Read(key) => text!(
            "读不了 `{place}` 里的 `{key}`",
            "cannot read `{key}` in `{place}`"
        ),
        Doing::Write(key) => text!(
            "写不了 `{place}` 里的 `{key}`",
            "cannot write `{key}` in `{place}`"
        ),
        Doing::Delete(key) => text!(
            "删不了 `{place}` 里的 `{key}`",
            "cannot remove `{key}` in `{place}`"
        ),
        Doing::List => text!("列不出 `{place}` 里的文件", "cannot list `{place}`"),
    };
    let (reason, remedy) = reason(told, matches!(doing, Doing::Write(_) | Doing::Delete(_)));
    let message = Text {
        zh: format!("{}：{}", what.zh, reason.zh),
        en: format!("{}: {}", what.en, reason.en),
    };
    refusal(Code::Storage, message, remedy)
}

/// The diagnostic that an object has not arrived as it was sent.
pub(super) fn damaged_on_the_way(place: &str, key: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 收到的 `{key}` 与发出的不一样",
        "`{place}` has not received `{key}` as it was sent"
    );
    let hint = text!(
        "再运行一次；还是这样就检查网络代理",
        "run again; if it happens again, check the network's proxy"
    );
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that the record of what is published cannot be used.
pub(super) fn record(place: &str, is_newer: bool) -> Vec<Diagnostic> {
    let (message, hint) = if is_newer {
        (
            text!(
                "`{place}` 的发布记录是新版本的程序写的",
                "the record in `{place}` was written by a newer program"
            ),
            text!("换用新版本的 yugang", "use a newer yugang"),
        )
    } else {
        (
            text!(
                "`{place}` 的发布记录已损坏",
                "the record in `{place}` is damaged"
            ),
            text!(
                "删去这个文件，再用 `--adopt` 发布一次，让网站的文件重新归它管",
                "delete this file and publish once with `--adopt`, which takes the site's files over again"
            ),
        )
    };
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that another run is at work.
/// Where it holds the lock `until` some time, it may have died.
pub(super) fn locked(who: &str, until: Option<&str>) -> Vec<Diagnostic> {
    let message = text!(
        "另一次发布正在进行（{who}）",
        "another run is publishing ({who})"
    );
    let hint = match until {
        Some(until) => text!(
            "等它结束；如果它已经中断，{until} 之后再运行，或加 `--break-lock`",
            "wait for it; if it has died, run again after {until}, or add `--break-lock`"
        ),
        None => text!("等它结束后再运行", "wait for it, and run again"),
    };
    refusal(Code::Locked, message, hint)
}

/// The diagnostic that the system cannot lock a file.
pub(super) fn cannot_lock(place: &Path, error: &io::Error) -> Vec<Diagnostic> {
    let failed = text!("锁不住 `{0}`", "cannot lock `{0}`", place.display());
    let hint = text!(
        "检查这个文件夹能不能写；网络盘不支持锁的，把 `state` 放到本机的磁盘上",
        "see whether the folder can be written to; where a network drive has no locks, put `state` on a disk of this machine"
    );
    refusal(Code::Storage, because(failed, error), hint)
}

/// The diagnostic that this run's lock was taken over.
pub(super) fn lost_lock() -> Vec<Diagnostic> {
    let message = text!(
        "另一次发布接管了，这一次已停下",
        "another run has taken over, and this one has stopped"
    );
    let hint = text!("等它结束后再运行一次", "run again when it has ended");
    refusal(Code::Locked, message, hint)
}

/// The diagnostic of an object that is in the way and not ours.
pub(super) fn foreign(place: &str, key: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 里已有 `{key}`，发布记录里没有它",
        "there is a `{key}` in `{place}` that the record of what is published does not have"
    );
    let hint = text!(
        "上一次发布没有完成，就不加 `--dry-run` 再运行一次；`state` 改过，就写回原来的；真是别人的文件，换一个空的存储桶、前缀或文件夹，确定要覆盖才加 `--adopt`",
        "if the release before was cut off, run again without `--dry-run`; if `state` has been changed, put it back; if it is somebody else's, use an empty bucket, prefix or folder, and add `--adopt` only to overwrite it"
    );
    refusal(Code::OccupiedPath, message, hint)
}

/// The diagnostic that there are more of these.
pub(super) fn more_foreign(more: usize) -> Diagnostic {
    let message = text!("另有 {more} 个这样的文件", "there are {more} more of these");
    Problem::error(Code::OccupiedPath, message).nowhere()
}

/// The diagnostic that a file cannot be read to be sent.
pub(super) fn unreadable(path: &str, error: &io::Error) -> Vec<Diagnostic> {
    let failed = text!(
        "读不了要发布的 `{path}`",
        "cannot read `{path}` to publish it"
    );
    let hint = text!("再运行一次", "run again");
    refusal(Code::Unreadable, because(failed, error), hint)
}

/// The diagnostic that there is nothing to go back to.
pub(super) fn nothing_to_go_back_to(is_kept: bool) -> Vec<Diagnostic> {
    let message = text!(
        "没有可以退回的发布",
        "there is no earlier release to go back to"
    );
    let hint = if is_kept {
        text!(
            "还没有发布过第二次，或者退回过了，或者撤下过内容",
            "there has been only one release, or it was gone back to, or something was withdrawn"
        )
    } else {
        text!(
            "退回需要一个公众读不到的位置：在 site.yaml 的发布目标里写 `state`",
            "going back needs a place that the public cannot read: write `state` in the target in site.yaml"
        )
    };
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that a kept content is missing.
pub(super) fn lost_content(path: &str) -> Vec<Diagnostic> {
    let message = text!(
        "退回所需的 `{path}` 的备份不在了",
        "the copy of `{path}` that going back needs is gone"
    );
    let hint = text!(
        "没有改动任何东西；改好内容后发布一次新的",
        "nothing was changed; mend the content and publish anew"
    );
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that nothing of ours has been published there.
pub(super) fn nothing_published(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 里没有 yugang 的发布记录",
        "yugang has published nothing in `{place}`"
    );
    let hint = text!(
        "检查 site.yaml 里的发布目标",
        "check the target in site.yaml"
    );
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that a record is of another place.
pub(super) fn record_of_another(record: &str, of: &str, wanted: &str) -> Vec<Diagnostic> {
    let message = text!(
        "发布记录 `{record}` 是 `{of}` 的，不是 `{wanted}` 的",
        "the record `{record}` is of `{of}` and not of `{wanted}`"
    );
    let hint = text!(
        "每个发布目标的 `state` 各用一个位置；如果是网站搬了家，换一个新的 `state` 再发布",
        "give each target a `state` of its own; where the site has moved, use a new `state`"
    );
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that what an interrupted run wrote down cannot be read.
pub(super) fn journal(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "上一次发布中断了，它留下的 `{place}` 读不了",
        "the run before did not finish, and `{place}`, which it left, cannot be read"
    );
    let hint = text!(
        "换用最新版本的 yugang；还不行就删去这个文件，再加 `--repair` 发布一次",
        "use the newest yugang; if that does not help, delete this file and publish with `--repair`"
    );
    refusal(Code::Storage, message, hint)
}

/// The diagnostic that a storage takes conditions and ignores them.
pub(super) fn ignores_conditions(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 不理会条件写入，两次发布会撞在一起",
        "`{place}` ignores conditional writes, so that two runs could meet"
    );
    let hint = text!(
        "在这个发布目标里写 `conditional_writes: false`，再发布一次",
        "write `conditional_writes: false` in this target and run again"
    );
    refusal(Code::Storage, message, hint)
}

/// The note that two runs at once can only be kept apart as well as may be.
pub(super) fn best_effort(place: &str) -> Diagnostic {
    let message = text!(
        "`{place}` 不支持条件写入：不要同时发布两次，锁只能尽量拦住",
        "`{place}` has no conditional writes: do not publish twice at once, the lock can only do its best"
    );
    Problem::note(Code::Storage, message).nowhere()
}

/// The note that one cannot go back.
pub(super) fn no_copies(place: &str) -> Diagnostic {
    let message = text!(
        "`{place}` 没有私有位置（`state`）：不留备份，不能用 `--rollback` 退回",
        "`{place}` has no private place (`state`): no copies are kept, and `--rollback` does not work"
    );
    Problem::note(Code::Storage, message).nowhere()
}

/// The note that headers are not kept.
pub(super) fn no_headers(place: &str) -> Diagnostic {
    let message = text!(
        "`{place}` 存不下文件头（类型、缓存）：由网页服务器自己定",
        "`{place}` keeps no headers (type, caching): the web server decides on them"
    );
    Problem::note(Code::Storage, message).nowhere()
}

/// The diagnostic that browsers would not be told what is compressed.
pub(super) fn cannot_compress(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 存不下文件头 Content-Encoding，压缩过的网页打开会是乱码；什么也没有改动",
        "`{place}` cannot keep the header Content-Encoding, so that compressed pages would show as garbage; nothing was changed"
    );
    let hint = text!(
        "从这个发布目标里删去 `compress`，由它前面的 CDN 压缩",
        "remove `compress` from this target, and let the CDN before it compress"
    );
    refusal(Code::InvalidValue, message, hint)
}

/// The diagnostic that there is nothing to withdraw at a path.
pub(super) fn nothing_to_withdraw(path: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{path}` 没有发布过，什么也没有改动",
        "nothing was ever published at `{path}`; nothing was changed"
    );
    let hint = text!(
        "照浏览器里的网址写，如 `/reports/2021/x/`",
        "write it as in the browser's address, such as `/reports/2021/x/`"
    );
    refusal(Code::InvalidValue, message, hint)
}

/// The diagnostic that a run from before there was a private place has not finished.
pub(super) fn unfinished_beside(place: &str) -> Vec<Diagnostic> {
    let message = text!(
        "`{place}` 上一次发布（还没有 `state` 时）没有完成",
        "the run before, when `{place}` had no `state`, has not finished"
    );
    let hint = text!(
        "先去掉 `state` 发布一次，再加上",
        "leave `state` out, publish once, and add it again"
    );
    refusal(Code::Locked, message, hint)
}
