//! What effects read from paths (`Ask::in_path`) is in the routes of their rows.

use mockstack::contract::{Effect, Operation, PathSegment};

use crate::common::rows;

/// Effects, and the parameters that they read.
const READ: [(&[Effect], &[&str]); 8] = [
    (&[Effect::AddMember, Effect::RemoveMember, Effect::CheckMember], &["group_id", "user_id"]),
    (&[Effect::IndexMembers], &["group_id"]),
    (&[Effect::IndexGroupsOfUser], &["user_id"]),
    (&[Effect::ImplyRole, Effect::ShowImpliedRole, Effect::RevokeImpliedRole], &["id", "implied_id"]),
    (&[Effect::ShowDefinition, Effect::UpdateDefinition, Effect::DeleteDefinition], &["name"]),
    (&[Effect::ShowLiveMigration, Effect::AbortLiveMigration, Effect::CompleteLiveMigration], &["migration_id"]),
    (&[Effect::ShowInstanceAction], &["request_id"]),
    (&[Effect::PutMemberV1, Effect::DeleteMemberV1], &["id"]),
];

/// Roles are of a user or else of a group.
const OF_ACTORS: [Effect; 4] = [Effect::GrantRole, Effect::RevokeRole, Effect::CheckRole, Effect::IndexRolesOfUser];

#[test]
fn effects_read_what_their_routes_have() {
    for (_, row) in rows() {
        let Some(effect) = row.effect else { continue };
        let listed = READ.iter().filter(|(effects, _)| effects.contains(&effect)).flat_map(|(_, names)| *names);
        for name in listed {
            assert!(has(row, name), "{}: its effect reads {{{name}}}, which its route lacks", row.id);
        }
        if OF_ACTORS.contains(&effect) {
            assert!(has(row, "user_id") || has(row, "group_id"), "{}: whose roles?", row.id);
        }
        let is_of_one = matches!(effect, Effect::Show | Effect::Update | Effect::Delete);
        if is_of_one && row.collection.as_deref() == Some("image.members") {
            assert!(has(row, "id"), "{}: which member?", row.id);
        }
    }
}

fn has(row: &Operation, name: &str) -> bool {
    row.path.iter().any(|segment| matches!(segment, PathSegment::Parameter(own) if own == name))
}
