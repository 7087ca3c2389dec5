//! Which functions answer no request by themselves: middleware that refuses or goes on, handlers that tell that nothing is there.

use tree_sitter::Node;

use super::super::facts::Expr;
use super::super::syntax::text;

/// What a function gives back when it is asked as middleware or as what answers where no route does: nothing, or what nobody knows.
/// `None` for a function that is neither: handlers are `async`.
pub(super) fn verdict(code: &str, node: Node<'_>) -> Option<Vec<Expr>> {
    let written = text(code, node);
    let body = node.child_by_field_name("body").map_or("", |body| text(code, body));
    let head = written.get(..written.len().saturating_sub(body.len())).unwrap_or("");
    let handles = head.contains("async ") || body.starts_with("async ");
    if !handles || ["Router", "AdHoc", "Rocket<", "-> _"].iter().any(|word| head.contains(word) || body.contains(word)) {
        return None;
    }
    Some(if refuses(body) { Vec::new() } else { vec![Expr::Unknown] })
}

/// True when everything that a body answers is a status that refuses, or what comes next.
pub(super) fn refuses(body: &str) -> bool {
    let answers =
        ["Redirect", "Html(", "ServeDir", "ServeFile", "NamedFile", "render(", "File::", "oneshot(", "proxy", "uri_mut", "::Ok()"];
    if answers.iter().any(|word| body.contains(word)) {
        return false;
    }
    let goes_on = body.contains("next.run(") || body.contains("next.call(");
    // What waits for another may be answered by it.
    if !goes_on && body.contains(".await") {
        return false;
    }
    let mut refused = false;
    for statement in body.split([';', '{', '}']) {
        let found = refusal(statement);
        if found == Some(false) {
            return false;
        }
        refused |= found.is_some();
        let responds = ["into_response()", "Response::", "HttpResponse::", "Json("].iter().any(|word| statement.contains(word));
        if responds && found.is_none() && !statement.contains("Err(") && !statement.contains("Error::") && !statement.contains("next.") {
            return false;
        }
    }
    let last = body.split([';', '{', '}']).map(str::trim).rfind(|statement| !statement.is_empty()).unwrap_or("");
    if goes_on { true } else { refused && refusal(last).is_some() }
}

/// Whether a statement's status refuses; `None` where it has none.
fn refusal(statement: &str) -> Option<bool> {
    let mut found =
        ["NotFound()", "Unauthorized()", "Forbidden()", "NotFound("].iter().any(|word| statement.contains(word)).then_some(true);
    for after in statement.split("Status::").skip(1).chain(statement.split("StatusCode::").skip(1)) {
        let name: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if GOOD.contains(&name.as_str()) {
            return Some(false);
        }
        found = Some(true);
    }
    found
}

/// Statuses that don't refuse, and what makes one of a number.
const GOOD: &[&str] = &[
    "OK",
    "Ok",
    "CREATED",
    "ACCEPTED",
    "NO_CONTENT",
    "NoContent",
    "FOUND",
    "SEE_OTHER",
    "MOVED_PERMANENTLY",
    "PERMANENT_REDIRECT",
    "TEMPORARY_REDIRECT",
    "from_u16",
    "PARTIAL_CONTENT",
    "NOT_MODIFIED",
];
