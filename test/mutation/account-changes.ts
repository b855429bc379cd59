import { guarded } from './mutation.ts';

const attackUnmarked = 'test/flow/attack-unmarked.test.ts';
const factorChanges = 'test/contract/factor-changes.test.ts';
const accountWaysGuarded = 'test/flow/account-ways-guarded.test.ts';
const accountWays = 'test/flow/account-ways.test.ts';
const accountPassword = 'test/flow/account-password.test.ts';
const passwordChanges = 'test/contract/password-changes.test.ts';
const accountRecovery = 'test/flow/account-recovery.test.ts';

export const accountChanges = [
  ...guarded(
    [factorChanges, attackUnmarked],
    [{ guard: 'unmarked-set-keeps-level', replace: ['withLevel]', "'$recovery']"] }],
  ),
  ...guarded(
    [factorChanges],
    [
      { guard: 'rename-active-account', replace: ['active: true, ', ''] },
      { guard: 'rename-as-read', replace: ['sessionVersion, ', ''] },
      { guard: 'no-other-kind-since', replace: ['$nin: kinds', '$in: kinds.slice(0, 0)'] },
      { guard: 'two-step-off-kinds-as-read', replace: ['{ ...unlessOff, ...withoutOtherKinds(kinds) }', 'unlessOff'] },
      { guard: 'prefer-active-account', replace: ['active: true, ', ''] },
      { guard: 'prefer-own-factor', replace: ['held', '(held ? {} : held)'] },
      { guard: 'remove-active-account', replace: ['active: true, ', ''] },
      { guard: 'remove-as-read', replace: ['sessionVersion, ', ''] },
      { guard: 'remove-own-factor', replace: ['[held]', '[{ active: true }]'] },
      { guard: 'last-factor-stays', replace: ['[held, another', 'another === undefined ? [] : [held'] },
      { guard: 'staying-factor-can-be-asked', replace: ['$in: beside', '$nin: beside === undefined ? [] : [""]'] },
      { guard: 'removal-ends-sign-ins', replace: [', sessionVersion', ', 0 * sessionVersion'] },
      { guard: 'removal-ends-devices', replace: [', securityVersion', ', 0 * securityVersion'] },
      { guard: 'codes-go-with-last-factor', replace: ['unlessLast(marked)', 'marked'] },
      { guard: 'switch-goes-with-last-factor', replace: ["unlessLast('$twoStepOff')", "'$twoStepOff'"] },
      { guard: 'two-step-active-account', replace: ['active: true, ', ''] },
      { guard: 'two-step-as-read', replace: ['sessionVersion, ', ''] },
      { guard: 'two-step-off-with-factors', replace: [', factors: { $ne: [] }', ''] },
    ],
  ),
  ...guarded(
    [accountWays],
    [
      { guard: 'needed-factor-not-removed' },
      {
        guard: 'store-told-one-stays',
        replace: [' beside: kinds ', ''],
        secondGuardOf: 'remove-as-read',
        tests: [accountWaysGuarded],
      },
      { guard: 'two-step-demanded-stays-on' },
      { guard: 'removal-keeps-own-session', replace: ['{ session: session.id ', 'session ? {} : {'] },
      { guard: 'two-step-keeps-own-session', replace: ['{ session: session.id ', 'session ? {} : {'] },
    ],
  ),
  ...guarded(
    [accountWaysGuarded],
    [{ guard: 'removal-needs-fresh-proof', replace: ["fresh('remove_way')", "{ who: 'signed-in' } as const"] }],
  ),
  ...guarded(
    [accountRecovery],
    [
      { guard: 'codes-need-fresh-proof', replace: ["fresh('make_codes')", "{ who: 'signed-in' } as const"] },
      { guard: 'new-codes-shown-fresh', replace: ["fresh('make_codes')", "{ who: 'signed-in' } as const"] },
      { guard: 'old-codes-replaced-fresh', replace: ["fresh('make_codes')", "{ who: 'signed-in' } as const"] },
    ],
  ),
  ...guarded(
    [accountRecovery],
    [
      { guard: 'codes-need-factor', replace: ['&& account.factors.length > 0 ', ''] },
      { guard: 'codes-good-when-kept', replace: [' && current === form.set', ''] },
      { guard: 'codes-saved-as-shown', replace: [' && pending.salt === form.set', ''] },
    ],
  ),
  ...guarded([accountRecovery], [{ guard: 'adding-saves-own-codes', replace: ['!== adding.kind', "=== ''"] }]),
  ...guarded(
    [passwordChanges],
    [
      { guard: 'password-change-active-account', replace: ['active: true, ', ''] },
      { guard: 'password-change-as-read', replace: ['sessionVersion, ', ''] },
      { guard: 'password-change-as-verified', replace: [', passwordHash: from', ''] },
      { guard: 'password-change-gives-back-guesses', replace: [', ...given', ''] },
      { guard: 'password-change-ends-sign-ins' },
    ],
  ),
  ...guarded(
    [accountPassword],
    [
      { guard: 'current-password-needed', replace: ['verified === undefined', 'found === undefined'] },
      { guard: 'current-password-guess-taken', replace: ['deps.now()', 'new Date(0)'] },
      {
        guard: 'waiting-current-not-judged',
        replace: ["found?.guess.state === 'taken' && found.account.id", 'found && found.account.id'],
      },
      { guard: 'changed-password-rules', replace: [', email, ', ", email: '', "] },
      { guard: 'changed-password-another', replace: ["current.normalize('NFC') ===", "'' ==="] },
      { guard: 'password-change-keeps-own-session', replace: ['{ session: session.id ', 'session ? {} : {'] },
      {
        guard: 'password-change-needs-fresh-proof',
        replace: ["fresh('change_password')", "{ who: 'signed-in' } as const"],
      },
      { guard: 'current-password-charged' },
      { guard: 'current-password-known-browser', replace: [', ...defined({ known })', ''] },
    ],
  ),
];
