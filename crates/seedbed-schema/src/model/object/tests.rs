use test_support::assert_snapshot;

use super::*;

const STANDALONE: [ObjectKind; 18] = [
    ObjectKind::Extension,
    ObjectKind::Schema,
    ObjectKind::Collation,
    ObjectKind::Type,
    ObjectKind::Domain,
    ObjectKind::Sequence,
    ObjectKind::Function,
    ObjectKind::Procedure,
    ObjectKind::Aggregate,
    ObjectKind::Table,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Statistics,
    ObjectKind::DefaultPrivileges,
    ObjectKind::EventTrigger,
    ObjectKind::Publication,
    ObjectKind::Subscription,
    ObjectKind::Other,
];

/// Returns an object of each kind, each kind of part of the objects that have it, and each aspect of a column.
fn objects() -> Vec<Object> {
    let standalone = STANDALONE.map(|kind| match kind {
        ObjectKind::Extension | ObjectKind::Schema | ObjectKind::EventTrigger => {
            Object::global(kind, "x")
        }
        ObjectKind::Publication | ObjectKind::Subscription => Object::global(kind, "x"),
        ObjectKind::DefaultPrivileges => Object::global(kind, "tables in schema public"),
        ObjectKind::Other => Object::global(kind, "operator <-> (point, point)"),
        kind => Object::qualified(kind, &QualifiedName::new("public", "x")),
    });
    let table = Object::qualified(ObjectKind::Table, &QualifiedName::new("public", "t"));
    let view = Object::qualified(ObjectKind::View, &QualifiedName::new("public", "v"));
    let sequence = Object::qualified(ObjectKind::Sequence, &QualifiedName::new("public", "s"));
    let column = table.part(PartKind::Column, "a");
    let parts = [
        table.part(PartKind::ColumnOrder, ""),
        view.part(PartKind::Default, "a"),
        sequence.part(PartKind::OwnedBy, ""),
        table.part(PartKind::Constraint, "t_a_check"),
        table.part(PartKind::Index, "t_a_idx"),
        table.part(PartKind::Parent, "public.p"),
        table.part(PartKind::ParentIndex, "t_a_idx"),
        table.part(PartKind::ReplicaIdentity, ""),
        table.part(PartKind::ClusterOrder, ""),
        table.part(PartKind::RowType, ""),
        table.part(PartKind::Rule, "r"),
        table.part(PartKind::Trigger, "t"),
        table.part(PartKind::RowSecurity, ""),
        table.part(PartKind::Policy, "p"),
        view.part(PartKind::Stub, ""),
    ];
    let aspects =
        [column.clone(), column.aspect(Aspect::Comment), column.aspect(Aspect::Privileges)];
    standalone.into_iter().chain(parts).chain(aspects).collect()
}

#[test]
fn every_kind_of_object_and_part_reads_as_a_phrase() {
    let lines = objects().into_iter().map(|object| format!("{object}\n  {}", object.phrase()));
    assert_snapshot!("phrases", lines.collect::<Vec<_>>().join("\n"));
}
