import { maskedPhone } from '../../accounts/phone.ts';
import type { Log } from '../../platform/log.ts';
import type { TextSender } from '../sms.ts';

/** Sends nothing and logs that a text would go, without number and words: what a day's texts would cost can be counted before they do. */
export function dryRun({ log }: { readonly log: Pick<Log, 'info'> }): TextSender {
  return {
    kind: 'text',
    async send({ to }) {
      log.info({ to: maskedPhone(to) }, 'a text would be sent');
    },
  };
}
