import { z } from 'zod';
import { next } from '../../sign-in/next.ts';
import { freshAs, type Screen, type Shown } from '../forms/contract.ts';
import { mailboxScreen, shownMailCode } from '../sign-in/confirm-mail.ts';
import { enrolScreens, shownEnrolment } from '../sign-in/enrol.ts';
import { codesScreen } from '../sign-in/recovery-codes.ts';
import {
  type Adding,
  type AddingDeps,
  type AddingForm,
  addingForms,
  addingPath,
  beginning,
  provedAgain,
  type Running,
  runningStep,
} from './add-forms.ts';
import { type AccountPage, type AccountVisit, back, postTo, type Section } from './page.ts';

const addable = z.object({ addable: z.array(z.string()) });

/** What may be set up beside the ways that are there. */
export function addingSection(deps: Pick<AddingDeps, 'factors' | 'beginAdding'>): Section<typeof addable> {
  const kinds = deps.factors.filter(({ enrolment }) => enrolment).map(({ kind }) => kind);
  return {
    facts: addable,
    // Each form belongs to the page of its kind: whoever has to prove more first is led back there.
    forms: [],
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
  const { kind, factors, enrolment } = adding;
  const begin = beginning(adding, kind);
  const forms = addingForms(adding);
  const screen: Screen = { view: 'account/add-way', stage: `add-${kind}`, facts: z.object({ kind: z.string() }) };
  return {
    path: addingPath(kind),
    // Nothing shows but what a fresh proof began in this very session; what signs in, only while it is one.
    guard: freshAs(async (visit: AccountVisit) => {
      const step = await runningStep(adding, visit);
      const stage = step && next(step);
      const isSecret = stage === 'recovery-codes' || (stage === 'enrol' && enrolment.showsSecret === true); // guard: adding-codes-shown-fresh, adding-key-shown-fresh
      return isSecret ? provedAgain(adding, visit) : undefined;
    }),
    screens: [screen, mailboxScreen, codesScreen, ...enrolScreens(factors)],
    forms: [begin, ...forms],
    async show(visit) {
      const step = await runningStep(adding, visit);
      if (step) return shownStep(adding, forms, { step, visit });
      return { screen, facts: { kind }, actions: [postTo(begin, 'begin'), back] };
    },
  };
}

async function shownStep(adding: Adding, forms: readonly AddingForm[], running: Running): Promise<Shown> {
  const { closed = [], ...shown } = await shownStage(adding, running);
  const open = forms.filter(({ name, stages }) => stages.includes(next(running.step)) && !closed.includes(name));
  return { ...shown, actions: open.map((form) => postTo(form, form.name)) };
}

async function shownStage(adding: Adding, { step, visit }: Running): Promise<Shown> {
  switch (next(step)) {
    case 'confirm-mail':
      return shownMailCode(adding, step);
    case 'recovery-codes': {
      const shown = await adding.recoveryCodes.pending(visit);
      return { screen: codesScreen, facts: { ...shown, email: visit.account.email } };
    }
    default:
      return shownEnrolment(adding, step, []);
  }
}
