import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

const credentials = ['password', 'secret', 'client_secret', 'authorization', 'cookie', 'set-cookie', 'keys', 'jwks'];
const shortLived = ['code', 'token', 'access_token', 'refresh_token', 'id_token', 'id_token_hint', 'code_verifier'];
const enrolment = ['otpauth', 'qr', 'sealedSecret', 'forgery'];
const secretNames = [...credentials, ...shortLived, ...enrolment];
const folded = new Set(secretNames.map(fold));
const redacted = '[redacted]';
const maximumDepth = 6;

/** JSON lines, one per event; pino writes CR, LF and quotes as JSON escapes, so no value can forge a line. */
export function createLog({ level, stream }: { readonly level: LogLevel; readonly stream?: DestinationStream }): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (entry) => redactMembers(entry, 0) },
      // The formatter has already described the error; pino's own serializer would add every member it carries.
      serializers: { err: (described: unknown) => described },
      // pino does not show a child's bindings to the formatter.
      redact: { paths: secretNames.map((name) => `["${name}"]`), censor: redacted }, // guard: child-log-redacted
    },
    ...(stream ? [stream] : []),
  );
}

function fold(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, ''); // guard: secret-names-any-spelling
}

/** By name at any depth: pino's own paths end at the depth somebody thought of. */
function redactMembers(entry: object, depth: number): Record<string, unknown> {
  const members = Object.entries(entry);
  return Object.fromEntries(
    members.map(([name, value]) => [name, folded.has(fold(name)) ? redacted : redact(value, depth + 1)]), // guard: secrets-not-logged
  );
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > maximumDepth) return '[deep]';
  if (value instanceof Error) return describeError(value, depth); // guard: error-members-named
  if (ArrayBuffer.isView(value)) return '[binary]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return redactMembers(value, depth);
}

/** These members of an error and no others: a driver's error may carry the document, the query or the mail it failed on. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
  };
}
