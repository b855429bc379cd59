import { askedProofs } from '../http/asked-proof.ts';
import { browserMarks } from '../http/browser-mark.ts';
import { createForgery } from '../http/forgery.ts';
import { keptInput } from '../http/kept-input.ts';
import { knownBrowsers } from '../http/known-browser.ts';
import { returnAddresses } from '../http/return-address.ts';
import { toldOnce } from '../http/told-once.ts';
import type { Base } from './base.ts';

export type Cookies = ReturnType<typeof cookiesOf>;

/** What a browser holds for us, and what tells a form of ours from a foreign one. */
export function cookiesOf({ config: { issuer }, cipher, now }: Base) {
  return {
    forgery: createForgery({ cipher, issuer }),
    browsers: knownBrowsers({ cipher, issuer }),
    marks: browserMarks({ issuer }),
    proofs: askedProofs({ cipher, issuer, now }),
    returns: returnAddresses({ cipher, issuer }),
    told: toldOnce({ cipher, issuer }),
    inputs: keptInput({ cipher, issuer, now }),
  };
}
