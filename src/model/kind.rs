//! The kinds of entries.

use crate::diag::{Text, text};

/// Declares the kinds, each with its name, its collection and what it is called in both languages.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal, $collection:literal, ($zh:literal, $en:literal);)+) => {
        /// A kind of entry: one folder of `content/`, one page template.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $( $(#[doc = $doc])+ $kind, )+
        }

        impl Kind {
            /// Every kind, in the order in which sites list them.
            pub const ALL: [Kind; [$($name),+].len()] = [$(Kind::$kind),+];

            /// The word for one entry of this kind, also the name of its template.
            pub fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)+ }
            }

            /// The folder below `content/`, or the key in `vocabulary.yaml`.
            pub fn collection(self) -> &'static str {
                match self { $(Kind::$kind => $collection,)+ }
            }

            /// The word shown to people.
            pub fn label(self) -> Text {
                match self { $(Kind::$kind => text!($zh, $en),)+ }
            }
        }
    };
}

kinds! {
    /// An organization, existing or planned.
    Organization = "organization", "organizations", ("组织", "organization");
    /// A person who holds a post or volunteers.
    Person = "person", "persons", ("人员", "person");
    /// A brand project.
    Project = "project", "projects", ("品牌项目", "project");
    /// A place where residents are served.
    Station = "station", "stations", ("阵地", "station");
    /// A report of an activity.
    Report = "report", "reports", ("活动报道", "report");
    /// Something that will take place, once or again and again.
    Event = "event", "events", ("活动预告", "event");
    /// A joint, working or hearing meeting.
    Meeting = "meeting", "meetings", ("会议", "meeting");
    /// A visit to residents.
    Visit = "visit", "visits", ("联系走访", "visit");
    /// A document.
    Document = "document", "documents", ("文件", "document");
    /// An announcement.
    Notice = "notice", "notices", ("通知公告", "notice");
    /// An answer to something residents asked.
    Response = "response", "responses", ("诉求回应", "response");
    /// A year's rota of lead organizations.
    Rota = "rota", "rota", ("轮值表", "rota");
    /// A year's budget, spending, audit and evaluation.
    Funds = "funds", "funds", ("经费公开", "funds record");
    /// A year's assessment.
    Assessment = "assessment", "assessments", ("绩效考核", "assessment");
    /// A page of its own.
    Page = "page", "pages", ("页面", "page");
    /// A subject of reports.
    Topic = "topic", "topics", ("专题", "topic");
    /// A campaign that the organizations serve.
    Campaign = "campaign", "campaigns", ("中心工作", "campaign");
    /// A line of business or group of people to be covered.
    Sector = "sector", "sectors", ("覆盖领域", "sector");
    /// A field of service to residents.
    ServiceArea = "service_area", "service_areas", ("服务领域", "service area");
    /// A residents' community (社区).
    Community = "community", "communities", ("社区", "community");
}

impl Kind {
    /// The kind that [`Kind::name`] names.
    pub fn of_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
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
