import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mailCourier } from '../../src/delivery/couriers.ts';
import { linkMail } from '../../src/delivery/link-mail.ts';
import { mailedNotices } from '../../src/delivery/notices.ts';
import { places } from '../../src/delivery/senders/places.ts';
import { shortenedAddress } from '../../src/protection/network.ts';
import { faultsOf } from '../support/config-folder.ts';
import { placeDatabase, savedDatabase } from '../support/place-database.ts';

const content = placeDatabase({
  '192.0.2': {
    city: { names: { en: 'Zürich, on the lake', de: 'Zürich' } },
    country: { names: { en: 'Switzerland', de: 'Schweiz' } },
  },
  '198.51.100': { country: { names: { en: 'Iceland' } }, registered_country: { names: { en: 'Norway' } } },
  '203.0.113': { continent: { names: { en: 'Asia' } } },
});

function lookUp(t: TestContext, file: Buffer | string | undefined, language = 'en') {
  const reported: unknown[] = [];
  const database = file === undefined ? undefined : savedDatabase(t, file);
  const found = places({ database, language, report: (cause) => reported.push(cause) });
  return { of: found.of, reported };
}

test('an address is shortened to what tells its network, in every spelling; what is none tells nothing', () => {
  const shortened: Readonly<Record<string, string | undefined>> = {
    '192.0.2.7': '192.0.2.x',
    ' 192.0.2.77 ': '192.0.2.x',
    '::ffff:192.0.2.7': '192.0.2.x',
    '::FFFF:c000:207': '192.0.2.x',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:x',
    '2001:0DB8:0001::1': '2001:db8:1:x',
    '2001:db8::7': '2001:db8:0:x',
    'fe80::1%eth0': 'fe80:0:0:x',
    '::1': '0:0:0:x',
    '': undefined,
    unknown: undefined,
    '192.0.2': undefined,
    '192.0.2.7:443': undefined,
    '2001:db8::1/64': undefined,
    'call 0900::/64': undefined,
  };
  for (const [address, short] of Object.entries(shortened)) assert.equal(shortenedAddress(address), short, address);
  assert.equal(shortenedAddress(undefined), undefined);
});

test('without a database the place is the shortened address', async (t) => {
  const { of } = lookUp(t, undefined);
  assert.equal(await of('192.0.2.7'), '192.0.2.x');
  assert.equal(await of('2001:db8:1:2::7'), '2001:db8:1:x');
  assert.equal(await of(undefined), undefined);
  assert.equal(await of('<b>'), undefined);
});

test('the database tells city and country, or the country; an address that it does not know is shortened', async (t) => {
  const { of, reported } = lookUp(t, content);
  assert.equal(await of('192.0.2.7'), 'Zürich, on the lake, Switzerland');
  assert.equal(await of('::ffff:192.0.2.7'), 'Zürich, on the lake, Switzerland');
  assert.equal(await of('198.51.100.1'), 'Iceland');
  for (const unknown of ['203.0.113', '10.9.8']) assert.equal(await of(`${unknown}.7`), `${unknown}.x`);
  assert.equal(await of('2001:db8:1:2::7'), '2001:db8:1:x');
  assert.equal(await of('fe80::1%eth0'), 'fe80:0:0:x');
  assert.equal(await of(undefined), undefined);
  assert.deepEqual(reported, []);
});

test('names are told in the language of the mail or not at all', async (t) => {
  const { of } = lookUp(t, content, 'de');
  assert.equal(await of('192.0.2.7'), 'Zürich, Schweiz');
  assert.equal(await of('198.51.100.1'), '198.51.100.x');
});

test('a database that broke after the start costs the place and nothing else, and is reported', async (t) => {
  const hollow = Buffer.from(content);
  hollow.fill(0xff, hollow.indexOf('city') - 2, hollow.indexOf('MaxMind.com') - 3);
  for (const broken of ['no database', '', hollow]) {
    const { of, reported } = lookUp(t, broken);
    assert.equal(await of('192.0.2.7'), '192.0.2.x');
    assert.equal(reported.length, 1);
  }
});

test('a place database that is missing, broken or of another kind is a fault of the configuration', (t) => {
  const faultsWith = (file: string) => faultsOf(t, { NODE_ENV: 'development', TWOFOLD_PLACE_DATABASE: file }).join();
  const saved = (file: Buffer | string) => savedDatabase(t, file);
  const named = /^mail\.placeDatabase \(TWOFOLD_PLACE_DATABASE\): /;
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['/none.mmdb', /none\.mmdb cannot be read/],
    [process.cwd(), /cannot be read/],
    [saved(''), /no whole MMDB file/],
    [saved('no database'), /no whole MMDB file/],
    [saved(content.subarray(0, content.length - 200)), /no whole MMDB file/],
    [saved(placeDatabase({}, 'GeoLite2-ASN')), /holds no places/],
  ];
  for (const [file, why] of wrong) {
    assert.match(faultsWith(file), named);
    assert.match(faultsWith(file), why);
  }
  for (const type of [
    'GeoLite2-City',
    'GeoIP2-Country',
    'DBIP-City-Lite',
    'DBIP-Location-of-every-address (compat=City)',
  ])
    assert.equal(faultsWith(saved(placeDatabase({ '192.0.2': {} }, type))), '', type);
});

test('codes and notices tell the place and never the whole address', async () => {
  const told: Readonly<Record<string, unknown>>[] = [];
  const report = () => assert.fail();
  const given = {
    mailer: { send: async () => {} },
    letters: {
      sms: () => '',
      mail: async (_: string, facts: Readonly<Record<string, unknown>>) => {
        told.push(facts);
        return { subject: '', text: '', html: '' };
      },
    },
    places: places({ language: 'en', report }),
    site: 'https://login.example.com/account',
  };
  const origin = { address: '192.0.2.7', browser: 'Firefox', requestId: 'r1' };
  const message = { code: '012345', destination: 'ada@example.com', view: 'sign-in-code', client: 'Acme', origin };
  await mailCourier(given).deliver(message);
  const who = { to: 'ada@example.com', accountId: 'ada', actor: 'owner' };
  const links = { make: async () => ({ url: 'https://login.example.com/link/not_me/t', expiresAt: new Date() }) };
  await mailedNotices({ ...given, links, report }).tell({ ...who, event: 'factor_added', at: new Date(), origin });
  const link = { to: 'ada@example.com', purpose: 'reset', url: 'https://login.example.com/link', origin } as const;
  await linkMail({ ...given, report, now: () => new Date() })({ ...link, expiresAt: new Date() });
  assert.deepEqual(
    told.map(({ place, browser }) => [place, browser]),
    Array(3).fill(['192.0.2.x', 'Firefox']),
  );
  assert.doesNotMatch(JSON.stringify(told), /192\.0\.2\.7/);
});
