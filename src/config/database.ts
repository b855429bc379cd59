import { ConnectionString } from 'mongodb-connection-string-url';

/** Whatever a connection string may say that loosens what guarantees rest on: majority writes, and reads of the primary. */
const loosening: readonly { readonly names: readonly string[]; readonly allowed: readonly string[] }[] = [
  { names: ['w'], allowed: ['majority'] }, // guard: writes-majority
  { names: ['journal', 'j'], allowed: ['true'] },
  { names: ['readPreference'], allowed: ['primary'] }, // guard: reads-primary
  { names: ['readConcernLevel'], allowed: ['local', 'majority', 'linearizable'] },
  { names: ['retryWrites'], allowed: ['true'] },
];

/** What is wrong with the connection string, in sentences that never quote it: it holds a password. */
export function checkDatabase(uri: string | undefined, report: (path: string, sentence: string) => void): void {
  if (uri === undefined) return;
  const read = parsed(uri);
  if (!read) {
    report(
      'database.uri',
      'cannot be read; write %, @, : and / inside the user name and the password as %25, %40, %3A and %2F',
    );
    return;
  }
  for (const [name, value] of read.searchParams) {
    const rule = loosening.find(({ names }) => names.some((each) => each.toLowerCase() === name.toLowerCase())); // guard: loosening-option-spelling
    if (rule && !rule.allowed.includes(value))
      report(
        'database.uri',
        `sets ${name}, which loosens what guarantees rest on; leave it out, or set ${rule.allowed.join(' or ')}`,
      );
  }
}

function parsed(uri: string): ConnectionString | undefined {
  try {
    const read = new ConnectionString(uri);
    decodeURIComponent(read.username);
    decodeURIComponent(read.password);
    return read;
  } catch {
    return undefined;
  }
}
