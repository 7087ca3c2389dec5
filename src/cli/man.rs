//! `nginx-analyzer man`: the manual pages, made from the arguments.

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::args::{Arguments, ManArguments};
use crate::message;
use crate::messages::Language;
use crate::store::disk;

/// The section of commands that everybody may run.
const SECTION: &str = "1";
/// How a paragraph of a command's help begins that has a section of its own on the page.
const STATUS: &str = "Exit status: ";

/// Prints one page, or writes all.
pub(super) fn run(arguments: &ManArguments, language: Language) -> anyhow::Result<u8> {
    let top = command();
    if let Some(folder) = &arguments.output {
        std::fs::create_dir_all(folder).map_err(|error| anyhow::anyhow!("{}: {error}", folder.display()))?;
        for command in all(&top) {
            let path = folder.join(format!("{}.{SECTION}", name(command)));
            disk::replace(&path, page(command)?.as_bytes(), disk::Access::Usual)
                .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        }
        return Ok(super::OK);
    }
    let mut wanted = &top;
    for word in &arguments.command {
        let Some(found) = wanted.get_subcommands().find(|command| command.get_name() == word && !command.is_hide_set()) else {
            let names: Vec<&str> = wanted.get_subcommands().map(Command::get_name).collect();
            anyhow::bail!(message!(language, "cli-no-command", name = arguments.command.join(" "), names = names.join(", ")));
        };
        wanted = found;
    }
    super::print(&page(wanted)?, None)?;
    Ok(super::OK)
}

/// The command with all that clap adds to it before it reads arguments: names of the commands below, options that hold everywhere.
fn command() -> Command {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    command
}

/// The command and those below it.
fn all(command: &Command) -> Vec<&Command> {
    let below = command.get_subcommands().filter(|command| !command.is_hide_set()).flat_map(all);
    std::iter::once(command).chain(below).collect()
}

/// `nginx-analyzer-cleanup-plan`
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// The page in roff, as `man` reads it.
fn page(command: &Command) -> anyhow::Result<String> {
    let man = Man::new(command.clone()).source(concat!("nginx-analyzer ", env!("CARGO_PKG_VERSION"))).manual("nginx-analyzer");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.get_subcommands().any(|command| !command.is_hide_set()) {
        man.render_subcommands_section(&mut out)?;
    }
    let mut roff = Roff::default();
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let (status, notes): (Vec<&str>, Vec<&str>) =
        after.split("\n\n").filter(|text| !text.is_empty()).partition(|text| text.starts_with(STATUS));
    for note in notes {
        section(&mut roff, "NOTES", note);
    }
    for status in status {
        let codes = status.trim_start_matches(STATUS).trim_end_matches('.');
        section(&mut roff, "EXIT STATUS", "");
        for (code, meaning) in codes.split(", ").filter_map(|code| code.split_once(' ')) {
            roff.control("TP", ["4"]);
            roff.text([bold(code)]);
            roff.text([roman(meaning)]);
        }
    }
    if command.get_name() == env!("CARGO_PKG_NAME") {
        section(&mut roff, "FILES", "");
        for (file, what) in [
            ("nginx-analyzer.toml", "Settings of a project, at its top. Optional. nginx-analyzer schema prints its JSON Schema."),
            (".nginx-analyzer/cleanup/", "What cleanup keeps for restore: the original files and a record of each clean-up."),
        ] {
            roff.control("TP", []);
            roff.text([bold(file)]);
            roff.text([roman(what)]);
        }
        section(&mut roff, "ENVIRONMENT", "");
        roff.control("TP", []);
        roff.text([bold("NO_COLOR")]);
        roff.text([roman("When it is set, colours are used only with --color always.")]);
    }
    see_also(&mut roff, command);
    roff.to_writer(&mut out)?;
    // Each section comes with the definition of its apostrophe; once is enough.
    let page = String::from_utf8_lossy(&out);
    let (first, rest) = page.split_at(page.find("\n.TH").unwrap_or_default());
    Ok(format!("{first}{}", rest.replace(&format!("{}\n", first.trim_end()), "")))
}

fn section(roff: &mut Roff, title: &str, text: &str) {
    roff.control("SH", [title]);
    if !text.is_empty() {
        roff.text([roman(text)]);
    }
}

/// The pages around this one.
fn see_also(roff: &mut Roff, command: &Command) {
    let name = name(command);
    let above = name.strip_suffix(&format!("-{}", command.get_name()));
    section(roff, "SEE ALSO", "");
    let nginx = "nginx(8)".to_owned();
    let pages = above.map(|above| format!("{above}({SECTION})")).into_iter().chain([nginx]);
    roff.text([roman(pages.collect::<Vec<_>>().join(", "))]);
    roff.control("PP", []);
    roff.text([roman(env!("CARGO_PKG_REPOSITORY"))]);
}

#[cfg(test)]
mod tests {
    use super::{all, command, name, page};

    fn page_of(wanted: &str) -> String {
        let command = command();
        let found = all(&command).into_iter().find(|command| name(command) == wanted).expect(wanted);
        page(found).expect("a page")
    }

    #[test]
    fn every_command_has_a_page_that_names_it() {
        let command = command();
        let names: Vec<&str> = all(&command).into_iter().map(name).collect();
        assert!(names.contains(&"nginx-analyzer") && names.contains(&"nginx-analyzer-cleanup-plan"), "{names:?}");
        assert!(!names.iter().any(|name| name.ends_with("-help")), "{names:?}");
        for command in all(&command) {
            let text = page(command).expect("a page");
            let escaped = name(command).replace('-', "\\-");
            assert!(text.contains(&format!(".SH NAME\n{escaped} \\- ")), "{text}");
        }
    }

    #[test]
    fn exit_statuses_are_a_section_and_what_else_was_said_another() {
        let check = page_of("nginx-analyzer-check");
        assert!(check.contains(".SH \"EXIT STATUS\"\n.TP 4\n\\fB0\\fR\nnothing found at the chosen level\n.TP 4\n\\fB1\\fR\n"), "{check}");
        let probe = page_of("nginx-analyzer-probe");
        assert!(probe.contains(".SH NOTES\nOnly the hosts that are named") && probe.contains(".SH \"EXIT STATUS\""), "{probe}");
        assert!(!check.contains("EXTRA") && !check.contains("Exit status:"), "{check}");
    }

    #[test]
    fn pages_lead_to_each_other() {
        assert!(page_of("nginx-analyzer-cleanup-plan").contains("nginx\\-analyzer\\-cleanup(1), nginx(8)"));
        assert!(page_of("nginx-analyzer").contains("nginx\\-analyzer\\-check(1)"));
    }
}
