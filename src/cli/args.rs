//! What the user typed, in Chinese and English.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches};

#[cfg(feature = "deploy")]
use super::deploy;
use crate::diag::{Lang, Problem, Text, text};
use crate::model::config::{is_base_url, not_a_base_url};
use crate::model::date::Moment;

/// A command with its arguments.
#[derive(Debug)]
pub(super) enum Command {
    /// Compile the site and write it.
    Build(BuildArgs),
    /// Watch the site and serve a preview.
    Serve(ServeArgs),
    /// Compile the site and publish it.
    #[cfg(feature = "deploy")]
    Deploy(deploy::args::DeployArgs),
}

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

/// What every command takes.
#[derive(Debug)]
pub(super) struct CommonArgs {
    /// The site's folder.
    pub(super) root: PathBuf,
    /// The language of messages.
    pub(super) lang: Lang,
    /// Whether notes and details are shown.
    pub(super) verbose: bool,
    /// Whether only errors are shown.
    pub(super) quiet: bool,
    /// How results are shown.
    pub(super) format: Format,
}

/// The arguments of `build`.
#[derive(Debug)]
pub(super) struct BuildArgs {
    /// What every command takes.
    pub(super) common: CommonArgs,
    /// The output folder; `public` below the root where not given.
    pub(super) out: Option<PathBuf>,
    /// Replaces `base_url` of `site.yaml`.
    pub(super) base_url: Option<String>,
    /// Whether drafts and entries not yet due are shown too.
    pub(super) drafts: bool,
    /// The date for which the site is built.
    pub(super) as_of: Option<Moment>,
}

/// The arguments of `serve`.
#[derive(Debug)]
pub(super) struct ServeArgs {
    /// What every command takes.
    pub(super) common: CommonArgs,
    /// The first port to try.
    pub(super) port: Option<u16>,
    /// Whether to open the browser.
    pub(super) open: bool,
    /// Whether drafts and entries not yet due are shown too.
    pub(super) drafts: bool,
    /// Whether to look for changes again and again instead of being told.
    pub(super) poll: bool,
}

/// The language that `--lang` asks for, before anything else is parsed, so that errors in the
/// arguments can be told in it.
pub(super) fn lang(arguments: &[OsString]) -> Option<Lang> {
    let words: Vec<_> = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .collect();
    let value = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| match word.strip_prefix("--lang") {
            Some("") => words.get(at + 1).copied(),
            Some(value) => value.strip_prefix('='),
            None => None,
        });
    match value {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    }
}

/// Parses the arguments.
///
/// # Errors
/// Help and version requests, and wrong usage, as clap reports them.
pub(super) fn parse(arguments: Vec<OsString>, lang: Lang) -> Result<Command, clap::Error> {
    let matches = command(lang).try_get_matches_from(arguments)?;
    let (name, matches) = matches.subcommand().unwrap_or(("build", &matches));
    let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
    let common = common(matches, lang, path("root"));
    if name == "serve" {
        return Ok(Command::Serve(ServeArgs {
            common,
            port: matches.get_one::<u16>("port").copied(),
            open: matches.get_flag("open"),
            drafts: matches.get_flag("drafts"),
            poll: matches.get_flag("poll"),
        }));
    }
    #[cfg(feature = "deploy")]
    if name == "deploy" {
        return Ok(Command::Deploy(deploy::args::matched(matches, common)));
    }
    Ok(Command::Build(BuildArgs {
        common,
        out: path("out"),
        base_url: matches.get_one::<String>("base-url").cloned(),
        drafts: matches.get_flag("drafts"),
        as_of: matches.get_one::<Moment>("as-of").copied(),
    }))
}

fn common(matches: &ArgMatches, lang: Lang, root: Option<PathBuf>) -> CommonArgs {
    // Not every command has results for programs.
    let format = matches.try_get_one::<String>("format").ok().flatten();
    let is_json = format.is_some_and(|format| format == "json");
    CommonArgs {
        root: root.unwrap_or_else(|| PathBuf::from(".")),
        lang,
        verbose: matches.get_flag("verbose"),
        quiet: matches.get_flag("quiet"),
        format: if is_json { Format::Json } else { Format::Human },
    }
}

fn command(lang: Lang) -> clap::Command {
    let say = |text: Text| text.get(lang).to_owned();
    let about = text!(
        "渔港：把 Markdown 与 YAML 编成群团公开门户",
        "Yugang: compile Markdown and YAML into a public portal"
    );
    let build = text!(
        "编译网站，写到 public/",
        "Compile the site and write it to public/"
    );
    let serve = text!(
        "边改边看：监视文件，在本机浏览器里预览",
        "Watch the files and preview the site in a browser on this machine"
    );
    let command = |name: &'static str, about: Text| {
        clap::Command::new(name)
            .about(say(about))
            .override_usage(say(text!(
                "yugang {name} [选项]",
                "yugang {name} [OPTIONS]"
            )))
            .help_template(template(lang, false))
            .disable_help_flag(true)
    };
    let build = command("build", build)
        .args(build_args(lang))
        .arg(format_arg(lang))
        .args(common_args(lang));
    let serve = command("serve", serve)
        .args(serve_args(lang))
        .args(common_args(lang));
    let commands = [build, serve];
    #[cfg(feature = "deploy")]
    let commands = commands.into_iter().chain([deploy_command(lang, command)]);
    clap::Command::new("yugang")
        .about(say(about))
        .override_usage(say(text!(
            "yugang <命令> [选项]",
            "yugang <COMMAND> [OPTIONS]"
        )))
        .version(env!("CARGO_PKG_VERSION"))
        .help_template(template(lang, true))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(help(lang))
        .arg(lang_arg(lang))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(say(text!("显示版本", "Show the version"))),
        )
        .subcommands(commands)
}

#[cfg(feature = "deploy")]
fn deploy_command(
    lang: Lang,
    command: impl Fn(&'static str, Text) -> clap::Command,
) -> clap::Command {
    let words = text!(
        "编译网站并发布到对象存储或文件夹",
        "Compile the site and publish it to object storage or a folder"
    );
    let usage = text!(
        "yugang deploy [目标] [选项]",
        "yugang deploy [TARGET] [OPTIONS]"
    );
    command("deploy", words)
        .override_usage(usage.get(lang).to_owned())
        .args(deploy::args::arguments(lang))
        .arg(format_arg(lang))
        .args(common_args(lang))
}

/// A problem with a value as one line.
fn told(problem: &Problem, lang: Lang) -> String {
    problem
        .hints
        .first()
        .unwrap_or(&problem.message)
        .get(lang)
        .to_owned()
}

fn template(lang: Lang, commands: bool) -> String {
    let (usage, list, options) = match lang {
        Lang::Zh => ("用法", "命令", "选项"),
        Lang::En => ("Usage", "Commands", "Options"),
    };
    let commands = if commands {
        format!("{list}:\n{{subcommands}}\n\n")
    } else {
        String::new()
    };
    format!("{{about}}\n\n{usage}: {{usage}}\n\n{commands}{options}:\n{{options}}\n")
}

fn lang_arg(lang: Lang) -> Arg {
    let words = |text: Text| text.get(lang).to_owned();
    Arg::new("lang")
        .global(true)
        .long("lang")
        .value_parser(PossibleValuesParser::new(["zh", "en"]))
        .value_name("zh|en")
        .hide_possible_values(true)
        .help(words(text!(
            "消息用中文还是英文（默认随系统）",
            "Language of messages (default: the system's)"
        )))
}

fn help(lang: Lang) -> Arg {
    let words = text!("显示本说明", "Show this help");
    Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help(words.get(lang).to_owned())
}

fn build_args(lang: Lang) -> Vec<Arg> {
    let arg = |name: &'static str, value: Text, words: Text| {
        Arg::new(name)
            .long(name)
            .value_name(value.get(lang).to_owned())
            .help(words.get(lang).to_owned())
    };
    let path = clap::value_parser!(PathBuf);
    vec![
        arg(
            "out",
            text!("文件夹", "DIR"),
            text!(
                "输出文件夹（默认为网站文件夹下的 public）",
                "Output folder (default: public below the site)"
            ),
        )
        .value_parser(path),
        arg(
            "base-url",
            text!("网址", "URL"),
            text!(
                "代替 site.yaml 里的 base_url",
                "Replaces base_url of site.yaml"
            ),
        )
        .value_parser(move |written: &str| match is_base_url(written) {
            true => Ok(written.to_owned()),
            false => Err(told(&not_a_base_url(written), lang)),
        }),
        drafts_arg(lang),
        arg(
            "as-of",
            text!("日期", "DATE"),
            text!(
                "按这一天编译，如 2021-05-20 或 \"2021-05-20 09:00\"（默认为现在）",
                "Build as of this date, such as 2021-05-20 (default: now)"
            ),
        )
        .value_parser(move |written: &str| {
            Moment::parse(written).map_err(|problem| told(&problem, lang))
        }),
    ]
}

fn serve_args(lang: Lang) -> Vec<Arg> {
    let words = |text: Text| text.get(lang).to_owned();
    let flag = |name: &'static str| Arg::new(name).action(ArgAction::SetTrue);
    vec![
        Arg::new("port")
            .long("port")
            .value_name(words(text!("端口", "PORT")))
            .value_parser(move |written: &str| {
                let port = written.parse::<u16>();
                port.map_err(|_| not_a_port().get(lang).to_owned())
            })
            .help(words(text!(
                "从这个端口开始找空闲的端口（默认 2021）",
                "The first port to try (default: 2021)"
            ))),
        flag("open")
            .long("open")
            .help(words(text!("在浏览器里打开", "Open the browser"))),
        drafts_arg(lang),
        flag("poll").long("poll").help(words(text!(
            "定时查看文件，用于网络盘和共享文件夹",
            "Look for changes again and again: for network drives and shared folders"
        ))),
    ]
}

fn not_a_port() -> Text {
    text!(
        "端口是 1 到 65535 之间的整数；0 表示任何空闲的端口",
        "a port is a number from 1 to 65535; 0 is any free one"
    )
}

pub(super) fn drafts_arg(lang: Lang) -> Arg {
    let words = text!(
        "连草稿和未到发布时间的也编译",
        "Include drafts and entries not yet due"
    );
    Arg::new("drafts")
        .long("drafts")
        .action(ArgAction::SetTrue)
        .help(words.get(lang).to_owned())
}

fn format_arg(lang: Lang) -> Arg {
    let words = text!(
        "结果给人看，还是给程序看",
        "Results for people or for programs"
    );
    Arg::new("format")
        .long("format")
        .value_parser(PossibleValuesParser::new(["human", "json"]))
        .value_name("human|json")
        .hide_possible_values(true)
        .help(words.get(lang).to_owned())
}

fn common_args(lang: Lang) -> Vec<Arg> {
    let words = |text: Text| text.get(lang).to_owned();
    vec![
        Arg::new("root")
            .long("root")
            .value_name(words(text!("文件夹", "DIR")))
            .value_parser(clap::value_parser!(PathBuf))
            .help(words(text!(
                "网站文件夹，即 site.yaml 所在之处（默认为当前文件夹）",
                "The site's folder, where site.yaml is (default: the current folder)"
            ))),
        Arg::new("verbose")
            .short('v')
            .long("verbose")
            .action(ArgAction::SetTrue)
            .help(words(text!("连提示也显示", "Show notes too"))),
        Arg::new("quiet")
            .short('q')
            .long("quiet")
            .action(ArgAction::SetTrue)
            .conflicts_with("verbose")
            .help(words(text!("只显示错误", "Show errors only"))),
        help(lang),
    ]
}
