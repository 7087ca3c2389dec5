//! A configuration with its includes put in is read by nginx as the files are.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use nginx_analyzer::config::{Config, EntryId};
use nginx_analyzer::ide::effective::{self, Effective};
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::Text;
use nginx_analyzer::world::{Analysis, World};

use crate::common;

/// What nginx gets of a directive: how deep it is, how it ends, its words, and Lua as it is written.
type Row = (usize, char, Vec<String>, Option<String>);

fn row(depth: usize, directive: &Directive, text: &Text) -> Row {
    let (end, code) = match directive.body {
        Body::Simple => (';', None),
        Body::Block(_) => ('{', None),
        Body::Lua(code) => ('L', Some(text.slice(code).into_owned())),
    };
    let words = std::iter::once(&directive.name).chain(&directive.args).map(|word| word.value.to_string()).collect();
    (depth, end, words, code)
}

fn is_include(directive: &Directive) -> bool {
    directive.is("include") && directive.args.len() == 1
}

/// As the configuration has them, includes replaced by what they led to.
fn of_config(analysis: &Analysis, config: &Config, entries: &[EntryId], depth: usize, out: &mut Vec<Row>) {
    for id in entries {
        let entry = config.entry(*id);
        if !is_include(&entry.directive) {
            out.push(row(depth, &entry.directive, &analysis.project.text(entry.file)));
            of_config(analysis, config, &entry.children, depth + 1, out);
        }
    }
}

fn of_text(text: &Text, directives: &[Arc<Directive>], depth: usize, out: &mut Vec<Row>) {
    for directive in directives {
        if !is_include(directive) {
            out.push(row(depth, directive, text));
            of_text(text, directive.children(), depth + 1, out);
        }
    }
}

/// The text of a folder's `nginx.conf`, held against what the program knows of the configuration.
fn expand(folder: &Path) -> Effective {
    let analysis = World::open(folder, vec![folder.join("nginx.conf")]).analysis();
    let file = analysis.project.vfs.id(&folder.join("nginx.conf"));
    let view = analysis.view_of(file).expect("a configuration");
    let found = effective::of(view);
    let text = Text::new(&found.text);
    let parse = Parse::with_vocabulary(&text, nginx_analyzer::nginx::directives::is_known);
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    of_config(&analysis, view.config, &view.config.top, 0, &mut theirs);
    of_text(&text, &parse.directives, 0, &mut ours);
    assert_eq!(ours, theirs, "{}", found.text);
    for (line, place) in &found.origins {
        let there = analysis.project.text(place.file);
        let (here, there) = (text.slice(text.line_span(*line)), there.slice(place.span));
        let whole = |text: &str| text.split_whitespace().map(str::to_owned).collect::<String>();
        assert!(
            whole(&here) == whole(&there) || here.trim_start().starts_with("# include ") || there.starts_with("include"),
            "{here}|{there}"
        );
    }
    for (span, place) in &found.links {
        assert_eq!(text.slice(*span), analysis.project.display_path(place.file));
    }
    found
}

/// Whether nginx accepts a file of the folder, and what it says otherwise, without the place.
fn tested(nginx: &Path, folder: &Path, file: &str) -> (bool, String) {
    let mut command = Command::new(nginx);
    command.args(["-t", "-e", "stderr", "-p"]).arg(folder).arg("-c").arg(folder.join(file));
    let output = command.output().expect("nginx runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = said.lines().find(|line| line.contains("[emerg]")).unwrap_or_default().to_owned();
    let words = first.split_once("[emerg]").map_or("", |(_, words)| words.split_once(": ").map_or(words, |(_, words)| words));
    let words = words.split(" in /").next().unwrap_or_default().replace(file, "FILE").replace("nginx.conf", "FILE");
    (output.status.success(), words)
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    fs::write(path, text).expect("written");
}

const MAIN: &str = "pid nginx.pid;\r\nevents {}\nhttp {\n    access_log off;\n    include parts/*.conf;\n    include none/*.conf; # nothing there\n    map $uri $a { include table; default 0; }\n    server { listen 8080; include snippets/one.conf; include snippets/two.conf; }\n}\n";

/// A configuration with includes in all places.
fn site(folder: &Path) {
    write(folder, "nginx.conf", MAIN);
    write(folder, "parts/b.conf", "upstream b { server 127.0.0.1:1; }");
    write(
        folder,
        "parts/a.conf",
        "# the first\nlog_format x 'one\n    two\n\tthree' \"fo\\\"ur\n five\";\n\n\tinclude parts/deep/*.conf;\n",
    );
    write(folder, "parts/deep/x.conf", "upstream x {\n    server 127.0.0.1:2;\n}\n# the end");
    write(folder, "table", "/a 1;\n~^/b 'two\nlines';\n");
    write(folder, "snippets/one.conf", "location /one { return 200 \"a\n  b\"; } # one");
    write(folder, "snippets/two.conf", "location /two {\n\treturn 204;\n}\n");
}

#[test]
fn includes_are_put_in_their_places_and_nginx_reads_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    site(folder.path());
    let found = expand(folder.path());
    let order: Vec<usize> = ["parts/a.conf:", "parts/deep/x.conf:", "end of parts/a.conf", "parts/b.conf:"]
        .iter()
        .map(|name| found.text.find(name).expect(name))
        .collect();
    assert!(order.is_sorted(), "{}", found.text);
    assert!(found.text.contains("    include none/*.conf;\n    # nothing there\n    map $uri $a {\n"), "{}", found.text);
    assert!(found.text.contains("\n    \tupstream x {\n    \t    server 127.0.0.1:2;\n"), "{}", found.text);
    assert!(found.text.contains("'one\n    two\n\tthree'"), "what is quoted stays as it is: {}", found.text);
    let Some(nginx) = common::nginx() else { return };
    write(folder.path(), "expanded.conf", &found.text);
    for file in ["nginx.conf", "expanded.conf"] {
        assert_eq!(tested(&nginx, folder.path(), file), (true, String::new()), "{file}: {}", found.text);
    }
}

#[test]
fn what_cannot_be_put_in_stays_with_the_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(
        path,
        "nginx.conf",
        "events {}\nhttp {\n  include conf.d/*.conf;\n  include loop.conf;\n  include ${X}.conf;\n  include /srv/elsewhere.conf;\n}\n",
    );
    write(path, "conf.d/a.conf", "upstream a { server a; }\n");
    write(path, "conf.d/broken.conf", "server {\n  listen 80\n}\n");
    write(path, "conf.d/c.conf", "upstream c { server c; }\n");
    write(path, "loop.conf", "include loop.conf;\n");
    let found = effective::of(World::open(path, vec![path.join("nginx.conf")]).analysis().views().next().expect("one"));
    let text = &found.text;
    assert!(text.contains("# not expanded: nginx refuses what stands at conf.d/broken.conf:2\n  include conf.d/broken.conf;\n"), "{text}");
    assert!(text.contains("upstream a") && text.contains("upstream c"), "{text}");
    assert!(text.contains("would include itself\n"), "{text}");
    for kept in ["  include ${X}.conf;\n", "  include /srv/elsewhere.conf;\n"] {
        let at = text.find(kept).expect(kept);
        assert!(text[..at].lines().last().expect("a line").starts_with("  # not expanded: "), "{text}");
    }
}

#[test]
fn a_file_that_is_included_ever_more_often_is_put_in_only_so_often() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    write(path, "nginx.conf", "events {}\nhttp { include 0.conf; }\n");
    for depth in 0..12 {
        let next = format!("include {}.conf;\n", depth + 1);
        write(path, &format!("{depth}.conf"), &next.repeat(8));
    }
    write(path, "12.conf", &format!("# {}\n", "long".repeat(1_000)).repeat(300));
    let found = effective::of(World::open(path, vec![path.join("nginx.conf")]).analysis().views().next().expect("one"));
    assert!(found.text.len() < 40 << 20, "{}", found.text.len());
    assert!(found.text.contains("there would be too much"), "{}", &found.text[..10_000]);
}

#[test]
fn real_configurations_stay_what_they_are() {
    let Some(corpus) = common::shared("corpus/conf") else { return };
    let nginx = common::nginx();
    let mut files: Vec<_> = fs::read_dir(&corpus).expect("readable").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let (mut seen, mut asked) = (0, 0);
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path();
        write(path, "nginx.conf", "# all of it\n  include the.conf; # it\n");
        write(path, "the.conf", &text);
        // What it includes, as far as it is named relative to it.
        let parse = Parse::with_vocabulary(&Text::new(&text), nginx_analyzer::nginx::directives::is_known);
        // What nginx refuses stays an include.
        if !parse.problems.is_empty() {
            continue;
        }
        let mut open: Vec<&Arc<Directive>> = parse.directives.iter().collect();
        let mut includes = 0;
        while let Some(directive) = open.pop() {
            open.extend(directive.children());
            let name = directive.arg(0).filter(|_| is_include(directive)).unwrap_or_default();
            if !name.is_empty() && !name.starts_with('/') && !name.contains(['*', '$', '{', '\n']) && !name.contains("..") {
                includes += 1;
                write(path, name, "# one\n\t# two\n");
            }
        }
        let found = expand(path);
        seen += 1;
        let Some(nginx) = nginx.as_ref().filter(|_| includes > 0) else { continue };
        write(path, "expanded.conf", &found.text);
        asked += 1;
        assert_eq!(tested(nginx, path, "nginx.conf"), tested(nginx, path, "expanded.conf"), "{}: {}", file.display(), found.text);
    }
    assert!(seen > 100 && (nginx.is_none() || asked > 10), "{seen} {asked}");
}
