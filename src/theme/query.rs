//! The lists that templates ask for in `theme.yaml`.

use crate::link::lists::is_dated;
use crate::link::{EntryId, Site};
use crate::model::Kind;
use crate::model::form::Form;
use crate::model::leaf::read_choice;
use crate::model::node::Node;
use crate::model::record::{choice, record};
use crate::model::shape::Shape;
use crate::model::value::{Reader, Value};

choice! {
    /// In which order a list stands.
    pub enum Order {
        /// The newest first.
        Newest = "newest", "新的在前";
        /// The oldest first; for undated kinds the order of their files.
        Oldest = "oldest", "旧的在前";
    }
}

record! {
    /// A list for one template (列表).
    pub struct ListQuery {
        /// 模板。The template that gets it, without `.html`.
        template: String,
        /// 名称。Its name below `lists` in that template.
        name: String,
        /// 类别。The kind of its entries.
        kind: KindName,
        /// 数量。How many entries at most; without this key all.
        limit: Option<u32>,
        /// 顺序。The order; without this key newest first for dated kinds.
        order: Option<Order>,
    }
}

/// A kind, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindName(pub Kind);

const KINDS: &[(&str, &str)] = &[
    ("organization", "组织"),
    ("person", "人员"),
    ("project", "品牌项目"),
    ("station", "阵地"),
    ("report", "活动报道"),
    ("event", "活动预告"),
    ("meeting", "会议"),
    ("visit", "联系走访"),
    ("document", "文件"),
    ("notice", "通知公告"),
    ("response", "诉求回应"),
    ("rota", "轮值表"),
    ("funds", "经费公开"),
    ("assessment", "绩效考核"),
    ("page", "页面"),
    ("topic", "专题"),
    ("campaign", "中心工作"),
    ("sector", "覆盖领域"),
    ("service_area", "服务领域"),
    ("community", "社区"),
];

impl Value for KindName {
    fn form() -> Form {
        Form::Choice(KINDS)
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Kind::of_name(read_choice(node, reader, KINDS)?).map(KindName)
    }

    fn inspect(&self) -> Shape<'_> {
        let kind = self.0;
        let (key, label) = KINDS
            .iter()
            .find(|(key, _)| *key == kind.name())
            .copied()
            .unwrap_or_default();
        Shape::Choice(key, label)
    }
}

impl ListQuery {
    /// The entries of the list, in its order.
    pub fn run(&self, site: &Site) -> Vec<EntryId> {
        let all = site
            .collections
            .get(&self.kind.0)
            .map_or(&[][..], Vec::as_slice);
        let limit = self.limit.map_or(usize::MAX, |limit| limit as usize);
        let newest_first = match self.order {
            Some(order) => order == Order::Newest,
            None => is_dated(self.kind.0),
        };
        if newest_first {
            all.iter().rev().take(limit).copied().collect()
        } else {
            all.iter().take(limit).copied().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_can_be_asked_for_by_its_own_label() {
        for kind in Kind::ALL {
            assert!(
                KINDS.contains(&(kind.name(), kind.label().zh.as_str())),
                "{kind:?}"
            );
        }
    }
}
