use serde_json::{Value, json};

use crate::client::{Client, Setup};
use crate::{BROKEN, SOUND};

#[test]
fn four_hundred_requests_in_flight_are_all_answered() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "untitled:many";
    client.open(uri, BROKEN);
    let mut ids = Vec::new();
    for round in 0..400 {
        let document = json!({ "textDocument": { "uri": uri } });
        ids.push(match round % 4 {
            0 => client.ask("nginxAnalyzer/documentText", document),
            1 => client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })),
            _ => client.ask("textDocument/diagnostic", document),
        });
    }
    // The last is answered first: nobody's turn depends on the order in which answers are taken.
    for id in ids.into_iter().rev() {
        client.answer(id).expect("no change came in between");
    }
    client.shutdown();
}

#[test]
fn requests_that_wait_do_not_keep_edits_from_being_read() {
    let mut client = Client::ready(Setup::default());
    client.ignore("textDocument/publishDiagnostics");
    let working: Vec<i64> = (0..200).map(|_| client.ask("nginxAnalyzer/testWork", Value::Null)).collect();
    client.open("untitled:edits", "a");
    client.replace("untitled:edits", "b");
    assert_eq!(client.text("untitled:edits"), (2, "b".into()));
    for id in &working {
        client.cancel(*id);
    }
    for id in working {
        assert_eq!(client.answer(id).expect_err("cancelled")["code"], -32800);
    }
    client.shutdown();
}

#[test]
fn a_cancelled_request_is_answered_and_its_work_stops() {
    let mut client = Client::ready(Setup::default());
    let id = client.ask("nginxAnalyzer/testWork", Value::Null);
    while client.request("nginxAnalyzer/testWorking", Value::Null) != 1 {}
    client.cancel(id);
    assert_eq!(client.answer(id).expect_err("cancelled")["code"], -32800);
    while client.request("nginxAnalyzer/testWorking", Value::Null) != 0 {}
    // Cancelling what is over, or what never was, does nothing.
    client.cancel(id);
    client.cancel(999_999);
    client.shutdown();
}

#[test]
fn a_panic_costs_one_request() {
    let mut client = Client::ready(Setup::default());
    for in_worker in [false, true, false, true] {
        let error = client.try_request("nginxAnalyzer/testPanic", json!({ "inWorker": in_worker })).expect_err("it panicked");
        assert_eq!(error["code"], -32603);
        assert!(
            error["message"].as_str().is_some_and(|it| it.contains("nginxAnalyzer/testPanic") && it.contains("as the test asked")),
            "{error}"
        );
    }
    client.open("untitled:after", BROKEN);
    assert_eq!(client.diagnostics("untitled:after", Some(1)).len(), 1);
    client.shutdown();
}

#[test]
fn edits_race_with_requests() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    let uri = "untitled:race";
    client.open(uri, SOUND);
    let mut ids = Vec::new();
    let mut last = (1, SOUND.to_string());
    for round in 0..200 {
        let text = if round % 2 == 0 { format!("# {round}\n{BROKEN}") } else { format!("# {round}\n{SOUND}") };
        last = (client.replace(uri, &text), text.clone());
        ids.push((client.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } })), round % 2 == 0));
        if round % 10 == 0 {
            assert_eq!(client.text(uri), (last.0, text));
        }
    }
    for (id, broken) in ids {
        // Answered for exactly the text that was there when it was asked, or not at all.
        match client.answer(id) {
            Ok(report) => assert_eq!(report["items"].as_array().map(Vec::len), Some(usize::from(broken))),
            Err(error) => assert_eq!(error["code"], -32802),
        }
    }
    assert_eq!(client.text(uri), last);
    assert_eq!(client.pull(uri, None)["items"], json!([]));
    client.shutdown();
}

#[test]
fn a_burst_of_edits_makes_few_analyses() {
    let mut client = Client::ready(Setup::default());
    let uri = "untitled:burst";
    client.open(uri, SOUND);
    client.diagnostics(uri, Some(1));
    let mut version = 1;
    for round in 0..300 {
        version = client.replace(uri, &format!("# {round}\n{BROKEN}"));
    }
    let mut published = 0;
    loop {
        let params = client.wait("textDocument/publishDiagnostics");
        published += 1;
        if params["version"] == version {
            assert_eq!(params["diagnostics"].as_array().map(Vec::len), Some(1));
            break;
        }
    }
    assert!(published < 100, "{published} publications for 300 edits");
    client.shutdown();
}
