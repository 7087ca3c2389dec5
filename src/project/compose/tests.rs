use super::*;
use crate::text::Text;

/// A vfs whose files lie only in memory, written as `#- /path` sections.
pub(crate) fn memory(fixture: &str) -> (Vfs, Vec<PathBuf>) {
    let mut vfs = Vfs::default();
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for line in fixture.split_inclusive('\n') {
        match line.strip_prefix("#- ") {
            Some(path) => files.push((PathBuf::from("/nowhere/ws").join(path.trim().trim_start_matches('/')), String::new())),
            None => files.last_mut().expect("a section first").1.push_str(line),
        }
    }
    let paths = files.iter().map(|(path, _)| path.clone()).collect();
    for (path, text) in files {
        let id = vfs.id(&path);
        vfs.open(id, Text::new(&text));
    }
    (vfs, paths)
}

fn read(fixture: &str) -> (Vfs, Vec<Compose>, Vec<Notice>) {
    let (vfs, paths) = memory(fixture);
    let (projects, problems) = find(&vfs, Path::new("/nowhere/ws"), &paths);
    (vfs, projects, problems)
}

fn mounts(service: &Service) -> Vec<String> {
    service.mounts.iter().map(|mount| format!("{} <- {:?}", mount.target, mount.source).replace("/nowhere/ws", "WS")).collect()
}

#[test]
fn volumes_in_all_their_forms() {
    let (_, projects, problems) = read(
        "#- /compose.yaml
services:
  web:
    image: nginx
    volumes:
      - ./lua:/lua:ro
      - ${HTML:-./html}:/html
      - $LOGS:/logs
      - ${PWD}/conf:/conf
      - /data
      - named:/named
      - bound:/bound
      - /etc/ssl:/ssl
      - ~/x:/x
      - ../out:/out
      - {type: bind, source: rel, target: /rel}
      - {type: tmpfs, target: /tmp}
    configs: [site, {source: inline, target: /etc/nginx/i.conf}]
    secrets: [key]
configs:
  site: {file: ./site.conf}
  inline: {content: 'x'}
secrets:
  key: {file: ./key}
volumes:
  named:
  bound: {driver_opts: {type: none, o: bind, device: '${PWD}/b'}}
",
    );
    assert_eq!(problems, []);
    let got = mounts(&projects[0].services[0]);
    let expected = [
        r#"/lua <- Workspace("WS/lua")"#,
        r#"/html <- Workspace("WS/html")"#,
        r#"/logs <- Unresolved("$LOGS")"#,
        r#"/conf <- Workspace("WS/conf")"#,
        r#"/data <- Volume(None)"#,
        r#"/named <- Volume(Some("named"))"#,
        r#"/bound <- Workspace("WS/b")"#,
        r#"/ssl <- Host("/etc/ssl")"#,
        r#"/x <- Host("~/x")"#,
        r#"/out <- Host("/nowhere/out")"#,
        r#"/rel <- Workspace("WS/rel")"#,
        r#"/tmp <- Volume(None)"#,
        r#"/site <- Workspace("WS/site.conf")"#,
    ];
    assert_eq!(got[..expected.len()], expected);
    assert!(got[13].starts_with("/etc/nginx/i.conf <- Inline("), "{}", got[13]);
    assert_eq!(got[14], r#"/run/secrets/key <- Workspace("WS/key")"#);
}

#[test]
fn files_of_a_folder_are_merged_and_variants_stand_apart() {
    let (_, projects, problems) = read(
        "#- /compose.yml
x-base: &base
  environment: {A: '1', B: '2'}
services:
  web:
    <<: *base
    build: {context: ./web, args: {V: 1}}
    command: nginx -g 'daemon off;'
    ports: ['80:80', '127.0.0.1:8000-8001:9000-9001', '443']
    volumes: ['./a:/a', './b:/b']
    healthcheck: {test: curl -f http://localhost/health}
#- /compose.override.yml
services:
  web:
    environment: [B=3, C, 'D=${UNSET:?}', 'E=x${UNSET}']
    build: {target: final}
    volumes: ['./b2:/b/']
    command: ['x', \"y z\"]
#- /compose.prod.yml
services:
  web:
    volumes: !override ['./p:/p']
#- /.env
C=from file
",
    );
    assert_eq!(problems, []);
    assert_eq!(projects.len(), 2);
    let web = &projects[0].services[0];
    assert_eq!(mounts(web), [r#"/a <- Workspace("WS/a")"#, r#"/b/ <- Workspace("WS/b2")"#]);
    let build = web.build.as_ref().expect("build");
    assert_eq!(build.dockerfile, Path::new("/nowhere/ws/web/Dockerfile"));
    assert_eq!(build.target.as_deref(), Some("final"));
    let env: Vec<_> = web.environment.iter().map(|(name, value)| (name.as_str(), value.as_ref().map(|value| value.value.as_str()))).collect();
    assert_eq!(env, [("A", Some("1")), ("B", Some("3")), ("C", Some("from file")), ("D", None), ("E", Some("x${UNSET}"))]);
    let command: Vec<_> = web.command.iter().map(|word| word.value.as_str()).collect();
    assert_eq!(command, ["x", "y z"]);
    let ports: Vec<_> = web.ports.iter().map(|port| port.value).collect();
    assert_eq!(ports, [(Some(80), 80), (Some(8000), 9000), (Some(8001), 9001), (None, 443)]);
    assert_eq!(web.healthcheck[1].value, "curl -f http://localhost/health");
    assert!(projects[1].variant);
    assert_eq!(mounts(&projects[1].services[0]), [r#"/p <- Workspace("WS/p")"#]);
    let command: Vec<_> = projects[1].services[0].command.iter().map(|word| word.value.as_str()).collect();
    assert_eq!(command, ["nginx", "-g", "daemon off;"]);
}

#[test]
fn include_and_extends_keep_the_folder_of_their_file() {
    let (vfs, projects, problems) = read(
        "#- /compose.yaml
include: [sub/gate.yaml]
services:
  web: {extends: {file: common/base.yaml, service: base}, volumes: ['./own:/own']}
#- /sub/gate.yaml
services:
  gate: {image: 'nginx:${TAG:-1}', volumes: ['./g:/g']}
#- /common/base.yaml
services:
  base: {image: openresty/openresty, volumes: ['./c:/c']}
",
    );
    assert_eq!(problems, []);
    let services = &projects[0].services;
    assert_eq!(mounts(&services[0]), [r#"/g <- Workspace("WS/sub/g")"#]);
    assert_eq!(mounts(&services[1]), [r#"/c <- Workspace("WS/common/c")"#, r#"/own <- Workspace("WS/own")"#]);
    let place = services[1].mounts[0].place;
    assert_eq!(vfs.read(place.file).expect("text").slice(place.span), "'./c:/c'");
}

#[test]
fn bad_files_are_told_and_the_rest_goes_on() {
    let (_, projects, problems) = read(
        "#- /a/compose.yaml
services: [
#- /b/compose.yaml
services:
  web: {image: nginx}
#- /c/compose.yaml
include: [compose.yaml]
services:
  a: {extends: b}
  b: {extends: a}
  c: 7
  d: {volumes: [[], {}, 3, null], ports: [x, 99999999], build: 3}
",
    );
    assert!(problems.iter().any(|notice| notice.message.contains("no YAML")), "{problems:?}");
    assert!(problems.iter().any(|notice| notice.message.contains("includes itself")), "{problems:?}");
    assert!(problems.iter().any(|notice| notice.message.contains("circle")), "{problems:?}");
    assert_eq!(projects.len(), 2);
}
