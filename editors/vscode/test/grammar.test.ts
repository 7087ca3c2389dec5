import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';

/** The tokens of each line, with their scopes. */
async function lines(source: string, name = 'source.nginx', file = 'nginx'): Promise<Array<Array<[string, string]>>> {
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length)).catch(() => undefined);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (s) => new oniguruma.OnigScanner(s), createOnigString: (s) => new oniguruma.OnigString(s) }),
    loadGrammar: async (wanted) =>
      wanted === name ? textmate.parseRawGrammar(fs.readFileSync(path.join(__dirname, `../syntaxes/${file}.tmLanguage.json`), 'utf8'), 'x.json') : null,
  });
  const grammar = (await registry.loadGrammar(name))!;
  let stack = textmate.INITIAL;
  return source.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => [line.slice(startIndex, endIndex), scopes.join(' ')] as [string, string]);
  });
}
const scopes = async (source: string): Promise<Array<[string, string]>> => (await lines(source)).flat();

/** A line with each token in its innermost scopes: `⟨keyword.directive root⟩ /srv⟨punctuation.terminator.directive ;⟩`. */
function marked(tokens: Array<[string, string]>): string {
  const one = ([text, scopes]: [string, string]) => {
    const inner = scopes.split(' ').slice(1);
    if (inner.length === 0 || text.trim() === '') return text;
    const names = inner.filter((scope, at) => scope.startsWith('meta.embedded') || at === inner.length - 1).map((scope) => scope.replace(/\.nginx$/, ''));
    return `⟨${names.join(' ')} ${text}⟩`;
  };
  return tokens.map(one).join('').trimEnd();
}

/** Compares with what stands in the file; `UPDATE_SNAPSHOTS=1` writes it, to be looked at. */
async function snapshot(name: string, source: string): Promise<void> {
  const file = path.join(__dirname, 'snapshots', `${name}.txt`);
  const now = `${(await lines(source)).map(marked).join('\n').trimEnd()}\n`;
  if (process.env.UPDATE_SNAPSHOTS) fs.writeFileSync(file, now);
  assert.deepEqual(now.split('\n'), fs.readFileSync(file, 'utf8').split('\n'));
}
const scopeOf = (tokens: Array<[string, string]>, text: string) => tokens.find(([t]) => t.trim() === text)?.[1] ?? `no token ${text}`;

test('directives, locations, variables and comments have their scopes', async () => {
  const tokens = await scopes('server { # web\n  location ~* \\.php$ {\n    proxy_pass http://b$uri;\n  }\n  root /a#b;\n}');
  assert.match(scopeOf(tokens, 'server'), /keyword\.directive/);
  assert.match(scopeOf(tokens, 'web'), /comment\.line/);
  assert.match(scopeOf(tokens, '~*'), /keyword\.operator\.location/);
  assert.match(scopeOf(tokens, '\\.'), /string\.regexp.*escape/);
  assert.match(scopeOf(tokens, '$uri'), /variable\.other/);
  assert.ok(!tokens.some(([t, s]) => t.includes('b') && s.includes('comment') && t.startsWith('#b')), 'a # inside a word starts no comment');
});

test('braces in Lua code and its strings do not end the block early', async () => {
  const tokens = await scopes('content_by_lua_block {\n  local t = { "}" } -- }\n}\nreturn 204;');
  assert.match(scopeOf(tokens, 'content_by_lua_block'), /keyword\.directive\.lua/);
  assert.match(scopeOf(tokens, 'return'), /keyword\.directive\.nginx/);
  assert.doesNotMatch(scopeOf(tokens, 'return'), /lua/);
});

test('a directive may begin with a quoted word, and a quote inside a word begins no string', async () => {
  const tokens = await scopes("map $http_upgrade $connection {\n  '' close;\n  \"a;b\" keep;\n  ~^it's apart;\n}\nserver_tokens off;");
  assert.match(scopeOf(tokens, 'a;b'), /string\.quoted\.double/);
  assert.match(scopeOf(tokens, "it's"), /string\.regexp/);
  assert.match(scopeOf(tokens, 'server_tokens'), /keyword\.directive/);
  assert.match(scopeOf(tokens, 'off'), /constant\.language/);
});

test('in a long configuration every directive is one to its end', async () => {
  const file = path.join(__dirname, '../../../examples/oauth2-gateway/nginx.conf');
  const tokens = await scopes(fs.readFileSync(file, 'utf8'));
  const named = (word: string) => tokens.filter(([text]) => text.trim() === word).map(([, scope]) => scope);
  for (const word of ['location', 'proxy_pass', 'access_by_lua_file', 'server_name', 'proxy_set_header'])
    assert.deepEqual([...new Set(named(word).filter((scope) => !/comment/.test(scope)).map((scope) => /keyword\.directive|string|lua/.exec(scope)?.[0]))], ['keyword.directive'], word);
  assert.ok(named('location').length > 40, `${named('location').length} locations`);
});

test('the example has the colours that it had', async () => snapshot('example', fs.readFileSync(path.join(__dirname, '../../../examples/oauth2-gateway/nginx.conf'), 'utf8')));
test('so has all that is rare', async () => snapshot('dense', fs.readFileSync(path.join(__dirname, 'fixtures/dense.conf'), 'utf8')));

test('after blocks of every kind the language is nginx again', async () => {
  const dense = fs.readFileSync(path.join(__dirname, 'fixtures/dense.conf'), 'utf8');
  const tokens = await scopes(`${dense}\nlast_one on;`);
  assert.equal(scopeOf(tokens, 'last_one'), 'source.nginx keyword.directive.nginx');
});

test('on the page with a trace the directives are coloured as in a file, and the reasons stand back', async () => {
  const page = '1  GET /v1/models, Host a\n  nginx.conf:221  location /v1/ — longest prefix; `~ /x` does not match\n  nginx.conf:222  proxy_pass http://b → GET /v1/models — server 127.0.0.1:8080';
  const tokens = (await lines(page, 'text.nginx-trace', 'nginx-trace')).flat();
  assert.match(scopeOf(tokens, '1'), /constant\.numeric/);
  assert.match(scopeOf(tokens, 'GET'), /keyword\.other\.method/);
  assert.match(scopeOf(tokens, 'location'), /keyword\.directive/);
  assert.match(scopeOf(tokens, 'proxy_pass'), /keyword\.directive/);
  assert.match(scopeOf(tokens, '→'), /keyword\.operator/);
  assert.match(scopeOf(tokens, '— longest prefix; `~ /x` does not match'), /comment\.line/);
});

test('a plan has places, blocks, rules and reasons', async () => {
  const page = '2 blocks to comment out, and to keep until 2026-12-13:\n  nginx.conf:379  location = /api/token  (unused-location, likely)\n      nobody seems to use it\n';
  const tokens = (await lines(page, 'text.nginx-plan', 'nginx-plan')).flat();
  assert.match(scopeOf(tokens, '2 blocks to comment out, and to keep until 2026-12-13:'), /markup\.heading/);
  assert.match(scopeOf(tokens, 'nginx.conf:379'), /string\.other\.link/);
  assert.match(scopeOf(tokens, 'location = /api/token'), /keyword\.directive/);
  assert.match(scopeOf(tokens, '(unused-location, likely)'), /constant\.other\.rule/);
  assert.match(scopeOf(tokens, 'nobody seems to use it'), /comment\.line/);
});
