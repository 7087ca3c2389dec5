//! What follows from the folder of an application in C#: projects, static files.

use std::path::{Component, Path, PathBuf};

use super::super::Tree;
use super::super::facts::{Expr, Facts, ObjectKind, ScopeId, Why};
use super::super::making::{filled_by_build, global, has_any, place_of};
use super::{APP, CONVENTIONAL, FRAMEWORK, PATH_BASE, extension};
use crate::text::Span;

/// Packages without controllers, pages and filters that start with the application, by the begin of their names. The controllers of any
/// other are found as those of the application are.
const HARMLESS: &[&str] = &[
    "AWS.",
    "AWSSDK",
    "Ardalis.",
    "Asp.Versioning",
    "AspNetCore.HealthChecks",
    "AspNetCoreRateLimit",
    "AsyncKeyedLock",
    "AutoMapper",
    "Autofac",
    "Azure.",
    "BCrypt",
    "Ben.Demystifier",
    "Bogus",
    "CachingFramework",
    "Castle.",
    "ClosedXML",
    "Confluent.",
    "CsvHelper",
    "Dapper",
    "DbUp",
    "Destructurama",
    "DotNetEnv",
    "EFCore.",
    "EPPlus",
    "Elastic.",
    "Elasticsearch",
    "ErrorOr",
    "FirebaseAdmin",
    "FluentAssertions",
    "FluentEmail",
    "FluentMigrator",
    "FluentResults",
    "FluentValidation",
    "Flurl",
    "GitVersion",
    "Google.",
    "GraphQL",
    "Grpc.",
    "Hangfire",
    "Hellang.",
    "HotChocolate",
    "HtmlSanitizer",
    "Humanizer",
    "IdentityModel",
    "ImageSharp",
    "JetBrains.",
    "Konscious",
    "Lamar",
    "LanguageExt",
    "LaunchDarkly",
    "LazyCache",
    "LiteDB",
    "MailKit",
    "Mapster",
    "Markdig",
    "MassTransit",
    "MediatR",
    "MessagePack",
    "Meziantou.",
    "Microsoft.",
    "MimeKit",
    "MiniProfiler.EntityFrameworkCore",
    "Minio",
    "MongoDB.",
    "Moq",
    "MySql",
    "MySqlConnector",
    "NEST",
    "NLog",
    "NSubstitute",
    "NSwag",
    "NUnit",
    "NetTopologySuite",
    "Newtonsoft.",
    "NodaTime",
    "Npgsql",
    "OneOf",
    "OpenIddict.Validation",
    "OpenTelemetry",
    "Oracle.",
    "Otp.NET",
    "Polly",
    "Pomelo.",
    "QRCoder",
    "Quartz",
    "RabbitMQ.",
    "Refit",
    "RestSharp",
    "Riok.",
    "Roslynator",
    "SQLite",
    "SQLitePCL",
    "Scrutor",
    "SendGrid",
    "Sentry",
    "Serilog",
    "SharpZipLib",
    "SixLabors.",
    "SonarAnalyzer",
    "StackExchange.Redis",
    "Stripe",
    "StyleCop",
    "Swashbuckle.",
    "System.",
    "Twilio",
    "UUIDNext",
    "Ulid",
    "Unleash",
    "Vogen",
    "YamlDotNet",
    "Z.EntityFramework",
    "ZXing",
    "coverlet.",
    "linq2db",
    "log4net",
    "prometheus-net",
    "protobuf-net",
    "runtime.",
    "sqlite",
    "xunit",
];

/// Libraries that add routes, or may.
const DOUBTS: &[(&str, Why)] = &[
    ("AspNetCore.OData", Why::Extension),
    ("FastEndpoints", Why::Extension),
    ("ServiceStack", Why::Extension),
    ("Ocelot", Why::Proxy),
    ("Yarp.ReverseProxy", Why::Proxy),
    ("Volo.Abp", Why::Extension),
    ("OrchardCore", Why::Extension),
    ("Umbraco", Why::Extension),
    ("Piranha", Why::Extension),
    ("IdentityServer", Why::Extension),
    ("OpenIddict.Server", Why::Extension),
    ("Elsa", Why::Extension),
    ("Functions.Worker", Why::Option),
    ("NET.Sdk.Functions", Why::Option),
    ("WolverineFx.Http", Why::Extension),
    ("Giraffe", Why::Option),
    ("CoreWCF", Why::Extension),
    ("SoapCore", Why::Extension),
    ("Grpc.AspNetCore", Why::Extension),
    ("SpaServices", Why::Fallback),
    ("SpaProxy", Why::Fallback),
    ("<SpaRoot", Why::Fallback),
    ("npm ", Why::Computed),
    ("yarn ", Why::Computed),
    ("wwwroot", Why::Computed),
];

/// What a project says.
pub(super) fn project(text: &str, facts: &mut Facts) {
    for (word, why) in DOUBTS {
        if text.contains(word) {
            facts.doubt(*why, place_of(text, word));
        }
    }
    if has_any(text, &["Identity.UI", "Identity.Web.UI"]) {
        let place = place_of(text, "Identity");
        for path in ["/Identity/*", "/MicrosoftIdentity/*", "/signin-oidc", "/signout-oidc", "/signout-callback-oidc"] {
            facts.add_implied(global(APP), path, place);
        }
    }
}

pub(super) fn folder(tree: &Tree<'_>) -> Vec<(PathBuf, Facts)> {
    let project = tree.files.iter().find(|path| extension(path) == "csproj");
    let Some(anchor) = project.or_else(|| tree.files.iter().find(|path| extension(path) == "cs")) else { return Vec::new() };
    let mut facts = Facts::default();
    facts.bind(ScopeId::FILE, PATH_BASE, Expr::text(""));
    let actions = facts.add_object(ObjectKind::Router, FRAMEWORK, Expr::text(""), true, Span::at(0));
    facts.bind(ScopeId::FILE, CONVENTIONAL, actions);
    // Assemblies that are started before the application.
    let startup = Expr::Setting("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES".into(), Some(Box::new(Expr::Other)));
    facts.add_mount(global(APP), Expr::text(""), Expr::Member(Box::new(startup), "routes".into()), Span::at(0));
    let web = tree
        .files
        .iter()
        .filter(|path| extension(path) == "csproj")
        .filter_map(|path| tree.text(path))
        .any(|text| has_any(&text, &["NET.Sdk.Web", "AspNetCore"]));
    if web || project.is_none() {
        for path in ["/_content/*", "/{x}.styles.css"] {
            facts.add_implied(global(APP), path, Span::at(0));
        }
        if tree.files.iter().any(|path| extension(path) == "razor") {
            facts.add_implied(global(APP), "/_framework/*", Span::at(0));
        }
        files(tree, &mut facts);
    }
    references(tree, &mut facts);
    vec![(anchor.clone(), facts)]
}

/// Files of `wwwroot`.
fn files(tree: &Tree<'_>, facts: &mut Facts) {
    if filled_by_build(tree, &["wwwroot"]) {
        facts.doubt(Why::Computed, Span::at(0));
    }
    for path in tree.files {
        let written = path.to_string_lossy().replace('\\', "/");
        let inside = match written.split_once("wwwroot/") {
            Some((front, inside)) if front.is_empty() || front.ends_with('/') => inside.replace(['{', '}', '*'], "{x}"),
            _ => continue,
        };
        facts.add_route(global(APP), &["GET"], Expr::Text(format!("/{inside}").into()), Span::at(0));
        let folder =
            inside.strip_suffix("index.html").or_else(|| inside.strip_suffix("default.html")).or_else(|| inside.strip_suffix("index.htm"));
        if let Some(folder) = folder {
            facts.add_route(global(APP), &["GET"], Expr::Text(format!("/{folder}").into()), Span::at(0));
            facts.add_route(global(APP), &["GET"], Expr::Text(format!("/{}", folder.trim_end_matches('/')).into()), Span::at(0));
        }
    }
}

/// Controllers of a project that is referred to are served, too: where it is not in the folder, nobody knows which.
fn references(tree: &Tree<'_>, facts: &mut Facts) {
    for path in tree.files.iter().filter(|path| extension(path) == "csproj") {
        let Some(text) = tree.text(path) else { continue };
        for reference in text.split("<ProjectReference").skip(1).filter_map(|rest| rest.split('"').nth(1)) {
            let whole = path.parent().unwrap_or(Path::new("")).join(reference.replace('\\', "/"));
            if !resolved(&whole).is_some_and(|whole| tree.has(&whole)) {
                facts.doubt(Why::Mounted, Span::at(0));
            }
        }
        // A package of the same people may have some as well.
        let people =
            path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.split_once('.')).map(|(people, _)| format!("{people}."));
        let packages = text.split("<PackageReference").skip(1).filter_map(|rest| rest.split('"').nth(1));
        let (known, mut all) = (|package: &str| HARMLESS.iter().any(|start| package.starts_with(start)), packages.clone());
        if all.any(|package| !known(package)) {
            facts.doubt(Why::Extension, place_of(&text, "<PackageReference"));
        }
        if people.is_some_and(|people| people != "Microsoft." && packages.into_iter().any(|package| package.starts_with(&people))) {
            facts.doubt(Why::Mounted, Span::at(0));
        }
    }
}

/// A path without `..`; `None` for one that leaves the folder.
fn resolved(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            Component::Normal(name) => out.push(name),
            Component::CurDir => {}
            _ => return None,
        }
    }
    Some(out)
}
