//! SQL of the import. Whole tables are written, so twenty rows go in one statement.
use base::{Conn, Result, Tx, sql};

use super::{Row, Told};
use crate::region::{level, parent};

/// Every region that is known, history included.
pub async fn rows(conn: &mut Conn) -> Result<Vec<Row>> {
    conn.all(sql!(
        "select code, name, official_name, postal, valid_from, valid_until, replaced_by from regions_region order by code"
    ))
    .await
}

/// Every (folded name, code).
pub async fn names(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    conn.all(sql!("select folded, code from regions_name order by folded, code")).await
}

/// (level, how many current regions).
pub async fn counts(conn: &mut Conn) -> Result<Vec<(i64, i64)>> {
    conn.all(sql!("select level, count(*) as n from regions_region where valid_until is null group by level order by level"))
        .await
}

/// How many regions are current.
pub async fn current(conn: &mut Conn) -> Result<u64> {
    let n = conn.int(sql!("select count(*) as n from regions_region where valid_until is null")).await?;
    Ok(n.unsigned_abs())
}

/// Adds regions that are not known yet.
pub async fn add_rows(tx: &mut Tx, rows: &[Row], told: &mut Told<'_>) -> Result<()> {
    let plain = |row: &&Row| row.valid_from.is_none() && row.valid_until.is_none();
    let (simple, dated): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(plain);
    let (twenties, rest) = simple.as_chunks::<20>();
    for twenty in twenties {
        add_twenty(tx, twenty).await?;
        told.more(20);
    }
    for row in rest.iter().copied().chain(dated) {
        add_row(tx, row).await?;
        told.more(1);
    }
    Ok(())
}

async fn add_row(tx: &mut Tx, row: &Row) -> Result<()> {
    tx.run(sql!(
        "insert into regions_region (code, name, official_name, level, parent, postal, valid_from, valid_until, replaced_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (code) do nothing",
        &row.code,
        &row.name,
        &row.official_name,
        level(&row.code),
        parent(&row.code),
        &row.postal,
        row.valid_from,
        row.valid_until,
        &row.replaced_by
    ))
    .await?;
    Ok(())
}

#[rustfmt::skip]
async fn add_twenty(tx: &mut Tx, r: &[&Row; 20]) -> Result<()> {
    tx.run(sql!(
        "insert into regions_region (code, name, official_name, level, parent, postal)
             values ($1, $2, $3, $4, $5, $6), ($7, $8, $9, $10, $11, $12), ($13, $14, $15, $16, $17, $18), ($19, $20, $21, $22, $23, $24),
                    ($25, $26, $27, $28, $29, $30), ($31, $32, $33, $34, $35, $36), ($37, $38, $39, $40, $41, $42), ($43, $44, $45, $46, $47, $48),
                    ($49, $50, $51, $52, $53, $54), ($55, $56, $57, $58, $59, $60), ($61, $62, $63, $64, $65, $66), ($67, $68, $69, $70, $71, $72),
                    ($73, $74, $75, $76, $77, $78), ($79, $80, $81, $82, $83, $84), ($85, $86, $87, $88, $89, $90), ($91, $92, $93, $94, $95, $96),
                    ($97, $98, $99, $100, $101, $102), ($103, $104, $105, $106, $107, $108), ($109, $110, $111, $112, $113, $114), ($115, $116, $117, $118, $119, $120)
             on conflict (code) do nothing",
            &r[0].code, &r[0].name, &r[0].official_name, level(&r[0].code), parent(&r[0].code), &r[0].postal,
            &r[1].code, &r[1].name, &r[1].official_name, level(&r[1].code), parent(&r[1].code), &r[1].postal,
            &r[2].code, &r[2].name, &r[2].official_name, level(&r[2].code), parent(&r[2].code), &r[2].postal,
            &r[3].code, &r[3].name, &r[3].official_name, level(&r[3].code), parent(&r[3].code), &r[3].postal,
            &r[4].code, &r[4].name, &r[4].official_name, level(&r[4].code), parent(&r[4].code), &r[4].postal,
            &r[5].code, &r[5].name, &r[5].official_name, level(&r[5].code), parent(&r[5].code), &r[5].postal,
            &r[6].code, &r[6].name, &r[6].official_name, level(&r[6].code), parent(&r[6].code), &r[6].postal,
            &r[7].code, &r[7].name, &r[7].official_name, level(&r[7].code), parent(&r[7].code), &r[7].postal,
            &r[8].code, &r[8].name, &r[8].official_name, level(&r[8].code), parent(&r[8].code), &r[8].postal,
            &r[9].code, &r[9].name, &r[9].official_name, level(&r[9].code), parent(&r[9].code), &r[9].postal,
            &r[10].code, &r[10].name, &r[10].official_name, level(&r[10].code), parent(&r[10].code), &r[10].postal,
            &r[11].code, &r[11].name, &r[11].official_name, level(&r[11].code), parent(&r[11].code), &r[11].postal,
            &r[12].code, &r[12].name, &r[12].official_name, level(&r[12].code), parent(&r[12].code), &r[12].postal,
            &r[13].code, &r[13].name, &r[13].official_name, level(&r[13].code), parent(&r[13].code), &r[13].postal,
            &r[14].code, &r[14].name, &r[14].official_name, level(&r[14].code), parent(&r[14].code), &r[14].postal,
            &r[15].code, &r[15].name, &r[15].official_name, level(&r[15].code), parent(&r[15].code), &r[15].postal,
            &r[16].code, &r[16].name, &r[16].official_name, level(&r[16].code), parent(&r[16].code), &r[16].postal,
            &r[17].code, &r[17].name, &r[17].official_name, level(&r[17].code), parent(&r[17].code), &r[17].postal,
            &r[18].code, &r[18].name, &r[18].official_name, level(&r[18].code), parent(&r[18].code), &r[18].postal,
            &r[19].code, &r[19].name, &r[19].official_name, level(&r[19].code), parent(&r[19].code), &r[19].postal,
    ))
    .await?;
    Ok(())
}

/// Brings a known region to what it should be.
pub async fn change_row(tx: &mut Tx, row: &Row) -> Result<()> {
    tx.run(sql!(
        "update regions_region set name = $2, official_name = $3, postal = $4, valid_from = $5, valid_until = $6, replaced_by = $7
         where code = $1",
        &row.code,
        &row.name,
        &row.official_name,
        &row.postal,
        row.valid_from,
        row.valid_until,
        &row.replaced_by
    ))
    .await?;
    Ok(())
}

/// Drops a name by which a region is no longer found.
pub async fn drop_name(tx: &mut Tx, folded: &str, code: &str) -> Result<()> {
    tx.run(sql!("delete from regions_name where folded = $1 and code = $2", folded, code)).await?;
    Ok(())
}

/// Adds names by which regions are found.
pub async fn add_names(tx: &mut Tx, names: &[(String, String)], told: &mut Told<'_>) -> Result<()> {
    let (twenties, rest) = names.as_chunks::<20>();
    for twenty in twenties {
        add_twenty_names(tx, twenty).await?;
        told.more(20);
    }
    for (folded, code) in rest {
        tx.run(sql!(
            "insert into regions_name (folded, code) values ($1, $2) on conflict (folded, code) do nothing",
            folded,
            code
        ))
        .await?;
        told.more(1);
    }
    Ok(())
}

#[rustfmt::skip]
async fn add_twenty_names(tx: &mut Tx, n: &[(String, String); 20]) -> Result<()> {
    tx.run(sql!(
        "insert into regions_name (folded, code)
             values ($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), ($17, $18), ($19, $20),
                    ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), ($31, $32), ($33, $34), ($35, $36), ($37, $38), ($39, $40)
             on conflict (folded, code) do nothing",
            &n[0].0, &n[0].1, &n[1].0, &n[1].1, &n[2].0, &n[2].1, &n[3].0, &n[3].1,
            &n[4].0, &n[4].1, &n[5].0, &n[5].1, &n[6].0, &n[6].1, &n[7].0, &n[7].1,
            &n[8].0, &n[8].1, &n[9].0, &n[9].1, &n[10].0, &n[10].1, &n[11].0, &n[11].1,
            &n[12].0, &n[12].1, &n[13].0, &n[13].1, &n[14].0, &n[14].1, &n[15].0, &n[15].1,
            &n[16].0, &n[16].1, &n[17].0, &n[17].1, &n[18].0, &n[18].1, &n[19].0, &n[19].1,
    ))
    .await?;
    Ok(())
}
