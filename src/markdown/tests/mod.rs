//! Behaviour of the module as a whole.

mod emphasis;
mod markup;
mod properties;
mod raw_html;

use super::*;
use crate::diag::Severity;

/// The HTML of `body` with every link and image leading where it says.
fn html(body: &str) -> String {
    render(&parse(body))
}

/// The HTML of an outline with every link and image leading where it says.
fn render(outline: &Outline) -> String {
    let links: Vec<_> = outline.links.iter().map(as_written).collect();
    let images: Vec<_> = outline
        .images
        .iter()
        .map(|image| {
            Some(ImageTarget {
                src: image.src.clone(),
                srcset: None,
                dimensions: None,
            })
        })
        .collect();
    emit(outline, "", &links, &images)
}

fn as_written(link: &Link) -> Option<LinkTarget> {
    Some(LinkTarget {
        href: link.target.clone(),
        external: link.target.starts_with("http"),
    })
}

/// The code, Chinese message and marked text of every problem.
fn problems(body: &str) -> Vec<(&'static str, String, &str)> {
    parse(body)
        .problems
        .into_iter()
        .map(|(range, problem)| (problem.code.as_str(), problem.message.zh, &body[range]))
        .collect()
}

#[test]
fn a_resolved_link_is_escaped_and_an_external_one_says_so() {
    let outline = parse("[甲](a.md \"题\")");
    let target = |external| {
        vec![Some(LinkTarget {
            href: "/a/?x=1&y=\"2\"".to_owned(),
            external,
        })]
    };
    assert_eq!(
        emit(&outline, "", &target(false), &[]),
        "<p><a href=\"/a/?x=1&amp;y=&quot;2&quot;\" title=\"题\">甲</a></p>\n"
    );
    assert_eq!(
        emit(&outline, "", &target(true), &[]),
        "<p><a href=\"/a/?x=1&amp;y=&quot;2&quot;\" title=\"题\" rel=\"external noopener\">甲</a></p>\n"
    );
}

#[test]
fn an_unresolved_link_keeps_its_text_and_an_unresolved_image_its_alternative() {
    let outline = parse("[**甲**](a.md)与![乙<丙](b.jpg)");
    assert_eq!(
        emit(&outline, "", &[None], &[None]),
        "<p><strong>甲</strong>与乙&lt;丙</p>\n"
    );
    assert_eq!(
        emit(&outline, "", &[None], &[None]),
        emit(&outline, "", &[], &[])
    );
    let with_class = parse("<a class=\"x\" href=\"a.md\">甲</a>");
    assert_eq!(
        emit(&with_class, "", &[], &[]),
        "<p><span class=\"x\">甲</span></p>\n"
    );
}

#[test]
fn an_image_has_its_size_where_known() {
    let outline = parse("![图](a.jpg)");
    let image = ImageTarget {
        src: "/m/a.jpg".to_owned(),
        srcset: None,
        dimensions: Some(Dimensions {
            width: 40,
            height: 30,
        }),
    };
    let tag = "<img src=\"/m/a.jpg\" alt=\"图\" width=\"40\" height=\"30\" loading=\"lazy\" decoding=\"async\">";
    assert_eq!(
        emit(&outline, "", &[], &[Some(image.clone())]),
        format!("<p>{tag}</p>\n")
    );
    let image = ImageTarget {
        srcset: Some("/m/a.480.webp 480w, /m/a.960.webp 960w".to_owned()),
        ..image
    };
    assert_eq!(
        emit(&outline, "", &[], &[Some(image)]),
        format!(
            "<p><picture><source type=\"image/webp\" \
             srcset=\"/m/a.480.webp 480w, /m/a.960.webp 960w\" \
             sizes=\"(min-width: 48em) 44em, 100vw\">{tag}</picture></p>\n"
        )
    );
}

#[test]
fn an_image_without_words_is_warned_of_unless_it_says_that_it_is_decoration() {
    let warned = |body: &str| {
        let outline = parse(body);
        let problems = outline.problems.iter();
        problems
            .map(|(range, problem)| (problem.code, body[range.clone()].to_owned()))
            .collect::<Vec<_>>()
    };
    let code = crate::diag::Code::MissingAlt;
    assert_eq!(warned("甲 ![](a/b.jpg)"), [(code, "a/b.jpg".to_owned())]);
    let tag = "<img src=\"a.jpg\">";
    assert_eq!(warned(&format!("甲 {tag}")), [(code, tag.to_owned())]);
    for body in [
        "![图](a.jpg)",
        "![](a.jpg \"说明\")",
        "甲 <img src=\"a.jpg\" alt=\"\">",
    ] {
        assert_eq!(warned(body), [], "{body}");
    }
}

#[test]
fn links_and_images_tell_target_and_place() {
    let body = "见**《办法》**规定的[甲](a\\_b.md)、[乙][c]、<m@a.cn>、https://a.cn/x，![图*一*](d.jpg '题')\n\n[c]: c.md\n";
    let outline = parse(body);
    let links: Vec<_> = outline
        .links
        .iter()
        .map(|link| (link.target.as_str(), &body[link.range.clone()]))
        .collect();
    assert_eq!(
        links,
        [
            ("a_b.md", "[甲](a\\_b.md)"),
            ("c.md", "[乙][c]"),
            ("mailto:m@a.cn", "m@a.cn"),
            ("https://a.cn/x", "https://a.cn/x"),
        ]
    );
    let image = &outline.images[0];
    assert_eq!((&*image.src, &*image.alt), ("d.jpg", "图一"));
    assert_eq!(image.title.as_deref(), Some("题"));
    assert_eq!(&body[image.range.clone()], "d.jpg");
}

#[test]
fn heading_ids_keep_han_and_are_unique() {
    let outline =
        parse("## 办事 指南\n\n## 办事 指南\n\n## 其他 {#办事-指南-2 .x}\n\n## `A` *b*\n");
    let headings: Vec<_> = outline
        .headings
        .iter()
        .map(|heading| (heading.level, heading.id.as_str(), heading.title.as_str()))
        .collect();
    assert_eq!(
        headings,
        [
            (2, "办事-指南", "办事 指南"),
            (2, "办事-指南-3", "办事 指南"),
            (2, "办事-指南-2", "其他"),
            (2, "a-b", "A b"),
        ]
    );
    assert!(render(&outline).contains("<h2 id=\"办事-指南-2\" class=\"x\">其他</h2>"));
    assert!(outline.problems.is_empty());
}

#[test]
fn an_explicit_id_used_twice_is_reported_and_made_unique() {
    let body = "## 甲 {#x}\n\n<span id=\"x\">乙</span>\n";
    assert_eq!(
        problems(body),
        [(
            "duplicate-value",
            "编号 `x` 在正文中已经用过，这里改为 `x-2`".to_owned(),
            "id=\"x\""
        )]
    );
    assert!(html(body).contains("<span id=\"x-2\">"));
}

#[test]
fn a_level_one_heading_moves_all_headings_down() {
    let levels = |body| {
        let headings = parse(body).headings;
        headings.iter().map(|h| h.level).collect::<Vec<_>>()
    };
    assert_eq!(levels("# 甲\n\n## 乙\n\n###### 丙\n"), [2, 3, 6]);
    assert_eq!(levels("## 乙\n\n### 丙\n"), [2, 3]);
}

#[test]
fn a_heading_without_text_is_no_heading() {
    assert_eq!(
        html("#\n\n## ![](a.jpg)\n"),
        "<p><img src=\"a.jpg\" alt=\"\" loading=\"lazy\" decoding=\"async\"></p>\n"
    );
    assert!(parse("#\n").headings.is_empty());
    assert_eq!(html("## 甲 {#}\n"), "<h2 id=\"甲\">甲</h2>\n");
}

#[test]
fn the_summary_is_the_text_of_the_first_paragraphs() {
    let summary = |body| parse(body).summary;
    assert_eq!(
        summary(
            "## 标题\n\n![图](a.jpg)\n\n各位**居民**：\n今起[开放](a.md)。\n\n- 列表\n\n| 表 |\n|---|\n\n再见[^1]\n\n[^1]: 注\n"
        ),
        "各位居民：今起开放。再见"
    );
    assert_eq!(summary("- 甲\n- 乙\n"), "甲 乙");
    assert_eq!(summary("```\n码\n```\n"), "");
}

#[test]
fn deep_nesting_is_an_error_at_its_place_and_returns_quickly() {
    let deep =
        |open: &str, close: &str| format!("{}甲{}", open.repeat(10_000), close.repeat(10_000));
    for body in [
        deep(">", ""),
        deep("- ", ""),
        deep("*a ", " a*"),
        deep("**a ", " a**"),
        deep("![", "](a)"),
        deep("<div>", ""),
        deep("<div>\n\n", ""),
        deep("a<b>", ""),
        deep("<b><div></b>", ""),
    ] {
        let outline = parse(&body);
        let shown = &body[..20];
        assert_eq!(outline.problems.len(), 1, "{shown}");
        let (range, problem) = &outline.problems[0];
        assert_eq!(problem.code, crate::diag::Code::NestedTooDeep, "{shown}");
        assert_eq!(problem.severity, Severity::Error);
        assert!(body.is_char_boundary(range.start) && range.start < range.end);
        assert_eq!(emit(&outline, "", &[], &[]), "");
    }
    for body in [
        deep("[", ""),
        deep("[", "]"),
        deep("*", ""),
        deep("`", "a`"),
        deep("<p>", ""),
        deep("<", ">"),
        deep("<ruby><rt>", "</ruby>"),
        deep("https://a.cn/(", ")"),
    ] {
        parse(&body);
    }
}

#[test]
fn a_hundred_levels_are_rendered() {
    let body = format!("{} 甲", ">".repeat(99));
    assert!(html(&body).contains("<p>甲</p>"));
}
