import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Router from '@koa/router';
import { z } from 'zod';
import { mailedLinks } from '../../src/delivery/links.ts';
import { openedLinks } from '../../src/http/cookies/opened-link.ts';
import { errorBoundary } from '../../src/http/error-boundary.ts';
import { createForgery } from '../../src/http/forgery.ts';
import { createRenderer } from '../../src/http/render.ts';
import { createTheme } from '../../src/http/theme.ts';
import { createCipher } from '../../src/platform/cipher.ts';
import { byLink, done, form, type Page, says } from '../../src/routes/forms/contract.ts';
import { problemPage } from '../../src/routes/library-pages.ts';
import { linkEntrance, linkRoutes } from '../../src/routes/link/open.ts';
import type { LinkVisit } from '../../src/routes/link/realm.ts';
import { signedOutScreen } from '../../src/routes/screens.ts';
import { isOutage } from '../../src/storage/connection.ts';
import { mongoLinks } from '../../src/storage/links.ts';
import { stores } from '../../src/wiring/stores.ts';
import { Browser } from '../support/browser.ts';
import { openDatabase, rowsOf } from '../support/database.ts';
import { keys } from '../support/keys.ts';
import { seedPerson } from '../support/person.ts';
import { relyingParty } from '../support/relying-party.ts';
import { serveApp } from '../support/served-app.ts';
import { startWorld } from '../support/world.ts';

const unlimited = { admit: async () => undefined, charge: async () => undefined };

/** One purpose with one page of one button, which spends the link. */
async function samplePurpose(t: TestContext) {
  const database = await openDatabase(t);
  const now = () => new Date();
  const router = new Router({ sensitive: true, strict: true });
  const theme = createTheme({ productName: 'Twofold', accent: '#3538cd', links: {} });
  const renderer = createRenderer({ theme, cache: false });
  const log = { child: () => log, info() {}, warn() {}, error() {} } as never;
  const boundary = errorBoundary({
    renderProblem: (ctx, problem) => problemPage({ renderer, clients: new Map() as never }, ctx, problem),
    isOutage,
    log,
  });
  const app = await serveApp(t, [renderer.middleware, boundary, (ctx, next) => router.routes()(ctx as never, next)]);
  const issuer = app.origin;
  const cipher = createCipher(keys.cipher);
  const links = mailedLinks({ links: mongoLinks(database), issuer, now });
  const pressed: boolean[] = [];
  const page: Page<LinkVisit> = {
    path: '',
    guard: byLink,
    screens: [signedOutScreen],
    forms: [
      form({
        name: 'go',
        path: 'go',
        guard: byLink,
        input: z.object({}),
        async act({ shown }: LinkVisit) {
          const taken = await links.take(shown);
          if (taken) pressed.push(taken.first);
          return done();
        },
      }),
    ],
    show: ({ link }) => ({ ...says(signedOutScreen, {}), closed: link.taken ? ['go'] : [] }),
  };
  const deps = {
    ...{ addressLimits: unlimited, now, renderer, links, accounts: stores(database).accounts },
    openedLinks: openedLinks({ cipher, issuer, now }),
    forgery: createForgery({ cipher, issuer }),
    pages: { not_me: [page] },
  };
  linkRoutes(router, deps);
  linkEntrance(router, deps);
  const ada = await seedPerson({ database, keys });
  const mail = () => links.make({ purpose: 'not_me', accountId: ada.id, address: ada.email });
  const settings = { clientId: 'app', redirectUris: ['http://localhost:4999/'] } as never;
  const browser = () => new Browser({ issuer, party: relyingParty({ issuer, origin: issuer, settings }) });
  return { database, mail, browser, pressed, ada };
}

test('opening a link moves its token into a cookie, tells no other page of it and changes nothing [check 89] [check 90]', async (t) => {
  const { database, mail, browser } = await samplePurpose(t);
  const { url } = await mail();
  const before = await rowsOf(database, 'links');
  const visitor = browser();
  for (const method of ['GET', 'HEAD', 'GET']) {
    const answer = await visitor.fetch({ method, url: new URL(url), headers: {} });
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), '/link/not_me');
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer');
    const [cookie = ''] = answer.headers.getSetCookie();
    assert.match(cookie, /^twofold_link_not_me=[^;]+; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
    assert.ok(!cookie.includes(url.slice(-43)), 'sealed');
  }
  await visitor.visit('/link/not_me');
  assert.equal(visitor.status, 200);
  assert.ok(!visitor.text.includes(url.slice(-43)));
  assert.deepEqual(await rowsOf(database, 'links'), before);
});

test('its button spends it once: pressed again, here or in another browser, it does nothing [check 87]', async (t) => {
  const { mail, browser, pressed, ada } = await samplePurpose(t);
  const { url } = await mail();
  const [first, second] = [await browser().visit(url), await browser().visit(url)];
  assert.equal(first.page.account, ada.email);
  await Promise.all([first.press('go'), second.press('go')]);
  assert.deepEqual(pressed, [true]);
  const [won, lost] = first.status === 200 ? [first, second] : [second, first];
  assert.deepEqual([won.status, won.page.actions.map(({ name }) => name)], [200, []]);
  assert.deepEqual([lost.status, lost.page.code], [410, 'link_ended']);
});

test('a form of a link needs the token of the very browser that opened it [check 82]', async (t) => {
  const { mail, browser, pressed } = await samplePurpose(t);
  const { url } = await mail();
  const [mine, theirs] = [await browser().visit(url), await browser().visit(url)];
  const { forgery = '' } = mine.page;
  await theirs.post('/link/not_me/go', { forgery });
  assert.deepEqual([theirs.status, theirs.page.code, pressed], [403, 'form_old', []]);
});

test('a link that is unknown, cut, spent, replaced or of an account that is gone is one page, with the way to a new one', async (t) => {
  const { database, mail, browser, ada } = await samplePurpose(t);
  const { url } = await mail();
  const spent = await browser().visit(url);
  await spent.press('go');
  const older = await mail();
  const newer = await mail();
  const { url: orphaned } = newer;
  const answers: unknown[] = [];
  const look = async (visitor: Browser) => {
    const { reference: _, ...facts } = visitor.page.facts;
    answers.push([visitor.status, facts, visitor.page.actions]);
  };
  await look(await browser().visit(url.replace(/.{43}$/, 'x'.repeat(43))));
  await look(await browser().visit(url.slice(0, -1)));
  await look(await browser().visit(url));
  await look(await browser().visit(older.url));
  await look(await browser().visit('/link/not_me'));
  await database.connection.collection<{ _id: string }>('accounts').deleteOne({ _id: ada.id });
  await look(await browser().visit(orphaned));
  const way = { name: 'sign-in', method: 'GET', href: '/account', fields: [] };
  assert.deepEqual(answers, Array(6).fill([410, { code: 'link_ended' }, [way]]));
});

test('no line of the log holds the token of a link, however its address is spelled [check 113]', async (t) => {
  const world = await startWorld(t);
  const token = 'aB3_-'.repeat(9).slice(0, 43);
  for (const target of [`/link/reset/${token}`, `/link/reset/${token}/`, `/Link//reset/${token}`, `/link/${token}`])
    await world.ask({ target });
  assert.ok(world.logged.length >= 4);
  assert.ok(!world.logged.join('').includes(token), world.logged.join(''));
  assert.ok(world.logged.some((line) => line.includes('/link/reset/:token')));
});

test('a link of a purpose that there is none of does not exist', async (t) => {
  const world = await startWorld(t);
  const { status } = await world.ask({ target: `/link/other/${'a'.repeat(43)}` });
  assert.equal(status, 404);
});
