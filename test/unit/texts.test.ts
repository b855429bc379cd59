import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ranking } from '../../src/accounts/level.ts';
import { declaredKinds } from '../../src/factors/kinds.ts';
import { createTexts, loadTexts } from '../../src/http/texts.ts';
import { consequences } from '../../src/protection/consequences.ts';
import { eventKinds } from '../../src/self-service/told-kinds.ts';
import { proofChanges } from '../../src/sign-in/policy/proof-changes.ts';
import { problems } from '../support/sample-pages.ts';

const root = new URL('../../', import.meta.url);
const texts = loadTexts(new URL('views/texts/en.json', root));
const read = (pattern: string) =>
  globSync(pattern, { cwd: root }).map((file) => [file, readFileSync(new URL(file, root), 'utf8')] as const);

/** The codes that routes may answer with: a new sentence is one line here and one in each catalogue. */
const sentenceCodes = [
  ...[
    'password_rejected',
    'password_changed_ago',
    'code_rejected',
    'recovery_rejected',
    'pass_rejected',
    'code_spent',
    'code_spent_app',
    'code_locked',
    'code_locked_closed',
  ],
  ...[
    'code_shape',
    'clock_off',
    'code_sent',
    'code_earlier',
    'send_wait',
    'send_later',
    'send_failed',
    'time_added',
    'form_old',
    'busy',
    'network',
    'network',
  ],
  ...['missing', 'missing_identifier', 'missing_password', 'missing_email', 'missing_code', 'too_long'],
  ...['session_ended', 'session_gone', 'sessions_ended', 'account_moved', 'two_step_off', 'two_step_on'],
  ...['device_forgotten', 'devices_forgotten', 'device_gone'],
  ...['application_revoked', 'application_gone'],
  ...['way_renamed', 'way_preferred', 'way_removed', 'way_gone', 'way_needed', 'codes_saved', 'codes_lost'],
  ...['codes_instead', 'way_added', 'way_ended', 'nothing_waits', 'way_known', 'ways_full'],
  ...[
    'email_shape',
    'phone_shape',
    'phone_blocked',
    'recovery_shape',
    'mailbox_just_used',
    'pass_shape',
    'not_saved',
    'username_shape',
    'username_taken',
    'usernames_spent',
  ],
  ...['password_short', 'password_long', 'password_common', 'password_regular', 'password_own'],
  ...['password_same', 'password_changed', 'current_rejected'],
];
const stages = [
  ...['sign-in', 'register', 'confirm-mail', 'username', 'consent', 'signed-in-as'],
  ...['totp', 'email', 'sms', 'ways', 'enrol', 'enrol-totp', 'enrol-email', 'enrol-sms'],
  ...['recovery', 'pass', 'recovery-codes', 'recovery-used'],
  ...['not-me', 'not-me-done'],
  ...['security', 'applications', 'history', 'confirm', 'go-on', 'rename-way', 'remove-way', 'two-step-off'],
  'change-password',
  ...['add-totp', 'add-email', 'add-sms'],
  ...['lost', 'written', 'rescue'],
  ...['sign-out', 'signed-out', 'outbox'],
  ...['forgot', 'forgot-sent', 'reset', 'invite', 'new-password', 'password-changed'],
];
const kinds = declaredKinds.filter(({ standsIn }) => !standsIn).map(({ kind }) => kind);
/** All that pages say of a kind that can be set up; its own pages, its mails and its wrong answers have their texts beside. */
const ofKind = ['setUp', 'setUpInstead', 'offer', 'name', 'inSentence', 'yours'];
/** A link that is mailed, by what it is good for. */
const linkMails = ['reset-link', 'invite-link'];
const mails = [
  'registration-code',
  'first-factor-code',
  'sign-in-code',
  'enrolment-code',
  'already-registered',
  'help-asked',
  'rescue-code',
  ...['notice.new_place', 'notice.codes_rejected', 'notice.codes_rejected_reset'],
  ...['reset-code', 'notice.password_reset_first', ...linkMails],
  ...['notice.passwords_rejected_network', 'notice.passwords_rejected_day'],
  'notice.factor_added_recovery',
  ...kinds.flatMap((kind) => [`notice.factor_added_${kind}`, `notice.factor_removed_${kind}`]),
  ...kinds.map((kind) => `notice.factor_added_${kind}_codes`),
  ...Object.keys(consequences).map((change) => `notice.${change}`),
];

/** Of a page that serves both couriers. */
const delivered = ['lead', 'sent', 'code', 'name', 'nameHint', 'other', 'destination', 'destinationHint', 'submit'];

const dynamicKeys = [
  ...sentenceCodes.map((code) => `sentences.${code}`),
  ...stages.map((stage) => `${stage}.title`),
  ...Object.keys(problems).flatMap((code) => [`problem.${code}.title`, `problem.${code}.text`]),
  ...declaredKinds.map(({ kind }) => `kinds.${kind}.offer`),
  ...kinds.flatMap((kind) => ofKind.map((text) => `kinds.${kind}.${text}`)),
  ...delivered.flatMap((text) => [`enrol-email.${text}`, `enrol-sms.${text}`]),
  ...kinds.map((kind) => `${kind}.lead`),
  ...['email.unsent', 'sms.unsent', 'rescue.lead', 'rescue.unsent', 'confirm-mail.none'],
  ...['same-mailbox', 'unknown-browser', 'asked-more'].map((why) => `lost.${why}`),
  'mail.notice.not_me.not_you',
  ...['sms.code', 'enrol-email.proved', 'kinds.totp.offerNamed'],
  ...Object.keys(proofChanges).flatMap((change) =>
    /^(first_way|reset_factors)$/.test(change) ? [] : [`confirm.${change}`],
  ),
  'confirm.other',
  ...eventKinds.flatMap((kind) => (kind in consequences ? [] : [`history.${kind}`])),
  ...ranking.map((level) => `history.how.${level}`),
  ...['factor_raced', 'lock_second_factor', 'enrolment_recovery', 'sign_out_elsewhere'].map((key) => `history.${key}`),
  ...['history.application_revoked', 'history.other'],
  ...['security.prefer', 'security.rename', 'security.remove'],
  ...mails.flatMap((mail) => [`mail.${mail}.subject`, `mail.${mail}.lead`]),
  ...linkMails.flatMap((mail) => ['hours', 'next', 'ignore'].map((text) => `mail.${mail}.${text}`)),
  ...['mail.notice.codes_rejected_reset.not_you', 'mail.notice.password_reset.next', 'reset.lead', 'invite.lead'],
  ...['mail.reset-link.administrator', 'mail.notice.password_reset_first.next'],
];

function literalKeys(): ReadonlyMap<string, string> {
  const calls = /\b(?:t|rich|text)\(\s*'([^']+)'/g;
  const inTemplates = read('views/**/*.ejs').flatMap(([file, source]) =>
    [...source.matchAll(calls)].map(([, key = '']) => [key, file] as const),
  );
  const inSource = read('src/http/{mail,render,texts}.ts').flatMap(([file, source]) =>
    [...source.matchAll(/'((?:layout|duration|mail)\.[\w.-]+)'/g)].map(([, key = '']) => [key, file] as const),
  );
  return new Map([...inTemplates, ...inSource]);
}

test('every text that a template asks for is in the catalogue', () => {
  const asked = literalKeys();
  assert.ok(asked.size > 60);
  for (const [key, file] of asked) assert.ok(texts.has(key), `${key} in ${file}`);
  for (const key of dynamicKeys) assert.ok(texts.has(key), key);
});

test('every text in the catalogue is asked for', () => {
  const asked = new Set([...literalKeys().keys(), ...dynamicKeys]);
  assert.deepEqual(
    texts.keys.filter((key) => !asked.has(key)),
    [],
  );
});

test('no template holds words of its own', () => {
  for (const [file, source] of read('views/**/*.ejs')) {
    const bare = source.replace(/<%[\s\S]*?%>/g, '').replace(/<[^>]*>/g, '');
    assert.doesNotMatch(bare, /\p{L}/u, file);
  }
});

test('sentences use plain words', () => {
  const catalogue = readFileSync(new URL('views/texts/en.json', root), 'utf8').replace(/"[\w-]+":/g, '');
  assert.doesNotMatch(catalogue, /\b(factor|challenge|OTP|token|invalid|failed|oops)\b|!/i);
});

test('a sentence that several kinds of people read is true for each of them', () => {
  const ended = texts.text('problem.sign_in_ended.text');
  assert.match(ended, /\bis over\b/, 'whoever cancelled it, or was the slower of two, was not too slow');
  assert.doesNotMatch(texts.text('recovery-used.few'), /phone/i, 'some have their codes by mail');
});

test('durations are told in words and rounded up', () => {
  const locked = (seconds: number) => texts.text('sentences.code_locked', { seconds });
  assert.equal(locked(0), 'Too many tries. Try again in 1 second.');
  assert.equal(locked(45), 'Too many tries. Try again in 45 seconds.');
  assert.equal(locked(60), 'Too many tries. Try again in 1 minute.');
  assert.equal(locked(61), 'Too many tries. Try again in 2 minutes.');
  assert.equal(locked(24 * 3600), 'Too many tries. Try again in 24 hours.');
  assert.equal(texts.text('sentences.code_locked'), 'Too many tries. Try again in a moment.');
});

test('tries are counted in the right form, and left out when they are not known', () => {
  const rejected = (n?: number) => texts.text('sentences.code_rejected', n === undefined ? {} : { n });
  assert.match(rejected(3), /3 tries left\.$/);
  assert.match(rejected(1), /1 try left\.$/);
  assert.match(rejected(), /Enter the newest code\.$/);
});

test('what is put into a text is never read as a place for something else', () => {
  const some = createTexts({ lang: 'en', a: 'Hello {name} and {other}' });
  assert.equal(some.text('a', { name: '{other} $& $1', other: 'Bob' }), 'Hello {other} $& $1 and Bob');
});

test('a rich text is escaped and isolates names of any direction [check 98]', () => {
  const some = createTexts({ lang: 'en', a: '{name} & <b>' });
  assert.equal(some.rich('a', { name: '<i>"\'&' }), '<bdi>&lt;i&gt;&#34;&#39;&amp;</bdi> &amp; &lt;b&gt;');
});

test('a missing text or parameter is a bug that throws', () => {
  assert.throws(() => texts.text('sentences.nothing'), /No text for "sentences.nothing"/);
  assert.throws(() => texts.text('sentences.password_short'), /needs "min"/);
  assert.throws(() => createTexts({ lang: 'en', a: 3 }), /neither a text nor a group/);
});

test('texts from elsewhere stand beside those of the catalogue, and replace none', () => {
  const file = new URL('views/texts/en.json', root);
  const more = { 'grid-card': { title: 'Enter letters' }, kinds: { 'grid-card': { offer: 'Letters of {name}' } } };
  const all = loadTexts(file, more);
  assert.equal(all.text('grid-card.title'), 'Enter letters');
  assert.equal(all.text('kinds.grid-card.offer', { name: 'my card' }), 'Letters of my card');
  assert.equal(all.text('kinds.recovery.offer'), texts.text('kinds.recovery.offer'));
  assert.throws(() => loadTexts(file, { kinds: { totp: { offer: 'Another' } } }), /kinds\.totp\.offer/);
  assert.throws(() => loadTexts(file, { kinds: { totp: 'Another' } }), /kinds\.totp/);
});
