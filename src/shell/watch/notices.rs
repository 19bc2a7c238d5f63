//! Why the system cannot watch a folder, in words for people.

use crate::diag::{Code, Diagnostic, Problem, Text, text};

/// Why the system cannot watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// No more folders may be watched.
    Watches,
    /// No more programs may watch.
    Instances,
    /// Changes come faster than they can be taken.
    TooFast,
    /// Something else, in the system's words.
    Other(String),
}

impl Failure {
    /// The warning that the folder is polled from now on.
    pub(super) fn notice(&self) -> Diagnostic {
        let reason = match self {
            Failure::Watches => text!(
                "可监视的文件夹数已到系统上限（/proc/sys/fs/inotify/max_user_watches）",
                "the system allows no more watched folders (/proc/sys/fs/inotify/max_user_watches)"
            ),
            Failure::Instances => text!(
                "可同时监视文件的程序数已到系统上限（/proc/sys/fs/inotify/max_user_instances）",
                "the system allows no more programs that watch files (/proc/sys/fs/inotify/max_user_instances)"
            ),
            Failure::TooFast => text!(
                "文件变化太快，系统的通知一再丢失",
                "files change so fast that the system's notices got lost again and again"
            ),
            Failure::Other(reason) => text!(
                "系统不能监视这个文件夹：{reason}",
                "the system cannot watch the folder: {reason}"
            ),
        };
        let message = Text {
            zh: format!("{}；改为每隔半秒多查看一遍文件", reason.zh),
            en: format!(
                "{}; looking through the files every half second or so instead",
                reason.en
            ),
        };
        Problem::warning(Code::Environment, message)
            .hint(self.remedy())
            .nowhere()
    }

    fn remedy(&self) -> Text {
        match self {
            Failure::Watches => text!(
                "预览照常可用。要恢复即时更新，运行 `sudo sysctl fs.inotify.max_user_watches=524288`，再重新启动预览",
                "the preview works all the same; for instant updates run `sudo sysctl fs.inotify.max_user_watches=524288` and start it again"
            ),
            Failure::Instances => text!(
                "预览照常可用。要恢复即时更新，关闭一些编辑器或同步程序，或运行 `sudo sysctl fs.inotify.max_user_instances=512`，再重新启动预览",
                "the preview works all the same; for instant updates close some editors or sync programs, or run `sudo sysctl fs.inotify.max_user_instances=512`, and start it again"
            ),
            Failure::TooFast | Failure::Other(_) => text!(
                "预览照常可用，更新会慢一点；加上 --poll 就不再提示",
                "the preview works all the same, only a little later; with --poll this is not said again"
            ),
        }
    }
}
