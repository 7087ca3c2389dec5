//! Files with the folders around them, and the archives that they become: the same files at the same time give the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A file of a package.
pub struct File {
    pub bytes: Vec<u8>,
    /// Whether it is a program.
    pub program: bool,
}

/// Files by path, with `/` between the parts.
#[derive(Default)]
pub struct Tree(pub BTreeMap<String, File>);

impl Tree {
    pub fn add(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), File { bytes: bytes.into(), program: false });
    }

    pub fn add_program(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), File { bytes: bytes.into(), program: true });
    }

    /// A tar archive, every path with `prefix` before it. With `folders` each folder has an entry, too, as dpkg wants it.
    pub fn tar(&self, prefix: &str, folders: bool, when: u64) -> anyhow::Result<Vec<u8>> {
        let mut builder = tar::Builder::new(Vec::new());
        let mut seen = std::collections::BTreeSet::new();
        for (path, file) in &self.0 {
            let path = format!("{prefix}{path}");
            let above = path.match_indices('/').map(|(at, _)| &path[..=at]);
            for folder in above.filter(|_| folders) {
                if seen.insert(folder.to_owned()) {
                    append(&mut builder, folder, &[], 0o755, tar::EntryType::Directory, when)?;
                }
            }
            append(&mut builder, &path, &file.bytes, if file.program { 0o755 } else { 0o644 }, tar::EntryType::Regular, when)?;
        }
        Ok(builder.into_inner()?)
    }

    /// A zip archive, as wheels are and as people on Windows open it.
    pub fn zip(&self, prefix: &str, when: u64) -> anyhow::Result<Vec<u8>> {
        let stamp = jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::from_second(i64::try_from(when)?)?);
        let time = zip::DateTime::from_date_and_time(
            u16::try_from(stamp.year())?,
            u8::try_from(stamp.month())?,
            u8::try_from(stamp.day())?,
            u8::try_from(stamp.hour())?,
            u8::try_from(stamp.minute())?,
            u8::try_from(stamp.second())?,
        )
        .context("a time before 1980")?;
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, file) in &self.0 {
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Deflated)
                .last_modified_time(time)
                .unix_permissions(if file.program { 0o755 } else { 0o644 });
            writer.start_file(format!("{prefix}{path}"), options)?;
            writer.write_all(&file.bytes)?;
        }
        Ok(writer.finish()?.into_inner())
    }
}

fn append(builder: &mut tar::Builder<Vec<u8>>, path: &str, bytes: &[u8], mode: u32, kind: tar::EntryType, when: u64) -> anyhow::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(u64::try_from(bytes.len())?);
    header.set_mode(mode);
    header.set_mtime(when);
    header.set_uid(0);
    header.set_gid(0);
    header.set_username("root")?;
    header.set_groupname("root")?;
    // dpkg wants `./` before each path, which `append_data` would take away.
    if path.len() < 100 {
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, bytes)?;
    } else {
        builder.append_data(&mut header, path, bytes)?;
    }
    Ok(())
}

/// Compressed as `gzip -9n` does: without a name and a time.
pub fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Tree, gzip};

    fn sample() -> Tree {
        let mut tree = Tree::default();
        tree.add("doc/deep/page", "text");
        tree.add_program("run", vec![1, 2, 3]);
        tree.add("n".repeat(120), "long");
        tree
    }

    #[test]
    fn a_tar_archive_has_what_was_put_in() {
        let bytes = sample().tar("./", true, 1_000_000_000).expect("tar");
        let mut archive = tar::Archive::new(&bytes[..]);
        let mut found = Vec::new();
        for entry in archive.entries().expect("entries") {
            let entry = entry.expect("entry");
            let header = entry.header();
            assert_eq!(header.mtime().expect("time"), 1_000_000_000);
            found.push((String::from_utf8(entry.path_bytes().into_owned()).expect("UTF-8"), header.mode().expect("mode")));
        }
        let wanted = [("./", 0o755), ("./doc/", 0o755), ("./doc/deep/", 0o755), ("./doc/deep/page", 0o644)];
        assert_eq!(found[..4].iter().map(|(path, mode)| (path.as_str(), *mode)).collect::<Vec<_>>(), wanted);
        assert!(found.contains(&("./run".to_owned(), 0o755)), "{found:?}");
        assert!(found.iter().any(|(path, _)| path.ends_with(&"n".repeat(120))), "{found:?}");
    }

    #[test]
    fn a_zip_archive_keeps_what_may_be_run() {
        let bytes = sample().zip("in/", 1_000_000_000).expect("zip");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("archive");
        let mut file = archive.by_name("in/run").expect("the program");
        assert_eq!(file.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("content");
        assert_eq!(content, [1, 2, 3]);
    }

    #[test]
    fn the_same_files_give_the_same_bytes() {
        assert!(sample().tar("", false, 7).expect("tar") == sample().tar("", false, 7).expect("tar"));
        assert!(sample().zip("", 1_000_000_000).expect("zip") == sample().zip("", 1_000_000_000).expect("zip"));
        // No time in the header of gzip.
        assert_eq!(&gzip(b"x").expect("gzip")[4..8], [0, 0, 0, 0]);
    }
}
