//! What holds for every input.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{emit, parse, render};
use crate::markdown::allowed::ELEMENTS;
use crate::markdown::scan::{Piece, scan};

fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ *_~`#>|\\[\\]()!:{}\\^\\-+.&<=/\"'\\\\\n\t]{1,4}",
        "[中文，。《》“”、\u{3000}]{1,3}",
        "[a-z0-9]{1,3}",
        prop::sample::select(FRAGMENTS).prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ]
}

const FRAGMENTS: &[&str] = &[
    "<div>",
    "</div>",
    "<a href=\"x\">",
    "</a>",
    "<a id=x>",
    "<img src=x>",
    "<script>",
    "</script>",
    "<b",
    "<p style=x>",
    "<table>",
    "<td>",
    "<!--",
    "-->",
    "<svg>",
    "\n\n",
    "\n> ",
    "\n- ",
    "\n- [x] ",
    "\n\n[^1]: ",
    "[^1]",
    "\n| a | b |\n|---|--:|\n",
    "\n```\n",
    "\n# ",
    "{#x}",
    "https://a.cn/(",
    "![图](a \"b\")",
    "[甲](b)",
    "**",
    "~~",
    "\n> [!NOTE]\n",
    "\n: ",
    "&#xFDD1;",
    "&amp;",
    "\u{FDD1}",
    "<ruby>漢<rt>",
    "<h1 id=x>",
    "\r\n",
    "  \n",
];

proptest! {
    #[test]
    fn any_body_is_rendered_and_its_ranges_are_its_own(
        parts in prop::collection::vec(fragment(), 0..40)
    ) {
        let body = parts.concat();
        let outline = parse(&body);
        let html = render(&outline);
        for range in outline.problems.iter().map(|(range, _)| range)
            .chain(outline.links.iter().map(|link| &link.range))
            .chain(outline.images.iter().map(|image| &image.range))
        {
            prop_assert!(body.get(range.clone()).is_some(), "{range:?}");
        }
        prop_assert!(!html.chars().any(crate::model::characters::is_noncharacter));
        for (piece, _) in scan(&html) {
            if let Piece::Tag(tag) = piece {
                prop_assert!(ELEMENTS.contains(&&*tag.name) || tag.name == "input", "{html}");
                let names = tag.attributes.iter().map(|attribute| &attribute.name);
                prop_assert!(!names.clone().any(|name| name == "style"), "{html}");
                prop_assert_eq!(names.clone().collect::<BTreeSet<_>>().len(), names.count());
            }
        }
        let (links, images) = outline.html.get().unwrap().indices();
        prop_assert!(links.iter().all(|&index| index < outline.links.len()));
        prop_assert!(images.iter().all(|&index| index < outline.images.len()));
        emit(&outline, "", &[], &[]);
    }

    #[test]
    fn without_raw_html_every_link_and_image_has_one_hole(
        parts in prop::collection::vec(fragment(), 0..40)
    ) {
        let body = parts.concat().replace('<', "");
        let outline = parse(&body);
        let (mut links, mut images) = outline.html.get().unwrap().indices();
        links.sort_unstable();
        images.sort_unstable();
        prop_assert!(links.into_iter().eq(0..outline.links.len()));
        prop_assert!(images.into_iter().eq(0..outline.images.len()));
    }

    #[test]
    fn well_formed_html_stays_as_it_is_when_parsed_again(
        parts in prop::collection::vec(fragment(), 0..40)
    ) {
        let body = parts.concat().replace('<', "");
        let marked = crate::markdown::parse(&body);
        let html = emit(&marked, "", &[], &[]).replace("<input type=\"checkbox\" disabled aria-label=\"未完成\">", "")
            .replace("<input type=\"checkbox\" checked disabled aria-label=\"已完成\">", "");
        prop_assert_eq!(crate::markdown::sanitize::sanitize(&html), html);
    }
}
