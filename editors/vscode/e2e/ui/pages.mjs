// Pages that the extension makes: the effective configuration, and the report.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ok } from './workbench.mjs';

export default async function pages(it) {
  const { page, file, folder } = it;
  // A part of its own, so that there is something to put in.
  const before = fs.readFileSync(file, 'utf8');
  fs.mkdirSync(path.join(folder, 'conf.d'));
  fs.writeFileSync(path.join(folder, 'conf.d/status.conf'), 'location = /nginx_status {\n    stub_status;\n    allow 10.0.0.0/8;\n    deny all;\n}\n');
  fs.writeFileSync(file, before.replace('        # Admin pages of LiteLLM\n', '        include conf.d/*.conf;\n\n        # Admin pages of LiteLLM\n'));
  await it.line('include conf.d/*.conf;').first().waitFor({ state: 'attached', timeout: 20_000 }).catch(() => undefined);
  await it.goTo(547, 9);
  await it.run('nginx: Show Effective Configuration');
  const effective = it.made('effective');
  const status = it.line('location = /nginx_status {', effective);
  await status.waitFor({ timeout: 20_000 });
  ok('the effective configuration has the included file in its place');
  await it.size(1050, 620);
  await it.shot('vscode-effective', await page.locator('.part.editor').boundingBox());
  await it.size(1280, 800);
  await it.line('stub_status', effective).locator('span', { hasText: 'stub_status' }).last().click();
  await page.keyboard.press('F12');
  await page.locator('.monaco-editor[data-uri$="/status.conf"]').waitFor({ timeout: 30_000 });
  await page.locator('.statusbar-item', { hasText: 'Ln 2' }).waitFor({ timeout: 30_000 });
  ok('a line of it leads to its line in its file');
  fs.writeFileSync(file, before);
  fs.rmSync(path.join(folder, 'conf.d'), { recursive: true });
  await it.tidy();

  await it.run('nginx: Write Report');
  await it.choice('HTML').click();
  const report = it.webview();
  await report.locator('h1').first().waitFor({ timeout: 30_000 });
  assert.match(await report.locator('h1').first().innerText(), /Who uses what/);
  await page.locator('.notifications-toasts', { hasText: 'the report is written' }).getByText('Save As').waitFor({ timeout: 30_000 });
  await it.shot('report-written');
  await it.run('Notifications: Clear All Notifications');
  await it.size(1280, 1000);
  await it.shot('vscode-report', await page.locator('.part.editor').boundingBox());
  await it.size(1280, 800);
  ok('the report is a page of the editor');
  await it.tidy();
  await it.run('nginx: Write Report');
  await it.choice('Markdown').click();
  const preview = it.webview();
  await preview.locator('h1').first().waitFor({ timeout: 30_000 });
  await it.shot('report-markdown');
  ok('and one of Markdown in the preview');
  await it.run('Notifications: Clear All Notifications');
}
