import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { mongo } from 'mongoose';
import { connect } from '../../src/storage/connection.ts';
import { accountRow, afterPassword, eventsOf, nothing, spoils } from '../support/attack.ts';
import type { Browser } from '../support/browser.ts';
import { openDatabase } from '../support/database.ts';
import { openLine } from '../support/line.ts';
import { startWorld, type World } from '../support/world.ts';

/** What only the write of a guess at an app has in it. */
const ofTheGuess = 'refusedSteps';

async function behindLine(t: TestContext) {
  const line = await openLine(t, (await openDatabase(t)).connection.name);
  const database = await connect({ uri: `${line.uri}&monitorCommands=true` });
  t.after(() => database.close());
  const world = await startWorld(t, { database });
  world.travel(0);
  const ada = await world.person();
  return { world, ada, line, client: database.connection.getClient() };
}

async function isOut(world: World, browser: Browser): Promise<void> {
  assert.equal(browser.status, 503);
  assert.equal(browser.response?.headers.get('retry-after'), '5');
  assert.equal(browser.response?.headers.get('location'), null);
  assert.equal(browser.code, undefined);
  assert.deepEqual(await spoils(world), nothing);
  assert.deepEqual(await eventsOf(world, { kind: 'factor' }), []);
}

for (const kind of ['wrong', 'right'] as const) {
  test(`the write of a ${kind} code that never reaches the database: 503, nobody is in, nothing is spent, and a right code is good later [check 120]`, async (t) => {
    const { world, ada, line, client } = await behindLine(t);
    const browser = await afterPassword(world, ada);
    const before = await accountRow(world, ada.id);
    let cut: Promise<void> | undefined;
    const onGuess = ({ command }: mongo.CommandStartedEvent) => {
      if (JSON.stringify(command).includes(ofTheGuess)) cut ??= line.cut();
    };
    client.on('commandStarted', onGuess);
    await browser.submit({ code: kind === 'right' ? ada.codeNow() : ada.wrongCode() });
    client.off('commandStarted', onGuess);
    await (cut ?? assert.fail('no guess was sent'));
    await line.mend();
    await isOut(world, browser);
    assert.deepEqual(await accountRow(world, ada.id), before);
    await again(browser, ada.codeNow());
    assert.ok(browser.code, browser.text);
  });

  test(`the write of a ${kind} code whose answer is lost, with nobody left to ask: 503, nobody is in, and it counts [check 20] [check 120]`, async (t) => {
    const { world, ada, line, client } = await behindLine(t);
    const browser = await afterPassword(world, ada);
    const code = ada.codeNow();
    let cut: Promise<void> | undefined;
    client.once('commandFailed', () => {
      cut = line.cut();
    });
    line.loseAnswerTo(ofTheGuess);
    await browser.submit({ code: kind === 'right' ? code : ada.wrongCode() });
    await (cut ?? assert.fail('no guess was sent'));
    await line.mend();
    await isOut(world, browser);
    const { factors, guesses } = await accountRow(world, ada.id);
    assert.equal(guesses.secondFactor.failures, kind === 'right' ? 0 : 1);
    assert.equal(factors[0]?.lastStep !== 0, kind === 'right', 'what was right is spent');

    await again(browser, code);
    assert.equal(browser.code !== undefined, kind === 'wrong');
    if (kind === 'wrong') return;
    assert.deepEqual([browser.status, browser.errors], [422, ['code_rejected']]);
    world.travel(31);
    await browser.submit({ code: ada.codeNow() });
    assert.ok(browser.code, browser.text);
  });
}

/** The page of the sign-in, asked for anew. */
async function again(browser: Browser, code: string): Promise<void> {
  await browser.visit(browser.url.pathname.replace(/\/factor$/, ''));
  await browser.submit({ code });
}
