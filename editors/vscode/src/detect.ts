// Whether a text is an nginx configuration, by its begin. Nothing here knows the editor, so that tests can run it.

/** The languages that a file has which no extension knows. */
const OPEN = ['plaintext', 'properties', 'ini', 'conf'];

/** True for a file whose name leaves open what it is. */
export function mayBeNginx(path: string, languageId: string): boolean {
  if (!OPEN.includes(languageId)) return false;
  return /\.conf(\.template|\.tmpl|\.inc)?$/i.test(path) || /\/(conf\.d|sites-(available|enabled)|snippets)\/[^/]+$/.test(path);
}

// What begins a configuration and nothing of another program that also has blocks in braces: FreeRADIUS names its servers, HOCON has `=`, BIND and ISC end blocks with `};`.
const BEGINS =
  /^(?:server\s*\{|upstream\s+[^\s;{}]+\s*\{|location\s+(?:(?:=|~\*?|\^~)\s*)?\S+\s*\{|map\s+\S*\$\S+\s+\$\w+\s*\{|geo\s+(?:\$\S+\s+)?\$\w+\s*\{|events\s*\{|split_clients\s+\S+\s+\$\w+\s*\{|limit_(?:req|conn)_zone\s.*zone=|proxy_cache_path\s|lua_(?:shared_dict|package_path)\s|proxy_(?:pass|set_header)\s|fastcgi_(?:pass|param)\s|(?:ssl_certificate|ssl_protocols|ssl_ciphers|add_header|log_format|worker_processes)\s|load_module\s|(?:[a-z]+_by_lua_(?:block|file))\b)/;
const SIMPLE = /^(?:[a-z][a-z0-9_]*)(?:\s+[^;{}]*)?;\s*(?:#.*)?$/;

/** What nginx's language has not: sections, tags, `name = value`, `name => value`, `};`. */
const FOREIGN = /^\}\s*;|^<\/?[A-Za-z]|^\[.+\]$|^(?!location\b)[\w.-]+\s*=\s*[^=;~{]*$|^[\w.-]+\s*=>|^[\w.-]+:\s/;

// A line of PHP's settings that begins with `;` is a comment of theirs.
const significant = (begin: string): string[] =>
  begin
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));

/** True where the first directives are nginx's and end as nginx's do. */
export function looksLikeNginx(begin: string): boolean {
  const lines = significant(begin);
  const first = lines.findIndex((line) => BEGINS.test(line) || !SIMPLE.test(line));
  const [head = '', ...rest] = first < 0 ? [] : lines.slice(first, first + 12);
  if (!BEGINS.test(head)) return false;
  return !foreign([head, ...rest]) && [head, ...rest].some((line) => /;[\s}]*(#.*)?$/.test(line));
}

/** True where the text is another program's, whatever the file is called. When in doubt it is ours. */
export function looksForeign(begin: string): boolean {
  const lines = significant(begin).slice(0, 40);
  if (foreign(lines.slice(0, 5))) return true;
  // Neither a directive ends nor a block begins. One word alone may be the begin of something.
  return lines.some((line) => /\s/.test(line)) && !lines.some((line) => /[;{]/.test(line));
}

/** Whether a line where a directive would begin is none of nginx's; after a block of Lua nobody can tell. */
function foreign(lines: readonly string[]): boolean {
  let begins = true;
  for (const line of lines) {
    if (begins && FOREIGN.test(line)) return true;
    if (/_by_lua/.test(line)) return false;
    begins = /[;{}]\s*(#.*)?$/.test(line);
  }
  return false;
}
