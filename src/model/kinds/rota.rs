//! The yearly rota of lead organizations.

use super::{Organization, Person, Project};
use crate::model::date::{Date, Month};
use crate::model::record::{choice, record};
use crate::model::reference::Ref;

record! {
    /// A year's rota (年度群团项目轮值表).
    pub struct Rota {
        /// 轮值安排。The turns, one for each month.
        turns: Vec<Turn>,
    }
}

record! {
    /// One month's turn (轮值).
    pub struct Turn {
        /// 月份。The month, 1 to 12.
        month: Month,
        /// 轮值组织。The organization that leads.
        lead: Ref<Organization>,
        /// 轮值主席。Who is responsible.
        chair: Option<String>,
        /// 轮值主席（人员）。The responsible person, where there is an entry.
        chair_person: Option<Ref<Person>>,
        /// 项目。The project of the month.
        project: Option<Ref<Project>>,
        /// 协助组织。The organizations that help.
        partners: Vec<Ref<Organization>>,
        /// 工作任务清单。The tasks.
        tasks: Vec<Task>,
    }
}

choice! {
    /// How far a task has come.
    pub enum TaskState {
        /// Not begun.
        Todo = "todo", "未开始";
        /// Under way.
        Doing = "doing", "进行中";
        /// Done.
        Done = "done", "已完成";
    }
}

record! {
    /// A task (工作任务).
    pub struct Task(title) {
        /// 任务。What is to be done.
        title: String,
        /// 完成时限。By when.
        due: Option<Date>,
        /// 进度。How far it has come.
        state: Option<TaskState>,
    }
}
