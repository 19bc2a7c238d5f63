//! Where the YAML of a Markdown file ends and its body starts.

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Problem, SourceText, text};

/// The two parts of a Markdown file, as byte ranges.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The YAML between the two lines `---`.
    pub(super) yaml: Range<usize>,
    /// What follows.
    pub(super) body: Range<usize>,
}

/// Finds the front matter of a Markdown file.
///
/// # Errors
/// One diagnostic when the file is empty, has no front matter, or does not close it.
pub(super) fn split(source: &SourceText) -> Result<Split, Box<Diagnostic>> {
    let text = &*source.text;
    if text.trim().is_empty() {
        let problem = Problem::error(Code::EmptyFile, text!("文件是空的", "the file is empty"));
        return Err(Box::new(
            problem
                .hint(text!(
                    "写入内容，或删去这个文件",
                    "write something or delete the file"
                ))
                .at(source.span(0..0)),
        ));
    }
    let example = text!(
        "文件应以这样几行开头：`---`、`title: 标题`、`---`",
        "start the file with the lines `---`, `title: …`, `---`"
    );
    let mut lines = lines(text).skip_while(|line| text[line.clone()].trim().is_empty());
    let first = lines.next().unwrap_or(0..0);
    if text[first.clone()].trim_end() != "---" {
        let message = text!(
            "文件开头没有信息区（front matter）",
            "no front matter at the start of the file"
        );
        let problem = Problem::error(Code::FrontMatter, message);
        return Err(Box::new(problem.hint(example).at(source.span(first))));
    }
    let start = first.end;
    match lines.find(|line| matches!(text[line.clone()].trim_end(), "---" | "...")) {
        Some(close) => Ok(Split {
            yaml: start..close.start,
            body: close.end..text.len(),
        }),
        None => {
            let message = text!(
                "信息区没有结束：缺少第二行 `---`",
                "the front matter is not closed by a second `---`"
            );
            let problem = Problem::error(Code::FrontMatter, message);
            Err(Box::new(problem.hint(example).at(source.span(first))))
        }
    }
}

/// The lines of `text` as byte ranges, line ends included.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end;
        range
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourcePath;

    fn parts(text: &str) -> Result<(String, String), Code> {
        let source = SourceText::new(SourcePath::new("a.md"), text);
        let split = split(&source).map_err(|diagnostic| diagnostic.code)?;
        Ok((text[split.yaml].to_owned(), text[split.body].to_owned()))
    }

    #[test]
    fn any_line_end_is_understood() {
        assert_eq!(
            parts("---\r\ntitle: a\r\n---\nbody"),
            Ok(("title: a\r\n".into(), "body".into()))
        );
        assert_eq!(
            parts("---\ntitle: a\n---"),
            Ok(("title: a\n".into(), String::new()))
        );
    }
}
