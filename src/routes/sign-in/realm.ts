import type { Context } from 'koa';
import type { PageFacts } from '../../factors/factor.ts';
import type { Action } from '../../http/render.ts';
import { defined } from '../../platform/defined.ts';
import { mayPutOff } from '../../sign-in/enrolment/put-off.ts';
import type { SignInStep } from '../../sign-in/outcome.ts';
import { skipsLeft } from '../../sign-in/policy/policy.ts';
import { type Answer, type Form, type Page, post } from '../forms/contract.ts';
import { seeOther } from '../forms/dispatch.ts';
import type { Dressed, Realm } from '../forms/realm.ts';
import { forgotPaths } from './forgot.ts';
import { loadVisit, type Visit, type VisitDeps } from './visit.ts';

interface Deps extends VisitDeps {
  /** Open at every stage: nothing but what was done so far is lost, and what may be put off is judged by its use case. */
  readonly waysOut: readonly Form<Visit>[];
  /** Where a form leads that was judged. */
  readonly goOn: (ctx: Context, visit: Visit, answer: Exclude<Answer, { outcome: 'invalid' }>) => Promise<void>;
}

export const interactionPath = '/interaction/:uid';

/** A sign-in: it goes on in the browser that began it, at the stage that is next and at no other. */
export function signInRealm(deps: Deps): Realm<Visit> {
  return {
    address: (path) => (path === '' ? interactionPath : `${interactionPath}/${path}`),
    pageOf: (ctx) => `/interaction/${uidOf(ctx)}`,

    /** A POST for a stage that has passed (a double click, a way back, a captured request) is not judged: no guess, on to what is next. */
    async admit(ctx, { page, form }) {
      const visit = await loadVisit(deps, ctx, uidOf(ctx));
      const { guard } = form ?? page ?? {};
      const open = guard?.who === 'in-sign-in' && isOpen(guard.stages, visit);
      // Asked before the form is read: which fields it may have is known in its own stages only.
      if (!visit.step.attempt.finishedAt && open) return visit; // guard: passed-stage-not-judged
      seeOther(ctx, visit.base);
      return undefined;
    },

    proved: async () => true,
    formsOf: ({ uid }) => uid,
    addressOf: ({ step }) => step.origin.address,
    goOn: deps.goOn,

    dress(_ctx, visit, { page, shown, errors = shown.errors ?? [] }) {
      const { step } = visit;
      const who = shown.account ?? (isFirst(page) ? undefined : step.attempt.shown);
      return {
        facts: putOffFacts(step),
        values: {},
        actions: actionsOf(deps, visit, { page, shown }),
        client: { name: step.clientName },
        ...defined({ account: who, notice: shown.notice, errors: errors.length > 0 ? errors : undefined }),
      };
    },
  };
}

function isOpen(stages: readonly string[] | undefined, { stage }: Visit): boolean {
  return stages ? stages.includes(stage) : stage !== 'finish';
}

/** Where nobody has said yet who they are. */
function isFirst({ path = '' }: Page<Visit>): boolean {
  return ['sign-in', 'register', ...forgotPaths].includes(path);
}

/** How often "Set up later" is open yet, where that is counted. */
function putOffFacts(step: SignInStep): PageFacts {
  const left = step.account && mayPutOff(step) ? skipsLeft(step.policy, step.account) : undefined;
  return defined({ skipsLeft: left });
}

function actionsOf(
  { waysOut }: Pick<Deps, 'waysOut'>,
  visit: Visit,
  { page, shown: { closed = [], links = [] } }: Pick<Dressed<Visit>, 'page' | 'shown'>,
): readonly Action[] {
  const { step, base } = visit;
  const shut = [
    ...closed,
    ...(isFirst(page) || step.request.confirms ? ['restart'] : []),
    ...(mayPutOff(step) ? [] : ['later']),
  ];
  const posts = [...page.forms, ...waysOut].map((form) => post(form, visit, form.name, `${base}/${form.path}`));
  return [...posts, ...links].filter(({ name }) => !shut.includes(name));
}

export function uidOf(ctx: Context): string {
  return String(ctx.params.uid);
}
