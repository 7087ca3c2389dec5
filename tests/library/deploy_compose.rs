//! What compose files say, after merging, including, extending and filling in.

use std::path::Path;
use std::sync::Arc;

use nginx_analyzer::project::compose::Service;
use nginx_analyzer::project::container::MountSource;
use nginx_analyzer::project::vfs::Vfs;
use nginx_analyzer::project::{Parses, Project};

fn load(files: &[(&str, &str)]) -> (tempfile::TempDir, Project) {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().canonicalize().expect("path");
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
        std::fs::write(path, text).expect("file");
    }
    let project = Project::load(Vfs::default(), &folder, Arc::default(), &[], &mut Parses::default());
    (temporary, project)
}

fn service<'a>(project: &'a Project, name: &str) -> &'a Service {
    project.compose.iter().flat_map(|compose| &compose.services).find(|service| service.name == name).expect("the service")
}

/// `/target <- path in the workspace`, or what else it is.
fn mounts(project: &Project, service: &Service) -> Vec<String> {
    let source = |source: &MountSource| match source {
        MountSource::Workspace(path, _) => project.display(path),
        other => format!("{other:?}"),
    };
    service
        .container
        .mounts
        .iter()
        .map(|mount| format!("{}{} <- {}", mount.target, if mount.read_only { " ro" } else { "" }, source(&mount.source)))
        .collect()
}

#[test]
fn volumes_in_all_their_forms() {
    let (_folder, project) = load(&[(
        "compose.yaml",
        "services:
  web:
    volumes:
      - ./lua:/lua:ro,z
      - ${HTML:-./html}:/html
      - ${PWD}/conf:/conf
      - /data
      - named:/named
      - bound:/bound
      - $LOGS:/logs
      - {type: bind, source: rel, target: /rel, read_only: true}
      - {type: tmpfs, target: /tmp}
    configs: [site, {source: site, target: i.conf}]
    secrets: [key]
configs: {site: {file: ./site.conf}}
secrets: {key: {file: ./key}}
volumes: {named: , bound: {driver_opts: {type: none, o: bind, device: '${PWD}/b'}}}
",
    )]);
    assert_eq!(
        mounts(&project, service(&project, "web")),
        [
            "/lua ro <- lua",
            "/html <- html",
            "/conf <- conf",
            "/data <- Volume(None)",
            "/named <- Volume(Some(\"named\"))",
            "/bound <- b",
            "/logs <- Unresolved(\"$LOGS\")",
            "/rel ro <- rel",
            "/tmp <- Volume(None)",
            "/site ro <- site.conf",
            "/i.conf ro <- site.conf",
            "/run/secrets/key ro <- key",
        ]
    );
}

#[test]
fn an_override_is_laid_over_the_base_also_when_git_ignores_it() {
    let (_folder, project) = load(&[
        (".git/HEAD", ""),
        (".gitignore", "compose.override.yml\n.env\n"),
        (".env", "C='from file'\n"),
        (
            "compose.yml",
            "x-base: &base {environment: {A: '1', B: '2'}}
services:
  web: {<<: *base, command: \"nginx -g 'daemon off;'\", ports: ['80:80', '127.0.0.1:8000-8001:9000-9001', '443'], volumes: ['./a:/a', './b:/b']}
",
        ),
        ("compose.override.yml", "services:\n  web: {environment: [B=3, C, 'D=${UNSET:?}'], volumes: ['./b2:/b']}\n"),
    ]);
    let web = service(&project, "web");
    assert_eq!(mounts(&project, web), ["/a <- a", "/b <- b2"]);
    let mut environment: Vec<_> = web.container.environment.iter().map(|(name, value)| (name.as_str(), value.value.as_deref())).collect();
    environment.sort();
    assert_eq!(environment, [("A", Some("1")), ("B", Some("3")), ("C", Some("from file")), ("D", None)]);
    let command: Vec<_> = web.container.command.iter().filter_map(|word| word.value.as_deref()).collect();
    assert_eq!(command, ["nginx", "-g", "daemon off;"]);
    let ports: Vec<_> = web.ports.iter().map(|port| port.value).collect();
    assert_eq!(ports, [(Some(80), 80), (Some(8000), 9000), (Some(8001), 9001), (None, 443)]);
}

#[test]
fn include_and_extends_keep_the_folder_of_their_file() {
    let (_folder, project) = load(&[
        (
            "compose.yaml",
            "include: [sub/gate.yaml]\nservices:\n  web: {extends: {file: common/base.yaml, service: base}, volumes: ['./own:/own']}\n",
        ),
        ("sub/gate.yaml", "services:\n  gate: {image: 'nginx:${TAG:-1}', volumes: ['./g:/g']}\n"),
        ("common/base.yaml", "services:\n  base: {build: {context: ., target: x}, volumes: ['./c:/c']}\n"),
    ]);
    assert_eq!(mounts(&project, service(&project, "gate")), ["/g <- sub/g"]);
    let web = service(&project, "web");
    assert_eq!(mounts(&project, web), ["/c <- common/c", "/own <- own"]);
    assert_eq!(project.display(&web.container.build.as_ref().expect("a build").dockerfile), "common/Dockerfile");
    let place = web.container.mounts[0].place;
    assert_eq!(project.text(place.file).slice(place.span), "'./c:/c'");
    assert!(project.vfs.path(place.file).ends_with(Path::new("common/base.yaml")));
}

#[test]
fn circles_and_nonsense_end() {
    let (_folder, project) = load(&[(
        "compose.yaml",
        "include: [compose.yaml, {path: [compose.yaml]}]
services:
  a: {extends: b}
  b: {extends: a}
  c: 7
  d: {volumes: [[], {}, 3, ':', '::', null], ports: [x, 99999999, '2-1', ':'], build: 3, environment: [[], =], healthcheck: {test: []}}
  e: {image: nginx}
",
    )]);
    assert!(service(&project, "e").container.image.is_some());
    assert!(service(&project, "d").ports.is_empty());
}
