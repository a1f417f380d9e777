//! What all slices offer together, as a handler asks for it.
use base::Conn;
use base::authz::{Role, Scope};

use crate::limits::Limits;
use crate::slice::{ArchiveRows, Archived, FoundGroup, MenuItem, Named, Panel, Spot, Task, Vet, Vetted};
use crate::{Ctx, Error};

impl Ctx {
    /// The throttles of this process.
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// What all slices add to a page, in order.
    pub async fn panels(&self, conn: &mut Conn, spot: &Spot) -> crate::Result<Vec<Panel>> {
        let mut all = Vec::new();
        for render in &self.shared.panels {
            all.extend(render(self, conn, spot).await?);
        }
        all.sort_by_key(|panel| panel.order);
        Ok(all)
    }

    /// The map of a region that another slice draws, if one does.
    pub async fn region_map(&self, conn: &mut Conn, code: &str) -> crate::Result<Option<String>> {
        match self.shared.region_map {
            Some(draw) => draw(self, conn, code).await,
            None => Ok(None),
        }
    }

    /// What waits for this person, most urgent first.
    pub async fn tasks(&self, conn: &mut Conn) -> crate::Result<Vec<Task>> {
        let mut all = Vec::new();
        for list in &self.shared.tasks {
            all.extend(list(self, conn).await?);
        }
        all.sort_by_key(|task| task.order);
        Ok(all)
    }

    /// What people call the place that a scope reaches; none when nobody knows it.
    pub async fn name_of(&self, conn: &mut Conn, scope: &Scope) -> crate::Result<Option<Named>> {
        for name in &self.shared.name_of {
            if let Some(named) = name(conn, scope).await? {
                return Ok(Some(named));
            }
        }
        Ok(None)
    }

    /// Groups that someone may mean by an address or the start of a name.
    pub async fn find_group(&self, conn: &mut Conn, typed: &str) -> crate::Result<Vec<FoundGroup>> {
        let mut all = Vec::new();
        for find in &self.shared.find_group {
            all.extend(find(conn, typed).await?);
        }
        Ok(all)
    }

    /// What all slices keep of a group, for its archive.
    pub async fn archive(&self, conn: &mut Conn, archived: Archived) -> crate::Result<Vec<ArchiveRows>> {
        let mut all = Vec::new();
        for list in &self.shared.archives {
            all.extend(list(&self.kit, conn, archived).await?);
        }
        Ok(all)
    }

    /// Refuses a right to somebody who may not hold it; asked by whoever gives one, before giving it.
    pub async fn vet(
        &self,
        conn: &mut Conn,
        account_id: i64,
        role: Role,
        scope: &Scope,
        entry: Option<i64>,
    ) -> crate::Result<()> {
        let vetted = Vetted { account_id, role, scope, entry, now: self.now() };
        match refusal(&self.shared.vets, conn, &vetted).await? {
            Some(key) => Err(Error::Conflict(key)),
            None => Ok(()),
        }
    }

    /// All menu items.
    pub fn menu(&self) -> &[MenuItem] {
        &self.shared.menu
    }
}

/// The key of the first text that says why somebody may not get a right.
pub(crate) async fn refusal(vets: &[Vet], conn: &mut Conn, vetted: &Vetted<'_>) -> base::Result<Option<&'static str>> {
    for vet in vets {
        if let Some(key) = vet(conn, vetted).await? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}
