//! The nginx that reads a configuration, for rules that speak of it: which one, which modules it has, and what says so.

use super::Finding;
use super::standing::Standing;
use crate::message;
use crate::messages::Language;
use crate::nginx::context::Context;
use crate::nginx::directives::Directive;
use crate::nginx::flavours::{self, Flavour};
use crate::nginx::version::Version;
use crate::project::RootKind;
use crate::project::installation::{Installation, Source};
use crate::project::settings::Settings;
use crate::world::View;

/// What is known of it.
pub(super) struct Reader {
    /// Flavour and version.
    pub installation: Installation,
    /// Packages that it has besides those of its flavour: by the settings, and by `load_module`.
    packages: Vec<String>,
    /// It may have modules that nothing here tells of.
    pub open: bool,
}

/// Why it does not have a directive that the catalogue knows.
pub(super) enum Lacks {
    /// It is of a package that is not there.
    Package(&'static Directive),
    /// A later version has it.
    Newer(Version),
}

impl Reader {
    pub fn new(view: View) -> Reader {
        let config = view.config;
        let mut packages = view.project.settings.nginx.modules.clone();
        let mut open = view.root.kind != RootKind::Main;
        for id in config.all("load_module") {
            match config.directive(*id).arg(0).and_then(flavours::of_module_file) {
                Some(loaded) => packages.extend(loaded.into_iter().map(str::to_owned)),
                None => open = true,
            }
        }
        // Packages of systems load their modules by an include at the top.
        open |= config.unknown_includes.iter().any(|id| config.entry(*id).context == Some(Context::Main));
        Reader { installation: Installation::of(view.project, view.config.root), packages, open }
    }

    /// True when something states what it is.
    pub fn is_stated(&self) -> bool {
        self.installation.flavour.is_some() || self.installation.version.is_some()
    }

    /// Why it does not have the directive; `None` when it has, when that is not known, and when nobody has a directive of that name here.
    pub fn lacks(&self, standing: &Standing) -> Option<Lacks> {
        let flavour = self.installation.flavour.as_ref().map(|(flavour, _)| *flavour);
        let version = self.installation.stated_version();
        let mut lacks = None;
        for candidate in standing.candidates() {
            let package = flavours::package(candidate);
            let has_package = self.open
                || flavour.is_none_or(|flavour| !flavour.is_known_whole() || flavour.packages().contains(&package))
                || self.packages.iter().any(|own| own == package);
            // Others number their versions by themselves.
            let own = package == "nginx" && !matches!(flavour, Some(Flavour::Angie | Flavour::Freenginx));
            let since = Version::read(candidate.since).filter(|since| own && version.is_some_and(|version| version < *since));
            match (has_package, since) {
                (true, None) => return None,
                (true, Some(since)) => lacks = Some(Lacks::Newer(since)),
                (false, _) => lacks = lacks.or(Some(Lacks::Package(candidate))),
            }
        }
        lacks
    }

    /// Adds what says which version it is, or how that can be said.
    pub fn tell_version(&self, language: Language, finding: Finding) -> Finding {
        finding.note(match &self.installation.version {
            Some((version, Source::Settings)) => {
                message!(language, "reader-version-settings", version = version.to_string(), file = Settings::FILE)
            }
            Some((version, Source::Image(image))) => {
                message!(language, "reader-version-image", version = version.to_string(), image = image.as_str())
            }
            None => message!(language, "reader-version-unknown", file = Settings::FILE),
        })
    }

    /// Adds what says which of nginx's family it is.
    pub fn tell_flavour(&self, language: Language, finding: Finding) -> Finding {
        match &self.installation.flavour {
            Some((flavour, Source::Settings)) => {
                finding.note(message!(language, "reader-flavour-settings", flavour = flavour.title(), file = Settings::FILE))
            }
            Some((flavour, Source::Image(image))) => {
                finding.note(message!(language, "reader-flavour-image", flavour = flavour.title(), image = image.as_str()))
            }
            None => finding,
        }
    }
}
