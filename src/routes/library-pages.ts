import type { Context } from 'koa';
import type { Renderer } from '../http/render.ts';
import { type Clients, wayBack } from '../oidc/clients.ts';
import { accountPath } from '../oidc/own-client.ts';
import type { LibraryPages } from '../oidc/pages.ts';
import { hashId } from '../platform/hash.ts';
import type { Attempts } from '../sign-in/attempt.ts';
import { link } from './forms/contract.ts';
import { draw } from './forms/draw.ts';
import { problemScreen, signedOutScreen, signOutScreen } from './screens.ts';

/** The pages that the library shows by itself: its refusals, and signing out. */
export function drawLibraryPages(deps: {
  readonly renderer: Renderer;
  readonly clients: Clients;
  readonly attempts: Attempts;
  readonly now: () => Date;
}): LibraryPages {
  const { renderer, clients, attempts, now } = deps;
  return {
    async problem(ctx, { code, status, reason, clientId, uid }) {
      // In an outage the question would wait for the database once more, only to go unanswered.
      const unasked = uid === undefined || status === 503;
      const known =
        clientId ?? (unasked ? undefined : await attempts.findClient(hashId(uid), now()).catch(() => undefined));
      await problemPage({ renderer, clients }, ctx, {
        code,
        status,
        reference: String(ctx.state.requestId),
        ...(reason ? { reason } : {}),
        ...(known ? { clientId: known } : {}),
      });
    },

    async signOut(ctx, form) {
      const xsrf = /name="xsrf" value="([^"]+)"/.exec(form)?.[1] ?? '';
      const actions = [
        { name: 'sign-out', method: 'POST', href: '/session/end/confirm', fields: ['xsrf', 'logout'] },
      ] as const;
      await draw(renderer, ctx as unknown as Context, {
        screen: signOutScreen,
        facts: { xsrf },
        actions,
      });
    },

    async signedOut(ctx) {
      const client = wayBack(clients.get(ctx.oidc.client?.clientId ?? ''));
      await draw(renderer, ctx as unknown as Context, {
        screen: signedOutScreen,
        facts: {},
        actions: [],
        ...(client ? { client } : {}),
      });
    },
  };
}

export interface ShownProblem {
  readonly code: string;
  readonly status: number;
  readonly reference: string;
  readonly field?: string;
  readonly reason?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly clientId?: string;
}

export async function problemPage(
  { renderer, clients }: { renderer: Renderer; clients: Clients },
  ctx: Context,
  { status, clientId, ...problem }: ShownProblem,
): Promise<void> {
  const client = wayBack(clients.get(clientId ?? ''));
  const { code, reference, field, reason, params } = problem;
  const facts = { code, reference, ...(field ? { field } : {}), ...(reason ? { reason } : {}), ...params };
  await draw(renderer, ctx, {
    screen: problemScreen,
    status,
    facts,
    actions: code === 'link_ended' ? [link('sign-in', accountPath)] : [],
    ...(client ? { client } : {}),
  });
}
