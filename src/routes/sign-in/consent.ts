import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import { choice } from '../../platform/fields.ts';
import { invalid } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import { form, inSignIn, type Page, type Screen, says } from '../forms/contract.ts';
import type { Visit } from './visit.ts';

const screen = {
  view: 'sign-in/consent',
  stage: 'consent',
  facts: z.object({
    scopes: z.array(z.string()),
    /** Where the client wants the person back. */
    host: z.string(),
    /** The account has a username, which the scope 'profile' tells. */
    named: z.boolean(),
    policyUri: z.string().exactOptional(),
    tosUri: z.string().exactOptional(),
  }),
} as const satisfies Screen;
const guard = inSignIn('consent');

export function consentPage(deps: Pick<SignIn, 'allow'>): Page<Visit> {
  return {
    guard,
    screens: [screen],
    forms: [
      form({
        name: 'consent',
        path: 'consent',
        guard,
        input: z.object({ decision: choice() }),
        async act({ step }: Visit, { decision }) {
          if (decision === 'allow') return deps.allow(step); // guard: consent-decision-explicit
          return decision === 'deny' ? { outcome: 'cancelled' } : invalid('decision', 'missing');
        },
      }),
    ],
    show: ({ step, client: { policyUri, tosUri } }) => ({
      ...says(screen, {
        scopes: step.request.scopes.filter((scope) => scope !== 'openid'),
        host: destination(step.request.redirectUri),
        named: step.account?.username !== undefined,
        ...defined({ policyUri, tosUri }),
      }),
      ...defined({ account: step.account?.email }),
    }),
  };
}

/** The host, or the scheme of an app (RFC 8252 section 7.1), which has none. */
function destination(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return host || protocol.replace(/:$/, '');
}
