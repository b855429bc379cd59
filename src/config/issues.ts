import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const kinds: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
};

/** Says in words what the schema found, naming the path. Values are never quoted: any of them may be a secret. */
export function describeIssues(
  issues: readonly Issue[],
  input: unknown,
  report: (path: string, sentence: string) => void,
): void {
  for (const issue of issues) {
    const path = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') report(path, describe(issue, input));
    else
      for (const key of issue.keys)
        report([...issue.path, key].join('.'), 'is not a setting; remove it or correct its name');
  }
}

function describe(issue: Issue, input: unknown): string {
  if (at(input, issue.path) === undefined) return 'is missing; set it';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? notShorter(issue)
        : `must be ${issue.minimum} or more`;
    case 'too_big':
      return issue.origin === 'string'
        ? `must have at most ${issue.maximum} characters`
        : `must be ${issue.maximum} or less`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
    case 'custom':
      return issue.message;
    default:
      return 'is not valid';
  }
}

/** A schema that names a longer least length brings its own sentence. */
function notShorter(issue: Extract<Issue, { code: 'too_small' }>): string {
  return issue.message.startsWith('must ') ? issue.message : 'must not be empty';
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
