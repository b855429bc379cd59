import { guarded } from './mutation.ts';

const contract = 'test/contract/links.test.ts';
const newPlace = 'test/unit/new-place.test.ts';
const newPlaceFlow = 'test/flow/new-place.test.ts';
const seenPlaces = 'test/contract/seen-places.test.ts';
const denials = 'test/contract/denials.test.ts';
const deny = 'test/unit/deny.test.ts';
const flow = 'test/flow/links.test.ts';
const openedLink = 'test/unit/opened-link.test.ts';
const requestLog = 'test/unit/request-log.test.ts';

export const links = [
  ...guarded(
    [contract],
    [
      { guard: 'reset-link-one-hour', replace: ['hour', '2 * hour'] },
      { guard: 'link-256-bits', replace: ['32', '16'] },
      { guard: 'newest-link-alone', replace: ['purpose, subject', 'purpose, randomId()'] },
      { guard: 'nobodys-link-none', replace: ['stored?.accountId === undefined', '!stored'] },
      { guard: 'link-taken-once', replace: ['takenBy: use.holderHash', 'purpose: use.purpose'] },
      { guard: 'link-own-purpose' },
      { guard: 'link-ends' },
      { guard: 'taken-link-own-browser' },
    ],
  ),
  ...guarded([denials], [{ guard: 'denial-raises-once', replace: [', deniedBy: { $ne: link }', ''] }]),
  ...guarded([seenPlaces], [{ guard: 'place-added-once', replace: [", 'seenPlaces.key': { $ne: key }", ''] }]),
  ...guarded(
    [newPlace],
    [
      { guard: 'known-browser-no-notice' },
      { guard: 'seen-place-no-command' },
      { guard: 'new-place-once', replace: ['!before || ', '!before ? false : '] },
      { guard: 'first-sign-in-untold', replace: ['before.length === 0 && ', 'before.length < 0 && '] },
      { guard: 'new-places-bounded', replace: ['>= noticesPerDay', '< 0'] },
    ],
  ),
  ...guarded(
    [newPlaceFlow],
    [
      { guard: 'finished-sign-in-place' },
      {
        guard: 'place-key-no-address',
        replace: [
          "mac(JSON.stringify([shortenedAddress(address) ?? '', browser]), 'seen-place').split('.')",
          "['', `${address}${browser}`]",
        ],
      },
    ],
  ),
  ...guarded([deny], [{ guard: 'denied-once', replace: ['if (taken.first) ', ''] }]),
  ...guarded(
    [openedLink],
    [
      { guard: 'opened-link-own-purpose', replace: ['${purpose}', ''] },
      { guard: 'opened-link-one-hour', replace: [' || found.until <= now().getTime()', ''] },
      { guard: 'link-holder-random', replace: ['randomId(32)', "'holder'"] },
    ],
  ),
  ...guarded(
    [requestLog],
    [{ guard: 'link-token-not-logged', replace: ['/\\/link[/.].*/gis, withoutToken', "'', ''"] }],
  ),
  ...guarded(
    [flow],
    [
      { guard: 'link-needs-own-cookie', replace: ['!opened', 'opened === null'] },
      { guard: 'link-form-own-browser', replace: [':${holder}', ''] },
      { guard: 'link-leads-on', replace: ['!link || ', '!link?.taken || '] },
      { guard: 'link-address-untold' },
      { guard: 'link-token-leaves-address', replace: ['linkPath(purpose)', 'ctx.path'] },
    ],
  ),
];
