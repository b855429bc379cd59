import type { TextSender } from '../sms.ts';
import { type TwilioAccount, twilioApi } from './twilio-api.ts';

export interface TwilioMessagesSettings extends TwilioAccount {
  /** A number or name of ours, or a service that chooses one. */
  readonly from?: string;
  readonly messagingServiceSid?: string;
}

/** A code lives no longer, and a text that waited longer in Twilio's queue would only confuse. */
const validityPeriod = 300;

/** Twilio Messages: carries texts of ours. */
export function twilioMessages(settings: TwilioMessagesSettings): TextSender {
  const twilio = twilioApi(settings);
  const { from, messagingServiceSid } = settings;
  const sender = messagingServiceSid === undefined ? { from: from ?? '' } : { messagingServiceSid };
  return {
    kind: 'text',
    async send({ to, text }) {
      await twilio.ask(({ messages }) => messages.create({ to, body: text, validityPeriod, ...sender }));
    },
  };
}
