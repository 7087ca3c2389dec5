//! Clean-up as an editor does it: the server keeps records and backups, the editor makes the edits.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Client, Setup, uri};

const CONF: &str = "events {}\nhttp {\n    server {\n        location / { return 200; }\n        location @gone {\n            return 403;\n        }\n        location = /old {\n            content_by_lua_file /srv/lua/old.lua;\n        }\n    }\n}\n";

struct Site {
    folder: TempDir,
    client: Client,
    conf: String,
}

impl Site {
    fn new(setup: Setup) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, text).expect("written");
        };
        write("nginx.conf", CONF);
        write("lua/old.lua", "ngx.say('old')\n");
        write(
            "compose.yaml",
            "services:\n  web:\n    image: openresty/openresty\n    volumes: ['./nginx.conf:/usr/local/openresty/nginx/conf/nginx.conf', './lua:/srv/lua']\n",
        );
        let client = Client::ready(Setup {
            pull: true,
            folders: vec![uri(folder.path())],
            extra: json!({ "workspace": { "applyEdit": true } }),
            ..setup
        });
        let conf = uri(&folder.path().join("nginx.conf"));
        let mut site = Site { folder, client, conf };
        site.client.open(&site.conf, CONF);
        site
    }

    fn ask(&mut self, step: &str, more: Value) -> Result<Value, Value> {
        let mut argument = json!({ "uri": self.conf });
        argument.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        let params = json!({ "command": format!("nginx-analyzer.cleanup.{step}"), "arguments": [argument] });
        loop {
            match self.client.try_request("workspace/executeCommand", params.clone()) {
                Err(error) if error["code"] == -32801 => {}
                answer => return answer,
            }
        }
    }

    /// Runs a step that edits, up to the message that says how it went.
    fn edit(&mut self, step: &str, more: Value) -> String {
        self.ask(step, more).unwrap_or_else(|error| panic!("{step}: {error}"));
        let message = self.client.wait("window/showMessage");
        self.client.take("workspace/applyEdit");
        message["message"].as_str().expect("checked").to_owned()
    }

    /// Saves the document as an editor does.
    fn save(&mut self) -> String {
        let text = self.client.own_text(&self.conf);
        fs::write(self.folder.path().join("nginx.conf"), &text).expect("written");
        self.client.notify("textDocument/didSave", json!({ "textDocument": { "uri": self.conf } }));
        text
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn both(&self) -> Value {
        json!({ "at": [{ "uri": self.conf, "line": 4 }, { "uri": self.conf, "line": 7 }] })
    }

    fn backups(&self) -> usize {
        let names = fs::read_dir(self.folder.path()).expect("listed").flatten();
        names.filter(|entry| entry.file_name().to_string_lossy().contains("backup_before_cleanup")).count()
    }
}

fn archived(folder: &Path) -> bool {
    let records = fs::read_dir(folder.join(".nginx-analyzer/cleanup")).into_iter().flatten().flatten();
    records.filter(|entry| entry.path().is_dir()).all(|entry| entry.path().join("before.tar.gz").is_file())
}

#[test]
fn what_is_asked_first_knows_the_logs() {
    let folder = tempfile::tempdir().expect("a folder");
    let log: String =
        (10..20).map(|day| format!("203.0.113.7 - - [{day}/Nov/2025:09:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n")).collect();
    fs::create_dir(folder.path().join("logs")).expect("a folder");
    fs::write(folder.path().join("logs/access.log"), log.repeat(2000)).expect("written");
    let conf = "events {}\nhttp {\n    server {\n        location / { return 200; }\n        location = /old {\n            return 201;\n        }\n    }\n}\n";
    fs::write(folder.path().join("nginx.conf"), conf).expect("written");
    let mut client = Client::ready(Setup { pull: true, folders: vec![uri(folder.path())], ..Setup::default() });
    let argument = json!({ "uri": uri(&folder.path().join("nginx.conf")) });
    let ask = |step: &str| json!({ "command": format!("nginx-analyzer.{step}"), "arguments": [argument] });
    let (plan, report) =
        (client.ask("workspace/executeCommand", ask("cleanup.plan")), client.ask("workspace/executeCommand", ask("report")));
    let plan = client.answer(plan).expect("a plan");
    assert_eq!(plan["blocks"][0]["rule"], "unused-location", "{plan:#}");
    let report = client.answer(report).expect("a report");
    assert!(report["text"].as_str().is_some_and(|text| text.contains("probably unused")), "{report}");
    client.shutdown();
}

#[test]
fn plan_apply_finish_restore_and_all_is_as_before() {
    let mut site = Site::new(Setup::default());
    let both = site.both();
    let plan = site.ask("plan", both.clone()).expect("a plan");
    assert_eq!((plan["blocks"].as_array().map(Vec::len), &plan["files"]), (Some(2), &json!(["lua/old.lua"])), "{plan:#}");
    assert!(plan["diff"].as_str().is_some_and(|it| it.contains("+        #X# location @gone {\n")));
    assert!(plan["text"].as_str().is_some_and(|it| it.contains("nginx.conf:8  location = /old")));
    let mut dry = both.clone();
    dry["dryRun"] = true.into();
    assert_eq!(site.ask("apply", dry).expect("a plan"), plan);
    assert!(!site.path(".nginx-analyzer").exists(), "a plan writes nothing");

    let said = site.edit("apply", both);
    assert!(said.starts_with("nginx-analyzer: commented out 2 blocks, to be kept until "), "{said}");
    assert_eq!(fs::read_to_string(site.path("nginx.conf")).expect("there"), CONF, "the text is the editor's to write");
    assert!(site.backups() == 1 && archived(site.folder.path()));
    let text = site.save();
    assert!(text.contains("        # nginx-analyzer: off since ") && text.contains("        #X# location = /old {\n"), "{text}");

    let status = site.ask("status", json!({})).expect("a status");
    assert_eq!(status["blocks"].as_array().map(Vec::len), Some(2), "{status:#}");
    assert_eq!(status["records"].as_array().map(Vec::len), Some(1));
    let due = site.ask("finish", json!({})).expect("nothing is due");
    assert_eq!(due["blocks"], json!([]));

    let at = json!({ "at": [{ "uri": site.conf, "line": 5 }, { "uri": site.conf, "line": 9 }] });
    let mut dry = at.clone();
    dry["dryRun"] = true.into();
    let finish = site.ask("finish", dry).expect("a page");
    assert_eq!((finish["blocks"].as_array().map(Vec::len), &finish["files"]), (Some(2), &json!(["lua/old.lua"])), "{finish:#}");
    assert!(site.path("lua/old.lua").exists());
    let said = site.edit("finish", at);
    assert!(said.contains("deleted 2 blocks"), "{said}");
    assert!(!site.path("lua/old.lua").exists(), "it is in the archive");
    let text = site.save();
    assert!(!text.contains("#X#") && !text.contains("off since"), "{text}");

    let said = site.edit("restore", json!({}));
    assert!(said.contains("taken back"), "{said}");
    assert_eq!(site.save(), CONF);
    assert_eq!(fs::read_to_string(site.path("lua/old.lua")).expect("there"), "ngx.say('old')\n");
    assert_eq!(site.backups(), 0, "they are the same as the file again");
    let error = site.ask("restore", json!({})).expect_err("nothing is left");
    assert_eq!(error["message"], "There is no clean-up to take back.");
    site.client.shutdown();
}

/// Two blocks are commented out and deleted; a Lua file went with them.
fn deleted() -> Site {
    let mut site = Site::new(Setup::default());
    let both = site.both();
    site.edit("apply", both);
    site.save();
    let at = json!({ "at": [{ "uri": site.conf, "line": 5 }, { "uri": site.conf, "line": 9 }] });
    site.edit("finish", at);
    site.save();
    assert!(!site.path("lua/old.lua").exists(), "it is in the archive");
    site
}

#[test]
fn what_stays_as_it_is_is_told() {
    let mut site = deleted();
    fs::write(site.path("lua/old.lua"), "ngx.say('another')\n").expect("written");
    let dry = site.ask("restore", json!({ "dryRun": true })).expect("a page");
    assert_eq!((&dry["occupied"], &dry["lost"], &dry["complete"]), (&json!(["lua/old.lua"]), &json!([]), &json!(false)), "{dry:#}");
    assert!(dry["text"].as_str().is_some_and(|it| it.contains("lua/old.lua is another file now and is left as it is")), "{dry:#}");
    let said = site.edit("restore", json!({}));
    assert!(said.contains("taken back") && said.contains("lua/old.lua is another file now"), "{said}");
    assert_eq!(site.save(), CONF);
    assert_eq!(fs::read_to_string(site.path("lua/old.lua")).expect("there"), "ngx.say('another')\n");
    site.client.shutdown();
}

#[test]
fn a_file_comes_back_also_where_no_block_does() {
    let mut site = deleted();
    let conf = site.conf.clone();
    site.client.replace(&conf, "events {}\n");
    site.save();
    let dry = site.ask("restore", json!({ "dryRun": true })).expect("a page");
    assert_eq!((&dry["changed"], &dry["brought_back"]), (&json!([]), &json!(["lua/old.lua"])), "{dry:#}");
    assert_eq!(dry["lost"].as_array().map(Vec::len), Some(4), "two that were deleted, and as they were commented out: {dry:#}");
    let text = dry["text"].as_str().expect("checked");
    assert!(text.contains("Would be restored:\n  lua/old.lua\n") && text.contains("was edited since"), "{text}");
    let said = site.edit("restore", json!({}));
    assert!(said.contains("was edited since"), "{said}");
    assert_eq!(fs::read_to_string(site.path("lua/old.lua")).expect("there"), "ngx.say('old')\n");
    site.client.shutdown();
}

#[test]
fn one_block_is_restored_by_its_line() {
    let mut site = Site::new(Setup::default());
    let both = site.both();
    site.edit("apply", both);
    site.save();
    let at = json!({ "at": [{ "uri": site.conf, "line": 6 }] });
    site.edit("restore", at);
    let text = site.save();
    assert!(text.contains("\n        location @gone {\n") && text.contains("#X# location = /old {"), "{text}");
    site.edit("restore", json!({}));
    assert_eq!(site.save(), CONF);
    site.client.shutdown();
}

#[test]
fn an_editor_that_makes_no_edit_leaves_no_trace() {
    let mut site = Site::new(Setup::default());
    site.client.makes_edits = false;
    let both = site.both();
    let said = site.edit("apply", both);
    assert_eq!(said, "nginx-analyzer: all was taken back: the editor did not make the edits");
    assert_eq!((site.backups(), fs::read_to_string(site.path("nginx.conf")).expect("there").as_str()), (0, CONF));
    let status = site.ask("status", json!({})).expect("a status");
    assert_eq!((&status["records"], &status["interrupted"]), (&json!([]), &json!([])));
    site.client.shutdown();
}

#[test]
fn what_is_not_saved_or_not_there_is_refused() {
    let mut site = Site::new(Setup::default());
    let edited = format!("# new\n{CONF}");
    site.client.replace(&site.conf.clone(), &edited);
    let at = json!({ "at": [{ "uri": site.conf, "line": 5 }] });
    let error = site.ask("apply", at).expect_err("not saved");
    assert_eq!(error["message"], "nginx.conf is not on disk as it is here: save it first");
    assert_eq!(site.backups(), 0);
    let error = site.ask("nonsense", json!({})).expect_err("no such step");
    assert_eq!(error["code"], -32602);
    let error = site.ask("plan", json!({ "at": [{ "uri": "file:///elsewhere.conf", "line": 1 }] })).expect_err("another file");
    assert_eq!(error["code"], -32602);
    site.client.shutdown();
}

#[test]
fn an_editor_that_takes_no_edits_is_told_so_and_a_document_without_a_folder_keeps_nothing() {
    let mut client = Client::ready(Setup { pull: true, ..Setup::default() });
    client.open("untitled:new", CONF);
    let ask = |client: &mut Client, step: &str| {
        let argument = json!({ "uri": "untitled:new", "at": [{ "uri": "untitled:new", "line": 4 }] });
        let params = json!({ "command": format!("nginx-analyzer.cleanup.{step}"), "arguments": [argument] });
        client.try_request("workspace/executeCommand", params)
    };
    assert_eq!(ask(&mut client, "plan").expect("a plan")["blocks"].as_array().map(Vec::len), Some(1), "looking needs no folder");
    let error = ask(&mut client, "apply").expect_err("no edits");
    assert!(error["message"].as_str().is_some_and(|it| it.contains("workspace/applyEdit")), "{error}");
    client.shutdown();
}
