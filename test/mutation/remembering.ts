import { guarded } from './mutation.ts';

const unit = 'test/unit/remembering.test.ts';
const cookies = 'test/unit/device-cookies.test.ts';
const use = 'test/unit/use-device.test.ts';
const store = 'test/contract/remembered-devices.test.ts';
const device = 'test/flow/remembered-device.test.ts';
const rotation = 'test/flow/remembered-rotation.test.ts';
const ends = 'test/flow/remembered-ends.test.ts';
const policy = 'test/flow/remembered-policy.test.ts';
const own = 'test/flow/own-devices.test.ts';

/** Remembered devices: what they stand in for, how their secrets change, and what ends them. */
export const remembering = [
  ...guarded(
    [unit],
    [
      { guard: 'remembered-thirty-days', replace: ['= 30', '= 400'] },
      { guard: 'remembering-switched-off', replace: [' || rememberDevice.days === 0', ''] },
      {
        guard: 'remembering-except-roles',
        replace: ['!account.roles.some((role) => rememberDevice.exceptRoles.includes(role))', 'true'],
      },
      { guard: 'fresh-proof-remembers-nothing', replace: [' && !confirms', ''] },
      { guard: 'asking-client-remembers-nothing', replace: ['!alwaysAsks && ', ''] },
      { guard: 'device-meets-no-level', replace: [" || !meets('remembered', request.leastLevel)", ''] },
      { guard: 'device-not-asked-anew', replace: [' || request.anew', ''] },
      { guard: 'device-not-at-asking-client', replace: ['request.alwaysAsks || ', ''] },
      {
        guard: 'device-within-max-age',
        replace: [
          'Math.min(policy.rememberDevice.days * daySeconds, request.maxAgeSeconds ?? Infinity)',
          'policy.rememberDevice.days * daySeconds',
        ],
      },
      { guard: 'device-judged-again', replace: [' && since > after', ''] },
      { guard: 'factor-proved-not-remembered' },
      {
        guard: 'device-session-ends-with-policy',
        replace: ["rests.onDevice && !remembersFor({ policy, account }) ? '2fa-email' : ", ''],
      },
    ],
  ),
  ...guarded(
    [cookies],
    [
      {
        guard: 'device-name-keyed',
        replace: ['cipher.matchesMac(name.slice(prefix.length), accountId, nameContext)', 'accountId !== name'],
      },
      { guard: 'device-cookie-own-account', replace: ['remembered-device:${accountId}', 'remembered-device'] },
      { guard: 'device-secret-random', replace: ['randomId(32)', 'randomId(8)'] },
      {
        guard: 'next-device-secret-keyed',
        replace: ['cipher.mac(secret, `remembered-device:${id}`)', '`${id}${secret}`'],
      },
    ],
  ),
  ...guarded(
    [store],
    [
      { guard: 'device-secret-once', replace: [', hash }', ' }'] },
      { guard: 'device-own-account', replace: [' accountId,', ''] },
      { guard: 'device-of-this-version', replace: [' securityVersion,', ''] },
      { guard: 'device-ends', replace: [' expiresAt: { $gt: now },', ''] },
      { guard: 'device-since-judged', replace: [', since: { $gt: sinceAfter }', ''] },
      { guard: 'forgotten-device-own-account', replace: [', accountId }', ' }'] },
      { guard: 'ended-device-not-listed', replace: [' securityVersion,', ''] },
      { guard: 'over-device-not-listed', replace: [', expiresAt: { $gt: now }', ''] },
    ],
  ),
  ...guarded(
    [use],
    [
      { guard: 'previous-secret-some-seconds', replace: [' && now < stored.previousUntil', ''] },
      {
        guard: 'previous-secret-judged-too',
        replace: ['stored.since > sinceAfter ? stored.since : undefined', 'stored.since'],
      },
      {
        guard: 'theft-told-once',
        replace: [
          'if (!(await deps.devices.end({ id, accountId: account.id }))) return;',
          'await deps.devices.end({ id, accountId: account.id });',
        ],
      },
      {
        guard: 'unasked-factor-no-device',
        replace: ["demandOf({ policy, account, leastLevel: request.leastLevel, now }) === 'prove'", 'true'],
      },
      { guard: 'device-secret-hashed', replace: ['hashId(held.secret)', 'held.secret'] },
      { guard: 'stand-in-remembers-nothing', replace: ['!standsIn && ', ''] },
      { guard: 'device-absolute-end', replace: ['days * dayMilliseconds', '2 * days * dayMilliseconds'] },
      { guard: 'lost-race-remembers-nothing', replace: [' && outcome.reached !== undefined', ''] },
      { guard: 'remembered-when-offered', replace: [' && offersRemembering(step, factor)', ''] },
    ],
  ),
  ...guarded(
    [device],
    [
      { guard: 'grant-keeps-remembered-since', replace: ['since && {', 'since && false && {'] },
      { guard: 'grant-keeps-since', replace: [", 'rememberedSince'", ''] },
      { guard: 'policy-judges-device' },
      { guard: 'prompt-login-asks-factor' },
      { guard: 'max-age-asks-factor' },
      { guard: 'client-always-asks', replace: ['rememberDevice ? {} : ({ alwaysAsks: true } as const)', '{}'] },
    ],
  ),
  ...guarded(
    [rotation],
    [
      {
        guard: 'device-cookie-sealed',
        replace: [
          'content.parse(JSON.parse(cipher.open(value, valueContext(accountId))))',
          'content.parse(JSON.parse(Buffer.from(value, "base64url").toString()))',
        ],
      },
    ],
  ),
  ...guarded(
    [ends],
    [
      { guard: 'erased-account-devices' },
      { guard: 'remembered-when-ticked', replace: ['form.remember === true && ', ''] },
    ],
  ),
  ...guarded(
    [own],
    [
      { guard: 'device-rough-place', replace: ['await deps.places.of(address)', 'address'] },
      {
        guard: 'forgotten-device-ends',
        replace: ['await deps.devices.end({ id, accountId: account.id })', 'id !== ""'],
      },
      { guard: 'forgotten-devices-end', replace: ['(await deps.devices.endAll(account.id)) > 0', 'true'] },
    ],
  ),
  ...guarded(
    [policy],
    [
      {
        guard: 'remember-box-where-offered',
        replace: ['isSignIn(visit.step) && offersRemembering(visit.step, factor) ? remembering : input', 'remembering'],
      },
    ],
  ),
];
