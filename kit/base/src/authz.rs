//! Who may do what where: roles held on a region subtree or in a group.

/// A role, named by the slice that owns accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Role(pub &'static str);

/// Where a grant reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything (the operator).
    All,
    /// A region and all below it, by its dotted code. The empty code is the whole country.
    Region(String),
    /// One group, by its id.
    Group(i64),
}

impl Scope {
    /// The group, when it is one.
    pub fn group(&self) -> Option<i64> {
        if let Scope::Group(group) = self { Some(*group) } else { None }
    }
}

/// A role held now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Its row, so that an act can name what allowed it.
    pub id: i64,
    pub role: String,
    pub scope: Scope,
    /// Held in someone's stead for a while: it does the same work and cannot be passed on.
    pub delegated: bool,
    /// Whether it gives power over what belongs to others; such acts are audited.
    pub privileged: bool,
}

impl Grant {
    fn is_one_of(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| role.0 == self.role)
    }

    /// Whether it lets one of `roles` act on `place`.
    fn covers(&self, roles: &[Role], place: &Place<'_>) -> bool {
        self.is_one_of(roles)
            && match &self.scope {
                Scope::All => true,
                Scope::Region(code) => within(place.region, code),
                Scope::Group(id) => place.group == Some(*id),
            }
    }
}

/// What an act touches: the region it lies in, and the group it belongs to if any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place<'a> {
    pub region: &'a str,
    pub group: Option<i64>,
}

/// The person behind a request, with every grant that holds at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub account_id: i64,
    pub name: String,
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether one of `roles` is held over `place`.
    pub fn may(&self, roles: &[Role], place: &Place<'_>) -> bool {
        self.grant_over(roles, place).is_some()
    }

    /// The grant by which one of `roles` is held over `place`.
    pub fn grant_over(&self, roles: &[Role], place: &Place<'_>) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.covers(roles, place))
    }

    /// As [`Actor::may`], by a role of their own: what gives rights to others lasts longer than a
    /// stand-in does, so a delegated role is not enough for it.
    pub fn owns(&self, roles: &[Role], place: &Place<'_>) -> bool {
        self.own_over(roles, place).is_some()
    }

    /// The grant of their own by which one of `roles` is held over `place`.
    pub fn own_over(&self, roles: &[Role], place: &Place<'_>) -> Option<&Grant> {
        self.grants.iter().find(|grant| !grant.delegated && grant.covers(roles, place))
    }

    /// Whether one of `roles` is held anywhere.
    pub fn holds(&self, roles: &[Role]) -> bool {
        self.grant_of(roles).is_some()
    }

    /// The first grant of one of `roles`.
    pub fn grant_of(&self, roles: &[Role]) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.is_one_of(roles))
    }

    /// Region codes over which one of `roles` is held; the empty code stands for everything.
    pub fn regions(&self, roles: &[Role]) -> Vec<String> {
        let held = self.grants.iter().filter(|grant| grant.is_one_of(roles));
        held.filter_map(|grant| match &grant.scope {
            Scope::All => Some(String::new()),
            Scope::Region(code) => Some(code.clone()),
            Scope::Group(_) => None,
        })
        .collect()
    }

    /// Ids of the groups in which one of `roles` is held.
    pub fn groups(&self, roles: &[Role]) -> Vec<i64> {
        let held = self.grants.iter().filter(|grant| grant.is_one_of(roles));
        held.filter_map(|grant| match grant.scope {
            Scope::Group(id) => Some(id),
            _ => None,
        })
        .collect()
    }
}

/// Whether `code` is `root` or lies below it; whole dotted parts only, so `62.7` does not hold `62.71`.
pub fn within(code: &str, root: &str) -> bool {
    root.is_empty() || code == root || code.strip_prefix(root).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_holds_whole_parts_only() {
        assert!(within("62.71.01", "62.71"));
        assert!(within("62.71", "62.71"));
        assert!(within("62.71", ""));
        assert!(!within("62.71", "62.7"));
        assert!(!within("62", "62.71"));
        assert!(!within("", "62"));
    }

    #[test]
    fn a_group_grant_does_not_reach_its_region() {
        let editor = Role("editor");
        let grant = Grant { id: 1, role: "editor".into(), scope: Scope::Group(7), delegated: false, privileged: true };
        let actor = Actor { account_id: 1, name: String::new(), grants: vec![grant] };
        assert!(actor.may(&[editor], &Place { region: "62.71", group: Some(7) }));
        assert!(!actor.may(&[editor], &Place { region: "62.71", group: Some(8) }));
        assert!(!actor.may(&[editor], &Place { region: "62.71", group: None }));
        assert!(!actor.may(&[Role("verifier")], &Place { region: "62.71", group: Some(7) }));
        assert!(actor.owns(&[editor], &Place { region: "62.71", group: Some(7) }));
        let mut stand_in = actor;
        stand_in.grants[0].delegated = true;
        assert!(stand_in.may(&[editor], &Place { region: "62.71", group: Some(7) }));
        assert!(!stand_in.owns(&[editor], &Place { region: "62.71", group: Some(7) }));
    }
}
