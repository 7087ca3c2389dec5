//! `completions` and `man`, by the shells and the readers that they are for. A shell that is not installed is skipped, and said to be.

use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::command::{checkout, run};

/// A folder with the script of a shell, and the binary first on PATH beside it.
fn prepared(shell: &str, file: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let script = run(&checkout(), &["completions", shell]);
    assert_eq!((script.status, script.err.as_str()), (Some(0), ""));
    std::fs::write(folder.path().join(file), script.out).expect("the script");
    folder
}

/// What a program prints; `None`, and said, when it is not installed.
fn says(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let binary = Path::new(env!("CARGO_BIN_EXE_nginx-analyzer"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(binary.parent().expect("a folder").to_owned()).chain(std::env::split_paths(&path));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("PATH", std::env::join_paths(folders).expect("a PATH"))
        .stdin(Stdio::null())
        .output();
    let output = match output {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: {program} is not installed");
            return None;
        }
        Err(error) => panic!("{program}: {error}"),
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && err.is_empty(), "{program}: {err}{out}");
    Some(out.into_owned())
}

/// What bash offers for the last of these words: the function that the script registers is called as bash does.
fn bash_offers(words: &[&str]) -> Option<Vec<String>> {
    let folder = prepared("bash", "script");
    std::fs::write(folder.path().join("gateway.conf"), "").expect("a file");
    let program = r#"
        source ./script
        function=$(complete -p nginx-analyzer | sed 's/.*-F \([^ ]*\).*/\1/')
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        "$function" nginx-analyzer "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let arguments = ["--norc", "-c", program, "bash", "nginx-analyzer"];
    let said = says(folder.path(), "bash", &arguments.iter().chain(words).copied().collect::<Vec<_>>())?;
    Some(said.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect())
}

#[test]
fn bash_completes_commands_options_values_rules_and_files() {
    let Some(commands) = bash_offers(&["ch"]) else { return };
    assert_eq!(commands, ["check"]);
    assert_eq!(bash_offers(&["check", "--min"]).expect("bash"), ["--min-severity"]);
    assert_eq!(bash_offers(&["check", "--format", ""]).expect("bash"), ["text", "json", "sarif", "github"]);
    assert_eq!(bash_offers(&["explain", "dead-l"]).expect("bash"), ["dead-location"]);
    assert_eq!(bash_offers(&["cleanup", "plan", "--rule", "unused-l"]).expect("bash"), ["unused-location"]);
    assert_eq!(bash_offers(&["cleanup", "re"]).expect("bash"), ["restore"]);
    assert_eq!(bash_offers(&["report", "--output", "gate"]).expect("bash"), ["gateway.conf"]);
}

#[test]
fn fish_completes_with_a_word_on_each() {
    let folder = prepared("fish", "script");
    let offers = |line: &str| says(folder.path(), "fish", &["--no-config", "-c", &format!("source ./script; complete -C '{line}'")]);
    let Some(commands) = offers("nginx-analyzer tr") else { return };
    assert!(commands.starts_with("trace\tSay which location serves a URL"), "{commands}");
    let rules = offers("nginx-analyzer explain dead-loc").expect("fish");
    assert!(rules.starts_with("dead-location\ta location that no request can reach"), "{rules}");
    let formats = offers("nginx-analyzer check --format s").expect("fish");
    assert!(formats.starts_with("sarif\tSARIF 2.1.0"), "{formats}");
}

/// zsh completes only in its line editor: one runs in a terminal of zpty's, where TAB is pressed.
#[test]
fn zsh_completes_in_its_line_editor() {
    let folder = prepared("zsh", "_nginx-analyzer");
    let program = r#"
        zmodload zsh/zpty
        zpty -b shell zsh -f -i
        say() { zpty -w shell "$1" }
        # Reads until a text is there; the time is only for a shell that hangs.
        until_there() {
            local chunk seen= begun=$SECONDS
            while [[ $seen != *$1* ]]; do
                if zpty -r -t shell chunk; then seen+=$chunk; else zselect -t 5; fi
                (( SECONDS - begun < 60 )) || { print -r -- "no $1 in: ${(V)seen}"; exit 1 }
            done
        }
        zmodload zsh/zselect
        say "PROMPT=; fpath=($PWD \$fpath); autoload -U compinit; compinit -u -D; print ready-\$((1 + 1))"
        until_there ready-2
        zpty -w -n shell $'nginx-analyzer explain dead-loc\t'
        until_there 'explain dead-location'
        zpty -w -n shell $'\C-unginx-analyzer usag\t'
        until_there 'nginx-analyzer usage'
        zpty -d shell
        print done
    "#;
    if let Some(said) = says(folder.path(), "zsh", &["-f", "-c", program]) {
        assert_eq!(said, "done\n");
    }
}

/// elvish has `edit:` only where somebody types: what the script uses of it stands before it.
#[test]
fn elvish_completes_commands_and_options() {
    let folder = prepared("elvish", "script.elv");
    let editor = r"
        var completion: = (ns [&arg-completer=[&]])
        var edit: = (ns [&completion:=$completion: &complex-candidate~={|text @rest &display='' &code-suffix=''| put $text }])
    ";
    let asked = r"
        for word [($edit:completion:arg-completer[nginx-analyzer] nginx-analyzer cleanup '')] { echo $word }
    ";
    let script = std::fs::read_to_string(folder.path().join("script.elv")).expect("the script");
    std::fs::write(folder.path().join("script.elv"), format!("{editor}\n{script}\n{asked}")).expect("a file");
    let Some(offers) = says(folder.path(), "elvish", &["-norc", "script.elv"]) else { return };
    let offers: Vec<&str> = offers.lines().collect();
    assert!(["plan", "apply", "status", "restore", "finish", "--lang"].iter().all(|word| offers.contains(word)), "{offers:?}");
}

#[test]
fn powershell_gets_every_command() {
    let script = run(&checkout(), &["completions", "powershell"]).out;
    for command in ["nginx-analyzer", "nginx-analyzer;check", "nginx-analyzer;cleanup;plan"] {
        assert!(script.contains(&format!("'{command}' {{")), "{command}");
    }
    assert!(script.contains("Register-ArgumentCompleter -Native -CommandName 'nginx-analyzer'"));
}

#[test]
fn the_manual_is_written_and_a_page_is_printed() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("share/man1");
    let written = run(folder.path(), &["man", "--output", "share/man1"]);
    assert_eq!((written.status, written.out.as_str(), written.err.as_str()), (Some(0), "", ""));
    let mut pages: Vec<String> =
        std::fs::read_dir(&out).expect("pages").flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    pages.sort();
    assert!(pages.len() > 15 && pages.iter().all(|page| page.starts_with("nginx-analyzer") && page.ends_with(".1")), "{pages:?}");
    let page = run(folder.path(), &["man", "cleanup", "plan"]);
    assert_eq!(page.out, std::fs::read_to_string(out.join("nginx-analyzer-cleanup-plan.1")).expect("a page"));
    // Readers of manual pages complain about what they don't understand.
    for page in &pages {
        let path = out.join(page);
        let path = path.to_str().expect("UTF-8");
        if let Some(linted) = says(folder.path(), "mandoc", &["-T", "lint", "-W", "error", path]) {
            assert_eq!(linted, "");
        }
    }
}

#[test]
fn a_page_that_is_not_there_names_those_that_are() {
    let wrong = run(&checkout(), &["man", "cleanup", "paln"]);
    assert_eq!(wrong.status, Some(2));
    assert_eq!(wrong.err, "nginx-analyzer: there is no command `cleanup paln`; there are plan, apply, status, restore, finish\n");
    assert_eq!(run(&checkout(), &["completions", "tcsh"]).status, Some(2));
}
