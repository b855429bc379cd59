const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * Exactly one plain address (RFC 5321 section 4.1.2 without quoted local parts and address literals), ASCII: what an
 * address parser could read in two ways (quotes, commas, comments, line breaks, a full-width @) is none.
 */
export function isMailAddress(address: string): boolean {
  const parts = address.split('@');
  const [local = '', domain = ''] = parts;
  if (parts.length !== 2 || address.length > 254 || local.length > 64) return false; // guard: recipient-one-address
  return localPart.test(local) && domain.split('.').every((part) => label.test(part)); // guard: recipient-local-part-plain, recipient-domain-plain
}
