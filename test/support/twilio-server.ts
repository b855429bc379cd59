import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

type Form = Readonly<Record<string, string>>;
type Answer = readonly [status: number, body: Readonly<Record<string, unknown>> | string];
/** Twilio's next answer instead of its own: an error by number, anything else as it stands, silence, an answer a byte at a time, a dropped connection. */
type Instead = { readonly error: number } | { readonly answer: Answer } | 'stall' | 'drip' | 'drop';

interface Verification {
  readonly sid: string;
  readonly to: string;
  readonly code: string;
  sends: number;
  checks: number;
}

export interface TwilioServer {
  readonly url: string;
  /** Forms of every request that came with the right credentials, by path. */
  readonly asked: readonly { readonly path: string; readonly form: Form }[];
  /** Texts that would have reached a phone, those of Verify too. */
  readonly texts: readonly { readonly to: string; readonly body: string }[];
  instead(...answers: readonly Instead[]): void;
}

export const account = {
  accountSid: `AC${'a1'.repeat(16)}`,
  authToken: 'an auth token of nobody 4711',
  verifyServiceSid: `VA${'b2'.repeat(16)}`,
};
const refusedNumbers: Readonly<Record<string, number>> = {
  '+15005550001': 21211,
  '+15005550003': 21408,
  '+15005550004': 21610,
};

/** Status and sentence as https://www.twilio.com/docs/api/errors lists them. */
const errors: Readonly<Record<number, readonly [number, string]>> = {
  20003: [401, 'Authenticate'],
  20404: [404, 'The requested resource was not found'],
  20429: [429, 'Too Many Requests'],
  20500: [500, 'Internal Server Error'],
  20503: [503, 'Service Unavailable'],
  21211: [400, "The 'To' number {to} is not a valid phone number."],
  21408: [400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."],
  21604: [400, "A 'To' phone number is required."],
  21610: [400, 'Attempt to send to unsubscribed recipient {to}: {body}'],
  60200: [400, 'Invalid parameter: {to}{code}'],
  60202: [429, 'Max check attempts reached'],
  60203: [429, 'Max send attempts reached'],
  60410: [403, 'The destination phone number {to} has been temporarily blocked by our fraud detection services'],
};

function failure(number: number, form: Form): Answer {
  const [status, sentence] = errors[number] ?? [400, 'Unknown'];
  const message = sentence
    .replace('{to}', form.To ?? '')
    .replace('{body}', form.Body ?? '')
    .replace('{code}', form.Code ?? '');
  return [status, { code: number, message, more_info: `https://www.twilio.com/docs/errors/${number}`, status }];
}

/** Messages (2010-04-01) and Verify (v2) as Twilio documents them, as far as this project asks. */
export async function twilioServer(
  t: TestContext,
  { username = account.accountSid, password = account.authToken } = {},
): Promise<TwilioServer> {
  const asked: { path: string; form: Form }[] = [];
  const texts: { to: string; body: string }[] = [];
  const waiting: Instead[] = [];
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const api = { ...messages(texts), ...verify(texts) };

  const server = createServer(async (request, response) => {
    const form = await readForm(request);
    const path = request.url ?? '';
    if (request.headers.authorization !== authorization) return reply(response, failure(20003, form));
    asked.push({ path, form });
    const instead = waiting.shift();
    if (instead === 'stall') return;
    if (instead === 'drop') return request.socket.destroy();
    if (instead === 'drip') return drip(response);
    if (instead) return reply(response, 'error' in instead ? failure(instead.error, form) : instead.answer);
    const [, handle] =
      Object.entries(api).find(([shape]) => new RegExp(`^POST ${shape}$`).test(`${request.method} ${path}`)) ?? [];
    reply(response, handle?.(form, path) ?? failure(20404, form));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, texts, instead: (...answers) => waiting.push(...answers) };
}

type Handler = (form: Form, path: string) => Answer;

function messages(texts: { to: string; body: string }[]): Readonly<Record<string, Handler>> {
  return {
    [`/2010-04-01/Accounts/${account.accountSid}/Messages\\.json`]: (form) => {
      const { To: to, Body: body, From: from, MessagingServiceSid: service } = form;
      if (!to) return failure(21604, form);
      const refused = refusedNumbers[to];
      if (refused) return failure(refused, form);
      texts.push({ to, body: body ?? '' });
      const addressed = { to, from: from ?? null, messaging_service_sid: service ?? null, body: body ?? '' };
      const sid = `SM${randomBytes(16).toString('hex')}`;
      const dates = { date_created: 'Sun, 01 Jan 2030 00:00:00 +0000', date_updated: null, date_sent: null };
      const state = { status: 'queued', error_code: null, error_message: null, direction: 'outbound-api' };
      const counts = { num_segments: '1', num_media: '0', price: null, price_unit: 'USD' };
      const names = { sid, account_sid: account.accountSid, api_version: '2010-04-01', uri: `/${sid}.json` };
      return [201, { ...names, ...addressed, ...dates, ...state, ...counts, subresource_uris: {} }];
    },
  };
}

/** One open verification per number, the same code again to whoever asks; gone once it is approved, canceled or out of tries. */
function verify(texts: { to: string; body: string }[]): Readonly<Record<string, Handler>> {
  const open = new Map<string, Verification>();
  const bySid = (sid: string | undefined) => [...open.values()].find((one) => one.sid === sid);
  const root = `/v2/Services/${account.verifyServiceSid}`;
  const shown = ({ sid, to, sends }: Verification, status: string) => ({
    ...{ sid, to, status, channel: 'sms', valid: status === 'approved', amount: null, payee: null },
    ...{ service_sid: account.verifyServiceSid, account_sid: account.accountSid, lookup: {}, sna: null },
    send_code_attempts: Array.from({ length: sends }, () => ({ time: '2030-01-01T00:00:00Z', channel: 'SMS' })),
    ...{ date_created: '2030-01-01T00:00:00Z', date_updated: '2030-01-01T00:00:00Z', url: `${root}/${sid}` },
  });
  const begin = (to: string): Verification => {
    const code = Array.from({ length: 6 }, () => randomInt(10)).join('');
    const begun = { sid: `VE${randomBytes(16).toString('hex')}`, to, code, sends: 0, checks: 0 };
    open.set(to, begun);
    return begun;
  };
  return {
    [`${root}/Verifications`]: (form) => {
      const { To: to = '', Channel: channel } = form;
      if (channel !== 'sms' || !/^\+[1-9]\d{7,14}$/.test(to)) return failure(60200, form);
      const one = open.get(to) ?? begin(to);
      if (one.sends >= 5) return failure(60203, form);
      one.sends += 1;
      texts.push({ to, body: `Your verification code is: ${one.code}` });
      return [201, shown(one, 'pending')];
    },
    [`${root}/Verifications/VE[0-9a-f]{32}`]: (form, path) => {
      const one = bySid(path.split('/').at(-1));
      if (!one) return failure(20404, form);
      if (form.Status !== 'canceled') return failure(60200, form);
      open.delete(one.to);
      return [200, shown(one, 'canceled')];
    },
    [`${root}/VerificationCheck`]: (form) => {
      const one = bySid(form.VerificationSid);
      if (!one) return failure(20404, form);
      if (!/^\d{4,10}$/.test(form.Code ?? '')) return failure(60200, form);
      if (one.checks >= 5) return failure(60202, form);
      one.checks += 1;
      if (form.Code !== one.code) return [200, shown(one, 'pending')];
      open.delete(one.to);
      return [200, shown(one, 'approved')];
    },
  };
}

async function readForm(request: IncomingMessage): Promise<Form> {
  const type = request.headers['content-type'] ?? '';
  const body = Buffer.concat(await request.toArray()).toString();
  return type.startsWith('application/x-www-form-urlencoded') ? Object.fromEntries(new URLSearchParams(body)) : {};
}

function reply(response: ServerResponse, [status, body]: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(text);
}

function drip(response: ServerResponse): void {
  response.writeHead(201, { 'content-type': 'application/json' });
  const dripping = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(dripping));
}
