//! Looks a KIM over against its region's policy.
use base::Conn;
use regions::policy::{self, Policy};
use web::Result;

use super::Kim;
use super::rules::{self, Facts, Lack, Size};
use crate::{decree, member};

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
    let members = member::store::current(conn, kim.id).await?;
    let latest = decree::store::latest(conn, kim.id).await?;
    let holds = |office| members.iter().any(|member| member.office == office);
    let facts = Facts {
        about: !kim.about.trim().is_empty(),
        members: i64::try_from(members.len()).unwrap_or(i64::MAX),
        chair: holds(member::Office::Chair),
        secretary: holds(member::Office::Secretary),
        decree: latest.is_some(),
        decree_expired: latest.as_ref().is_some_and(|decree| decree.expires_at.is_some_and(|end| end <= now)),
        contact: !kim.contact_phone.is_empty() || !kim.contact_email.is_empty(),
    };
    let size = Size {
        least: policy::int(conn, &kim.region, Policy::KimSizeMin).await?,
        most: policy::int(conn, &kim.region, Policy::KimSizeMax).await?,
    };
    Ok(Look {
        lacks: rules::lacks(&facts, size),
        facts,
        size,
        signer: policy::get(conn, &kim.region, Policy::DecreeSigner).await?.value,
        eligibility: policy::get(conn, &kim.region, Policy::Eligibility).await?.value,
    })
}
