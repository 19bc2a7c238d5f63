//! What the user typed after `yugang deploy`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches};

use crate::cli::args::{CommonArgs, drafts_arg};
use crate::diag::{Lang, Text, text};
use crate::shell::deploy::Asked;

/// The arguments of `deploy`.
#[derive(Debug)]
pub(in crate::cli) struct DeployArgs {
    /// What every command takes.
    pub(in crate::cli) common: CommonArgs,
    /// The target's name; the first where not given.
    pub(in crate::cli) target: Option<String>,
    /// Whether drafts and entries not yet due are published too.
    pub(in crate::cli) drafts: bool,
    /// Whether the release before the latest is published again.
    pub(in crate::cli) rollback: bool,
    /// Whether the bucket is only compared with the record.
    pub(in crate::cli) verify: bool,
    /// Whether only steps after publishing are run that are still to be done.
    pub(in crate::cli) after: bool,
    /// What is withdrawn: its path below the site's address, without slashes at its ends.
    pub(in crate::cli) withdraw: Option<String>,
    /// Where a report for programs is written.
    pub(in crate::cli) report: Option<PathBuf>,
    /// What else is asked for.
    pub(in crate::cli) asked: Asked,
}

/// The arguments that were matched.
pub(in crate::cli) fn matched(matches: &ArgMatches, common: CommonArgs) -> DeployArgs {
    let path_of = |name: &str| {
        let written = matches.get_one::<String>(name)?;
        Some(written.trim_matches('/').to_owned())
    };
    DeployArgs {
        common,
        target: matches.get_one::<String>("target").cloned(),
        drafts: matches.get_flag("drafts"),
        rollback: matches.get_flag("rollback"),
        verify: matches.get_flag("verify"),
        after: matches.get_flag("after"),
        withdraw: path_of("withdraw"),
        report: matches.get_one::<PathBuf>("report").cloned(),
        asked: Asked {
            dry_run: matches.get_flag("dry-run"),
            adopt: matches.get_flag("adopt"),
            break_lock: matches.get_flag("break-lock"),
            max_deletes: matches.get_one::<usize>("max-deletes").copied(),
            repair: matches.get_flag("repair"),
            republish: path_of("republish"),
        },
    }
}

/// The arguments, as clap wants them.
pub(in crate::cli) fn arguments(lang: Lang) -> Vec<Arg> {
    let words = |text: Text| text.get(lang).to_owned();
    let not_a_number = text!("写一个整数", "write a whole number");
    vec![
        Arg::new("target")
            .value_name(words(text!("目标", "TARGET")))
            .help(words(text!(
                "site.yaml 里 deploy 的名称（默认为第一个）",
                "The name of a target in site.yaml (default: the first)"
            ))),
        flag("dry-run").help(words(text!(
            "只看会上传和删除什么，什么也不改动",
            "Only show what would be sent and removed; change nothing"
        ))),
        option("max-deletes", words(text!("个数", "N")))
            .value_parser(move |written: &str| {
                let number = written.parse::<usize>();
                number.map_err(|_| not_a_number.get(lang).to_owned())
            })
            .help(words(text!(
                "最多删几个文件，超过就停下（默认为 50 个或网站的五分之一）",
                "Most files to remove; stops before more (default: 50 or a fifth of the site)"
            ))),
        flag("rollback").help(words(text!(
            "退回上一次发布的内容",
            "Publish the release before the latest again"
        ))),
    ]
    .into_iter()
    .chain(rescue_arguments(lang))
    .chain(telling_arguments(lang))
    .chain([drafts_arg(lang)])
    .collect()
}

/// An option without a value.
fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

/// An option with a value of this name.
fn option(name: &'static str, value: String) -> Arg {
    Arg::new(name).long(name).value_name(value)
}

/// Those for when something has gone wrong.
fn rescue_arguments(lang: Lang) -> [Arg; 6] {
    let words = |text: Text| text.get(lang).to_owned();
    let path = || words(text!("路径", "PATH"));
    [
        flag("verify")
            .conflicts_with_all(["rollback", "dry-run", "withdraw"])
            .help(words(text!(
                "只检查存储里的文件是否还是发布时的样子",
                "Only check whether what is stored is still what was published"
            ))),
        flag("repair")
            .conflicts_with_all(["rollback", "verify"])
            .help(words(text!(
                "发布时把被人改动或删去的文件也补上",
                "Send again what somebody has altered or removed"
            ))),
        option("withdraw", path())
            .conflicts_with_all(["rollback", "dry-run"])
            .help(words(text!(
                "立刻撤下这一页和它的附件，连同全部备份，如 /reports/2021/x/",
                "Take this page and its files down at once with every copy, as in /reports/2021/x/"
            ))),
        option("republish", path()).help(words(text!(
            "撤下过的这一页可以重新发布",
            "This page, which was withdrawn, may be published again"
        ))),
        flag("adopt").help(words(text!(
            "存储里已有的同名文件也覆盖，归 yugang 管",
            "Overwrite files of the same names that are there already, and take them over"
        ))),
        flag("break-lock").help(words(text!(
            "上一次发布已中断：不等它的锁到期",
            "The run before has died: do not wait until its lock ends"
        ))),
    ]
}

/// Those about whoever is told what has changed.
fn telling_arguments(lang: Lang) -> [Arg; 2] {
    let words = |text: Text| text.get(lang).to_owned();
    let others = [
        "rollback",
        "verify",
        "repair",
        "withdraw",
        "republish",
        "adopt",
        "break-lock",
        "max-deletes",
        "drafts",
    ];
    [
        flag("after").conflicts_with_all(others).help(words(text!(
            "只补做发布之后没做成的步骤，不编译也不发布",
            "Only run steps after publishing that have not succeeded; build and publish nothing"
        ))),
        option("report", words(text!("文件", "FILE")))
            .value_parser(clap::value_parser!(PathBuf))
            .help(words(text!(
                "把结果写成 JSON，含变动的网址；文件名以 .txt 结尾时只写网址，每行一个",
                "Write the result as JSON, with the addresses that changed; only these, one a line, to a .txt"
            ))),
    ]
}
