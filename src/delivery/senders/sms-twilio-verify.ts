import { defined } from '../../platform/defined.ts';
import { DeliveryError } from '../mailer.ts';
import type { OpenVerifications } from '../open-verifications.ts';
import type { VerificationSender } from '../sms.ts';
import { type TwilioAccount, twilioApi, twilioCode } from './twilio-api.ts';

export interface TwilioVerifySettings extends TwilioAccount {
  readonly verifyServiceSid: string;
}

/** How long Twilio keeps a verification. */
const lifeMilliseconds = 10 * 60_000;

const gone = 20404;
const tooManyChecks = 60202;
const invalidParameter = 60200;

/** Twilio Verify: makes, sends and judges the code. It keeps one verification per number and sends its code again to whoever asks, so that two sign-ins would share one: the newer ends the older. */
export function twilioVerify(
  settings: TwilioVerifySettings,
  { open, now }: { readonly open: OpenVerifications; readonly now: () => Date },
): VerificationSender {
  const twilio = twilioApi(settings);
  const service = settings.verifyServiceSid;

  /** One that is over already is ended too; where Twilio does not say so, no other is begun. */
  async function end(reference: string): Promise<void> {
    try {
      await twilio.ask(({ verify }) =>
        verify.v2.services(service).verifications(reference).update({ status: 'canceled' }),
      );
    } catch (error) {
      if (twilioCode(error) !== gone) throw error;
    }
  }

  async function statusAfter(verificationSid: string, code: string): Promise<string> {
    try {
      const checked = await twilio.ask(({ verify }) =>
        verify.v2.services(service).verificationChecks.create({ verificationSid, code }),
      );
      return checked.status;
    } catch (error) {
      if (twilioCode(error) === invalidParameter) return 'pending';
      if (twilioCode(error) === gone || twilioCode(error) === tooManyChecks) return 'over';
      throw error;
    }
  }

  return {
    kind: 'verification',

    async start(to) {
      const earlier = await open.find(to, now());
      if (earlier !== undefined) await end(earlier);
      const started = await twilio.ask(({ verify }) =>
        verify.v2.services(service).verifications.create({ to, channel: 'sms' }),
      );
      const at = now();
      const verification = { number: to, reference: started.sid, now: at };
      const expiresAt = new Date(at.getTime() + lifeMilliseconds);
      const mine = await open.replace({ ...verification, expiresAt, ...defined({ earlier }) });
      if (!mine) throw new DeliveryError('later', 'overtaken');
      return started.sid;
    },

    /** Twilio approves a code once, but says so to everybody who asks at that moment: spending our own record decides. */
    async check(reference, code) {
      if (!(await open.holds(reference, now()))) return 'over';
      const status = await statusAfter(reference, code);
      if (status === 'pending') return 'wrong';
      return status === 'approved' && (await open.spend(reference, now())) ? 'right' : 'over';
    },
  };
}
