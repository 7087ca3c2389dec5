//! What can't be run, and what is explained.

use crate::command::{fixture, run};

/// Standard error with the fixture's folder replaced.
fn error(arguments: &[&str]) -> String {
    let folder = fixture("#- /conf.d/readme.md\nno configuration\n#- /site.conf\nserver { listen 80; }\n");
    let output = run(&folder.path().join("conf.d"), arguments);
    assert_eq!((output.status, output.out.as_str()), (Some(2), ""), "{}", output.err);
    let folder = folder.path().canonicalize().expect("the folder").to_string_lossy().into_owned();
    output.err.replace(&folder, "/work")
}

#[test]
fn what_could_not_run_is_said_with_status_2() {
    insta::assert_snapshot!(error(&[]), @"nginx-analyzer: nothing to do: try `nginx-analyzer check PATH`, or `nginx-analyzer --help`");
    insta::assert_snapshot!(error(&["check"]), @"nginx-analyzer: no nginx configuration found in /work/conf.d: name the main file, or set `roots` under [project] in nginx-analyzer.toml");
    insta::assert_snapshot!(error(&["check", "../nope.conf"]), @"nginx-analyzer: /work/nope.conf: no such file or folder");
    insta::assert_snapshot!(error(&["check", "--workspace", "../site.conf"]), @"nginx-analyzer: /work/site.conf: --workspace takes a folder");
    insta::assert_snapshot!(error(&["explain", "deadlocation"]), @"nginx-analyzer: there is no rule `deadlocation`; did you mean `dead-location`?");
    insta::assert_snapshot!(error(&["explain", "something-else"]), @"nginx-analyzer: there is no rule `something-else`; `nginx-analyzer explain` lists all");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_named_as_one() {
    let folder = fixture("events {}\n");
    std::os::unix::fs::symlink("/nowhere/site", folder.path().join("site")).expect("a link");
    let output = run(folder.path(), &["check", "site"]);
    assert_eq!(output.status, Some(2));
    assert!(output.err.ends_with("site: is a symbolic link to /nowhere/site, which is not here\n"), "{}", output.err);
}

#[test]
fn an_unreadable_file_is_no_success() {
    let folder = fixture("events {}\n");
    std::fs::write(folder.path().join("binary.conf"), b"events {}\n\0\0\0").expect("a file");
    let output = run(folder.path(), &["check", "binary.conf"]);
    assert_eq!((output.status, output.err.as_str()), (Some(2), "nginx-analyzer: none of the files given could be read\n"));
    assert!(output.out.contains("binary.conf can't be looked at: it is binary"), "{}", output.out);
}

#[test]
fn a_good_configuration_is_status_0() {
    let folder = fixture("events {}\nhttp { server { listen 80; location / { return 200; } } }");
    let output = run(folder.path(), &["check"]);
    assert_eq!((output.status, output.out.as_str(), output.err.as_str()), (Some(0), "nothing found in 1 file\n", ""));
}

#[test]
fn explain_lists_the_rules_and_prints_a_page() {
    let folder = fixture("");
    let list = run(folder.path(), &["explain"]);
    assert_eq!(list.status, Some(0));
    insta::assert_snapshot!(list.out);
    for line in list.out.lines() {
        let id = line.split_whitespace().next().expect("an id");
        let page = run(folder.path(), &["explain", id]);
        assert_eq!(page.status, Some(0));
        assert!(page.out.starts_with(&format!("# {id}\n")), "{}", page.out);
    }
}

#[test]
fn no_line_of_a_configuration_is_a_workflow_command_in_a_job() {
    let folder = fixture(
        "events {}\nhttp {\n  server {\n    location / { return 200; }\n    # ##[warning]x\n    ::error::x y;\n    location ~ ^/a { return 200; }\n    location /a { return 200; }\n  }\n}\n",
    );
    let plan = |job: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
        command.args(["cleanup", "plan", ".", "--at", "nginx.conf:8"]).current_dir(folder.path()).env("GITHUB_ACTIONS", job);
        String::from_utf8(command.output().expect("the binary runs").stdout).expect("UTF-8")
    };
    let (beside, inside) = (plan("false"), plan("true"));
    assert!(beside.contains("\n     ::error::x y;\n"), "{beside}");
    let token = inside.strip_prefix("::stop-commands::").and_then(|rest| rest.lines().next()).expect("a token");
    assert_eq!(inside, format!("::stop-commands::{token}\n{beside}::{token}::\n"));
    assert!(token.len() > 20 && !plan("true").contains(token));
}
