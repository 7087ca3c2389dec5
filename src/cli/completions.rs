//! `nginx-analyzer completions SHELL`

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::args::Arguments;
use crate::messages::Language;
use crate::rules::{self, registry};

/// What the program is called on the command line.
const NAME: &str = env!("CARGO_PKG_NAME");

/// Prints the script that makes a shell complete the command.
pub(super) fn run(shell: Shell) -> anyhow::Result<u8> {
    super::print(&script(shell), None)?;
    Ok(super::OK)
}

fn script(shell: Shell) -> String {
    let mut command = command();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, NAME, &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        // clap_complete names the states in two ways when the program has a hyphen (https://github.com/clap-rs/clap/issues/6421): behind a
        // command nothing would be completed.
        Shell::Bash => script.replace(&format!("{}__", NAME.replace('-', "__subcmd__")), &format!("{}__", NAME.replace('-', "__"))),
        Shell::Fish => script + &words_for_fish(&command),
        _ => script,
    }
}

/// The command as a shell should see it: with the ids of the rules. When arguments are read they are plain texts, because a wrong id is
/// answered with the nearest one.
fn command() -> Command {
    let id = |rule: &&rules::Rule| PossibleValue::new(rule.id).help(rules::summary(rule, Language::English));
    let ids = || PossibleValuesParser::new(registry::RULES.iter().map(id));
    let cleanup = |step: Command| step.mut_arg("rules", |rules| rules.value_parser(ids()));
    Arguments::command()
        .mut_subcommand("explain", |explain| explain.mut_arg("rule", |rule| rule.value_parser(ids())))
        .mut_subcommand("cleanup", |command| command.mut_subcommand("plan", cleanup).mut_subcommand("apply", cleanup))
}

/// The words that an argument without a name may be; clap_complete gives fish only those of options.
fn words_for_fish(command: &Command) -> String {
    let mut lines = String::new();
    for below in command.get_subcommands() {
        for value in below.get_positionals().flat_map(clap::Arg::get_possible_values) {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default().replace('\\', "\\\\").replace('\'', "\\'");
            lines.push_str(&format!(
                "complete -c {NAME} -n \"__fish_{}_using_subcommand {}\" -f -a '{}' -d '{help}'\n",
                NAME.replace('-', "_"),
                below.get_name(),
                value.get_name(),
            ));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;

    use super::{command, script};

    #[test]
    fn the_command_with_rules_is_one_that_clap_takes() {
        command().debug_assert();
        let rule = ["nginx-analyzer", "cleanup", "plan", "--rule", "dead-location"];
        assert!(command().try_get_matches_from(rule).is_ok());
        assert!(command().try_get_matches_from(["nginx-analyzer", "explain", "no-such-rule"]).is_err());
    }

    #[test]
    fn every_state_that_bash_gets_into_is_one_that_it_knows() {
        let script = script(Shell::Bash);
        let entered = script.lines().filter_map(|line| line.trim().strip_prefix("cmd=\"")).filter_map(|rest| rest.strip_suffix('"'));
        for state in entered.filter(|state| !state.is_empty()) {
            assert!(script.lines().any(|line| line.trim() == format!("{state})")), "{state}");
        }
    }
}
