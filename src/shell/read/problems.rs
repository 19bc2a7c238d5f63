//! What is said of files and folders that cannot be taken.
//!
//! Invariant: every problem says what to do.

use std::io;
use std::path::Path;

use super::LARGEST_TEXT;
use crate::diag::{Code, Diagnostic, Problem, SourcePath, Text, text};
use crate::shell::fault;

/// The problem that the file or folder `path` cannot be read.
pub(super) fn unreadable(path: &SourcePath, error: &io::Error) -> Problem {
    Problem::error(
        Code::Unreadable,
        fault::because(text!("无法读取 `{path}`", "cannot read `{path}`"), error),
    )
    .hint(fault::remedy(error))
}

/// The problem that `path`, on disk `real`, is a symbolic link.
pub(super) fn link_problem(root: &Path, real: &Path, path: &SourcePath) -> Problem {
    let target = std::fs::read_link(real).unwrap_or_default();
    let target = target.display();
    let resolved = std::fs::canonicalize(real);
    let folder = real.parent().and_then(|at| std::fs::canonicalize(at).ok());
    let inside = std::fs::canonicalize(root).is_ok_and(|root| {
        resolved
            .as_ref()
            .is_ok_and(|resolved| resolved.starts_with(root))
    });
    let message = match (&resolved, &folder) {
        (Err(error), _) if error.kind() == io::ErrorKind::NotFound => text!(
            "符号链接 `{path}` 指向不存在的 `{target}`",
            "the symbolic link `{path}` leads to `{target}`, which does not exist"
        ),
        (Err(_), _) => text!(
            "符号链接 `{path}` 绕成了一圈（`{target}`）",
            "the symbolic link `{path}` leads in a circle (`{target}`)"
        ),
        (Ok(resolved), Some(folder)) if folder.starts_with(resolved) => text!(
            "符号链接 `{path}` 指回自己的上级文件夹 `{target}`",
            "the symbolic link `{path}` leads back to a folder it lies in, `{target}`"
        ),
        _ if inside => text!(
            "`{path}` 是符号链接（指向 `{target}`），不会读取",
            "`{path}` is a symbolic link (to `{target}`) and is not followed"
        ),
        _ => text!(
            "符号链接 `{path}` 指向网站之外的 `{target}`",
            "the symbolic link `{path}` leads out of the site, to `{target}`"
        ),
    };
    Problem::error(Code::Symlink, message).hint(text!(
        "删除这个链接，把文件本身复制到这里",
        "remove the link and copy the file itself here"
    ))
}

/// The problem that `path` is a pipe, a socket or a device.
pub(super) fn special_file(path: &SourcePath) -> Problem {
    let message = text!(
        "`{path}` 不是普通文件（是管道、套接字或设备）",
        "`{path}` is not a regular file but a pipe, socket or device"
    );
    let hint = text!("把它移出网站文件夹", "move it out of the site's folder");
    Problem::error(Code::Unreadable, message).hint(hint)
}

/// The problem that a file stands where a folder is meant, or the other way round.
pub(super) fn wrong_kind(path: &SourcePath, is_folder: bool) -> Problem {
    let message = if is_folder {
        text!(
            "`{path}` 应当是文件，这里却是文件夹",
            "`{path}` must be a file but is a folder"
        )
    } else {
        text!(
            "`{path}` 应当是文件夹，这里却是文件",
            "`{path}` must be a folder but is a file"
        )
    };
    Problem::error(Code::UnexpectedFile, message)
        .hint(text!("给它改名或移走", "rename it or move it away"))
}

/// The problem that `path` is larger than what a build looks into.
pub(super) fn too_large(path: &SourcePath) -> Problem {
    let megabytes = LARGEST_TEXT / 1024 / 1024;
    let message = text!(
        "`{path}` 超过 {megabytes} MB，没有读取",
        "`{path}` is larger than {megabytes} MB and was not read"
    );
    let hint = text!(
        "检查是不是把别的文件存成了这个名字，或把它拆成几篇",
        "check that it is not another file under this name, or split it"
    );
    Problem::error(Code::FileTooLarge, message).hint(hint)
}

/// What is wrong with the root itself, if it is no folder that can be read.
pub fn root_problem(root: &Path) -> Option<Diagnostic> {
    let shown = root.display();
    let (message, hint) = match std::fs::metadata(root) {
        Ok(found) if found.is_dir() => return None,
        Ok(_) => (
            text!("`{shown}` 不是文件夹", "`{shown}` is not a folder"),
            root_hint(),
        ),
        Err(error) => {
            let hint = match error.kind() {
                io::ErrorKind::PermissionDenied => fault::remedy(&error),
                _ => root_hint(),
            };
            let failed = text!(
                "无法打开网站文件夹 `{shown}`",
                "cannot open the site's folder `{shown}`"
            );
            (fault::because(failed, &error), hint)
        }
    };
    Some(
        Problem::error(Code::Environment, message)
            .hint(hint)
            .nowhere(),
    )
}

/// The diagnostic that a site has no `site.yaml`.
pub(super) fn missing_site_file(root: &Path) -> Diagnostic {
    let shown = root.display();
    let misspelt = std::fs::symlink_metadata(root.join("site.yml")).is_ok();
    let hint = if misspelt {
        text!(
            "把 `site.yml` 改名为 `site.yaml`",
            "rename `site.yml` to `site.yaml`"
        )
    } else {
        root_hint()
    };
    let message = if root == Path::new(".") {
        text!(
            "当前文件夹里没有 `site.yaml`",
            "there is no `site.yaml` in the current folder"
        )
    } else {
        text!(
            "文件夹 `{shown}` 里没有 `site.yaml`",
            "there is no `site.yaml` in the folder `{shown}`"
        )
    };
    Problem::error(Code::MissingFile, message)
        .hint(hint)
        .nowhere()
}

fn root_hint() -> Text {
    text!(
        "在网站的文件夹里运行，或用 --root 指明它",
        "run in the site's folder, or name it with --root"
    )
}
