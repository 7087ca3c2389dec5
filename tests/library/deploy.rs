//! From a path on the server to a path here: what is present, what is missing, and above all what can't be told.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::messages::Language;
use nginx_analyzer::project::paths::Mapped;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::project::vfs::Vfs;
use nginx_analyzer::project::{Parses, Project};

/// Writes the `#- /path` sections of a fixture into a folder. A path that ends in `/` is a folder, `-> x` makes a link.
fn write(folder: &Path, fixture: &str) {
    let mut open: Option<(PathBuf, String)> = None;
    let flush = |open: Option<(PathBuf, String)>| {
        let Some((path, text)) = open else { return };
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
        std::fs::write(path, text).expect("file");
    };
    for line in fixture.split_inclusive('\n') {
        let Some(name) = line.strip_prefix("#- /") else {
            if let Some((_, text)) = &mut open {
                text.push_str(line);
            }
            continue;
        };
        flush(open.take());
        let name = name.trim();
        if let Some((link, target)) = name.split_once(" -> ") {
            std::os::unix::fs::symlink(target, folder.join(link)).expect("link");
        } else if name.ends_with('/') {
            std::fs::create_dir_all(folder.join(name)).expect("folder");
        } else {
            open = Some((folder.join(name), String::new()));
        }
    }
    flush(open);
}

struct Workspace {
    folder: PathBuf,
    project: Project,
    _temporary: Option<tempfile::TempDir>,
}

fn load(folder: PathBuf, temporary: Option<tempfile::TempDir>) -> Workspace {
    let text = std::fs::read_to_string(folder.join("nginx-analyzer.toml")).unwrap_or_default();
    let settings: Settings = toml::from_str(&text).expect("settings");
    let project = Project::load(Vfs::default(), &folder, Arc::new(settings), &[], &mut Parses::default());
    Workspace { folder, project, _temporary: temporary }
}

fn workspace(fixture: &str) -> Workspace {
    let temporary = tempfile::tempdir().expect("a folder");
    let folder = temporary.path().canonicalize().expect("path").join("ws");
    std::fs::create_dir(&folder).expect("folder");
    write(&folder, fixture);
    if !folder.join("nginx.conf").exists() {
        write(&folder, "#- /nginx.conf\nevents {}\nhttp {}\n");
    }
    load(folder, Some(temporary))
}

impl Workspace {
    fn map(&self, path: &str) -> Option<Mapped> {
        let main = self.project.vfs.id(&self.folder.join("nginx.conf"));
        self.project.deployments.map(&self.project, main, path)
    }

    /// `present lua/a.lua`, `missing lua/b.lua`, `unknown: why`, `nothing`.
    fn say(&self, path: &str) -> String {
        match self.map(path) {
            Some(Mapped::Present { path, .. }) => format!("present {}", self.project.display(&path)),
            Some(Mapped::Missing { path, .. }) => format!("missing {}", self.project.display(&path)),
            Some(Mapped::Unknown { why, .. }) => format!("unknown: {why}"),
            None => "nothing".into(),
        }
    }

    #[track_caller]
    fn is(&self, path: &str, expected: &str) {
        let got = self.say(path);
        assert!(if expected == "unknown" { got.starts_with("unknown: ") } else { got == expected }, "{path}: {got}, not {expected}");
    }
}

const CONF: &str = "./nginx.conf:/etc/nginx/nginx.conf:ro";

/// A compose file of one nginx with these volumes, and more lines.
fn nginx(volumes: &str, more: &str) -> String {
    format!(
        "#- /compose.yaml\nservices:\n  web:\n    image: nginx:1.27\n    volumes: ['{CONF}', {volumes}]\n{more}\n#- /lua/a.lua\nreturn 1\n"
    )
}

#[test]
fn a_bind_mount_tells_what_is_missing_and_why() {
    let ws = workspace(&nginx("./lua:/lua:ro, '${HTML:-./html}:/html:ro', './.certs:/c'", "#- /html/help.htm\nx\n#- /html/index.html\nx"));
    ws.is("/lua/a.lua", "present lua/a.lua");
    ws.is("/lua/b.lua", "missing lua/b.lua");
    ws.is("/html/../lua/./a.lua", "present lua/a.lua");
    ws.is("/html/help.html", "missing html/help.html");
    ws.is("/c/key.pem", "unknown");
    ws.is("/etc/nginx/mime.types", "unknown");
    ws.is("/lua/$host.lua", "unknown");
    let Some(Mapped::Missing { via, near, .. }) = ws.map("/html/help.html") else { panic!("missing") };
    assert_eq!(near, Some(ws.folder.join("html/help.htm")));
    let place = via[0].place.expect("the line of the compose file");
    assert_eq!(ws.project.text(place.file).slice(place.span), "'${HTML:-./html}:/html:ro'");
    let said = via[0].message.say(Language::English);
    assert!(said.contains("is mounted at /html"), "{said}");
}

#[test]
fn the_longest_mount_wins_and_a_mount_below_is_no_file_here() {
    let ws = workspace(&nginx("'./lua:/srv:ro', './html:/srv/html:ro', 'data:/srv/data'", "#- /html/a.lua\nx"));
    ws.is("/srv/html/a.lua", "present html/a.lua");
    ws.is("/srv/html/b.lua", "missing html/b.lua");
    ws.is("/srv/data", "unknown");
    ws.is("/srv/data/x", "unknown");
    ws.is("/srv/x.lua", "missing lua/x.lua");
}

#[test]
fn what_is_not_kept_here_is_unknown() {
    let ws = workspace(&format!(
        "{}#- /.gitignore\n/dist/\n*.pem\n#- /dist/a.js\nx\n#- /certs/README\nx\n#- /empty/.gitkeep\n#- /page.html\nx\n#- /away -> ../outside\n#- /lua/gone.lua -> /opt/gone.lua\n",
        nginx(
            "'named:/named', '/srv/x:/host:ro', '~/x:/home:ro', '$UNSET/x:/unset:ro', '../out:/out:ro', './dist:/dist:ro', './certs:/certs:ro', './none:/none:ro', './empty:/empty:ro', './page.html:/page.html:ro', './away:/away:ro', './lua:/lua:ro'",
            ""
        )
    ));
    std::fs::create_dir(ws.folder.parent().expect("parent").join("outside")).expect("folder");
    std::fs::write(ws.folder.parent().expect("parent").join("outside/a"), "x").expect("file");
    for path in [
        "/named/a",
        "/host/a",
        "/home/a",
        "/unset/a",
        "/out/a",
        "/dist/b.js",
        "/certs/a.pem",
        "/none/a",
        "/none",
        "/empty/a",
        "/page.html/x",
        "/away/b",
        "/lua/gone.lua",
        "/lua/dist/app.lua",
        "/elsewhere",
    ] {
        ws.is(path, "unknown");
    }
    ws.is("/certs/a.txt", "missing certs/a.txt");
    ws.is("/lua/sub/new.lua", "missing lua/sub/new.lua");
}

#[test]
fn what_another_service_or_the_start_may_write_is_unknown() {
    let other = "  certbot: {image: certbot/certbot, volumes: ['./certs:/etc/letsencrypt']}\n  app: {image: node, volumes: ['.:/app', './html:/x:ro']}";
    let ws = workspace(&format!("{}#- /certs/README\nx\n#- /html/x\nx\n", nginx("'./certs:/certs:ro', './html:/html:ro'", other)));
    ws.is("/certs/live/key", "unknown");
    ws.is("/html/a.html", "missing html/a.html");

    let command = "    command: sh -c \"envsubst < /t > /conf/x.conf && exec nginx -g 'daemon off;'\"";
    let ws = workspace(&format!("{}#- /conf/a.conf\n\n", nginx("'./conf:/conf', './lua:/lua:ro'", command)));
    ws.is("/conf/y.conf", "unknown");
    ws.is("/lua/b.lua", "missing lua/b.lua");

    let plain = "    command: [nginx, -g, 'daemon off;']";
    let ws = workspace(&format!("{}#- /conf/a.conf\n\n", nginx("'./conf:/conf'", plain)));
    ws.is("/conf/y.conf", "missing conf/y.conf");
}

#[test]
fn a_command_does_not_replace_the_entrypoint_of_the_image() {
    let built = |entrypoint: &str| {
        workspace(&format!(
            "#- /compose.yaml\nservices:\n  web:\n    build: .\n    command: [nginx, -g, 'daemon off;']\n    volumes: ['./conf:/conf']\n#- /conf/a.conf\n\n#- /nginx.conf\nevents {{}}\nhttp {{}}\n#- /Dockerfile\nFROM nginx\nCOPY nginx.conf /etc/nginx/\n{entrypoint}\n"
        ))
    };
    built("ENTRYPOINT [\"/start.sh\"]").is("/conf/b.conf", "unknown");
    built("CMD [\"nginx\"]").is("/conf/b.conf", "missing conf/b.conf");
}

#[test]
fn templates_are_written_at_start() {
    let ws = workspace(&format!(
        "{}#- /templates/site.conf.template\nserver {{}}\n#- /conf.d/a.conf\n\n",
        nginx("'./templates:/etc/nginx/templates:ro', './conf.d:/etc/nginx/conf.d'", "")
    ));
    ws.is("/etc/nginx/conf.d/site.conf", "unknown");
    ws.is("/etc/nginx/conf.d/a.conf", "present conf.d/a.conf");
    ws.is("/etc/nginx/conf.d/other.conf", "missing conf.d/other.conf");
}

fn dockerfile(lines: &str) -> Workspace {
    workspace(&format!("#- /Dockerfile\n{lines}\n#- /nginx.conf\nevents {{}}\nhttp {{}}\n#- /html/a.html\nx\n"))
}

#[test]
fn copies_say_what_is_missing_when_nothing_else_can_bring_it() {
    let head = "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n";
    let ws = dockerfile(&format!("{head}WORKDIR /usr/share/nginx\nRUN apk add --no-cache curl\nCOPY html html/"));
    ws.is("/usr/share/nginx/html/a.html", "present html/a.html");
    ws.is("/usr/share/nginx/html/b.html", "missing html/b.html");
    ws.is("/usr/share/nginx/html/50x.html", "unknown");
    ws.is("/etc/nginx/nginx.conf", "present nginx.conf");
    for trap in [
        "COPY html /usr/share/nginx/html\nRUN ./generate.sh",
        "WORKDIR /usr/share/nginx/html\nCOPY html .\nRUN <<EOF\ntouch b.html\nEOF",
        "COPY html /usr/share/nginx/html\nCOPY --from=build /out /usr/share/nginx/html",
        "COPY html /usr/share/nginx/html\nADD https://example.com/b.html /usr/share/nginx/html/b.html",
        "ADD site.tar.gz /usr/share/nginx/html/\nCOPY html /usr/share/nginx/html",
        "ARG WHERE\nCOPY html /usr/share/nginx/html\nCOPY gen ${WHERE}/",
        "COPY html /usr/share/nginx/html\nENTRYPOINT [\"/start.sh\"]",
        "COPY html /usr/share/nginx/html\nCOPY make.sh /docker-entrypoint.d/",
        "COPY --chown=nginx:nginx [\"html\", \"/usr/share/nginx/html\"]\nRUN [\"/make\"]",
    ] {
        dockerfile(&format!("{head}{trap}")).is("/usr/share/nginx/html/b.html", "unknown");
    }
    let other = dockerfile("FROM example.com/team/nginx\nCOPY nginx.conf /etc/nginx/\nCOPY html /usr/share/nginx/html");
    other.is("/usr/share/nginx/html/b.html", "unknown");
    let staged = dockerfile("FROM nginx AS base\nCOPY html /usr/share/nginx/html\nFROM base\nCOPY nginx.conf /etc/nginx/");
    staged.is("/usr/share/nginx/html/b.html", "missing html/b.html");
}

#[test]
fn arguments_of_the_build_count() {
    let ws = workspace(
        "#- /compose.yaml
services:
  web:
    build: {context: web, args: {SITE: two, FROM_SHELL: '${NOBODY:?}'}}
#- /web/Dockerfile
FROM nginx
ARG SITE=one
ARG FROM_SHELL=one
COPY ${SITE} /usr/share/nginx/html
COPY nginx.conf /etc/nginx/nginx.conf
COPY ${FROM_SHELL} /srv/shell
#- /web/nginx.conf
#- /web/one/a.html
x
#- /web/two/b.html
x
",
    );
    let main = ws.project.vfs.id(&ws.folder.join("web/nginx.conf"));
    let map = |path: &str| ws.project.deployments.map(&ws.project, main, path).expect("a deployment");
    assert!(matches!(map("/usr/share/nginx/html/b.html"), Mapped::Present { .. }));
    assert!(matches!(map("/usr/share/nginx/html/a.html"), Mapped::Missing { .. }));
    assert!(matches!(map("/srv/shell/b.html"), Mapped::Unknown { .. }));
}

#[test]
fn variants_that_have_the_file_silence_the_base() {
    let ws = workspace(&format!(
        "{}#- /compose.prod.yaml\nservices:\n  web: {{volumes: ['built:/lua']}}\n#- /compose.override.yaml\nservices:\n  web: {{volumes: ['./html:/html:ro']}}\n#- /html/x\nx\n",
        nginx("'./lua:/lua:ro'", "")
    ));
    ws.is("/lua/b.lua", "unknown");
    ws.is("/html/x", "present html/x");
}

const CLUSTER: &str = "#- /k8s/kustomization.yaml
resources: [web.yaml]
configMapGenerator:
  - {name: conf, files: [../nginx.conf, 'site.conf=../conf/a.conf'], literals: [x=1]}
#- /conf/a.conf

#- /k8s/web.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
data:
  extra.conf: |
    # inlined
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: nginx
          image: nginx:1.27
          volumeMounts:
            - {name: conf, mountPath: /etc/nginx/nginx.conf, subPath: nginx.conf}
            - {name: picked, mountPath: /etc/nginx/picked/}
            - {name: extra, mountPath: /etc/nginx/conf.d}
            - {name: tls, mountPath: /tls}
      volumes:
        - {name: conf, configMap: {name: conf}}
        - {name: picked, configMap: {name: conf, items: [{key: site.conf, path: b.conf}]}}
        - {name: extra, configMap: {name: extra}}
        - {name: tls, secret: {secretName: tls}}
";

#[test]
fn a_cluster_mounts_config_maps() {
    let ws = workspace(&format!("{CLUSTER}#- /k8s/chart.yaml\nkind: ConfigMap\n{{{{- if .x }}}}\n"));
    ws.is("/etc/nginx/nginx.conf", "present nginx.conf");
    ws.is("/etc/nginx/picked/b.conf", "present conf/a.conf");
    ws.is("/etc/nginx/picked/site.conf", "unknown");
    ws.is("/tls/key", "unknown");
    ws.is("/etc/nginx/conf.d/none.conf", "unknown");
    assert!(ws.say("/etc/nginx/conf.d/extra.conf").contains("key `extra.conf` of the ConfigMap `extra` in web.yaml"));
    let Some(Mapped::Unknown { via, .. }) = ws.map("/etc/nginx/conf.d/extra.conf") else { panic!("unknown") };
    let place = via[0].place.expect("the key");
    assert!(ws.project.text(place.file).slice(place.span).contains("# inlined"));
}

#[test]
fn what_a_cluster_lays_over_an_image_is_not_missing_in_the_image() {
    let image = "#- /Dockerfile\nFROM nginx\nCOPY nginx.conf /etc/nginx/\nCOPY html /usr/share/nginx/html\n#- /html/a.html\n\n#- /nginx.conf\nevents {}\nhttp {}\n";
    let pod = |path: &str| {
        format!(
            "#- /pod.yaml\nkind: Pod\nspec:\n  containers: [{{name: web, image: team/web, volumeMounts: [{{name: x, mountPath: {path}}}]}}]\n"
        )
    };
    workspace(image).is("/usr/share/nginx/html/b.html", "missing html/b.html");
    workspace(&format!("{image}{}", pod("/usr/share/nginx/html/b.html"))).is("/usr/share/nginx/html/b.html", "unknown");
    workspace(&format!("{image}{}", pod("/data"))).is("/usr/share/nginx/html/b.html", "missing html/b.html");
}

#[test]
fn settings_come_first() {
    let ws =
        workspace(&format!("{}#- /nginx-analyzer.toml\n[paths]\n\"/lua\" = \"other\"\n#- /other/b.lua\nx\n", nginx("'./lua:/lua:ro'", "")));
    ws.is("/lua/b.lua", "present other/b.lua");
    ws.is("/lua/a.lua", "missing other/a.lua");
}

#[test]
fn without_anything_said_nothing_is_claimed() {
    workspace("#- /x\n").is("/usr/share/nginx/html/a", "nothing");
}

#[test]
fn compose_files_that_are_none_are_told_and_the_rest_goes_on() {
    let bomb: String = (1..40).map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}, *a{0}]\n", n - 1)).collect();
    let ws = workspace(&format!(
        "{}#- /bad/compose.yaml\nservices: [\n#- /bomb/compose.yaml\na0: &a0 [x, x]\n{bomb}services: {{}}\n#- /deep/compose.yaml\n{}\n",
        nginx("'./lua:/lua:ro'", ""),
        "[".repeat(5000)
    ));
    ws.is("/lua/b.lua", "missing lua/b.lua");
    let told: Vec<String> = ws.project.problems.iter().map(|notice| ws.project.display_path(notice.place.file)).collect();
    for file in ["bad/compose.yaml", "bomb/compose.yaml", "deep/compose.yaml"] {
        assert!(told.iter().any(|path| path == file), "{file} is not in {told:?}");
    }
}

#[test]
fn the_gateway_of_the_examples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/examples/oauth2-gateway");
    let Ok(folder) = folder.canonicalize() else {
        println!("skipped: {} is not here", folder.display());
        return;
    };
    let ws = load(folder, None);
    ws.is("/usr/local/openresty/lualib/custom/usage_export.lua", "missing lua/usage_export.lua");
    ws.is("/usr/local/openresty/nginx/html/help.html", "missing html/help.html");
    ws.is("/var/www/acme/x", "unknown");
    let text = std::fs::read_to_string(ws.folder.join("nginx.conf")).expect("nginx.conf");
    let mut present = 0;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((name, path)) = line.trim_end_matches(';').split_once(' ') else { continue };
        let named = name.ends_with("_by_lua_file") || name == "alias";
        if !named || path.ends_with("usage_export.lua") || path.ends_with("help.html") {
            continue;
        }
        assert!(ws.say(path.trim()).starts_with("present "), "{path}: {}", ws.say(path.trim()));
        present += 1;
    }
    assert!(present > 20, "{present}");
}
