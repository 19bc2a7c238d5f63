//! Wrong usage, told in the user's language; clap speaks English only.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::diag::{Lang, Text, text};

/// What is wrong with the arguments, in one or two lines without a final line end.
pub(super) fn explain(error: &Error, lang: Lang) -> String {
    let message = match lang {
        Lang::Zh => message(error),
        Lang::En => None,
    };
    let Some(message) = message else {
        return error.to_string().trim_end().to_owned();
    };
    let see = text!("运行 `yugang --help` 看用法", "see `yugang --help`");
    let mut lines = vec![format!("错误: {}", message.get(lang))];
    for kind in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ] {
        lines.extend(context(error, kind).map(|near| format!("  = 帮助: 是不是 `{near}`？")));
    }
    if let Some(reason) = std::error::Error::source(error) {
        lines.push(format!("  = 帮助: {reason}"));
    }
    lines.push(format!("  = 帮助: {}", see.get(lang)));
    lines.join("\n")
}

fn message(error: &Error) -> Option<Text> {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match (error.kind(), argument, value) {
        (ErrorKind::UnknownArgument, Some(argument), _) => Some(text!(
            "没有 `{argument}` 这个选项",
            "no option `{argument}`"
        )),
        (ErrorKind::InvalidSubcommand, ..) => {
            let command = context(error, ContextKind::InvalidSubcommand)?;
            Some(text!("没有 `{command}` 这个命令", "no command `{command}`"))
        }
        (ErrorKind::InvalidValue, Some(argument), Some(value)) if value.is_empty() => Some(text!(
            "`{argument}` 后面缺少值",
            "`{argument}` needs a value"
        )),
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(argument), Some(value)) => {
            Some(text!(
                "`{argument}` 的值 `{value}` 不对",
                "`{value}` is not a value of `{argument}`"
            ))
        }
        (ErrorKind::ArgumentConflict, Some(argument), _) => {
            let other = context(error, ContextKind::PriorArg)?;
            Some(if other == argument {
                text!("`{argument}` 写了两次", "`{argument}` is given twice")
            } else {
                text!(
                    "`{argument}` 不能与 `{other}` 同时使用",
                    "`{argument}` conflicts with `{other}`"
                )
            })
        }
        _ => None,
    }
}

fn context(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
