//! Brand projects.

use super::{Campaign, Organization, ServiceArea, Station};
use crate::model::date::Moment;
use crate::model::record::record;
use crate::model::reference::Ref;

record! {
    /// A brand project (品牌项目).
    pub struct Project {
        /// 牵头组织。The organization that leads it.
        lead: Option<Ref<Organization>>,
        /// 协作组织。The organizations that help.
        partners: Vec<Ref<Organization>>,
        /// 服务领域。The fields of service.
        service_areas: Vec<Ref<ServiceArea>>,
        /// 助力的中心工作。The campaigns it serves.
        campaigns: Vec<Ref<Campaign>>,
        /// 阵地。Where it works.
        stations: Vec<Ref<Station>>,
        /// 创立时间。Since when it exists.
        since: Option<Moment>,
        /// 口号。Its slogan.
        slogan: Option<String>,
        /// 里程碑。What happened when.
        milestones: Vec<Milestone>,
        /// 指标。What it sets out to reach.
        indicators: Vec<Indicator>,
    }
}

record! {
    /// A moment in the life of a project (里程碑).
    pub struct Milestone {
        /// 日期。When.
        date: Moment,
        /// 事件。What happened.
        title: String,
    }
}

record! {
    /// A number that a project sets out to reach (指标).
    pub struct Indicator {
        /// 指标名称。What is counted.
        title: String,
        /// 目标值。The number to reach.
        target: Option<f64>,
        /// 实际值。The number reached.
        actual: Option<f64>,
        /// 单位。The unit.
        unit: Option<String>,
    }
}
