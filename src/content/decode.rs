//! From bytes to text: UTF-8, with or without byte order mark, UTF-16 with one, and GBK/GB18030,
//! which Windows editors still write.

use std::ops::Range;
use std::sync::Arc;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030};

use crate::diag::{Checked, Code, Problem, SourcePath, SourceText, Span, text};
use crate::model::snapshot::InputFile;

/// Decodes a text file; `None` after an error.
///
/// Says so when the file had a byte order mark or was not UTF-8.
pub(super) fn decode(path: &SourcePath, file: &InputFile) -> Checked<Option<SourceText>> {
    let bytes = file.bytes().unwrap_or_default();
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return marked(path, bytes, encoding);
    }
    match file {
        InputFile::Text(text) => {
            let source = SourceText::new(path.clone(), Arc::clone(text));
            match text.find('\0') {
                None => Checked::clean(Some(source)),
                Some(at) => refused(&source, at..at + 1),
            }
        }
        _ => legacy(path, bytes),
    }
}

/// A file with a byte order mark.
fn marked(
    path: &SourcePath,
    bytes: &[u8],
    encoding: &'static Encoding,
) -> Checked<Option<SourceText>> {
    let (text, _, damaged) = encoding.decode(bytes);
    let source = SourceText::new(path.clone(), &*text);
    if damaged || text.contains('\0') {
        return refused(&source, 0..0);
    }
    let name = encoding.name();
    let message = text!(
        "文件开头有字节顺序标记（{name} BOM），已略过",
        "skipped the byte order mark ({name})"
    );
    let hint = text!(
        "另存为“UTF-8（无 BOM）”可消除此提示",
        "save as UTF-8 without BOM to silence this"
    );
    let problem = Problem::note(Code::Encoding, message).hint(hint);
    Checked {
        value: Some(source),
        diagnostics: vec![problem.at(Span::file(path.clone()))],
    }
}

/// A file that is not UTF-8.
fn legacy(path: &SourcePath, bytes: &[u8]) -> Checked<Option<SourceText>> {
    let Some((text, encoding)) = decode_chinese(bytes) else {
        let lossy = SourceText::new(path.clone(), String::from_utf8_lossy(bytes).as_ref());
        let damaged = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        return refused(&lossy, damaged..damaged + '\u{FFFD}'.len_utf8());
    };
    let name = if encoding == GB18030 {
        "GBK"
    } else {
        encoding.name()
    };
    let message = text!(
        "文件不是 UTF-8，已按 {name} 读取",
        "not UTF-8; read as {name}"
    );
    let hint = text!(
        "在编辑器里另存为 UTF-8，换一台电脑也不会出现乱码",
        "save it as UTF-8 so that it reads the same everywhere"
    );
    let problem = Problem::warning(Code::Encoding, message).hint(hint);
    let value = Some(SourceText::new(path.clone(), text));
    Checked {
        value,
        diagnostics: vec![problem.at(Span::file(path.clone()))],
    }
}

fn refused(source: &SourceText, range: Range<usize>) -> Checked<Option<SourceText>> {
    Checked {
        value: None,
        diagnostics: vec![undecodable().at(source.span(range))],
    }
}

fn undecodable() -> Problem {
    let message = text!(
        "这里的字节不是任何认得的文字编码",
        "these bytes are in no encoding that is understood"
    );
    let hint = text!(
        "用记事本或 WPS 打开原稿，另存为 UTF-8 编码的纯文本；Word 文档（.docx）不能改名使用",
        "save the original as plain text in UTF-8; a renamed Word document will not do"
    );
    Problem::error(Code::Undecodable, message).hint(hint)
}

/// The text when the bytes are Chinese in a legacy encoding.
///
/// Damaged UTF-8 decodes as GB18030 nonsense without an error, so bytes that are mostly valid
/// UTF-8 are refused. Only characters of three and more bytes tell: in UTF-8 all Chinese has
/// them, while a pair of GBK bytes is often a valid character of two.
fn decode_chinese(bytes: &[u8]) -> Option<(String, &'static Encoding)> {
    if bytes.contains(&0) {
        return None;
    }
    let (mut utf8, mut other) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        for character in chunk
            .valid()
            .chars()
            .filter(|character| !character.is_ascii())
        {
            let length = character.len_utf8();
            *(if length > 2 { &mut utf8 } else { &mut other }) += length;
        }
        other += chunk.invalid().len();
    }
    if utf8 > other {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Deny);
    let encoding = if guess == BIG5 { BIG5 } else { GB18030 };
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some((text.into_owned(), encoding))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GBK;

    fn decoded(bytes: &[u8]) -> (Option<String>, Vec<Code>) {
        let checked = decode(
            &SourcePath::new("a.md"),
            &InputFile::of_bytes(bytes.to_vec()),
        );
        let codes = checked
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect();
        (checked.value.map(|source| source.text.to_string()), codes)
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_said() {
        let expected = (Some("妇联".into()), vec![Code::Encoding]);
        assert_eq!(decoded("\u{feff}妇联".as_bytes()), expected);
        let utf16: Vec<u8> = "\u{feff}妇联"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(&utf16), expected);
    }

    #[test]
    fn gbk_is_recognised_in_short_texts_too() {
        for text in [
            "---\ntitle: 编辑指南\n---\n街道妇联开展活动，群众参加。\n",
            "---\ntitle: 联通\n---\n",
            "title: 二月初五\n",
            "title: 关于停水的通知\nsource: 街道办事处\n",
        ] {
            let (bytes, _, _) = GBK.encode(text);
            assert_eq!(
                decoded(&bytes),
                (Some(text.into()), vec![Code::Encoding]),
                "{text}"
            );
        }
    }

    #[test]
    fn damaged_utf8_and_binary_are_refused() {
        let mut damaged = "街道妇联开展活动".as_bytes().to_vec();
        damaged[7] = 0xFF;
        assert_eq!(decoded(&damaged), (None, vec![Code::Undecodable]));
        assert_eq!(
            decoded(b"PK\x03\x04\x00\x00\xff\xfe"),
            (None, vec![Code::Undecodable])
        );
    }
}
