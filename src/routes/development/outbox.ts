import type Router from '@koa/router';
import type { Outbox } from '../../delivery/senders/outbox.ts';
import type { Renderer } from '../../http/render.ts';
import { defined } from '../../platform/defined.ts';
import { Problem } from '../../platform/problem.ts';
import { draw } from '../forms/draw.ts';
import { outboxScreen } from '../screens.ts';

/** What would have been mailed or texted. Development only: wiring mounts it nowhere else. */
export function outboxRoute(
  router: Router,
  { outbox, renderer, issuer }: { readonly outbox: Outbox; readonly renderer: Renderer; readonly issuer: string },
): void {
  const own = new URL(issuer).host;
  router.get('/outbox', async (ctx) => {
    // A page elsewhere whose name resolves to this machine (DNS rebinding) would read the codes: it comes with its own Host.
    if (ctx.state.originalHost !== own) throw new Problem('misdirected', 421); // guard: outbox-own-host
    const messages = [...outbox.mails, ...outbox.texts]
      .reverse()
      .sort((one, other) => other.sentAt.getTime() - one.sentAt.getTime())
      .map(shown);
    await draw(renderer, ctx, { screen: outboxScreen, facts: { messages }, actions: [] });
  });
}

/** A text has no subject. */
function shown(message: { to: string; subject?: string; text: string; sentAt: Date }) {
  const { to, subject, text, sentAt } = message;
  return { to, ...defined({ subject }), text, sentAt: sentAt.toISOString() };
}
