import { meets, ranking } from '../accounts/level.ts';
import type { Level } from '../factors/factor.ts';
import { hashId } from '../platform/hash.ts';
import { withoutIgnorable } from '../platform/plain-text.ts';
import { judgeAcr } from '../sign-in/policy/assurance.ts';
import type { Asked } from '../sign-in/request.ts';
import { requestedScopes } from './grants.ts';
import type { LibraryInteraction } from './one-attempt.ts';
import { requestOf } from './policy.ts';
import { provedAnew } from './proved-anew.ts';

type Params = Readonly<Record<string, unknown>>;
type Requesting = Pick<LibraryInteraction, 'params' | 'prompt' | 'session'>;

/** The authorization request that the library has checked, in sign-in/'s own words. */
export function askedBy({ params, prompt, session }: Requesting, leastOfClient: Level): Asked {
  const prompts = String(params.prompt ?? '').split(' ');
  const hint = params.login_hint;
  return {
    prompt: prompt.name as Asked['prompt'],
    asksConsent: prompts.includes('consent'),
    scopes: requestedScopes(params),
    leastLevel: stronger(leastLevel(params), leastOfClient),
    redirectUri: String(params.redirect_uri),
    ...provedAnew(params),
    ...(session ? { sessionAccountId: session.accountId, sessionId: hashId(session.uid) } : {}),
    ...(typeof hint === 'string' ? { loginHint: withoutIgnorable(hint).trim() } : {}),
  };
}

function stronger(one: Level, other: Level): Level {
  return meets(one, other) ? one : other;
}

function leastLevel(params: Params): Level {
  const requested = requestOf(params);
  // What stands in for a factor is nobody's least level: neither is asked for by name.
  const upward = ranking.filter((level) => level !== 'recovery' && level !== 'remembered');
  return upward.find((level) => judgeAcr(requested, level).met) ?? 'phr';
}
