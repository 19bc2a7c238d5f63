//! What the page of a rota shows beyond its keys: how far each turn has come.

use serde::Serialize;

use crate::link::EntryId;
use crate::model::date::Moment;
use crate::model::kinds::{Rota, Task, TaskState, Turn};
use crate::render::Prepared;
use crate::view::{Card, Cards, MomentView};

/// What the template of a rota gets beside `entry`.
#[derive(Debug, Serialize)]
pub struct RotaView<'a> {
    /// The turns, as written.
    pub turns: Vec<TurnView<'a>>,
}

/// One month's turn.
#[derive(Debug, Serialize)]
pub struct TurnView<'a> {
    /// 1 to 12.
    pub month: u8,
    /// The month with its year: `2021-05`.
    pub iso: String,
    /// The organization that leads, where it is public.
    pub lead: Option<Prepared<Card<'a>>>,
    /// Who is responsible, where written.
    pub chair: Option<&'a str>,
    /// The responsible person, where there is a public entry.
    pub chair_person: Option<Prepared<Card<'a>>>,
    /// The project of the month, where written and public.
    pub project: Option<Prepared<Card<'a>>>,
    /// The organizations that help.
    pub partners: Vec<Prepared<Card<'a>>>,
    /// The tasks.
    pub tasks: Vec<TaskView<'a>>,
    /// How many tasks say how far they have come.
    pub counted: usize,
    /// How many tasks are done.
    pub done: usize,
    /// How many of the tasks that say how far they have come are done, in per cent; 0 where none does.
    pub percent: usize,
}

/// A task.
#[derive(Debug, Serialize)]
pub struct TaskView<'a> {
    /// What is to be done.
    pub title: &'a str,
    /// By when, where written.
    pub due: Option<MomentView>,
    /// How far it has come, where written: `todo`, `doing`, `done`.
    pub state: Option<&'static str>,
    /// The same in words: `未开始`.
    pub label: Option<&'static str>,
}

impl<'a> RotaView<'a> {
    /// That of an entry.
    pub fn new(id: EntryId, rota: &'a Rota, cards: &'a Cards<'a>) -> Self {
        let year = &cards.site.entry(id).raw.id;
        let turns = rota.turns.iter();
        RotaView {
            turns: turns.map(|turn| TurnView::new(turn, year, cards)).collect(),
        }
    }
}

impl<'a> TurnView<'a> {
    fn new(turn: &'a Turn, year: &str, cards: &'a Cards<'a>) -> Self {
        let count = |is: fn(&Task) -> bool| turn.tasks.iter().filter(|task| is(task)).count();
        let done = count(|task| task.state == Some(TaskState::Done));
        let counted = count(|task| task.state.is_some());
        TurnView {
            month: turn.month.0,
            iso: format!("{year}-{:02}", turn.month.0),
            lead: cards.targets([&turn.lead]).next(),
            chair: turn.chair.as_deref(),
            chair_person: cards.targets(&turn.chair_person).next(),
            project: cards.targets(&turn.project).next(),
            partners: cards.targets(&turn.partners).collect(),
            tasks: turn.tasks.iter().map(TaskView::from).collect(),
            counted,
            done,
            percent: (done * 100).checked_div(counted).unwrap_or(0),
        }
    }
}

impl<'a> From<&'a Task> for TaskView<'a> {
    fn from(task: &'a Task) -> Self {
        let state = task.state.map(TaskState::key_and_label);
        TaskView {
            title: &task.title,
            due: task.due.map(|due| MomentView::from(Moment::day(due))),
            state: state.map(|state| state.0),
            label: state.map(|state| state.1),
        }
    }
}
