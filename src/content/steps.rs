//! What can be checked of a step after publishing alone: that it is one, and that no password stands in it.

use url::Url;

use crate::diag::{Code, Problem, text};
use crate::model::node::Step;
use crate::model::target::AfterStep;
use crate::model::value::Reader;
use crate::model::variables::pieces;

/// Checks the value at hand, which is `step`.
pub(super) fn step(step: &AfterStep, reader: &mut Reader<'_>) {
    match (&step.url, step.command.is_empty()) {
        (Some(url), true) => {
            if let Some(problem) = address(url) {
                reader.within(Step::Key("url"), |reader| reader.report(problem));
            }
        }
        (None, false) => reader.within(Step::Key("command"), |reader| {
            for (at, problem) in arguments(&step.command) {
                reader.within(Step::Index(at), |reader| reader.report(problem));
            }
        }),
        _ => reader.report(no_step()),
    }
}

fn no_step() -> Problem {
    let message = text!(
        "每一步写一个 `url` 或一个 `command`",
        "each step has one `url` or one `command`"
    );
    let hint = text!(
        "写网址 `https://…`，或命令 `{{command: [程序, 参数]}}`",
        "write an address, `https://…`, or a command, `{{command: [program, argument]}}`"
    );
    Problem::error(Code::InvalidValue, message).hint(hint)
}

fn address(written: &str) -> Option<Problem> {
    if let Some(problem) = no_variable(written) {
        return Some(problem);
    }
    match parsed(written) {
        // The whole address of a webhook may be secret; what it is turns out when it is used.
        Err(_) if begins_with_variable(written) => None,
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.has_host() => {
            secret_of(&url).map(|name| secret(&name))
        }
        _ => {
            let message = text!("`{written}` 不是网址", "`{written}` is not a web address");
            let hint = text!(
                "写全，如 `https://…`；命令写作 `{{command: [程序, 参数]}}`",
                "write it in full, as in `https://…`; a command is written `{{command: [program, argument]}}`"
            );
            Some(Problem::error(Code::InvalidValue, message).hint(hint))
        }
    }
}

/// The address of a text; where a variable is its beginning, it stands for the host here, so that what is behind it is
/// looked at.
fn parsed(written: &str) -> Result<Url, url::ParseError> {
    match begins_with_variable(written) {
        true => Url::parse(&format!("https://{written}")),
        false => Url::parse(written),
    }
}

fn begins_with_variable(written: &str) -> bool {
    written.starts_with("${")
}

/// The problems of a command, each with the number of its argument.
fn arguments(command: &[String]) -> Vec<(usize, Problem)> {
    let mut problems = Vec::new();
    let mut before = "";
    for (at, argument) in command.iter().enumerate() {
        let found = no_variable(argument).or_else(|| open_secret(before, argument));
        problems.extend(found.map(|problem| (at, problem)));
        before = argument;
    }
    problems
}

/// The problem that an argument, behind the one `before` it, is or has a password in it.
fn open_secret(before: &str, argument: &str) -> Option<Problem> {
    if let Ok(url) = parsed(argument)
        && url.has_host()
    {
        return secret_of(&url).map(|name| secret(&name));
    }
    if is_from_elsewhere(argument) {
        return None;
    }
    if let Some(name) = user_with_password(before, argument) {
        return Some(secret(name));
    }
    let separator = if argument.starts_with('-') { '=' } else { ':' };
    let name = match argument.split_once(separator) {
        // A header of a request, or an option with its value.
        Some((name, value)) if !value.trim().is_empty() => name,
        Some(_) => return None,
        None if before.starts_with('-') && !before.contains('=') => before,
        None => return None,
    };
    let name = name.trim_start_matches('-');
    (is_secret(name) || name.eq_ignore_ascii_case("authorization")).then(|| secret(name))
}

/// The option of `curl` and others by which `name:password` is given, if `argument` is that or has it.
fn user_with_password(before: &str, argument: &str) -> Option<&'static str> {
    let is_option = |word: &str| ["-u", "--user"].contains(&word);
    let attached = || {
        let rest = argument.strip_prefix("--user=");
        rest.or_else(|| argument.strip_prefix("-u"))
    };
    let value = match is_option(before) {
        true => argument,
        false => attached()?,
    };
    let (name, password) = value.split_once(':')?;
    (!name.is_empty() && !password.is_empty()).then_some("--user")
}

/// The name of what is secret in an address and stands there openly.
fn secret_of(url: &Url) -> Option<String> {
    // Braces are encoded in some parts of an address.
    let is_open = |value: &str| {
        let value = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
        !value.is_empty() && !is_from_elsewhere(&value)
    };
    // A name alone before the host is a password too, at some services.
    if is_open(url.password().unwrap_or(url.username())) {
        let host = url.host_str().unwrap_or_default();
        return Some(format!("…@{host}"));
    }
    let mut parts = url.query_pairs();
    let open = parts.find(|(name, value)| is_secret(name) && is_open(value));
    open.map(|(name, _)| name.into_owned())
}

/// Whether a value comes from the environment.
fn is_from_elsewhere(value: &str) -> bool {
    value.contains("${")
}

/// Whether a parameter of this name is a password.
fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let words = ["token", "secret", "password", "passwd"];
    let whole = ["key", "apikey", "sign", "signature", "sig", "auth"];
    words.iter().any(|word| name.contains(word))
        || whole.contains(&name.as_str())
        || name.ends_with("_key")
        || name.ends_with("accesskey")
}

/// The problem that a password stands where everybody who has the site's files reads it.
fn secret(name: &str) -> Problem {
    let message = text!(
        "密钥不能写在这里：`{name}`",
        "no keys or passwords here: `{name}`"
    );
    let hint = text!(
        "换成 `${{NAME}}`，把密钥写进名为 `NAME` 的环境变量；它已经写进过文件，应当作废换新的",
        "write `${{NAME}}` instead and put it into a variable `NAME` of the environment; it has been in a file, so replace it by a new one"
    );
    Problem::error(Code::Secret, message).hint(hint)
}

/// The problem of what begins like a variable and is none.
fn no_variable(text: &str) -> Option<Problem> {
    let found = pieces(text).err()?;
    let message = text!(
        "`{found}` 不是环境变量",
        "`{found}` is no variable of the environment"
    );
    let hint = text!(
        "写作 `${{NAME}}`，名称只用英文字母、数字和下划线",
        "write `${{NAME}}`, a name of ASCII letters, digits and underscores"
    );
    Some(Problem::error(Code::InvalidValue, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::{address, arguments};
    use crate::diag::Code;

    #[test]
    fn passwords_in_addresses_are_found() {
        for (url, expected) in [
            ("https://cdn.example.com/purge", None),
            ("https://x.example.com/?site=a&token=${TOKEN}", None),
            ("https://x.example.com/?keyword=a&page=2", None),
            ("https://u:${PASSWORD}@x.example.com/", None),
            ("${WEBHOOK}", None),
            ("${CDN}/purge?token=${TOKEN}", None),
            ("${CDN}:${PORT}/purge?a=b", None),
            ("${USER}@x.example.com/", None),
            ("${SCHEME}://x.example.com/", None),
            ("${CDN}/purge?token=abc123", Some(Code::Secret)),
            ("${SCHEME}u:abc@x.example.com/", Some(Code::Secret)),
            (
                "http://x.example.com/urls?site=a&token=abc",
                Some(Code::Secret),
            ),
            (
                "https://x.example.com/?access_token=abc",
                Some(Code::Secret),
            ),
            ("https://x.example.com/?key=abc", Some(Code::Secret)),
            ("https://u:abc@x.example.com/", Some(Code::Secret)),
            ("ftp://x.example.com/", Some(Code::InvalidValue)),
            ("./purge.sh", Some(Code::InvalidValue)),
            ("https://x.example.com/?t=${", Some(Code::InvalidValue)),
        ] {
            assert_eq!(address(url).map(|found| found.code), expected, "{url}");
        }
    }

    #[test]
    fn passwords_among_arguments_are_found() {
        for (command, expected) in [
            (
                &[
                    "aliyun",
                    "cdn",
                    "PushObjectCache",
                    "--region",
                    "cn-hangzhou",
                ][..],
                None,
            ),
            (&["purge", "--token=${TOKEN}"], None),
            (&["purge", "--token", "${TOKEN}"], None),
            (&["curl", "-H", "Authorization: Bearer ${TOKEN}"], None),
            (&["purge", "--token"], None),
            (&["C:\\tools\\purge.exe", "--pages"], None),
            (&["curl", "${CDN}/purge?token=${TOKEN}"], None),
            (&["curl", "-u", "me:${PASSWORD}"], None),
            (&["curl", "-u", "${USER}"], None),
            (&["sort", "-u", "list.txt"], None),
            (&["curl", "${CDN}/purge?token=abc"], Some(1)),
            (&["curl", "-u", "me:abc"], Some(2)),
            (&["curl", "-ume:abc"], Some(1)),
            (&["curl", "--user=me:abc"], Some(1)),
            (&["purge", "--token=abc"], Some(1)),
            (&["purge", "--access-key-secret", "abc"], Some(2)),
            (&["curl", "-H", "Authorization: Bearer abc"], Some(2)),
            (&["curl", "https://x.example.com/?token=abc"], Some(1)),
        ] {
            let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
            let found: Vec<usize> = arguments(&command).into_iter().map(|(at, _)| at).collect();
            assert_eq!(
                found,
                expected.into_iter().collect::<Vec<_>>(),
                "{command:?}"
            );
        }
    }
}
