//! What explains the marks below a picture.

use super::model::{Diagram, Kind};
use super::place::number;
use super::route::MARGIN;
use super::svg::{circle, draw_mark, many, one, text};

/// From one row to the next, and around all of them.
const ROW: i32 = 22;
const AROUND: i32 = 14;
/// A character of the words, and what is between two entries.
const CHAR: i32 = 7;
const GAP: i32 = 20;

enum Sign {
    Key(&'static str),
    Filled,
    Hollow,
    ExactlyOne,
    OneOrNone,
    AnyNumber,
    View,
}

impl Sign {
    /// With the room before the words.
    fn width(&self) -> i32 {
        match self {
            Self::Key(_) => 27,
            Self::Filled | Self::Hollow => 12,
            Self::ExactlyOne | Self::OneOrNone | Self::AnyNumber => 34,
            Self::View => 30,
        }
    }

    fn draw(&self, x: i32, middle: i32) -> String {
        let line = format!("<path class=\"line\" d=\"M{x} {middle}H{}\"/>", x + 26);
        // At the side of a table, as in the picture.
        let side = format!("<path class=\"rule\" d=\"M{x} {}V{}\"/>", middle - 7, middle + 7);
        match self {
            Self::Key(mark) => draw_mark(x, middle, mark),
            Self::Filled => circle(x + 3, middle, true),
            Self::Hollow => circle(x + 3, middle, false),
            Self::ExactlyOne => side + &line + &one((x, middle), 1, false),
            Self::OneOrNone => side + &line + &one((x, middle), 1, true),
            Self::AnyNumber => side + &line + &many((x, middle), 1),
            Self::View => format!(
                "<rect class=\"table view\" x=\"{x}\" y=\"{}\" width=\"22\" height=\"14\" rx=\"3\"/>\n",
                middle - 7
            ),
        }
    }
}

pub(super) struct Legend {
    /// How far right, and in which row.
    entries: Vec<(i32, i32, Sign, &'static str)>,
    /// The enums with their labels, each in a row of its own below.
    enums: Vec<String>,
    rows: i32,
}

impl Legend {
    /// What is said of rows and what is said of lines, beside each other if the picture is wide enough. The
    /// latter only as far as there is something of it.
    pub(super) fn of(diagram: &Diagram, width: i32) -> Self {
        let of_rows = vec![
            (Sign::Key("PK"), "primary key"),
            (Sign::Key("FK"), "foreign key"),
            (Sign::Key("UK"), "unique"),
            (Sign::Filled, "NOT NULL"),
            (Sign::Hollow, "nullable"),
        ];
        let mut others = Vec::new();
        if !diagram.relations.is_empty() {
            others.push((Sign::ExactlyOne, "exactly one"));
            others.push((Sign::OneOrNone, "one or none"));
            others.push((Sign::AnyNumber, "any number"));
        }
        if diagram.tables.iter().any(|table| table.kind != Kind::Table) {
            others.push((Sign::View, "view"));
        }
        let wide = |(sign, word): &(Sign, &str)| sign.width() + CHAR * number(word.len()) + GAP;
        let (mut entries, mut x, mut row) = (Vec::new(), MARGIN, 0);
        for signs in [of_rows, others] {
            let all: i32 = signs.iter().map(wide).sum();
            if x > MARGIN && x + all - GAP > width - MARGIN && all > 0 {
                (x, row) = (MARGIN, row + 1);
            }
            for entry in signs {
                let next = x + wide(&entry);
                entries.push((x, row, entry.0, entry.1));
                x = next;
            }
        }
        let most = usize::try_from((width - 2 * MARGIN) / CHAR).unwrap_or_default();
        let enums = diagram.enums.iter().map(|one| {
            let text = format!("{}: {}", one.name, one.labels.join(" | "));
            match text.char_indices().nth(most) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        });
        let enums: Vec<String> = enums.collect();
        Self { entries, rows: row + 1 + number(enums.len()), enums }
    }

    pub(super) fn height(&self) -> i32 {
        AROUND + ROW * self.rows
    }

    pub(super) fn draw(&self, top: i32) -> String {
        let mut svg = "<g class=\"legend\">\n".to_owned();
        for (x, row, sign, word) in &self.entries {
            let middle = top + ROW * row + ROW / 2 - 4;
            svg += sign.draw(*x, middle).trim_end();
            svg.push('\n');
            svg += &text(x + sign.width(), middle + 4, "note", word);
        }
        let first = self.rows - number(self.enums.len());
        for (row, line) in self.enums.iter().enumerate() {
            let middle = top + ROW * (first + number(row)) + ROW / 2 - 4;
            svg += &text(MARGIN, middle + 4, "note", line);
        }
        svg + "</g>\n"
    }
}
