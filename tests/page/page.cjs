// What a person does with the page, in Chromium; see run.sh.
const assert = require('node:assert/strict');
const { execFileSync, spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chromium } = require('playwright-core');
const { PNG } = require('pngjs');

const { MOCKSTACK, BROWSER, UPDATE } = process.env;
const modules = process.env.NODE_PATH;
const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'));
const file = path.join(folder, 'tags.html');
const results = { passed: 0, failed: 0 };
let browser;

const test = async (name, work) => {
  try { await work(); results.passed += 1; console.log(`ok   ${name}`); } catch (error) {
    results.failed += 1;
    console.log(`FAIL ${name}\n${error.stack}`);
  }
};

// A page that must ask nobody but `origin`, and complain about nothing.
const open = async (url, origin, options = {}) => {
  const context = await browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
  const page = await context.newPage();
  page.asked = [];
  page.errors = [];
  page.on('request', (request) => page.asked.push(request.url()));
  page.on('pageerror', (error) => page.errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  await page.goto(url);
  page.done = async () => {
    assert.deepEqual(page.errors, []);
    assert.deepEqual(page.asked.filter((asked) => !asked.startsWith(origin) && !asked.startsWith('data:')), []);
    await context.close();
  };
  return page;
};

const violations = async (url, colorScheme, width) => {
  const page = await open(url, url.split('#')[0], { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run());
  await page.context().close();
  return found.violations.map((own) => `${own.id}: ${own.nodes.map((node) => node.target).join(', ')}`);
};

// What two validators complain about; without Java there is only one of them.
const valid = (html) => {
  const rules = { extends: ['html-validate:recommended'], rules: { 'valid-id': ['error', { relaxed: true }], 'long-title': 'off', 'no-inline-style': 'error' } };
  fs.writeFileSync(path.join(folder, 'rules.json'), JSON.stringify(rules));
  const run = (...command) => { const ran = spawnSync(...command); assert.equal(ran.status, 0, String(ran.stdout) + ran.stderr); };
  run('node', [path.join(modules, 'html-validate/bin/html-validate.mjs'), '--config', path.join(folder, 'rules.json'), html]);
  if (spawnSync('java', ['-version']).status === 0) run('java', ['-jar', path.join(modules, 'vnu-jar/build/dist/vnu.jar'), '--errors-only', html]);
};

// The same of a page that a server has.
const served = async (page, name) => {
  const html = path.join(folder, `${name}.html`);
  fs.writeFileSync(html, await (await page.request.get(page.url())).text());
  valid(html);
};

const shown = (page) => page.locator('#list > li:not([hidden])').count();

// Fonts and times differ, a page that fell apart differs more.
const looks = async (page, name) => {
  const [was, is] = [path.join(__dirname, `${name}.png`), await page.screenshot()];
  if (UPDATE) return fs.writeFileSync(was, is);
  const [before, now] = [PNG.sync.read(fs.readFileSync(was)), PNG.sync.read(is)];
  assert.deepEqual([now.width, now.height], [before.width, before.height]);
  const { default: pixelmatch } = await import(require.resolve('pixelmatch'));
  const changed = pixelmatch(before.data, now.data, null, now.width, now.height, { threshold: 0.3 });
  assert.ok(changed < 0.03 * now.width * now.height, `${name}: ${changed} pixels differ`);
};

const main = async () => {
  const boot = spawnSync(MOCKSTACK, ['run', '--clock', '2026-02-03T04:05:06Z', '--record', path.join(folder, 'tags.jsonl'),
    '--report', `html=${file}`, '--', 'examples/boot.sh', 'tags']);
  assert.equal(boot.status, 40, String(boot.stderr));
  browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
  const url = `file://${file}`;

  await test('two validators find nothing', () => valid(file));

  for (const scheme of ['light', 'dark']) {
    for (const width of [1300, 390]) {
      await test(`axe finds nothing, ${scheme}, ${width} wide`, async () => assert.deepEqual(await violations(url, scheme, width), []));
    }
  }

  await test('the wrong request is open, and its place is marked', async () => {
    const page = await open(url, url);
    assert.equal(await page.locator('[id="4"] mark').filter({ hasText: 'tags": ["web"]' }).count(), 1);
    assert.match(await page.locator('[id="4"]').innerText(), /drop "tags", or send/);
    assert.equal(await page.locator('[id="4"] svg.ruler').count(), 1);
    await looks(page, 'wrong');
    await page.done();
  });

  await test('coverage is there to be opened', async () => {
    const page = await open(url, url);
    await page.click('#coverage');
    await page.click('.covered summary:has-text("identity.tokens.create")');
    assert.match(await page.locator('.covered li').filter({ hasText: 'identity.tokens.create' }).innerText(), /not \/auth\//);
    await page.done();
  });

  await test('a matrix leads from a cell to what is wrong', async () => {
    const matrix = path.join(folder, 'matrix.html'), url = `file://${matrix}`;
    const ran = spawnSync(MOCKSTACK, ['matrix', '--release', 'newton..pike', '--client', 'plain=examples/boot.sh', '--client', 'tags=examples/boot.sh tags latest',
      '--report', `html=${matrix}`]);
    assert.equal(ran.status, 40, String(ran.stderr));
    valid(matrix);
    assert.deepEqual([...await violations(url, 'light', 1300), ...await violations(url, 'dark', 390)], []);
    const page = await open(url, url);
    await page.click('td.failing a');
    assert.match(await page.locator(':target').innerText(), /tags in newton/);
    await page.click(':target summary');
    assert.match(await page.locator(':target pre').first().innerText(), /verdict/);
    await page.done();
  });

  await test('filters are in the URL', async () => {
    const page = await open(url, url);
    await page.click('button[data-value=wrong]');
    assert.equal(await shown(page), 1);
    assert.match(page.url(), /#show=wrong$/);
    await page.reload();
    assert.equal(await shown(page), 1);
    await page.click('button[data-value=wrong]');
    await page.keyboard.press('/');
    await page.keyboard.type('cirros');
    await page.waitForURL(/#q=cirros$/);
    assert.ok(await shown(page) >= 1 && await shown(page) < 4);
    await page.done();
  });

  await test('keys go from request to request, and a link opens one', async () => {
    const page = await open(`${url}#2`, url);
    assert.ok(await page.locator('[id="2"] details').evaluate((own) => own.open));
    await page.keyboard.press('j');
    assert.equal(await page.evaluate(() => document.activeElement.closest('li').id), '3');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    assert.ok(await page.locator('[id="1"] details').evaluate((own) => own.open));
    await page.done();
  });

  await test('ten thousand requests do not make it wait', async () => {
    const recording = path.join(folder, 'many.jsonl'), many = path.join(folder, 'many.html');
    const [head, ...lines] = fs.readFileSync(path.join(folder, 'tags.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    const end = { ...lines.pop(), requests: 10000 };
    const all = Array.from({ length: 10000 }, (_, at) => ({ ...lines[at % 97 ? at % (lines.length - 1) : lines.length - 1], sequence: at + 1 }));
    fs.writeFileSync(recording, [head, ...all, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
    spawnSync(MOCKSTACK, ['report', recording, '--format', 'html', '--output', many]);
    const page = await open(`file://${many}`, `file://${many}`);
    const click = (value) => page.evaluate(async (value) => {
      const begun = performance.now();
      document.querySelector(`[data-value=${value}]`).click();
      await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
      return performance.now() - begun;
    }, value);
    const times = [];
    for (const value of ['wrong', 'wrong', 'compute', 'compute']) times.push(Math.round(await click(value)));
    console.log(`     filters took ${times.join(', ')} ms`);
    assert.ok(Math.min(...times) < 500, String(times));
    assert.match(await page.locator('#shown').innerText(), /^10000 requests$/);
    assert.equal(await shown(page), 60);
    await page.evaluate(() => { location.hash = '#9000'; });
    await page.locator('[id="9000"] details[open]').waitFor();
    await page.keyboard.press('j');
    assert.equal(await page.evaluate(() => document.activeElement.closest('li').id), '9001');
    await page.click('text=Show earlier');
    assert.equal(await page.locator('[id="8910"]').count(), 1);
    await page.done();
  });

  await test('without JavaScript it can be read', async () => {
    const page = await open(url, url, { javaScriptEnabled: false });
    assert.match(await page.locator('body').innerText(), /violation[\s\S]*1 request broke its contract[\s\S]*Additional properties are not allowed/);
    assert.equal(await page.locator('.tools').isVisible(), false);
    await page.done();
  });

  await test('what is copied does what was recorded', async () => {
    const page = await open(url, url);
    const texts = Object.fromEntries(await page.locator('[id="4"] .copy button').evaluateAll((all) => all.map((own) => [own.textContent, own.dataset.text])));
    assert.deepEqual(Object.keys(texts), ['curl', 'contract check', 'pytest', 'Go', 'Rust']);
    const verdict = JSON.parse(execFileSync(MOCKSTACK, ['contract', 'check', '--cases', '-'], { input: texts['contract check'] }));
    assert.deepEqual([verdict.valid, verdict.status, verdict.code], [false, 400, 'not-yet']);
    const python = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: texts.pytest });
    assert.ok(python.error || python.status === 0, String(python.stderr));
    const login = await page.evaluate(() => document.querySelector('#list > li .q').textContent);
    assert.match(login, /^POST \/identity/);
    const script = `set -e; TOKEN=$(curl -sD - -o /dev/null "$OS_AUTH_URL/v3/auth/tokens" -H 'Content-Type: application/json' -d '{"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "demo", "domain": {"id": "default"}, "password": "secret"}}}, "scope": {"project": {"name": "demo", "domain": {"id": "default"}}}}}' | tr -d '\\r' | sed -n 's/^X-Subject-Token: //Ip'); ${texts.curl}`;
    const again = spawnSync(MOCKSTACK, ['run', '--', 'sh', '-c', script]);
    assert.equal(again.status, 40, String(again.stderr));
    assert.match(String(again.stdout), /'tags' was unexpected/);
    await page.done();
  });

  await test('a running cloud is followed', async () => {
    const ready = path.join(folder, 'ready');
    const server = spawn(MOCKSTACK, ['serve', '--until-eof', '--ready-file', ready], { stdio: ['pipe', 'pipe', 'ignore'] });
    let openrc = '';
    server.stdout.on('data', (data) => { openrc += data; });
    try {
      const end = Date.now() + 20000;
      while (!(fs.existsSync(ready) && openrc.includes('OS_PASSWORD')) && Date.now() < end) await new Promise((next) => setTimeout(next, 50));
      const origin = fs.readFileSync(ready, 'utf8').trim().replace(/\/identity.*/, '');
      const page = await open(`${origin}/`, origin);
      assert.equal(page.url(), `${origin}/__mockstack/`);
      const script = `eval "$(cat <<'END'\n${openrc.split('\n').filter((line) => line.startsWith('export')).join('\n')}\nEND\n)"; examples/boot.sh tags`;
      spawnSync('sh', ['-c', script]);
      await page.locator('#list > li.wrong').waitFor({ timeout: 15000 });
      assert.match(await page.locator('h1').innerText(), /violation/);
      assert.equal(await page.locator('#list > li').first().getAttribute('class'), 'wrong', 'the newest is on top');
      await page.selectOption('#fault-name', 'rate-limited');
      await page.fill('#fault-operation', 'compute.servers.create');
      await page.click('#fault button');
      await page.locator('#faults li').filter({ hasText: 'rate-limited' }).waitFor({ timeout: 15000 });
      await page.click('#faults li button');
      await page.locator('#faults li').filter({ hasText: 'is over' }).waitFor({ timeout: 15000 });
      await page.click('#reset');
      await page.locator('#told').filter({ hasText: 'done' }).waitFor({ timeout: 15000 });
      assert.deepEqual(await violations(`${origin}/__mockstack/`, 'light', 1300), []);
      await looks(page, 'live');
      await served(page, 'live');
      await page.goto(`${origin}/__mockstack/coverage`);
      assert.match(await page.locator('.covered').innerText(), /identity.tokens.create/);
      await served(page, 'coverage');
      assert.deepEqual(await violations(page.url(), 'dark', 390), []);
      await page.goBack();
      server.stdin.end();
      await page.locator('#told').filter({ hasText: 'the run has ended' }).waitFor({ timeout: 5000 });
      await page.done();
    } finally {
      server.stdin.end();
    }
  });

  await browser.close();
  fs.rmSync(folder, { recursive: true });
  console.log(`${results.passed} passed, ${results.failed} failed`);
  process.exitCode = results.failed ? 1 : 0;
};

main().catch((error) => { console.error(error); process.exit(1); });
