//! Any log format and any log, compressed ones too: a request counts in the total of one place at most. A format, then the log.
#![no_main]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use libfuzzer_sys::fuzz_target;
use nginx_analyzer::project::settings::Settings;
use nginx_analyzer::rules;
use nginx_analyzer::text::Text;
use nginx_analyzer::usage::logs::{Hits, Input, Options};
use nginx_analyzer::world::World;
use nginx_analyzer_fuzz::Bytes;

fuzz_target!(|data: &[u8]| {
    let mut data = Bytes(data);
    let escape = ["default", "json", "none"][usize::from(data.byte()) % 3];
    let format = data.text().replace('\\', "\\\\").replace('\'', "\\'");
    let folder = Path::new("/nowhere/gateway");
    let main = folder.join("nginx.conf");
    let mut world = World::new(folder, vec![main.clone()], Settings::default());
    let file = world.vfs().id(&main);
    world.set_text(
        file,
        Text::new(&format!(
            "events {{}}\nhttp {{ log_format own escape={escape} '{format}'; access_log logs/access.log own;\nserver {{ listen 80; \
             location / {{ return 200; }} location /a {{ return 404; error_page 404 /b; }} location ~ ^/b {{ rewrite ^ /a/$arg_x; }} }} }}\n"
        )),
    );
    let analysis = world.analysis();
    let lines = data.0.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let plain = !data.0.starts_with(&[0x1f, 0x8b]) && !data.0.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
    let input = Input::Stream("logs/access.log".into(), Box::new(std::io::Cursor::new(data.0.to_vec())));
    let options = Options { threads: Some(1), ..Options::default() };
    let Some(logs) = analysis.read_logs(vec![input], &options, &|_, _| (), &AtomicBool::new(false)) else { return };
    if plain {
        for logs in &logs {
            let total = |hits: &[Hits]| hits.iter().map(|hits| hits.total).sum::<u64>();
            assert!(total(&logs.locations) <= lines && total(&logs.servers) <= lines, "no more requests than lines");
        }
    }
    world.take_logs(&analysis, logs);
    rules::check(&world.analysis());
});
