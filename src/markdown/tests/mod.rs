//! Behaviour of the module as a whole.

use super::*;

/// The HTML of `body` with every link and image resolved to what is written.
fn html(body: &str) -> String {
    render(&parse(body))
}

fn render(outline: &Outline) -> String {
    let links: Vec<_> = outline
        .links
        .iter()
        .map(|link| {
            Some(LinkTarget {
                href: link.target.clone(),
                external: link.target.starts_with("http"),
            })
        })
        .collect();
    let images: Vec<_> = outline
        .images
        .iter()
        .map(|image| {
            Some(ImageTarget {
                src: image.src.clone(),
                dimensions: None,
            })
        })
        .collect();
    emit(outline, &links, &images)
}

#[test]
fn smoke() {
    for body in [
        "# 你好\n\n**中文。**后面，https://a.cn。\n第二行\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n脚注[^1] 又[^1]。\n\n[^1]: 说明\n\n- [x] 好\n- [ ] 坏\n\n> [!NOTE]\n> 当心\n\n![图](a.jpg \"说明\")\n\n术语\n: 解释\n",
        "<div>\n\n行内 <b>粗 <script>alert(1)</script> [链接](b.md \"t\") <a href='x?a=1&amp;b=2' onclick=1 id=here>y</a>\n\n- [x] 好\n",
    ] {
        let outline = parse(body);
        eprintln!("{}\n{:#?}", render(&outline), outline);
    }
}
