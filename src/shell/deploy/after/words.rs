//! What is said of steps after publishing.

use super::{Failure, Step};
use crate::diag::{Code, Diagnostic, Problem, Text, text};
use crate::shell::fault::reason;

/// Longest piece of an answer that is shown, in characters.
const MOST_SHOWN: usize = 300;

/// The diagnostic that a step of a target has failed.
pub(super) fn failed(target: &str, step: &Step, failure: &Failure) -> Diagnostic {
    let (shown, why) = (&step.shown, why(step, failure));
    let message = Text {
        zh: format!("发布已完成，但之后的一步 `{shown}` 没有做成：{}", why.zh),
        en: format!(
            "the site is published, but the step `{shown}` after it has failed: {}",
            why.en
        ),
    };
    let hint = text!(
        "改好后运行 `yugang deploy {target} --after`，只补做这一步；下次发布也会补做",
        "mend it and run `yugang deploy {target} --after`, which runs this step alone; the next release does so too"
    );
    Problem::error(Code::After, message).hint(hint).nowhere()
}

fn why(step: &Step, failure: &Failure) -> Text {
    match failure {
        Failure::Answer(status, words) => {
            let words: Vec<&str> = words.split_whitespace().collect();
            let words = step.without_secrets(&words.join(" "));
            let words: String = words.chars().take(MOST_SHOWN).collect();
            text!(
                "对方返回 {status}：{words}",
                "it has answered {status}: {words}"
            )
        }
        Failure::Elsewhere(host) => {
            let host = step.without_secrets(host);
            text!(
                "对方说已改到 `{host}` 上的另一个网址（可能带密钥，不全列出）；问清后改 `url`",
                "it says that it has moved to another address at `{host}` (not shown whole, since it may hold a password); ask for it there and write it as `url`"
            )
        }
        Failure::Silence(words) => {
            let words = step.without_secrets(words);
            text!(
                "连接不上，或一直没有回答（{words}）",
                "it cannot be reached, or does not answer ({words})"
            )
        }
        Failure::NoProgram => text!(
            "没有这个程序（程序和每个参数在 `command` 里各写一项）",
            "there is no such program (program and arguments are items of `command`, each its own)"
        ),
        Failure::CannotRun(error) => reason(error),
        Failure::Ended(Some(code)) => {
            text!("程序的退出码是 {code}", "the program's exit code is {code}")
        }
        Failure::Ended(None) => text!("程序被中止了", "the program was killed"),
        Failure::TooLong(limit) => {
            let minutes = limit.as_secs() / 60;
            text!(
                "程序 {minutes} 分钟还没有结束，已中止它",
                "the program had not ended after {minutes} minutes and was killed"
            )
        }
    }
}

/// The diagnostic that a step of a target lacks a variable, or without one that its address is none: the code tells
/// whether the step alone is left out, or nothing is done.
pub(super) fn lacks(
    (target, step): (&str, &str),
    variable: Option<&str>,
    code: Code,
) -> Diagnostic {
    let why = match variable {
        Some(name) => text!(
            "`{target}` 发布之后的 `{step}` 要用环境变量 `{name}`，现在没有",
            "the step `{step}` of `{target}` needs the variable `{name}`, which the environment has not"
        ),
        None => text!(
            "`{target}` 发布之后的 `{step}` 代入环境变量后不是网址",
            "the step `{step}` of `{target}` is no web address with its variables put in"
        ),
    };
    let remedy = match variable {
        Some(name) => text!("设好 `{name}` ", "set `{name}`"),
        None => text!(
            "整个网址放在环境变量里时，要以 `https://` 开头；改好",
            "where a variable is the whole address, it begins with `https://`; mend it"
        ),
    };
    let (outcome, then) = match code {
        Code::After => (
            text!("；只有这一步没有做", "; it alone is left out"),
            text!(
                "后运行 `yugang deploy {target} --after`，只补做这一步",
                " and run `yugang deploy {target} --after`, which runs this step alone"
            ),
        ),
        _ => (
            text!("；什么也没有改动", "; nothing was changed"),
            text!(
                "再运行；不要这一步就从 site.yaml 的 `after` 里删去",
                " and run again, or take the step out of `after` in site.yaml"
            ),
        ),
    };
    let joined = |one: Text, other: Text| Text {
        zh: one.zh + &other.zh,
        en: one.en + &other.en,
    };
    Problem::error(code, joined(why, outcome))
        .hint(joined(remedy, then))
        .nowhere()
}

/// The diagnostic that no step of a target could be begun, because of `problem`.
pub(super) fn not_begun(target: &str, problem: Diagnostic) -> Diagnostic {
    let message = Text {
        zh: format!("发布已完成，但之后的各步没能开始：{}", problem.message.zh),
        en: format!(
            "the site is published, but the steps after it could not be begun: {}",
            problem.message.en
        ),
    };
    let hint = text!(
        "改好后运行 `yugang deploy {target} --after`，只补做这些步骤；下次发布也会补做",
        "mend it and run `yugang deploy {target} --after`, which runs these steps alone; the next release does so too"
    );
    Problem::error(Code::After, message).hint(hint).nowhere()
}

/// The diagnostic that steps have succeeded and will be run again all the same, because of `problem`.
pub(super) fn not_remembered(problem: Diagnostic) -> Diagnostic {
    let message = Text {
        zh: format!(
            "发布之后的各步做成了，但没能记下来，下次会再做一遍：{}",
            problem.message.zh
        ),
        en: format!(
            "the steps after publishing have succeeded, but that could not be written down, and they are run once more: {}",
            problem.message.en
        ),
    };
    Problem::warning(Code::After, message).nowhere()
}

/// The diagnostic that nobody knows how far the steps had come, which are told of everything that the record has.
pub(super) fn unreadable(place: &str) -> Diagnostic {
    let message = text!(
        "`{place}` 读不了，不知道发布之后的各步做到了哪里：最近的改动再告诉它们一遍",
        "`{place}` cannot be read, and so it is not known how far the steps after publishing had come: they are told again of the latest changes"
    );
    let hint = text!(
        "不用管它，这个文件已重写",
        "nothing is to be done; the file is written anew"
    );
    Problem::warning(Code::After, message).hint(hint).nowhere()
}

/// The diagnostic that steps keep failing and not all that they should be told of could be remembered.
pub(in crate::shell::deploy) fn has_forgotten() -> Diagnostic {
    let message = text!(
        "发布之后的步骤一直没有做成，最早的改动记不下了",
        "steps after publishing keep failing, and the earliest changes are not remembered any more"
    );
    let hint = text!(
        "改好这些步骤后，刷新一次整个 CDN，并提交一次 `sitemap.xml`",
        "when they work again, purge the whole CDN once and submit `sitemap.xml` once"
    );
    Problem::warning(Code::After, message).hint(hint).nowhere()
}
