import { guarded } from './mutation.ts';

const slots = 'test/unit/slots.test.ts';
const helpAsked = 'test/flow/help-asked.test.ts';
const rescueFlow = 'test/flow/rescue.test.ts';
const rescueChannels = 'test/flow/rescue-channels.test.ts';
const rescueFactor = 'test/unit/rescue-factor.test.ts';
const rescues = 'test/contract/rescues.test.ts';
const channels = 'test/unit/channels.test.ts';

export const rescue = [
  ...guarded(
    [channels],
    [
      { guard: 'rescue-a-day-after-reset', replace: ["rescue: 'a-day-apart'", "rescue: 'apart'"] },
      { guard: 'reset-a-day-after-rescue', replace: ["reset: 'a-day-apart'", "reset: 'apart'"] },
      { guard: 'reset-and-rescue-a-day-apart', replace: ['24', '23'] },
      { guard: 'channel-one-proof-per-sign-in', replace: ['before(used) && ', 'used.at > now && '] },
      { guard: 'channel-in-all-spellings', replace: ['foldedRecipient(destination)', 'destination'] },
    ],
  ),
  ...guarded(
    [slots],
    [{ guard: 'slot-held-its-whole-time', replace: ['{ limit: 1, milliseconds }', '{ limit: 2, milliseconds }'] }],
  ),
  ...guarded(
    [helpAsked],
    [
      { guard: 'help-three-an-hour', replace: ['limit: 3', 'limit: 4'] },
      { guard: 'help-limit-sends-nothing' },
      { guard: 'help-limited-in-all' },
      { guard: 'nobody-to-write-to', replace: ['if (administrators) ', ''] },
      { guard: 'help-mail-rough-place', replace: ['await deps.places.of(origin.address)', 'origin.address'] },
      { guard: 'help-mail-failure-untold', replace: ['deps.report(cause)', 'throw cause'] },
    ],
  ),
  ...guarded(
    [rescueFlow],
    [
      { guard: 'administrators-not-rescued', replace: ['rescue.exceptRoles.includes(role)', "role === ''"] },
      { guard: 'rescue-not-for-more' },
      { guard: 'rescue-in-known-browser' },
      { guard: 'browser-known-to-account', replace: ['known?.accounts.includes(id)', 'known'] },
      { guard: 'rescue-never-offered', replace: ['!chosenAlone', 'chosenAlone !== undefined || !chosenAlone'] },
      { guard: 'rescue-judged-at-each-step', replace: [' || !rescueByMail(step)?.open', ''] },
      { guard: 'rescue-code-own-purpose', replace: ["factor.forLost ? 'rescue' : 'sign-in'", "'sign-in'"] },
      { guard: 'rescue-code-costs-tries', replace: [" || purpose === 'rescue'", ''] },
      { guard: 'lost-ways-every-address-told', replace: ['mailboxesOf(step.account)', '[]'] },
    ],
  ),
  ...guarded(
    [rescueChannels],
    [
      { guard: 'rescue-a-day-after-the-reset', replace: ['if (!independent.counts)', 'if (false)'] },
      { guard: 'one-mailbox-not-rescued' },
      { guard: 'closed-rescue-sends-nothing' },
      {
        guard: 'rescue-mailbox-not-suggested',
        replace: ['provesTwice(own, { account, proofs }, now)', 'now === undefined'],
      },
      { guard: 'rescue-mailbox-no-new-way' },
    ],
  ),
  ...guarded(
    [rescueFactor],
    [
      { guard: 'rescue-code-own-address', replace: [' || sent.destination !== address', ''] },
      { guard: 'rescue-code-matches' },
      { guard: 'rescue-code-spent-first' },
      { guard: 'rescue-accepted-once-used', replace: ['!rescued', 'rescued === null'] },
    ],
  ),
  ...guarded(
    [rescues],
    [
      { guard: 'rescue-active-account', replace: [' active: true,', ''] },
      { guard: 'rescue-as-proved', replace: [', sessionVersion }', ' }'] },
    ],
  ),
];
