// npm run test:graph [-- SHOTS]: the page with the graph in a plain Chromium, in the themes of the editor, with mouse and keyboard. Screenshots go to SHOTS.
// Ends with 77 where there is no browser.
// Env: CHROMIUM  the browser, by default the one on PATH
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import html from '../src/graph/html.ts';
import maps from '../test/graph-map.ts';
import { findBrowser } from './browser.mjs';
import { THEMES } from './themes.mjs';

const here = import.meta.dirname;
const ORIGIN = 'http://graph.test';
const dist = path.join(here, '../dist');
const founding = JSON.parse(fs.readFileSync(path.join(here, '../test/oauth2-gateway.map.json'), 'utf8'));

const executablePath = findBrowser();
if (!executablePath) {
  console.log('skipped: no Chromium (set CHROMIUM to one)');
  process.exit(77);
}

const temporary = process.argv[2] ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), 'nginx-analyzer-graph-'));
const shots = process.argv[2] ?? temporary;
fs.mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'] });

/** The page as the editor would show it: with a theme's colours, and something that stands in for the editor. */
async function show({ theme = 'dark', width = 1280, height = 800, language = 'en', motion = 'reduce', state, touch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: motion, hasTouch: touch });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html.pageHtml({ script: `${ORIGIN}/graph.js`, style: `${ORIGIN}/graph.css`, source: ORIGIN, language }) });
    if (pathname === '/graph.js' || pathname === '/graph.css') return route.fulfill({ path: path.join(dist, pathname) });
    return route.fulfill({ status: 404 });
  });
  await page.addInitScript((kept) => {
    window.said = [];
    window.kept = kept;
    window.acquireVsCodeApi = () => ({ postMessage: (message) => window.said.push(message), getState: () => window.kept, setState: (next) => (window.kept = next) });
  }, state);
  await page.goto(`${ORIGIN}/`);
  await page.evaluate(({ variables, className }) => {
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body.className = className;
  }, THEMES[theme]);
  await page.locator('.toolbar').waitFor();
  const it = {
    page,
    errors,
    send: (message) => page.evaluate((data) => window.postMessage(data, '*'), message),
    map: async (map) => {
      await it.send({ type: 'map', map, uri: 'file:///gateway/nginx.conf' });
      await page.locator('.stage').waitFor();
      await it.settled();
    },
    /** All frames that were asked for are drawn. */
    settled: () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))),
    shot: async (name) => {
      await it.settled();
      await page.screenshot({ path: path.join(shots, `${name}.png`) });
    },
    said: () => page.evaluate(() => window.said),
    kept: () => page.evaluate(() => window.kept),
    card: (label) => page.locator('.card', { has: page.getByText(label, { exact: true }) }).first(),
    focused: () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName),
    close: () => context.close(),
  };
  return it;
}

const failures = [];
async function check(name, options, run) {
  const it = await show(options);
  try {
    await run(it);
    assert.deepEqual(it.errors, []);
    console.log(`ok   ${name}`);
  } catch (error) {
    failures.push(name);
    await it.shot(`failure-${failures.length}`).catch(() => undefined);
    console.log(`FAIL ${name}: ${error.stack}`);
  } finally {
    await it.close();
  }
}
const large = maps.makeMap(300);
const labels = (it) => it.page.locator('.card.location .label').allTextContents();
const scale = (it) => it.page.evaluate(() => Number(getComputedStyle(document.querySelector('.stage')).getPropertyValue('--scale')));
/** Where a card is in the window. */
const box = async (it, label) => (await it.card(label).boundingBox()) ?? assert.fail(`${label} is not there`);
const overlap = (a, b) => a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;

for (const theme of Object.keys(THEMES)) {
  await check(`pictures: ${theme}`, { theme }, async (it) => {
    await it.map(founding);
    await it.shot(`example-${theme}`);
    await it.card('openresty_internal').click();
    await it.shot(`example-${theme}-selected`);
    await it.page.keyboard.press('Escape');
    await it.map(large);
    await it.page.locator('.zoom button').nth(2).click();
    await it.shot(`large-${theme}-all`);
    await it.page.keyboard.press('1');
    await it.page.keyboard.press('Control+f');
    await it.page.keyboard.type('billing');
    await it.page.keyboard.press('Enter');
    await it.shot(`large-${theme}-search`);
  });
}

await check('three hundred locations can be read at once: nothing lies on anything, all labels are large enough', {}, async (it) => {
  await it.map(large);
  const cards = await Promise.all((await it.page.locator('.card').all()).map(async (card) => ({ box: await card.boundingBox(), text: await card.innerText() })));
  assert.ok(cards.length > 30 && cards.length < 150, `${cards.length} cards are in the document`);
  for (const [at, one] of cards.entries()) for (const other of cards.slice(at + 1)) assert.ok(!overlap(one.box, other.box), `${one.text} and ${other.text}`);
  const heights = await it.page.locator('.card .label').evaluateAll((all) => all.map((label) => label.getBoundingClientRect().height));
  assert.ok(heights.every((height) => height >= 12), String(Math.min(...heights)));
});

await check('two thousand: the servers first, each with how its locations divide; only what is seen is in the document', {}, async (it) => {
  await it.map(maps.makeMap(2000));
  assert.equal(await it.page.locator('.card:not(.server)').count(), 0);
  await it.shot('huge');
  await it.page.getByRole('button', { name: 'Unfold all' }).click();
  await it.settled();
  assert.ok((await it.page.locator('.card').count()) < 300);
  assert.equal(await it.page.locator('.summary').innerText().then((text) => /\d+ locations/.test(text)), true);
  await it.shot('huge-unfolded');
});

await check('arrows go along the wires, Enter opens, Escape clears', {}, async (it) => {
  const { page } = it;
  await it.map(founding);
  await page.locator('.toolbar button').last().focus();
  await page.keyboard.press('Tab');
  assert.match(await it.focused(), /^server gateway\.example\.com:80, 851 requests, 16 locations/);
  await page.keyboard.press('ArrowRight');
  assert.match(await it.focused(), /^location = \/health, in use, return 200/);
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowDown');
  assert.match(await it.focused(), /^location ~ \^\/api\/admin\/\(tokens\|sessions\), in use, 175 requests/);
  await page.keyboard.press('ArrowRight');
  assert.match(await it.focused(), /^upstream openresty_internal, this same nginx/);
  await page.keyboard.press('ArrowLeft');
  assert.match(await it.focused(), /tokens\|sessions/);
  assert.equal(await page.locator('.details h2').innerText(), '~ ^/api/admin/(tokens|sessions)');
  await it.shot('keyboard');
  await page.keyboard.press('Enter');
  assert.deepEqual((await it.said()).at(-1), { type: 'open', id: 'nginx.conf > server gateway.example.com:80 > location ~ ^/api/admin/(tokens|sessions)' });
  await page.keyboard.press('End');
  assert.match(await it.focused(), /^location \/, to check/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match(await it.focused(), /^73 routes/);
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('.card.current').getAttribute('aria-expanded'), 'true');
  await page.keyboard.press('ArrowDown');
  assert.match(await it.focused(), /^route any/);
  await it.settled();
  assert.ok(!overlap(await page.locator('.card.current').boundingBox(), await page.locator('.minimap').boundingBox()));
  await it.shot('routes');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.details').isVisible(), false);
  const rings = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(rings, 'solid');
});

await check('what a screen reader is told: a tree with levels, places and what is unfolded', {}, async (it) => {
  await it.map(large);
  const tree = it.page.getByRole('tree');
  assert.equal(await tree.count(), 1);
  const items = await tree.getByRole('treeitem').evaluateAll((all) => all.map((item) => ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-selected', 'aria-label'].map((name) => item.getAttribute(name))));
  for (const item of items) assert.ok(item.every((value) => value), String(item));
  assert.equal(await it.page.locator('.card[tabindex="0"]').count(), 1);
  assert.ok((await it.page.locator('.card.alike').first().getAttribute('aria-expanded')) === 'false');
  for (const button of await it.page.locator('button:visible').all()) assert.ok((await button.getAttribute('aria-label')) || (await button.innerText()).trim(), await button.evaluate((node) => node.outerHTML));
});

await check('the search filters while one types, Enter goes on, Escape takes it back', {}, async (it) => {
  const { page } = it;
  await it.map(founding);
  await page.locator('.stage').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('/');
  await page.keyboard.type('token');
  await it.settled();
  const count = page.locator('.count');
  const total = Number(/^(\d+) found$/.exec(await count.innerText())?.[1]);
  assert.ok(total > 5 && (await labels(it)).length === total);
  await page.keyboard.press('Enter');
  assert.equal(await count.innerText(), `1 of ${total}`);
  await page.keyboard.press('Enter');
  assert.equal(await count.innerText(), `2 of ${total}`);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Shift+Enter');
  assert.equal(await count.innerText(), `${total} of ${total}`);
  assert.equal(await it.focused(), 'Search locations, upstreams, routes');
  await it.shot('search');
  await page.keyboard.press('Escape');
  await it.settled();
  assert.equal(await count.innerText(), '');
  await page.keyboard.press('Escape');
  assert.match(await it.focused(), /^location/);
  await page.keyboard.press('/');
  await page.keyboard.type('nothing like it');
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  assert.ok((await labels(it)).length > 20);
});

await check('filters by verdict, each with its number', {}, async (it) => {
  const { page } = it;
  await it.map(founding);
  const dead = page.locator('.chip', { hasText: 'dead' });
  assert.equal(await dead.innerText().then((text) => text.replace(/\s+/g, ' ')), 'dead 1');
  await dead.click();
  assert.deepEqual(await labels(it), ['/admin/']);
  assert.equal(await dead.getAttribute('aria-pressed'), 'true');
  await page.locator('.chip', { hasText: 'to check' }).click();
  assert.equal((await labels(it)).length, 4);
  assert.match(await page.locator('.summary').innerText(), /4 of 44 locations/);
  await it.shot('filter');
  await dead.click();
  await page.locator('.chip', { hasText: 'to check' }).click();
  assert.match(await page.locator('.summary').innerText(), /44 locations/);
});

await check('drag and wheel move, Ctrl+wheel zooms at the pointer, keys and buttons zoom', {}, async (it) => {
  const { page } = it;
  await it.map(large);
  const before = await box(it, '= /auth');
  await page.mouse.move(700, 400);
  await page.mouse.down();
  await page.mouse.move(660, 330, { steps: 4 });
  await page.mouse.up();
  await it.settled();
  const dragged = await box(it, '= /auth');
  assert.deepEqual([Math.round(dragged.x - before.x), Math.round(dragged.y - before.y)], [-40, -70]);
  await page.mouse.wheel(0, -70);
  await it.settled();
  assert.equal(Math.round((await box(it, '= /auth')).y - before.y), 0);
  // A drag that begins on a card selects nothing.
  assert.equal(await page.locator('.details').isVisible(), false);
  const at = await box(it, '= /auth');
  const point = { x: at.x + 20, y: at.y + 10 };
  const old = await scale(it);
  await page.mouse.move(point.x, point.y);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -60);
  await page.keyboard.up('Control');
  await it.settled();
  const grown = (await scale(it)) / old;
  const zoomed = await box(it, '= /auth');
  assert.ok(grown > 1.2);
  assert.ok(Math.abs(zoomed.x + 20 * grown - point.x) < 1 && Math.abs(zoomed.y + 10 * grown - point.y) < 1);
  await page.keyboard.press('0');
  await it.settled();
  const whole = await scale(it);
  assert.ok(whole < 0.2);
  assert.equal(await page.locator('.minimap').isVisible(), false);
  await page.keyboard.press('+');
  await it.settled();
  assert.ok((await scale(it)) > whole);
  await page.keyboard.press('1');
  await it.settled();
  assert.equal(await scale(it), 1);
  assert.equal(await page.locator('.minimap').isVisible(), true);
  await page.getByRole('button', { name: 'Zoom out (-)' }).click();
  await it.settled();
  assert.ok((await scale(it)) < 1);
});

await check('the small map goes where it is pressed', {}, async (it) => {
  await it.map(large);
  const first = await it.page.locator('.card.location .label').nth(1).innerText();
  const map = await it.page.locator('.minimap').boundingBox();
  await it.page.mouse.click(map.x + map.width / 2, map.y + map.height - 12);
  await it.settled();
  assert.equal((await labels(it)).includes(first), false);
  await it.shot('minimap');
});

await check('two fingers zoom', { touch: true }, async (it) => {
  await it.map(large);
  const old = await scale(it);
  const client = await it.page.context().newCDPSession(it.page);
  const touch = (type, ...points) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await touch('touchStart', [500, 400]);
  await touch('touchStart', [500, 400], [600, 400]);
  await touch('touchMove', [450, 400], [650, 400]);
  await touch('touchMove', [400, 400], [700, 400]);
  await touch('touchEnd');
  await it.settled();
  assert.ok((await scale(it)) > old * 1.5);
});

await check('cards fold and unfold by mouse and by Space, and stay where they are', {}, async (it) => {
  const { page } = it;
  await it.map(large);
  const alike = page.locator('.card.alike').first();
  const before = await alike.boundingBox();
  const column = async () => Number(await alike.getAttribute('aria-setsize'));
  const many = await column();
  await alike.locator('[data-fold]').click();
  await it.settled();
  assert.equal(await alike.getAttribute('aria-expanded'), 'true');
  assert.ok((await column()) >= many + 3);
  assert.ok(Math.abs((await alike.boundingBox()).y - before.y) < 1);
  await it.shot('unfolded');
  await page.keyboard.press('Space');
  await it.settled();
  assert.equal(await alike.getAttribute('aria-expanded'), 'false');
  await page.getByRole('button', { name: 'Fold all', exact: true }).click();
  await it.settled();
  assert.equal(await page.locator('.card:not(.server)').count(), 0);
  await page.getByRole('button', { name: 'Group alike' }).click();
  await page.getByRole('button', { name: 'Unfold all' }).click();
  await it.settled();
  assert.equal(await page.locator('.card.alike').count(), 0);
});

await check('the details lead on, and ask', {}, async (it) => {
  const { page } = it;
  await it.map(founding);
  await it.card('= /key/generate').click();
  const details = page.locator('.details');
  assert.match(await details.innerText(), /in use[\s\S]*21 requests[\s\S]*called by a test/);
  await details.getByRole('button', { name: 'Evidence' }).click();
  await details.getByRole('button', { name: 'Trace' }).click();
  const id = 'nginx.conf > server gateway.example.com:80 > location = /key/generate';
  assert.deepEqual((await it.said()).slice(-2), [{ type: 'evidence', id }, { type: 'trace', id }]);
  await it.shot('details');
  await details.getByRole('button', { name: '= /oauth2/auth auth_request' }).click();
  assert.match(await it.focused(), /^location = \/oauth2\/auth/);
  assert.match(await details.innerText(), /COMES FROM\s+7/i);
  await details.getByRole('button', { name: 'Close' }).click();
  assert.equal(await details.isVisible(), false);
});

await check('a refresh keeps the view, also when something above is gone', {}, async (it) => {
  await it.map(founding);
  await it.page.mouse.move(600, 400);
  await it.page.mouse.wheel(0, 600);
  await it.card('/debug-headers').click();
  await it.settled();
  const before = await box(it, '/debug-headers');
  const edited = structuredClone(founding);
  edited.nodes[0].children.splice(0, 4);
  edited.nodes[0].children[0].hits = 99_000;
  await it.map(edited);
  const after = await box(it, '/debug-headers');
  assert.ok(Math.abs(after.y - before.y) < 1 && Math.abs(after.x - before.x) < 1);
  assert.equal(await it.page.locator('.card.current .label').innerText(), '/debug-headers');
});

await check('what is revealed is unfolded, found under filters, and selected', {}, async (it) => {
  await it.map(maps.makeMap(2000));
  const wanted = maps.makeMap(2000).nodes[40].children[5];
  await it.page.locator('.chip', { hasText: 'dead' }).click();
  await it.send({ type: 'reveal', id: wanted.id });
  await it.settled();
  assert.equal(await it.page.locator('.card.current .label').innerText(), wanted.label);
  const { y, height } = await it.page.locator('.card.current').boundingBox();
  assert.ok(y > 70 && y + height < 800);
});

let kept;
await check('what was chosen is kept', {}, async (it) => {
  await it.map(founding);
  await it.page.locator('.chip', { hasText: 'in use' }).click();
  await it.card('/v1/').click();
  await it.page.keyboard.press('-');
  await it.settled();
  kept = await it.kept();
  assert.equal(kept.uri, 'file:///gateway/nginx.conf');
});
await check('and comes back', { state: kept }, async (it) => {
  await it.map(founding);
  assert.deepEqual(await it.kept(), kept);
  assert.equal(await it.page.locator('.card.current .label').innerText(), '/v1/');
  assert.equal(await it.page.locator('.chip', { hasText: 'in use' }).getAttribute('aria-pressed'), 'true');
  assert.equal(await scale(it), kept.camera.scale);
});

await check('nothing to show, and a failure, are said', {}, async (it) => {
  await it.shot('busy');
  assert.match(await it.page.locator('.cover').innerText(), /Reading the configuration/);
  await it.send({ type: 'failed', message: 'conf/nginx.conf: <b>no</b> such file' });
  assert.match(await it.page.locator('.cover').innerText(), /could not be made\.\s+conf\/nginx\.conf: <b>no<\/b> such file/);
  await it.shot('failed');
  await it.page.getByRole('button', { name: 'Try again' }).click();
  assert.deepEqual(await it.said(), [{ type: 'ready' }, { type: 'retry' }]);
  await it.map({ version: 1, configuration: 'empty.conf', nodes: [], links: [], note: null });
  assert.match(await it.page.locator('.cover').innerText(), /no server/);
  await it.shot('empty');
  await it.map({ ...founding, note: 'no logs were read: nobody can tell which locations are asked for' });
  assert.equal(await it.page.locator('.cover').isVisible(), false);
  assert.match(await it.page.locator('.summary').innerText(), /no logs were read/);
});

await check('what is in a configuration stays text', {}, async (it) => {
  const hostile = structuredClone(founding);
  const bad = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>\u202e${7*7}';
  const spoil = (node) => {
    node.label = bad + node.label;
    node.detail = bad;
    node.why = [bad];
    node.children.forEach(spoil);
  };
  hostile.nodes.forEach(spoil);
  hostile.links.forEach((link) => (link.label = bad));
  hostile.note = hostile.configuration = bad;
  await it.map(hostile);
  await it.page.locator('.card.location').nth(6).click();
  await it.page.keyboard.press('/');
  await it.page.keyboard.type('img');
  await it.shot('hostile');
  assert.equal(await it.page.locator('img').count(), 0);
  assert.equal(await it.page.locator('script').count(), 1);
  assert.equal(await it.page.evaluate(() => window.hit), undefined);
});

await check('nothing moves by itself for who does not want it, and it does for others', { motion: 'no-preference' }, async (it) => {
  await it.map(large);
  const frames = () =>
    it.page.evaluate(async () => {
      const world = document.querySelector('.world');
      const seen = new Set();
      document.dispatchEvent(new KeyboardEvent('keydown', { key: '0', bubbles: true }));
      for (let frame = 0; frame < 40; frame++) {
        await new Promise(requestAnimationFrame);
        seen.add(world.style.transform);
      }
      return seen.size;
    });
  assert.ok((await frames()) > 2);
  await it.page.keyboard.press('1');
  await it.page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
  await it.settled();
  assert.ok((await frames()) <= 2);
});

await check('in Japanese, and in a narrow column', { language: 'ja', theme: 'light', width: 560, height: 760 }, async (it) => {
  await it.map(founding);
  await it.card('/oauth2/').click();
  await it.shot('narrow-ja');
  await it.page.getByRole('button', { name: '使用中' }).click();
  assert.equal(await it.page.locator('.chip[aria-pressed="true"]').count(), 1);
});

await browser.close();
if (temporary) fs.rmSync(temporary, { recursive: true, force: true });
if (failures.length > 0) {
  console.log(`FAILED: ${failures.join('; ')}`);
  process.exitCode = 1;
}
