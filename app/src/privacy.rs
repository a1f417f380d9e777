//! `simpul privacy`: the register of processing, and one person's data for the operator.
use std::io::Write;

use anyhow::{Context, Result};
use base::{Conn, Lang, Texts};
use clap::Subcommand;
use people::privacy::{copy_as_json, copy_parts, person};
use web::App;
use web::privacy::Person;

use crate::audit::note;

#[derive(Subcommand)]
pub enum Privacy {
    /// Prints the register of processing activities as CSV.
    Register {
        /// id or en.
        #[arg(long, default_value = "id")]
        lang: String,
    },
    /// Prints everything that is kept of one person, as JSON.
    Export {
        /// User name, phone number, e-mail address, or # and the number of the account.
        account: String,
    },
}

pub async fn run(app: &App, command: Privacy) -> Result<()> {
    match command {
        Privacy::Register { lang } => {
            let lang = Lang::parse(&lang).with_context(|| format!("no language {lang}"))?;
            register(&app.kit().texts, lang, &mut std::io::stdout().lock())?;
        }
        Privacy::Export { account } => {
            let kit = app.kit();
            let mut conn = kit.db.read().await?;
            let person = find(&mut conn, &account).await?;
            let parts = copy_parts(&web::app::personal(&crate::slices()), &mut conn, &person).await?;
            drop(conn);
            note(app, "people.copy.made", ("account", person.id), "").await?;
            println!("{}", serde_json::to_string_pretty(&copy_as_json(&person, &parts, kit.clock.now()))?);
        }
    }
    Ok(())
}

/// The person of a login or of `#` and a number.
pub async fn find(conn: &mut Conn, named: &str) -> Result<Person> {
    let id = match named.strip_prefix('#') {
        Some(number) => number.parse().ok(),
        None => people::account::find_by_login(conn, named).await?,
    };
    let found = match id {
        Some(id) => person(conn, id).await?,
        None => None,
    };
    found.with_context(|| format!("no account named {named}"))
}

/// Writes the register: one line for each thing that is kept.
pub fn register(texts: &Texts, lang: Lang, out: &mut dyn Write) -> Result<()> {
    let say = |key: &str, n: i64| texts.say(lang, key, &[("n", &n.to_string())]);
    let heads =
        ["people-data-what", "app-register-data", "people-data-why", "people-data-basis", "people-data-who", "people-data-kept"];
    let mut head: Vec<String> = heads.iter().map(|key| say(key, 0)).collect();
    head.push(say("app-register-places", 0));
    line(out, &head)?;
    for processing in web::app::personal(&crate::slices()).iter().flat_map(|personal| personal.register) {
        line(
            out,
            &[
                say(processing.what, 0),
                say(processing.data, 0),
                say(processing.why, 0),
                say(processing.basis.key(), 0),
                say(processing.seen, 0),
                say(processing.kept.key, processing.kept.n),
                processing.tables.join(" "),
            ],
        )?;
    }
    Ok(())
}

/// One line of CSV (RFC 4180). A cell that a spreadsheet would run as a formula is made text.
pub fn line(out: &mut dyn Write, cells: &[String]) -> Result<()> {
    let cell = |text: &String| {
        let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.clone() };
        if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    write!(out, "{}\r\n", cells.iter().map(cell).collect::<Vec<_>>().join(","))?;
    Ok(())
}
