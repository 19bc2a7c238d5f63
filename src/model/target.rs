//! Where a site is published: the targets of `site.yaml`.

use super::config::Links;
use super::record::{choice, record};

choice! {
    /// Which storage a target is.
    pub enum Service {
        /// A folder, as for an intranet's web server.
        Fs = "fs", "文件夹";
        /// Amazon S3 and everything that speaks its protocol.
        S3 = "s3", "S3";
        /// Alibaba Cloud OSS.
        Oss = "oss", "阿里云 OSS";
        /// Tencent Cloud COS.
        Cos = "cos", "腾讯云 COS";
        /// Huawei Cloud OBS.
        Obs = "obs", "华为云 OBS";
    }
}

choice! {
    /// How text is compressed before it is sent (压缩).
    pub enum Compression {
        /// Not at all.
        None = "none", "不压缩";
        /// With gzip, which every browser understands.
        Gzip = "gzip", "gzip";
    }
}

record! {
    /// Where a site is published (发布目标).
    pub struct DeployTarget {
        /// 名称。What it is called on the command line.
        name: String,
        /// 存储。Which storage it is.
        service: Service,
        /// 文件夹。The folder of `fs`, relative to that of `site.yaml`.
        path: Option<String>,
        /// 存储桶。The bucket; the others but `fs` need one.
        bucket: Option<String>,
        /// 前缀。Where in the bucket the site lies, such as `qt/`; without this key at its top.
        prefix: Option<String>,
        /// 区域。The bucket's region, such as `cn-hangzhou`.
        region: Option<String>,
        /// 接入点。The address of the storage's own interface; `s3` without it is Amazon's.
        endpoint: Option<String>,
        /// 桶名在域名里。Whether the bucket's name is part of the host name and not of the path.
        virtual_host: bool,
        /// 条件写入。Whether the storage can write an object only where none is; without this key as its kind
        /// can. Some that speak S3 take the condition and ignore it: for these write `false`.
        conditional_writes: Option<bool>,
        /// 私有位置。Where the record of what is published, and copies for going back, lie: a place that the
        /// public cannot read. Without this key beside the site, without copies.
        state: Option<StatePlace>,
        /// 网址。Where this target is served, when that is not `base_url` of the site.
        base_url: Option<String>,
        /// 链接形式。How links to pages end, when not as the site says.
        links: Option<Links>,
        /// 试发布。Whether this is no official site: then it may hold samples.
        staging: bool,
        /// 压缩。How text is compressed before it is sent, for every visitor alike; without this key not at all.
        compress: Option<Compression>,
        /// 文件头。Headers other than the usual, by file; of several that fit the first.
        headers: Vec<HeaderRule>,
        /// 旧资源保留天数。For how many days style sheets, scripts and parts of the search index stay when no page
        /// names them any more; without this key 7.
        grace_days: Option<u32>,
        /// 保留几次发布。To how many earlier releases one can go back; without this key 3.
        keep_releases: Option<u32>,
        /// 发布之后。What is done when something has been published, one step after the other.
        after: Vec<AfterStep>,
    }
}

record! {
    /// What is done when something has been published (发布之后): an address that is told, or a command.
    pub struct AfterStep(url) {
        /// 网址。The address to which what has changed is sent (POST); `${NAME}` stands for a variable of the
        /// environment.
        url: Option<String>,
        /// 命令。A program and its arguments, without a shell; it reads what has changed from its standard input.
        command: Vec<String>,
        /// 送什么。What it is given; without this key the report.
        send: Option<Payload>,
    }
}

choice! {
    /// What a step after publishing is given.
    pub enum Payload {
        /// The report as JSON.
        Report = "report", "报告";
        /// The addresses of everything that is new, has changed or is gone, one a line.
        Urls = "urls", "网址";
        /// The addresses of new and changed pages, one a line.
        Pages = "pages", "网页";
    }
}

record! {
    /// A place that the public cannot read (私有位置).
    pub struct StatePlace {
        /// 文件夹。The folder, for `fs`.
        path: Option<String>,
        /// 存储桶。The bucket; without this key that of the site.
        bucket: Option<String>,
        /// 前缀。Where in the bucket.
        prefix: Option<String>,
    }
}

record! {
    /// Headers of some files (文件头).
    pub struct HeaderRule {
        /// 文件。Which files: a pattern such as `reports/**/*.pdf`.
        pattern: String,
        /// 缓存。The header `Cache-Control`.
        cache_control: Option<String>,
        /// 类型。The header `Content-Type`.
        content_type: Option<String>,
        /// 压缩。How they are compressed, where they are text, instead of as usual.
        compress: Option<Compression>,
    }
}

impl DeployTarget {
    /// The prefix without slashes at its ends; empty at the top of the bucket.
    pub fn prefix(&self) -> &str {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        prefix.trim_matches('/')
    }

    /// Whether anything is to be compressed.
    pub fn compresses(&self) -> bool {
        let rules = self.headers.iter().map(|rule| rule.compress);
        let mut all = rules.chain([self.compress]).flatten();
        all.any(|compression| compression != Compression::None)
    }
}

impl AfterStep {
    /// What it is given.
    pub fn payload(&self) -> Payload {
        self.send.unwrap_or(Payload::Report)
    }

    /// The step as people know it, as it is written.
    pub fn shown(&self) -> String {
        self.url.clone().unwrap_or_else(|| self.command.join(" "))
    }
}
