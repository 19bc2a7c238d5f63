//! What the organizations do: reports, events, meetings, visits.

use super::{Campaign, Community, Organization, Project, ServiceArea, Station};
use crate::model::date::{Date, Moment};
use crate::model::leaf::{FileName, WebAddress};
use crate::model::record::{choice, record};
use crate::model::reference::Ref;

record! {
    /// A report of an activity (活动报道).
    pub struct Report {
        /// 组织单位。The organizations that held it.
        organizations: Vec<Ref<Organization>>,
        /// 所属项目。The projects it belongs to.
        projects: Vec<Ref<Project>>,
        /// 地点。The stations it took place at.
        stations: Vec<Ref<Station>>,
        /// 助力的中心工作。The campaigns it served.
        campaigns: Vec<Ref<Campaign>>,
        /// 群团活动日。Whether it was part of the monthly activity day.
        activity_day: bool,
        /// 参加人数。How many people took part.
        participants: Option<u32>,
        /// 志愿者人数。How many volunteers helped.
        volunteers: Option<u32>,
        /// 志愿服务时长。Hours of volunteer service.
        service_hours: Option<f64>,
        /// 照片。Photos, in order.
        photos: Vec<Photo>,
    }
}

record! {
    /// A photo (照片).
    pub struct Photo(file) {
        /// 文件。The image file beside the entry.
        file: FileName,
        /// 说明。What it shows.
        caption: Option<String>,
        /// 替代文字。What it shows, for those who cannot see it, where the caption does not say.
        alt: Option<String>,
    }
}

choice! {
    /// How often something comes again.
    pub enum Every {
        /// Each week.
        Week = "week", "每周";
        /// Each month.
        Month = "month", "每月";
        /// Each quarter.
        Quarter = "quarter", "每季度";
        /// Each year.
        Year = "year", "每年";
    }
}

record! {
    /// Something that will take place (活动预告).
    pub struct Event {
        /// 开始。When it starts.
        start: Moment,
        /// 结束。When it ends.
        end: Option<Moment>,
        /// 重复。Whether it comes again.
        repeats: Option<Repeats>,
        /// 地点。The stations it takes place at.
        stations: Vec<Ref<Station>>,
        /// 组织单位。The organizations that hold it.
        organizations: Vec<Ref<Organization>>,
        /// 所属项目。The projects it belongs to.
        projects: Vec<Ref<Project>>,
        /// 助力的中心工作。The campaigns it serves.
        campaigns: Vec<Ref<Campaign>>,
        /// 报名。How to sign up.
        signup: Option<Signup>,
    }
}

record! {
    /// How an event repeats (重复).
    pub struct Repeats(every) {
        /// 周期。How often.
        every: Every,
        /// 截止。The last day on which it may take place.
        until: Option<Date>,
    }
}

record! {
    /// How to sign up (报名).
    pub struct Signup {
        /// 链接。The address of a form.
        url: Option<WebAddress>,
        /// 电话。The telephone number.
        phone: Option<String>,
        /// 截止。The last day.
        deadline: Option<Moment>,
        /// 名额。How many people can take part.
        capacity: Option<u32>,
        /// 说明。Anything else.
        note: Option<String>,
    }
}

choice! {
    /// What sort of meeting it is.
    pub enum MeetingKind {
        /// The joint meeting of the member units.
        Joint = "joint", "联席会议";
        /// The regular working meeting.
        Working = "working", "工作例会";
        /// A meeting of the leadership that hears a report.
        Hearing = "hearing", "听取汇报";
    }
}

record! {
    /// A meeting (会议).
    pub struct Meeting {
        /// 类别。What sort of meeting it is.
        kind: MeetingKind,
        /// 主持。Who chairs it.
        chair: Option<String>,
        /// 参加单位。The units that attend, in their own words.
        units: Vec<String>,
        /// 参加组织。The organizations that attend.
        organizations: Vec<Ref<Organization>>,
        /// 议程。What is discussed.
        agenda: Vec<String>,
        /// 议定事项。What is decided.
        decisions: Vec<String>,
    }
}

record! {
    /// A round of visits to residents (联系走访), without names.
    pub struct Visit {
        /// 走访组织。The organization that visits.
        organization: Ref<Organization>,
        /// 社区。The communities visited.
        communities: Vec<Ref<Community>>,
        /// 走访户数。How many households.
        households: Option<u32>,
        /// 反映事项。What residents brought up, added up by matter.
        matters: Vec<Matter>,
    }
}

record! {
    /// Something that residents brought up (反映事项).
    pub struct Matter {
        /// 事项。What it is about.
        title: String,
        /// 件数。How often it came up.
        count: Option<u32>,
        /// 已办结。How many of them are settled.
        settled: Option<u32>,
        /// 服务领域。The field of service.
        service_area: Option<Ref<ServiceArea>>,
    }
}
