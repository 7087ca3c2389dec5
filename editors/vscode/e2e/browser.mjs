// A window of VS Code: Chromium with a profile that is thrown away.
import { chromium } from 'playwright-core';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Env CHROMIUM, else the one on PATH, if there is one. */
export function findBrowser() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Runs `use(page)` and closes the window, whatever happens. On a failure `shots`/failure.png shows the window as it was. */
export async function withWindow(shots, use) {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-analyzer-chromium-'));
  const executablePath = findBrowser();
  if (!executablePath) throw new Error('no Chromium (set CHROMIUM to one)');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1280, height: 800 },
    // Pictures for screens of today.
    deviceScaleFactor: 2,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  try {
    await use(page);
  } catch (error) {
    const shot = path.join(shots, 'failure.png');
    await page.screenshot({ path: shot }).catch(() => undefined);
    console.log(`FAIL ${error.message}\n     ${shot}`);
    process.exitCode = 1;
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}
