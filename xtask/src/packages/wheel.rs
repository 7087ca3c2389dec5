//! The wheel for PyPI: the binary as a script, no Python in it. The format is the specification "Binary distribution format" of packaging.python.org
//! with metadata of version 2.4 (PEP 639 for the licence), tags by PEP 425 and 600.

use std::fmt::Write;

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use super::About;
use super::payload::Payload;
use super::platform::{Libc, Platform, Processor, System};
use super::tree::Tree;

/// The wheel's name and bytes.
pub fn build(about: &About, platform: &Platform, payload: &Payload, when: u64) -> anyhow::Result<(String, Vec<u8>)> {
    let version = version(&about.version)?;
    let distribution = format!("{}-{version}", about.name.replace('-', "_"));
    let tags = tags(platform);
    let mut tree = Tree::default();
    tree.add_program(format!("{distribution}.data/scripts/{}", platform.program(&about.name)), payload.binary.clone());
    let info = format!("{distribution}.dist-info");
    let mut licences = Vec::new();
    for (file, text) in payload.documents.iter().filter(|(file, _)| file.contains("LICENSE")) {
        tree.add(format!("{info}/licenses/{file}"), text.as_bytes());
        licences.push(file.as_str());
    }
    let readme = payload.document("README.md")?;
    tree.add(format!("{info}/METADATA"), metadata(about, &version, &licences, &absolute_links(readme, &about.repository)));
    tree.add(format!("{info}/WHEEL"), wheel(about, &tags));
    let mut record = String::new();
    for (path, file) in &tree.0 {
        writeln!(record, "{path},sha256={},{}", base64_url(&Sha256::digest(&file.bytes)), file.bytes.len())?;
    }
    writeln!(record, "{info}/RECORD,,")?;
    tree.add(format!("{info}/RECORD"), record);
    Ok((format!("{distribution}-py3-none-{}.whl", tags.join(".")), tree.zip("", when)?))
}

/// A version as PEP 440 has it: `1.2.0-rc.1` is `1.2.0rc1`.
fn version(version: &str) -> anyhow::Result<String> {
    let Some((release, pre)) = version.split_once('-') else { return Ok(version.to_owned()) };
    let (kind, number) = pre.split_once('.').with_context(|| format!("{version}: a pre-release needs a number, as 1.0.0-rc.1"))?;
    let kind = match kind {
        "alpha" => "a",
        "beta" => "b",
        "rc" => "rc",
        _ => bail!("{version}: pre-releases are alpha, beta or rc"),
    };
    let number: u32 = number.parse().with_context(|| version.to_owned())?;
    Ok(format!("{release}{kind}{number}"))
}

/// Where the binary runs, as installers ask. A static one runs on every Linux; the lowest versions that there are say so.
fn tags(platform: &Platform) -> Vec<String> {
    let machine = platform.machine();
    match (platform.system, platform.processor) {
        (System::Linux(Libc::None), _) => {
            ["manylinux2014", "manylinux_2_17", "musllinux_1_1"].iter().map(|tag| format!("{tag}_{machine}")).collect()
        }
        (System::Linux(Libc::Glibc(minor)), _) => vec![format!("manylinux_2_{minor}_{machine}")],
        // The oldest that Rust builds for.
        (System::Mac, Processor::X64) => vec!["macosx_10_12_x86_64".to_owned()],
        (System::Mac, Processor::Arm64) => vec!["macosx_11_0_arm64".to_owned()],
        (System::Windows, Processor::X64) => vec!["win_amd64".to_owned()],
        (System::Windows, Processor::Arm64) => vec!["win_arm64".to_owned()],
    }
}

fn metadata(about: &About, version: &str, licences: &[&str], readme: &str) -> String {
    let mut out = format!(
        "Metadata-Version: 2.4\nName: {}\nVersion: {version}\nSummary: {}\nKeywords: nginx,openresty,linter,language-server\n\
         License-Expression: {}\n",
        about.name, about.description, about.licence
    );
    for file in licences {
        out.push_str(&format!("License-File: {file}\n"));
    }
    out.push_str(&format!(
        "Project-URL: Source, {0}\nProject-URL: Changelog, {0}/blob/main/CHANGELOG.md\nClassifier: Environment :: Console\n\
         Classifier: Programming Language :: Rust\nClassifier: Topic :: Software Development :: Quality Assurance\nRequires-Python: >=3.8\n\
         Description-Content-Type: text/markdown\n\n{readme}",
        about.repository
    ));
    out
}

fn wheel(about: &About, tags: &[String]) -> String {
    let mut out = format!("Wheel-Version: 1.0\nGenerator: {} xtask\nRoot-Is-Purelib: false\n", about.name);
    for tag in tags {
        out.push_str(&format!("Tag: py3-none-{tag}\n"));
    }
    out
}

/// Links of the README that lead to files beside it, which a registry's page does not have.
pub fn absolute_links(text: &str, repository: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, link) = rest.split_at(at + 2);
        out.push_str(before);
        let target = link.split(')').next().unwrap_or_default();
        let elsewhere =
            target.contains("://") || target.starts_with(['#', ' ']) || target.is_empty() || target.contains(char::is_whitespace);
        if !elsewhere {
            let is_picture = [".png", ".svg", ".gif"].iter().any(|ending| target.ends_with(ending));
            let kind = if is_picture { "raw" } else { "blob" };
            out.push_str(&format!("{repository}/{kind}/main/"));
        }
        rest = link;
    }
    out + rest
}

fn base64_url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().enumerate().fold(0_u32, |number, (at, byte)| number | u32::from(*byte) << (16 - 8 * at));
        for digit in 0..=chunk.len() {
            out.push(char::from(DIGITS[(number >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{absolute_links, base64_url, tags, version};
    use crate::packages::platform::{Libc, Platform, Processor, System};

    #[test]
    fn versions_are_those_of_python() {
        assert_eq!(version("0.1.0").expect("a version"), "0.1.0");
        assert_eq!(version("1.2.0-rc.1").expect("a version"), "1.2.0rc1");
        assert_eq!(version("1.2.0-beta.12").expect("a version"), "1.2.0b12");
        assert!(version("1.2.0-nightly.1").is_err() && version("1.2.0-rc").is_err());
    }

    #[test]
    fn a_static_binary_is_for_every_linux() {
        let of = |libc| tags(&Platform { system: System::Linux(libc), processor: Processor::Arm64 });
        assert_eq!(of(Libc::None), ["manylinux2014_aarch64", "manylinux_2_17_aarch64", "musllinux_1_1_aarch64"]);
        assert_eq!(of(Libc::Glibc(34)), ["manylinux_2_34_aarch64"]);
    }

    #[test]
    fn base64_is_that_of_urls_without_padding() {
        for (bytes, text) in [(&b""[..], ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (&[0xfb, 0xff, 0xfe], "-__-")] {
            assert_eq!(base64_url(bytes), text);
        }
    }

    #[test]
    fn links_of_the_readme_lead_to_the_repository() {
        let text = "[a](docs/a.md) ![p](docs/p.png) [w](https://example.org/x) [here](#top)";
        let wanted =
            "[a](https://host/r/blob/main/docs/a.md) ![p](https://host/r/raw/main/docs/p.png) [w](https://example.org/x) [here](#top)";
        assert_eq!(absolute_links(text, "https://host/r"), wanted);
    }
}
