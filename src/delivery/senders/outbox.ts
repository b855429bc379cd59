import { DeliveryError, type Mailer, type OutgoingMail } from '../mailer.ts';
import type { OutgoingSms, TextSender } from '../sms.ts';
import { isMailAddress } from './mail-address.ts';

export interface Outbox extends Mailer {
  /** Oldest first. */
  readonly mails: readonly (OutgoingMail & { readonly sentAt: Date })[];
  /** Oldest first. */
  readonly texts: readonly (OutgoingSms & { readonly sentAt: Date })[];
  /** Texts to phones end here too. */
  readonly phone: TextSender;
}

const most = 200;
const numberShape = /^\+[1-9][0-9]{6,14}$/;

/** A mailer and a sender of texts for development and tests: nothing leaves the process, the last 200 of each can be read. Production refuses it. */
export function outbox({ now = () => new Date() }: { readonly now?: () => Date } = {}): Outbox {
  const mails: (OutgoingMail & { readonly sentAt: Date })[] = [];
  const texts: (OutgoingSms & { readonly sentAt: Date })[] = [];
  return {
    mails,
    texts,
    async send(mail) {
      if (!isMailAddress(mail.to)) throw new DeliveryError('refused', 'malformed');
      mails.push({ ...mail, sentAt: now() });
      mails.splice(0, mails.length - most);
    },
    phone: {
      kind: 'text',
      async send(sms) {
        if (!numberShape.test(sms.to)) throw new DeliveryError('refused', 'not_a_number');
        texts.push({ ...sms, sentAt: now() });
        texts.splice(0, texts.length - most);
      },
    },
  };
}
