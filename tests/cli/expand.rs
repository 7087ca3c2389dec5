//! `expand`: a configuration with everything that it includes in its place.

use crate::command::{checkout, fixture, run};

const SHOP: &str = r#"events {}
http {
    include mime.types;
    include sites/*.conf;
    include gone.conf;
}
#- /mime.types
types { text/html html; }
#- /sites/a.conf
server {
    listen 80;
    include part.conf;
}
#- /part.conf
return 204;
"#;

#[test]
fn every_include_is_replaced_by_its_files() {
    let folder = fixture(SHOP);
    let all = run(folder.path(), &["expand", "nginx.conf"]);
    assert_eq!((all.status, all.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!(all.out);
    // By its folder, by a file of it, by the other name.
    for arguments in [&["expand"][..], &["expand", "sites/a.conf", "--workspace", "."], &["dump", "."]] {
        assert_eq!(run(folder.path(), arguments).out, all.out, "{arguments:?}");
    }
}

#[test]
fn the_example_is_read_again_as_it_was() {
    let example = checkout().join("examples/oauth2-gateway");
    let all = run(&example, &["expand", "."]);
    assert_eq!(all.status, Some(0), "{}", all.err);
    let folder = fixture(&all.out);
    assert_eq!(run(folder.path(), &["expand"]).out.matches("location ").count(), all.out.matches("location ").count());
}

#[test]
fn of_several_one_is_chosen_and_of_none_it_is_said() {
    let folder = fixture("events {}\n#- /other.conf\nevents {}\n");
    let several = run(folder.path(), &["expand"]);
    assert_eq!(several.status, Some(2));
    assert_eq!(several.err, "nginx-analyzer: which one? There are nginx.conf and other.conf\n");
    let none = tempfile::tempdir().expect("a folder");
    let said = run(none.path(), &["expand", "."]);
    assert_eq!(said.status, Some(2));
    assert!(said.err.contains("no nginx configuration found"), "{}", said.err);
}
