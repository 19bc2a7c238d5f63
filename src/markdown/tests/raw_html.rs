//! Raw HTML: what stays, what goes, and what is said about it.

use super::{html, parse, problems};

#[test]
fn a_harmless_tag_changes_nothing_else() {
    let body = "# 题 & \"引\"\n\n**中文。**后\u{A0}面 [甲](a?b=1&c=2 \"题\") ![图](a.jpg \"注>\") https://a.cn\n\n\
        ![图](a.jpg \"注>\")\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n脚注[^1] 又[^1]。@\n\n[^1]: 说明\n\n\
        - [x] 好\n- [ ] 坏\n\n1. 一\n\n   二\n\n> [!NOTE]\n> 当心\n\n术语\n: 解释\n\n```html\n<b> & \"c\"\n```\n\n---\n";
    let plain = html(&body.replace('@', ""));
    let with_break = html(&body.replace('@', "<br>"));
    assert!(with_break.contains("<br>"));
    assert_eq!(with_break.replace("<br>", ""), plain);
}

#[test]
fn what_is_not_allowed_is_left_out_and_reported_where_it_stands() {
    let removed = "removed-html";
    let tag = |name: &str| format!("不支持 HTML 标签 `<{name}>`，已略去");
    let attribute = |element: &str, name: &str| {
        format!("不支持 `<{element}>` 的属性 `{name}` 或它的值，已略去")
    };
    let body = "甲<font color=\"red\">乙</font>\n\n> <p style='a'\n> ONCLICK=x>丙</p>\n\n<iframe src=\"x\">丁</iframe>戊\n";
    assert_eq!(
        problems(body),
        [
            (removed, tag("font"), "<font color=\"red\">"),
            (removed, attribute("p", "style"), "style='a'"),
            (removed, attribute("p", "onclick"), "ONCLICK=x"),
            (removed, tag("iframe"), "<iframe src=\"x\">"),
        ]
    );
    let html = html(body);
    assert!(
        html.contains("<p>甲乙</p>") && html.contains("<p>丙</p>"),
        "{html}"
    );
    assert!(html.contains('戊') && !html.contains('丁'), "{html}");
}

#[test]
fn nothing_that_runs_gets_through() {
    for body in [
        "<script>alert(1)</script>",
        "甲<script>alert(1)</script>乙",
        "<img src=x onerror=alert(1)>",
        "<svg><a xlink:href=\"x\"><script>alert(1)</script></a></svg>",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
        "<style>alert</style>",
        "<div style=\"x:alert\">甲</div>",
        "<b title='\"><script>alert(1)</script>'>甲</b>",
        "<a href=\"x\" onclick='alert(1)'>甲</a>",
        "<input value=alert>",
    ] {
        let html = html(body);
        for danger in [
            "<script", "<style", "<svg", "onerror", "onclick=", "style=", "<input",
        ] {
            assert!(!html.contains(danger), "{body}: {html}");
        }
    }
}

#[test]
fn allowed_html_stays() {
    for body in [
        "<div class=\"x\" id=\"y\">\n<p>甲</p>\n</div>\n",
        "<details open>\n<summary>甲</summary>\n<p>乙</p>\n</details>\n",
        "<p>H<sub>2</sub>O <ruby>漢<rt>hàn</rt></ruby> <kbd>A</kbd> <mark>x</mark> <abbr title=\"a&amp;b\">c</abbr></p>\n",
        "<table>\n<tbody>\n<tr><th scope=\"row\">甲</th><td colspan=\"2\">乙</td></tr>\n</tbody>\n</table>\n",
        "<p>甲<br>乙<wbr>丙 open=\"\"</p>\n",
    ] {
        assert_eq!(html(body), body);
        assert_eq!(problems(body), []);
    }
}

#[test]
fn what_is_left_open_ends_with_the_body() {
    assert_eq!(
        html("<div>\n\n甲 <b>乙\n"),
        "<div>\n<p>甲 <b>乙</b></p><b>\n</b></div>"
    );
    assert_eq!(html("甲</div></b>乙\n"), "<p>甲乙</p>\n");
    assert!(!html("<div class=\"a\n\n甲\n").contains("class"));
}

#[test]
fn a_tag_that_is_never_closed_is_reported() {
    assert_eq!(
        problems("<div class=\"x\">\n\n甲 <b>乙</b> <ruby>漢<rt>hàn</ruby> <i>丙\n"),
        [
            (
                "unclosed-html",
                "HTML 标签 `<div>` 没有结束标签".to_owned(),
                "<div class=\"x\">"
            ),
            (
                "unclosed-html",
                "HTML 标签 `<i>` 没有结束标签".to_owned(),
                "<i>"
            ),
        ]
    );
}

#[test]
fn links_and_images_of_raw_html_are_resolved_like_others() {
    let body = "<a class=\"k\" href='甲.md?a=1&amp;b=2'>乙</a> <img alt=\"图\" src=\"a.jpg\" width=\"10\">\n";
    let outline = parse(body);
    assert_eq!(outline.links[0].target, "甲.md?a=1&b=2");
    assert_eq!(
        &body[outline.links[0].range.clone()],
        "<a class=\"k\" href='甲.md?a=1&amp;b=2'>"
    );
    assert_eq!(outline.images[0].src, "a.jpg");
    assert_eq!(
        super::render(&outline),
        "<p><a href=\"甲.md?a=1&amp;b=2\" class=\"k\">乙</a> \
         <img src=\"a.jpg\" alt=\"图\" width=\"10\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
}

#[test]
fn ids_of_raw_html_are_known_and_win_over_those_of_headings() {
    let outline = parse("## 甲\n\n<span id=\"甲\">乙</span>\n");
    assert_eq!(outline.headings[0].id, "甲-2");
    assert!(outline.ids.contains("甲"));
    assert!(outline.problems.is_empty());
}

#[test]
fn comments_vanish_silently() {
    assert_eq!(html("甲<!-- 乙 -->丙\n"), "<p>甲丙</p>\n");
    assert_eq!(problems("<!--\n乙 <script>\n-->\n\n丙"), []);
}
