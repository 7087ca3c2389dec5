// The window of VS Code as a person has it: what is typed, pressed and seen there.
import fs from 'node:fs';
import path from 'node:path';

export const ok = (what) => console.log(`ok   ${what}`);
export const say = (what) => console.log(`     ${what.replace(/\s+/g, ' ')}`);

/** A text in a page of the editor: a blank may be a no-break space there. */
const words = (text) => new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(' ', '\\s'));

export class Workbench {
  constructor(page, url, folder, shots) {
    Object.assign(this, { page, url, folder, shots });
    this.file = path.join(folder, 'nginx.conf');
    /** The configuration, where it is shown. */
    this.editor = page.locator('.monaco-editor[data-uri$="/nginx.conf"]').first();
    this.sideBar = page.locator('.part.sidebar');
    this.errors = [];
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
  }

  /** What the extension said on the console that is an error. */
  ours() {
    return this.errors.filter((text) => /nginx-?analyzer/i.test(text));
  }

  /** Opens the folder and its configuration. */
  async open() {
    const { page } = this;
    await page.goto(`${this.url}/?folder=${encodeURIComponent(this.folder)}`, { waitUntil: 'domcontentloaded' });
    await page.locator('.part.statusbar').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'nginx.conf' }).dblclick({ timeout: 30_000 });
    await this.editor.waitFor({ timeout: 30_000 });
    await this.toggleSideBar(false);
    await this.editor.locator('.view-lines').click();
  }

  /** Every tab is closed but that of the configuration, which is as it was. */
  async tidy() {
    const { page } = this;
    await page.keyboard.press('Escape');
    await this.run('View: Close All Editors');
    await page.locator('.tabs-container .tab').first().waitFor({ state: 'detached' });
    await this.toggleSideBar(false);
    await this.openFile('nginx.conf');
  }

  async openFile(name) {
    const { page } = this;
    await page.keyboard.press('Control+P');
    await this.box().fill(name);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator(`.monaco-editor[data-uri$="/${name}"]`).first().waitFor();
  }

  async toggleSideBar(wanted) {
    if ((await this.sideBar.isVisible()) === wanted) return;
    await this.page.keyboard.press('Control+B');
    await this.sideBar.waitFor({ state: wanted ? 'visible' : 'hidden' });
  }

  /** The box at the top: commands, questions, choices. */
  box() {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  choice(text) {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Runs a command by its title in the palette. */
  async run(title) {
    const { page } = this;
    for (let left = 3; ; left -= 1) {
      await page.keyboard.press('F1');
      // A page in a tab that takes the focus just then closes the palette.
      const there = await this.box().fill(`>${title}`, { timeout: 3000 }).then(() => true, () => false);
      if (there) break;
      if (left === 0) throw new Error('the palette does not stay open');
    }
    // The row that says exactly this: the palette shows what is alike too.
    await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click({ timeout: 30_000 });
  }

  /** The cursor at a line, the line in the middle. */
  async goTo(line, column = 1) {
    const { page } = this;
    await page.keyboard.press('Control+G');
    await this.box().fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** The line as the editor shows it. */
  line(text, editor = this.editor) {
    return editor.locator('.view-line', { hasText: words(text) });
  }

  /** A page that the extension made, by its scheme. */
  made(scheme) {
    return this.page.locator(`.monaco-editor[data-uri^="nginx-analyzer-${scheme}:"]`);
  }

  /** What is in the tab with a page of its own. */
  webview() {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('iframe#active-frame');
  }

  tab(text) {
    return this.page.locator('.tabs-container .tab', { hasText: text });
  }

  status() {
    return this.page.locator('.statusbar-item[id="nginx-analyzer.nginx-analyzer.nginxAnalyzer.status"]');
  }

  dialog() {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Waits until a file says something. */
  async saved(what, file = this.file) {
    for (let turn = 0; turn < 200; turn += 1) {
      const text = fs.readFileSync(file, 'utf8');
      if (what.test(text)) return text;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`never in ${file}: ${what}`);
  }

  /** Takes a picture, of the whole window or of a part. The mouse is out of the way, unless a hover hangs on it. */
  async shot(name, clip, { mouse = false } = {}) {
    const { page, shots } = this;
    if (!mouse) await page.mouse.move(page.viewportSize().width / 2, page.viewportSize().height - 4);
    // Nothing that fades in or out.
    await page.locator('.monaco-progress-container.active').first().waitFor({ state: 'hidden', timeout: 3000 }).catch(() => undefined);
    await page.screenshot({ path: path.join(shots, `${name}.png`), animations: 'disabled', caret: 'hide', ...(clip && { clip }) });
  }

  /** The part of the window with all these, and some room around. */
  async around(all, { above = 12, below = 12, left = 0, right = 24, width = 0, most = Infinity } = {}) {
    const boxes = [];
    for (const one of all) boxes.push(await one.boundingBox());
    const part = await this.page.locator('.part.editor').boundingBox();
    const [x, y] = [Math.min(part.x + part.width, ...boxes.map((box) => box.x)) - left, Math.max(part.y, Math.min(...boxes.map((box) => box.y)) - above)];
    const to = { x: Math.min(part.x + part.width, Math.max(x + width, ...boxes.map((box) => box.x + box.width)) + right), y: Math.min(part.y + part.height, Math.max(...boxes.map((box) => box.y + box.height)) + below) };
    const from = Math.max(part.x, x);
    return { x: from, y, width: Math.min(most, to.x - from), height: to.y - y };
  }

  async size(width, height) {
    await this.page.setViewportSize({ width, height });
  }
}
