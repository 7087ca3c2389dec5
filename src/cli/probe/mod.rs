//! `nginx-analyzer probe`: asks a running backend for its routes. The one part that uses the network, and only when it is told to.

mod client;
mod from;
mod manifest;
mod verdict;
mod wanted;

use std::path::Path;
use std::time::Duration;

use anyhow::bail;
use client::{Client, Failure, Origin};
use manifest::{Manifest, Unknown};
use rustc_hash::FxHashMap;
use ureq::http::{Method, Uri};
use verdict::Verdict;
use wanted::Wanted;

use super::args::{ProbeArguments, ProbeMethod};
use super::{OK, print};
use crate::message;
use crate::messages::Language;
use crate::messages::printable::one_line;

/// Where frameworks have the description of what they serve: FastAPI and most others, Swagger 2, springdoc, ASP.NET, springfox,
/// those below a prefix, NestJS.
const DESCRIPTIONS: [&str; 7] =
    ["/openapi.json", "/swagger.json", "/v3/api-docs", "/swagger/v1/swagger.json", "/api-docs", "/api/openapi.json", "/docs-json"];

/// After so many failures in a row the rest of a list is not asked.
const PATIENCE: usize = 3;

/// Redirects that are followed, on the same host.
const REDIRECTS: usize = 5;

/// A path that nobody serves on purpose: how a backend answers it is how it answers what it does not have.
const NOWHERE: &str = "nginx-analyzer-asks-for-what-is-not-here";

/// Asks, and writes what was answered.
pub(super) fn run(arguments: &ProbeArguments, asked: Option<Language>) -> anyhow::Result<u8> {
    let language = asked.unwrap_or_default();
    if !arguments.allow_network {
        bail!(message!(language, "cli-probe-not-allowed", urls = arguments.urls.join(" ")));
    }
    let targets = arguments.urls.iter().map(|url| target(url, language)).collect::<anyhow::Result<Vec<Uri>>>()?;
    let origins: Vec<Origin> = targets.iter().filter_map(Origin::of).collect();
    let wanted = match (&arguments.uris, &arguments.from) {
        (Some(path), _) => Some(wanted::read(path, &origins, language)?),
        (None, Some(path)) => {
            let sends = from::read(path, arguments.upstream.as_deref(), &origins, asked)?;
            if sends.unclear > 0 {
                super::say(&message!(language, "cli-probe-from-unclear", count = sends.unclear));
            }
            Some(sends.wanted)
        }
        (None, None) => None,
    };
    if wanted.is_some() && targets.iter().any(|target| target.path_and_query().is_some_and(|path| path != "/")) {
        bail!(message!(language, "cli-probe-path"));
    }
    let outputs = outputs(arguments, &origins, language)?;
    let pause = Duration::from_secs_f64(1.0 / arguments.rate);
    let mut client = Client::new(pause, Duration::from_secs(arguments.timeout));
    for (index, target) in targets.iter().enumerate() {
        let manifest = match &wanted {
            Some(wanted) => {
                let own: Vec<&Wanted> = wanted.iter().filter(|wanted| wanted.of.is_none_or(|of| of == index)).collect();
                listed(&mut client, target, &own, arguments.method, language)?
            }
            None => described(&mut client, target, &origins, language)?,
        };
        let text = manifest.json()?;
        let output = outputs.as_ref().and_then(|outputs| outputs.get(index));
        match output {
            None => print(&text, None)?,
            Some(path) => super::output::write(language, path, &text)?,
        }
        told(&manifest, output.map(|path| path.as_path()), language);
    }
    Ok(OK)
}

/// What was found, and what to do with it, for the person at the terminal.
fn told(manifest: &Manifest, output: Option<&Path>, language: Language) {
    let say = |text: String| super::say(&text);
    let (routes, missing, unknown) = (manifest.routes.len(), manifest.missing.len(), manifest.unknown.len());
    say(message!(language, "cli-probe-told", of = &manifest.of, routes = routes, missing = missing, unknown = unknown));
    if let Some(path) = output {
        say(message!(language, "cli-probe-next", path = path.display().to_string()));
    }
}

/// A URL that can be asked: a scheme, a host, no credentials.
fn target(url: &str, language: Language) -> anyhow::Result<Uri> {
    let uri: Option<Uri> = url.parse().ok();
    let Some(uri) = uri.filter(|uri| Origin::of(uri).is_some()) else {
        bail!(message!(language, "cli-probe-url", url = url));
    };
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        bail!(message!(language, "cli-probe-credentials"));
    }
    Ok(uri)
}

/// The files to write, one for each URL; `None` for standard output.
fn outputs(arguments: &ProbeArguments, origins: &[Origin], language: Language) -> anyhow::Result<Option<Vec<std::path::PathBuf>>> {
    let Some(output) = &arguments.output else {
        if origins.len() > 1 {
            bail!(message!(language, "cli-probe-several"));
        }
        return Ok(None);
    };
    let paths: Vec<_> = if output.is_dir() {
        origins.iter().map(|origin| output.join(format!("{}.routes.json", origin.file_name()))).collect()
    } else if origins.len() > 1 {
        bail!(message!(language, "cli-probe-several"));
    } else {
        vec![output.clone()]
    };
    for path in &paths {
        if !manifest::may_replace(path) {
            bail!(message!(language, "cli-probe-other", path = path.display().to_string()));
        }
    }
    Ok(Some(paths))
}

/// Asks for the backend's own description.
fn described(client: &mut Client, target: &Uri, origins: &[Origin], language: Language) -> anyhow::Result<Manifest> {
    let named = target.path_and_query().filter(|path| *path != "/").map(|path| vec![path.as_str().to_owned()]);
    let tried = named.unwrap_or_else(|| DESCRIPTIONS.map(str::to_owned).to_vec());
    let mut outcomes = Vec::new();
    for path in &tried {
        let (outcome, answered) = match description(client, target, path, origins, language) {
            Ok(Ok(routes)) => return Ok(Manifest::described(target, &routes)),
            Ok(Err(outcome)) => (outcome, true),
            Err(failure) => (failure.message(language), false),
        };
        // Nobody is there, or it does not speak HTTP: other paths would end alike.
        if outcomes.is_empty() && !answered {
            bail!(message!(language, "cli-probe-failed", url = client::shown(target), problem = outcome));
        }
        outcomes.push(one_line(&format!("  {path}: {outcome}")).into_owned());
    }
    let said = message!(language, "cli-probe-no-description", url = client::shown(target), tried = outcomes.join("\n"));
    Err(super::Lines(said).into())
}

/// The routes of the description at a path, or why there are none.
fn description(
    client: &mut Client,
    target: &Uri,
    path: &str,
    origins: &[Origin],
    language: Language,
) -> Result<Result<Vec<crate::upstreams::Route>, String>, Failure> {
    let mut uri = client::at(target, path).ok_or(Failure::Unsendable)?;
    for _ in 0..=REDIRECTS {
        let answer = client.ask(&Method::GET, &uri, true)?;
        if let (300..400, Some(location)) = (answer.status, &answer.location) {
            let Some(next) = client::resolve(&uri, location) else {
                return Ok(Err(message!(language, "cli-probe-redirect-unread", location = location)));
            };
            if !Origin::of(&next).is_some_and(|origin| origins.contains(&origin)) {
                return Ok(Err(message!(language, "cli-probe-redirect-elsewhere", location = location)));
            }
            uri = next;
            continue;
        }
        return Ok(match answer.status {
            200 => routes_of(&answer.body, language),
            401 | 403 => Err(message!(language, "cli-probe-guarded", status = answer.status.to_string())),
            status => Err(message!(language, "cli-probe-status", status = status.to_string())),
        });
    }
    Ok(Err(message!(language, "cli-probe-redirects")))
}

fn routes_of(body: &[u8], language: Language) -> Result<Vec<crate::upstreams::Route>, String> {
    let Ok(text) = std::str::from_utf8(body) else { return Err(message!(language, "cli-probe-not-json")) };
    let text = text.trim_start_matches('\u{feff}');
    let yaml = text.lines().take(50).any(|line| line.starts_with("openapi:") || line.starts_with("swagger:"));
    if !yaml && serde_json::from_str::<serde_json::Value>(text).is_err() {
        return Err(message!(language, "cli-probe-not-json"));
    }
    match crate::upstreams::description(text) {
        None => Err(message!(language, "cli-probe-not-openapi")),
        Some(routes) if routes.is_empty() => Err(message!(language, "cli-probe-no-paths")),
        Some(routes) => Ok(routes),
    }
}

/// Asks for every URI of a list.
fn listed(
    client: &mut Client,
    target: &Uri,
    wanted: &[&Wanted],
    method: Option<ProbeMethod>,
    language: Language,
) -> anyhow::Result<Manifest> {
    let mut manifest = Manifest::of(target, false);
    let mut baselines: FxHashMap<(Method, String), verdict::Answered> = FxHashMap::default();
    let mut failures = 0;
    let mut reached = false;
    for wanted in wanted {
        let unknown = |why: String| Unknown { uri: wanted.to_string(), why };
        if failures >= PATIENCE {
            manifest.unknown.push(unknown(message!(language, "cli-probe-not-asked")));
            continue;
        }
        if wanted.is_pattern() {
            manifest.unknown.push(unknown(message!(language, "cli-probe-pattern")));
            continue;
        }
        match one(client, target, wanted, method, &mut baselines) {
            Ok(verdict) => {
                failures = 0;
                reached = true;
                match verdict {
                    Verdict::Exists(methods) => manifest.routes.push(wanted.route(&methods)),
                    Verdict::Missing => manifest.missing.push(wanted.route(&["GET".to_owned()])),
                    Verdict::Unknown(why) => manifest.unknown.push(unknown(why.message(language))),
                }
            }
            Err(failure) => {
                let problem = failure.message(language);
                if !reached && failure != Failure::Unsendable {
                    bail!(message!(language, "cli-probe-failed", url = client::shown(target), problem = problem));
                }
                failures += usize::from(failure != Failure::Unsendable);
                manifest.unknown.push(unknown(problem));
            }
        }
    }
    Ok(manifest)
}

/// Asks for one URI, and for one beside it that nobody serves.
fn one(
    client: &mut Client,
    target: &Uri,
    wanted: &Wanted,
    method: Option<ProbeMethod>,
    baselines: &mut FxHashMap<(Method, String), verdict::Answered>,
) -> Result<Verdict, Failure> {
    let uri = client::at(target, &wanted.uri).ok_or(Failure::Unsendable)?;
    // What may change something is not sent; OPTIONS tells which methods there are.
    let unsafe_method = wanted.method.as_deref().is_some_and(|method| !["GET", "HEAD", "OPTIONS"].contains(&method));
    let mut sent = match (method, wanted.method.as_deref()) {
        (Some(ProbeMethod::Get), _) => Method::GET,
        (Some(ProbeMethod::Options), _) | (None, Some("OPTIONS")) => Method::OPTIONS,
        _ if unsafe_method => Method::OPTIONS,
        (Some(ProbeMethod::Head), _) | (None, _) => Method::HEAD,
    };
    let mut answered = client.ask(&sent, &uri, false)?.into_answered(uri.path());
    // Many that serve GET answer HEAD with 404, 405 or 501.
    if method.is_none() && sent == Method::HEAD && matches!(answered.status, 404 | 405 | 410 | 501) {
        sent = Method::GET;
        answered = client.ask(&sent, &uri, false)?.into_answered(uri.path());
    }
    let path = uri.path();
    let parent =
        path.get(..path.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1)).filter(|parent| !parent.is_empty()).unwrap_or("/");
    let key = (sent.clone(), parent.to_owned());
    let baseline = match baselines.get(&key) {
        Some(known) => known.clone(),
        None => {
            let nowhere = client::at(target, &format!("{parent}{NOWHERE}")).ok_or(Failure::Unsendable)?;
            let answered = client.ask(&sent, &nowhere, false)?.into_answered(nowhere.path());
            baselines.insert(key, answered.clone());
            answered
        }
    };
    Ok(verdict::judge(&sent, wanted.method.as_deref(), &answered, &baseline))
}
