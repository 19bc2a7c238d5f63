//! The words of the preview's scripts, in the language of the person who previews.
//!
//! The server puts them before each script as the constant `words`, so that the scripts hold no
//! sentence themselves. In a word, each `#` stands for a number or a name.

use crate::diag::{Lang, Text, text};

/// The words as a JSON object from key to word.
pub(super) fn json(lang: Lang) -> String {
    let words = all().map(|(key, word)| (key.to_owned(), word.get(lang).into()));
    let words: serde_json::Map<String, serde_json::Value> = words.collect();
    serde_json::Value::Object(words).to_string()
}

/// Declares words, each with its key.
macro_rules! words {
    ($($key:ident: $zh:literal, $en:literal;)+) => {
        /// Every word with its key.
        fn all() -> impl Iterator<Item = (&'static str, Text)> {
            [$((stringify!($key), text!($zh, $en))),+].into_iter()
        }
    };
}

words! {
    // What problems, files and counts are called.
    lang: "zh-CN", "en";
    error_one: "1 个错误", "1 error";
    error_many: "# 个错误", "# errors";
    warning_one: "1 个警告", "1 warning";
    warning_many: "# 个警告", "# warnings";
    note_one: "1 个提示", "1 note";
    note_many: "# 个提示", "# notes";
    and: "，", ", ";
    colon: "：", ": ";
    help: "帮助", "Help";
    see_also: "另见", "See also";
    excerpt: "原文第 # 行", "Source, line #";
    copy: "复制路径", "Copy path";
    copied: "已复制", "Copied";
    copy_by_hand: "浏览器不允许自动复制，请按 Ctrl+C：", "The browser does not allow copying; press Ctrl+C:";
    open: "在编辑器中打开", "Open in editor";
    more: "还有 # 个，修好上面的以后再列出。", "# more will be listed once those above are repaired.";
    disconnected: "预览已断开：重新运行 serve 后自动恢复",
        "Preview disconnected; it comes back when serve runs again";
    status: "预览状态", "Preview status";
    // What is said on the pages of the site.
    preview: "预览", "Preview";
    preview_of: "本页的来源", "Where this page comes from";
    source: "本页的源文件", "Source file of this page";
    no_source: "这一页由多个文件自动汇成，没有单独的源文件。",
        "This page is put together from several files and has no source file of its own.";
    no_page: "网站里没有这个网址的页面。", "The site has no page at this address.";
    fold: "收起", "Fold";
    unfold: "查看#", "Show #";
    kept: "网站没有更新，页面仍是上一次正确的样子。改好文件并保存，页面会自动更新。",
        "The site was not updated: the page is still the last good version. Repair the files and save them; the page then updates by itself.";
    none_yet: "网站还不能显示。改好文件并保存，页面会自动打开。",
        "The site cannot be shown yet. Repair the files and save them; the page then opens by itself.";
    others: "另有 #，见", "There are also #; see";
    no_warnings: "没有警告", "No warnings";
    unreadable: "暂时读不到错误的内容，请看预览状态或命令行窗口。",
        "The errors cannot be read at the moment; see the preview status or the terminal.";
    // What is said on the status page of the site as a whole.
    state_good: "网站已是最新", "The site is up to date";
    state_kept: "有错误，网站仍是上一次正确的样子", "There are errors; the site is still the last good version";
    state_none: "有错误，网站还不能显示", "There are errors; the site cannot be shown yet";
    to_site: "回到网站首页", "To the home page of the site";
    sections: "本页各部分", "Sections of this page";
    problems: "问题", "Problems";
    problems_none: "没有问题。", "No problems.";
    errors: "错误", "Errors";
    warnings: "警告", "Warnings";
    notes: "提示", "Notes";
    // What is said on the status page of entries that are not public, or not yet real.
    drafts: "草稿", "Drafts";
    drafts_none: "没有草稿。", "No drafts.";
    not_yet_due: "未到发布时间", "Not yet due";
    not_yet_due_none: "没有等待发布的内容。", "Nothing is waiting to be published.";
    due_on: "# 发布", "published on #";
    expired: "已下线", "Expired";
    expired_none: "没有下线的内容。", "Nothing has expired.";
    expired_on: "# 下线", "expired on #";
    samples: "还剩的示例", "Remaining samples";
    samples_none: "没有示例内容了。", "No sample content is left.";
    sample_keys: "示例的是：#", "illustrative: #";
    sample_all: "整篇都是示例", "illustrative as a whole";
    // What is said on the status page of the last rebuild and of all pages.
    rebuild: "上次重建", "Last rebuild";
    built_at: "时间", "Time";
    next_due: "下一次自动重建", "Next rebuild by itself";
    next_due_none: "没有到期的内容", "nothing is due";
    rendered: "重新生成的页面", "Pages rendered again";
    of_pages: "# 页，共 # 页", "# of #";
    stage: "步骤", "Stage";
    took: "用时", "Time taken";
    milliseconds: "# 毫秒", "# ms";
    site_map: "全部页面", "All pages";
    site_map_none: "还没有页面。", "There are no pages yet.";
    generated: "自动生成", "generated";
    filter: "筛选（网址或文件名的一部分）", "Filter (part of an address or a file name)";
    found: "找到 # 页", "# pages found";
    show_more: "再显示 # 项", "Show # more";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_a_script_uses_is_known_and_every_word_is_used() {
        let scripts = [
            include_str!("ui/dom.js"),
            include_str!("ui/events.js"),
            include_str!("ui/problems.js"),
            include_str!("ui/overlay.js"),
            include_str!("ui/client.js"),
            include_str!("ui/status.js"),
        ]
        .concat();
        let keys: Vec<&str> = all().map(|(key, _)| key).collect();
        for (at, _) in scripts.match_indices("words.") {
            let key = &scripts[at + "words.".len()..];
            let end = key.find(|c: char| !c.is_ascii_lowercase() && c != '_');
            let key = &key[..end.unwrap_or(key.len())];
            assert!(keys.contains(&key), "no word `{key}`");
        }
        for key in keys {
            // Counts and sections are looked up by a key that is put together.
            let stem = key.trim_end_matches("_one").trim_end_matches("_many");
            let stem = stem.trim_end_matches("_none");
            let used = scripts.contains(&format!("words.{key}"))
                || scripts.contains(&format!("\"{stem}\""));
            assert!(used, "unused word `{key}`");
        }
    }

    #[test]
    fn words_are_json_in_one_language() {
        let english: serde_json::Value = serde_json::from_str(&json(Lang::En)).unwrap();
        assert_eq!(english["copy"], "Copy path");
        let chinese: serde_json::Value = serde_json::from_str(&json(Lang::Zh)).unwrap();
        assert_eq!(chinese["copy"], "复制路径");
    }
}
