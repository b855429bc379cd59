import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Level } from '../../src/factors/factor.ts';
import { type AreaChange, levelNeeded, proofChanges } from '../../src/sign-in/policy/proof-changes.ts';
import { blank, start } from '../support/totp-account.ts';

const kinds = [
  { kind: 'totp', level: '2fa' },
  { kind: 'email', level: '2fa-email' },
  { kind: 'sms', level: '2fa-sms' },
] as const;

const holding = (held: string) => ({
  ...blank,
  factors: held
    .split(' ')
    .filter(Boolean)
    .map((kind) => ({ id: kind, kind, name: '', createdAt: start, lastUsedAt: start })),
});

test('the table of what binds, replaces, weakens or removes a proof, cell by cell', () => {
  assert.deepEqual(proofChanges, {
    first_way: { needs: 'mailbox', makes: 'kind' },
    add_way: { needs: 'strongest', makes: 'kind' },
    rename_way: { needs: 'strongest', makes: 'nothing' },
    prefer_way: { needs: 'strongest', makes: 'nothing' },
    remove_way: { needs: 'strongest', makes: 'nothing' },
    two_step_off: { needs: 'strongest', makes: 'nothing' },
    two_step_on: { needs: 'any', makes: 'nothing' },
    make_codes: { needs: 'strongest', makes: 'making' },
    change_password: { needs: 'strongest', makes: 'nothing' },
    end_session: { needs: 'any', makes: 'nothing' },
    end_others: { needs: 'any', makes: 'nothing' },
    forget_device: { needs: 'any', makes: 'nothing' },
    forget_devices: { needs: 'any', makes: 'nothing' },
    revoke_application: { needs: 'any', makes: 'nothing' },
    reset_factors: { needs: 'command-line', makes: 'nothing' },
  });
});

const accounts = ['', 'email', 'sms', 'totp', 'email sms', 'totp email', 'totp sms', 'totp email sms'];
const strongest: readonly Level[] = ['1fa', '2fa-email', '2fa-sms', '2fa', '2fa-sms', '2fa', '2fa', '2fa'];
const any: readonly Level[] = [
  '1fa',
  '2fa-email',
  '2fa-email',
  '2fa-email',
  '2fa-email',
  '2fa-email',
  '2fa-email',
  '2fa-email',
];

const needed: Readonly<Record<AreaChange, readonly Level[]>> = {
  add_way: strongest,
  rename_way: strongest,
  prefer_way: strongest,
  remove_way: strongest,
  two_step_off: strongest,
  make_codes: strongest,
  change_password: strongest,
  two_step_on: any,
  end_session: any,
  end_others: any,
  forget_device: any,
  forget_devices: any,
  revoke_application: any,
};

for (const [change, levels] of Object.entries(needed) as [AreaChange, readonly Level[]][]) {
  test(`${change} asks each account for the level of its row`, () => {
    const asked = accounts.map((held) => levelNeeded(kinds, holding(held), change));
    assert.deepEqual(asked, levels);
  });
}

test('the table is read and never written', () => {
  assert.throws(() => Object.assign(proofChanges.add_way, { needs: 'any' }), TypeError);
  assert.throws(() => Object.assign(proofChanges, { more: {} }), TypeError);
});
