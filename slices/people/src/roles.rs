//! The roles people hold. What each may do is said where it is asked.
use base::authz::Role;

/// Anyone with an account.
pub const RESIDENT: Role = Role("resident");
/// Of a KIM: writes.
pub const MEMBER: Role = Role("member");
/// Of a KIM: keeps its roster, decree and profile.
pub const OFFICER: Role = Role("officer");
/// Of a KIM: reviews and publishes.
pub const EDITOR: Role = Role("editor");
/// Of a region: verifies KIM.
pub const VERIFIER: Role = Role("verifier");
/// Of a region: fosters KIM.
pub const FOSTERING: Role = Role("fostering");
/// Of a region: answers for an agency.
pub const AGENCY: Role = Role("agency");
/// Of the whole: keeps the system.
pub const OPERATOR: Role = Role("operator");

/// Every role, in the order they are offered.
pub const ALL: &[Role] = &[RESIDENT, MEMBER, OFFICER, EDITOR, VERIFIER, FOSTERING, AGENCY, OPERATOR];
/// Those who write for a KIM.
pub const NEWSROOM: &[Role] = &[MEMBER, OFFICER, EDITOR];
/// Those who publish for a KIM.
pub const EDITORS: &[Role] = &[EDITOR, OPERATOR];
/// Those who keep a KIM's affairs.
pub const OFFICERS: &[Role] = &[OFFICER, EDITOR, OPERATOR];
/// Those who watch over the KIM of a region.
pub const OVERSEERS: &[Role] = &[VERIFIER, FOSTERING, OPERATOR];
/// Everyone with work to do here.
pub const ANYONE_AT_WORK: &[Role] = &[MEMBER, OFFICER, EDITOR, VERIFIER, FOSTERING, AGENCY, OPERATOR];

/// Roles with power over what belongs to others: what is done by them is audited.
pub const PRIVILEGED: &[Role] = &[OFFICER, EDITOR, VERIFIER, FOSTERING, AGENCY, OPERATOR];

/// The role of a name.
pub fn parse(name: &str) -> Option<Role> {
    ALL.iter().copied().find(|role| role.0 == name)
}

/// Where a role may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Nowhere,
    Group,
    Region,
    All,
}

pub fn reach(role: Role) -> Reach {
    match role {
        MEMBER | OFFICER | EDITOR => Reach::Group,
        VERIFIER | FOSTERING | AGENCY => Reach::Region,
        OPERATOR => Reach::All,
        _ => Reach::Nowhere,
    }
}

/// Key of the role's name.
pub fn key(role: &str) -> &'static str {
    match role {
        "member" => "people-role-member",
        "officer" => "people-role-officer",
        "editor" => "people-role-editor",
        "verifier" => "people-role-verifier",
        "fostering" => "people-role-fostering",
        "agency" => "people-role-agency",
        "operator" => "people-role-operator",
        _ => "people-role-resident",
    }
}
