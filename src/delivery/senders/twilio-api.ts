import type { Twilio } from 'twilio';
import { defined } from '../../platform/defined.ts';
import { DeliveryError } from '../mailer.ts';
import { type Fault, faultOfSilence, faultOfStatus } from './http-fault.ts';

export interface TwilioAccount {
  readonly accountSid: string;
  readonly authToken?: string;
  /** An API key and its secret instead of the account's token: it can be withdrawn alone. */
  readonly apiKey?: string;
  readonly apiKeySecret?: string;
  readonly edge?: string;
  readonly region?: string;
  /** Another origin than Twilio's, such as a recording proxy or a test's server. */
  readonly baseUrl?: string;
  readonly timeoutMilliseconds?: number;
}

export interface TwilioApi {
  /** Asks once. Rejects with a DeliveryError. */
  ask<Answer>(question: (client: Twilio) => Promise<Answer>): Promise<Answer>;
}

/** Twilio's numbers (https://www.twilio.com/docs/api/errors); any other is told by its HTTP status. */
const faults: Readonly<Record<number, Fault>> = {
  14107: ['later', 'rate_limited'],
  20003: ['refused', 'credentials'],
  20429: ['later', 'rate_limited'],
  21211: ['refused', 'not_a_number'],
  21408: ['refused', 'country_blocked'],
  21610: ['refused', 'opted_out'],
  21611: ['later', 'rate_limited'],
  21614: ['refused', 'not_a_number'],
  60200: ['refused', 'not_a_number'],
  60203: ['later', 'rate_limited'],
  60205: ['refused', 'not_a_number'],
  60207: ['later', 'rate_limited'],
  60212: ['later', 'rate_limited'],
  60220: ['refused', 'country_blocked'],
  60410: ['refused', 'country_blocked'],
  60605: ['refused', 'country_blocked'],
};

/** What is kept of an answer for the log: Twilio's message repeats the number, its client's error the request with the credentials. */
interface TwilioFault {
  readonly code?: unknown;
  readonly status?: unknown;
}

/** Twilio's number for what went wrong, where it answered at all. */
export function twilioCode(error: unknown): unknown {
  return error instanceof DeliveryError ? (error.cause as TwilioFault | undefined)?.code : undefined;
}

export function twilioApi(account: TwilioAccount): TwilioApi {
  const { timeoutMilliseconds = 5000 } = account;
  let client: Promise<Twilio> | undefined;
  return {
    async ask(question) {
      client ??= connect(account, timeoutMilliseconds);
      // What could not be loaded once is tried again with the next text.
      client.catch(() => {
        client = undefined;
      });
      const answer = question(await client);
      try {
        return await within(timeoutMilliseconds, answer);
      } catch (error) {
        throw notDelivered(error as TwilioFault);
      }
    },
  };
}

/** Twilio's client takes 170 ms and 20 MB: only who uses it pays. */
async function connect(account: TwilioAccount, timeout: number): Promise<Twilio> {
  const { accountSid, authToken, apiKey, apiKeySecret, edge, region, baseUrl } = account;
  const { default: twilio } = await import('twilio');
  // Messages has no idempotency key: tried again, a text arrives twice. A connection kept idle may be dropped just when a
  // text is on its way; then nobody knew, so each text has a connection of its own.
  const httpClient = new twilio.RequestClient({ timeout, autoRetry: false, keepAlive: false });
  if (baseUrl !== undefined) {
    const request = httpClient.request.bind(httpClient);
    httpClient.request = (options) => request({ ...options, uri: elsewhere(options.uri, baseUrl) });
  }
  return twilio(apiKey ?? accountSid, apiKey === undefined ? authToken : apiKeySecret, {
    accountSid,
    httpClient,
    ...defined({ edge, region }),
  });
}

function elsewhere(uri: string, origin: string): string {
  const { pathname, search } = new URL(uri);
  return new URL(pathname + search, origin).href;
}

/** The client's own time-out begins anew with every byte, so a dripping answer would outlast it. */
function within<Answer>(milliseconds: number, answer: Promise<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const late = () => reject(Object.assign(new Error('too late'), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function notDelivered({ code, status }: TwilioFault): DeliveryError {
  const answered = typeof status === 'number';
  const [failure, reason] = answered ? (faults[Number(code)] ?? faultOfStatus(status)) : faultOfSilence(code);
  const sentence = answered ? `Twilio answered ${status}` : 'Twilio did not answer';
  return new DeliveryError(
    failure,
    reason,
    Object.assign(new Error(sentence), { code, ...(answered ? { status } : {}) }),
  );
}
