//! Organizations and the people in them.

use super::{Community, Project, Sector, Station};
use crate::model::date::Date;
use crate::model::kinds::Coverage;
use crate::model::leaf::{FileName, Seats};
use crate::model::record::{choice, record};
use crate::model::reference::Ref;
use crate::model::weekly::WeeklySlot;

choice! {
    /// What sort of organization it is, in the order in which they are listed.
    pub enum OrganizationKind {
        /// A leading group or coordinating office.
        Coordination = "coordination", "统筹机构";
        /// A trade union.
        TradeUnion = "trade_union", "工会";
        /// A committee of the Communist Youth League.
        YouthLeague = "youth_league", "共青团";
        /// A women's federation.
        WomensFederation = "womens_federation", "妇联";
        /// A science association.
        ScienceAssociation = "science_association", "科协";
        /// An office for Party and mass work at the grassroots.
        PartyMassOffice = "party_mass_office", "党群办（部）";
        /// Volunteers.
        Volunteers = "volunteers", "义工组织";
        /// Another organization.
        Other = "other", "其他";
    }
}

choice! {
    /// Whether an organization exists yet.
    pub enum Status {
        /// It exists.
        Existing = "existing", "已建";
        /// It is planned.
        Planned = "planned", "拟建";
    }
}

choice! {
    /// Whether somebody belongs to the establishment (体制).
    pub enum System {
        /// Inside.
        Inside = "inside", "体制内";
        /// Outside.
        Outside = "outside", "体制外";
    }
}

choice! {
    /// How somebody serves.
    pub enum Tenure {
        /// As the main occupation.
        FullTime = "full_time", "专职";
        /// Beside another occupation.
        PartTime = "part_time", "兼职";
        /// Seconded from elsewhere.
        Seconded = "seconded", "挂职";
    }
}

record! {
    /// An organization (组织).
    pub struct Organization {
        /// 类别。What sort of organization it is.
        kind: OrganizationKind,
        /// 状态。Whether it exists yet; without this key it does.
        status: Option<Status>,
        /// 上级组织。The organization above it.
        parent: Option<Ref<Organization>>,
        /// 层级。Its level in its own words, such as 街道 or 社区.
        level: Option<String>,
        /// 覆盖方式。Whether it covers a region, an industry or a function.
        coverage: Vec<Coverage>,
        /// 覆盖领域。The sectors it covers.
        sectors: Vec<Ref<Sector>>,
        /// 机构设置。The posts it is to have.
        establishment: Vec<Post>,
        /// 班子成员。Who holds the posts.
        roster: Vec<Holder>,
        /// 联系方式。How to reach it.
        contact: Option<Contact>,
        /// 阵地。Where it works.
        stations: Vec<Ref<Station>>,
    }
}

record! {
    /// A post of an establishment (职务).
    pub struct Post {
        /// 职务。The name of the post.
        title: String,
        /// 职数。How many people hold it.
        seats: Seats,
        /// 体制内。How many of them belong to the establishment.
        inside: Option<u32>,
        /// 体制外。How many do not.
        outside: Option<u32>,
        /// 专职。How many serve full-time.
        full_time: Option<u32>,
        /// 兼职。How many serve part-time.
        part_time: Option<u32>,
        /// 任职人。Who is to hold it by virtue of another office.
        held_by: Option<String>,
        /// 说明。The wording of the source.
        note: Option<String>,
    }
}

record! {
    /// A holder of a post (任职人员).
    pub struct Holder {
        /// 职务。The post, as named in the establishment.
        post: String,
        /// 人员。The person, where there is an entry.
        person: Option<Ref<Person>>,
        /// 姓名。The name, where there is no entry.
        name: Option<String>,
        /// 体制内外。Whether they belong to the establishment.
        system: Option<System>,
        /// 任职方式。How they serve.
        tenure: Option<Tenure>,
    }
}

record! {
    /// How to reach somebody (联系方式).
    pub struct Contact {
        /// 联系人。Whom to ask for.
        name: Option<String>,
        /// 电话。The telephone number.
        phone: Option<String>,
        /// 电子邮箱。The e-mail address.
        email: Option<String>,
        /// 地址。The postal address.
        address: Option<String>,
        /// 接待时间。When somebody is there.
        hours: Vec<WeeklySlot>,
    }
}

record! {
    /// A person (人员), published only with their consent.
    pub struct Person {
        /// 所在组织。The organizations they belong to.
        organizations: Vec<Ref<Organization>>,
        /// 身份。What they do.
        role: Option<String>,
        /// 任职方式。How they serve.
        tenure: Option<Tenure>,
        /// 来自。Where they come from.
        from: Option<String>,
        /// 本人同意公开。Whether they agreed to be named; nothing is published without.
        consent: bool,
        /// 照片。A portrait.
        photo: Option<FileName>,
        /// 所在社区。The community they live or work in.
        community: Option<Ref<Community>>,
        /// 参与项目。The projects they take part in.
        projects: Vec<Ref<Project>>,
        /// 任职起始。Since when.
        since: Option<Date>,
    }
}
