import { z } from 'zod';
import { hashId } from '../../platform/hash.ts';
import type { Application, Applications } from '../../self-service/applications.ts';
import { type Answer, form, fresh, type Screen, says, signedIn } from '../forms/contract.ts';
import { type AccountPage, type AccountVisit, back, postTo } from './page.ts';

export const applicationsPath = 'applications';

const screen = {
  view: 'account/applications',
  stage: 'applications',
  facts: z.object({
    /** The last used first. */
    applications: z.array(
      z.object({
        id: z.string(),
        clientId: z.string(),
        name: z.string(),
        firstParty: z.boolean(),
        scopes: z.array(z.string()),
        since: z.iso.datetime(),
        lastUsedAt: z.iso.datetime().exactOptional(),
      }),
    ),
    /** The account has a user name to be told. */
    named: z.boolean(),
  }),
} as const satisfies Screen;

/** Who may be told something of this account, or was signed in to, and how that ends. */
export function applicationsPage({ applications }: { readonly applications: Applications }): AccountPage {
  const revoke = form({
    name: 'revoke',
    path: `${applicationsPath}/:id/revoke`,
    guard: fresh('revoke_application'), // guard: revoking-needs-fresh-proof
    input: z.object({}),
    async act(visit: AccountVisit): Promise<Answer> {
      const all = await applications.list(visit.account);
      const named = all.find(({ clientId }) => idOf(clientId) === visit.params.id);
      const revoked = named !== undefined && (await applications.revoke(visit, named.clientId));
      const notice = { code: revoked ? 'application_revoked' : 'application_gone' };
      return { outcome: 'done', notice, to: `/account/${applicationsPath}` };
    },
  });
  return {
    path: applicationsPath,
    guard: signedIn,
    screens: [screen],
    forms: [revoke],
    async show({ account }) {
      const all = await applications.list(account);
      const actions = all.filter(({ revocable }) => revocable).map(({ clientId }) => idOf(clientId));
      return {
        ...says(screen, { applications: all.map(shown), named: account.username !== undefined }),
        actions: [...actions.map((id) => postTo(revoke, `revoke ${id}`, { id })), back],
      };
    },
  };
}

/** As it may stand in an address: a client's own id may hold what an address of ours does not. */
function idOf(clientId: string): string {
  return hashId(clientId);
}

function shown({ clientId, name, firstParty, scopes, since, lastUsedAt }: Application) {
  return {
    id: idOf(clientId),
    ...{ clientId, name, firstParty },
    scopes: [...scopes],
    since: since.toISOString(),
    ...(lastUsedAt ? { lastUsedAt: lastUsedAt.toISOString() } : {}),
  };
}
