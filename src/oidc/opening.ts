import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import { hashId } from '../platform/hash.ts';
import type { Attempts } from '../sign-in/attempt.ts';
import { askedBy } from './asked.ts';
import type { Shield } from './faults.ts';

type LibraryInteraction = Awaited<ReturnType<Provider['interactionDetails']>>;

interface Deps {
  readonly attempts: Attempts;
  readonly shield: Shield;
  readonly now: () => Date;
}

/** Every interaction has its attempt from the first moment, so that no page has to make one. Answers the address of its first page. */
export function attemptOpener(deps: Deps) {
  return (ctx: KoaContextWithOIDC, interaction: LibraryInteraction): Promise<string> =>
    deps.shield(async () => {
      await endResumed(deps, ctx.path);
      await deps.attempts.open({
        id: hashId(interaction.uid),
        clientId: String(interaction.params.client_id),
        expiresAt: new Date(interaction.exp * 1000),
        asked: askedBy(interaction),
      });
      return `/interaction/${interaction.uid}`;
    });
}

/** Whoever opens the resume address early has dropped that interaction at the library: its attempt is over too, and proves nothing more. */
async function endResumed({ attempts, now }: Deps, path: string): Promise<void> {
  const uid = /^\/auth\/([\w-]+)$/.exec(path)?.[1];
  const attempt = uid === undefined ? undefined : await attempts.find(hashId(uid), now());
  if (!attempt || attempt.finishedAt) return;
  await attempts.advance(attempt, { finishedAt: now(), refused: true, proofs: [] }, now());
}
