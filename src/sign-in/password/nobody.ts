/** Looks like an identifier and is none: what cannot be canonicalised costs the same steps as what is unknown. */
export const nobody = 'nobody@invalid';
