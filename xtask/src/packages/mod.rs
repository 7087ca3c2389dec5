//! `cargo xtask packages BINARY OUT`: everything in which a built binary is handed to people, for the system that the binary is for. One file a
//! kind; none of them needs a packager's own tools, so each can be made on any system.

mod archive;
mod deb;
mod npm;
mod payload;
mod platform;
mod tree;
mod wheel;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::ValueEnum;
use serde_json::Value;

use crate::licences;
use payload::Payload;
use platform::Platform;

/// What the packages say about the program, from Cargo.toml.
pub struct About {
    pub name: String,
    pub version: String,
    pub description: String,
    pub licence: String,
    pub repository: String,
}

/// A kind of package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// nginx-analyzer-TARGET.tar.gz, or .zip for Windows
    Archive,
    /// For PyPI
    Wheel,
    /// For npm: the package that people install, and the one of this platform
    Npm,
    /// For Debian and Ubuntu; only from a binary for Linux
    Deb,
}

/// Makes the packages of these kinds, of all when none is named, and prints the path of each.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let Arguments { binary, out, kinds, runnable } = arguments;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let metadata = licences::metadata(root)?;
    let about = about(&metadata)?;
    let bytes = std::fs::read(binary).with_context(|| binary.display().to_string())?;
    let platform = Platform::of(&bytes).with_context(|| binary.display().to_string())?;
    let payload = Payload::gather(root, &metadata, &about, bytes, runnable.as_deref().unwrap_or(binary))?;
    std::fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    let when = time(root)?;
    let wanted = |kind: Kind| kinds.contains(&kind) || kinds.is_empty();
    let mut made: Vec<(String, Vec<u8>)> = Vec::new();
    if wanted(Kind::Archive) {
        made.push(archive::build(&about, &platform, &payload, when)?);
    }
    if wanted(Kind::Wheel) {
        made.push(wheel::build(&about, &platform, &payload, when)?);
    }
    if wanted(Kind::Npm) {
        made.extend(npm::build(root, &about, &platform, &payload, when)?);
    }
    if wanted(Kind::Deb) && platform.is_linux() {
        made.push(deb::build(root, &about, &platform, &payload, when)?);
    }
    ensure!(!made.is_empty(), "a Debian package needs a binary for Linux, this one is for {}", platform.triple());
    for (name, bytes) in made {
        let path = out.join(name);
        std::fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        println!("{}", path.display());
    }
    Ok(())
}

fn about(metadata: &Value) -> anyhow::Result<About> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let package = packages.iter().find(|package| package["name"] == "nginx-analyzer").context("no package nginx-analyzer")?;
    let field =
        |name: &str| Ok::<_, anyhow::Error>(package[name].as_str().with_context(|| format!("Cargo.toml has no {name}"))?.to_owned());
    Ok(About {
        name: field("name")?,
        version: field("version")?,
        description: field("description")?,
        licence: field("license")?,
        repository: field("repository")?,
    })
}

/// Seconds since 1970 that files in packages bear, so that the same sources give the same bytes: SOURCE_DATE_EPOCH, else the commit's.
fn time(root: &Path) -> anyhow::Result<u64> {
    if let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH") {
        return epoch.to_str().and_then(|epoch| epoch.parse().ok()).context("SOURCE_DATE_EPOCH is no number");
    }
    let output = std::process::Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root).output();
    let said = output.ok().filter(|output| output.status.success()).map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    // Sources without their history: 1980, where zip archives begin to count.
    Ok(said.and_then(|said| said.parse().ok()).unwrap_or(315_532_800))
}

/// The arguments of the task.
#[derive(clap::Args)]
pub struct Arguments {
    /// The binary, for whichever system
    pub binary: PathBuf,
    /// The folder to write into
    pub out: PathBuf,
    /// Only this kind, as often as needed
    #[arg(long = "kind", value_enum)]
    pub kinds: Vec<Kind>,
    /// A binary of the same version that runs here, when BINARY does not: it prints the manual pages and the completions
    #[arg(long)]
    pub runnable: Option<PathBuf>,
}
