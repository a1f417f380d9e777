//! The binary `simpul`.
fn main() -> std::process::ExitCode {
    simpul::cli::main()
}
