//! The markup of each construct.

use super::html;
use super::problems;

#[test]
fn alignment_is_a_class_and_tables_can_be_scrolled_by_keyboard() {
    assert_eq!(
        html("| 甲 | 乙 | 丙 | 丁 |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 |\n"),
        "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"表格\">\n\
         <table>\n<thead>\n<tr><th scope=\"col\">甲</th><th scope=\"col\" class=\"align-left\">乙</th>\
         <th scope=\"col\" class=\"align-center\">丙</th><th scope=\"col\" class=\"align-right\">丁</th></tr>\n\
         </thead>\n<tbody>\n<tr><td>1</td><td class=\"align-left\">2</td>\
         <td class=\"align-center\">3</td><td class=\"align-right\">4</td></tr>\n\
         </tbody>\n</table>\n</div>\n"
    );
    assert!(!html("| 甲 |\n|---|\n").contains("tbody"));
}

#[test]
fn check_boxes_have_names() {
    assert_eq!(
        html("- [x] 好\n- [ ] 坏\n- 无\n"),
        "<ul>\n\
         <li class=\"task\"><input type=\"checkbox\" checked disabled aria-label=\"已完成\"> 好</li>\n\
         <li class=\"task\"><input type=\"checkbox\" disabled aria-label=\"未完成\"> 坏</li>\n\
         <li>无</li>\n</ul>\n"
    );
    assert!(html("- [x] 好\n\n- [ ] 坏\n").contains("<li class=\"task\">"));
}

#[test]
fn an_image_alone_with_a_title_is_a_figure() {
    let image = "<img src=\"a.jpg\" alt=\"图\" loading=\"lazy\" decoding=\"async\">";
    assert_eq!(
        html("![图](a.jpg \"说<明\")\n"),
        format!("<figure>{image}<figcaption>说&lt;明</figcaption></figure>\n")
    );
    assert_eq!(html("![图](a.jpg)\n"), format!("<p>{image}</p>\n"));
    assert_eq!(
        html("见![图](a.jpg \"说明\")\n"),
        "<p>见<img src=\"a.jpg\" alt=\"图\" title=\"说明\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
}

#[test]
fn alerts_have_chinese_titles() {
    for (kind, class, title) in [
        ("NOTE", "note", "提示"),
        ("TIP", "tip", "技巧"),
        ("IMPORTANT", "important", "重要"),
        ("WARNING", "warning", "警告"),
        ("CAUTION", "caution", "注意"),
    ] {
        assert_eq!(
            html(&format!("> [!{kind}]\n> 正文\n")),
            format!(
                "<div class=\"alert alert-{class}\" role=\"note\">\n\
                 <p class=\"alert-title\">{title}</p>\n<p>正文</p>\n</div>\n"
            )
        );
    }
    assert_eq!(
        html("> 引文\n"),
        "<blockquote>\n<p>引文</p>\n</blockquote>\n"
    );
}

#[test]
fn every_reference_to_a_footnote_has_its_own_way_back() {
    assert_eq!(
        html("甲[^b]乙[^a]丙[^b]。[^无]\n\n[^a]: 后\n\n[^b]: 先\n\n    - 列\n"),
        "<p>甲<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1\" aria-label=\"脚注 1\">1</a></sup>\
         乙<sup class=\"footnote-ref\"><a href=\"#fn-2\" id=\"fnref-2\" aria-label=\"脚注 2\">2</a></sup>\
         丙<sup class=\"footnote-ref\"><a href=\"#fn-1\" id=\"fnref-1-2\" aria-label=\"脚注 1\">1</a></sup>。[^无]</p>\n\
         <section class=\"footnotes\" aria-label=\"脚注\">\n<ol>\n\
         <li id=\"fn-1\">\n<p>先</p>\n<ul>\n<li>列</li>\n</ul>\n\
         <p><a href=\"#fnref-1\" class=\"footnote-back\" aria-label=\"返回正文\">↩\u{FE0E}</a>\
         \x20<a href=\"#fnref-1-2\" class=\"footnote-back\" aria-label=\"返回正文（第 2 处）\">↩\u{FE0E}</a></p>\n</li>\n\
         <li id=\"fn-2\">\n<p>后 <a href=\"#fnref-2\" class=\"footnote-back\" aria-label=\"返回正文\">↩\u{FE0E}</a></p>\n</li>\n\
         </ol>\n</section>\n"
    );
}

#[test]
fn a_footnote_that_nothing_refers_to_is_still_shown() {
    assert!(html("[^a]: 注\n").contains("<li id=\"fn-1\">\n<p>注</p>\n</li>"));
}

#[test]
fn blocks_are_plain_html() {
    assert_eq!(
        html("术语\n: 解释\n\n3. 三\n   - 子\n\n---\n\n```rust ignore\na < b && c\n```\n"),
        "<dl>\n<dt>术语</dt>\n<dd>解释</dd>\n</dl>\n<ol start=\"3\">\n<li>三\n<ul>\n<li>子</li>\n</ul>\n</li>\n</ol>\n\
         <hr>\n<pre><code class=\"language-rust\">a &lt; b &amp;&amp; c\n</code></pre>\n"
    );
}

#[test]
fn bare_urls_become_links_in_text_only() {
    let link = |url| format!("<a href=\"{url}\" rel=\"external noopener\">{url}</a>");
    assert_eq!(
        html("见https://a.cn/x_y_z?b=1。**（http://b.cn）**\n"),
        format!(
            "<p>见{}。<strong>（{}）</strong></p>\n",
            link("https://a.cn/x_y_z?b=1"),
            link("http://b.cn")
        )
    );
    for body in [
        "`https://a.cn`",
        "[https://a.cn](b)",
        "<a href=\"b\">https://a.cn</a>",
        "```\nhttps://a.cn\n```",
        "<b title=\"https://a.cn\">c</b>",
    ] {
        assert!(!html(body).contains("href=\"https"), "{body}");
    }
}

#[test]
fn a_footnote_written_twice_is_reported_and_loses_no_text() {
    let body = "甲[^1]\n\n[^1]: 乙\n\n[^1]: 丙\n";
    let problems = super::problems(body);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].1, "脚注 `1` 写了不止一次");
    assert!(html(body).contains("<p>乙</p>\n<p>丙 <a"));
}

#[test]
fn line_ends_of_windows_are_the_same_as_others() {
    let body =
        "# 题\n\n中文\n后面\n\n- [x] 甲\n\n```\n码\n码\n```\n\n<div>\n<p\nstyle=x>乙\n</div>\n";
    assert_eq!(html(&body.replace('\n', "\r\n")), html(body));
}

#[test]
fn what_an_input_method_spoils_is_told_at_its_place() {
    let body = "！[图](1.jpg)\n\n![图]（2.jpg）\n\n[链接]（https://example.org/）\n\n##小标题\n\n＃ 标题\n";
    let found = problems(body);
    let places: Vec<_> = found.iter().map(|(_, _, place)| *place).collect();
    assert_eq!(
        places,
        [
            "！",
            "（2.jpg",
            "（https://example.org/",
            "##小标题",
            "＃ 标题"
        ],
        "{found:?}"
    );
}

#[test]
fn what_may_be_meant_as_text_is_not_told() {
    for body in [
        "文献[1]（见下）",
        "太好了！[链接](a.md)",
        "#话题#",
        "# 标题",
        "`![图]（2.jpg）`",
        "```\n##x\n[a]（b.jpg）\n```",
        "结果[2]（2021.4.1）",
    ] {
        assert_eq!(problems(body), [], "{body}");
    }
}
