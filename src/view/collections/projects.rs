//! What the front page of the projects shows beyond its list: for what and by whom each is.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::kinds::Project;
use crate::render::Prepared;
use crate::view::entry::tied;
use crate::view::{Card, Cards};

/// What the template of the front page of the projects gets as part of `list`.
#[derive(Debug, Serialize)]
pub struct ProjectsView<'a> {
    /// The projects.
    pub projects: Vec<ProjectItem<'a>>,
}

/// A project in the list.
#[derive(Debug, Serialize)]
pub struct ProjectItem<'a> {
    /// The project.
    pub card: Prepared<Card<'a>>,
    /// Its slogan, where written.
    pub slogan: Option<&'a str>,
    /// The organization that leads it.
    pub lead: Option<Prepared<Card<'a>>>,
    /// The fields of service.
    pub service_areas: Vec<Prepared<Card<'a>>>,
    /// Where it works.
    pub stations: Vec<Prepared<Card<'a>>>,
    /// How many reports there are about it.
    pub reports: usize,
    /// The link to the list of these reports, where there are any.
    pub reports_url: Option<String>,
    /// The newest of them.
    pub latest: Option<Prepared<Card<'a>>>,
    /// The keys whose values are illustrative, as `entry.sample` has them.
    pub sample: Vec<&'a str>,
}

impl<'a> ProjectsView<'a> {
    /// That of a site.
    pub fn new(cards: &'a Cards<'a>) -> Self {
        let projects = cards.site.all::<Project>();
        ProjectsView {
            projects: projects
                .map(|(id, project)| ProjectItem::new(id, project, cards))
                .collect(),
        }
    }
}

impl<'a> ProjectItem<'a> {
    fn new(id: EntryId, project: &'a Project, cards: &'a Cards<'a>) -> Self {
        let site = cards.site;
        let reports = site.reports_of(id);
        let latest = reports.and_then(|list| list.entries.last());
        ProjectItem {
            card: cards.of(id),
            slogan: project.slogan.as_deref(),
            lead: cards.targets(&project.lead).next(),
            service_areas: cards.targets(&project.service_areas).collect(),
            stations: cards.targets(&project.stations).collect(),
            reports: reports.map_or(0, |list| list.entries.len()),
            reports_url: reports.map(|list| site.addresses.page(&list.path)),
            latest: latest.map(|&latest| tied(latest, id, cards)),
            sample: site.entry(id).sample_keys(),
        }
    }
}
