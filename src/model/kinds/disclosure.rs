//! What is disclosed: documents, notices, responses, funds, assessments.

use super::{Money, Organization, ServiceArea};
use crate::model::date::{Date, Moment};
use crate::model::leaf::FileName;
use crate::model::record::{choice, record};
use crate::model::reference::Ref;

choice! {
    /// Whether a document is in force.
    pub enum Validity {
        /// In force.
        InForce = "in_force", "有效";
        /// No longer in force.
        Expired = "expired", "失效";
        /// Withdrawn.
        Repealed = "repealed", "废止";
    }
}

record! {
    /// A document (文件).
    pub struct Document {
        /// 索引号。The index number, where there is one.
        index_number: Option<String>,
        /// 发文机关。Who issued it.
        issuer: Option<String>,
        /// 发文字号。The document number, where there is one.
        document_number: Option<String>,
        /// 成文日期。The day it bears.
        issued_on: Option<Date>,
        /// 主题分类。Its subject category.
        category: Option<String>,
        /// 有效性。Whether it is in force.
        validity: Option<Validity>,
        /// 附件。Files to download.
        attachments: Vec<Attachment>,
        /// 解读的文件。The documents it explains.
        interprets: Vec<Ref<Document>>,
    }
}

record! {
    /// A file to download (附件).
    pub struct Attachment(file) {
        /// 文件。The file beside the entry.
        file: FileName,
        /// 名称。What it is.
        title: Option<String>,
    }
}

record! {
    /// An announcement (通知公告).
    pub struct Notice {
        /// 发布单位。Who issues it.
        issuer: Option<String>,
        /// 附件。Files to download.
        attachments: Vec<Attachment>,
    }
}

record! {
    /// An answer to something that residents asked (诉求回应).
    pub struct Response {
        /// 来信日期。When it was asked.
        asked_on: Moment,
        /// 答复日期。When it was answered.
        answered_on: Option<Moment>,
        /// 答复组织。Who answers.
        organization: Option<Ref<Organization>>,
        /// 服务领域。The field of service.
        service_area: Option<Ref<ServiceArea>>,
        /// 诉求。What was asked.
        question: String,
    }
}

record! {
    /// A year's funds (经费公开).
    pub struct Funds {
        /// 预算。What was planned.
        budget: Option<Account>,
        /// 支出。What was spent.
        spending: Option<Account>,
        /// 审计。What the audit found.
        audit: Option<Audit>,
        /// 绩效评价。How the use of the funds was judged.
        evaluation: Option<Evaluation>,
    }
}

record! {
    /// A list of amounts and their total (收支).
    pub struct Account {
        /// 合计。The total in yuan.
        total: Money,
        /// 明细。The items.
        items: Vec<AccountItem>,
    }
}

record! {
    /// One amount (明细).
    pub struct AccountItem {
        /// 项目。What it is for.
        title: String,
        /// 金额。The amount in yuan.
        amount: Money,
        /// 组织。Whose it is.
        organization: Option<Ref<Organization>>,
    }
}

record! {
    /// An audit (审计).
    pub struct Audit {
        /// 审计单位。Who audited.
        auditor: Option<String>,
        /// 日期。When.
        date: Option<Date>,
        /// 结论。What was found.
        conclusion: Option<String>,
        /// 附件。Files to download.
        attachments: Vec<Attachment>,
    }
}

record! {
    /// An evaluation of performance (绩效评价).
    pub struct Evaluation {
        /// 得分。The score.
        score: Option<f64>,
        /// 等次。The grade.
        grade: Option<String>,
        /// 评价意见。The judgement.
        conclusion: Option<String>,
    }
}

record! {
    /// A year's assessment (绩效考核).
    pub struct Assessment {
        /// 考核结果。The results.
        results: Vec<AssessmentResult>,
    }
}

record! {
    /// The result of one organization (考核结果).
    pub struct AssessmentResult {
        /// 组织。The organization.
        organization: Ref<Organization>,
        /// 得分。The score.
        score: Option<f64>,
        /// 等次。The grade.
        grade: Option<String>,
        /// 说明。Anything else.
        note: Option<String>,
    }
}
