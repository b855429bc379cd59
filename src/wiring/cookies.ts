import { browserMarks } from '../http/cookies/browser-mark.ts';
import { confirmationWords } from '../http/cookies/confirmation-words.ts';
import { deviceCookies } from '../http/cookies/device-cookies.ts';
import { flashes } from '../http/cookies/flash.ts';
import { knownBrowsers } from '../http/cookies/known-browser.ts';
import { openedLinks } from '../http/cookies/opened-link.ts';
import { returnAddresses } from '../http/cookies/return-address.ts';
import { savedInput } from '../http/cookies/saved-input.ts';
import { createForgery } from '../http/forgery.ts';
import type { Base } from './base.ts';

export type Cookies = ReturnType<typeof cookiesOf>;

/** What a browser holds for us, and what tells a form of ours from a foreign one. */
export function cookiesOf({ config: { issuer }, cipher, now }: Base) {
  return {
    forgery: createForgery({ cipher, issuer }),
    browsers: knownBrowsers({ cipher, issuer }),
    devicesOf: deviceCookies({ cipher, issuer }),
    marks: browserMarks({ issuer }),
    confirmations: confirmationWords({ cipher, issuer, now }),
    returns: returnAddresses({ cipher, issuer }),
    openedLinks: openedLinks({ cipher, issuer, now }),
    flash: flashes({ cipher, issuer }),
    savedInputs: savedInput({ cipher, issuer, now }),
  };
}
