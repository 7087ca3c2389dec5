//! The shapes of the messages that the server sends, checked member by member: what is required is there, nothing is null
//! that should be left out, nothing is there that the protocol does not know.

use serde_json::Value;

use crate::schema_everyday as everyday;

pub type Check = Result<(), String>;
pub type Member<'a> = (&'a str, &'a dyn Fn(&Value) -> Check);

pub fn object(value: &Value, required: &[Member], optional: &[Member]) -> Check {
    let object = value.as_object().ok_or_else(|| format!("not an object: {value}"))?;
    for (name, check) in required {
        let member = object.get(*name).ok_or_else(|| format!("`{name}` is missing in {value}"))?;
        check(member).map_err(|error| format!("{name}: {error}"))?;
    }
    for (name, check) in optional {
        if let Some(member) = object.get(*name) {
            check(member).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    let known = |name: &str| required.iter().chain(optional).any(|(known, _)| *known == name);
    match object.keys().find(|name| !known(name)) {
        Some(name) => Err(format!("unknown member `{name}` in {value}")),
        None => Ok(()),
    }
}

pub fn list(value: &Value, check: &dyn Fn(&Value) -> Check) -> Check {
    value.as_array().ok_or_else(|| format!("not an array: {value}"))?.iter().try_for_each(check)
}

pub fn ensure(holds: bool, what: &str, value: &Value) -> Check {
    if holds { Ok(()) } else { Err(format!("not {what}: {value}")) }
}

pub fn string(value: &Value) -> Check {
    ensure(value.is_string(), "a string", value)
}

pub fn boolean(value: &Value) -> Check {
    ensure(value.is_boolean(), "a boolean", value)
}

pub fn any(_: &Value) -> Check {
    Ok(())
}

pub fn integer(value: &Value) -> Check {
    ensure(value.as_i64().is_some_and(|it| i32::try_from(it).is_ok()), "an integer", value)
}

pub fn unsigned(value: &Value) -> Check {
    ensure(value.as_u64().is_some_and(|it| it <= i32::MAX as u64), "an unsigned integer", value)
}

pub fn one_to(max: u64) -> impl Fn(&Value) -> Check {
    move |value| ensure(value.as_u64().is_some_and(|it| (1..=max).contains(&it)), "in its enumeration", value)
}

pub fn uri(value: &Value) -> Check {
    ensure(value.as_str().is_some_and(|it| it.contains(':') && it.bytes().all(|b| (0x21..0x7f).contains(&b))), "a URI", value)
}

fn position(value: &Value) -> Check {
    object(value, &[("line", &unsigned), ("character", &unsigned)], &[])
}

pub fn range(value: &Value) -> Check {
    object(value, &[("start", &position), ("end", &position)], &[])?;
    let at = |end: &str| (value[end]["line"].as_u64(), value[end]["character"].as_u64());
    ensure(at("start") <= at("end"), "a range that ends behind its start", value)
}

pub fn location(value: &Value) -> Check {
    object(value, &[("uri", &uri), ("range", &range)], &[])
}

pub fn diagnostic(value: &Value) -> Check {
    let related = |value: &Value| object(value, &[("location", &location), ("message", &string)], &[]);
    let page = |value: &Value| object(value, &[("href", &uri)], &[]);
    // The members that the protocol leaves to the server are all wanted of this one.
    object(
        value,
        &[
            ("range", &range),
            ("severity", &one_to(4)),
            ("code", &string),
            ("codeDescription", &page),
            ("source", &string),
            ("message", &string),
            ("data", &any),
        ],
        &[("tags", &|it| list(it, &one_to(2))), ("relatedInformation", &|it| list(it, &related))],
    )?;
    let fix = |value: &Value| object(value, &[("title", &string), ("safe", &boolean), ("kind", &string)], &[]);
    let fixes = |value: &Value| list(value, &fix);
    object(&value["data"], &[("rule", &string), ("confidence", &string), ("fixes", &fixes)], &[])?;
    ensure(value["code"] == value["data"]["rule"], "the same rule in code and data", value)
}

fn diagnostics(value: &Value) -> Check {
    list(value, &diagnostic)
}

fn kind(value: &Value, kind: &str) -> Check {
    ensure(value["kind"] == kind, kind, value)
}

/// A full or an unchanged report, with the members of the place where it stands.
pub fn report(value: &Value, required: &[Member], optional: &[Member]) -> Check {
    let mut required = required.to_vec();
    required.push(("kind", &string));
    required.push(("resultId", &string));
    if value["kind"] == "full" {
        required.push(("items", &diagnostics));
    } else {
        kind(value, "unchanged")?;
    }
    object(value, &required, optional)
}

fn document_report(value: &Value) -> Check {
    let related = |value: &Value| {
        let documents = value.as_object().ok_or("not an object")?;
        documents.iter().try_for_each(|(name, it)| uri(&Value::from(name.as_str())).and(report(it, &[], &[])))
    };
    report(value, &[], &[("relatedDocuments", &related)])
}

fn workspace_report(value: &Value) -> Check {
    let version = |value: &Value| if value.is_null() { Ok(()) } else { integer(value) };
    object(value, &[("items", &|it| list(it, &|it| report(it, &[("uri", &uri), ("version", &version)], &[])))], &[])
}

fn text_edit(value: &Value) -> Check {
    object(value, &[("range", &range), ("newText", &string)], &[])
}

fn workspace_edit(value: &Value) -> Check {
    let edits = |value: &Value| list(value, &text_edit);
    let version = |value: &Value| if value.is_null() { Ok(()) } else { integer(value) };
    let document = |value: &Value| object(value, &[("uri", &uri), ("version", &version)], &[]);
    let change = |value: &Value| object(value, &[("textDocument", &document), ("edits", &edits)], &[]);
    let changes = |value: &Value| value.as_object().ok_or("not an object")?.values().try_for_each(edits);
    object(value, &[], &[("documentChanges", &|it| list(it, &change)), ("changes", &changes)])
}

fn code_action(value: &Value) -> Check {
    let disabled = |value: &Value| object(value, &[("reason", &string)], &[]);
    object(
        value,
        &[("title", &string), ("kind", &string)],
        &[("diagnostics", &diagnostics), ("isPreferred", &boolean), ("disabled", &disabled), ("edit", &workspace_edit), ("data", &any)],
    )?;
    ensure(value.get("edit").is_some() != value.get("disabled").is_some(), "either an edit or a reason why there is none", value)
}

fn initialize_result(value: &Value) -> Check {
    let info = |value: &Value| object(value, &[("name", &string), ("version", &string)], &[]);
    let save = |value: &Value| object(value, &[], &[("includeText", &boolean)]);
    let sync = |value: &Value| object(value, &[("openClose", &boolean), ("change", &one_to(2))], &[("save", &save)]);
    let pull = |value: &Value| {
        object(value, &[("interFileDependencies", &boolean), ("workspaceDiagnostics", &boolean)], &[("identifier", &string)])
    };
    let actions = |value: &Value| object(value, &[("codeActionKinds", &|it| list(it, &string))], &[("resolveProvider", &boolean)]);
    let folders = |value: &Value| object(value, &[("supported", &boolean), ("changeNotifications", &boolean)], &[]);
    let workspace = |value: &Value| object(value, &[("workspaceFolders", &folders)], &[]);
    let commands = |value: &Value| object(value, &[("commands", &|it| list(it, &string))], &[]);
    let completion = |value: &Value| object(value, &[("triggerCharacters", &|it| list(it, &string)), ("resolveProvider", &boolean)], &[]);
    let capabilities = |value: &Value| {
        object(
            value,
            &[("positionEncoding", &string), ("textDocumentSync", &sync), ("workspace", &workspace)],
            &[
                ("diagnosticProvider", &pull),
                ("codeActionProvider", &actions),
                ("hoverProvider", &boolean),
                ("completionProvider", &completion),
                ("signatureHelpProvider", &|it| object(it, &[("triggerCharacters", &|it| list(it, &string))], &[])),
                ("definitionProvider", &boolean),
                ("referencesProvider", &boolean),
                ("codeLensProvider", &|it| object(it, &[], &[("resolveProvider", &boolean)])),
                ("inlayHintProvider", &boolean),
                ("executeCommandProvider", &commands),
                ("documentSymbolProvider", &boolean),
                ("workspaceSymbolProvider", &boolean),
                ("semanticTokensProvider", &everyday::tokens_provider),
                ("foldingRangeProvider", &boolean),
                ("documentHighlightProvider", &boolean),
                ("documentLinkProvider", &|it| object(it, &[], &[("resolveProvider", &boolean)])),
                ("renameProvider", &|it| boolean(it).or_else(|_| object(it, &[], &[("prepareProvider", &boolean)]))),
                ("documentFormattingProvider", &boolean),
                ("documentRangeFormattingProvider", &boolean),
                ("documentOnTypeFormattingProvider", &everyday::typed_provider),
                ("selectionRangeProvider", &boolean),
            ],
        )
    };
    object(value, &[("capabilities", &capabilities), ("serverInfo", &info)], &[])
}

fn markup(value: &Value) -> Check {
    let kind = |value: &Value| ensure(value == "markdown" || value == "plaintext", "a kind of markup", value);
    object(value, &[("kind", &kind), ("value", &string)], &[])
}

fn hover(value: &Value) -> Check {
    object(value, &[("contents", &markup)], &[("range", &range)])
}

fn completion_item(value: &Value) -> Check {
    let label = |value: &Value| object(value, &[], &[("detail", &string), ("description", &string)]);
    object(
        value,
        &[("label", &string), ("kind", &one_to(25)), ("sortText", &string), ("textEdit", &text_edit)],
        &[
            ("labelDetails", &label),
            ("detail", &string),
            ("documentation", &markup),
            ("filterText", &string),
            ("insertTextFormat", &one_to(2)),
            ("insertTextMode", &one_to(2)),
            ("data", &any),
        ],
    )?;
    let lines = &value["textEdit"]["range"];
    ensure(lines["start"]["line"] == lines["end"]["line"], "an edit within one line", value)
}

fn completion_list(value: &Value) -> Check {
    object(value, &[("isIncomplete", &boolean), ("items", &|it| list(it, &completion_item))], &[])
}

fn trace(value: &Value) -> Check {
    let link = |value: &Value| object(value, &[("range", &range), ("target", &location)], &[]);
    let place = |value: &Value| if value.is_null() { Ok(()) } else { location(value) };
    object(
        value,
        &[
            ("version", &one_to(1)),
            ("request", &any),
            ("notes", &|it| list(it, &string)),
            ("answer", &string),
            ("hops", &|it| list(it, &any)),
            ("conditions", &|it| list(it, &any)),
            ("branches", &|it| list(it, &any)),
            ("gave_up", &boolean),
            ("text", &string),
            ("location", &place),
            ("links", &|it| list(it, &link)),
        ],
        &[],
    )
}

/// The answer of `nginx-analyzer.map`: each link has its ends in it, and no id is there twice.
fn map(value: &Value) -> Check {
    let nullable = |value: &Value| null_or(value, &string);
    let link = |value: &Value| {
        let kind = |value: &Value| ensure(value == "internal" || value == "back", "a kind of link", value);
        object(value, &[("from", &string), ("to", &string), ("kind", &kind), ("label", &string)], &[])
    };
    let required: [Member; 5] = [
        ("version", &one_to(1)),
        ("configuration", &string),
        ("nodes", &|it| list(it, &map_node)),
        ("links", &|it| list(it, &link)),
        ("note", &nullable),
    ];
    object(value, &required, &[])?;
    let mut ids = std::collections::HashSet::new();
    let mut open: Vec<&Value> = value["nodes"].as_array().into_iter().flatten().collect();
    while let Some(node) = open.pop() {
        ensure(ids.insert(&node["id"]), "an id of its own", &node["id"])?;
        open.extend(node["children"].as_array().into_iter().flatten());
    }
    let known = |link: &Value| ensure(ids.contains(&link["from"]) && ids.contains(&link["to"]), "a link between nodes of the map", link);
    list(&value["links"], &known)
}

fn map_node(value: &Value) -> Check {
    let one_of = |words: &'static [&'static str]| {
        move |value: &Value| ensure(value.as_str().is_some_and(|word| words.contains(&word)), "one of its words", value)
    };
    let required: [Member; 9] = [
        ("id", &string),
        ("kind", &one_of(&["server", "location", "upstream", "route"])),
        ("label", &string),
        ("detail", &string),
        ("place", &|it| null_or(it, &location)),
        ("hits", &|it| null_or(it, &unsigned)),
        ("verdict", &|it| null_or(it, &one_of(&["in-use", "probably-unused", "to-check", "dead"]))),
        ("why", &|it| list(it, &string)),
        ("children", &|it| list(it, &map_node)),
    ];
    object(value, &required, &[])
}

pub fn null_or(value: &Value, check: &dyn Fn(&Value) -> Check) -> Check {
    if value.is_null() { Ok(()) } else { check(value) }
}

fn location_link(value: &Value) -> Check {
    let required: [Member; 4] =
        [("originSelectionRange", &range), ("targetUri", &uri), ("targetRange", &range), ("targetSelectionRange", &range)];
    object(value, &required, &[])?;
    let at = |name: &str, end: &str| (value[name][end]["line"].as_u64(), value[name][end]["character"].as_u64());
    let within =
        at("targetRange", "start") <= at("targetSelectionRange", "start") && at("targetSelectionRange", "end") <= at("targetRange", "end");
    ensure(within, "a selection within its target", value)
}

fn code_lens(value: &Value) -> Check {
    let command = |value: &Value| object(value, &[("title", &string), ("command", &string), ("arguments", &|it| list(it, &any))], &[]);
    object(value, &[("range", &range), ("command", &command)], &[])?;
    ensure(value["range"]["start"]["line"] == value["range"]["end"]["line"], "a lens on one line", value)
}

fn signature_help(value: &Value) -> Check {
    let label = |value: &Value| match value {
        Value::Array(ends) => ensure(ends.len() == 2 && ends[0].as_u64() <= ends[1].as_u64(), "a part of the label", value),
        value => string(value),
    };
    let parameter = |value: &Value| object(value, &[("label", &label)], &[("documentation", &markup)]);
    let signature = |value: &Value| {
        let parameters = |value: &Value| list(value, &parameter);
        object(value, &[("label", &string), ("parameters", &parameters)], &[("documentation", &markup), ("activeParameter", &unsigned)])
    };
    let signatures = |value: &Value| list(value, &signature);
    object(value, &[("signatures", &signatures), ("activeSignature", &unsigned)], &[("activeParameter", &unsigned)])?;
    let active = value["activeSignature"].as_u64().and_then(|active| usize::try_from(active).ok());
    ensure(active.is_some_and(|active| value["signatures"].get(active).is_some()), "one of the signatures", value)
}

fn inlay_hint(value: &Value) -> Check {
    object(
        value,
        &[("position", &position), ("label", &string), ("tooltip", &string)],
        &[("paddingLeft", &boolean), ("paddingRight", &boolean)],
    )
}

/// The result of a request of that method.
pub fn result(method: &str, value: &Value) -> Check {
    match method {
        "initialize" => initialize_result(value),
        "shutdown" => ensure(value.is_null(), "null", value),
        "textDocument/diagnostic" => document_report(value),
        "workspace/diagnostic" => workspace_report(value),
        "textDocument/codeAction" => list(value, &code_action),
        "textDocument/hover" => {
            if value.is_null() {
                Ok(())
            } else {
                hover(value)
            }
        }
        // The commands' own: each has members that no other has.
        "workspace/executeCommand" if value.get("details").is_some() => {
            object(value, &[("title", &string), ("details", &|it| list(it, &string)), ("locations", &|it| list(it, &location))], &[])
        }
        "workspace/executeCommand" if value.get("nodes").is_some() => map(value),
        "workspace/executeCommand" if value.get("origins").is_some() => {
            let origin = |value: &Value| object(value, &[("line", &unsigned), ("place", &location)], &[]);
            let link = |value: &Value| object(value, &[("range", &range), ("target", &location)], &[]);
            let required: [Member; 4] =
                [("title", &string), ("text", &string), ("origins", &|it| list(it, &origin)), ("links", &|it| list(it, &link))];
            object(value, &required, &[])
        }
        // The report's.
        "workspace/executeCommand" if value.get("title").is_some() => object(value, &[("title", &string), ("text", &string)], &[]),
        "workspace/executeCommand" if value.get("blocks").is_some() || value.get("changed").is_some() => string(&value["text"]),
        "workspace/executeCommand" => trace(value),
        "textDocument/completion" => null_or(value, &completion_list),
        "completionItem/resolve" => completion_item(value),
        "textDocument/definition" if value[0].get("uri").is_some() => list(value, &location),
        "textDocument/definition" => null_or(value, &|it| list(it, &location_link)),
        "textDocument/references" => null_or(value, &|it| list(it, &location)),
        "textDocument/codeLens" => null_or(value, &|it| list(it, &code_lens)),
        "textDocument/signatureHelp" => null_or(value, &signature_help),
        "textDocument/inlayHint" => null_or(value, &|it| list(it, &inlay_hint)),
        "textDocument/documentSymbol" if value[0].get("location").is_some() => list(value, &everyday::symbol_information),
        "textDocument/documentSymbol" => null_or(value, &|it| list(it, &everyday::symbol)),
        "workspace/symbol" => list(value, &everyday::symbol_information),
        "textDocument/semanticTokens/full" | "textDocument/semanticTokens/range" => null_or(value, &everyday::tokens),
        "textDocument/semanticTokens/full/delta" => null_or(value, &everyday::tokens_or_delta),
        "textDocument/formatting" | "textDocument/rangeFormatting" | "textDocument/onTypeFormatting" => {
            null_or(value, &|it| list(it, &text_edit))
        }
        "textDocument/documentHighlight" => null_or(value, &|it| list(it, &everyday::highlight)),
        "textDocument/documentLink" => null_or(value, &|it| list(it, &everyday::link)),
        "textDocument/prepareRename" => null_or(value, &|it| object(it, &[("range", &range), ("placeholder", &string)], &[])),
        "textDocument/rename" => null_or(value, &workspace_edit),
        "textDocument/foldingRange" => null_or(value, &everyday::folding_ranges),
        "textDocument/selectionRange" => null_or(value, &|it| list(it, &everyday::selection_range)),
        "nginxAnalyzer/documentText" => object(value, &[("version", &integer), ("text", &string)], &[]),
        "nginxAnalyzer/testWork" => boolean(value),
        "nginxAnalyzer/testWorking" => unsigned(value),
        _ => Err(format!("`{method}` has no result that this client knows")),
    }
}

pub fn error(value: &Value) -> Check {
    let member = |value: &Value| ensure(value.as_str().is_some_and(|it| !it.is_empty()), "a message", value);
    object(value, &[("code", &integer), ("message", &member)], &[("data", &any)])
}

/// The parameters of a request (true) or notification (false) of the server.
pub fn params(method: &str, is_request: bool, value: &Value) -> Check {
    match (method, is_request) {
        ("experimental/serverStatus", false) => {
            let health = |value: &Value| ensure(["ok", "warning", "error"].iter().any(|it| value == it), "a health", value);
            object(value, &[("health", &health), ("quiescent", &boolean)], &[("message", &string)])
        }
        ("textDocument/publishDiagnostics", false) => {
            object(value, &[("uri", &uri), ("diagnostics", &diagnostics)], &[("version", &integer)])
        }
        ("window/logMessage", false) => object(value, &[("type", &one_to(5)), ("message", &string)], &[]),
        ("window/showMessage", false) => object(value, &[("type", &one_to(5)), ("message", &string)], &[]),
        ("workspace/applyEdit", true) => {
            let edit = |value: &Value| object(value, &[("textDocument", &any), ("edits", &|it| list(it, &any))], &[]);
            let edit = |value: &Value| object(value, &[("documentChanges", &|it| list(it, &edit))], &[]);
            object(value, &[("edit", &edit)], &[("label", &string)])
        }
        ("$/progress", false) => object(value, &[("token", &string), ("value", &progress)], &[]),
        ("client/registerCapability", true) => {
            let one = |value: &Value| object(value, &[("id", &string), ("method", &string)], &[("registerOptions", &any)]);
            object(value, &[("registrations", &|it| list(it, &one))], &[])
        }
        ("workspace/configuration", true) => {
            let item = |value: &Value| object(value, &[], &[("scopeUri", &uri), ("section", &string)]);
            object(value, &[("items", &|it| list(it, &item))], &[])
        }
        ("window/workDoneProgress/create", true) => object(value, &[("token", &string)], &[]),
        (
            "workspace/diagnostic/refresh"
            | "workspace/codeLens/refresh"
            | "workspace/inlayHint/refresh"
            | "workspace/semanticTokens/refresh",
            true,
        ) => ensure(value.is_null(), "without parameters", value),
        _ => Err(format!("a server does not send `{method}`")),
    }
}

fn progress(value: &Value) -> Check {
    match value["kind"].as_str() {
        Some("begin") => object(
            value,
            &[("kind", &string), ("title", &string)],
            &[("cancellable", &boolean), ("message", &string), ("percentage", &unsigned)],
        ),
        Some("report") => object(value, &[("kind", &string)], &[("message", &string), ("percentage", &unsigned)]),
        Some("end") => object(value, &[("kind", &string)], &[("message", &string)]),
        _ => Err(format!("no kind of progress: {value}")),
    }
}
