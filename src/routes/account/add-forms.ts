import { z } from 'zod';
import type { Enrolment, Factor } from '../../factors/factor.ts';
import { namesOf } from '../../platform/fields.ts';
import type { AccountChanges } from '../../self-service/account-change.ts';
import type { addingFactor } from '../../self-service/add-factor.ts';
import type { RecoveryCodeRenewal } from '../../self-service/renew-recovery-codes.ts';
import type { Attempt } from '../../sign-in/attempt.ts';
import { next, type Stage } from '../../sign-in/next.ts';
import { type ChangeStep, type Outcome, type Step, stepAt } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { type Answer, done, type FreshProof, form, fresh, freshAs, type Input, signedIn } from '../forms/contract.ts';
import { mailedCode } from '../sign-in/confirm-mail.ts';
import { destinationInput } from '../sign-in/enrol.ts';
import { savedCodes } from '../sign-in/recovery-codes.ts';
import type { AccountForm, AccountVisit } from './page.ts';
import { savingCodes } from './recovery.ts';

export interface AddingDeps {
  readonly factors: readonly Factor[];
  readonly changes: AccountChanges;
  readonly beginAdding: ReturnType<typeof addingFactor>;
  readonly recoveryCodes: RecoveryCodeRenewal;
  readonly codeDigits: number;
  /** The sign-in's own: nothing of a code, a budget or a pending secret is judged here. */
  readonly useCases: Pick<
    SignIn,
    'confirmMail' | 'confirmEnrolment' | 'giveDestination' | 'renewEnrolment' | 'sendAnother'
  >;
  readonly now: () => Date;
}

export interface Adding extends AddingDeps {
  readonly kind: string;
  readonly enrolment: Enrolment;
}

export const addingPath = (kind: string) => `ways/new/${kind}`;

/** A form of a change, and the stage in which it is open. */
export interface AddingForm extends AccountForm {
  readonly stages: readonly Stage[];
}

const nothing = z.object({});

/** What leads to a change: its page, where it goes on. */
export function beginning({ beginAdding }: Pick<AddingDeps, 'beginAdding'>, kind: string): AccountForm {
  return form({
    name: 'begin',
    path: `${addingPath(kind)}/begin`,
    guard: fresh('add_way'), // guard: adding-needs-fresh-proof
    input: nothing,
    async act(visit: AccountVisit): Promise<Answer> {
      const outcome = await beginAdding(visit, kind);
      return outcome.outcome === 'invalid' ? outcome : { outcome: 'done', to: `/account/${addingPath(kind)}` };
    },
  });
}

interface Given {
  readonly input: z.ZodObject;
  /** Neither writes to the account nor sends: it goes on with what was begun. */
  readonly harmless?: true;
  /** Its client's address is charged for failures, as at the sign-in's own form. */
  readonly limited?: true;
  act(step: Step, input: Input): Promise<Outcome>;
}

export function addingForms(adding: Adding): readonly AddingForm[] {
  const { enrolment, useCases } = adding;
  const destination = destinationInput(enrolment);
  const ofStage = (name: string, stages: readonly Stage[], given: Given) =>
    stageForm(adding, { name, stages, ...given });
  return [
    ofStage('confirm', ['confirm-mail'], {
      input: mailedCode,
      harmless: true,
      limited: true,
      act: useCases.confirmMail,
    }),
    ofStage('enrol', ['enrol'], { input: enrolment.answer, limited: true, act: useCases.confirmEnrolment }),
    ...(namesOf(destination).length > 0
      ? [ofStage('destination', ['enrol'], { input: destination, act: useCases.giveDestination })]
      : []),
    ofStage('renew', ['enrol'], { input: nothing, harmless: true, act: useCases.renewEnrolment }),
    ofStage('send', ['confirm-mail', 'enrol'], { input: nothing, act: useCases.sendAnother }),
    savingForm(adding),
    cancelForm(adding),
  ];
}

/** As in a sign-in: a form of a stage that has passed is not judged, and leads to what is next. */
function stageForm(
  adding: Adding,
  { name, stages, input, harmless, limited, act }: Given & { readonly name: string; readonly stages: readonly Stage[] },
): AddingForm {
  const to = { outcome: 'done', to: `/account/${addingPath(adding.kind)}` } as const;
  return {
    name,
    path: `${addingPath(adding.kind)}/${name}`,
    guard: harmless ? signedIn : freshAs((visit) => provedAgain(adding, visit)), // guard: adding-asks-proof-again
    ...(limited ? { limit: 'factor' } : {}), // guard: change-codes-charged
    inputs: [input],
    inputOf: () => input,
    async enter(visit) {
      const step = await runningStep(adding, visit);
      if (!step) return done('way_ended');
      if (!stages.includes(next(step))) return to; // guard: change-form-own-stage
      return async (typed) => ledTo(adding, { visit, step }, await act(step, typed));
    },
    stages,
  };
}

/** On to the change's page, or, where nothing is left to do in it, to the area's first. */
async function ledTo(adding: Adding, { visit, step }: Running, outcome: Outcome): Promise<Answer> {
  if (outcome.outcome === 'invalid') return outcome;
  const { reached, failed } = outcome;
  const to = { outcome: 'done', to: `/account/${addingPath(adding.kind)}`, ...(failed ? { failed } : {}) } as const;
  if (reached) return next(stepAt(step, reached)) === 'over' ? done('way_added') : to;
  return (await runningStep(adding, visit)) ? to : { ...done('way_ended'), ...(failed ? { failed } : {}) };
}

function savingForm(adding: Adding): AddingForm {
  const path = addingPath(adding.kind);
  const save = savingCodes(adding.recoveryCodes, `/account/${path}`);
  return {
    ...form({
      name: 'save',
      path: `${path}/save`,
      guard: freshAs((visit: AccountVisit) => provedAgain(adding, visit)), // guard: first-codes-while-fresh
      input: savedCodes,
      async act(visit: AccountVisit, input) {
        const step = await adding.changes.find(visit);
        // Codes that were begun otherwise need a proof of their own; where none wait any more it only tells what became of them.
        if (step && kindOf(step.attempt) !== adding.kind) return done('way_ended'); // guard: adding-saves-own-codes
        return save(visit, input);
      },
    }),
    stages: ['recovery-codes'],
  };
}

function cancelForm({ kind, changes }: Adding): AddingForm {
  return {
    ...form({
      name: 'cancel',
      path: `${addingPath(kind)}/cancel`,
      guard: signedIn,
      input: nothing,
      async act(visit: AccountVisit) {
        await changes.cancel(visit);
        return done();
      },
    }),
    stages: ['confirm-mail', 'enrol', 'recovery-codes'],
  };
}

/** A change of this kind that goes on, and who makes it. */
export interface Running {
  readonly step: ChangeStep;
  readonly visit: AccountVisit;
}

/**
 * A change lives longer than the proof that began it: what writes to the account, sends, or shows codes asks again once that
 * is too old (ASVS 7.5.1). Asked in whatever stage it is, which another request may be moving on at this moment.
 */
export async function provedAgain(adding: Adding, visit: AccountVisit): Promise<FreshProof | undefined> {
  const step = await runningStep(adding, visit);
  return step && { change: 'add_way', beside: boundIn(adding, step) };
}

/** The factor that the change has bound was proved when it was: nobody is asked for it again at once. */
function boundIn({ factors }: Adding, { attempt, account }: Step): NonNullable<FreshProof['beside']> {
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
