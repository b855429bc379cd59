import { env } from 'node:process';

/** The address of a database of its own, by name, on the real server that `npm test` starts for the whole run. */
export function testDatabaseUri(name: string): string {
  const uri = new URL(given('TWOFOLD_TEST_MONGODB_URI'));
  uri.pathname = `/${name}`;
  return uri.href;
}

/** The program itself, for tests that start servers of their own. */
export function mongodPath(): string {
  return given('TWOFOLD_MONGOD');
}

function given(variable: string): string {
  const value = env[variable];
  if (value === undefined || value === '') {
    throw new Error(
      `${variable} is not set. These tests need a real MongoDB: run them by \`npm test\`, which brings one.`,
    );
  }
  return value;
}
