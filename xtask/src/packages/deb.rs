//! The Debian package: `ar` around two tar archives (deb(5)), with what Debian's policy asks of a package and lintian looks for.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;

use super::About;
use super::payload::{Payload, THIRD_PARTY};
use super::platform::{Libc, Platform, Processor, System};
use super::tree::{self, Tree};

/// Who is named as maintainer. Policy wants an address; this one takes no mail, the repository takes issues.
const MAINTAINER: &str = "The nginx-analyzer contributors <nginx-analyzer@users.noreply.github.com>";
const COPYRIGHT: &str = "packaging/deb/copyright";
const OVERRIDES: &str = "packaging/deb/lintian-overrides";

/// The package's name and bytes.
pub fn build(root: &Path, about: &About, platform: &Platform, payload: &Payload, when: u64) -> anyhow::Result<(String, Vec<u8>)> {
    let read = |name: &str| std::fs::read_to_string(root.join(name)).with_context(|| name.to_owned());
    let architecture = match platform.processor {
        Processor::X64 => "amd64",
        Processor::Arm64 => "arm64",
    };
    // A tilde sorts before the end: 1.0.0~rc.1 is older than 1.0.0.
    let version = format!("{}-1", about.version.replace('-', "~"));
    let mut tree = Tree::default();
    let name = &about.name;
    tree.add_program(format!("usr/bin/{name}"), payload.binary.clone());
    for (file, text) in &payload.manual {
        tree.add(format!("usr/share/man/man1/{file}.gz"), tree::gzip(text.as_bytes())?);
    }
    for completion in &payload.completions {
        let path = match completion.shell {
            "bash" => format!("usr/share/bash-completion/completions/{name}"),
            "zsh" => format!("usr/share/zsh/vendor-completions/_{name}"),
            "fish" => format!("usr/share/fish/vendor_completions.d/{name}.fish"),
            // No folder of Debian's is searched by the others.
            _ => continue,
        };
        tree.add(path, completion.script.as_bytes());
    }
    let documents = format!("usr/share/doc/{name}");
    tree.add(format!("{documents}/copyright"), read(COPYRIGHT)?);
    tree.add(format!("{documents}/{THIRD_PARTY}.gz"), tree::gzip(payload.document(THIRD_PARTY)?.as_bytes())?);
    tree.add(format!("{documents}/README.md.gz"), tree::gzip(payload.document("README.md")?.as_bytes())?);
    tree.add(format!("{documents}/changelog.gz"), tree::gzip(payload.document("CHANGELOG.md")?.as_bytes())?);
    tree.add(format!("{documents}/changelog.Debian.gz"), tree::gzip(changelog(about, &version, when)?.as_bytes())?);
    tree.add(format!("usr/share/lintian/overrides/{name}"), read(OVERRIDES)?);

    let mut control = Tree::default();
    control.add("control", described(about, platform, architecture, &version, &tree));
    control.add("md5sums", md5sums(&tree)?);
    let control = tree::gzip(&control.tar("./", true, when)?)?;
    let data = tree::gzip(&tree.tar("./", true, when)?)?;
    let members: [(&str, &[u8]); 3] = [("debian-binary", b"2.0\n"), ("control.tar.gz", &control), ("data.tar.gz", &data)];
    Ok((format!("{name}_{version}_{architecture}.deb"), ar(&members, when)?))
}

fn described(about: &About, platform: &Platform, architecture: &str, version: &str, tree: &Tree) -> String {
    let kilobytes: usize = tree.0.values().map(|file| file.bytes.len().div_ceil(1024)).sum();
    let depends = match platform.system {
        System::Linux(Libc::Glibc(minor)) => format!("Depends: libc6 (>= 2.{minor}), libgcc-s1\n"),
        _ => String::new(),
    };
    format!(
        "Package: {}\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\nInstalled-Size: {kilobytes}\n{depends}\
         Section: web\nPriority: optional\nHomepage: {}\n\
         Description: language server and analysis for nginx and OpenResty configurations\n \
         Finds what nginx -t can't: locations that no request reaches, files that are\n \
         missing, proxied routes that the backend lacks, and what nobody uses any more\n \
         by the access logs. Says which location serves a URL, and why. For a terminal,\n \
         for CI, and for every editor that speaks the Language Server Protocol.\n",
        about.name, about.repository
    )
}

/// Debian's changelog has the package's own history; that of the program is beside it.
fn changelog(about: &About, version: &str, when: u64) -> anyhow::Result<String> {
    let time = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(i64::try_from(when)?)?);
    let day = time.strftime("%a, %d %b %Y %H:%M:%S +0000");
    Ok(format!(
        "{} ({version}) unstable; urgency=medium\n\n  * Release {}; see changelog.gz.\n\n -- {MAINTAINER}  {day}\n",
        about.name, about.version
    ))
}

/// What `dpkg --verify` compares.
fn md5sums(tree: &Tree) -> anyhow::Result<String> {
    let mut out = String::new();
    for (path, file) in &tree.0 {
        let sum = <md5::Md5 as md5::Digest>::digest(&file.bytes);
        for byte in sum {
            write!(out, "{byte:02x}")?;
        }
        writeln!(out, "  {path}")?;
    }
    Ok(out)
}

/// The format of ar(5), as dpkg-deb writes it.
fn ar(members: &[(&str, &[u8])], when: u64) -> anyhow::Result<Vec<u8>> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        out.extend_from_slice(format!("{name:<16}{when:<12}{:<6}{:<6}{:<8}{:<10}`\n", 0, 0, "100644", bytes.len()).as_bytes());
        out.extend_from_slice(bytes);
        if bytes.len() % 2 == 1 {
            out.push(b'\n');
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{Tree, ar, md5sums};

    #[test]
    fn an_ar_archive_has_headers_of_sixty_bytes_and_even_members() {
        let bytes = ar(&[("debian-binary", b"2.0\n"), ("odd", b"x"), ("last", b"yy")], 1_700_000_000).expect("ar");
        let text = String::from_utf8(bytes).expect("ASCII");
        let headers: Vec<&str> = text.split("`\n").collect();
        assert_eq!(headers[0].len(), 8 + 58, "{:?}", headers[0]);
        assert!(headers[0].starts_with("!<arch>\ndebian-binary   1700000000  0     0     100644  4         "), "{:?}", headers[0]);
        assert!(text.ends_with("`\nyy"), "{text}");
        assert!(text.contains("`\nx\nlast            "), "{text}");
    }

    #[test]
    fn sums_are_as_md5sum_prints_them() {
        let mut tree = Tree::default();
        tree.add("usr/bin/x", "");
        assert_eq!(md5sums(&tree).expect("sums"), "d41d8cd98f00b204e9800998ecf8427e  usr/bin/x\n");
    }
}
