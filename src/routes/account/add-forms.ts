import type { Enrolment, Factor, Proof } from '../../factors/factor.ts';
import type { AccountChanges } from '../../sign-in/account-change.ts';
import type { addingWay } from '../../sign-in/add-way.ts';
import type { Attempt } from '../../sign-in/attempt.ts';
import { next, type Stage } from '../../sign-in/next.ts';
import { type ChangeStep, type Outcome, type Step, stepAt } from '../../sign-in/outcome.ts';
import type { CodeRenewal } from '../../sign-in/renew-codes.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { type LimitDeps, withinLimit } from '../address-limit.ts';
import { type AccountOutcome, type AccountPost, type AccountVisit, type AskedProof, done, type Input } from './page.ts';
import { savingCodes } from './recovery.ts';

export interface AddingDeps extends LimitDeps {
  readonly factors: readonly Factor[];
  readonly changes: AccountChanges;
  readonly beginAdding: ReturnType<typeof addingWay>;
  readonly codes: CodeRenewal;
  readonly codeDigits: number;
  /** The sign-in's own: nothing of a code, a budget or a pending secret is judged here. */
  readonly useCases: Pick<
    SignIn,
    'confirmMail' | 'confirmEnrolment' | 'giveDestination' | 'renewEnrolment' | 'sendAnother'
  >;
}

export interface Adding extends AddingDeps {
  readonly kind: string;
  readonly enrolment: Enrolment;
}

export const addingPath = (kind: string) => `ways/new/${kind}`;

/** A form of a change, and the stage in which it is open. */
export interface AddingForm extends AccountPost {
  readonly stages: readonly Stage[];
}

/** What leads to a change: its page, where it goes on. */
export function beginning({ beginAdding }: Pick<AddingDeps, 'beginAdding'>, kind: string): AccountPost {
  return {
    name: 'begin',
    path: `${addingPath(kind)}/begin`,
    proof: { change: 'add_way' }, // guard: adding-needs-fresh-proof
    fields: [],
    async act(visit) {
      const outcome = await beginAdding(visit, kind);
      return outcome.outcome === 'refused' ? outcome : { outcome: 'done', to: `/account/${addingPath(kind)}` };
    },
  };
}

export function addingForms(adding: Adding): readonly AddingForm[] {
  const { enrolment, useCases, codes, changes } = adding;
  const typed = [enrolment.destination?.field ?? []].flat();
  const proof = (visit: AccountVisit) => provedAgain(adding, visit);
  const form = (name: string, stages: readonly Stage[], given: Given): AddingForm => ({
    name,
    stages,
    path: `${addingPath(adding.kind)}/${name}`,
    fields: given.fields ?? [],
    proof: given.harmless ? 'session' : proof, // guard: adding-asks-proof-again
    act: (visit, input) => during(adding, { ...given, stages }, { visit, input }),
  });
  const all: readonly AddingForm[] = [
    form('confirm', ['confirm-mail'], { harmless: true, fields: ['code'], limited: true, act: useCases.confirmMail }),
    form('enrol', ['enrol'], {
      fields: Object.keys(enrolment.answer.shape),
      limited: true,
      act: useCases.confirmEnrolment,
    }),
    ...(typed.length > 0 ? [form('destination', ['enrol'], { fields: typed, act: useCases.giveDestination })] : []),
    form('renew', ['enrol'], { harmless: true, act: useCases.renewEnrolment }),
    form('send', ['confirm-mail', 'enrol'], { act: useCases.sendAnother }),
  ];
  const path = addingPath(adding.kind);
  const saving = savingCodes(codes, `/account/${path}`);
  return [
    ...all,
    {
      name: 'save',
      stages: ['recovery-codes'],
      path: `${path}/save`,
      proof, // guard: first-codes-while-fresh
      fields: saving.fields,
      async act(visit, input) {
        const step = await changes.find(visit);
        // Codes that were begun otherwise need a proof of their own; where none wait any more it only tells what became of them.
        if (step && kindOf(step.attempt) !== adding.kind) return done('way_ended'); // guard: adding-saves-own-codes
        return saving.act(visit, input);
      },
    },
    {
      name: 'cancel',
      stages: ['confirm-mail', 'enrol', 'recovery-codes'],
      path: `${path}/cancel`,
      proof: 'session',
      fields: [],
      async act(visit) {
        await changes.cancel(visit);
        return done();
      },
    },
  ];
}

interface Given {
  /** Neither writes to the account nor sends: it goes on with what was begun. */
  readonly harmless?: true;
  readonly fields?: readonly string[];
  /** Its client's address is charged for failures, as at the sign-in's own form. */
  readonly limited?: true;
  act(step: Step, input: Input): Promise<Outcome>;
}

/** As in a sign-in: a form of a stage that has passed is not judged, and leads to what is next. */
async function during(
  adding: Adding,
  { stages, limited, act }: Given & Pick<AddingForm, 'stages'>,
  { visit, input }: { readonly visit: AccountVisit; readonly input: Input },
): Promise<AccountOutcome> {
  const step = await runningStep(adding, visit);
  if (!step) return done('way_ended');
  const to = { outcome: 'done', to: `/account/${addingPath(adding.kind)}` } as const;
  if (!stages.includes(next(step))) return to; // guard: change-form-own-stage
  const post = limited ? ({ limit: 'factor' } as const) : {}; // guard: change-codes-charged
  const outcome = await withinLimit(adding, { post, visit: { step } }, () => act(step, input));
  switch (outcome.outcome) {
    case 'refused':
    case 'too-many':
      return outcome;
    case 'refusal':
      return done();
    case 'moved': {
      const { reached } = outcome;
      if (reached) return next(stepAt(step, reached)) === 'over' ? done('way_added') : to;
      return (await runningStep(adding, visit)) ? to : done('way_ended');
    }
  }
}

/**
 * A change lives longer than the proof that began it: what writes to the account, sends, or shows codes asks again once that
 * is too old (ASVS 7.5.1). Asked in whatever stage it is, which another request may be moving on at this moment.
 */
export async function provedAgain(adding: Adding, visit: AccountVisit): Promise<AskedProof> {
  const step = await runningStep(adding, visit);
  return step ? { change: 'add_way', beside: boundIn(adding, step) } : 'session';
}

/** The factor that the change has bound was proved when it was: nobody is asked for it again at once. */
function boundIn({ factors }: Adding, { attempt, account }: Step): readonly Proof[] {
  const ids = attempt.proofs.map(({ factorId }) => factorId);
  return (account?.factors ?? []).flatMap(({ id: factorId, kind, createdAt: at }) => {
    const level = factors.find((factor) => factor.kind === kind)?.level;
    return ids.includes(factorId) && level !== undefined ? [{ kind, factorId, amr: [], level, at }] : [];
  });
}

/** This session's change, if it is one of this kind. */
export async function runningStep(
  { changes, kind }: Pick<Adding, 'changes' | 'kind'>,
  visit: AccountVisit,
): Promise<ChangeStep | undefined> {
  const step = await changes.find(visit);
  return step && kindOf(step.attempt) === kind ? step : undefined;
}

/** Recovery codes that were begun otherwise are shown elsewhere, for a proof of their own: here a new factor has just been proved. */
function kindOf({ enrolment, proofs }: Attempt): string | undefined {
  return enrolment?.kind ?? proofs.findLast(({ factorId }) => factorId !== undefined)?.kind; // guard: other-codes-own-proof
}
