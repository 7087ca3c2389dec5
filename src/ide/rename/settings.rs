//! `[upstreams.NAME]` of the settings: they are about the upstream of that name, whatever it is called.

use super::{Refusal, Sort, Target};
use crate::message;
use crate::project::Place;
use crate::project::settings::Settings;
use crate::usage::definitions::Kind;
use crate::world::{Analysis, View};

/// The key of the settings' file that has the name, and what is written there; `None` where it has none, or where another configuration
/// goes on to have an upstream of that name.
pub(super) fn renamed(target: &Target, analysis: &Analysis, views: &[View<'_>], name: &str) -> Result<Option<(Place, String)>, Refusal> {
    let project = &analysis.project;
    let others = analysis.views().filter(|view| !views.iter().any(|known| known.config.root == view.config.root));
    if target.sort != Sort::Other(Kind::Upstream) || others.into_iter().any(|view| view.config.upstream(&target.name).is_some()) {
        return Ok(None);
    }
    let file = project.vfs.id(&project.workspace.join(Settings::FILE));
    let text = project.text(file);
    let text = text.to_str();
    let (mut expected, _) = Settings::default().over(&text);
    let Some(key) = expected.upstreams.keys().find(|key| key.eq_ignore_ascii_case(&target.name)).cloned() else { return Ok(None) };
    let refused = || Refusal(message!(analysis.language, "rename-settings", name = &*key, file = Settings::FILE));
    let (span, _) = Settings::place(&text, "upstreams", &key).ok_or_else(refused)?;
    // A name has no sign that a TOML string would want escaped.
    let is_bare = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let written = if is_bare { name.to_owned() } else { format!("\"{name}\"") };
    // There are many ways to write a table; what comes out has to say the same of the new name, and nothing of the old one.
    let mut after = text.clone().into_owned();
    after.replace_range(span.range(), &written);
    let stated = expected.upstreams.remove(&key).unwrap_or_default();
    let is_taken = expected.upstreams.insert(name.to_owned(), stated).is_some();
    if is_taken || Settings::default().over(&after).0 != expected {
        return Err(refused());
    }
    Ok(Some((Place { file, span }, written)))
}
