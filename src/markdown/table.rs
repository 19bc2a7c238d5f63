//! Writes tables as HTML.

use pulldown_cmark::Alignment;

use super::html::Writer;

/// The table being written.
#[derive(Default)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
    has_body: bool,
}

impl Writer<'_, '_> {
    /// A table, in a box that scrolls and that the keyboard reaches.
    ///
    /// A group, not a region: many tables would be as many landmarks of one name.
    pub(super) fn table(&mut self, alignments: &[Alignment]) {
        self.block(
            "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"表格\">\n<table>\n",
        );
        self.table = Table {
            alignments: alignments.to_vec(),
            ..Table::default()
        };
    }

    /// The start of a row below the head.
    pub(super) fn table_row(&mut self) {
        if !std::mem::replace(&mut self.table.has_body, true) {
            self.out.push_str("<tbody>\n");
        }
        self.table.column = 0;
        self.out.push_str("<tr>");
    }

    /// The start of a cell; alignment is a class, for pages forbid inline styles.
    pub(super) fn table_cell(&mut self) {
        self.last = None;
        self.out.push_str(if self.table.in_head {
            "<th scope=\"col\""
        } else {
            "<td"
        });
        self.out
            .push_str(match self.table.alignments.get(self.table.column) {
                Some(Alignment::Left) => " class=\"align-left\">",
                Some(Alignment::Center) => " class=\"align-center\">",
                Some(Alignment::Right) => " class=\"align-right\">",
                Some(Alignment::None) | None => ">",
            });
        self.table.column += 1;
    }

    /// The end of a table.
    pub(super) fn table_end(&mut self) {
        if self.table.has_body {
            self.out.push_str("</tbody>\n");
        }
        self.out.push_str("</table>\n</div>\n");
    }

    /// The start of a table's head.
    pub(super) fn table_head(&mut self) {
        self.table.in_head = true;
        self.table.column = 0;
        self.out.push_str("<thead>\n<tr>");
    }

    /// The end of a table's head.
    pub(super) fn table_head_end(&mut self) {
        self.table.in_head = false;
        self.out.push_str("</tr>\n</thead>\n");
    }

    /// The end of a cell.
    pub(super) fn table_cell_end(&mut self) {
        let tag = if self.table.in_head { "</th>" } else { "</td>" };
        self.out.push_str(tag);
    }
}
