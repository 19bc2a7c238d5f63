//! Emphasis and line breaks beside Chinese characters.

use super::{html, parse};

/// The inside of the only paragraph of `body`.
fn inline(body: &str) -> String {
    let html = html(body);
    let inside = html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>\n"));
    inside.unwrap_or(&html).to_owned()
}

/// After the cases of <https://github.com/tats-u/markdown-cjk-friendly>: `[` and `]` stand for the
/// tags of strong emphasis.
#[test]
fn strong_emphasis_works_beside_chinese_characters_and_punctuation() {
    for (body, expected) in [
        ("**中文。**后面", "[中文。]后面"),
        ("根据**《办法》**规定", "根据[《办法》]规定"),
        ("增长**100%**的", "增长[100%]的"),
        ("**推荐几个框架：**React、Vue", "[推荐几个框架：]React、Vue"),
        ("Git**（注：不是GitHub）**", "Git[（注：不是GitHub）]"),
        ("**C#**和**F#**在**“.NET”**上", "[C#]和[F#]在[“.NET”]上"),
        ("税后**¥10,000**起", "税后[¥10,000]起"),
        ("选**④**项", "选[④]项"),
        ("选**㋐**: 一", "选[㋐]: 一"),
        ("编号**００１号**在", "编号[００１号]在"),
        ("真**（她**", "真[（她]"),
        ("真**【她**", "真[【她]"),
        ("真**《她**", "真[《她]"),
        ("**真**，她", "[真]，她"),
        ("**真，** 她", "[真，] 她"),
        ("𰻞𰻞**（面）**好", "𰻞𰻞[（面）]好"),
        ("𠮟**(正)**", "𠮟[(正)]"),
        ("葛󠄀**(正)**城", "葛󠄀[(正)]城"),
        ("大塚︀**(U+FE00)** 大", "大塚︀[(U+FE00)] 大"),
        ("**“︁Git”︁**Hub", "[“︁Git”︁]Hub"),
        ("이**(a)**라고", "이[(a)]라고"),
        ("a**a«**a", "a**a«**a"),
        ("a**∇a**a", "a**∇a**a"),
        ("**中文\\***后面", "[中文*]后面"),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ] {
        let expected = expected.replace('[', "<strong>").replace(']', "</strong>");
        assert_eq!(inline(body), expected, "{body}");
    }
    for mark in "，。、；：？！“”‘’（）【】《》—～…·〃-々".chars() {
        let body = format!("**真{mark}**她");
        assert_eq!(inline(&body), format!("<strong>真{mark}</strong>她"));
    }
}

#[test]
fn emphasis_and_strikethrough_work_likewise() {
    for (body, expected) in [
        ("*中文。*后面", "<em>中文。</em>后面"),
        ("~~删除的。~~后面", "<del>删除的。</del>后面"),
        ("a~~a()~~中", "a<del>a()</del>中"),
        ("中~~()a~~a", "中<del>()a</del>a"),
        ("***中文。***后面", "<em><strong>中文。</strong></em>后面"),
        (
            "**[链接](a.md)**也",
            "<strong><a href=\"a.md\">链接</a></strong>也",
        ),
        (
            "先**`码`，注意。**后",
            "先<strong><code>码</code>，注意。</strong>后",
        ),
    ] {
        assert_eq!(inline(body), expected, "{body}");
    }
}

#[test]
fn code_and_addresses_stay_as_written() {
    assert_eq!(
        inline("`中**《文》**字` [甲](a**（b**c.md)"),
        "<code>中**《文》**字</code> <a href=\"a**（b**c.md\">甲</a>"
    );
    assert_eq!(
        html("```\n中**《文》**字\n```\n"),
        "<pre><code>中**《文》**字\n</code></pre>\n"
    );
}

#[test]
fn places_behind_emphasis_are_places_in_the_body() {
    let body = "**中文。**后面**（甲）**，[乙](b.md)";
    let link = &parse(body).links[0];
    assert_eq!(&body[link.range.clone()], "b.md");
}

#[test]
fn noncharacters_in_the_body_do_no_harm() {
    assert_eq!(
        inline("中\u{FDD0}**《文》\u{FDD1}0\"**字&#xFDD2;&#xFDD1;\0"),
        "中\u{FFFD}<strong>《文》\u{FFFD}0\"</strong>字"
    );
    assert_eq!(
        html("<b>&#xFDD2;</b>a<b title=\"&#xFDD1;0\">b</b>\n"),
        "<p><b></b>a<b title=\"0\">b</b></p>\n"
    );
}

#[test]
fn a_line_break_between_chinese_characters_leaves_no_space() {
    for (body, expected) in [
        ("中文\n后面", "中文后面"),
        ("中文，\n后面", "中文，后面"),
        ("**中文**\n后面", "<strong>中文</strong>后面"),
        ("中文\n[后面](a)", "中文<a href=\"a\">后面</a>"),
        ("他说：\n“好”", "他说：“好”"),
        ("中文\nEnglish", "中文\nEnglish"),
        ("English\nwords", "English\nwords"),
        ("한국\n어", "한국\n어"),
        (
            "中文\n![图](a)",
            "中文\n<img src=\"a\" alt=\"图\" loading=\"lazy\" decoding=\"async\">",
        ),
        ("中文  \n后面", "中文<br>\n后面"),
    ] {
        assert_eq!(inline(body), expected, "{body}");
    }
}
