//! stub
use super::Caller;
use crate::config::{LocationId, ServerId};
use crate::usage::verdict::Evidence;
pub struct Called {
    pub server: ServerId,
    pub location: Option<LocationId>,
    pub certain: bool,
}
pub fn resolve(_e: &Evidence<'_>, _c: &Caller, _o: &[ServerId]) -> Vec<Called> {
    Vec::new()
}
