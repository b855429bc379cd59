import assert from 'node:assert/strict';
import { accountRow } from './attack.ts';
import { withoutLots } from './compared.ts';
import type { Answer } from './fuzz-sending.ts';
import type { Stand } from './fuzz-stands.ts';
import { markup } from './fuzz-values.ts';
import type { World } from './world.ts';

/** What holds for every answer, whatever was asked. */
export function checkAnswer(
  answer: Answer,
  { homes, secrets }: { readonly homes: readonly string[]; readonly secrets: readonly string[] },
): void {
  const { status, headers, text } = answer;
  assert.ok(status >= 200 && status < 500, `status ${status}: ${text.slice(0, 500)}`);
  // Node refuses some requests before any program sees them: it says nothing but the status.
  if (headers['x-request-id'] === undefined) {
    assert.deepEqual([text, [400, 417, 431].includes(status)], ['', true], `${status} without any header`);
    return;
  }
  checkHeaders(answer, homes);
  const shown = withoutLots(text, String(headers['x-request-id']));
  assert.doesNotMatch(shown, /\n\s+at .+:\d+:\d+|node_modules|file:\/\/|\b[\w-]+\.[tj]s:\d+/, 'a stack');
  assert.doesNotMatch(
    shown,
    /Mongo|E11000|\$(elemMatch|set|lte?)\b|updateOne|findOne|(Type|Syntax|Reference|Range)Error/,
    'an inner word',
  );
  for (const secret of secrets) assert.ok(!text.includes(secret), `a secret: ${secret}`);
  if (headers['content-type']?.startsWith('text/html')) assert.ok(!text.includes(markup), 'markup given back');
}

const always: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*base-uri 'none';object-src 'none';frame-ancestors 'none'/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^(same-origin|undefined)$/,
  'permissions-policy': /camera=\(\)/,
  'x-request-id': /^[\w-]{12}$/,
};

function checkHeaders({ status, headers }: Answer, homes: readonly string[]): void {
  for (const [name, shape] of Object.entries(always)) assert.match(String(headers[name]), shape, name);
  assert.match(String(headers['cache-control']), /no-store|max-age=3600/);
  for (const name of ['server', 'x-powered-by']) assert.equal(headers[name], undefined);
  for (const cookie of headers['set-cookie'] ?? []) assert.match(cookie, /^[^=]+=;|; ?samesite=lax.*; ?httponly/i);
  if (headers.location !== undefined) {
    const target = URL.parse(headers.location, homes[0]);
    assert.ok(homes.includes(String(target?.origin)), `${status} to ${headers.location}`);
  }
}

/** What nobody may change of an account without having proved password and factor just now: all but what tries, failures and put-offs count. */
export async function coreOf(world: World, id: string) {
  const { guesses: _guesses, ...core } = await accountRow(world, id);
  const { tries: _tries, toldOfGuesses: _told, enrolmentSkips: _skips, putOffIn: _attempt, ...rest } = core as Core;
  return rest;
}

interface Core extends Omit<Awaited<ReturnType<typeof accountRow>>, 'guesses'> {
  readonly tries?: number;
  readonly toldOfGuesses?: unknown;
  readonly enrolmentSkips?: number;
  readonly putOffIn?: string;
  readonly passwordHash?: string;
  readonly active?: boolean;
}

/** Nobody here ever gives a right code: so nothing is added, the last factor stays, and whoever proved nothing changes nothing. */
export function checkCore(
  after: Omit<Core, 'tries' | 'toldOfGuesses' | 'enrolmentSkips' | 'putOffIn'>,
  before: typeof after,
  { fresh }: Stand,
): void {
  if (!fresh) {
    assert.deepEqual(after, before);
    return;
  }
  const ids = before.factors.map(({ id }) => id);
  assert.ok(after.factors.length >= Math.min(1, ids.length), 'no factor is left');
  assert.ok(
    after.factors.every(({ id }) => ids.includes(id)),
    'another factor',
  );
  const lasting = ({ email, passwordHash, active }: typeof after) => [email, passwordHash, active];
  assert.deepEqual(lasting(after), lasting(before));
}
