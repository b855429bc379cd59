import { guarded } from './mutation.ts';

const contract = 'test/contract/password-resets.test.ts';
const flow = 'test/flow/reset.test.ts';
const guardedFlow = 'test/flow/reset-guarded.test.ts';
const places = 'test/unit/places.test.ts';

/** A forgotten password. */
export const reset = [
  ...guarded(
    [contract],
    [
      { guard: 'reset-active-account', replace: ['active: true, ', ''] },
      { guard: 'reset-once', replace: ['sessionVersion, ', ''] },
      { guard: 'reset-own-mailbox', replace: [', email: mailbox', ''] },
      { guard: 'reset-opens-password' },
      { guard: 'reset-ends-sign-ins' },
    ],
  ),
  ...guarded(
    [places],
    [{ guard: 'link-mail-rough-place', replace: ['await deps.places.of(origin.address)', 'origin.address'] }],
  ),
  ...guarded(
    [flow],
    [
      { guard: 'reset-keeps-guesses-app', replace: ["flow.purpose === 'reset'", 'false'] },
      { guard: 'reset-keeps-guesses-codes', replace: ["flow.purpose === 'reset'", 'false'] },
      { guard: 'reset-keeps-guesses-delivered', replace: ["flow.purpose === 'reset'", 'false'] },
      { guard: 'right-answer-in-reset-free' },
      { guard: 'reset-codes-own-notice', replace: ["purpose === 'reset'", 'purpose === undefined'] },
      { guard: 'reset-factor-first', replace: ['isProved || account.factors.length === 0', 'isProved !== undefined'] },
      { guard: 'fifth-wrong-ends-reset', replace: ["attempt.challenge.tries >= triesPerChallenge ? 'over' : ", ''] },
      { guard: 'pass-resets-no-password' },
      {
        guard: 'reset-mailbox-no-factor',
        replace: ["independence({ ...place, as: 'factor' }, { here: [link] }, now).counts", 'true'],
      },
      { guard: 'reset-browser-known' },
      { guard: 'password-change-told-known-browser', replace: ['!known?.accounts.includes(id)', 'id === known?.id'] },
      { guard: 'reset-begun-once', replace: [' || step.attempt.revision > 0', ''] },
      { guard: 'reset-account-unchanged', replace: ['stillProved(current, attempt)', 'current'] },
      { guard: 'reset-password-rules', replace: [', ...defined({ username })', ''] },
      { guard: 'reset-mail-unawaited', replace: ['void', 'await'] },
      { guard: 'link-mail-failure-untold', replace: ['} catch (cause) {', '} catch (cause) {\n      throw cause;'] },
      { guard: 'mail-site-of-issuer', replace: ["'/account', issuer", "'/account', 'https://other.example'"] },
    ],
  ),
  ...guarded(
    [guardedFlow],
    [
      { guard: 'reset-stage-not-jumped', replace: ['guard.stages?.includes(stage)', 'true'] },
      { guard: 'reset-own-browser', replace: [':${holder}', ''] },
      { guard: 'reset-link-own-mailbox', replace: ['same?.email === address', 'address'] },
      { guard: 'reset-not-after-rescue', replace: ['judged.counts', 'judged'] },
      { guard: 'reset-link-within-budget', replace: ['await mayBeSent(asked, named?.email ?? identifier)', 'asked'] },
      { guard: 'disabled-sent-no-reset', replace: ['account?.active', 'account'] },
      { guard: 'link-of-account-as-mailed' },
      { guard: 'resets-per-address', replace: ['limits.registrationsPerHour', '0'] },
      { guard: 'reset-form-limited' },
    ],
  ),
];
