import type { MailedLinks } from '../delivery/links.ts';
import type { PasswordReset } from '../sign-in/password-reset.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { type BackChannel, backChannelOf } from './back-channel.ts';
import { type Base, baseOf, type Surroundings } from './base.ts';
import { type Cookies, cookiesOf } from './cookies.ts';
import { type Core, core as coreOf } from './core.ts';
import { deliveredCodesOf, sendBudgetOf } from './delivered-codes.ts';
import { type Delivery, deliveryOf } from './delivery.ts';
import { factorsOf, type Proving } from './factors.ts';
import { type Limits, limitsOf } from './limits.ts';
import { linksOf } from './links.ts';
import { type Protocol, protocolOf } from './protocol.ts';
import { passwordResetOf } from './reset.ts';
import { signInOf } from './sign-in.ts';

/** Every room, composed: what the routes are made of. */
export interface Rooms {
  readonly base: Base;
  readonly cookies: Cookies;
  readonly links: MailedLinks;
  readonly delivery: Delivery;
  readonly core: Core;
  readonly limits: Limits;
  readonly proving: Proving;
  readonly protocol: Protocol;
  readonly backChannel: BackChannel;
  readonly signIn: SignIn;
  readonly reset: PasswordReset;
}

/** From the ground up: each room stands on those before it. */
export function roomsOf(given: Surroundings): Rooms {
  const base = baseOf(given);
  const cookies = cookiesOf(base);
  const links = linksOf(base);
  const delivery = deliveryOf(base, links);
  const core = coreOf(base.config, base.database, { notices: delivery.notices, now: base.now });
  const limits = limitsOf(base, core);
  const sendBudget = sendBudgetOf(base, core);
  const proving = factorsOf(base, core, deliveredCodesOf(base, core, { delivery, sendBudget }));
  const protocol = protocolOf(base, core, cookies);
  const backChannel = backChannelOf(base, core, protocol);
  const signIn = signInOf(base, core, { proving, delivery, limits, protocol });
  const reset = passwordResetOf(base, core, { proving, delivery, protocol, links, sendBudget });
  return { base, cookies, links, delivery, core, limits, proving, protocol, backChannel, signIn, reset };
}
