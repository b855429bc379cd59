/** A setting by its path, as the layers gave it. */
export type Look = (path: string) => unknown;

/** What one setting alone cannot tell: broken, it is a fault of `path`. */
export interface Guard {
  readonly path: string;
  readonly environments: readonly string[];
  readonly broken: (look: Look) => boolean;
  readonly sentence: string;
}

export const anywhere: readonly string[] = ['development', 'production', 'test'];
