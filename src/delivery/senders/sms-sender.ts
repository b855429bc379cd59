import { phoneFault } from '../../accounts/phone.ts';
import type { Log } from '../../platform/log.ts';
import { DeliveryError } from '../mailer.ts';
import type { OpenVerifications } from '../open-verifications.ts';
import type { SmsSender } from '../sms.ts';
import type { Outbox } from './outbox.ts';
import { dryRun } from './sms-dry-run.ts';
import { smsGateway } from './sms-gateway.ts';
import { twilioMessages } from './sms-twilio.ts';
import { twilioVerify } from './sms-twilio-verify.ts';
import type { TwilioAccount } from './twilio-api.ts';

/** As the configuration tells it; its guards see to it that the chosen sender has what it needs. */
export interface SmsSettings {
  readonly sender: 'none' | 'outbox' | 'dry-run' | 'twilio' | 'twilio-verify' | 'gateway';
  /** Countries whose phones may be texted. */
  readonly countries: readonly string[];
  readonly twilio: Partial<TwilioAccount> & {
    readonly from?: string;
    readonly messagingServiceSid?: string;
    readonly verifyServiceSid?: string;
  };
  readonly gateway: { readonly url?: string; readonly secret?: string };
}

interface Surroundings {
  readonly outbox: Outbox | undefined;
  readonly openVerifications: OpenVerifications;
  readonly log: Pick<Log, 'info'>;
  readonly now: () => Date;
}

/** Undefined: no phone is ever texted. */
export function smsSender(settings: SmsSettings, surroundings: Surroundings): SmsSender | undefined {
  const sender = chosen(settings, surroundings);
  return sender && within(settings.countries, sender);
}

function chosen({ sender, twilio, gateway }: SmsSettings, around: Surroundings): SmsSender | undefined {
  switch (sender) {
    case 'none':
      return undefined;
    case 'outbox':
      return need(around.outbox, 'outbox').phone;
    case 'dry-run':
      return dryRun(around);
    case 'twilio':
      return twilioMessages({ ...twilio, accountSid: need(twilio.accountSid, 'sms.twilio.accountSid') });
    case 'twilio-verify': {
      const accountSid = need(twilio.accountSid, 'sms.twilio.accountSid');
      const verifyServiceSid = need(twilio.verifyServiceSid, 'sms.twilio.verifyServiceSid');
      return twilioVerify(
        { ...twilio, accountSid, verifyServiceSid },
        { open: around.openVerifications, now: around.now },
      );
    }
    case 'gateway':
      return smsGateway(
        { url: need(gateway.url, 'sms.gateway.url'), secret: need(gateway.secret, 'sms.gateway.secret') },
        around,
      );
  }
}

function need<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw new Error(`${name} is missing`);
  return value;
}

/** Asked again before every text, whoever checked before: numbers were entered under older rules, and strangers who earn on texts would have us pay (toll fraud). */
function within(countries: readonly string[], sender: SmsSender): SmsSender {
  const judge = (to: string) => {
    const fault = phoneFault(to, countries);
    if (fault) throw new DeliveryError('refused', fault);
  };
  if (sender.kind === 'text') {
    return {
      kind: 'text',
      async send(sms) {
        judge(sms.to);
        await sender.send(sms);
      },
    };
  }
  return {
    kind: 'verification',
    check: sender.check,
    async start(to) {
      judge(to);
      return sender.start(to);
    },
  };
}
