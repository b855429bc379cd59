import { next } from '../../sign-in/next.ts';
import type { Step } from '../../sign-in/outcome.ts';
import { shownMailCode } from '../sign-in/confirm-mail.ts';
import { shownEnrolment } from '../sign-in/enrol.ts';
import type { Shown } from '../sign-in/stage-page.ts';
import {
  type Adding,
  type AddingDeps,
  type AddingForm,
  addingForms,
  addingPath,
  beginning,
  provedAgain,
  runningStep,
} from './add-forms.ts';
import { type AccountPage, type AccountShown, type AccountVisit, back, postTo, type Section } from './page.ts';

/** What may be set up beside the ways that are there. */
export function addingSection(deps: Pick<AddingDeps, 'factors' | 'beginAdding'>): Section {
  const kinds = deps.factors.filter(({ enrolment }) => enrolment).map(({ kind }) => kind);
  return {
    // Each form belongs to the page of its kind: whoever has to prove more first is led back there.
    posts: [],
    show: () => ({
      facts: { addable: kinds },
      actions: kinds.map((kind) => postTo(beginning(deps, kind), `add ${kind}`)),
    }),
  };
}

/** A page for each kind, of whatever its change waits for. What it shows and judges is the sign-in's own. */
export function addingPages(deps: AddingDeps): readonly AccountPage[] {
  return deps.factors.flatMap(({ kind, enrolment }) => (enrolment ? [addingPage({ ...deps, kind, enrolment })] : []));
}

function addingPage(adding: Adding): AccountPage {
  const { kind, enrolment } = adding;
  const begin = beginning(adding, kind);
  const forms = addingForms(adding);
  return {
    path: addingPath(kind),
    // Nothing shows but what a fresh proof began in this very session; codes that sign in, only while it is one.
    async proof(visit) {
      const step = await runningStep(adding, visit);
      return step && next(step) === 'recovery-codes' ? provedAgain(adding, visit) : 'session'; // guard: adding-codes-shown-fresh
    },
    kept: [...enrolment.kept, enrolment.destination?.field ?? []].flat(),
    posts: [begin, ...forms],
    async show(visit) {
      const step = await runningStep(adding, visit);
      if (step) return shownStep(adding, forms, { step, visit });
      return {
        view: 'account/add-way',
        stage: `add-${kind}`,
        facts: { kind },
        actions: [postTo(begin, 'begin'), back],
      };
    },
  };
}

interface Running {
  readonly step: Step;
  readonly visit: AccountVisit;
}

async function shownStep(adding: Adding, forms: readonly AddingForm[], running: Running): Promise<AccountShown> {
  const { closed = [], view, stage, facts, notice, errors = [] } = await shownStage(adding, running);
  const open = forms.filter(({ name, stages }) => stages.includes(next(running.step)) && !closed.includes(name));
  return {
    view,
    stage,
    facts,
    actions: open.map((form) => postTo(form, form.name)),
    ...(notice ? { notice } : {}),
    ...(errors.length > 0 ? { errors } : {}),
  };
}

async function shownStage(adding: Adding, { step, visit }: Running): Promise<Shown> {
  switch (next(step)) {
    case 'confirm-mail':
      return shownMailCode(adding, step);
    case 'recovery-codes': {
      const shown = await adding.codes.pending(visit);
      return {
        view: 'factors/recovery-codes',
        stage: 'recovery-codes',
        facts: { ...shown, email: visit.account.email },
      };
    }
    default:
      return shownEnrolment(adding, step, []);
  }
}
