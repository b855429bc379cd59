import { z } from 'zod';
import type { Deny } from '../../self-service/deny.ts';
import { byLink, done, form, link, type Page, type Screen, says } from '../forms/contract.ts';
import { type LinkVisit, linkEnded } from './realm.ts';

const ask = { view: 'link/not-me', stage: 'not-me', facts: z.object({}) } as const satisfies Screen;
const after = { view: 'link/not-me-done', stage: 'not-me-done', facts: z.object({}) } as const satisfies Screen;

/** Where "This was not me" in a notice leads: what the button ends, and what is to be done then. */
export function notMePage({
  deny,
  newPassword,
}: {
  readonly deny: Deny;
  readonly newPassword: string;
}): Page<LinkVisit> {
  const secure = form({
    name: 'secure',
    path: 'secure',
    guard: byLink,
    input: z.object({}),
    async act({ shown, link: denied, origin }: LinkVisit) {
      if (!(await deny(shown, denied, origin))) throw linkEnded();
      return done();
    },
  });
  return {
    path: '',
    guard: byLink,
    screens: [ask, after],
    forms: [secure],
    show: ({ link: { taken } }) =>
      taken ? { ...says(after, {}), closed: [secure.name], links: [link('new-password', newPassword)] } : says(ask, {}),
  };
}
