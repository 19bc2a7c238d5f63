//! The kinds of entries.

use crate::diag::{Text, text};

/// A kind of entry: one folder of `content/`, one page template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An organization, existing or planned.
    Organization,
    /// A person who holds a post or volunteers.
    Person,
    /// A brand project.
    Project,
    /// A place where residents are served.
    Station,
    /// A report of an activity.
    Report,
    /// Something that will take place, once or again and again.
    Event,
    /// A joint, working or hearing meeting.
    Meeting,
    /// A visit to residents.
    Visit,
    /// A document.
    Document,
    /// An announcement.
    Notice,
    /// An answer to something residents asked.
    Response,
    /// A year's rota of lead organizations.
    Rota,
    /// A year's budget, spending, audit and evaluation.
    Funds,
    /// A year's assessment.
    Assessment,
    /// A page of its own.
    Page,
    /// A subject of reports.
    Topic,
    /// A campaign that the organizations serve.
    Campaign,
    /// A line of business or group of people to be covered.
    Sector,
    /// A field of service to residents.
    ServiceArea,
    /// A residents' community (社区).
    Community,
}

impl Kind {
    /// Every kind, in the order in which sites list them.
    pub const ALL: [Kind; 20] = [
        Kind::Organization,
        Kind::Person,
        Kind::Project,
        Kind::Station,
        Kind::Report,
        Kind::Event,
        Kind::Meeting,
        Kind::Visit,
        Kind::Document,
        Kind::Notice,
        Kind::Response,
        Kind::Rota,
        Kind::Funds,
        Kind::Assessment,
        Kind::Page,
        Kind::Topic,
        Kind::Campaign,
        Kind::Sector,
        Kind::ServiceArea,
        Kind::Community,
    ];

    /// The folder below `content/`, or the key in `vocabulary.yaml`.
    pub fn collection(self) -> &'static str {
        match self {
            Kind::Organization => "organizations",
            Kind::Person => "persons",
            Kind::Project => "projects",
            Kind::Station => "stations",
            Kind::Report => "reports",
            Kind::Event => "events",
            Kind::Meeting => "meetings",
            Kind::Visit => "visits",
            Kind::Document => "documents",
            Kind::Notice => "notices",
            Kind::Response => "responses",
            Kind::Rota => "rota",
            Kind::Funds => "funds",
            Kind::Assessment => "assessments",
            Kind::Page => "pages",
            Kind::Topic => "topics",
            Kind::Campaign => "campaigns",
            Kind::Sector => "sectors",
            Kind::ServiceArea => "service_areas",
            Kind::Community => "communities",
        }
    }

    /// The word for one entry of this kind, also the name of its template.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Organization => "organization",
            Kind::Person => "person",
            Kind::Project => "project",
            Kind::Station => "station",
            Kind::Report => "report",
            Kind::Event => "event",
            Kind::Meeting => "meeting",
            Kind::Visit => "visit",
            Kind::Document => "document",
            Kind::Notice => "notice",
            Kind::Response => "response",
            Kind::Rota => "rota",
            Kind::Funds => "funds",
            Kind::Assessment => "assessment",
            Kind::Page => "page",
            Kind::Topic => "topic",
            Kind::Campaign => "campaign",
            Kind::Sector => "sector",
            Kind::ServiceArea => "service_area",
            Kind::Community => "community",
        }
    }

    /// The kind that [`Kind::name`] names.
    pub fn of_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word shown to people.
    pub fn label(self) -> Text {
        match self {
            Kind::Organization => text!("组织", "organization"),
            Kind::Person => text!("人员", "person"),
            Kind::Project => text!("品牌项目", "project"),
            Kind::Station => text!("阵地", "station"),
            Kind::Report => text!("活动报道", "report"),
            Kind::Event => text!("活动预告", "event"),
            Kind::Meeting => text!("会议", "meeting"),
            Kind::Visit => text!("联系走访", "visit"),
            Kind::Document => text!("文件", "document"),
            Kind::Notice => text!("通知公告", "notice"),
            Kind::Response => text!("诉求回应", "response"),
            Kind::Rota => text!("轮值表", "rota"),
            Kind::Funds => text!("经费公开", "funds record"),
            Kind::Assessment => text!("绩效考核", "assessment"),
            Kind::Page => text!("页面", "page"),
            Kind::Topic => text!("专题", "topic"),
            Kind::Campaign => text!("中心工作", "campaign"),
            Kind::Sector => text!("覆盖领域", "sector"),
            Kind::ServiceArea => text!("服务领域", "service area"),
            Kind::Community => text!("社区", "community"),
        }
    }

    /// Whether its entries are terms of `content/vocabulary.yaml` instead of files of their own.
    pub fn is_vocabulary(self) -> bool {
        matches!(
            self,
            Kind::Topic | Kind::Campaign | Kind::Sector | Kind::ServiceArea | Kind::Community
        )
    }

    /// Whether there is one file per year, named after it.
    pub fn is_yearly(self) -> bool {
        matches!(self, Kind::Rota | Kind::Funds | Kind::Assessment)
    }

    /// The first segment of its URLs; empty for pages, which live at the root.
    pub fn url_segment(self) -> &'static str {
        match self {
            Kind::Page => "",
            Kind::ServiceArea => "service-areas",
            other => other.collection(),
        }
    }

    /// The kind whose entries live in `content/<folder>/`.
    pub fn of_folder(folder: &str) -> Option<Kind> {
        Kind::ALL
            .into_iter()
            .find(|kind| !kind.is_vocabulary() && kind.collection() == folder)
    }
}
