// Plays a journey in the Chromium of the system and writes what its network showed (HAR 1.2).
//
// The journey comes as JSON on stdin: { "har": FILE, "steps": [STEP, …] }. A step is an object with one of
//   goto: ADDRESS              opens an address
//   click: SELECTOR            clicks what the selector of Playwright finds first, in whatever frame or window it is
//   fill: SELECTOR, with: TEXT types a text in place of what stands there
//   append: SELECTOR, with: TEXT  types a text behind what stands there
//   wait: SELECTOR             waits until it is seen
//   picture: FILE              takes a picture of the window
//   cookie: ADDRESS, name: NAME, value: VALUE   puts a cookie there, as of somebody who is signed in
// After every step it waits until nothing is on its way. Where a step cannot be done, it says which, shows what it saw
// instead, and exits with 1.
import { createRequire } from 'node:module';
import path from 'node:path';
import fs from 'node:fs';

const PATIENCE = 20_000;
const QUIET = 250;

const require = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'));
const { chromium } = require('playwright-core');

const journey = JSON.parse(fs.readFileSync(0, 'utf8'));
const browser = await chromium.launch({
  executablePath: journey.chromium ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server'],
});
const context = await browser.newContext({
  recordHar: journey.har ? { path: journey.har, mode: 'full', content: 'embed' } : undefined,
  viewport: journey.viewport ?? { width: 1200, height: 800 },
});

let underway = 0;
let latest = Date.now();
const changed = (by) => () => { underway += by; latest = Date.now(); };
context.on('request', changed(1));
context.on('requestfinished', changed(-1));
context.on('requestfailed', changed(-1));

const pause = (time) => new Promise((done) => setTimeout(done, time));

async function quiet() {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end && (underway > 0 || Date.now() - latest < QUIET)) await pause(25);
}

// The newest window first: what a click has opened lies over the others.
const frames = () => context.pages().reverse().flatMap((page) => page.frames());

async function find(selector) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    for (const frame of frames()) {
      const found = frame.locator(selector).first();
      // A frame may go away while it is looked at.
      if (await found.isVisible().catch(() => false)) return found;
    }
    await pause(50);
  }
  throw new Error('it is nowhere to be seen');
}

const deeds = {
  goto: async (step) => { await page.goto(step.goto); },
  click: async (step) => { await (await find(step.click)).click({ timeout: PATIENCE }); },
  fill: async (step) => { await (await find(step.fill)).fill(step.with); },
  append: async (step) => {
    const field = await find(step.append);
    await field.fill(await field.inputValue() + step.with);
  },
  wait: async (step) => { await find(step.wait); },
  picture: async (step) => { await context.pages().at(-1).screenshot({ path: step.picture }); },
  cookie: async (step) => {
    await context.addCookies([{ url: step.cookie, name: step.name, value: step.value }]);
  },
};

const page = await context.newPage();
// A question of a page ("save?") is answered with yes.
context.on('dialog', (dialog) => dialog.accept());
let failed = false;
try {
  for (const step of journey.steps) {
    const deed = Object.keys(deeds).find((name) => name in step);
    try {
      if (!deed) throw new Error('there is no such deed');
      await deeds[deed](step);
      await quiet();
    } catch (cause) {
      throw new Error(`${JSON.stringify(step)}: ${cause.message}`);
    }
  }
} catch (cause) {
  failed = true;
  console.error(cause.message);
  for (const frame of frames()) {
    console.error(`--- ${frame.url()}\n${await frame.content().catch(() => '')}`.slice(0, 4000));
  }
}
// The recording is written when its context is closed.
await context.close();
await browser.close();
process.exitCode = failed ? 1 : 0;
