//! Every setting, in the order in which people meet them: what may stand there, and the message that says what it is for. Defaults are
//! those of [`Settings`](super::Settings) itself; tests hold both against each other.

/// What a setting may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text, of the form of a regex where one is given.
    Text(Option<&'static str>),
    /// A number of days.
    Days,
    /// Yes or no.
    Flag,
    /// Texts.
    Texts,
    /// One of some words, each with the message that explains it.
    Choice(&'static [(&'static str, &'static str)]),
    /// Some of some words.
    Choices(&'static [(&'static str, &'static str)]),
    /// A level for each rule.
    Rules,
    /// A text for each name that somebody chooses.
    Named,
    /// These settings for each name that somebody chooses.
    Sections(&'static [Setting]),
}

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its section; empty for what stands at the top.
    pub section: &'static str,
    /// Its name within the section; empty where the section as a whole is one.
    pub key: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// The message that says what it is for.
    pub about: &'static str,
    /// Whether it means something in an editor.
    pub in_editors: bool,
}

const fn setting(section: &'static str, key: &'static str, kind: Kind, about: &'static str) -> Setting {
    Setting { section, key, kind, about, in_editors: true }
}

/// How loud a rule may be.
pub const LEVELS: &[(&str, &str)] = &[
    ("off", "settings-about-level-off"),
    ("hint", "settings-about-level-hint"),
    ("info", "settings-about-level-info"),
    ("warning", "settings-about-level-warning"),
    ("error", "settings-about-level-error"),
];

const LANGUAGES: &[(&str, &str)] = &[("en", "settings-about-language-en"), ("ja", "settings-about-language-ja")];

const FLAVOURS: &[(&str, &str)] = &[
    ("nginx", "settings-about-flavour-nginx"),
    ("plus", "settings-about-flavour-plus"),
    ("openresty", "settings-about-flavour-openresty"),
    ("angie", "settings-about-flavour-angie"),
    ("freenginx", "settings-about-flavour-freenginx"),
];

const USAGES: &[(&str, &str)] = &[
    ("auto", "settings-about-usage-auto"),
    ("lens", "settings-about-usage-lens"),
    ("inlay", "settings-about-usage-inlay"),
    ("both", "settings-about-usage-both"),
    ("off", "settings-about-usage-off"),
];

const HINTS: &[(&str, &str)] = &[
    ("default-server", "settings-about-hint-default-server"),
    ("takeover", "settings-about-hint-takeover"),
    ("files", "settings-about-hint-files"),
];

const UPSTREAM: &[Setting] = &[
    setting("upstreams", "routes", Kind::Texts, "settings-about-upstreams-routes"),
    setting("upstreams", "openapi", Kind::Text(None), "settings-about-upstreams-openapi"),
    setting("upstreams", "closed", Kind::Flag, "settings-about-upstreams-closed"),
    setting("upstreams", "base_path", Kind::Text(None), "settings-about-upstreams-base-path"),
];

/// All settings.
pub const SETTINGS: &[Setting] = &[
    setting("", "language", Kind::Choice(LANGUAGES), "settings-about-language"),
    setting("project", "roots", Kind::Texts, "settings-about-project-roots"),
    setting("nginx", "version", Kind::Text(Some(r"^[0-9]+\.[0-9]+(\.[0-9]+)?$")), "settings-about-nginx-version"),
    setting("nginx", "flavour", Kind::Choice(FLAVOURS), "settings-about-nginx-flavour"),
    setting("nginx", "modules", Kind::Texts, "settings-about-nginx-modules"),
    setting("nginx", "directives", Kind::Texts, "settings-about-nginx-directives"),
    setting("paths", "", Kind::Named, "settings-about-paths"),
    setting("logs", "files", Kind::Texts, "settings-about-logs-files"),
    setting("logs", "window", Kind::Text(None), "settings-about-logs-window"),
    setting("upstreams", "", Kind::Sections(UPSTREAM), "settings-about-upstreams"),
    setting("cleanup", "marker", Kind::Text(Some(r"^#[^\r\n]*\S[^\r\n]*$")), "settings-about-cleanup-marker"),
    setting("cleanup", "keep_days", Kind::Days, "settings-about-cleanup-keep-days"),
    // Only the command line runs it.
    Setting { in_editors: false, ..setting("cleanup", "test", Kind::Texts, "settings-about-cleanup-test") },
    setting("editor", "usage", Kind::Choice(USAGES), "settings-about-editor-usage"),
    setting("editor", "hints", Kind::Choices(HINTS), "settings-about-editor-hints"),
    setting("rules", "", Kind::Rules, "settings-about-rules"),
];

/// What may stand at the top of the file: sections, and settings outside of any.
pub fn top() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        SETTINGS.iter().map(|setting| if setting.section.is_empty() { setting.key } else { setting.section }).collect();
    names.dedup();
    names
}
