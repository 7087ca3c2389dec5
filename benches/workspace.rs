//! A generated workspace: a gateway among the sources of a web application.

use std::fmt::Write as _;
use std::path::Path;

/// A page that is there where there are at least 1,000 files: number 86 of them.
pub const PAGE: &str = "html/p86/unit_86.html";

/// Writes so many files below a folder.
pub fn write(folder: &Path, files: usize) {
    let put = |path: String, text: String| {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            std::fs::create_dir_all(above).expect("a folder");
        }
        std::fs::write(path, text).expect("a file");
    };
    put(
        "nginx.conf".into(),
        "events {}\nhttp { server { listen 80; location /api/ { return 204; } location / { return 204; } } }\n".into(),
    );
    put(
        "web/src/http.ts".into(),
        "import axios from 'axios';\nconst http = axios.create({ baseURL: '/api' });\nexport default http;\n".into(),
    );
    for at in 2..files {
        let (package, name) = (at % 97, format!("unit_{at}"));
        match at % 100 {
            0..=24 => put(format!("web/src/p{package}/{name}.ts"), script(at, at % 5 == 0)),
            25..=39 => put(format!("web/src/p{package}/{name}.tsx"), component(at, at % 4 == 0)),
            40..=54 => put(format!("service/p{package}/{name}.py"), python(at, at % 6 == 0)),
            55..=64 => put(format!("tools/p{package}/{name}.go"), go(at, at % 6 == 0)),
            65..=74 => put(format!("data/p{package}/{name}.json"), data(at)),
            75..=81 => put(format!("docs/p{package}/{name}.md"), page(at)),
            82..=85 => put(format!("deploy/p{package}/{name}.yaml"), manifest(at)),
            86..=88 => put(format!("html/p{package}/{name}.html"), html(at)),
            89..=90 => put(format!("scripts/p{package}/{name}.sh"), shell(at)),
            91..=93 => put(format!("lua/p{package}/{name}.lua"), "local M = {}\nfunction M.run() return 1 end\nreturn M\n".repeat(20)),
            _ => put(format!("web/src/p{package}/{name}.css"), ".a { color: red; }\n".repeat(60)),
        }
    }
}

fn script(at: usize, asks: bool) -> String {
    let mut out = format!(
        "import {{ Injectable }} from '@framework/core';\nimport http from '../http';\nimport type {{ Unit{at} }} from './types';\n"
    );
    for part in 0..12 {
        let _ = write!(
            out,
            "\n/** Works out part {part}. */\nexport function part{part}(input: Unit{at}, limit = {part}): number {{\n  const list = input.items.filter(item => item.size > limit).map(item => item.size * 2);\n  \
             if (list.length === 0) {{\n    return 0;\n  }}\n  return list.reduce((sum, size) => sum + size, 0);\n}}\n"
        );
    }
    if asks {
        let _ = write!(
            out,
            "\nexport const load = (id: string) => http.get(`/units/{at}/${{id}}`);\nexport const save = (unit: Unit{at}) => fetch('/api/save/{at}', {{ method: 'POST', body: JSON.stringify(unit) }});\n"
        );
    }
    out
}

fn component(at: usize, asks: bool) -> String {
    let mut out = format!("import React, {{ useState }} from 'react';\nimport {{ part1 }} from './unit_{}';\n", at / 2);
    let _ = write!(out, "\nexport function View{at}({{ title }}: {{ title: string }}) {{\n  const [open, setOpen] = useState(false);\n");
    if asks {
        let _ = writeln!(
            out,
            "  const load = async () => {{ const answer = await fetch(`/api/view/{at}?title=${{title}}`); setOpen(answer.ok); }};"
        );
    }
    out.push_str("  return (\n    <section className=\"view\">\n");
    for row in 0..20 {
        let _ = writeln!(
            out,
            "      <div key={{{row}}} className=\"row\"><span>{{title}}</span><button onClick={{() => setOpen(!open)}}>{row}</button></div>"
        );
    }
    out.push_str("    </section>\n  );\n}\n");
    out
}

fn python(at: usize, asks: bool) -> String {
    let mut out = String::from("import os\nimport json\nfrom dataclasses import dataclass\n");
    if asks {
        let _ = write!(
            out,
            "import requests\n\nBASE = os.environ.get('BASE', 'http://gateway.example')\n\ndef fetch_{at}(key):\n    return requests.get(f'{{BASE}}/api/py/{at}/{{key}}')\n"
        );
    }
    for part in 0..15 {
        let _ = write!(
            out,
            "\n@dataclass\nclass Unit{part}:\n    name: str\n    size: int = {part}\n\n    def total(self, other):\n        values = [value for value in other if value > self.size]\n        return sum(values) / max(len(values), 1)\n"
        );
    }
    out
}

fn go(at: usize, asks: bool) -> String {
    let mut out = String::from("package tools\n\nimport (\n\t\"fmt\"\n\t\"net/http\"\n)\n");
    if asks {
        let _ = write!(
            out,
            "\nfunc Fetch{at}(id string) (*http.Response, error) {{\n\treturn http.Get(fmt.Sprintf(\"http://gateway.example/api/go/{at}/%s\", id))\n}}\n"
        );
    }
    for part in 0..15 {
        let _ = write!(
            out,
            "\nfunc part{part}(items []int) int {{\n\tsum := 0\n\tfor _, item := range items {{\n\t\tif item > {part} {{\n\t\t\tsum += item\n\t\t}}\n\t}}\n\treturn sum\n}}\n"
        );
    }
    out
}

fn data(at: usize) -> String {
    let rows: Vec<String> = (0..60).map(|row| format!("{{\"id\": {row}, \"name\": \"unit {at}\", \"path\": \"/x/{row}\"}}")).collect();
    format!("[{}]\n", rows.join(",\n"))
}

fn page(at: usize) -> String {
    format!(
        "# Unit {at}\n\n{}\nSee `GET /api/units/{at}` and <https://docs.example/{at}>.\n\n```sh\ncurl -fsS http://gateway.example/api/units/{at}\n```\n",
        "A sentence about what it does, and why.\n".repeat(40)
    )
}

fn manifest(at: usize) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: unit-{at}\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: unit:{at}\n          livenessProbe:\n            \
         httpGet:\n              path: /health\n              port: 8080\n{}",
        "          # one more line\n".repeat(20)
    )
}

fn html(at: usize) -> String {
    format!(
        "<!doctype html>\n<title>{at}</title>\n{}<script>\nconst api = p => fetch('/api/html/' + p);\napi('{at}');\n</script>\n",
        "<p>Some text in a paragraph <a href=\"/pages/x\">with a link</a>.</p>\n".repeat(30)
    )
}

fn shell(at: usize) -> String {
    format!(
        "#!/bin/sh\nset -e\nBASE=${{BASE:-http://gateway.example}}\ncheck() {{ curl -fsS \"$BASE$1\" > /dev/null; }}\ncheck /api/sh/{at}\n{}",
        "echo working\n".repeat(30)
    )
}
