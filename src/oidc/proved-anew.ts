import type { Asked } from '../sign-in/request.ts';

/** What an authorization request says about proofs of before: that none counts (prompt=login, which the library makes of max_age=0), or how old one may be. */
export function provedAnew(params: Readonly<Record<string, unknown>>): Pick<Asked, 'anew' | 'maxAgeSeconds'> {
  const prompts = String(params.prompt ?? '').split(' ');
  const { max_age: maxAge } = params;
  return {
    ...(prompts.includes('login') ? { anew: true } : {}), // guard: prompt-login-asks-factor
    ...(maxAge === undefined ? {} : { maxAgeSeconds: Number(maxAge) }), // guard: max-age-asks-factor
  };
}
