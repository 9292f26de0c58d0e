//! The tables and what refers to what, for people: Mermaid, a picture, a page.
//!
//! Text out of a catalogue, the same for equal catalogues; nothing here reads a database or the disk.
//! [`model`] is what all of them show. The picture goes through [`columns`] and [`layers`] (which table
//! is in which column, and in which order), [`place`] (how high), [`route`] (where the lines go), [`svg`] and
//! [`legend`].

mod columns;
mod keys;
mod layers;
mod legend;
mod mermaid;
mod model;
mod page;
mod place;
mod route;
mod svg;
#[cfg(test)]
mod tests;

use crate::catalog::Catalog;
use model::Diagram;

impl Catalog {
    /// The tables, their keys and references, and the views as the text of a Mermaid `erDiagram`.
    ///
    /// Names and types that Mermaid would not take are adapted, and stand beside it as they are.
    /// Partitions are left out here, in the picture and on the page: they are as their table is.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::write(&Diagram::of(self))
    }

    /// The same as a picture, an SVG file for light and dark screens that needs nothing beside it. Views have a
    /// dashed frame, and no line: what they read is told on the page.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::write(&Diagram::of(self))
    }

    /// A page of Markdown: the picture, which is in the file `image` beside it, the tables with their
    /// columns and comments, and the Mermaid text.
    #[must_use]
    pub fn to_page(&self, image: &str) -> String {
        page::write(&Diagram::of(self), image)
    }
}
