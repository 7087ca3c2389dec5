//! What is read of a project, compared with what nginx itself reads.

use std::path::Path;
use std::process::Command;

use nginx_analyzer::project::RootKind;
use nginx_analyzer::world::World;

/// What `nginx -T` prints, and whether it accepts the configuration; `None` when nginx is not installed.
fn nginx(folder: &Path, option: &str) -> Option<(bool, String)> {
    let main = folder.join("nginx.conf");
    match Command::new("/usr/sbin/nginx").args([option, "-e", "stderr", "-p"]).arg(folder).arg("-c").arg(main).output() {
        Ok(output) => Some((output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())),
        Err(_) => {
            eprintln!("skipped: nginx is not installed");
            None
        }
    }
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    std::fs::write(path, text).expect("a file");
}

#[test]
fn listens_are_accepted_and_refused_as_nginx_does() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let cases = [
        "18080",
        "*:18080",
        "0.0.0.0:18080",
        "127.0.0.1",
        "127.0.0.1:18080",
        "[::1]:18080",
        "[::1]",
        "18080-18083",
        "18080-18080",
        "127.0.0.1:18080-18082",
        "unix:/tmp/x.sock",
        "UNIX:/tmp/x.sock",
        "127.0.0.1:",
        "*:",
        "0",
        "65536",
        "9-8",
        "unix:",
        ":18080",
        "[::1]18080",
        "[::1]:",
        "[::1",
        "[zz]:1",
        "8000-",
        "-5",
        "1-2-3",
        "localhost:18080",
    ];
    for case in cases {
        let directive = format!("listen {case};");
        write(
            folder.path(),
            "nginx.conf",
            &format!("pid {}/pid;\nevents {{}}\nhttp {{ access_log off; server {{ {directive} }} }}\n", folder.path().display()),
        );
        let Some((accepted, said)) = nginx(folder.path(), "-t") else { return };
        let analysis = World::open(folder.path(), vec![folder.path().join("nginx.conf")]).analysis();
        // Sockets that are taken, or a machine without IPv6, say nothing of the syntax.
        let refused = !accepted && said.contains("of the \"listen\" directive");
        assert_eq!(analysis.configs[0].servers[0].listens.is_empty(), refused, "listen {case}: {said}");
    }
}

#[test]
fn files_are_read_in_the_order_of_nginx() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let main = format!(
        "pid {}/pid;\nevents {{}}\nhttp {{\n access_log off;\n include conf.d/[!b]*.conf;\n include conf.d/b?.conf;\n include sub/*/x*;\n include none/*.conf;\n include [^z]*.inc;\n}}\n",
        folder.path().display()
    );
    write(folder.path(), "nginx.conf", &main);
    let names = [
        "conf.d/a.conf",
        "conf.d/B.conf",
        "conf.d/_.conf",
        "conf.d/é.conf",
        "conf.d/.hid.conf",
        "conf.d/b1.conf",
        "conf.d/b22.conf",
        "conf.d/a-1.conf",
        "conf.d/a1.conf",
        "sub/one/x1",
        "sub/two/x",
        "sub/One/xa",
        "sub/.dot/x",
        "a.inc",
        "z.inc",
        "A b.inc",
    ];
    for (at, name) in names.iter().enumerate() {
        write(folder.path(), name, &format!("upstream u{at} {{ server 127.0.0.1:{}; }}\n", 1000 + at));
    }
    let Some((accepted, said)) = nginx(folder.path(), "-T") else { return };
    assert!(accepted, "{said}");
    let theirs: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("upstream ")?.split(' ').next()).collect();
    let analysis = World::open(folder.path(), Vec::new()).analysis();
    let at = analysis.project.roots.iter().position(|root| root.kind == RootKind::Main).expect("the main configuration");
    let ours: Vec<&str> = analysis.configs[at].upstreams.iter().map(|upstream| &*upstream.name).collect();
    assert_eq!(ours, theirs);
}
