//! The release archive: what somebody unpacks anywhere. Its name has no version, so that `releases/latest/download/…` always leads to the newest.

use super::About;
use super::payload::Payload;
use super::platform::Platform;
use super::tree::{self, Tree};

/// The archive's name and bytes.
pub fn build(about: &About, platform: &Platform, payload: &Payload, when: u64) -> anyhow::Result<(String, Vec<u8>)> {
    let name = format!("{}-{}", about.name, platform.triple());
    let mut tree = Tree::default();
    tree.add_program(platform.program(&about.name), payload.binary.clone());
    for (file, text) in &payload.documents {
        tree.add(file, text.as_bytes());
    }
    for (file, text) in &payload.manual {
        tree.add(format!("man/man1/{file}"), text.as_bytes());
    }
    for completion in &payload.completions {
        tree.add(format!("completions/{}", completion.file), completion.script.as_bytes());
    }
    let prefix = format!("{name}/");
    if platform.is_windows() {
        return Ok((format!("{name}.zip"), tree.zip(&prefix, when)?));
    }
    Ok((format!("{name}.tar.gz"), tree::gzip(&tree.tar(&prefix, false, when)?)?))
}
