//! What gets another name.

use super::ground::Ground;
use super::parts::quoted;
use super::{GeneratedFile, Request, WriteError};
use crate::intent::TableName;
use crate::rust::{Body, Script};

pub(super) fn table(
    request: &Request<'_>,
    from: &TableName,
    to: &TableName,
) -> Result<GeneratedFile, WriteError> {
    // `renameUserToUsers` means the one that is called `user`.
    let from = match request.ground(from)? {
        found if found.name == to.plural => &from.typed,
        found => found.name,
    };
    differ(request, from, &to.plural)?;
    request.free_for(to)?;
    let what = format!("`{from}` becomes `{}`.", to.plural);
    Ok(script(what, "rename_table", &[], from, &to.plural).file(request.slug))
}

pub(super) fn column(
    request: &Request<'_>,
    table: Ground<'_>,
    from: &str,
    to: &str,
) -> Result<GeneratedFile, WriteError> {
    differ(request, from, to)?;
    table.has(from)?;
    table.lacks(to)?;
    table.renames(from)?;
    let what = format!("`{from}` of `{}` becomes `{to}`.", table.name);
    Ok(script(what, "rename_column", &[table.name], from, to).file(request.slug))
}

fn differ(request: &Request<'_>, from: &str, to: &str) -> Result<(), WriteError> {
    if from == to {
        return Err(WriteError::SameName { slug: request.slug.to_owned(), name: from.to_owned() });
    }
    Ok(())
}

fn script(what: String, verb: &str, of: &[&str], from: &str, to: &str) -> Script {
    let call = |from, to| format!("{verb}({})", quoted(&[of, &[from, to]].concat()));
    Script {
        doc: vec![
            what,
            "Indexes and constraints keep their names. What runs in the old version of the application \
             asks for the old name: deploy both together, or stop it meanwhile."
                .to_owned(),
        ],
        up: Body::call(call(from, to)),
        down: Body::call(call(to, from)),
        ..Script::default()
    }
}
