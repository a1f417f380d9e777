//! The people of a KIM: office, division, from when until when, and the rights that follow.
pub mod pages;
pub mod skills;
pub mod store;
#[cfg(test)]
mod tests;

use base::authz::{Role, Scope};
use base::{Conn, Tx};
use people::roles::{EDITOR, MEMBER, OFFICER};
use web::Result;

use crate::facility::named;

/// What a member is in the KIM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Office {
    Chair,
    Secretary,
    Treasurer,
    /// Heads a division.
    Head,
    Member,
}

impl Office {
    pub const ALL: [Office; 5] = [Office::Chair, Office::Secretary, Office::Treasurer, Office::Head, Office::Member];

    pub fn code(self) -> &'static str {
        match self {
            Office::Chair => "chair",
            Office::Secretary => "secretary",
            Office::Treasurer => "treasurer",
            Office::Head => "head",
            Office::Member => "member",
        }
    }

    pub fn parse(code: &str) -> Option<Office> {
        Office::ALL.into_iter().find(|office| office.code() == code)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Office::Chair => "kim-office-chair",
            Office::Secretary => "kim-office-secretary",
            Office::Treasurer => "kim-office-treasurer",
            Office::Head => "kim-office-head",
            Office::Member => "kim-office-member",
        }
    }

    /// Whether it keeps the KIM's affairs.
    pub fn keeps(self) -> bool {
        matches!(self, Office::Chair | Office::Secretary | Office::Treasurer)
    }

    /// Whether it leads; only leaders are named on the public page.
    pub fn leads(self) -> bool {
        self != Office::Member
    }
}

impl TryFrom<String> for Office {
    type Error = anyhow::Error;

    fn try_from(code: String) -> Result<Office, anyhow::Error> {
        Office::parse(&code).ok_or_else(|| anyhow::anyhow!("unknown office {code}"))
    }
}

/// A member as the row holds them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Member {
    pub id: i64,
    pub account_id: Option<i64>,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub office: Office,
    pub division: String,
    pub joined_at: i64,
    pub left_at: Option<i64>,
    /// Whether the public page may name them.
    pub show: bool,
    /// Codes of [`skills::SKILLS`] between commas.
    pub skills: String,
    pub skills_other: String,
    /// Codes of [`skills::LANGUAGES`] between commas.
    pub languages: String,
    pub languages_other: String,
}

impl Member {
    /// Keys of the names of what they can do.
    pub fn skill_keys(&self) -> Vec<&'static str> {
        named(&skills::SKILLS, &self.skills)
    }
}

/// The roles that an office brings, and the editor's when it is ticked.
pub fn roles_of(office: Office, edits: bool) -> Vec<Role> {
    let mut roles = vec![if office.keeps() { OFFICER } else { MEMBER }];
    if edits {
        roles.push(EDITOR);
    }
    roles
}

/// Gives an account exactly these roles of its own in a group, ending the group's others.
pub async fn set_roles(tx: &mut Tx, group: i64, account: i64, roles: &[Role], by: Option<i64>, now: i64) -> Result<()> {
    let scope = Scope::Group(group);
    crate::age::allow(tx, group, account, roles, now).await?;
    for role in [MEMBER, OFFICER, EDITOR] {
        if roles.contains(&role) {
            people::grant::give(tx, account, role, &scope, by, now, None).await?;
        } else {
            people::grant::end(tx, account, role, &scope, now).await?;
        }
    }
    Ok(())
}

/// Whether an account may edit and publish for a group.
pub async fn edits(conn: &mut Conn, group: i64, account: Option<i64>, now: i64) -> Result<bool> {
    let Some(account) = account else { return Ok(false) };
    Ok(people::grant::owners(conn, EDITOR, &Scope::Group(group), now).await?.contains(&account))
}

/// Whether a change of roles touches more than a plain member's, which a stand-in may not do.
pub async fn moves_rights(conn: &mut Conn, group: i64, account: i64, wanted: &[Role], now: i64) -> Result<bool> {
    for role in [OFFICER, EDITOR] {
        let holds = people::grant::owners(conn, role, &Scope::Group(group), now).await?.contains(&account);
        if holds != wanted.contains(&role) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a group would have no keeper left without this account. Who only stands in, or cannot log
/// in, is none.
pub async fn is_last_keeper(conn: &mut Conn, group: i64, account: i64, now: i64) -> Result<bool> {
    let keepers = people::grant::owners(conn, OFFICER, &Scope::Group(group), now).await?;
    Ok(keepers == [account])
}
