//! nginx-analyzer in Zed: where the server is found, and what it is told.

use zed_extension_api::serde_json::{Value, json};
use zed_extension_api::settings::LspSettings;
use zed_extension_api::{
    Architecture, Command, DownloadedFileType, Extension, GithubReleaseOptions, LanguageServerId, LanguageServerInstallationStatus, Os,
    Result, Worktree, current_platform, download_file, latest_github_release, make_file_executable, register_extension,
    set_language_server_installation_status,
};

const NAME: &str = "nginx-analyzer";
const REPOSITORY: &str = "nginx-analyzer/nginx-analyzer";

#[derive(Default)]
struct NginxAnalyzer {
    /// The downloaded server, once it is known to be there.
    downloaded: Option<String>,
}

impl NginxAnalyzer {
    /// The server of the newest release, for people who have none on their PATH; kept in the extension's folder.
    fn download(&mut self, server: &LanguageServerId) -> Result<String> {
        if let Some(path) = self.downloaded.as_ref().filter(|path| is_file(path)) {
            return Ok(path.clone());
        }
        set_language_server_installation_status(server, &LanguageServerInstallationStatus::CheckingForUpdate);
        let release = latest_github_release(REPOSITORY, GithubReleaseOptions { require_assets: true, pre_release: false })?;
        let target = target()?;
        let (ending, packing) = match target.contains("windows") {
            true => ("zip", DownloadedFileType::Zip),
            false => ("tar.gz", DownloadedFileType::GzipTar),
        };
        let wanted = format!("{NAME}-{target}.{ending}");
        let asset = release
            .assets
            .iter()
            .find(|asset| asset.name == wanted)
            .ok_or_else(|| format!("release {} has no {wanted}; install {NAME} and put it on PATH", release.version))?;
        let folder = format!("{NAME}-{}", release.version);
        let path = match target.contains("windows") {
            true => format!("{folder}/{NAME}.exe"),
            false => format!("{folder}/{NAME}"),
        };
        if !is_file(&path) {
            set_language_server_installation_status(server, &LanguageServerInstallationStatus::Downloading);
            download_file(&asset.download_url, &folder, packing)?;
            make_file_executable(&path)?;
            remove_others(&folder);
        }
        self.downloaded = Some(path.clone());
        Ok(path)
    }
}

fn is_file(path: &str) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.is_file())
}

/// The name that a release's archive for this machine has.
fn target() -> Result<&'static str> {
    match current_platform() {
        (Os::Linux, Architecture::X8664) => Ok("x86_64-unknown-linux-musl"),
        (Os::Linux, Architecture::Aarch64) => Ok("aarch64-unknown-linux-musl"),
        (Os::Mac, Architecture::X8664) => Ok("x86_64-apple-darwin"),
        (Os::Mac, Architecture::Aarch64) => Ok("aarch64-apple-darwin"),
        (Os::Windows, Architecture::X8664) => Ok("x86_64-pc-windows-msvc"),
        _ => Err(format!("there is no release for this machine; install {NAME} and put it on PATH")),
    }
}

/// Takes away the servers of earlier releases. What can't be removed only takes room.
fn remove_others(kept: &str) {
    for entry in std::fs::read_dir(".").into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(|name| name.starts_with(NAME) && name != kept) {
            std::fs::remove_dir_all(entry.path()).ok();
        }
    }
}

/// What a person has below `lsp.nginx-analyzer.settings`: the keys of nginx-analyzer.toml.
fn settings(server: &LanguageServerId, worktree: &Worktree) -> Value {
    let found = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.settings);
    json!({ "nginxAnalyzer": found.unwrap_or_else(|| json!({})) })
}

impl Extension for NginxAnalyzer {
    fn new() -> Self {
        Self::default()
    }

    /// In this order: the setting `binary.path`, PATH, the newest release.
    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.binary);
        let (path, args) = binary.map(|binary| (binary.path, binary.arguments)).unwrap_or_default();
        let command = match path.or_else(|| worktree.which(NAME)) {
            Some(path) => path,
            None => self.download(server)?,
        };
        Ok(Command { command, args: args.unwrap_or_else(|| vec!["lsp".to_owned()]), env: worktree.shell_env() })
    }

    fn language_server_initialization_options(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Option<Value>> {
        Ok(Some(settings(server, worktree)))
    }

    fn language_server_workspace_configuration(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Option<Value>> {
        Ok(Some(settings(server, worktree)))
    }
}

register_extension!(NginxAnalyzer);
