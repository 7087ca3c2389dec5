//! `cargo xtask logs`: a configuration of any size and an access log of any size for it; the same numbers give the same bytes.

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;

/// Numbers that look random and are the same in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }

    /// Small numbers come often, large ones seldom, as addresses of a site do.
    fn skewed(&mut self, limit: usize) -> usize {
        let roof = self.below(limit) + 1;
        let roof = self.below(roof) + 1;
        self.below(roof)
    }
}

/// What each location takes: how it is written, and a path that it gets.
struct Location {
    written: String,
    path: String,
    /// There are as many different paths as requests.
    open: bool,
}

/// Locations as real configurations have them: prefixes, some regexes and names, one with a rewrite, one with `try_files`, one with sign-in.
fn locations(count: usize) -> Vec<Location> {
    let location = |index: usize| {
        let (written, path, open) = match index % 24 {
            0 => (format!("location = /page{index} {{ proxy_pass http://app; }}"), format!("/page{index}"), false),
            3 => (format!("location ~ ^/v{index}/(users|orders)/ {{ proxy_pass http://api; }}"), format!("/v{index}/users/"), true),
            7 => (format!("location ~* /media{index}/.+\\.(png|jpg)$ {{ root /srv; }}"), format!("/x/media{index}/"), true),
            11 => (format!("location ~ \\.svc{index}$ {{ proxy_pass http://app; }}"), format!("/run.svc{index}"), false),
            13 => (format!("location ^~ /static{index}/ {{ root /srv; }}"), format!("/static{index}/js/"), true),
            17 => (format!("location /old{index}/ {{ rewrite ^/old{index}/(.*)$ /api1/$1 last; }}"), format!("/old{index}/"), false),
            19 => (format!("location /spa{index}/ {{ try_files $uri /page0; }}"), format!("/spa{index}/view"), false),
            21 => (format!("location /admin{index}/ {{ auth_request /auth; proxy_pass http://app; }}"), format!("/admin{index}/"), true),
            _ => (format!("location /api{index}/ {{ proxy_pass http://api; }}"), format!("/api{index}/item/"), true),
        };
        Location { written, path, open }
    };
    (0..count.max(1)).map(location).collect()
}

/// The configuration; nginx accepts it.
pub fn configuration(count: usize) -> String {
    let mut out = String::from(
        "events { }\nhttp {\n    log_format main '$remote_addr - $remote_user [$time_local] $host:$server_port \"$request\" $status $body_bytes_sent '\n                    '\"$http_referer\" \"$http_user_agent\" $request_time';\n    access_log logs/access.log main;\n    upstream app { server 127.0.0.2:9000; }\n    upstream api { server 127.0.0.2:9001; }\n    server {\n        listen 8080;\n        server_name www.example.com;\n        location / { proxy_pass http://app; }\n        location = /auth { internal; proxy_pass http://app; }\n",
    );
    for location in locations(count.saturating_sub(2)) {
        let _ = writeln!(out, "        {}", location.written);
    }
    out.push_str("    }\n    server {\n        listen 8081;\n        server_name internal.example.com;\n        location / { return 204; }\n    }\n}\n");
    out
}

const AGENTS: [&str; 8] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "kube-probe/1.31",
    "curl/8.5.0",
    "python-requests/2.32.3",
];

/// Writes so many bytes of log, to the end of the line in which they are reached; how many lines that were.
pub fn write(out: impl Write, count: usize, bytes: u64) -> anyhow::Result<u64> {
    let mut out = BufWriter::with_capacity(1 << 20, out);
    let mut random = Random(0x1234_5678_9abc_def1);
    let locations = locations(count.saturating_sub(2));
    let (mut written, mut lines) = (0u64, 0u64);
    let mut line = String::new();
    // 3 November 2025, some thousand requests a second.
    let (mut second, mut within) = (0u64, 0u64);
    while written < bytes {
        within += 1;
        if within > 400 + random.below(400) as u64 {
            (second, within) = (second + 1, 0);
        }
        let (day, time) = (3 + second / 86_400, second % 86_400);
        line.clear();
        let client = random.skewed(1 << 20);
        let (high, low) = (client >> 8, client & 255);
        let location = &locations[random.skewed(locations.len())];
        let (method, status) = match random.below(100) {
            0..8 => ("POST", 201),
            8..11 => ("GET", 404),
            11..16 => ("GET", 304),
            16 => ("GET", 502),
            _ => ("GET", 200),
        };
        let _ = write!(
            line,
            "10.{}.{}.{low} - - [{day:02}/Nov/2025:{:02}:{:02}:{:02} +0000] www.example.com:8080 \"{method} {}",
            high >> 8 & 255,
            high & 255,
            time / 3_600,
            time / 60 % 60,
            time % 60,
            location.path
        );
        if location.open {
            // A third of it is asked for again and again.
            let item = if random.below(3) == 0 { random.skewed(400) } else { random.below(1 << 24) };
            let _ = write!(line, "{item}{}", if location.path.contains("media") { ".png" } else { "" });
        }
        if random.below(4) == 0 {
            let _ = write!(line, "?page={}&sort=name", random.below(50));
        }
        let referer = if random.below(2) == 0 { "-" } else { "https://www.example.com/start/index.html" };
        let agent = AGENTS[random.skewed(AGENTS.len())];
        let _ = writeln!(line, " HTTP/1.1\" {status} {} \"{referer}\" \"{agent}\" 0.{:03}", random.below(60_000), random.below(1_000));
        out.write_all(line.as_bytes())?;
        written += line.len() as u64;
        lines += 1;
    }
    out.flush()?;
    Ok(lines)
}

/// Writes the configuration and the log into a folder.
pub fn run(folder: &Path, count: usize, bytes: u64) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder.join("logs"))?;
    std::fs::write(folder.join("nginx.conf"), configuration(count))?;
    let path = folder.join("logs/access.log");
    let file = std::fs::File::create(&path).with_context(|| path.display().to_string())?;
    let lines = write(file, count, bytes)?;
    println!("{}: {lines} lines", path.display());
    Ok(())
}

/// `1G`, `200M`, `5000`
pub fn size(text: &str) -> Result<u64, String> {
    let (number, unit) = text.split_at(text.trim_end_matches(char::is_alphabetic).len());
    let number: u64 = number.parse().map_err(|_| format!("`{text}` is no size: 1G, 200M"))?;
    let unit = match unit.to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" => 1_000,
        "M" | "MB" => 1_000_000,
        "G" | "GB" => 1_000_000_000,
        _ => return Err(format!("`{text}` is no size: 1G, 200M")),
    };
    Ok(number * unit)
}
