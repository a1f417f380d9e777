//! Every row of the database, to see whether an act left anything behind.
use std::collections::BTreeMap;

use base::Query;
use futures::TryStreamExt;

use super::World;

/// The rows of each table, as lines.
pub type Rows = BTreeMap<String, Vec<String>>;

const OWNERS: &[&str] = &["app", "base", "people", "regions", "kim", "newsroom"];

/// Names of the tables that differ.
pub fn changes(before: &Rows, after: &Rows) -> Vec<String> {
    after.iter().filter(|(table, rows)| before.get(*table) != Some(*rows)).map(|(table, _)| table.clone()).collect()
}

impl World {
    /// Everything that is stored, but the audit: it notes refusals.
    pub async fn rows(&self) -> Rows {
        let mut conn = self.stage.read().await;
        let tables = base::rows::tables(&mut conn, OWNERS).await.expect("tables");
        let mut all = Rows::new();
        for table in tables.iter().filter(|table| table.name != "base_audit") {
            let rows: Vec<String> = base::rows::dump(&mut conn, table, &[]).try_collect().await.expect("rows");
            all.insert(table.name.clone(), rows);
        }
        all
    }

    /// How many events there are: whatever changes something that matters leaves one.
    pub async fn events(&self) -> i64 {
        let mut conn = self.stage.read().await;
        conn.int(Query::new("select count(*) as n from base_event", vec![])).await.expect("a count")
    }
}
