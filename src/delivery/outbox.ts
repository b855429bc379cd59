import { DeliveryError, type Mailer, type OutgoingMail } from '../accounts/mailer.ts';
import { isMailAddress } from './mail-address.ts';

export interface Outbox extends Mailer {
  /** Oldest first. */
  readonly mails: readonly (OutgoingMail & { readonly sentAt: Date })[];
}

const mostMails = 200;

/** A mailer for development and tests: nothing leaves the process, the last 200 mails can be read. Production refuses it. */
export function outbox({ now = () => new Date() }: { readonly now?: () => Date } = {}): Outbox {
  const mails: (OutgoingMail & { readonly sentAt: Date })[] = [];
  return {
    mails,
    async send(mail) {
      if (!isMailAddress(mail.to)) throw new DeliveryError('refused', 'malformed');
      mails.push({ ...mail, sentAt: now() });
      mails.splice(0, mails.length - mostMails);
    },
  };
}
