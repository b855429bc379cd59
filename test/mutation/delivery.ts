import { guarded } from './mutation.ts';

const mailer = 'test/contract/mailer.test.ts';
const mailAddress = 'test/unit/mail-address.test.ts';
const waysRoundEnrolment = 'test/flow/ways-round-enrolment.test.ts';
const notices = 'test/unit/notices.test.ts';
const places = 'test/unit/places.test.ts';

export const delivery = [
  ...guarded(
    [mailer],
    [
      { guard: 'smtp-tls-beyond-loopback', replace: ['!secure && !loopback.test(host)', 'false'] },
      { guard: 'malformed-recipient-refused' },
      { guard: 'mail-auto-submitted', replace: ["'Auto-Submitted': 'auto-generated', ", ''] },
      { guard: 'smtp-greeting-name' },
      { guard: 'smtp-dropped-connection-retry', replace: ['1', '0'] },
    ],
  ),
  ...guarded(
    [mailAddress],
    [
      { guard: 'recipient-one-address', replace: ['parts.length !== 2 || ', ''] },
      { guard: 'recipient-local-part-plain', replace: ['localPart.test(local) && ', ''] },
      { guard: 'recipient-domain-plain', replace: [".split('.').every((part) => label.test(part))", " !== ''"] },
    ],
  ),
  ...guarded(
    [places],
    [
      { guard: 'notice-rough-place', replace: ['await deps.places.of(origin.address)', 'origin.address'] },
      {
        guard: 'notice-failure-undoes-nothing',
        replace: ['}', '  throw cause;\n      }'],
        tests: [waysRoundEnrolment],
      },
    ],
  ),
  ...guarded(
    [notices],
    [
      { guard: 'notice-deniable', replace: ['!answerless.has(event)', 'true'] },
      { guard: 'notice-own-link', replace: [', subject: randomId()', ''] },
      { guard: 'linkless-notice-sent', replace: ['return undefined', 'throw cause'] },
    ],
  ),
  ...guarded(
    [places],
    [{ guard: 'code-mail-rough-place', replace: ['await places.of(origin.address)', 'origin.address'] }],
  ),
  ...guarded(
    [places],
    [
      { guard: 'place-failure-costs-no-mail', replace: ['return', 'throw cause;\n        return'] },
      { guard: 'unknown-place-shortened', replace: ['shortened', 'address'] },
    ],
  ),
];
