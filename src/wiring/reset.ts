import type { MailedLinks } from '../delivery/links.ts';
import type { SendBudget } from '../protection/send-budget.ts';
import { resetLinkPage, resetPages } from '../routes/link/reset.ts';
import type { ResetDeps } from '../routes/link/reset-realm.ts';
import { type PasswordReset, passwordReset } from '../sign-in/password-reset.ts';
import type { Base } from './base.ts';
import type { Core } from './core.ts';
import type { Delivery } from './delivery.ts';
import type { Proving } from './factors.ts';
import type { Protocol } from './protocol.ts';
import type { Rooms } from './rooms.ts';

interface Parts {
  readonly proving: Proving;
  readonly delivery: Pick<Delivery, 'linkMail' | 'report'>;
  readonly protocol: Pick<Protocol, 'clients' | 'own'>;
  readonly links: MailedLinks;
  readonly sendBudget: SendBudget;
}

/** Every use case of a lost password. */
export function passwordResetOf({ config, now }: Base, core: Core, parts: Parts): PasswordReset {
  const { proving, delivery, protocol, links, sendBudget } = parts;
  const { clients, own } = protocol;
  return passwordReset({
    ...core,
    ...proving,
    ...delivery,
    links,
    sendBudget,
    resets: core.passwordResets,
    ownClientId: own.clientId,
    clientName: (clientId) => clients.get(clientId)?.name ?? config.theme.productName,
    now,
  });
}

/** What its pages are made of. */
export function resetRoom({ base, cookies, limits, protocol, proving, signIn, reset }: Rooms): ResetDeps {
  const { renderer, config, now } = base;
  const pages = resetPages({
    ...signIn,
    ...proving,
    ...reset,
    passwordMin: config.password.minimumLength,
    administrators: false,
    now,
  });
  return { ...cookies, ...limits, ...pages, renderer, clients: protocol.clients, find: reset.find, now };
}

/** The pages that its links lead to. */
export function resetLinkPages({ reset }: Pick<Rooms, 'reset'>) {
  return { reset: [resetLinkPage('reset', reset)], invite: [resetLinkPage('invite', reset)] };
}
