import { z } from 'zod';
import type { Account } from '../../../src/accounts/account.ts';
import type { Enrolment, Factor, Flow, Proof, Verdict } from '../../../src/factors/factor.ts';
import { type Additions, addFactor, nameField } from '../../../src/factors/first-factor.ts';
import type { Cipher } from '../../../src/platform/cipher.ts';
import { cardData, challengeData, lettersOf, newCard, randomCells, readCard } from './card.ts';
import { gridCardKind } from './kind.ts';
import type { GridCardSpends } from './spends.ts';

export interface GridCardDeps extends Additions {
  readonly spends: GridCardSpends;
  readonly cipher: Pick<Cipher, 'seal' | 'open'>;
  /** Whether the office that hands cards out has yet to say yes. */
  readonly officeWaits: () => boolean;
  readonly now: () => Date;
}

const { kind, level, amr } = gridCardKind;
const rejected: Verdict = { outcome: 'rejected', reason: 'wrong' };
const raced: Verdict = { outcome: 'rejected', reason: 'raced' };
const challengeMilliseconds = 5 * 60_000;
/** Those that confirm a card that is being set up. */
const confirming = ['A1', 'C3', 'E5'];

const letters = z
  .string('letters_shape')
  .transform((typed) => typed.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase())
  .pipe(z.string().regex(/^[A-Z2-9]{3}$/, 'letters_shape'));
const cells = z.array(z.string());
const answer = z.object({ letters });
const confirmation = z.object({ letters, name: nameField() });

type Letters = z.infer<typeof answer>;

/** A whole kind of its own: nothing below src/ and views/ knows of it. */
export function gridCardFactor({ spends, cipher, officeWaits, now, ...additions }: GridCardDeps): Factor<Letters> {
  const held = (account: Account) => account.factors.filter((factor) => factor.kind === kind);
  const open = (account: Account, factorId: string, data: unknown) =>
    readCard(cipher.open(cardData.parse(data).sealedCard, sealContext(account.id, factorId)));
  return {
    ...gridCardKind,
    answer,
    shows: z.object({ cells: cells.exactOptional(), unsent: z.literal(true).exactOptional() }),
    offers: (account) => held(account).map(({ id, name }) => ({ kind, id, label: name })),
    start: () => ({ data: { cells: randomCells() }, expiresAt: new Date(now().getTime() + challengeMilliseconds) }),
    pending: async () => officeWaits(),
    facts: async (flow) => {
      const running = runningCells(flow, now());
      return running ? { cells: running } : { unsent: true };
    },
    async verify({ flow, account, offer, answer: typed }) {
      const card = held(account).find(({ id }) => id === offer.id);
      const running = runningCells(flow, now());
      if (!card || !running) return rejected;
      if (typed.letters !== lettersOf(open(account, card.id, card.data), running)) return rejected;
      if (!(await spends.spend({ flowId: flow.id, factorId: card.id, cells: running }))) return raced;
      const at = now();
      return (await spends.used({ accountId: account.id, factorId: card.id, now: at }))
        ? accepted(card.id, at)
        : rejected;
    },
    enrolment: enrolment(),
  };

  function enrolment(): Enrolment<z.infer<typeof confirmation>> {
    return {
      answer: confirmation,
      shows: z.object({ card: z.record(z.string(), z.string()), cells }),
      start({ account, factorId, data }) {
        const begun = () => ({ sealedCard: cipher.seal(newCard(), sealContext(account.id, factorId)) });
        return { data: data ?? begun() };
      },
      facts: async (_flow, account, { factorId, data }) => ({ card: open(account, factorId, data), cells: confirming }),
      async confirm({ flow, account, pending, answer: { letters: typed, name } }) {
        const { factorId: id, data } = pending;
        const at = now();
        if (pending.kind !== kind || pending.expiresAt <= at) return rejected;
        if (typed !== lettersOf(open(account, id, data), confirming)) return rejected;
        const factor = { id, kind, name, createdAt: at, lastUsedAt: at, data };
        return (await addFactor(additions, { flow, account }, factor)) ? accepted(id, at) : rejected;
      },
    };
  }
}

function runningCells({ challenge }: Flow, now: Date): readonly string[] | undefined {
  if (challenge?.expiresAt && challenge.expiresAt <= now) return undefined;
  return challengeData.safeParse(challenge?.data).data?.cells;
}

function accepted(factorId: string, at: Date): Verdict {
  const proof: Proof = { kind, factorId, amr, level, at };
  return { outcome: 'accepted', proof };
}

function sealContext(accountId: string, factorId: string): string {
  return `account:${accountId}:grid-card:${factorId}`;
}
