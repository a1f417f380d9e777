//! SQL of what the register holds of one person.
use base::{Conn, Result, Tx, sql};
use web::privacy::Person;

/// A person's row in a roster.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Membership {
    pub group_id: i64,
    pub group_name: String,
    pub region: String,
    pub name: String,
    pub office: String,
    pub division: String,
    pub joined_at: i64,
    pub left_at: Option<i64>,
    pub show: bool,
    pub skills: String,
    pub skills_other: String,
    pub languages: String,
    pub languages_other: String,
    pub born: Option<i64>,
    pub guardian_at: Option<i64>,
}

pub async fn memberships(conn: &mut Conn, account_id: i64) -> Result<Vec<Membership>> {
    conn.all(sql!(
        "select m.group_id as group_id, g.name as group_name, g.region as region, m.name as name, m.office as office,
             m.division as division, m.joined_at as joined_at, m.left_at as left_at, m.show as show, m.born as born,
             m.guardian_at as guardian_at, m.skills as skills, m.skills_other as skills_other, m.languages as languages,
             m.languages_other as languages_other
         from kim_member m join kim_group g on g.id = m.group_id where m.account_id = $1 order by m.id",
        account_id
    ))
    .await
}

/// A KIM that uses a person's own number or address as its contact.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Contact {
    pub id: i64,
    pub name: String,
    pub phone: String,
    pub email: String,
    pub show_phone: bool,
    pub show_email: bool,
}

pub async fn contacts(conn: &mut Conn, person: &Person) -> Result<Vec<Contact>> {
    conn.all(sql!(
        "select id, name, contact_phone as phone, contact_email as email, show_phone, show_email from kim_group
         where (contact_phone <> '' and contact_phone = $1) or (contact_email <> '' and contact_email = $2) order by id",
        person.phone.clone().unwrap_or_default(),
        person.email.clone().unwrap_or_default()
    ))
    .await
}

/// Empties the contacts of a KIM that are this person's.
pub async fn clear_contact(tx: &mut Tx, group: i64, person: &Person) -> Result<()> {
    tx.run(sql!(
        "update kim_group set
             show_phone = case when contact_phone = $2 then false else show_phone end,
             show_email = case when contact_email = $3 then false else show_email end,
             contact_phone = case when contact_phone = $2 then '' else contact_phone end,
             contact_email = case when contact_email = $3 then '' else contact_email end
         where id = $1",
        group,
        person.phone.clone().unwrap_or_default(),
        person.email.clone().unwrap_or_default()
    ))
    .await?;
    Ok(())
}

/// Leaves of a person's rows what the history of a KIM needs: an office and its time.
pub async fn forget_member(tx: &mut Tx, account_id: i64, name: &str, now: i64) -> Result<()> {
    tx.run(sql!(
        "update kim_member set name = $2, show = false, account_id = null, born = null, guardian_at = null, guardian_by = null,
             skills = ',', skills_other = '', languages = ',', languages_other = '', left_at = coalesce(left_at, $3)
         where account_id = $1",
        account_id,
        name,
        now
    ))
    .await?;
    Ok(())
}

/// A claim of a person on a listing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Claim {
    pub name: String,
    pub office: String,
    pub reason: String,
    pub state: String,
    pub at: i64,
}

pub async fn claims(conn: &mut Conn, account_id: i64) -> Result<Vec<Claim>> {
    conn.all(sql!(
        "select g.name as name, c.office as office, c.reason as reason, c.state as state, c.at as at
         from kim_claim c join kim_group g on g.id = c.group_id where c.account_id = $1 order by c.id",
        account_id
    ))
    .await
}

/// Takes a person's words out of their claims, and what they still wait for; forgets the name of files
/// they sent.
pub async fn forget_claims(tx: &mut Tx, account_id: i64) -> Result<()> {
    tx.run(sql!("delete from kim_claim where account_id = $1 and state = 'waiting'", account_id)).await?;
    tx.run(sql!("update kim_claim set reason = '', answer = '' where account_id = $1", account_id)).await?;
    tx.run(sql!("update kim_import set file = '' where account_id = $1", account_id)).await?;
    Ok(())
}

/// Takes the names off rows of those who left before a moment.
pub async fn retire(tx: &mut Tx, before: i64, name: &str) -> Result<u64> {
    tx.run(sql!(
        "update kim_member set name = $2, account_id = null, born = null, guardian_at = null, guardian_by = null,
             skills = ',', skills_other = '', languages = ',', languages_other = ''
         where left_at is not null and left_at < $1 and name <> $2",
        before,
        name
    ))
    .await
}

/// The accounts of which a table of this slice holds something.
pub async fn holders(conn: &mut Conn, table: &str) -> Result<Option<Vec<i64>>> {
    let query = match table {
        "kim_handover" => sql!(
            "select distinct m.account_id as id from kim_handover h join kim_member m on m.id = h.member_id
             where m.account_id is not null order by m.account_id"
        ),
        "kim_term" => sql!(
            "select distinct m.account_id as id from kim_term t join kim_member m on m.id = t.member_id
             where m.account_id is not null order by m.account_id"
        ),
        "kim_batch" => sql!("select distinct account_id as id from kim_batch order by account_id"),
        "kim_reconfirm" => {
            sql!("select distinct answered_by as id from kim_reconfirm where answered_by is not null order by answered_by")
        }
        "kim_apart" => sql!("select distinct account_id as id from kim_apart order by account_id"),
        "kim_claim" => sql!("select distinct account_id as id from kim_claim order by account_id"),
        "kim_import" | "kim_import_row" | "kim_import_made" => {
            sql!("select distinct account_id as id from kim_import order by account_id")
        }
        "kim_member" => sql!("select distinct account_id as id from kim_member where account_id is not null order by account_id"),
        "kim_group" => sql!(
            "select distinct a.id as id from kim_group g join people_account a on a.id = g.created_by
                 or (g.contact_phone <> '' and a.phone = g.contact_phone) or (g.contact_email <> '' and a.email = g.contact_email)
             order by a.id"
        ),
        "kim_decree" => sql!(
            "select distinct m.account_id as id from kim_decree d join kim_member m on m.group_id = d.group_id
             where m.account_id is not null order by m.account_id"
        ),
        _ => return Ok(None),
    };
    let rows: Vec<(i64,)> = conn.all(query).await?;
    Ok(Some(rows.into_iter().map(|row| row.0).collect()))
}
