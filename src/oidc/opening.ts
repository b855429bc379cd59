import type { KoaContextWithOIDC } from 'oidc-provider';
import { ownClientId } from '../config/config.ts';
import { hashId } from '../platform/hash.ts';
import type { Attempts } from '../sign-in/attempt.ts';
import { blank } from '../sign-in/blank.ts';
import type { Confirmation } from '../sign-in/request.ts';
import type { Clients } from './clients.ts';
import type { Shield } from './faults.ts';
import { type InteractionSeal, type LibraryInteraction, payloadOf } from './one-attempt.ts';
import { askedBy } from './requested-sign-in.ts';

interface Deps {
  readonly attempts: Attempts;
  readonly clients: Clients;
  readonly shield: Shield;
  readonly seal: InteractionSeal;
  /** SHA-256 of the mark of the browser that begins; made where it has none. */
  readonly browserMark: (ctx: KoaContextWithOIDC) => string;
  /** What the account area asked for with this state, in this browser. */
  readonly confirmation: (ctx: KoaContextWithOIDC, state: string) => Confirmation | undefined;
  readonly now: () => Date;
}

/** Every interaction is made with its attempt, in one row, so that no page has to make one. Answers the address of its first page. */
export function attemptOpener(deps: Deps) {
  return (ctx: KoaContextWithOIDC, interaction: LibraryInteraction): Promise<string> =>
    deps.shield(async () => {
      await endResumed(deps, ctx); // guard: early-resume-ends-attempt
      const clientId = String(interaction.params.client_id);
      const said = clientId === ownClientId ? deps.confirmation(ctx, String(interaction.params.state)) : undefined;
      const confirms = said ? { confirms: said } : {};
      const id = hashId(interaction.uid);
      await deps.attempts.open({
        id,
        interaction: deps.seal.seal(id, await payloadOf(interaction)),
        clientId,
        browserMark: deps.browserMark(ctx),
        expiresAt: new Date(interaction.exp * 1000),
        asked: { ...askedBy(interaction, deps.clients.get(clientId)?.leastLevel ?? '1fa'), ...confirms },
      });
      return `/interaction/${interaction.uid}`;
    });
}

/**
 * Whoever opens the resume address early has dropped that interaction at the library: its attempt is over too. Which one it
 * was is told by the signed cookie, as the library reads it: the address is whatever somebody typed.
 */
async function endResumed({ attempts, now }: Deps, ctx: KoaContextWithOIDC): Promise<void> {
  if (ctx.oidc.route !== 'resume') return;
  const uid = ctx.cookies.get(ctx.oidc.provider.cookieName('resume'), { signed: true }); // guard: resume-own-browser
  const attempt = uid === undefined ? undefined : await attempts.find(hashId(uid), now());
  if (attempt?.purpose !== 'sign-in' || attempt.finishedAt) return;
  await attempts.advance(attempt, { ...blank, finishedAt: now(), refused: true }, now());
}
