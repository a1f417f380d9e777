//! `simpul user`: accounts, roles, sessions, tokens. Each act is written into the audit.
use anyhow::{Context, Result, bail};
use base::authz::{Role, Scope};
use clap::{Args, Subcommand};
use people::account::NewAccount;
use people::grant::{self, Span};
use web::slice::Vetted;
use web::{App, dates};

use crate::audit::note;

#[derive(Subcommand)]
pub enum User {
    /// Adds an account; the password is read from standard input, or made and printed.
    Add {
        /// Full name.
        name: String,
        /// User name, phone number or e-mail address to log in with.
        #[arg(long)]
        login: String,
        /// Reads the password from standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Gives a role.
    Grant {
        login: String,
        #[command(flatten)]
        what: Right,
        /// First day, such as 2026-11-24; without it the role holds at once.
        #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
        from: String,
        /// The day on which it ends; without it the role holds until it is ended.
        #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
        until: String,
    },
    /// Ends a role, also one that has yet to begin.
    Ungrant {
        login: String,
        #[command(flatten)]
        what: Right,
    },
    /// Locks an account and ends its sessions and tokens.
    Lock {
        login: String,
        /// Opens it again.
        #[arg(long)]
        undo: bool,
    },
    /// Gives an account a new password and ends its sessions.
    Reset {
        login: String,
        /// Reads the password from standard input instead of making one.
        #[arg(long)]
        password_stdin: bool,
    },
    /// The running sessions of an account.
    #[command(subcommand)]
    Sessions(Sessions),
    /// Prints a new API token of an account.
    Token {
        /// User name, phone number or e-mail address.
        login: String,
        /// What the token may do: articles:write. Repeatable.
        #[arg(long, required = true, num_args = 1.., value_name = "SCOPE")]
        scope: Vec<String>,
        /// What the token is for.
        #[arg(long, default_value = "command line")]
        label: String,
        /// Days until it ends.
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
}

/// A role and where it holds.
#[derive(Args)]
pub struct Right {
    /// member, officer, editor, verifier, fostering, agency or operator.
    role: String,
    /// Region code, for roles of a region.
    #[arg(long)]
    region: Option<String>,
    /// Slug of the KIM, for roles in a KIM.
    #[arg(long)]
    kim: Option<String>,
}

#[derive(Subcommand)]
pub enum Sessions {
    /// Ends them all; the person logs in again. Tokens go on.
    End { login: String },
}

pub async fn run(app: &App, user: User) -> Result<()> {
    let kit = app.kit();
    match user {
        User::Add { name, login, password_stdin } => {
            let (password, made) = password(kit, password_stdin)?;
            let new = people::account::read(&name, &login, &password)
                .map_err(|problem| anyhow::anyhow!(kit.texts.say(base::Lang::En, problem, &[])))?;
            let id = add(kit, &new).await?;
            note(app, "people.account.added", ("account", id), "").await?;
            println!("Account {id} added.");
            if made {
                println!("Password: {password}");
            }
        }
        User::Grant { login, what, from, until } => {
            let span = Span::read(&from, &until, kit.clock.now()).map_err(|bad| anyhow::anyhow!(say(kit, bad.key())))?;
            let id = give(app, &login, &what, span).await?;
            note(app, "people.grant.given", ("account", id), &what.role).await?;
        }
        User::Ungrant { login, what } => {
            let id = end(kit, &login, &what).await?;
            note(app, "people.grant.ended", ("account", id), &what.role).await?;
        }
        User::Lock { login, undo } => {
            let id = find(kit, &login).await?;
            let mut tx = kit.db.write().await?;
            people::operator::pages::set_lock(&mut tx, id, !undo, kit.clock.now()).await?;
            tx.commit().await?;
            note(app, if undo { "people.account.opened" } else { "people.account.locked" }, ("account", id), "").await?;
            println!("Account {id} is {}.", if undo { "open" } else { "locked" });
        }
        User::Reset { login, password_stdin } => {
            let id = find(kit, &login).await?;
            let (password, made) = password(kit, password_stdin)?;
            if let Some(problem) = people::account::password_flaw(&password) {
                bail!(kit.texts.say(base::Lang::En, problem, &[]));
            }
            people::account::reset(kit, id, &password).await?;
            note(app, "people.password.reset", ("account", id), "").await?;
            println!("Account {id} has a new password; its sessions are over.");
            if made {
                println!("Password: {password}");
            }
        }
        User::Sessions(Sessions::End { login }) => {
            let id = find(kit, &login).await?;
            let mut tx = kit.db.write().await?;
            let ended = people::session::end_all(&mut tx, id).await?;
            tx.commit().await?;
            note(app, "people.sessions.ended", ("account", id), "").await?;
            println!("{ended} sessions of account {id} are over.");
        }
        User::Token { login, scope, label, days } => {
            for name in &scope {
                if !people::token::SCOPES.contains(&name.as_str()) {
                    bail!("no scope named {name}; there are: {}", people::token::SCOPES.join(", "));
                }
            }
            let id = find(kit, &login).await?;
            let scopes: Vec<&str> = scope.iter().map(String::as_str).collect();
            let mut tx = kit.db.write().await?;
            let secret = people::token::issue(&mut tx, kit, id, &label, &scopes, days * base::clock::DAY).await?;
            tx.commit().await?;
            note(app, "people.token.issued", ("account", id), &scope.join(" ")).await?;
            println!("{secret}");
        }
    }
    Ok(())
}

async fn add(kit: &base::Kit, new: &NewAccount) -> Result<i64> {
    let mut tx = kit.db.write().await?;
    let id = match people::account::add(&mut tx, kit, new).await {
        Err(base::Error::Taken(_)) => bail!("an account with that login exists"),
        other => other?,
    };
    tx.commit().await?;
    Ok(id)
}

async fn find(kit: &base::Kit, login: &str) -> Result<i64> {
    let mut conn = kit.db.read().await?;
    people::account::find_by_login(&mut conn, login).await?.with_context(|| format!("no account named {login}"))
}

/// A text of the product, for the terminal.
fn say(kit: &base::Kit, key: &str) -> String {
    kit.texts.say(base::Lang::En, key, &[])
}

/// The role that was named, and where it holds.
async fn read(kit: &base::Kit, what: &Right) -> Result<(Role, Scope)> {
    use people::roles::{Reach, parse, reach};
    let role = parse(&what.role).with_context(|| format!("no role named {}", what.role))?;
    let mut conn = kit.db.read().await?;
    let scope = match (reach(role), &what.region, &what.kim) {
        (Reach::All, None, None) => Scope::All,
        (Reach::Region, Some(code), None) => {
            Scope::Region(regions::get(&mut conn, code).await.with_context(|| format!("no region {code}"))?.code)
        }
        (Reach::Group, None, Some(slug)) => {
            let group = kim::find(&mut conn, slug).await?.with_context(|| format!("no KIM named {slug}"))?;
            Scope::Group(group.id)
        }
        (Reach::Region, ..) => bail!("this role needs --region CODE and nothing else"),
        (Reach::Group, ..) => bail!("this role needs --kim SLUG and nothing else"),
        _ => bail!("this role takes neither --region nor --kim"),
    };
    Ok((role, scope))
}

/// Gives a role, unless a slice refuses it to this person, as at the operator's page.
async fn give(app: &App, login: &str, what: &Right, span: Span) -> Result<i64> {
    let kit = app.kit();
    let (role, scope) = read(kit, what).await?;
    let id = find(kit, login).await?;
    let now = kit.clock.now();
    let mut tx = kit.db.write().await?;
    let vetted = Vetted { account_id: id, role, scope: &scope, entry: None, now };
    if let Some(key) = app.vet(&mut tx, &vetted).await? {
        bail!(say(kit, key));
    }
    grant::give_for(&mut tx, id, role, &scope, None, span, now).await?;
    tx.commit().await?;
    let until = span.until.map(|end| format!(" until {}", dates::day(end, "62"))).unwrap_or_default();
    match span.from > now {
        true => println!("Account {id} holds {} from {}{until}.", role.0, dates::day(span.from, "62")),
        false => println!("Account {id} now holds {}{until}.", role.0),
    }
    Ok(id)
}

/// Ends a role, unless a KIM would be left without an officer, as at the operator's page.
async fn end(kit: &base::Kit, login: &str, what: &Right) -> Result<i64> {
    let (role, scope) = read(kit, what).await?;
    let id = find(kit, login).await?;
    let now = kit.clock.now();
    let mut tx = kit.db.write().await?;
    if grant::is_last(&mut tx, id, role, &scope, now).await? {
        bail!(say(kit, "people-grant-last"));
    }
    if grant::end(&mut tx, id, role, &scope, now).await? == 0 {
        bail!("account {id} does not hold {} there", role.0);
    }
    tx.commit().await?;
    println!("Account {id} no longer holds {}.", role.0);
    Ok(id)
}

/// The password and whether it was made here.
fn password(kit: &base::Kit, from_stdin: bool) -> Result<(String, bool)> {
    if !from_stdin {
        return Ok((kit.ids.short(), true));
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password")?;
    Ok((line.trim_end_matches(['\n', '\r']).to_owned(), false))
}
