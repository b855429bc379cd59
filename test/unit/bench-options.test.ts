import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, usage } from '../../bench/options.ts';

const usual = {
  parts: ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up'],
  accounts: 6_000,
  rounds: 4,
  perRound: 400,
  processes: 2,
  offered: 200,
  seconds: 20,
  heap: 10_000,
  out: 'bench/latest.json',
};

test('without a word every row is measured, and nothing that takes long besides', () => {
  assert.deepEqual(readOptions([]), usual);
});

test('parts are chosen by name, in whatever order, and measured in ours', () => {
  assert.deepEqual(readOptions(['--only', 'sso']).parts, ['sso']);
  assert.deepEqual(readOptions(['--only', 'refresh, sso']).parts, ['sso', 'refresh']);
  assert.deepEqual(readOptions(['--only', 'heap,sign-in']).parts, ['sign-in', 'heap']);
  assert.deepEqual(readOptions(['--only', 'sso,sso']).parts, ['sso']);
});

test('a part that takes long is measured once its size is given', () => {
  const added = (...args: readonly string[]) => readOptions(args).parts;
  assert.deepEqual(added('--processes', '3'), ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up', 'processes']);
  assert.deepEqual(added('--offered', '50'), ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up', 'offered']);
  assert.deepEqual(added('--heap', '1000'), ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up', 'heap']);
  assert.deepEqual(added('--only', 'sso', '--heap', '1000', '--offered', '50'), ['sso', 'offered', 'heap']);
});

test('its size is a usual one where it is chosen by name alone', () => {
  const { parts, processes, offered, seconds, heap } = readOptions(['--only', 'processes,offered,heap']);
  assert.deepEqual(parts, ['processes', 'offered', 'heap']);
  assert.deepEqual([processes, offered, seconds, heap], [2, 200, 20, 10_000]);
});

test('every size is read as it is given', () => {
  const sizes = ['--accounts', '1000000', '--rounds', '2', '--sign-ins', '25', '--processes', '4'];
  const more = ['--offered', '30', '--seconds', '5', '--heap', '500', '--out', '/tmp/figures.json'];
  assert.deepEqual(readOptions([...sizes, ...more]), {
    parts: ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up', 'processes', 'offered', 'heap'],
    accounts: 1_000_000,
    rounds: 2,
    perRound: 25,
    processes: 4,
    offered: 30,
    seconds: 5,
    heap: 500,
    out: '/tmp/figures.json',
  });
});

test('the seconds of an offered rate alone choose no part', () => {
  assert.deepEqual(readOptions(['--seconds', '5']), { ...usual, seconds: 5 });
});

test('the environment says how much where the command line does not', () => {
  const env = { BENCH_ROUNDS: '1', BENCH_SIGN_INS: '20' };
  assert.deepEqual(readOptions([], env), { ...usual, rounds: 1, perRound: 20 });
  assert.deepEqual(readOptions(['--rounds', '3', '--sign-ins', '30'], env), { ...usual, rounds: 3, perRound: 30 });
});

test('a part that is none is named', () => {
  assert.throws(() => readOptions(['--only', 'sso,introspection']), { message: '--only: there is no introspection' });
  assert.throws(() => readOptions(['--only', '']), { message: '--only: there is no part without a name' });
  assert.throws(() => readOptions(['--only', 'sso,']), { message: '--only: there is no part without a name' });
});

test('a size that is none is named, with the least that makes sense', () => {
  const refused = (name: string, value: string, least: number) =>
    assert.throws(() => readOptions([`${name}=${value}`]), {
      message: `${name} must be a whole number from ${least} on`,
    });
  for (const value of ['0', '-1', '1.5', '1e3', 'many', '', ' 5', '1234567890']) refused('--accounts', value, 1);
  refused('--rounds', '0', 1);
  refused('--sign-ins', '0', 1);
  refused('--processes', '1', 2);
  refused('--offered', '0', 1);
  refused('--heap', '9', 10);
});

test('the environment is judged like the command line', () => {
  assert.throws(() => readOptions([], { BENCH_ROUNDS: 'four' }), {
    message: '--rounds must be a whole number from 1 on',
  });
});

test('what is no option at all is refused', () => {
  assert.throws(() => readOptions(['--account', '5']), { code: 'ERR_PARSE_ARGS_UNKNOWN_OPTION' });
  assert.throws(() => readOptions(['sso']), { code: 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' });
});

test('the usage names every option and every part', () => {
  for (const name of ['only', 'accounts', 'rounds', 'sign-ins', 'processes', 'offered', 'seconds', 'heap', 'out'])
    assert.match(usage, new RegExp(`--${name} <`), name);
  for (const part of ['sign-in', 'remembered', 'sso', 'refresh', 'sign-up', 'processes', 'offered', 'heap'])
    assert.match(usage, new RegExp(`\\b${part}\\b`), part);
});
