//! What `site.yaml` holds.

use jiff::tz::TimeZone;
use url::Url;

use super::date::Date;
use super::kinds::{Every, MeetingKind};
use super::leaf::WebAddress;
use super::record::{choice, record};
use super::target::DeployTarget;
use crate::diag::{Code, Problem, text};

/// The time zone of a site that names none.
pub const DEFAULT_ZONE: &str = "Asia/Shanghai";

/// Characters that mean something in URLs or HTML, which no base path has.
const UNFIT: [char; 16] = [
    '%', '\\', ' ', '"', '<', '>', '?', '#', '{', '}', '|', '^', '`', '[', ']', '&',
];

/// Whether `url` is a full web address whose path, if any, can be a site's base path: scheme
/// `http` or `https`, a host, no user, query or fragment, no empty or dotted segments.
pub fn is_base_url(url: &str) -> bool {
    let Ok(parsed) = Url::parse(url) else {
        return false;
    };
    let decoded = |path| {
        percent_encoding::percent_decode_str(path)
            .decode_utf8()
            .ok()
    };
    let written = url.split_once("://").map_or("", |(_, rest)| rest);
    let written = decoded(written.find('/').map_or("/", |at| &written[at..]));
    let is_unfit = |path: &str| path.contains("//") || path.contains(UNFIT);
    // The parser takes dotted segments out of the path, which then is no longer what was written.
    let path = decoded(parsed.path()).filter(|path| !is_unfit(path));
    let is_plain = path.is_some() && path == written;
    ["http", "https"].contains(&parsed.scheme())
        && parsed.host_str().is_some_and(|host| host != ".")
        && (parsed.username(), parsed.password()) == ("", None)
        && (parsed.query(), parsed.fragment()) == (None, None)
        && is_plain
}

/// The problem that `url` is not one.
pub fn not_a_base_url(url: &str) -> Problem {
    let message = text!("`{url}` 不是网址", "`{url}` is not a web address");
    let hint = text!(
        "写全网址，如 `https://www.example.gov.cn/qt/`",
        "write it in full, as in `https://www.example.gov.cn/qt/`"
    );
    Problem::error(Code::InvalidValue, message).hint(hint)
}

/// The theme of a site that names none.
const DEFAULT_THEME: &str = "harbor";

impl SiteConfig {
    /// The name of the time zone (IANA), such as `Asia/Shanghai`.
    pub fn zone_name(&self) -> &str {
        self.time_zone.as_deref().unwrap_or(DEFAULT_ZONE)
    }

    /// The time zone; UTC for a name that is none, which the check of `site.yaml` reports.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(self.zone_name()).unwrap_or(TimeZone::UTC)
    }

    /// The name of the theme: its folder below `themes/`.
    pub fn theme(&self) -> &str {
        self.theme.as_deref().unwrap_or(DEFAULT_THEME)
    }

    /// The configuration of a site whose `site.yaml` cannot be read, so that everything else can
    /// still be checked. Nothing is published with it.
    pub fn stand_in() -> Self {
        SiteConfig {
            title: String::new(),
            base_url: String::from("http://localhost/"),
            owner: String::new(),
            description: None,
            time_zone: None,
            theme: None,
            links: None,
            navigation: Vec::new(),
            channels: Vec::new(),
            cadence: Vec::new(),
            show_gaps: false,
            footer: None,
            deploy: Vec::new(),
        }
    }
}

choice! {
    /// How links to pages end.
    pub enum Links {
        /// In the folder, `/a/`.
        Directory = "directory", "目录";
        /// In the file, `/a/index.html`, for stores that resolve no index document.
        IndexHtml = "index_html", "文件";
    }
}

record! {
    /// The site's identity and settings (`site.yaml`).
    pub struct SiteConfig {
        /// 网站名称。The name of the site.
        title: String,
        /// 网址。Where it will be served, with a final `/`; may have a path.
        base_url: String,
        /// 主办单位。Who runs it.
        owner: String,
        /// 简介。The site in a sentence.
        description: Option<String>,
        /// 时区。The IANA time zone of all dates; without this key `Asia/Shanghai`.
        time_zone: Option<String>,
        /// 主题。The folder below `themes/`; without this key `harbor`.
        theme: Option<String>,
        /// 链接形式。How links to pages end; without this key in the folder.
        links: Option<Links>,
        /// 导航。The main navigation.
        navigation: Vec<NavigationItem>,
        /// 媒介渠道。Where else the organizations can be found.
        channels: Vec<Channel>,
        /// 会议制度。How often which meeting takes place.
        cadence: Vec<Cadence>,
        /// 显示空缺。Whether tables show what is wanted but not there, such as a meeting that was not
        /// recorded.
        show_gaps: bool,
        /// 页脚信息。The identity items of the footer.
        footer: Option<Footer>,
        /// 发布目标。Where the site is published by `yugang deploy`.
        deploy: Vec<DeployTarget>,
    }
}

record! {
    /// One item of the navigation (导航).
    pub struct NavigationItem {
        /// 名称。What it is called.
        title: String,
        /// 链接。A path below the site's root such as `/reports/`, or a full address.
        url: String,
    }
}

choice! {
    /// What sort of channel it is.
    pub enum ChannelKind {
        /// A website.
        Website = "website", "网站";
        /// A platform.
        Platform = "platform", "平台";
        /// An app.
        App = "app", "APP";
        /// A WeChat official account.
        Wechat = "wechat", "微信公众号";
        /// A Weibo account.
        Weibo = "weibo", "微博";
        /// A Douyin account.
        Douyin = "douyin", "抖音";
    }
}

record! {
    /// Another place where the organizations can be found (媒介渠道).
    pub struct Channel {
        /// 名称。What it is called.
        title: String,
        /// 类别。What sort of channel it is.
        kind: ChannelKind,
        /// 账号。The account's name.
        account: Option<String>,
        /// 链接。Its address.
        url: Option<WebAddress>,
        /// 说明。What it is for.
        note: Option<String>,
        /// 示例。Whether this is illustrative.
        sample: bool,
    }
}

record! {
    /// How often a meeting takes place (会议制度).
    pub struct Cadence {
        /// 会议类别。Which meeting.
        meeting: MeetingKind,
        /// 周期。How often.
        every: Every,
        /// 原则上。Whether only in principle.
        in_principle: bool,
        /// 起始。Since when.
        since: Option<Date>,
        /// 召集。Who convenes it.
        convener: Option<String>,
        /// 参加人员。Who attends.
        attendees: Option<String>,
        /// 议题。What it is for.
        purpose: Option<String>,
    }
}

record! {
    /// The identity items of the footer (页脚信息); absent ones are left out.
    pub struct Footer {
        /// 联系方式。How to reach the editors.
        contact: Option<String>,
        /// ICP备案号。The ICP filing number.
        icp: Option<String>,
        /// 公安备案号。The public security filing number.
        public_security: Option<String>,
        /// 网站标识码。The site identification code.
        site_code: Option<String>,
        /// 页脚链接。Links of the footer beside those to the site's own pages, such as the accessibility
        /// statement.
        links: Vec<NavigationItem>,
    }
}

#[cfg(test)]
mod tests {
    use super::is_base_url;

    #[test]
    fn full_addresses_with_or_without_a_path_are_accepted() {
        for url in [
            "https://example.org",
            "https://example.org/",
            "HTTPS://Example.org/qt",
            "http://localhost:8000/",
            "https://例子.中国/群团/",
            "https://example.org/%E7%BE%A4%E5%9B%A2/",
        ] {
            assert!(is_base_url(url), "{url}");
        }
    }

    #[test]
    fn what_no_site_can_be_served_at_is_refused() {
        for url in [
            "example.org",
            "ftp://example.org/",
            "https://",
            "https://.",
            "https://x:99999/",
            "https://x/a/../b/",
            "https://x/a//b",
            "https://x/%zz/",
            "https://u:p@x/",
            "https://x/a%3Fb/",
            "https://x/?a",
            "https://x/#a",
            "https://x /",
        ] {
            assert!(!is_base_url(url), "{url}");
        }
    }
}
