import type { Config, Keys } from '../config/config.ts';
import type { Mailer } from '../delivery/mailer.ts';
import { createRenderer } from '../http/render.ts';
import { createTheme } from '../http/theme.ts';
import { createCipher } from '../platform/cipher.ts';
import type { Log } from '../platform/log.ts';
import type { Database } from '../storage/connection.ts';
import { type FurtherFactor, kindsWith } from './further-factors.ts';

/** All that a server is made of from outside. */
export interface Surroundings {
  readonly config: Config;
  readonly keys: Keys;
  readonly database: Database;
  readonly log: Log;
  readonly now: () => Date;
  /** Replaces the configured courier. */
  readonly mailer?: Mailer;
  /** Kinds of factors beside those that are declared in factors/kinds.ts. */
  readonly further?: readonly FurtherFactor[];
}

export type Base = ReturnType<typeof baseOf>;

/** What every room stands on. */
export function baseOf(given: Surroundings) {
  const { config, keys, log, further = [] } = given;
  const theme = createTheme(config.theme);
  const { accent } = config.theme;
  if (theme.movedAccent) log.warn({ accent, used: theme.movedAccent }, 'theme.accent is hard to read: moved');
  return {
    ...given,
    further,
    kinds: kindsWith(further),
    cipher: createCipher(keys.cipher),
    theme,
    renderer: createRenderer({ theme, cache: true, further }),
  };
}
