import { createHmac } from 'node:crypto';
import { randomId } from '../../platform/random.ts';
import { DeliveryError } from '../mailer.ts';
import type { TextSender } from '../sms.ts';
import { faultOfSilence, faultOfStatus } from './http-fault.ts';

export interface GatewaySettings {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMilliseconds?: number;
}

/**
 * Any other service, behind a few lines of the installation's own: POST {to, text, id} as JSON. `Twofold-Timestamp` holds
 * seconds since 1970, `Twofold-Signature` the HMAC-SHA256 of "<timestamp>.<body>" as hex: the receiver refuses what is not
 * signed or is old, and drops an id that it has seen. Any 2xx means handed over.
 */
export function smsGateway(settings: GatewaySettings, { now }: { readonly now: () => Date }): TextSender {
  const { url, secret, timeoutMilliseconds = 5000 } = settings;
  return {
    kind: 'text',
    async send({ to, text }) {
      const body = JSON.stringify({ to, text, id: randomId() });
      const timestamp = `${Math.floor(now().getTime() / 1000)}`;
      const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
      const status = await post(url, {
        body,
        headers: {
          'content-type': 'application/json',
          'twofold-timestamp': timestamp,
          'twofold-signature': signature,
        },
        // A redirect would hand the code to whoever the answer names.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      if (status < 200 || status >= 300) throw errorOf(status);
    },
  };
}

async function post(url: string, request: RequestInit): Promise<number> {
  try {
    const { status, body } = await fetch(url, { ...request, method: 'POST' });
    // Nothing in it matters; left unread it would hold the connection.
    await body?.cancel();
    return status;
  } catch (error) {
    throw silence(error as Error & { cause?: { code?: unknown } });
  }
}

function errorOf(status: number): DeliveryError {
  const [failure, reason] = faultOfStatus(status);
  return new DeliveryError(failure, reason, Object.assign(new Error('the gateway answered'), { status }));
}

function silence({ name, cause }: Error & { cause?: { code?: unknown } }): DeliveryError {
  const code = cause?.code ?? name;
  const [failure, reason] = faultOfSilence(code);
  return new DeliveryError(failure, reason, Object.assign(new Error('the gateway did not answer'), { code }));
}
