//! Diagrams of a schema: Mermaid text, an SVG picture, and a Markdown page.
//!
//! The output is the same for equal catalogs, and nothing here reads a database or the disk.
//! [`model`] has the content of all three. The picture is laid out in the style of Sugiyama:
//!
//! ```text
//! model ─► layer_assignment ─► layers ─► positions ─► route ─► svg, legend
//!         column of a table   order     height       lines
//! ```

mod keys;
mod layer_assignment;
mod layers;
mod legend;
mod mermaid;
mod model;
mod page;
mod positions;
mod route;
mod svg;
#[cfg(test)]
mod tests;

use crate::catalog::Catalog;
use model::Diagram;

impl Catalog {
    /// Returns the tables, their keys, their references and the views as a Mermaid `erDiagram`.
    ///
    /// Names and types that Mermaid does not accept are adapted, and their original form is in the
    /// comment. Partitions are omitted in all diagrams, because they have the columns of their
    /// table.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        mermaid::write(&Diagram::new(self))
    }

    /// Returns a self-contained SVG picture of the same content for light and dark screens. Views
    /// have a dashed frame and no lines; the page lists what they read.
    #[must_use]
    pub fn to_svg(&self) -> String {
        svg::write(&Diagram::new(self))
    }

    /// Returns a Markdown page with the picture, which has to be in the file `image` beside it, the
    /// tables with their columns and comments, and the Mermaid text.
    #[must_use]
    pub fn to_page(&self, image: &str) -> String {
        page::write(&Diagram::new(self), image)
    }
}
