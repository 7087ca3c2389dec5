// What somebody meets first: the walkthrough, the status bar, and the menu behind it.
import { ok, say } from './workbench.mjs';

const STEPS = ['Open a configuration', 'Ask which location serves a URL', 'See the whole gateway', 'Let the logs speak', 'Clean up without fear'];

export default async function begin(it) {
  const { page } = it;
  await it.status().and(page.locator('[aria-label="nginx-analyzer: ready"]')).waitFor({ timeout: 30_000 });
  say(await it.status().getAttribute('aria-label'));
  await it.status().click();
  await it.choice('Show Log').waitFor({ timeout: 30_000 });
  await it.shot('menu');
  ok('the status bar says how the server is, and has a menu');
  await it.choice('Show Version').click();
  const version = page.locator('.notification-toast', { hasText: 'from bundle' });
  await version.waitFor({ timeout: 30_000 });
  say(await version.innerText());
  ok('it runs the server that came with the package');
  await it.run('Notifications: Clear All Notifications');

  await it.run('Welcome: Open Walkthrough');
  await it.choice('Get to know your gateway').click({ timeout: 30_000 });
  for (const [at, step] of STEPS.entries()) {
    await page.locator('.getting-started-step', { hasText: step }).click({ timeout: 30_000 });
    await page.locator('.getting-started-step.expanded', { hasText: step }).waitFor({ timeout: 30_000 });
    await page.locator('.gettingStartedContainer .getting-started-media img, .gettingStartedContainer .getting-started-media iframe').first().waitFor({ timeout: 30_000 });
    await it.shot(`walkthrough-${at + 1}`);
  }
  ok('the walkthrough has its steps, each with a picture');
}
