import { z } from 'zod';
import { browserName } from '../../http/browser-name.ts';
import { defined } from '../../platform/defined.ts';
import type { OwnHistory, Told } from '../../self-service/history.ts';
import { eventKinds } from '../../self-service/told-kinds.ts';
import { type Screen, says, signedIn } from '../forms/contract.ts';
import { type AccountPage, type AccountVisit, back, linkTo } from './page.ts';

export const historyPath = 'history';

const screen = {
  view: 'account/history',
  stage: 'history',
  facts: z.object({
    /** The newest first. */
    events: z.array(
      z.object({
        at: z.iso.datetime(),
        kind: z.enum(eventKinds),
        result: z.enum(['success', 'failure']),
        detail: z.string().exactOptional(),
        app: z.string().exactOptional(),
        browser: z.string().exactOptional(),
        system: z.string().exactOptional(),
        place: z.string().exactOptional(),
        byOther: z.boolean(),
      }),
    ),
  }),
} as const satisfies Screen;

/** What happened in the last 90 days, in plain words, a page after another. */
export function historyPage({ history }: { readonly history: OwnHistory }): AccountPage {
  return {
    path: historyPath,
    guard: signedIn,
    screens: [screen],
    forms: [],
    async show(visit) {
      const { told, older } = await history.list(visit.account, beforeOf(visit));
      return {
        ...says(screen, { events: told.map(shown) }),
        actions: [
          ...(older ? [{ ...linkTo(historyPath, 'older'), href: `/account/history?before=${older.getTime()}` }] : []),
          ...(beforeOf(visit) ? [linkTo(historyPath, 'newest')] : []),
          back,
        ],
      };
    },
  };
}

/** What is no time of ours begins at the newest. */
function beforeOf({ query = {} }: AccountVisit): Date | undefined {
  return /^\d{1,15}$/.test(query.before ?? '') ? new Date(Number(query.before)) : undefined; // guard: history-plain-time
}

function shown({ at, kind, result, detail, app, browser, place, byOther }: Told) {
  return { at: at.toISOString(), kind, result, byOther, ...browserName(browser), ...defined({ detail, app, place }) };
}
