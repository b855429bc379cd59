import Provider from 'oidc-provider';
import { hashId } from '../platform/hash.ts';
import type { SignInAttempt } from '../sign-in/attempt.ts';

export type LibraryInteraction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** The port to how the library's half of a sign-in's row is kept. */
export interface InteractionSeal {
  seal(attemptId: string, payload: object): string;
  /** Throws on anything that was not sealed for this very attempt. */
  open(attemptId: string, sealed: string): Record<string, unknown>;
}

interface Model {
  find(uid: string): Promise<object | undefined>;
  instantiate(payload: object): object;
  readonly prototype: { save(seconds: number): Promise<unknown> };
}

const resumedBy = new WeakMap<object, SignInAttempt>();

/** Notes what this request resumes. */
export function resumesWith(ctx: object, attempt: SignInAttempt): void {
  resumedBy.set(ctx, attempt);
}

/**
 * An interaction is one row with its attempt. The library saves it before it asks where its pages are: that first save waits
 * until the row of both is made (opening.ts).
 */
export function keepOneAttempt({ Interaction }: Provider, seal: InteractionSeal): void {
  const model = Interaction as unknown as Model;
  const { save } = model.prototype;
  Object.assign(model.prototype, {
    async save(this: { exp?: number }, seconds: number) {
      if (this.exp !== undefined) return save.call(this, seconds);
      this.exp = Math.floor(Date.now() / 1000) + seconds;
    },
  });
  const { find } = model;
  const known = async (uid: string) => {
    const attempt = Provider.ctx && resumedBy.get(Provider.ctx);
    if (!attempt || attempt.id !== hashId(uid)) return find.call(model, uid);
    return attempt.interaction ? model.instantiate(seal.open(attempt.id, attempt.interaction)) : undefined;
  };
  Object.assign(model, { find: known });
}

/** What the library makes of what it kept. */
export function instantiated({ Interaction }: Provider, payload: object): LibraryInteraction {
  return (Interaction as unknown as Model).instantiate(payload) as LibraryInteraction;
}

/** What the library keeps of it. */
export async function payloadOf(interaction: LibraryInteraction): Promise<object> {
  const model = interaction as unknown as { getValueAndPayload(): Promise<{ readonly payload: object }> };
  return (await model.getValueAndPayload()).payload;
}
