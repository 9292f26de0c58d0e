//! A schema as a page, a Mermaid diagram and an SVG picture.
//!
//! ```no_run
//! # fn example(schema: &seedbed_schema::DatabaseSchema) -> std::io::Result<()> {
//! std::fs::write("schema.svg", seedbed_diagram::svg(schema))?;
//! std::fs::write("schema.md", seedbed_diagram::page(schema, "schema.svg"))?;
//! # Ok(())
//! # }
//! ```
//!
//! The output is the same for equal schemas, and nothing here reads a database or the disk. The
//! module `model` has the content of all three. The picture is laid out in the style of Sugiyama:
//!
//! ```text
//! model ─► layer_assignment ─► layers ─► positions ─► route ─► svg, legend
//!         column of a table   order     height       lines
//! ```
#![deny(missing_docs)]

mod keys;
mod layer_assignment;
mod layers;
mod legend;
mod mermaid;
mod mermaid_parts;
mod model;
mod names;
mod page;
mod positions;
mod route;
mod svg;
#[cfg(test)]
mod tests;

pub use mermaid::mermaid;
pub use page::page;
pub use svg::svg;
