import type { DeliveryFailure, DeliveryReason } from '../mailer.ts';

export type Fault = readonly [DeliveryFailure, DeliveryReason];

/** What an HTTP answer that is no success means (RFC 9110 section 15). After most 5xx nobody knows whether the text went. */
export function faultOfStatus(status: number): Fault {
  if (status === 503) return ['later', 'http_5xx'];
  if (status >= 500) return ['unreachable', 'http_5xx'];
  if (status === 429) return ['later', 'rate_limited'];
  if (status === 401 || status === 403) return ['refused', 'credentials'];
  return ['refused', status >= 400 ? 'http_4xx' : 'http_3xx'];
}

const timeouts: ReadonlySet<unknown> = new Set([
  'ETIMEDOUT',
  'ECONNABORTED',
  'UND_ERR_CONNECT_TIMEOUT',
  'TimeoutError',
]);

/** No answer: nobody knows whether the text went. `code` is the system's word for it, such as ECONNREFUSED. */
export function faultOfSilence(code: unknown): Fault {
  return ['unreachable', timeouts.has(code) ? 'timeout' : 'connection'];
}
