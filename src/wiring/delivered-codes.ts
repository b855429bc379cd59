import { type Courier, type Letters, mailCourier, textCourier, verificationCourier } from '../delivery/couriers.ts';
import { type DeliveredCodes, deliveredCodes } from '../delivery/delivered-codes.ts';
import { smsSender } from '../delivery/senders/sms-sender.ts';
import type { SmsSender } from '../delivery/sms.ts';
import { type SendBudget, sendBudget } from '../protection/send-budget.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Delivery } from './delivery.ts';

/** Codes by mail and text: who carries them, within which budgets. */
export function deliveredCodesOf(
  { config, cipher, log, now }: Base,
  { openVerifications }: Core,
  { delivery, sendBudget }: { readonly delivery: Delivery; readonly sendBudget: SendBudget },
): DeliveredCodes {
  const { letterbox, letters } = delivery;
  const sender = smsSender(config.sms, { outbox: letterbox, openVerifications, log, now });
  const host = new URL(config.issuer).hostname;
  return deliveredCodes({
    cipher,
    sendBudget,
    couriers: {
      mail: mailCourier(delivery),
      ...(sender ? { sms: phoneCourier(sender, letters, host) } : {}),
    },
    digits: config.factors.codeDigits,
    now,
  });
}

function phoneCourier(sender: SmsSender, letters: Letters, host: string): Courier {
  switch (sender.kind) {
    case 'text':
      return textCourier({ sender, letters, host });
    case 'verification':
      return verificationCourier({ sender });
  }
}

/** One for all that is sent: codes, and links that are asked for. */
export function sendBudgetOf({ config, log }: Base, core: Core): SendBudget {
  return sendBudget({
    ...core,
    limits: config.sendBudgets,
    alarm: (limit) => log.error({ limit }, 'a limit on what is sent is reached'),
  });
}
