//! What the operating system refuses, in words for people.

use std::io::{self, ErrorKind};

use crate::diag::{Text, text};

/// The message that something failed because of `error`.
pub fn because(failed: Text, error: &io::Error) -> Text {
    let reason = reason(error);
    Text {
        zh: format!("{}：{}", failed.zh, reason.zh),
        en: format!("{}: {}", failed.en, reason.en),
    }
}

/// Why the system refused; its own words where there are no better ones.
pub(super) fn reason(error: &io::Error) -> Text {
    match error.kind() {
        ErrorKind::NotFound => text!("不存在", "it does not exist"),
        ErrorKind::PermissionDenied => text!("没有权限", "permission denied"),
        ErrorKind::StorageFull => text!("磁盘已满", "the disk is full"),
        ErrorKind::QuotaExceeded => text!("超出磁盘配额", "the disk quota is used up"),
        ErrorKind::FileTooLarge => text!("文件超过系统允许的大小", "too large for the file system"),
        ErrorKind::ReadOnlyFilesystem => text!("磁盘是只读的", "the disk is read-only"),
        ErrorKind::NotADirectory => {
            text!("路径中有一段不是文件夹", "part of the path is not a folder")
        }
        ErrorKind::IsADirectory => text!("那里是一个文件夹", "it is a folder"),
        ErrorKind::AlreadyExists => text!("那里已有同名的文件", "a file of that name is there"),
        ErrorKind::InvalidFilename => text!("名称或路径过长", "the name or the path is too long"),
        ErrorKind::DirectoryNotEmpty => text!("文件夹不是空的", "the folder is not empty"),
        ErrorKind::AddrInUse => text!("已被占用", "in use"),
        _ => text!("系统返回：{0}", "{0}", error),
    }
}

/// What somebody can do about it.
pub(super) fn remedy(error: &io::Error) -> Text {
    match error.kind() {
        ErrorKind::PermissionDenied => text!(
            "检查这个位置的权限，并关闭正在使用它的程序",
            "check the permissions there, and close programs that use it"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => text!(
            "腾出磁盘空间后再运行一次",
            "free some disk space and run again"
        ),
        ErrorKind::InvalidFilename => text!(
            "缩短文件名，或把网站移到更短的路径",
            "use shorter names, or move the site to a shorter path"
        ),
        ErrorKind::NotADirectory | ErrorKind::IsADirectory | ErrorKind::AlreadyExists => text!(
            "检查路径，或用 --out 另选一个文件夹",
            "check the path, or choose another folder with --out"
        ),
        ErrorKind::ReadOnlyFilesystem => text!(
            "用 --out 选一个可以写入的位置",
            "choose a place that can be written to with --out"
        ),
        _ => text!(
            "检查路径和磁盘后再运行一次",
            "check the path and the disk, then run again"
        ),
    }
}
