import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Env, faultsOf, load, sound } from '../support/config-folder.ts';

const sid = (prefix: string) => `${prefix}${'0a'.repeat(16)}`;
const kinds = { TWOFOLD_FACTOR_KINDS: 'totp,sms' };
const countries = { TWOFOLD_SMS_COUNTRIES: 'GB, DE' };
const twilio = { TWOFOLD_TWILIO_ACCOUNT_SID: sid('AC'), TWOFOLD_TWILIO_AUTH_TOKEN: 'token' };
const gateway = { TWOFOLD_SMS_GATEWAY_URL: 'https://sms.example.com/', TWOFOLD_SMS_GATEWAY_SECRET: 'x'.repeat(32) };

const whole: Record<string, Env> = {
  none: {},
  'dry-run': countries,
  twilio: { ...countries, ...twilio, TWOFOLD_TWILIO_FROM: '+12025550100' },
  'twilio-verify': { ...countries, ...twilio, TWOFOLD_TWILIO_VERIFY_SERVICE_SID: sid('VA') },
  gateway: { ...countries, ...gateway },
};
for (const [sender, env] of Object.entries(whole)) {
  test(`sms.sender ${sender} is complete with its own settings alone`, (t) => {
    const offered = sender === 'none' ? {} : kinds;
    assert.equal(load(t, { ...sound, ...offered, TWOFOLD_SMS_SENDER: sender, ...env }).sms.sender, sender);
  });
}

test('[check 107] unless configuration says so no phone is texted, and no country is allowed', (t) => {
  const { sms } = load(t, sound);
  assert.deepEqual([sms.sender, sms.countries], ['none', []]);
});

test('development and tests show texts in the outbox', (t) => {
  for (const environment of ['development', 'test'])
    assert.equal(load(t, { NODE_ENV: environment }).sms.sender, 'outbox');
});

const missing: Record<string, readonly string[]> = {
  outbox: ['sender', 'countries'],
  'dry-run': ['countries'],
  twilio: ['countries', 'twilio.accountSid', 'twilio.authToken', 'twilio.from'],
  'twilio-verify': ['countries', 'twilio.accountSid', 'twilio.authToken', 'twilio.verifyServiceSid'],
  gateway: ['countries', 'gateway.url', 'gateway.secret'],
};
for (const [sender, paths] of Object.entries(missing)) {
  test(`[check 119] sms.sender ${sender} tells all that it lacks at once`, (t) => {
    const faults = faultsOf(t, { ...sound, ...kinds, TWOFOLD_SMS_SENDER: sender });
    assert.deepEqual(
      faults.map((fault) => fault.split(' ')[0]),
      paths.map((path) => `sms.${path}`),
    );
  });
}

const wrong: Record<string, { readonly env: Env; readonly fault: RegExp }> = {
  'a name of a country that is no code': { env: { TWOFOLD_SMS_COUNTRIES: 'UK' }, fault: /^sms\.countries.*ISO 3166/ },
  'a code in lower case': { env: { TWOFOLD_SMS_COUNTRIES: 'gb' }, fault: /^sms\.countries.*ISO 3166/ },
  'a code of no country': { env: { TWOFOLD_SMS_COUNTRIES: 'GB,QX' }, fault: /^sms\.countries.*ISO 3166/ },
  'a short secret': { env: { TWOFOLD_SMS_GATEWAY_SECRET: 'hunter2' }, fault: /^sms\.gateway\.secret.*32 characters/ },
  '[check 120] a gateway in the clear': {
    env: { TWOFOLD_SMS_GATEWAY_URL: 'http://sms.example.com/' },
    fault: /^sms\.gateway\.url.*https/,
  },
  'a gateway with a password in its address': {
    env: { TWOFOLD_SMS_GATEWAY_URL: 'https://me:hunter2@sms.example.com/' },
    fault: /^sms\.gateway\.url/,
  },
  '[check 120] another Twilio in the clear': {
    env: { TWOFOLD_TWILIO_BASE_URL: 'http://twilio.example.com' },
    fault: /^sms\.twilio\.baseUrl.*https/,
  },
  'an API key in place of the account': {
    env: { TWOFOLD_TWILIO_ACCOUNT_SID: sid('SK') },
    fault: /^sms\.twilio\.accountSid.*AC/,
  },
  'an API key without its secret': {
    env: { TWOFOLD_TWILIO_API_KEY: sid('SK') },
    fault: /^sms\.twilio\.apiKeySecret .*missing/,
  },
  'an API key beside the auth token': {
    env: { ...twilio, TWOFOLD_TWILIO_API_KEY: sid('SK'), TWOFOLD_TWILIO_API_KEY_SECRET: 'hunter2' },
    fault: /^sms\.twilio\.apiKey .*beside/,
  },
  'two senders': {
    env: { TWOFOLD_TWILIO_FROM: 'Twofold', TWOFOLD_TWILIO_MESSAGING_SERVICE_SID: sid('MG') },
    fault: /^sms\.twilio\.messagingServiceSid .*beside/,
  },
  'a sender that no phone shows': { env: { TWOFOLD_TWILIO_FROM: 'A name of over 11' }, fault: /^sms\.twilio\.from/ },
  'an outbox of texts for everybody': {
    env: { NODE_ENV: 'development', TWOFOLD_MAIL_TRANSPORT: 'smtp', TWOFOLD_HOST: '0.0.0.0' },
    fault: /^host .*outbox/,
  },
};
for (const [what, { env, fault }] of Object.entries(wrong)) {
  test(`${what} is a fault, told without its value`, (t) => {
    const faults = faultsOf(t, { ...sound, ...env });
    assert.ok(
      faults.some((one) => fault.test(one)),
      faults.join('\n'),
    );
    assert.ok(!faults.join().includes('hunter2'));
  });
}

test('the origin of this very machine may stand in for Twilio, for tests', (t) => {
  const env = { TWOFOLD_TWILIO_BASE_URL: 'http://127.0.0.1:4010' };
  assert.equal(load(t, { ...sound, ...env }).sms.twilio.baseUrl, 'http://127.0.0.1:4010');
});
