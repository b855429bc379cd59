import { linesOf } from './mutation.ts';

export const delivery = [
  ...linesOf(
    'src/delivery/smtp-mailer.ts',
    ['test/contract/mailer.test.ts'],
    [
      {
        why: 'Beyond loopback no mail is sent in the clear.',
        find: 'requireTLS: !secure && !loopback.test(host),',
        replace: 'requireTLS: false,',
      },
      {
        why: 'A malformed recipient is refused before anything leaves.',
        find: "      if (!isMailAddress(to)) throw new DeliveryError('refused', 'malformed');\n",
        replace: '',
      },
      {
        why: 'No machine answers a mail.',
        find: "'Auto-Submitted': 'auto-generated', ",
        replace: '',
      },
      {
        why: 'A mail server is greeted by a name that it takes.',
        find: '...(name === undefined ? {} : { name }),',
        replace: '',
      },
      {
        why: 'A kept connection that was dropped costs no mail.',
        find: 'maxRequeues: 1,',
        replace: 'maxRequeues: 0,',
      },
    ],
  ),
  ...linesOf(
    'src/delivery/mail-address.ts',
    ['test/unit/mail-address.test.ts'],
    [
      {
        why: 'A recipient is one address.',
        find: 'if (parts.length !== 2 || address.length > 254',
        replace: 'if (address.length > 254',
      },
      {
        why: 'A recipient’s local part cannot be read in two ways.',
        find: 'return localPart.test(local) && domain',
        replace: 'return domain',
      },
      {
        why: 'A recipient’s domain cannot be read in two ways.',
        find: "return localPart.test(local) && domain.split('.').every((part) => label.test(part));",
        replace: "return localPart.test(local) && domain !== '';",
      },
    ],
  ),
  ...linesOf(
    'src/delivery/notices.ts',
    ['test/flow/ways-round-enrolment.test.ts'],
    [
      {
        why: 'A notice tells a rough place.',
        find: 'await deps.places.of(origin.address)',
        replace: 'origin.address',
        tests: ['test/unit/places.test.ts'],
      },
      {
        why: 'A notice that cannot be mailed undoes nothing.',
        find: '        deps.report(cause);\n',
        replace: '        deps.report(cause);\n        throw cause;\n',
      },
    ],
  ),
  ...linesOf(
    'src/accounts/couriers.ts',
    ['test/unit/places.test.ts'],
    [
      {
        why: 'A mailed code tells a rough place.',
        find: 'await places.of(origin.address)',
        replace: 'origin.address',
      },
    ],
  ),
  ...linesOf(
    'src/delivery/places.ts',
    ['test/unit/places.test.ts'],
    [
      {
        why: 'A place that cannot be looked up costs no mail.',
        find: '        report(cause);\n',
        replace: '        report(cause);\n        throw cause;\n',
      },
      {
        why: 'An address that the database does not know is shortened.',
        find: '(await find(database, address)) ?? shortened',
        replace: '(await find(database, address)) ?? address',
      },
    ],
  ),
];
