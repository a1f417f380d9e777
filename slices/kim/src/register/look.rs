//! Looks a KIM over against its region's policy.
use base::Conn;
use regions::policy::{Policy, Table};
use web::{Error, Result};

use super::Kim;
use super::rules::{self, Facts, Lack, Size};
use crate::verify;

/// What was found.
pub struct Look {
    pub facts: Facts,
    pub size: Size,
    pub lacks: Vec<Lack>,
    /// Who signs the decree, in the region's words.
    pub signer: String,
    /// Who may be an officer, in the region's words.
    pub eligibility: String,
}

impl Look {
    /// What keeps it from being submitted.
    pub fn blocking(&self) -> Vec<Lack> {
        self.lacks.iter().copied().filter(|lack| lack.blocks()).collect()
    }

    /// What policy asks for and is not there.
    pub fn policy_lacks(&self) -> Vec<Lack> {
        self.lacks.iter().copied().filter(|lack| lack.is_policy()).collect()
    }
}

/// Gathers the facts of a KIM and weighs them.
pub async fn over(conn: &mut Conn, kim: &Kim, now: i64) -> Result<Look> {
    let case = verify::store::case(conn, kim.id).await?.ok_or(Error::Missing)?;
    let policies = Table::load(conn, &kim.region).await?;
    let facts = case.facts(&policies, now);
    let size = case.size(&policies);
    Ok(Look {
        lacks: rules::lacks(&facts, size),
        facts,
        size,
        signer: policies.get(&kim.region, Policy::DecreeSigner).to_owned(),
        eligibility: policies.get(&kim.region, Policy::Eligibility).to_owned(),
    })
}
