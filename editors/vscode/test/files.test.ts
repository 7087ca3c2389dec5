// Which files become configurations: by the patterns of package.json, with VS Code's own code for them, and by what a file begins with.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as esbuild from 'esbuild';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { looksForeign, looksLikeNginx, mayBeNginx } from '../src/detect';

interface Association {
  id: string;
  mime: string;
  filename?: string;
  extension?: string;
  filepattern?: string;
  firstline?: RegExp;
}
interface Associations {
  registerPlatformLanguageAssociation(association: Association): void;
  getLanguageIds(uri: unknown, firstLine?: string): string[];
  URI: { file(path: string): unknown };
}

/** VS Code's own matching, of the editor that is published as a package; with the languages that come with VS Code and meet ours. */
function matching(): (file: string, firstLine?: string) => string {
  const source = "export { registerPlatformLanguageAssociation, getLanguageIds } from 'monaco-editor-core/esm/vs/editor/common/services/languagesAssociations.js'; export { URI } from 'monaco-editor-core/esm/vs/base/common/uri.js';";
  const { outputFiles } = esbuild.buildSync({ stdin: { contents: source, resolveDir: __dirname }, bundle: true, format: 'cjs', platform: 'node', write: false, logLevel: 'error' });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(module, module.exports, require);
  const vscode = module.exports as Associations;
  const register = (id: string, more: Partial<Association>) => vscode.registerPlatformLanguageAssociation({ id, mime: id, ...more });
  for (const extension of ['.conf', '.properties', '.cfg']) register('properties', { extension });
  register('ini', { extension: '.ini' });
  register('html', { extension: '.html' });
  register('lua', { extension: '.lua' });
  register('dockerfile', { filename: 'Dockerfile' });
  const [language] = JSON.parse(fs.readFileSync(path.join(__dirname, '../package.json'), 'utf8')).contributes.languages;
  for (const extension of language.extensions) register('nginx', { extension });
  for (const filename of language.filenames) register('nginx', { filename });
  for (const filepattern of language.filenamePatterns) register('nginx', { filepattern });
  register('nginx', { firstline: new RegExp(language.firstLine) });
  return (file, firstLine) => vscode.getLanguageIds(vscode.URI.file(file), firstLine)[0] ?? 'unknown';
}

const OURS = [
  '/etc/nginx/nginx.conf',
  '/etc/nginx/conf.d/default.conf',
  '/etc/nginx/sites-available/default',
  '/etc/nginx/sites-available/example.com',
  '/etc/nginx/sites-enabled/shop.example.com.conf',
  '/etc/nginx/snippets/ssl-params.conf',
  '/etc/nginx/default.d/php.conf',
  '/etc/nginx/modules-enabled/50-mod-http-lua.conf',
  '/etc/nginx/fastcgi_params',
  '/etc/nginx/proxy_params',
  '/etc/nginx/mime.types',
  '/etc/nginx/nginx.conf.default',
  '/etc/nginx/templates/default.conf.template',
  '/usr/local/etc/nginx/servers/shop',
  '/opt/homebrew/etc/nginx/servers/app.conf',
  '/usr/local/openresty/nginx/conf/nginx.conf',
  '/usr/local/openresty/nginx/conf/sites/api.conf',
  '/home/u/gateway/openresty/conf.d/api.conf',
  '/home/u/app/docker/nginx/default.conf',
  '/home/u/app/docker/nginx/templates/app.conf.template',
  '/home/u/app/nginx/locations/api.conf',
  '/home/u/app/nginx.conf',
  '/home/u/app/nginx.prod.conf',
  '/home/u/app/nginx-dev.conf',
  '/home/u/app/deploy/shop.nginx.conf',
  '/home/u/app/deploy/shop-nginx.conf',
  '/home/u/app/nginx.conf.template',
  '/home/u/app/shop.nginx',
  '/home/u/app/shop.nginxconf',
  '/home/u/App/NGINX/Conf.d/Default.conf',
  '/c:/nginx/conf/nginx.conf',
];
const NOT_OURS = [
  '/etc/apache2/sites-available/000-default.conf',
  '/etc/apache2/sites-available/example.com',
  '/etc/apache2/sites-enabled/shop',
  '/etc/httpd/conf.d/ssl.conf',
  '/etc/freeradius/3.0/sites-available/default',
  '/etc/supervisor/conf.d/web.conf',
  '/etc/supervisord.conf',
  '/etc/php/8.3/fpm/pool.d/www.conf',
  '/etc/logstash/conf.d/10-input.conf',
  '/etc/fail2ban/jail.conf',
  '/etc/rsyslog.d/50-default.conf',
  '/etc/mysql/conf.d/mysql.cnf',
  '/etc/redis/redis.conf',
  '/etc/resolv.conf',
  '/etc/apt/apt.conf.d/20auto-upgrades',
  '/etc/sysctl.d/99-sysctl.conf',
  '/home/u/app/src/main/resources/application.conf',
  '/home/u/app/conf.d/default.conf',
  '/home/u/app/templates/index.html.template',
  '/home/u/app/nginx/Dockerfile',
  '/home/u/app/nginx/html/index.html',
  '/home/u/app/nginx/lua/auth.lua',
  '/home/u/app/nginx/README.md',
  '/home/u/app/nginx/supervisord.ini',
  '/etc/default/nginx',
  '/etc/logrotate.d/nginx',
  '/etc/init.d/nginx',
  '/lib/systemd/system/nginx.service',
  '/home/u/nginxish/app.conf',
];

test('the names that people use are ours, and those of other programs are not', () => {
  const language = matching();
  assert.deepEqual(OURS.filter((file) => language(file) !== 'nginx'), []);
  assert.deepEqual(NOT_OURS.filter((file) => language(file) === 'nginx'), []);
});

test('a file that no name tells may say it in its first line', () => {
  const language = matching();
  for (const line of ['# vim: set ft=nginx:', '# -*- mode: nginx -*-', 'server {', 'upstream backend {']) assert.equal(language('/home/u/sites-available/shop', line), 'nginx', line);
  for (const line of ['<VirtualHost *:80>', 'server default {', 'server: 1', '[program:web]', '# nginx', '#!/bin/sh']) assert.equal(language('/home/u/sites-available/shop', line), 'unknown', line);
  assert.equal(language('/home/u/a.ini', 'server {'), 'ini');
});

const NGINX = {
  'a server': '# shop\nserver {\n    listen 80;\n    server_name a;\n}\n',
  'an upstream': 'upstream app {\n  server 10.0.0.1:80;\n}\n',
  'a map with regexes': 'map $http_upgrade $connection_upgrade {\n    default upgrade;\n    ~^a=b x;\n}\n',
  'simple ones before a server': "gzip on;\nserver_tokens off;\nlog_format main '$remote_addr'\n  '$request';\n",
  'a snippet': 'proxy_set_header Host $host;\nproxy_set_header X-A $a;\n',
  'TLS': 'ssl_protocols TLSv1.2 TLSv1.3;\nssl_ciphers HIGH;\n',
  'Lua': 'location = /x {\n  content_by_lua_block {\n    local a = 1\n    ngx.say("<p>" .. a)\n  }\n  return 204;\n}\n',
  'a directive of several lines': 'proxy_cache_path /var/cache\n  levels=1:2\n  keys_zone=a:10m;\n',
  'one line': 'server { listen 80; location / { return 204; } }\n',
};
const FOREIGN = {
  supervisor: '[program:nginx]\ncommand=/usr/sbin/nginx -g "daemon off;"\n',
  apache: '<VirtualHost *:80>\n  ServerName a\n  DocumentRoot /srv\n</VirtualHost>\n',
  freeradius: 'server default {\nlisten {\n\ttype = auth\n\tipaddr = *\n}\n}\n',
  fail2ban: '[Definition]\nfailregex = ^<HOST>\n',
  logstash: 'input {\n  beats {\n    port => 5044\n  }\n}\n',
  hocon: 'http {\n  port = 8080\n}\n',
  akka: 'server {\n  port = 8080\n  host = "localhost"\n}\n',
  bind: 'options {\n  directory "/var/cache/bind";\n};\n',
  telegraf: '[[inputs.nginx]]\n  urls = ["http://localhost/status"]\n',
  modsecurity: 'SecRuleEngine On\nSecRequestBodyAccess On\n',
  rsyslog: '$ModLoad imfile\n$InputFileName /var/log/nginx/a.log\n',
  upstart: 'description "nginx"\nstart on filesystem\nexec /usr/sbin/nginx\n',
  tmpfiles: 'd /run/nginx 0755 www-data www-data\n',
  redis: 'bind 127.0.0.1\nport 6379\n',
  phpfpm: '; the pool\n[www]\nuser = www-data\n',
  monit: 'check process nginx with pidfile /run/nginx.pid\n  start program = "/bin/systemctl start nginx"\n',
  keepalived: 'vrrp_instance VI_1 {\n  state MASTER\n  interface eth0\n}\n',
  dhcpd: 'subnet 10.0.0.0 netmask 255.0.0.0 {\n  range 10.0.0.10 10.0.0.20;\n}\n',
  sysctl: 'net.core.somaxconn = 1024\n',
};

test('what a file begins with tells nginx from other programs', () => {
  for (const [name, text] of Object.entries(NGINX)) assert.equal(looksLikeNginx(text), true, name);
  for (const [name, text] of Object.entries(FOREIGN)) assert.equal(looksLikeNginx(text), false, name);
});

test('a file with a name of ours and the text of another program is given back', () => {
  for (const [name, text] of Object.entries(NGINX)) assert.equal(looksForeign(text), false, name);
  for (const name of ['supervisor', 'apache', 'freeradius', 'fail2ban', 'logstash', 'akka', 'hocon', 'telegraf', 'modsecurity', 'rsyslog', 'upstart', 'tmpfiles', 'redis', 'phpfpm', 'monit', 'sysctl'] as const)
    assert.equal(looksForeign(FOREIGN[name]), true, name);
  for (const begun of ['', '# nothing yet\n', 'server\n', 'text/html html;\n', 'types {\n}\n']) assert.equal(looksForeign(begun), false, begun);
});

test('no configuration of the example or of the grammar is given back', () => {
  const root = path.join(__dirname, '../../..');
  const files = ['examples/oauth2-gateway/nginx.conf'];
  for (const file of files) assert.equal(looksForeign(fs.readFileSync(path.join(root, file), 'utf8')), false, file);
});

test('only files that no other extension has are looked into', () => {
  assert.equal(mayBeNginx('/w/conf.d/default.conf', 'properties'), true);
  assert.equal(mayBeNginx('/w/conf.d/default', 'plaintext'), true);
  assert.equal(mayBeNginx('/w/sites-available/a.com', 'plaintext'), true);
  assert.equal(mayBeNginx('/w/a.conf', 'hocon'), false);
  assert.equal(mayBeNginx('/w/notes.txt', 'plaintext'), false);
});
