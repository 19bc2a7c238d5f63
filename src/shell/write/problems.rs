//! What can go wrong when a site is written.

use std::io;
use std::path::Path;

use super::manifest::STATE_FOLDER;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Span, text};
use crate::shell::fault;

/// The system refuses to write `path`, which lies in the output folder.
pub(super) fn cannot_write(path: &str, error: &io::Error) -> Diagnostic {
    environment(fault::because(
        text!("无法写入 `{path}`", "cannot write `{path}`"),
        error,
    ))
    .hint(fault::remedy(error))
    .nowhere()
}

/// The system refuses the output folder itself.
pub(super) fn cannot_use_folder(out: &Path, error: &io::Error) -> Diagnostic {
    let out = out.display();
    environment(fault::because(
        text!(
            "无法写入输出文件夹 `{out}`",
            "cannot write the output folder `{out}`"
        ),
        error,
    ))
    .hint(fault::remedy(error))
    .nowhere()
}

/// Another run writes into `out`.
pub(super) fn locked(out: &Path) -> Diagnostic {
    let out = out.display();
    environment(text!(
        "另一个 yugang 正在写入 `{out}`",
        "another yugang is writing to `{out}`"
    ))
    .hint(text!(
        "等它结束后再运行一次，或用 --out 另选一个文件夹",
        "run again when it has finished, or choose another folder with --out"
    ))
    .nowhere()
}

/// The list `name` of our files cannot be read.
pub(super) fn damaged_list(out: &Path, name: &str) -> Diagnostic {
    let out = out.display();
    environment(text!(
        "`{out}/{STATE_FOLDER}/{name}` 已损坏，无法知道哪些文件是 yugang 写的，因此什么也没有改动",
        "`{out}/{STATE_FOLDER}/{name}` is damaged; which files yugang wrote is unknown, so nothing was touched"
    ))
    .hint(text!(
        "如果 `{out}` 里只有生成的网站，删除整个文件夹后再运行一次；否则先移走自己的文件",
        "if `{out}` holds nothing but the generated site, delete it and run again; else move your own files out first"
    ))
    .nowhere()
}

/// A newer program wrote the list of our files.
pub(super) fn newer_list(out: &Path) -> Diagnostic {
    let out = out.display();
    environment(text!(
        "`{out}` 是由更新版本的 yugang 写的",
        "`{out}` was written by a newer version of yugang"
    ))
    .hint(text!(
        "升级 yugang，或用 --out 另选一个文件夹",
        "update yugang, or choose another folder with --out"
    ))
    .nowhere()
}

/// Something else has the name of the tool's own folder.
pub(super) fn occupied_state(out: &Path) -> Diagnostic {
    let out = out.display();
    let message = text!(
        "`{out}/{STATE_FOLDER}` 不是文件夹，yugang 需要这个名称",
        "`{out}/{STATE_FOLDER}` is not a folder, and yugang needs that name"
    );
    let hint = text!("把它移走或改名", "move it away or rename it");
    Problem::error(Code::OccupiedPath, message)
        .hint(hint)
        .nowhere()
}

/// Something that is not ours stands where a file is to be written.
pub(super) fn occupied(out: &Path, path: &str) -> Diagnostic {
    let out = out.display();
    let message = text!(
        "`{out}/{path}` 不是 yugang 写的，却挡住了要生成的文件；什么也没有写入",
        "`{out}/{path}` was not written by yugang and is in the way of the site; nothing was written"
    );
    let hint = text!(
        "把它移到别处；属于网站的文件请放进 `static/`",
        "move it elsewhere; files that belong to the site go into `static/`"
    );
    Problem::error(Code::OccupiedPath, message)
        .hint(hint)
        .nowhere()
}

/// More such paths than are shown.
pub(super) fn more_occupied(count: usize) -> Diagnostic {
    let message = text!(
        "还有 {count} 个这样的文件没有列出",
        "{count} more such files are not shown"
    );
    let hint = text!(
        "如果输出文件夹里全是以前生成的文件，清空它后再运行一次",
        "if the output folder holds only an earlier build, empty it and run again"
    );
    Problem::error(Code::TooMany, message).hint(hint).nowhere()
}

/// A path of the finished site is none that may be written, or is both a file and a folder.
pub(super) fn unusable(path: &str) -> Diagnostic {
    let message = text!(
        "`{path}` 不能作为输出路径：它越出输出文件夹、与另一文件的文件夹同名，或属于 `{STATE_FOLDER}`",
        "`{path}` cannot be an output path: it leaves the output folder, is also another file's folder, or lies in `{STATE_FOLDER}`"
    );
    let hint = text!(
        "修改产生这个路径的 slug、别名或文件名",
        "change the slug, alias or file name that it comes from"
    );
    Problem::error(Code::InvalidName, message)
        .hint(hint)
        .nowhere()
}

/// The output folder is the site itself or one of its source folders.
pub(super) fn among_sources(out: &Path) -> Diagnostic {
    let out = out.display();
    environment(text!(
        "输出文件夹 `{out}` 是网站的源文件夹，或包含它",
        "the output folder `{out}` is, or contains, the site's sources"
    ))
    .hint(text!(
        "另选一个文件夹，例如 `--out public`",
        "choose another folder, for example `--out public`"
    ))
    .nowhere()
}

/// A file that is to be copied is not what was read.
pub(in crate::shell) fn source_changed(
    source: &SourcePath,
    error: Option<&io::Error>,
) -> Diagnostic {
    let message = match error {
        None => text!(
            "`{source}` 在生成期间被改动",
            "`{source}` changed during the build"
        ),
        Some(error) => fault::because(
            text!(
                "`{source}` 在生成期间无法再读取",
                "`{source}` could no longer be read during the build"
            ),
            error,
        ),
    };
    Problem::error(Code::Unreadable, message)
        .hint(text!("再运行一次", "run again"))
        .at(Span::file(source.clone()))
}

fn environment(message: crate::diag::Text) -> Problem {
    Problem::error(Code::Environment, message)
}
