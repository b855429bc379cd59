import { defined } from '../../platform/defined.ts';
import { refused } from '../../sign-in/outcome.ts';
import type { SignIn } from '../../sign-in/sign-in.ts';
import type { StagePage } from './stage-page.ts';

export function consentPage(deps: Pick<SignIn, 'allow'>): StagePage {
  return {
    stages: ['consent'],
    kept: [],
    posts: [
      {
        name: 'consent',
        path: 'consent',
        fields: () => ['decision'],
        async act({ step }, { decision }) {
          if (decision === 'allow') return deps.allow(step); // guard: consent-decision-explicit
          return decision === 'deny' ? { outcome: 'refusal' } : refused('decision', 'missing');
        },
      },
    ],
    show: ({ step, client }) => ({
      view: 'sign-in/consent',
      stage: 'consent',
      ...(step.account ? { account: step.account.email } : {}),
      facts: {
        scopes: step.request.scopes.filter((scope) => scope !== 'openid'),
        host: destination(step.request.redirectUri),
        named: step.account?.username !== undefined,
        ...defined({ policyUri: client.policyUri, tosUri: client.tosUri }),
      },
    }),
  };
}

/** The host, or the scheme of an app (RFC 8252 section 7.1), which has none. */
function destination(redirectUri: string): string {
  const { host, protocol } = new URL(redirectUri);
  return host || protocol.replace(/:$/, '');
}
