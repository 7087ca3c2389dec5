//! Any configuration with any includes: everything that an editor asks of it, at any place, again after an edit. Three files, an edit, places.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::ide;
use nginx_analyzer::project::FileId;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::text::{Span, Text};
use nginx_analyzer::world::World;
use nginx_analyzer::{cleanup, rules};
use nginx_analyzer_fuzz::Bytes;

/// Asks everything; the text that it was about.
fn ask(world: &mut World, file: FileId, data: &mut Bytes<'_>) -> Text {
    let analysis = world.analysis();
    let findings = rules::check(&analysis);
    for finding in &findings {
        analysis.text_at(finding.place);
        for fix in &finding.fixes {
            if let Ok(edits) = cleanup::resolve(&analysis, &fix.action) {
                for (file, edits) in edits {
                    cleanup::apply(&analysis.project.text(file), &edits);
                }
            }
        }
    }
    let text = analysis.project.text(file).clone();
    for _ in 0..3 {
        let at = text.floor(data.below(text.len() + 1));
        ide::hover(&analysis, file, at);
        ide::complete::complete(&analysis, file, &text, at, None);
        ide::signature::signature(&analysis, file, &text, at);
        ide::navigate::definition(&analysis, file, at);
        ide::navigate::references(&analysis, file, at, true);
        let until = text.floor(at.saturating_add(u32::from(data.byte())));
        for action in ide::actions::actions(&analysis, file, Span::new(at, until), &findings) {
            std::hint::black_box(action);
        }
    }
    text
}

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let folder = Path::new("/nowhere/gateway");
    let main = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(file, Text::new(&data.text()));
    for name in ["a.conf", "conf.d/b.conf"] {
        let part = world.vfs().id(&folder.join(name));
        world.set_text(part, Text::new(&data.text()));
    }
    let text = ask(&mut world, file, &mut data);
    let start = text.floor(data.below(text.len() + 1));
    let end = text.floor(start.saturating_add(u32::from(data.byte())));
    world.edit(file, Span::new(start, end), &data.text());
    ask(&mut world, file, &mut data);
});
