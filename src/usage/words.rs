//! stub
use crate::config::Config;
use crate::messages::Language;
use crate::project::{Place, Project};
use crate::usage::logs::Logs;
use crate::usage::verdict::{Reason, Verdict};
pub struct Context<'a> {
    pub project: &'a Project,
    pub config: &'a Config,
    pub logs: Option<&'a Logs>,
    pub language: Language,
}
pub fn reason(r: &Reason, _c: &Context<'_>) -> (String, Option<Place>) {
    (format!("{r:?}"), None)
}
pub fn verdict_name(v: Verdict, _l: Language) -> String {
    v.id().into()
}
pub fn window(_l: &Logs, _lang: Language) -> String {
    "the log".into()
}
pub fn days(_l: &Logs) -> u64 {
    7
}
pub fn list(i: impl Iterator<Item = String>, _l: Language) -> String {
    i.collect::<Vec<_>>().join(", ")
}
pub fn count(n: u64) -> String {
    n.to_string()
}
pub fn ago(n: i64, _l: Language) -> String {
    n.to_string()
}
