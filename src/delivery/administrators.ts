import type { Origin } from '../platform/origin.ts';
import type { Letters, Places } from './couriers.ts';
import type { Mailer } from './mailer.ts';

/** Who asks for help. Nothing of it was typed for this mail: the address is canonical and confirmed, the name is the account's. */
export interface HelpAsked {
  readonly address: string;
  readonly username?: string;
  readonly at: Date;
  readonly origin: Origin;
}

/** The port to those who help whoever lost a way. */
export interface Administrators {
  /** One mail to each. One that cannot be handed over is reported: whoever asks is told the same. */
  write(asked: HelpAsked): Promise<void>;
}

export function mailedAdministrators(deps: {
  readonly addresses: readonly string[];
  readonly mailer: Mailer;
  readonly letters: Letters;
  readonly places: Places;
  readonly report: (cause: unknown) => void;
}): Administrators {
  return {
    async write({ address, username, at, origin }) {
      const place = await deps.places.of(origin.address); // guard: help-mail-rough-place
      const facts = { account: address, username, when: at.toISOString(), place };
      await Promise.all(
        deps.addresses.map(async (to) => {
          try {
            await deps.mailer.send({ to, ...(await deps.letters.mail('help-asked', facts)) });
          } catch (cause) {
            deps.report(cause); // guard: help-mail-failure-untold
          }
        }),
      );
    },
  };
}
