//! The commands. Exit codes: 0 done, 1 failed, 2 wrong usage.
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use base::Config;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use web::App;

use crate::arrival::{self, Arriving};
use crate::backup::command;
use crate::{demo, doctor, serve, start};

/// The digital partnership platform for community information groups (KIM).
#[derive(Parser)]
#[command(name = "simpul", version, about)]
struct Cli {
    /// Settings file; simpul.toml here is read when there is one.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the site; runs missing migrations first.
    Serve,
    /// Runs background jobs only; set SIMPUL_JOBS=false where the site is served.
    Work,
    /// Brings the database to this version.
    Migrate,
    /// Shows the settings and says what is wrong and how to mend it. Exit code 1 when something is.
    Doctor {
        /// Answers in JSON.
        #[arg(long)]
        json: bool,
    },
    /// Writes rows, files, settings and secret into one archive, while the site runs.
    Backup(command::Backup),
    /// Reads a backup whole, restores it into a place of its own and checks it.
    Verify(command::Verify),
    /// Puts a backup back, into either engine. The site must not run.
    Restore(command::Restore),
    /// Writes everything that may live elsewhere, without passwords.
    Export(command::Export),
    /// Accounts, roles, tokens.
    #[command(subcommand)]
    User(crate::user::User),
    /// The official regions.
    #[command(subcommand)]
    Regions(Regions),
    /// The search index.
    #[command(subcommand)]
    Search(Rebuild),
    /// Rows derived from events.
    #[command(subcommand)]
    Events(Rebuild),
    /// Brings an export into an empty place, or content in from elsewhere.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Import {
        /// An export of Simpul: an archive or a folder. The site must not run.
        #[arg(required = true)]
        file: Option<PathBuf>,
        #[command(flatten)]
        key: command::KeyArgs,
        #[command(subcommand)]
        from: Option<Import>,
    },
    /// The record of who did and saw what.
    #[command(subcommand)]
    Audit(crate::audit::Audit),
    /// Personal data: the register of processing, one person's copy.
    #[command(subcommand)]
    Privacy(crate::privacy::Privacy),
    /// After a leak: who is affected, and drafts of both notices that are due within 72 hours.
    BreachReport(crate::breach::Breach),
    /// Fills an empty database with the demo of Palangka Raya and prints its accounts.
    Demo,
}

#[derive(Subcommand)]
enum Regions {
    /// Loads or renews the regions that are part of this binary.
    Import,
    /// Keeps the outlines of regions from a GeoJSON file; maps are drawn from them. Properties carry the code.
    Outlines {
        /// A collection of polygons, at most 64 MB.
        file: PathBuf,
    },
    /// Notes that codes became others. KIM and stories follow; after a split overseers are asked.
    Change {
        /// Lines of: old code, new code, date (2026-11-24), and the name of a region not known yet.
        file: PathBuf,
        /// Reads and checks, changes nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Subcommand)]
enum Rebuild {
    /// Forgets what was derived and derives it again from the first event.
    Rebuild,
}

#[derive(Subcommand)]
enum Import {
    /// Imports a WordPress export. Running it again continues and imports nothing twice.
    Wordpress(Wordpress),
    /// Brings the archive of one KIM in beside the others, whole or not at all. Running it again adds
    /// nothing.
    Kim(Arriving),
}

#[derive(clap::Args)]
struct Wordpress {
    /// The export, an .xml file.
    file: PathBuf,
    /// Slug of the KIM that gets the stories.
    #[arg(long)]
    kim: String,
    /// Folder with the site's wp-content/uploads.
    #[arg(long)]
    media: Option<PathBuf>,
    /// Writes what was skipped, and why, as CSV.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Reads and reports, changes nothing.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("simpul: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("simpul: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode> {
    let Cli { config: path, command } = cli;
    let config = Config::read(path.as_deref())?;
    start::log(&config)?;
    // Settings with the data folder and the secret, made when missing; the commands that only look,
    // and those that fill an empty place, do without.
    let made = || Config::load(path.as_deref());
    let bar = Bar::new("");
    let progress = |done, total| bar.set(done, total);
    match command {
        Command::Serve => serve::site(start::serving(made()?).await?).await?,
        Command::Work => serve::work(start::open(made()?, false).await?).await?,
        Command::Migrate => {
            let app = start::open(made()?, true).await?;
            app.kit().db.close().await;
            println!("The database is at this version.");
        }
        Command::Doctor { json } => return examine(&config, json).await,
        Command::Backup(asked) => command::backup(config, asked, &progress).await?,
        Command::Verify(asked) => command::verify(config, asked, &progress).await?,
        Command::Restore(asked) => command::put_back(config, asked, &progress).await?,
        Command::Export(asked) => command::export(config, asked, &progress).await?,
        Command::User(user) => crate::user::run(&start::open(made()?, true).await?, user).await?,
        Command::Regions(Regions::Import) => {
            let app = start::open(made()?, true).await?;
            import_regions(&app).await?;
        }
        Command::Regions(Regions::Outlines { file }) => import_outlines(&start::open(config, true).await?, &file).await?,
        Command::Regions(Regions::Change { file, dry_run }) => {
            let app = start::open(config, true).await?;
            change_regions(&app, &file, dry_run).await?;
        }
        Command::Search(Rebuild::Rebuild) => {
            let app = start::open(made()?, true).await?;
            let rebuilt = app.rebuild_search(&progress).await?;
            bar.done();
            match rebuilt {
                Some(events) => println!("Search index rebuilt from {events} events."),
                None => println!("The running server rebuilds its search index now."),
            }
        }
        Command::Events(Rebuild::Rebuild) => {
            let app = start::open(made()?, true).await?;
            let rebuilt = app.rebuild_listeners_telling(&progress).await?;
            bar.done();
            for (name, events) in rebuilt {
                println!("{name}: rebuilt from {events} events");
            }
        }
        Command::Import { from: Some(Import::Wordpress(asked)), .. } => {
            wordpress(&start::open(made()?, true).await?, asked, &progress).await?;
        }
        Command::Import { from: Some(Import::Kim(asked)), .. } => {
            let app = start::open(made()?, true).await?;
            let report = arrival::import(&app, &asked, &progress).await?;
            bar.done();
            println!("{report}");
            app.catch_up().await?;
        }
        Command::Import { file, key, .. } => {
            let file = file.context("name the export to import")?;
            command::import(config, &file, &key, &progress).await?;
        }
        Command::Audit(command) => crate::audit::run(&start::open(config, true).await?, command).await?,
        Command::Privacy(command) => crate::privacy::run(&start::open(config, true).await?, command).await?,
        Command::BreachReport(asked) => crate::breach::run(&start::open(config, true).await?, asked).await?,
        Command::Demo => {
            let app = start::open(made()?, true).await?;
            if people::account::count(&mut app.kit().db.read().await?).await? > 0 {
                bail!("the demo needs an empty database; this one has accounts");
            }
            import_regions(&app).await?;
            let accounts = demo::fill(&app, &progress).await?;
            bar.done();
            demo::print(accounts, &app.kit().config.base_url);
        }
    }
    bar.done();
    Ok(ExitCode::SUCCESS)
}

async fn wordpress(app: &App, asked: Wordpress, progress: &dyn Fn(u64, u64)) -> Result<()> {
    let Wordpress { file, kim, media, report, dry_run } = asked;
    let options = newsroom::wordpress::Options { file, kim, media, by: None, dry_run };
    let outcome = newsroom::wordpress::import(app.kit(), &options, progress).await?;
    println!("{outcome}");
    if let Some(path) = report {
        let file = std::fs::File::create(&path).with_context(|| format!("writing {}", path.display()))?;
        outcome.write_csv(file)?;
    }
    app.catch_up().await?;
    Ok(())
}

async fn examine(config: &Config, json: bool) -> Result<ExitCode> {
    let settings = doctor::settings(config);
    let findings = doctor::examine(config).await?;
    let wrong = findings.iter().any(|finding| finding.weight == doctor::Weight::Wrong);
    if json {
        let settings: serde_json::Map<String, serde_json::Value> =
            settings.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        println!("{:#}", serde_json::json!({ "ok": !wrong, "settings": settings, "findings": findings }));
    } else {
        for (name, value) in settings {
            println!("{name:14} {value}");
        }
        println!();
        for finding in &findings {
            let mark = if finding.weight == doctor::Weight::Wrong { "✗" } else { "•" };
            println!("{mark} {} [{}]\n  → {}", finding.what, finding.code, finding.mend);
        }
        if !wrong {
            println!("✓ Nothing is wrong.");
        }
    }
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Loads the regions with a progress bar.
pub async fn import_regions(app: &App) -> Result<()> {
    let bar = Bar::new("regions");
    let count = regions::import::run(&app.kit().db, &|done, total| bar.set(done, total)).await?;
    bar.done();
    println!("{count} regions loaded.");
    Ok(())
}

/// Keeps the outlines of a GeoJSON file and says what was left out.
async fn import_outlines(app: &App, file: &std::path::Path) -> Result<()> {
    use regions::outline::{self, MOST_BYTES, Problem};
    let reading = || format!("reading {}", file.display());
    let size = std::fs::metadata(file).with_context(reading)?.len();
    if size > MOST_BYTES {
        bail!("{} is larger than {} MB; simplify it first", file.display(), MOST_BYTES / 1024 / 1024);
    }
    let text = std::fs::read(file).with_context(reading)?;
    let kit = app.kit();
    let report = match outline::import(&kit.db, &text, kit.clock.now()).await? {
        Ok(report) => report,
        Err(Problem::Unreadable(why)) => bail!("{} is no GeoJSON collection of features: {why}", file.display()),
        Err(Problem::Empty) => {
            bail!("no feature has a region code and an area; the code stands in the property `code` or `kode`")
        }
    };
    println!("{} outlines kept, {} features without code or area.", report.kept, report.unreadable);
    if !report.unknown.is_empty() {
        println!("No region with these codes: {}", report.unknown.join(", "));
    }
    Ok(())
}

/// Applies changes of regions, or names what is wrong with each line.
async fn change_regions(app: &App, file: &std::path::Path, dry_run: bool) -> Result<()> {
    use regions::change;
    let (kit, now) = (app.kit(), app.kit().clock.now());
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let tell = |problems: Vec<change::Problem>| {
        for problem in &problems {
            eprintln!("line {}: {}", problem.n, problem.what);
        }
        anyhow::anyhow!("{} problems; nothing was changed", problems.len())
    };
    let lines = change::read(&text).map_err(tell)?;
    let problems = change::check(&mut kit.db.read().await?, &lines, now).await?;
    if !problems.is_empty() {
        return Err(tell(problems));
    }
    if dry_run {
        println!("{} lines can be applied.", lines.len());
        return Ok(());
    }
    let outcome = change::run(&kit.db, &lines, now).await?;
    println!("{} codes replaced, {} split, {} regions added.", outcome.replaced.len(), outcome.split.len(), outcome.added.len());
    println!("KIM and stories follow as soon as the site is served.");
    for code in &outcome.split {
        println!("{code} became several: overseers decide at {}/bina/pindah", kit.config.base_url);
    }
    Ok(())
}

/// A progress bar, on a terminal only.
pub struct Bar(Option<ProgressBar>);

impl Bar {
    pub fn new(what: &str) -> Bar {
        if !std::io::stderr().is_terminal() {
            return Bar(None);
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:30}} {{pos}}/{{len}} {what} {{eta}}")) {
            bar.set_style(style);
        }
        Bar(Some(bar))
    }

    pub fn set(&self, done: u64, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    pub fn done(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
