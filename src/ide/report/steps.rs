//! What to do, in order, with commands that fit this project: its compose service, its paths, nginx or OpenResty.

use jiff::ToSpan;
use rustc_hash::FxHashSet;

use super::{Group, SpareFile, Step};
use crate::message;
use crate::project::FileId;
use crate::project::images;
use crate::project::paths::Placed;
use crate::rules::finding::FixAction;
use crate::rules::{Confidence, Finding};
use crate::usage::verdict::Verdict;
use crate::usage::words;
use crate::world::Analysis;

/// The steps; none where nothing can go without a person's decision.
pub(super) fn steps(analysis: &Analysis, groups: &[Group], files: &[SpareFile], found: &[Finding]) -> Vec<Step> {
    let proven: FxHashSet<(String, u32)> = found.iter().filter(|finding| is_proven(finding)).map(|finding| at(analysis, finding)).collect();
    // What is proven has a step of its own.
    let rest = |group: &&Group| !group.locations.iter().all(|part| proven.contains(&(part.file.clone(), part.line)));
    let unused = groups.iter().filter(|group| group.safe && group.verdict == Verdict::ProbablyUnused.id());
    let safe: Vec<&Group> = unused.filter(rest).collect();
    if safe.is_empty() && proven.is_empty() {
        return Vec::new();
    }
    let language = analysis.language;
    let server = Server::of(analysis);
    let step = |kind: &'static str, text: String, commands: Vec<String>| Step {
        kind,
        title: message!(language, &format!("report-step-{kind}")),
        text,
        commands,
    };
    let mut out = vec![step("log", message!(language, "report-step-log-text"), vec![server.look_at_logs(analysis)])];
    out.push(step("backup", message!(language, "report-step-backup-text"), backup(analysis, &safe, files, found)));
    if !safe.is_empty() {
        let mut command = String::from("nginx-analyzer cleanup apply .");
        for part in safe.iter().flat_map(|group| &group.locations) {
            command.push_str(&format!(" \\\n    --at {}", quoted(&format!("{}:{}", part.file, part.line))));
        }
        out.push(step("comment-out", message!(language, "report-step-comment-out-text", count = safe.len()), vec![command]));
    }
    if !proven.is_empty() {
        let commands = vec!["nginx-analyzer cleanup apply . --proven".to_owned()];
        out.push(step("proven", message!(language, "report-step-proven-text"), commands));
    }
    let how = server.how();
    out.push(step("test", message!(language, "report-step-test-text", how = how), server.test()));
    out.push(step("reload", message!(language, "report-step-reload-text", how = how), server.reload()));
    let days = analysis.project.settings.cleanup.keep_days;
    let until = analysis.today.and_then(|today| today.checked_add(i64::from(days).days()).ok());
    let text = match until {
        Some(day) => message!(language, "report-step-watch-text", day = day.to_string(), days = days),
        None => message!(language, "report-step-watch-text-days", days = days),
    };
    out.push(step("watch", text, vec!["nginx-analyzer cleanup status .".to_owned()]));
    // Each step is a clean-up of its own.
    let both = !safe.is_empty() && !proven.is_empty();
    let restore = if both { "nginx-analyzer cleanup restore . --all" } else { "nginx-analyzer cleanup restore ." };
    out.push(step("undo", message!(language, "report-step-undo-text"), vec![restore.to_owned()]));
    let going: Vec<String> = files.iter().filter(|file| file.kind == "goes-with").map(|file| format!("`{}`", file.file)).collect();
    let text = match going.is_empty() {
        true => message!(language, "report-step-delete-text"),
        false => message!(language, "report-step-delete-text-files", files = words::list(going, language)),
    };
    out.push(step("delete", text, vec!["nginx-analyzer cleanup finish .".to_owned()]));
    out
}

fn at(analysis: &Analysis, finding: &Finding) -> (String, u32) {
    let place = finding.place;
    (analysis.project.display_path(place.file), analysis.project.line(place))
}

/// Can it be commented out without a second thought?
fn is_proven(finding: &Finding) -> bool {
    let comments_out = |action: &FixAction| matches!(action, FixAction::CommentOut(_) | FixAction::CommentOutAll(_));
    finding.confidence == Confidence::Proven && finding.fixes.first().is_some_and(|fix| fix.safe && comments_out(&fix.action))
}

/// Copies of the configuration files that change, and an archive of the files that go in the end.
fn backup(analysis: &Analysis, safe: &[&Group], files: &[SpareFile], found: &[Finding]) -> Vec<String> {
    let mut changed: Vec<String> = safe.iter().flat_map(|group| &group.locations).map(|part| part.file.clone()).collect();
    changed.extend(found.iter().filter(|finding| is_proven(finding)).map(|finding| analysis.project.display_path(finding.place.file)));
    changed.sort();
    changed.dedup();
    let day = analysis.today.map_or_else(|| "$(date +%Y%m%d)".to_owned(), |day| day.strftime("%Y%m%d").to_string());
    let mut out: Vec<String> =
        changed.iter().map(|file| format!("cp -p {} {}.backup_before_cleanup_{day}", quoted(file), quoted(file))).collect();
    if !files.is_empty() {
        let names: Vec<String> = files.iter().map(|file| quoted(&file.file)).collect();
        out.push(format!("tar -czf files_before_cleanup_{day}.tar.gz \\\n    {}", names.join(" \\\n    ")));
    }
    out
}

/// Where nginx runs.
struct Server {
    /// `docker compose`, with the files that it does not find by itself; `None` where it does not run in a compose service.
    compose: Option<(String, String)>,
    /// `nginx` or `openresty`.
    binary: &'static str,
    /// How the configuration gets there.
    placed: Option<Placed>,
    /// An access log on the server's own disk.
    log: String,
}

impl Server {
    fn of(analysis: &Analysis) -> Server {
        let project = &analysis.project;
        let mut roots = project.roots.iter().map(|root| root.file);
        let found = roots.find_map(|root| {
            let path = project.vfs.path(root);
            let deployment = project.deployments.of(&path).next()?;
            Some((deployment, deployment.placed(&path), deployment.server_path_of(&path)))
        });
        let log = access_log(analysis).unwrap_or_else(|| "/var/log/nginx/access.log".to_owned());
        let Some((deployment, placed, server_path)) = found else {
            let folder = project.workspace.to_string_lossy();
            let binary = if folder.contains("openresty") && images::CONF_FOLDERS.contains(&&*folder) { "openresty" } else { "nginx" };
            return Server { compose: None, binary, placed: None, log };
        };
        let image = deployment.image_name.as_deref().unwrap_or_default();
        let prefix = deployment.image.map(|image| image.prefix).unwrap_or_default();
        let openresty = [image, prefix, server_path.as_deref().unwrap_or_default()].iter().any(|text| text.contains("openresty"));
        let compose = match (&deployment.service, placed) {
            (Some(service), Some(placed)) if placed != Placed::InCluster => {
                compose(analysis, service).map(|command| (command, quoted(service)))
            }
            _ => None,
        };
        Server { compose, binary: if openresty { "openresty" } else { "nginx" }, placed, log }
    }

    /// For the messages: how a change gets to the server.
    fn how(&self) -> &'static str {
        match (&self.compose, self.placed) {
            (_, Some(Placed::InCluster)) => "cluster",
            (Some(_), Some(Placed::ByItself)) => "mounted",
            (Some(_), Some(Placed::InImage)) => "image",
            _ => "plain",
        }
    }

    fn look_at_logs(&self, analysis: &Analysis) -> String {
        match &self.compose {
            Some((compose, service)) => format!("{compose} logs --no-color {service} | nginx-analyzer report . --logs - --since 30d"),
            None if !analysis.project.settings.logs.files.is_empty() => "nginx-analyzer report . --since 30d".to_owned(),
            None => format!("nginx-analyzer report . --logs '{}*' --since 30d", self.log.replace('\'', "'\\''")),
        }
    }

    fn test(&self) -> Vec<String> {
        let binary = self.binary;
        match (&self.compose, self.placed) {
            (_, Some(Placed::InCluster)) => Vec::new(),
            (Some((compose, service)), Some(Placed::InImage)) => {
                vec![format!("{compose} build {service}"), format!("{compose} run --rm --no-deps -T {service} {binary} -t")]
            }
            (Some((compose, service)), _) => vec![format!("{compose} exec -T {service} {binary} -t")],
            (None, _) => vec![format!("sudo {binary} -t")],
        }
    }

    fn reload(&self) -> Vec<String> {
        let binary = self.binary;
        match (&self.compose, self.placed) {
            (_, Some(Placed::InCluster)) => Vec::new(),
            (Some((compose, service)), Some(Placed::InImage)) => vec![format!("{compose} up -d --no-deps {service}")],
            (Some((compose, service)), _) => vec![format!("{compose} exec -T {service} {binary} -s reload")],
            (None, _) => vec![format!("sudo {binary} -s reload")],
        }
    }
}

/// The command for a service's compose project, from the workspace's folder.
fn compose(analysis: &Analysis, service: &str) -> Option<String> {
    const FOUND: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    let project = &analysis.project;
    let has = |compose: &&crate::project::compose::Compose| compose.services.iter().any(|one| one.name == service);
    let mut files: Vec<FileId> = project.compose.iter().find(has)?.files.clone();
    files.truncate(1 + files.iter().skip(1).take_while(|file| project.display_path(**file).contains("override")).count());
    let names: Vec<String> = files.iter().map(|file| project.display_path(*file)).collect();
    if names.first().is_some_and(|first| FOUND.contains(&&**first)) {
        return Some("docker compose".to_owned());
    }
    Some(names.iter().fold("docker compose".to_owned(), |out, name| format!("{out} -f {}", quoted(name))))
}

/// The first access log of the configuration that is a file with a name of its own.
fn access_log(analysis: &Analysis) -> Option<String> {
    let directives = analysis.configs.iter().flat_map(|config| config.all("access_log").iter().map(|entry| config.directive(*entry)));
    let mut paths = directives.filter_map(|directive| directive.arg(0));
    let is_file = |path: &&str| path.starts_with('/') && !path.contains('$') && !path.starts_with("/dev/");
    paths.find(is_file).map(str::to_owned)
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c);
    // A name that begins with a hyphen is no option.
    let word = if word.starts_with('-') { format!("./{word}") } else { word.to_owned() };
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_gets_every_name_as_one_word() {
        assert_eq!(quoted("conf.d/a.conf:12"), "conf.d/a.conf:12");
        assert_eq!(quoted("my site.conf"), "'my site.conf'");
        assert_eq!(quoted("a'; rm -rf /;'"), "'a'\\''; rm -rf /;'\\'''");
        assert_eq!(quoted("--help"), "./--help");
        assert_eq!(quoted("$(id)"), "'$(id)'");
        assert_eq!(quoted(""), "''");
    }
}
