//! One walk through a sequence, with all that is known of every request at each step.

use super::condition::Condition;
use super::known::{Known, Left};
use super::uris::{Uris, Verdict};
use super::values::{self, Values, evaluate, is_true};
use super::{Branch, CODES, Constant, Context, Dead, Exit, ExitKind, FOLLOWED, Sequence, Then, Why};
use crate::config::{EntryId, ServerId};
use crate::nginx::templates::has_mark;
use crate::nginx::values::is_absolute_url;
use crate::routing::pattern::Pattern;
use crate::syntax::{Directive, Word};
use std::sync::Arc;

/// What holds at one point.
struct State {
    uri: UriState,
    variables: Known,
}

/// What can have become of the URI.
#[derive(Clone)]
struct UriState {
    uris: Uris,
    /// A `rewrite` without a flag changed the URI: perhaps, or (with which one) surely.
    changed: bool,
    surely: Option<EntryId>,
}

struct Walker<'c, 'a> {
    context: &'c Context<'a>,
    server: Option<ServerId>,
    out: Sequence,
    /// What comes behind the directive at hand, in its own block and in those around it.
    behind: Vec<&'a [EntryId]>,
    /// How many `if`s are still followed each by itself.
    followed: usize,
}

pub(super) fn walk(context: &Context<'_>, block: EntryId, server: Option<ServerId>, uris: Uris) -> Sequence {
    // Whether a request keeps the settings of an `if` counts where these leave something out (`request-fails`).
    let asked = context.config.children(block, "try_files").next().is_some();
    let few = context.config.children(block, "if").nth(FOLLOWED).is_none();
    let followed = if asked && few { FOLLOWED } else { 0 };
    let mut walker = Walker { context, server, out: Sequence::default(), behind: Vec::new(), followed };
    let mut state = State { uri: UriState { uris, changed: false, surely: None }, variables: Known::default() };
    let end = walker.list(&context.config.entry(block).children, &mut state);
    walker.close(end, &state.uri);
    walker.out
}

/// Whether a condition holds, and why that is certain.
type Answer = Option<(bool, Why)>;

impl<'a> Walker<'_, 'a> {
    fn leave(&mut self, by: Option<EntryId>, kind: ExitKind, uri: &UriState) {
        let rewritten = uri.changed && kind == ExitKind::Stay && by.is_some();
        self.out.exits.push(Exit { by, kind, rewritten, uris: Arc::new(uri.uris.clone()) });
    }

    /// Behind the last directive, or behind the one that surely ends the sequence.
    fn close(&mut self, end: Option<EntryId>, uri: &UriState) {
        match (end, uri.surely) {
            (Some(end), _) => self.out.end = Some(end),
            (None, Some(rewrite)) => self.leave(Some(rewrite), ExitKind::Search, uri),
            (None, None) => {
                if uri.changed {
                    self.leave(None, ExitKind::Search, uri);
                }
                self.leave(None, ExitKind::Stay, uri);
            }
        }
    }

    /// What becomes of requests with this state by what comes behind the `if` at hand.
    fn follow(&mut self, state: &mut State) -> Then {
        let Some(left) = self.followed.checked_sub(1) else { return Then::Open };
        self.followed = left;
        let uri = state.uri.clone();
        state.variables.enter();
        let mut alone = Walker { context: self.context, server: self.server, out: Sequence::default(), behind: Vec::new(), followed: 0 };
        let end = self.behind.iter().rev().find_map(|behind| alone.list(behind, state));
        alone.close(end, &state.uri);
        state.variables.take_back();
        state.uri = uri;
        let stays = |exit: &Exit| exit.kind.stays();
        match &alone.out.exits[..] {
            exits if exits.iter().all(|exit| exit.kind == ExitKind::Stay) => Then::Stay,
            exits if exits.iter().any(stays) => Then::MayStay,
            _ => Then::Leave,
        }
    }

    /// The directives of a block; the one that surely ends the sequence, if one does.
    fn list(&mut self, children: &'a [EntryId], state: &mut State) -> Option<EntryId> {
        let config = self.context.config;
        let mut end = None;
        let depth = self.behind.len();
        let mut behind = children.iter();
        while let Some(entry) = behind.next().copied() {
            self.behind.truncate(depth);
            self.behind.push(behind.as_slice());
            let name = &*config.directive(entry).name.value;
            match end {
                None => end = self.step(entry, state),
                Some(by) if CODES.contains(&name) || name.starts_with("set_by_lua") => self.out.dead.push(Dead { entry, by }),
                Some(_) => {}
            }
        }
        self.behind.truncate(depth);
        end
    }

    fn step(&mut self, entry: EntryId, state: &mut State) -> Option<EntryId> {
        let config = self.context.config;
        let directive = config.directive(entry);
        match &*directive.name.value {
            "set" => {
                self.set(directive, state);
                None
            }
            "return" => {
                self.leave(Some(entry), ExitKind::Answer, &state.uri);
                Some(entry)
            }
            "break" => {
                self.leave(Some(entry), ExitKind::Stay, &state.uri);
                Some(entry)
            }
            "rewrite" => self.rewrite(entry, directive, state),
            "if" => self.condition(entry, directive, state),
            "include" if config.unknown_includes.binary_search(&entry).is_ok() => {
                self.unknown(entry, state);
                None
            }
            _ if is_filled_in(&directive.name) => {
                self.unknown(entry, state);
                None
            }
            name if name.starts_with("set_by_lua") => {
                // The code may write any variable.
                state.variables.forget();
                None
            }
            name if name.starts_with("set_") || name.starts_with("array_") => {
                let named = directive.args.iter().filter_map(|word| Some(word.value.split_once('$')?.1.to_ascii_lowercase()));
                named.for_each(|variable| state.variables.set(&variable, Values::Any));
                None
            }
            _ => None,
        }
    }

    /// What is not seen may leave the sequence, and set and rewrite what it likes.
    fn unknown(&mut self, entry: EntryId, state: &mut State) {
        state.uri = UriState { uris: Uris::all(), changed: true, surely: None };
        state.variables.forget();
        self.leave(Some(entry), ExitKind::Unknown, &state.uri);
    }

    /// What a variable can have here.
    fn value(&self, variable: &str, state: &mut State) -> Values {
        let variable = variable.to_ascii_lowercase();
        state.variables.value(&variable, |forgotten| self.initial(&variable, forgotten))
    }

    /// What it can have where nothing was set in this sequence. The name is in small letters.
    fn initial(&self, variable: &str, forgotten: bool) -> Values {
        if forgotten { Values::Any } else { self.context.variables.initial(self.server, variable) }
    }

    fn set(&mut self, directive: &'a Directive, state: &mut State) {
        let Some(variable) = directive.arg(0).and_then(|word| word.strip_prefix('$')) else { return };
        let text = directive.arg(1).unwrap_or_default();
        let variable = variable.to_ascii_lowercase();
        let value = if directive.args.get(1).is_some_and(is_filled_in) || !self.context.variables.stays(&variable) {
            Values::Any
        } else {
            let known: Vec<(&str, Values)> = names(text).map(|name| (name, self.value(name, state))).collect();
            evaluate(text, |name| known.iter().find(|(one, _)| *one == name).map_or(&Values::Any, |(_, value)| value))
        };
        state.variables.set(&variable, value);
    }

    fn rewrite(&mut self, entry: EntryId, directive: &'a Directive, state: &mut State) -> Option<EntryId> {
        let (Some(pattern), Some(replacement)) = (directive.arg(0), directive.arg(1)) else {
            self.unknown(entry, state);
            return None;
        };
        let flag = directive.arg(2);
        if directive.args.iter().take(3).any(is_filled_in) {
            self.unknown(entry, state);
            return None;
        }
        let verdict = state.uri.uris.verdict(pattern, false, &self.context.fuel);
        if verdict == Verdict::None {
            self.out.unmatched.push(entry);
            return None;
        }
        let url = is_absolute_url(replacement);
        let after = UriState { uris: Uris::of_replacement(replacement), changed: true, surely: Some(entry) };
        let kind = match flag {
            Some("redirect" | "permanent") => ExitKind::Answer,
            _ if url => ExitKind::Answer,
            Some("last") => ExitKind::Search,
            Some("break") => ExitKind::Stay,
            Some(_) => {
                self.unknown(entry, state);
                return None;
            }
            None if verdict == Verdict::All => {
                state.uri = after;
                return None;
            }
            None => {
                let unmatched = state.uri.uris.narrow(pattern, false, false);
                state.uri.uris = unmatched.or(&after.uris);
                state.uri.changed = true;
                return None;
            }
        };
        self.leave(Some(entry), kind, &after);
        if verdict == Verdict::All {
            return Some(entry);
        }
        state.uri.uris = state.uri.uris.narrow(pattern, false, false);
        None
    }

    fn condition(&mut self, entry: EntryId, directive: &'a Directive, state: &mut State) -> Option<EntryId> {
        let condition = Condition::read(directive).filter(|_| !directive.args.iter().any(is_filled_in));
        let answer = condition.as_ref().and_then(|condition| self.answer(condition, state));
        let holds = answer.as_ref().map(|(holds, _)| *holds);
        if let Some((holds, why)) = answer {
            self.out.constants.push(Constant { entry, holds, why });
        }
        if holds == Some(false) {
            return None;
        }
        let before = state.uri.clone();
        state.variables.enter();
        let open = condition.as_ref().filter(|_| holds.is_none());
        if let Some(condition) = open {
            self.refine(condition, true, state);
        }
        let exits = self.out.exits.len();
        let end = self.list(&self.context.config.entry(entry).children, state);
        let goes_on = end.is_none() || self.out.exits[exits..].iter().any(|exit| exit.kind.stays());
        if goes_on {
            let then = if end.is_some() { Then::MayStay } else { self.follow(state) };
            self.out.branches.push(Branch { entry, ends: end.is_some(), then });
        }
        if holds == Some(true) {
            state.variables.keep();
            return end;
        }
        let inside = state.variables.take_back();
        let uri_inside = std::mem::replace(&mut state.uri, before);
        if let Some(condition) = open {
            self.refine(condition, false, state);
        }
        if end.is_none() {
            self.join(inside, state);
            state.uri.changed |= uri_inside.changed;
            state.uri.surely = uri_inside.surely.filter(|_| state.uri.surely.is_some());
            state.uri.uris = state.uri.uris.or(&uri_inside.uris);
        }
        None
    }

    /// Behind an `if` a variable has what it had in there, or what it has without it.
    fn join(&self, inside: Left, state: &mut State) {
        let joined: Vec<(String, Values)> = inside
            .values
            .into_iter()
            .map(|(variable, value)| {
                let without = self.value(&variable, state);
                (variable, value.or(&without))
            })
            .collect();
        if inside.forgot {
            state.variables.forget();
        }
        joined.into_iter().for_each(|(variable, value)| state.variables.set(&variable, value));
    }

    /// Whether a condition always, or never, holds.
    fn answer(&self, condition: &Condition<'a>, state: &mut State) -> Answer {
        let variable = condition.variable()?.to_ascii_lowercase();
        let variable = variable.as_str();
        if let ("uri" | "document_uri", Condition::Matches { pattern, caseless, negated, .. }) = (variable, condition) {
            return match state.uri.uris.verdict(pattern, *caseless, &self.context.fuel) {
                Verdict::All => Some((!negated, Why::Uri)),
                Verdict::None => Some((*negated, Why::Uri)),
                Verdict::Some => None,
            };
        }
        if let ("uri" | "document_uri", Condition::Equal { text, negated, .. }) = (variable, condition)
            && !text.contains('$')
        {
            let only = state.uri.uris.only().is_some_and(|uri| uri == text.as_bytes());
            let answer = if only { Some(true) } else { (!state.uri.uris.contains(text.as_bytes())).then_some(false) };
            return answer.map(|answer| (answer != *negated, Why::Uri));
        }
        if let Some((domain, why)) = values::domain(variable, self.context.variables.hosts()) {
            return match condition {
                Condition::Equal { text, negated, .. } if !text.contains('$') => {
                    (!domain.contains(text.as_bytes())).then_some((*negated, Why::Domain(why)))
                }
                Condition::Matches { pattern, caseless, negated, .. } => {
                    let pattern = Pattern::get(pattern, *caseless);
                    // What it matches after all decides nearly always.
                    let typical: &[&[u8]] =
                        &[b"GET", b"POST", b"PUT", b"DELETE", b"OPTIONS", b"example.com", b"www.example.com", b"http", b"https"];
                    let mut typical = typical.iter().copied().filter(|text| domain.contains(text));
                    if pattern.problem().is_some() || typical.any(|text| pattern.is_match(text)) {
                        return None;
                    }
                    let language = crate::routing::UriSet::language(pattern.language()?);
                    (domain.intersects(&language) == Some(false)).then_some((*negated, Why::Domain(why)))
                }
                _ => None,
            };
        }
        let value = self.value(variable, state);
        let holds = match condition {
            Condition::Set { .. } => value.agree(is_true),
            Condition::Equal { text, negated, .. } if !text.contains('$') => {
                value.agree(|one| one == text.as_bytes()).map(|equal| equal != *negated)
            }
            Condition::Matches { pattern, caseless, negated, .. } => {
                let pattern = Pattern::get(pattern, *caseless);
                let matches = value.agree(|one| pattern.is_match(one)).filter(|_| pattern.problem().is_none());
                matches.map(|matches| matches != *negated)
            }
            _ => None,
        };
        holds.map(|holds| (holds, Why::Values(value)))
    }

    /// What is known where the condition holds, or does not.
    fn refine(&self, condition: &Condition<'a>, holds: bool, state: &mut State) {
        let Some(variable) = condition.variable() else { return };
        if let ("uri" | "document_uri", Condition::Matches { pattern, caseless, negated, .. }) = (variable, condition) {
            state.uri.uris = state.uri.uris.narrow(pattern, *caseless, holds != *negated);
            return;
        }
        let value = self.value(variable, state);
        let value = match condition {
            Condition::Set { .. } => value.filter(is_true, holds),
            Condition::Equal { text, negated, .. } if !text.contains('$') => value.filter(|one| one == text.as_bytes(), holds != *negated),
            _ => return,
        };
        state.variables.set(&variable.to_ascii_lowercase(), value);
    }
}

/// True for what a template engine or `envsubst` fills in before nginx reads it.
fn is_filled_in(word: &Word) -> bool {
    if !word.may_be_filled_in() {
        return false;
    }
    let word = &*word.value;
    if has_mark(word) {
        return true;
    }
    // The variables of a container's template are in capital letters.
    word.match_indices("${").any(|(at, _)| {
        let name = word.get(at + 2..).and_then(|rest| rest.split('}').next()).unwrap_or_default();
        name.bytes().any(|byte| byte.is_ascii_uppercase()) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
    })
}

/// The names of the variables in a text; empty for a `$` that begins none, such as that at the end of a regex.
pub(crate) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}
