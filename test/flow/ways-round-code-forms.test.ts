import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountRow, afterPassword } from '../support/attack.ts';
import { codeOf } from '../support/person.ts';
import { startWorld } from '../support/world.ts';

const edges = [
  { steps: -2, good: false },
  { steps: -1, good: true },
  { steps: 0, good: true },
  { steps: 1, good: true },
  { steps: 2, good: false },
];

for (const { steps, good } of edges) {
  test(`a code of ${steps} steps from now is ${good ? 'good' : 'refused'}, whatever time the request tells [check 19]`, async (t) => {
    const world = await startWorld(t);
    world.travel(0);
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    browser.headers.date = new Date(Date.now() + steps * 30_000).toUTCString();
    await browser.submit({ code: ada.codeNow(steps) });
    assert.equal(browser.code !== undefined, good);
    if (!good) assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
  });
}

test('a time in the form is no field of it [check 19]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const action = browser.page.actions.find(({ name }) => name === 'factor');
  for (const name of ['time', 'epoch', 'step', 'date']) {
    await browser.post(action?.href ?? '', { code: ada.codeNow(-3), [name]: String(Date.now() - 90_000) });
    assert.deepEqual([browser.status, browser.page.facts.field], [400, name]);
  }
});

test('what is not six digits is refused without a guess [check 18]', async (t) => {
  const world = await startWorld(t);
  const ada = await world.person();
  const browser = await afterPassword(world, ada);
  const right = ada.codeNow();
  const malformed = ['', ' ', '1', right.slice(1), `${right}0`, `0${right}`, 'abcdef', `${right.slice(1)}a`];
  const odd = [
    `+${right}`,
    `${right}.0`,
    `0x${right}`,
    '1e5',
    `${right},${right}`,
    `${right}\n${right}`,
    'null',
    '½½½½½½',
  ];
  for (const code of [...malformed, ...odd]) {
    await browser.submit({ code });
    assert.deepEqual([browser.status, browser.errors], [422, ['code_shape']], JSON.stringify(code));
  }
  assert.equal((await accountRow(world, ada.id)).guesses.secondFactor.failures, 0);
  await browser.submit({ code: ada.codeNow() });
  assert.ok(browser.code);
});

const spellings: readonly (readonly [string, (code: string) => string])[] = [
  ['with a blank in the middle', (code) => `${code.slice(0, 3)} ${code.slice(3)}`],
  ['with hyphens and blanks around', (code) => ` ${code.slice(0, 2)}-${code.slice(2, 4)}\u2013${code.slice(4)}\u00a0`],
  ['in full-width digits', (code) => shifted(code, 0xff10)],
  ['in Arabic digits', (code) => shifted(code, 0x0660)],
  ['in Persian digits', (code) => shifted(code, 0x06f0)],
  ['in Devanagari digits', (code) => shifted(code, 0x0966)],
];

test('a code is read in every spelling that a keyboard gives [check 18]', async (t) => {
  const world = await startWorld(t);
  for (const [name, spell] of spellings) {
    const ada = await world.person();
    const browser = await afterPassword(world, ada);
    await browser.submit({ code: spell(ada.codeNow()) });
    assert.ok(browser.code, name);
  }
});

test('each enrolment gets a secret of its own of 160 bits, and takes none from the browser [check 17]', async (t) => {
  const world = await startWorld(t);
  const secrets = new Set<unknown>();
  for (let people = 0; people < 3; people += 1) {
    const bob = await world.person({ totp: false });
    const browser = await afterPassword(world, bob);
    await browser.submit({ code: world.codeMailedTo(bob.email) });
    const { secret } = browser.page.facts;
    assert.match(String(secret), /^[A-Z2-7]{32}$/);
    secrets.add(secret);

    const own = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const action = browser.page.actions.find(({ name }) => name === 'enrol');
    for (const name of ['secret', 'sealedSecret', 'factorId', 'otpauth']) {
      await browser.post(action?.href ?? '', { code: codeOf(own), [name]: own });
      assert.deepEqual([browser.status, browser.page.facts.field], [400, name]);
      await browser.visit(action?.href.replace('/enrol', '') ?? '');
      assert.equal(browser.page.facts.secret, secret, 'the pending secret is still ours');
    }
    const near = [-1, 0, 1].map((steps) => codeOf(String(secret), steps));
    if (!near.includes(codeOf(own))) {
      await browser.submit({ code: codeOf(own) });
      assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
    }
    assert.equal((await accountRow(world, bob.id)).factors.length, 0);
  }
  assert.equal(secrets.size, 3);
});

function shifted(code: string, zero: number): string {
  return [...code].map((digit) => String.fromCodePoint(zero + Number(digit))).join('');
}
